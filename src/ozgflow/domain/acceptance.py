"""Acceptance: whether a document may be taken on a day.

It stands apart from validity: a valid message of last year's version is valid, and refused all the same.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Message, message


class Acceptance(StrEnum):
    """What becomes of a document."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    """It could not be checked. Never treated as accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceWindow:
    """The days on which documents of a bundle are taken.

    Attributes:
        accepted_from: first day; ``None`` when there is none.
        accepted_until: last day; ``None`` when open.
        effective_on: from this day on, senders are to use this version; ``None`` when nobody has said.
    """

    accepted_from: date | None = None
    accepted_until: date | None = None
    effective_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Acceptance with the sentence that says why."""

    acceptance: Acceptance
    reason: Message


def decide(report: Report, window: AcceptanceWindow, *, as_of: date) -> Decision:
    """Decide on a document, fail-closed.

    Args:
        report: the report on it.
        window: the days of its bundle.
        as_of: the day on which it arrives.
    """
    if report.verdict is Verdict.UNCHECKED:
        return Decision(acceptance=Acceptance.UNDECIDED, reason=message("acceptance.unchecked"))
    if window.accepted_from is not None and as_of < window.accepted_from:
        return _refused("acceptance.too-early", bundle=report.proof.bundle, day=window.accepted_from)
    if window.accepted_until is not None and as_of > window.accepted_until:
        return _refused("acceptance.too-late", bundle=report.proof.bundle, day=window.accepted_until)
    if report.declared is not None:
        code = "acceptance.declared" if report.declared else "acceptance.not-declared"
        chosen = Acceptance.ACCEPTED if report.declared else Acceptance.REFUSED
        return Decision(acceptance=chosen, reason=message(code, bundle=report.proof.bundle))
    if report.verdict is Verdict.INVALID:
        return _refused("acceptance.invalid")
    return Decision(acceptance=Acceptance.ACCEPTED, reason=message("acceptance.valid", bundle=report.proof.bundle))


def _refused(code: str, **params: object) -> Decision:
    return Decision(acceptance=Acceptance.REFUSED, reason=message(code, **params))
