"""What operators see in the Prefect UI: artifacts with stable keys, so that each has a history."""

from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.run import Run
from ozgflow.domain.board import Board
from ozgflow.domain.findings import Verdict
from ozgflow.jobs.documents import DocumentSummary
from ozgflow.jobs.rollout import AdvanceSummary
from ozgflow.jobs.workspace import Failure

MAX_ROWS = 5_000
"""Rows of a table artifact; the UI stays usable up to about ten thousand."""
MAX_HELD = 200
"""Rollouts that the summary explains in full."""
MAX_MOVES = 100
"""Moves that the summary lists."""


def publish_board(run: Run, board: Board) -> None:
    """Show who stands where: one table, those who are held first."""
    words = run.wording
    several = len(run.plan.services) > 1
    order = sorted(range(len(board.rows)), key=lambda at: not board.rows[at].assessment.blockers)
    rows = []
    for at in order[:MAX_ROWS]:
        row = board.rows[at]
        position = board.programme.position(row.stage)
        stage = board.stage_title(row.stage, words)
        cells = {
            words.text("label.municipality"): row.municipality.label,
            words.text("label.ars"): str(row.municipality.ars),
            words.text("label.stage"): f"{position}/{len(board.programme.stages)} {stage}",
            words.text("label.missing"): "; ".join(board.reasons(row, words)),
        }
        rows.append({words.text("label.title"): row.service.title, **cells} if several else cells)
    description = _description(run, board, len(rows))
    create_table_artifact(key=f"board-{_suffix(run)}", table=rows, description=description)


def publish_summary(
    run: Run, board: Board, checked: Sequence[DocumentSummary], moved: Sequence[AdvanceSummary]
) -> None:
    """Tell in markdown what the run did, with a denominator to every number."""
    words = run.wording
    stages = (
        words.text("artifact.stage-line", count=count, total=len(board.rows), stage=board.stage_title(code, words))
        for code, count in board.count_by_stage().items()
        if count
    )
    parts = [
        [f"# {words.text('artifact.summary')}", "", closing_sentence(run, checked, moved), "", *stages],
        _failed(run, failures_of(checked, moved)),
        _held(run, board),
        _moved(run, board, moved),
    ]
    create_markdown_artifact(
        key=f"rollout-{_suffix(run)}",
        markdown="\n\n".join("\n".join(part) for part in parts if part),
        description=_description(run, board, len(board.rows)),
    )


def _failed(run: Run, failures: Sequence[Failure]) -> list[str]:
    """Who could not be worked on, and why."""
    name_of = run.workspace.catalogue.name_of
    return [
        run.wording.text("artifact.failure-line", name=name_of(failure.key.municipality), reason=failure.reason)
        for failure in failures
    ]


def _moved(run: Run, board: Board, moved: Sequence[AdvanceSummary]) -> list[str]:
    """Who moved, from where to where."""
    words = run.wording
    steps = [step for summary in moved for step in summary.moved]
    if not steps:
        return []
    lines = [f"## {words.text('artifact.moved', count=len(steps), total=len(board.rows))}", ""]
    lines += [
        words.text(
            "artifact.move-line",
            name=run.workspace.catalogue.name_of(step.key.municipality),
            origin=board.stage_title(step.origin, words),
            target=board.stage_title(step.target, words),
        )
        for step in steps[:MAX_MOVES]
    ]
    return lines if len(steps) <= MAX_MOVES else [*lines, "* …"]


def closing_sentence(run: Run, checked: Sequence[DocumentSummary], moved: Sequence[AdvanceSummary]) -> str:
    """One sentence for the place where operators look first: the state of the run."""
    verdicts = {verdict.value: sum(one.verdicts[verdict] for one in checked) for verdict in Verdict}
    return run.wording.text(
        "flow.rollout-dry" if run.parameters.dry_run else "flow.rollout",
        total=len(run.plan.keys),
        moved=sum(len(one.moved) for one in moved),
        stayed=sum(one.stayed for one in moved),
        documents=sum(verdicts.values()),
        **verdicts,
    )


def failures_of(checked: Sequence[DocumentSummary], moved: Sequence[AdvanceSummary]) -> list[Failure]:
    """All rollouts that could not be worked on."""
    lost = [failure for summary in checked for failure in summary.failures]
    return lost + [failure for summary in moved for failure in summary.failures]


def _held(run: Run, board: Board) -> list[str]:
    """Who is held and why, in full: the UI cuts long cells of a table artifact."""
    words = run.wording
    held = [row for row in board.rows if row.assessment.blockers or row.assessment.unconfirmed]
    if not held:
        return []
    lines = [f"## {words.text('artifact.held', count=len(held), total=len(board.rows))}", ""]
    lines += [f"* **{row.municipality.label}** – {'; '.join(board.reasons(row, words))}" for row in held[:MAX_HELD]]
    return lines if len(held) <= MAX_HELD else [*lines, "* …"]


def _description(run: Run, board: Board, shown: int) -> str:
    return run.wording.text(
        "artifact.board",
        programme=board.programme.title[run.wording.language],
        services=", ".join(f"{service.title} ({service.key})" for service in run.plan.services[:3]),
        day=board.as_of,
        shown=shown,
        total=len(board.rows),
    )


def _suffix(run: Run) -> str:
    if len(run.plan.services) == 1:
        return f"{run.plan.programme.code}-{run.plan.services[0].key}"
    return run.plan.programme.code
