"""Contacts and next steps in the database, and what was written since a moment."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, or_, select

from ozgflow.domain.house import Contact, NextStep
from ozgflow.domain.keys import Ars
from ozgflow.storage.house_tables import ContactChangeRow, ContactRow, NextStepRow


def set_contact(session: Session, contact: Contact) -> bool:
    """Make somebody the one contact of a municipality, and keep it in the history.

    Returns:
        Whether that is news; naming the same person again changes nothing.
    """
    mine = col(ContactRow.municipality) == str(contact.municipality)
    held = session.exec(select(ContactRow).where(mine).with_for_update()).first()
    if held is not None and held.person == contact.person:
        return False
    words = {"person": contact.person, "named_by": contact.named_by, "named_at": contact.named_at}
    if held is None:
        session.connection().execute(insert(ContactRow).values(municipality=str(contact.municipality), **words))
    else:
        session.connection().execute(update(ContactRow).where(mine).values(**words))
    number = _count(session, ContactChangeRow, contact.municipality) + 1
    session.connection().execute(
        insert(ContactChangeRow).values(municipality=str(contact.municipality), number=number, **words)
    )
    return True


def read_contacts(session: Session) -> dict[Ars, Contact]:
    """The contacts by municipality, sorted."""
    rows = session.exec(select(ContactRow).order_by(ContactRow.municipality))
    return {contact.municipality: contact for contact in map(_contact, rows)}


def read_contact_changes(session: Session, *, since: datetime | None = None) -> list[Contact]:
    """Every contact that was named since a moment, or ever, oldest first."""
    query = select(ContactChangeRow).order_by(
        col(ContactChangeRow.named_at), ContactChangeRow.municipality, col(ContactChangeRow.number)
    )
    if since is not None:
        query = query.where(col(ContactChangeRow.named_at) >= since)
    return [_contact(row) for row in session.exec(query)]


def add_step(session: Session, municipality: Ars, text: str, *, by: str, now: datetime) -> NextStep:
    """Add a next step where none is open; the database refuses a second one.

    Raises:
        TransientError: another process was faster, told by the transaction.
    """
    step = NextStep(
        municipality=municipality,
        number=_count(session, NextStepRow, municipality) + 1,
        text=text,
        added_by=by,
        added_at=now,
    )
    session.connection().execute(
        insert(NextStepRow).values(
            municipality=str(municipality), number=step.number, text=text, added_by=by, added_at=now
        )
    )
    return step


def finish_step(session: Session, municipality: Ars, *, by: str, now: datetime) -> bool:
    """Say that the open next step is done. Returns whether there was one."""
    changed = session.connection().execute(
        update(NextStepRow)
        .where(col(NextStepRow.municipality) == str(municipality), col(NextStepRow.done_at).is_(None))
        .values(done_by=by, done_at=now)
    )
    return changed.rowcount == 1


def read_steps(session: Session, *, only_open: bool = False, since: datetime | None = None) -> list[NextStep]:
    """Next steps by municipality, oldest first.

    Args:
        session: an open session.
        only_open: leave out what is done.
        since: only those that were added or done since this moment.
    """
    query = select(NextStepRow).order_by(NextStepRow.municipality, col(NextStepRow.number))
    if only_open:
        query = query.where(col(NextStepRow.done_at).is_(None))
    if since is not None:
        query = query.where(or_(col(NextStepRow.added_at) >= since, col(NextStepRow.done_at) >= since))
    return [_step(row) for row in session.exec(query)]


def open_steps(steps: Iterable[NextStep]) -> dict[Ars, NextStep]:
    """The open ones of some steps by municipality."""
    return {step.municipality: step for step in steps if step.is_open}


def _count(session: Session, table: type[ContactChangeRow] | type[NextStepRow], municipality: Ars) -> int:
    query = select(func.count()).select_from(table).where(col(table.municipality) == str(municipality))
    return session.exec(query).one()


def _contact(row: ContactRow | ContactChangeRow) -> Contact:
    return Contact(
        municipality=Ars.parse(row.municipality), person=row.person, named_by=row.named_by, named_at=row.named_at
    )


def _step(row: NextStepRow) -> NextStep:
    return NextStep(
        municipality=Ars.parse(row.municipality),
        number=row.number,
        text=row.text,
        added_by=row.added_by,
        added_at=row.added_at,
        done_by=row.done_by,
        done_at=row.done_at,
    )
