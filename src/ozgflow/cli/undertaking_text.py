"""How the terminal and programs are told of undertakings and transfers."""

from collections.abc import Mapping, Sequence

from ozgflow.cli.console import print_table, say, today, wording
from ozgflow.domain.messages import Message, message
from ozgflow.domain.undertakings import Goal, Undertaking, UndertakingState, Work, WorkKind
from ozgflow.jobs.transfer import TransferSummary
from ozgflow.jobs.undertakings import warned
from ozgflow.jobs.workspace import Workspace

_STATES: Mapping[UndertakingState, str] = {
    UndertakingState.PLANNED: "undertaking-state.planned",
    UndertakingState.UNDER_WAY: "undertaking-state.under-way",
    UndertakingState.FINISHED: "undertaking-state.finished",
    UndertakingState.TRANSFERRED: "undertaking-state.transferred",
}
_WORK: Mapping[WorkKind, str] = {
    WorkKind.NOTE: "undertaking.work-note",
    WorkKind.REFERENCE: "undertaking.work-reference",
    WorkKind.FINISHED: "undertaking.work-finished",
}


def undertaking_data(opened: Workspace, undertaking: Undertaking) -> dict[str, object]:
    """An undertaking as JSON-ready data."""
    return {
        "code": undertaking.code,
        "programme": undertaking.programme,
        "title": undertaking.title,
        "planned_since": undertaking.planned_since.isoformat(),
        "state": undertaking.state,
        "users": [{"municipality": str(ars), "name": opened.catalogue.name_of(ars)} for ars in undertaking.users],
        "goals": [_goal_data(undertaking, goal) for goal in undertaking.goals],
        "predecessor": undertaking.predecessor,
        "successors": list(undertaking.successors),
        "warnings": [wording().render(warning) for warning in warned(undertaking, today=today())],
    }


def print_undertakings(undertakings: Sequence[Undertaking]) -> None:
    """Print all undertakings as a table, and how many are warned of."""
    words = wording()
    if not undertakings:
        say("undertaking.none")
        return
    warnings = {one.code: warned(one, today=today()) for one in undertakings}
    rows = [
        (
            f"{one.code}\n{one.title}",
            words.text(_STATES[one.state]),
            _reached(one),
            str(len(one.users)),
            "\n".join(f"• {words.render(warning)}" for warning in warnings[one.code]),
        )
        for one in undertakings
    ]
    headings = ("label.undertaking", "label.state", "label.goals", "label.users", "label.warnings")
    print_table("", headings, rows)
    say("undertaking.count", count=len(rows), warned=sum(bool(found) for found in warnings.values()))


def print_undertaking(opened: Workspace, undertaking: Undertaking) -> None:
    """Print one undertaking with all that is known of it."""
    words = wording()
    state = message(_STATES[undertaking.state])
    say(
        "undertaking.heading",
        undertaking=undertaking.code,
        title=undertaking.title,
        programme=undertaking.programme,
        since=undertaking.planned_since,
        state=state,
    )
    names = ", ".join(opened.catalogue.name_of(ars) for ars in undertaking.users)
    say("undertaking.users", count=len(undertaking.users), names=names)
    rows = [(f"{goal.code}\n{goal.title}", *_goal_cells(undertaking, goal)) for goal in undertaking.goals]
    print_table("", ("label.goal", "label.state", "label.work"), rows)
    reached = sum(goal.finished_on is not None for goal in undertaking.goals)
    say("undertaking.goals-reached", count=reached, total=len(undertaking.goals))
    if undertaking.predecessor:
        say("undertaking.predecessor", undertaking=undertaking.predecessor)
    if undertaking.is_transferred:
        say("undertaking.successors", successors=", ".join(undertaking.successors))
    for warning in warned(undertaking, today=today()):
        say("undertaking.warning", undertaking=undertaking.code, warning=words.render(warning))


def transfer_data(opened: Workspace, summary: TransferSummary) -> dict[str, object]:
    """What a plan comes to as JSON-ready data."""
    words = wording()
    return {
        "undertaking": summary.undertaking.code,
        "written": summary.is_written,
        "known": summary.is_known,
        "complaints": [
            {"line": one.line or None, "code": one.sentence.code, "sentence": words.render(one.sentence)}
            for one in summary.complaints
        ],
        "successors": [undertaking_data(opened, one) for one in summary.successors],
        "dropped": {plan.goal: plan.reason for plan in summary.plan.goals if plan.dropped},
    }


def print_transfer(summary: TransferSummary, file: str) -> None:
    """Print what a plan comes to: every complaint with file and line, or who goes on with what."""
    for one in summary.complaints:
        code = "transfer.line" if one.line else "transfer.file"
        say(code, file=file, line=one.line, complaint=one.sentence)
    if summary.complaints:
        say("transfer.refused", count=len(summary.complaints))
        return
    if summary.is_known:
        say("transfer.known", undertaking=summary.undertaking.code)
        return
    dropped = sum(plan.dropped for plan in summary.plan.goals)
    say(
        "transfer.done" if summary.is_written else "transfer.would",
        undertaking=summary.undertaking.code,
        successors=", ".join(one.code for one in summary.successors),
        carried=len(summary.plan.goals) - dropped,
        total=len(summary.plan.goals),
        dropped=dropped,
    )
    for successor in summary.successors:
        for warning in warned(successor, today=today()):
            say("undertaking.warning", undertaking=successor.code, warning=warning)


def _reached(undertaking: Undertaking) -> str:
    reached = sum(goal.finished_on is not None for goal in undertaking.goals)
    return wording().text("today.group-count", count=reached, total=len(undertaking.goals))


def _goal_cells(undertaking: Undertaking, goal: Goal) -> tuple[str, str]:
    words = wording()
    reached = message("undertaking.reached", day=goal.finished_on)
    lines = [words.render(reached) if goal.finished_on else words.text("undertaking.not-reached")]
    lines += [words.render(fate) for fate in _fates(undertaking, goal)]
    work = "\n".join(f"• {words.render(_work(undertaking, entry))}" for entry in goal.work)
    return "\n".join(lines), work or "–"


def _fates(undertaking: Undertaking, goal: Goal) -> list[Message]:
    return [
        message("undertaking.fate-carried", successor=fate.successor)
        if fate.successor
        else message("undertaking.fate-dropped", reason=fate.reason)
        for fate in undertaking.fates
        if fate.goal == goal.code
    ]


def _work(undertaking: Undertaking, entry: Work) -> Message:
    done = message(_WORK[entry.kind], day=entry.day, by=entry.by, text=entry.text)
    if entry.done_in == undertaking.code:
        return done
    return message("undertaking.work-carried", work=done, undertaking=entry.done_in)


def _goal_data(undertaking: Undertaking, goal: Goal) -> dict[str, object]:
    return {
        "code": goal.code,
        "title": goal.title,
        "finished_on": goal.finished_on.isoformat() if goal.finished_on else None,
        "work": [
            {
                "kind": entry.kind,
                "text": entry.text,
                "day": entry.day.isoformat(),
                "by": entry.by,
                "done_in": entry.done_in,
            }
            for entry in goal.work
        ],
        "carried_to": [fate.successor for fate in undertaking.fates if fate.goal == goal.code and fate.successor],
        "dropped": next((fate.reason for fate in undertaking.fates if fate.goal == goal.code and fate.reason), None),
    }
