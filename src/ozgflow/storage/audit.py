"""The audit log in the database: append, and read in the order of writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from ozgflow.domain.messages import Message, message, pack, unpack
from ozgflow.storage.tables import AuditRow

DONE = "done"
REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One attempt to change something that needs a right.

    Attributes:
        at: when.
        who: the name that was given.
        action: what was tried, for example ``approve``.
        target: on what, as a text of keys.
        outcome: ``done`` or ``refused``.
        reason: the reason given, or why it was refused.
        before: what was there before, JSON-ready.
        after: what was there after.
    """

    at: datetime
    who: str
    action: str
    target: str
    outcome: str
    reason: Message
    before: Any
    after: Any


def append_audit(session: Session, entry: AuditEntry) -> None:
    """Write an entry. Names that are missing are written as a dash, for an attempt is never left out."""
    values = {
        "at": entry.at,
        "who": entry.who or "–",
        "action": entry.action,
        "target": entry.target or "–",
        "outcome": entry.outcome,
        "reason": pack(entry.reason),
        "before": entry.before,
        "after": entry.after,
    }
    session.connection().execute(insert(AuditRow), [values])


def read_audit(session: Session, *, target: str = "") -> list[AuditEntry]:
    """All entries, oldest first.

    Args:
        session: an open session.
        target: only entries whose target holds this text.
    """
    query = select(AuditRow).order_by(col(AuditRow.number))
    if target:
        query = query.where(col(AuditRow.target).contains(target, autoescape=True))
    return [_entry(row) for row in session.exec(query)]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        who=row.who,
        action=row.action,
        target=row.target,
        outcome=row.outcome,
        reason=unpack(row.reason) if row.reason else message("note.free", text="–"),
        before=row.before,
        after=row.after,
    )
