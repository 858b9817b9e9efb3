"""Changes of municipalities: which there are, and carrying rollouts and evidence on to the new keys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from ozgflow.domain.inheritance import inherited_evidence, inherited_stage
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.municipality_changes import MunicipalityChange, Succession
from ozgflow.domain.obstacles import ObstacleEvent, ObstacleFact, known_on
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import ServiceKey
from ozgflow.domain.services import COMPETENT_KINDS
from ozgflow.errors import DataError
from ozgflow.jobs.workspace import Workspace, execution_level
from ozgflow.storage.catalogue import store_catalogue
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import add_evidence, read_evidence
from ozgflow.storage.municipality_changes import (
    carry_rollout,
    hold_everything,
    read_applied,
    read_rollouts_of,
    record_applied,
)
from ozgflow.storage.obstacles import add_fact, read_facts


class ChangeState(StrEnum):
    """How far a change has come."""

    APPLIED = "applied"
    PENDING = "pending"
    """In force, but rollouts still stand with the old key."""
    AHEAD = "ahead"
    """Known, but not in force yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One rollout that was carried on.

    Attributes:
        key: the rollout of the one who takes over.
        origin: where it stood before; ``None`` when it was not open.
        target: where it stands now.
        stood: where the rollouts of the predecessors stood; ``START`` for one that could have one and had none.
    """

    key: RolloutKey
    origin: str | None
    target: str
    stood: Mapping[Ars, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSummary:
    """What a run applied.

    Attributes:
        changes: the changes, as lines of the file.
        carried: the rollouts that were carried on.
        evidence: how many pieces of evidence were written for those who took over.
    """

    changes: tuple[MunicipalityChange, ...] = ()
    carried: tuple[Carried, ...] = ()
    evidence: int = 0


def list_changes(workspace: Workspace, *, today: date) -> list[tuple[MunicipalityChange, ChangeState]]:
    """All changes that the catalogue knows, with their state on a day."""
    with workspace.database.reading() as session:
        applied = {(one.old, one.new) for one in read_applied(session)}
    return [(change, _state(change, applied, today)) for change in workspace.catalogue.lineage.changes]


def apply_changes(
    workspace: Workspace, *, today: date, now: datetime, by: str, dry_run: bool = False
) -> ChangeSummary:
    """Carry rollouts and evidence on, for all changes that are in force and not applied yet.

    Everything happens in one transaction: a run that is killed leaves nothing, and a second one finds nothing to do.

    Args:
        workspace: the workspace.
        today: changes up to this day are in force.
        now: the moment that is recorded.
        by: who applies them.
        dry_run: find out only, write nothing.

    Raises:
        DataError: a change that has been applied says something else now.
        UsageError: the programme of a rollout is not there any more.
    """
    with workspace.database.writing() as session:
        hold_everything(session)
        known = {(one.old, one.new): one for one in read_applied(session)}
        pending = [one for one in _checked(workspace, known) if one.day <= today]
        if not pending:
            return ChangeSummary()
        store_catalogue(session, workspace.catalogue)
        carried: list[Carried] = []
        evidence = 0
        for succession in _successions(workspace, pending):
            work = _Handover(workspace, session, succession, by=by, now=now)
            carried += work.rollouts()
            evidence += work.evidence()
            work.obstacles(carried)
        record_applied(session, pending, by=by, now=now)
        if dry_run:
            session.rollback()
    return ChangeSummary(changes=tuple(pending), carried=tuple(carried), evidence=evidence)


class _Handover:
    """One municipality taking over from others, within an open transaction."""

    def __init__(
        self, workspace: Workspace, session: Session, succession: Succession, *, by: str, now: datetime
    ) -> None:
        self._workspace, self._session, self._succession = workspace, session, succession
        self._by, self._now = by, now
        self._say: dict[ServiceKey, set[Ars]] = {}

    def rollouts(self) -> list[Carried]:
        """Carry all rollouts of the predecessors on."""
        heir = self._succession.heir
        found = read_rollouts_of(self._session, {*self._succession.predecessors, heir})
        groups = sorted({(key.programme, key.service) for key in found if key.municipality != heir}, key=str)
        if self._succession.continues:
            # Whoever joins may have a say in what the heir had alone.
            groups = sorted({(key.programme, key.service) for key in found}, key=str)
        carried = [self._carried(programme, service, found) for programme, service in groups]
        concerned = [one for one in carried if set(one.stood) != {heir}]
        for one in concerned:
            self._write(one)
        return concerned

    def evidence(self) -> int:
        """Carry the evidence of the predecessors on. Returns how many entries were written."""
        predecessors = self._succession.predecessors
        known = read_evidence(self._session, predecessors)
        entries = inherited_evidence(self._succession, known, self._counted, by=self._by)
        return add_evidence(self._session, entries, now=self._now)

    def obstacles(self, carried: Sequence[Carried]) -> None:
        """Raise for the heir what is open for a predecessor: what holds one of them holds the whole."""
        heirs = [one.key for one in carried if one.key.municipality == self._succession.heir]
        sources = {replace(key, municipality=ars): key for key in heirs for ars in self._succession.ended}
        for obstacle in known_on(read_facts(self._session, list(sources), until=date.max), date.max):
            if obstacle.is_open:
                fact = ObstacleFact(
                    key=sources[obstacle.key],
                    kind=obstacle.kind,
                    event=ObstacleEvent.RAISED,
                    day=max(self._succession.day, obstacle.raised_on),
                    owner=obstacle.owner,
                    by=self._by,
                    note=obstacle.note,
                )
                add_fact(self._session, fact, now=self._now)

    def _carried(self, code: str, service: ServiceKey, found: Mapping[RolloutKey, str]) -> Carried:
        programme = load_programme(code)
        key = RolloutKey(programme=code, service=service, municipality=self._succession.heir)
        held = {
            ars: found[one]
            for ars in self._succession.predecessors
            if (one := replace(key, municipality=ars)) in found
        }
        asked = self._having_a_say(programme, service, held)
        self._say.setdefault(service, set()).update(asked)
        stood = {ars: held.get(ars, START) for ars in asked}
        own = None if self._succession.continues else found.get(key)
        target = inherited_stage(programme, stood.values(), own=own)
        return Carried(key=key, origin=found.get(key), target=target, stood=stood)

    def _having_a_say(self, programme: Programme, service: ServiceKey, held: Collection[Ars]) -> list[Ars]:
        """The predecessors that have a rollout, or are of a kind that could have one."""
        catalogue = self._workspace.catalogue
        kinds = {catalogue.municipality(ars).kind for ars in held}
        kinds |= COMPETENT_KINDS[execution_level(catalogue, programme, service)]
        return [
            ars for ars in self._succession.predecessors if ars in held or catalogue.municipality(ars).kind in kinds
        ]

    def _counted(self, service: ServiceKey | None) -> Collection[Ars]:
        """Who has a say in the evidence for a service; where there is no rollout, all."""
        everyone = set().union(*self._say.values())
        asked = everyone if service is None else self._say.get(service)
        return asked or self._succession.predecessors

    def _write(self, one: Carried) -> None:
        names = [f"{self._workspace.catalogue.name_of(ars)} ({ars})" for ars in one.stood]
        day = self._succession.day
        carry_rollout(
            self._session,
            one.key,
            origin=one.origin,
            target=one.target,
            reason=message(f"municipality-change.move.{self._succession.kind}", day=day, names=names),
            stood=[f"{ars} {stage}" for ars, stage in one.stood.items()],
            day=day,
            by=self._by,
            now=self._now,
        )


def _checked(
    workspace: Workspace, known: Mapping[tuple[Ars, Ars], MunicipalityChange]
) -> Sequence[MunicipalityChange]:
    """The changes that are not applied yet.

    Raises:
        DataError: one that is applied has another day or kind now.
    """
    for change in workspace.catalogue.lineage.changes:
        applied = known.get((change.old, change.new))
        if applied is not None and (applied.day, applied.kind) != (change.day, change.kind):
            raise DataError("municipality-change.altered", old=change.old, new=change.new, day=applied.day)
    return [change for change in workspace.catalogue.lineage.changes if (change.old, change.new) not in known]


def _successions(workspace: Workspace, pending: Sequence[MunicipalityChange]) -> list[Succession]:
    """Who takes over from whom. Who has taken over from some on that day goes on when others follow."""
    waiting = {(change.old, change.new) for change in pending}
    found = []
    for succession in workspace.catalogue.lineage.successions():
        ended = tuple(ars for ars in succession.ended if (ars, succession.heir) in waiting)
        late = len(ended) < len(succession.ended)
        if ended:
            found.append(replace(succession, ended=ended, continues=succession.continues or late))
    return found


def _state(change: MunicipalityChange, applied: Collection[tuple[Ars, Ars]], today: date) -> ChangeState:
    if (change.old, change.new) in applied:
        return ChangeState.APPLIED
    return ChangeState.PENDING if change.day <= today else ChangeState.AHEAD
