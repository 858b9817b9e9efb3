"""Looking at grants: all of a programme with the places that are left, and one with its history."""

from dataclasses import dataclass

from ozgflow.domain.grants import GrantApplication
from ozgflow.domain.programmes import Programme
from ozgflow.jobs.grant_checks import known_application, rules_of
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage import grants as storage


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFile:
    """All that is known of an application: as it stands, its history, its payments."""

    application: GrantApplication
    steps: tuple[storage.GrantStep, ...]
    payments: tuple[storage.Payment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantList:
    """The applications of a programme, and how many places of each year are taken.

    Attributes:
        applications: by day and case number.
        places: year, places taken, places there are; a year that has lost its quota has 0.
    """

    applications: tuple[GrantApplication, ...]
    places: tuple[tuple[int, int, int], ...]


def listed(workspace: Workspace, programme: Programme, *, year: int | None = None) -> GrantList:
    """The applications of a programme, and the places of each year that has a quota or a grant.

    Args:
        workspace: the workspace.
        programme: a programme with grants.
        year: only what counts for this year; ``None`` for all.
    """
    rules = rules_of(programme)
    with workspace.database.reading() as session:
        applications = storage.list_applications(session, programme.code)
        taken = storage.taken_places(session, programme.code)
    quotas = {quota.year: quota.places for quota in rules.quotas}
    years = [one for one in sorted({*quotas, *taken}) if year in (None, one)]
    return GrantList(
        applications=tuple(one for one in applications if year in (None, one.year)),
        places=tuple((year, taken.get(year, 0), quotas.get(year, 0)) for year in years),
    )


def shown(workspace: Workspace, programme: Programme, case: str) -> GrantFile:
    """All that is known of an application.

    Raises:
        UsageError: there is no such application.
    """
    with workspace.database.reading() as session:
        application = known_application(session, programme, case)
        return GrantFile(
            application=application,
            steps=storage.read_steps(session, application),
            payments=storage.read_payments(session, application),
        )
