"""The workspace: what every job needs, opened once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, Service, load_catalogue
from ozgflow.domain.evidence import Evidence, current
from ozgflow.domain.gates import Facts
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import ItemCode, ServiceKey
from ozgflow.domain.services import COMPETENT_KINDS
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import Validator
from ozgflow.storage.catalogue import store_catalogue
from ozgflow.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Database, catalogue and validator of one installation."""

    database: Database
    catalogue: Catalogue
    validator: Validator

    def service(self, programme: Programme, key: ServiceKey) -> Service:
        """A service of the catalogue, or an item of a programme in the shape of one.

        Raises:
            UsageError: there is none with this key.
        """
        if isinstance(key, ItemCode):
            return programme.item(key).as_service()
        return self.catalogue.service(key)

    def facts(
        self,
        programme: Programme,
        key: RolloutKey,
        entries: Sequence[Evidence],
        *,
        today: date,
        others: Mapping[Ars, frozenset[str]] = MappingProxyType({}),
    ) -> Facts:
        """What the gates of one rollout may look at on a day.

        Args:
            programme: the rollout's programme.
            key: the rollout.
            entries: evidence of its municipality.
            today: the day.
            others: the stages that other municipalities have reached.
        """
        municipality = self.catalogue.municipality(key.municipality)
        level = execution_level(self.catalogue, programme, key.service)
        sole = sole_competence(programme, key, today)
        relevant = (entry for entry in entries if entry.service in (None, key.service))
        return Facts(
            today=today,
            municipality=municipality,
            service=self.service(programme, key.service),
            level=level,
            competent=sole == key.municipality if sole else municipality.kind in COMPETENT_KINDS[level],
            sole=self.catalogue.name_of(sole) if sole else "",
            evidence=current(relevant, today=today),
            kinds=load_evidence_kinds(),
            others=others,
        )


def execution_level(catalogue: Catalogue, programme: Programme, key: ServiceKey) -> ExecutionLevel:
    """Which kind of municipality is competent for a service, or for an item of a programme.

    Raises:
        UsageError: there is no such service or item.
    """
    if isinstance(key, ItemCode):
        return programme.item(key).level
    return catalogue.execution_level(catalogue.service(key))[0]


def sole_competence(programme: Programme, key: RolloutKey, day: date) -> Ars | None:
    """Who alone is competent in the whole Land, as far as the programme says so for the rollout's item."""
    found = programme.competence(key.service, day)
    return found.municipality if found and found.municipality.land == key.municipality.land else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One rollout that could not be worked on; the others went on."""

    key: RolloutKey
    reason: Message


@contextmanager
def open_workspace(
    *,
    database_url: str,
    schemas: Path,
    bundles: Path | None = None,
    catalogue: Path | None = None,
    limits: Limits | None = None,
    today: date | None = None,
) -> Iterator[Workspace]:
    """Open the workspace; the embedded database is brought up to date by itself.

    Args:
        database_url: SQLAlchemy address.
        schemas: the bundles that come with ozgflow, or those that an installation keeps instead.
        bundles: the bundles that the installation has added.
        catalogue: folder with a newer catalogue.
        limits: how much of a document is looked at.
        today: the day whose municipalities are valid; without a day, those after all changes that are known.

    Raises:
        DataError: the database, the catalogue or the schema catalogue is not usable.
        UsageError: the address of the database is not one.
    """
    known = load_catalogue(catalogue)
    if today is not None:
        known = known.as_of(today)
    validator = Validator.for_folder(schemas, limits, added=bundles, directory=KeyDirectory.of(known))
    with open_database(database_url) as database:
        yield Workspace(database=database, catalogue=known, validator=validator)


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """Open the database alone; the embedded one is brought up to date by itself.

    Raises:
        DataError: its tables are of another version.
        UsageError: the address is not one.
    """
    database = Database(url)
    try:
        if database.embedded:
            database.upgrade()
        else:
            database.require_current()
        yield database
    finally:
        database.close()


def refresh_catalogue(workspace: Workspace) -> int:
    """Write the catalogue into the database. Returns how many rows were added or changed."""
    with workspace.database.writing() as session:
        return store_catalogue(session, workspace.catalogue)
