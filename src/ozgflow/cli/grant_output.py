"""Grants as tables and as JSON. In JSON an amount is a text such as ``20000.00``, in euro."""

from ozgflow.cli.console import print_table, say, wording
from ozgflow.domain.grant_decisions import TraceStep
from ozgflow.domain.grants import GrantApplication
from ozgflow.domain.messages import message
from ozgflow.jobs.grant_views import GrantFile, GrantList
from ozgflow.jobs.grants import GrantChange
from ozgflow.settings import LOCAL_TIME
from ozgflow.storage.grants import GrantStep

LIST_HEADINGS = (
    "grant-label.case",
    "label.municipality",
    "grant-label.applied",
    "grant-label.state",
    "grant-label.requested",
    "grant-label.granted",
    "grant-label.paid",
    "grant-label.directive",
)
_TRACE_HEADINGS = (
    "grant-label.rule",
    "grant-label.given",
    "grant-label.result",
    "grant-label.why",
    "grant-label.directive",
)
_HISTORY_HEADINGS = ("label.when", "grant-label.state", "grant-label.why")


def list_row(application: GrantApplication, name: str) -> tuple[str, ...]:
    """One line of the list."""
    words = wording()
    return (
        application.case,
        name,
        f"{application.applied_on:%d.%m.%Y}",
        words.text(f"grant-state.{application.state}"),
        words.amount(application.requested),
        words.amount(application.granted),
        words.amount(application.paid),
        application.directive or "–",
    )


def print_file(found: GrantFile, name: str) -> None:
    """All about one application, for people."""
    one = found.application
    say(
        "grant.headline",
        case=one.case,
        name=name,
        day=one.applied_on,
        purposes=[message(f"grant-purpose.{purpose}") for purpose in one.purposes],
        state=message(f"grant-state.{one.state}"),
        requested=one.requested,
        granted=one.granted,
        paid=one.paid,
    )
    trace = [step for entry in found.steps for step in entry.trace]
    if trace:
        print_table("", _TRACE_HEADINGS, (_trace_row(step) for step in trace))
    print_table("", _HISTORY_HEADINGS, (_history_row(entry) for entry in found.steps))


def change_data(done: GrantChange) -> dict[str, object]:
    """What a command did, for programs."""
    data: dict[str, object] = {"changed": done.changed, "application": _application_data(done.application)}
    if done.decision is not None:
        data["decision"] = done.decision.state if done.decision.state != "requested" else "undecided"
        data["trace"] = [_trace_data(step) for step in done.decision.trace]
    return data


def list_data(found: GrantList) -> dict[str, object]:
    """Applications and places, for programs."""
    return {
        "applications": [_application_data(one) for one in found.applications],
        "places": [{"year": year, "taken": taken, "quota": quota} for year, taken, quota in found.places],
    }


def file_data(found: GrantFile) -> dict[str, object]:
    """All about one application, for programs."""
    return {
        "application": _application_data(found.application),
        "history": [
            {
                "number": entry.number,
                "state": entry.state,
                "reason": wording().render(entry.reason),
                "by": entry.done_by,
                "at": entry.done_at.isoformat(),
                "trace": [_trace_data(step) for step in entry.trace],
            }
            for entry in found.steps
        ],
        "payments": [
            {"reference": one.reference, "amount": str(one.amount), "paid_on": one.paid_on.isoformat()}
            for one in found.payments
        ],
    }


def _application_data(application: GrantApplication) -> dict[str, object]:
    return {
        "programme": application.programme,
        "case": application.case,
        "municipality": str(application.municipality),
        "applied_on": application.applied_on.isoformat(),
        "purposes": list(application.purposes),
        "state": application.state,
        "requested": f"{application.requested:.2f}",
        "granted": f"{application.granted:.2f}",
        "paid": f"{application.paid:.2f}",
        "directive": application.directive,
    }


def _trace_row(step: TraceStep) -> tuple[str, ...]:
    words = wording()
    return (
        words.text(f"grant-rule.{step.rule}"),
        words.render(step.given),
        words.text(f"grant-step.{step.state}"),
        words.render(step.reason),
        step.directive or "–",
    )


def _trace_data(step: TraceStep) -> dict[str, object]:
    return {
        "rule": step.rule,
        "given": wording().render(step.given),
        "state": step.state,
        "reason": wording().render(step.reason),
        "directive": step.directive,
    }


def _history_row(entry: GrantStep) -> tuple[str, ...]:
    words = wording()
    moment = entry.done_at.astimezone(LOCAL_TIME)
    return (
        f"{moment:%d.%m.%Y %H:%M}\n{entry.done_by}",
        words.text(f"grant-state.{entry.state}"),
        words.render(entry.reason),
    )
