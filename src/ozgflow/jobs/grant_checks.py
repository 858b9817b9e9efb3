"""What is asked before anything about grants is done: is there money, are there places, is the case known."""

from dataclasses import replace

from ozgflow.domain.grants import GrantApplication, GrantRules, Quota
from ozgflow.domain.messages import message
from ozgflow.domain.programme_files import load_programme, programme_codes
from ozgflow.domain.programmes import Programme
from ozgflow.errors import DataError, UsageError
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage import grants as storage
from ozgflow.storage.database import Session


def grant_programme(code: str | None) -> Programme:
    """The programme with that code, or the only one that gives grants.

    Raises:
        UsageError: it gives none, there is no such programme, or there are several to choose from.
    """
    if code is not None:
        programme = load_programme(code)
        rules_of(programme)
        return programme
    codes = granting_programmes()
    if len(codes) != 1:
        raise UsageError("grant.which", known=", ".join(codes))
    return load_programme(codes[0])


def refuse_overdrawn(workspace: Workspace, programme: Programme) -> None:
    """Refuse a programme whose file allows fewer grants than there are.

    Raises:
        DataError: with file, line of the quota, year, and both numbers.
    """
    if programme.grant is not None:
        with workspace.database.reading() as session:
            refuse_overdrawn_in(session, programme.code, programme.grant)


def granting_programmes() -> list[str]:
    """The codes of all programmes that give grants."""
    return [code for code in programme_codes() if load_programme(code).grant is not None]


def rules_of(programme: Programme) -> GrantRules:
    """What the programme says about money.

    Raises:
        UsageError: it gives none.
    """
    if programme.grant is None:
        raise UsageError("grant.none", programme=programme.code, known=", ".join(granting_programmes()) or "–")
    return programme.grant


def require_words(*words: str) -> None:
    """Refuse texts that are empty or would steer a terminal.

    Raises:
        UsageError: one of them is.
    """
    if not all(word.strip() and word.isprintable() for word in words):
        raise UsageError("grant.words")


def known_application(session: Session, programme: Programme, case: str) -> GrantApplication:
    """The application with a case number.

    Raises:
        UsageError: there is none.
    """
    application = storage.read_application(session, programme.code, case)
    if application is None:
        raise UsageError("grant.unknown", programme=programme.code, case=case)
    return application


def refuse_overdrawn_in(session: Session, programme: str, rules: GrantRules) -> None:
    """The same as ``refuse_overdrawn`` within a transaction.

    Raises:
        DataError: there are more grants for a year than the file has places.
    """
    for year, granted in storage.taken_places(session, programme).items():
        quota = rules.quota(year) or Quota(year=year, places=0, line=rules.line)
        if granted > quota.places:
            raise DataError(
                "grant.overdrawn", file=rules.file, line=quota.line, year=year, granted=granted, quota=quota.places
            )


def refuse_other(workspace: Workspace, known: GrantApplication, wanted: GrantApplication) -> None:
    """One case number is one application; what has become of the known one does not count.

    Raises:
        UsageError: another application is known under the case number.
    """
    if known != replace(wanted, state=known.state, granted=known.granted, paid=known.paid, directive=known.directive):
        name = workspace.catalogue.name_of(known.municipality)
        raise UsageError("grant.case-other", case=known.case, name=name, amount=known.requested, day=known.applied_on)


def refuse_second(workspace: Workspace, session: Session, wanted: GrantApplication) -> None:
    """A municipality is funded once; an application that was rejected or withdrawn is not in the way.

    Raises:
        UsageError: it has another one.
    """
    for other in storage.list_applications(session, wanted.programme):
        if other.is_live and other.municipality == wanted.municipality:
            name, state = workspace.catalogue.name_of(other.municipality), message(f"grant-state.{other.state}")
            raise UsageError("grant.second", name=name, case=other.case, state=state)
