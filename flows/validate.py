"""Flow ``validate``: check all documents of a folder and publish what was found."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.parameters import ValidateParameters
from flows.run import opened_workspace
from flows.tasks import MAX_BATCHES, batch_task, opaque, outcomes, thread_runner
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.jobs.plan import split
from ozgflow.jobs.validation import FileReport, check_files, count_verdicts, find_documents
from ozgflow.jobs.workspace import Workspace
from ozgflow.settings import LOCAL_TIME, load_settings

MAX_ROWS = 5_000


def _run_name() -> str:
    parameters = ValidateParameters.model_validate(flow_run.parameters["parameters"])
    return f"validate · {parameters.folder.name}"


@batch_task("Nachrichten prüfen")
def check_batch(workspace: Workspace, files: Sequence[Path], _number: int) -> list[FileReport]:
    """Check the files of a batch; results are kept by hash."""
    now = datetime.now(LOCAL_TIME)
    return list(check_files(workspace.validator, files, database=workspace.database, now=now))


@flow(
    name="validate",
    flow_run_name=_run_name,
    task_runner=thread_runner(),
    persist_result=False,
)
def validate(parameters: ValidateParameters) -> State[None]:
    """XML-Nachrichten eines Ordners prüfen und die Befunde als Tabelle veröffentlichen."""
    words = Wording.load(load_settings().language)
    with opened_workspace() as workspace:
        shared = opaque(workspace)
        batches = split(find_documents([parameters.folder]), MAX_BATCHES)
        futures = [check_batch.submit(shared, opaque(files), n) for n, files in enumerate(batches, 1)]
        results, lost = outcomes(futures)
        reports = [entry for batch in results for entry in batch]
        publish_reports(parameters.folder, reports, words)
        counts = {verdict.value: n for verdict, n in count_verdicts(entry.report for entry in reports).items()}
        sentence = words.text("flow.validate", total=len(reports), **counts)
        if lost:
            return Failed(message=words.text("flow.troubled", count=len(lost), sentence=sentence))
        return Completed(message=sentence)


def publish_reports(folder: Path, reports: Sequence[FileReport], words: Wording) -> None:
    """One row per document, those that are not valid first."""
    order = [Verdict.INVALID, Verdict.UNCHECKED, Verdict.VALID]
    rows = [
        {
            words.text("label.file"): str(entry.path.relative_to(folder) if folder.is_dir() else entry.path.name),
            words.text("label.verdict"): words.text(f"verdict.{entry.report.verdict}"),
            words.text("label.findings"): len(entry.report.findings),
            words.text("label.first-finding"): _first(entry, words),
        }
        for entry in sorted(reports, key=lambda entry: (order.index(entry.report.verdict), entry.path))
    ]
    description = words.text("artifact.validation", total=len(reports), folder=folder.name)
    create_table_artifact(key="validation", table=rows[:MAX_ROWS], description=description)


def _first(entry: FileReport, words: Wording) -> str:
    if not entry.report.findings:
        return ""
    finding = entry.report.findings[0]
    return words.text("note.finding", line=finding.line, finding=finding.message)
