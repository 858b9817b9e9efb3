"""Contacts and next steps: the rule of the house, kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ozgflow.domain.house import Contact, NextStep, without
from ozgflow.domain.keys import Ars
from ozgflow.errors import UsageError
from ozgflow.jobs.words import one_line
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage import house as storage
from ozgflow.storage.database import Session
from ozgflow.storage.rollouts import list_rollouts
from ozgflow.storage.undertakings import read_undertakings


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who has a contact, of whom.

    Attributes:
        asked: the municipalities that were asked about: the denominator.
        missing: those of them that have none.
    """

    asked: tuple[Ars, ...]
    missing: tuple[Ars, ...]


def set_contact(workspace: Workspace, *, municipality: str, person: str, by: str, now: datetime) -> bool:
    """Make somebody the one contact of a municipality. Returns whether that is news.

    Raises:
        UsageError: the municipality is unknown, or a name is missing.
        TransientError: another process named somebody at the same moment.
    """
    contact = Contact(
        municipality=_ars(workspace, municipality),
        person=one_line(person, "--person"),
        named_by=one_line(by, "--by"),
        named_at=now,
    )
    with workspace.database.writing() as session:
        return storage.set_contact(session, contact)


def contacts(workspace: Workspace) -> dict[Ars, Contact]:
    """The contacts by municipality."""
    with workspace.database.reading() as session:
        return storage.read_contacts(session)


def contact_history(workspace: Workspace) -> list[Contact]:
    """Every contact that was ever named, oldest first."""
    with workspace.database.reading() as session:
        return storage.read_contact_changes(session)


def missing_contacts(workspace: Workspace, *, everybody: bool = False) -> Coverage:
    """Who has no contact.

    Args:
        workspace: the workspace.
        everybody: ask about all municipalities of the catalogue, not only about those that take part.
    """
    with workspace.database.reading() as session:
        asked = tuple(sorted(workspace.catalogue.municipalities)) if everybody else taking_part(session)
        held = storage.read_contacts(session)
    return Coverage(asked=asked, missing=without(asked, held))


def add_step(workspace: Workspace, *, municipality: str, text: str, by: str, now: datetime) -> bool:
    """Say what is to be done next. Returns whether that is news; the same words again change nothing.

    Raises:
        UsageError: the municipality is unknown, a text is missing, or another step is open there.
        TransientError: another process was faster.
    """
    ars, words, name = _ars(workspace, municipality), one_line(text, "--text"), one_line(by, "--by")
    with workspace.database.writing() as session:
        held = _open_step(session, ars)
        if held is not None and held.text == words:
            return False
        if held is not None:
            raise UsageError("step.open", name=workspace.catalogue.name_of(ars), text=held.text)
        storage.add_step(session, ars, words, by=name, now=now)
        return True


def finish_step(workspace: Workspace, *, municipality: str, by: str, now: datetime) -> NextStep | None:
    """Say that the open next step is done. Returns that step; ``None`` when nothing was open.

    Raises:
        UsageError: the municipality is unknown, or nobody is named.
    """
    ars, name = _ars(workspace, municipality), one_line(by, "--by")
    with workspace.database.writing() as session:
        held = _open_step(session, ars)
        return held if held is not None and storage.finish_step(session, ars, by=name, now=now) else None


def steps(workspace: Workspace, *, municipalities: Sequence[str] = (), done: bool = False) -> list[NextStep]:
    """The next steps of all or some municipalities; those that are done only when they are asked for.

    Raises:
        UsageError: a municipality is unknown.
    """
    chosen = {one.ars for one in workspace.catalogue.select_municipalities(municipalities)}
    with workspace.database.reading() as session:
        found = storage.read_steps(session, only_open=not done)
    return [step for step in found if not chosen or step.municipality in chosen]


def taking_part(session: Session) -> tuple[Ars, ...]:
    """The municipalities that have an open rollout or take part in an undertaking that goes on, sorted."""
    rollouts = {key.municipality for key in list_rollouts(session)}
    going_on = (one for one in read_undertakings(session).values() if not one.is_transferred)
    return tuple(sorted(rollouts.union(*(one.users for one in going_on))))


def _open_step(session: Session, ars: Ars) -> NextStep | None:
    return storage.open_steps(storage.read_steps(session, only_open=True)).get(ars)


def _ars(workspace: Workspace, municipality: str) -> Ars:
    return workspace.catalogue.select_municipalities([municipality])[0].ars
