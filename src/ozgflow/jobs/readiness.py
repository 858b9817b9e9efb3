"""Readiness of one municipality for one service, and what single entries hold up across a programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ozgflow.domain.catalogue import Municipality, Service
from ozgflow.domain.evidence import EvidenceKind
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.readiness import Prerequisite, Way, prerequisites, shortest_way, single_keys, unlock_counts
from ozgflow.domain.rollouts import RolloutKey, assess
from ozgflow.errors import UsageError
from ozgflow.jobs.plan import choose_services
from ozgflow.jobs.rollout import reached_by_others
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import read_evidence
from ozgflow.storage.rollouts import list_rollouts, read_stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How ready a municipality is for a service.

    Attributes:
        programme: the procedure.
        municipality: who.
        service: for what.
        is_open: whether the rollout is open; otherwise it is judged from the beginning.
        stage: code of the stage that its evidence carries it to.
        prerequisites: all gates, in the order of the stages.
        way: the shortest way to the next stage.
        unlocks: for each kind on that way, how many open rollouts of the programme in this municipality it alone
            holds up.
        unconfirmed: how many gates behind the rollout would have to be confirmed again.
    """

    programme: Programme
    municipality: Municipality
    service: Service
    is_open: bool
    stage: str
    prerequisites: tuple[Prerequisite, ...]
    way: Way
    unlocks: Mapping[str, int]
    unconfirmed: int


def readiness(
    workspace: Workspace, programme: Programme, *, municipality: str, service: str, today: date
) -> Readiness:
    """Judge one municipality for one service.

    Raises:
        UsageError: municipality or service is unknown.
    """
    place = workspace.catalogue.select_municipalities([municipality])[0]
    wanted = choose_services(workspace.catalogue, programme, [service])[0]
    key = RolloutKey(programme=programme.code, service=wanted.key, municipality=place.ars)
    with workspace.database.reading() as session:
        stages = read_stages(session, [key])
        others = reached_by_others(session, programme, None)(key)
        known = read_evidence(session, [key.municipality], [key.service]).get(key.municipality, ())
        held_up = unlocks(workspace, session, programme, today=today, municipality=place)
    facts = workspace.facts(programme, key, known, today=today, others=others)
    assessment = assess(programme, stages.get(key, START), facts)
    way = shortest_way(programme, assessment, facts)
    return Readiness(
        programme=programme,
        municipality=place,
        service=wanted,
        is_open=key in stages,
        stage=assessment.stage,
        prerequisites=prerequisites(programme, assessment, facts),
        way=way,
        unlocks={kind.code: held_up.get(kind.code, 0) for kind in way.kinds},
        unconfirmed=len(assessment.unconfirmed),
    )


def unlocks(
    workspace: Workspace,
    session: Session,
    programme: Programme,
    *,
    today: date,
    municipality: Municipality | None = None,
) -> Mapping[str, int]:
    """For each kind of evidence the number of open rollouts that one missing entry of it alone holds up.

    Args:
        workspace: the workspace.
        session: an open session.
        programme: the procedure.
        today: the day.
        municipality: count only its rollouts; otherwise those of all.
    """
    keys = list_rollouts(session, programme=programme.code)
    if municipality is not None:
        keys = [key for key in keys if key.municipality == municipality.ars]
    return unlock_counts(_single(workspace, session, programme, keys, today))


def all_unlocks(workspace: Workspace, programme: Programme, *, today: date) -> tuple[Mapping[str, int], int]:
    """``unlocks`` of a whole programme, and how many rollouts are open.

    Raises:
        UsageError: none is.
    """
    with workspace.database.reading() as session:
        total = len(list_rollouts(session, programme=programme.code))
        if not total:
            raise UsageError("rollout.none-open", programme=programme.code)
        return unlocks(workspace, session, programme, today=today), total


def _single(
    workspace: Workspace, session: Session, programme: Programme, keys: Sequence[RolloutKey], today: date
) -> list[tuple[EvidenceKind, ...]]:
    stages = read_stages(session, keys)
    others = reached_by_others(session, programme, None)
    evidence = read_evidence(session, {key.municipality for key in keys}, {key.service for key in keys})
    found = []
    for key in keys:
        facts = workspace.facts(programme, key, evidence.get(key.municipality, ()), today=today, others=others(key))
        assessment = assess(programme, stages[key], facts)
        found.append(single_keys(assessment, facts))
    return found
