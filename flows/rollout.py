"""Flow ``rollout``: check documents, judge gates and move every rollout as far as its evidence carries it."""

from collections.abc import Sequence

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.parameters import RolloutParameters
from flows.publish import closing_sentence, failures_of, publish_board, publish_summary
from flows.run import Run, in_batches, opened_run
from flows.tasks import batch_task, opaque, outcomes, thread_runner
from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.evidence import Evidence
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.jobs import rollout as jobs
from ozgflow.jobs.documents import DocumentSummary, check_documents
from ozgflow.jobs.opening import Opened, start
from ozgflow.jobs.plan import choose_services
from ozgflow.settings import load_settings

BY = "Prefect rollout"


def _run_name() -> str:
    """For example ``rollout · Aufenthaltserlaubnis Erteilung … · efa-nachnutzung``."""
    parameters = RolloutParameters.model_validate(flow_run.parameters.get("parameters", {}))
    catalogue = load_catalogue(load_settings().catalogue)
    services = choose_services(catalogue, load_programme(parameters.programme), parameters.services)
    first, more = services[0].title, len(services) - 1
    return f"rollout · {first}{f' +{more}' if more else ''} · {parameters.programme}"


@batch_task("Eröffnen")
def open_batch(run: Run, keys: Sequence[RolloutKey], _number: int) -> Opened:
    """Open the rollouts of a batch."""
    if run.parameters.dry_run:
        return Opened()
    return start(run.workspace, run.plan.programme, keys, today=run.today, now=run.now)


@batch_task("Nachrichten prüfen")
def check_batch(run: Run, keys: Sequence[RolloutKey], _number: int) -> DocumentSummary:
    """Check the documents of a batch and record what they prove."""
    folder, dry_run = run.parameters.documents, run.parameters.dry_run
    if folder is None:
        return DocumentSummary()
    return check_documents(run.workspace, folder, keys, now=run.now, dry_run=dry_run)


@batch_task("Vorrücken")
def advance_batch(
    run: Run, keys: Sequence[RolloutKey], assumed: Sequence[Evidence], _number: int
) -> jobs.AdvanceSummary:
    """Judge the rollouts of a batch and move them."""
    return jobs.advance(
        run.workspace,
        run.plan.programme,
        keys,
        today=run.today,
        now=run.now,
        by=BY,
        dry_run=run.parameters.dry_run,
        assumed=assumed,
    )


@flow(
    name="rollout",
    flow_run_name=_run_name,
    task_runner=thread_runner(),
    persist_result=False,
)
def rollout(parameters: RolloutParameters = RolloutParameters()) -> State[None]:  # noqa: B008 - frozen
    """Nachnutzungen eröffnen, Nachrichten prüfen, Stufen vorrücken, Tafel veröffentlichen."""
    with opened_run(parameters) as run:
        shared = opaque(run)
        in_batches(run, "open", lambda keys, n: open_batch.submit(shared, opaque(keys), n))
        checking = in_batches(run, "check", lambda keys, n: check_batch.submit(shared, opaque(keys), n))
        checked, lost = outcomes(checking)
        assumed = opaque([e for one in checked for e in one.evidence] if parameters.dry_run else [])
        moving = in_batches(run, "advance", lambda keys, n: advance_batch.submit(shared, opaque(keys), assumed, n))
        moved, stuck = outcomes(moving)
        board = jobs.board(run.workspace, run.plan.programme, run.plan.keys, today=run.today)
        publish_board(run, board)
        publish_summary(run, board, checked, moved)
        sentence = closing_sentence(run, checked, moved)
        troubled = len(failures_of(checked, moved)) + len(lost) + len(stuck)
        if troubled:
            return Failed(message=run.wording.text("flow.troubled", count=troubled, sentence=sentence))
        return Completed(message=sentence)
