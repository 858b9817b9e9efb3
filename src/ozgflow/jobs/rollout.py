"""Opening rollouts and moving them as far as their evidence carries them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.board import Board, BoardRow, Unjudged
from ozgflow.domain.evidence import Evidence
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import Assessment, RolloutKey, assess
from ozgflow.domain.service_keys import ServiceKey
from ozgflow.errors import OzgflowError, UsageError
from ozgflow.jobs.plan import choose_services
from ozgflow.jobs.workspace import Failure, Workspace
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import hold_evidence, read_evidence
from ozgflow.storage.municipality_changes import read_whole_history
from ozgflow.storage.rollouts import (
    RecordedMove,
    hold_rollouts,
    list_programmes,
    list_rollouts,
    move_rollout,
    read_stages,
    read_stages_on,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """One rollout that moved, or would move in a dry run."""

    key: RolloutKey
    origin: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceSummary:
    """What a run moved.

    Attributes:
        moved: the rollouts that moved.
        stayed: how many did not.
        overtaken: how many another run moved in the meantime.
        failures: rollouts that could not be judged.
    """

    moved: tuple[Advanced, ...] = ()
    stayed: int = 0
    overtaken: int = 0
    failures: tuple[Failure, ...] = ()


def advance(
    workspace: Workspace,
    programme: Programme,
    keys: Sequence[RolloutKey],
    *,
    today: date,
    now: datetime,
    by: str,
    dry_run: bool = False,
    assumed: Sequence[Evidence] = (),
) -> AdvanceSummary:
    """Judge rollouts and move them by compare-and-set.

    Args:
        workspace: the workspace.
        programme: the procedure.
        keys: rollouts to work on.
        today: the day for which evidence is judged.
        now: the moment that the history records.
        by: who moves them.
        dry_run: judge only; rollouts that are not open are judged from the beginning.
        assumed: evidence that is taken as recorded, for a dry run.
    """
    with workspace.database.reading() as session:
        judged, failures = _assess_all(
            workspace, session, programme, keys, today=today, assumed=assumed, unopened=dry_run
        )
    moving = {key: assessment for key, assessment in judged.items() if assessment.moves}
    done = moving if dry_run else _move_all(workspace, programme, moving, today=today, now=now, by=by)
    return AdvanceSummary(
        moved=tuple(
            Advanced(key=key, origin=assessment.origin, target=assessment.stage) for key, assessment in done.items()
        ),
        stayed=len(judged) - len(moving),
        overtaken=len(moving) - len(done),
        failures=failures,
    )


def board(
    workspace: Workspace,
    programme: Programme,
    keys: Sequence[RolloutKey],
    *,
    today: date,
    looking_back: bool = False,
) -> Board:
    """Where rollouts stand and what holds them, judged for a day.

    Args:
        workspace: the workspace.
        programme: the procedure.
        keys: the rollouts.
        today: the day.
        looking_back: show where they stood on that day, not where they stand now.
    """
    with workspace.database.reading() as session:
        judged, failures = _assess_all(workspace, session, programme, keys, today=today, looking_back=looking_back)
    rows = (
        BoardRow(
            municipality=workspace.catalogue.municipality(key.municipality),
            service=workspace.service(programme, key.service),
            stage=assessment.origin,
            assessment=assessment,
        )
        for key, assessment in sorted(judged.items(), key=lambda pair: pair[0])
    )
    unjudged = (
        Unjudged(
            service=failure.key.service,
            name=workspace.catalogue.name_of(failure.key.municipality),
            reason=failure.reason,
        )
        for failure in failures
    )
    return Board(programme=programme, as_of=today, rows=tuple(rows), unjudged=tuple(unjudged))


def open_keys(
    workspace: Workspace, programme: str, services: Sequence[str] = (), *, day: date | None = None
) -> list[RolloutKey]:
    """The open rollouts of a programme, of all or of some services; with a day, those not closed by then.

    Raises:
        UsageError: a service is unknown, or nothing is open.
    """
    procedure = load_programme(programme)
    chosen = [one.key for one in choose_services(workspace.catalogue, procedure, services)] if services else []
    with workspace.database.reading() as session:
        keys = list_rollouts(session, programme=programme, services=chosen, day=day)
    if not keys:
        raise UsageError("rollout.none-open", programme=programme)
    return keys


def begun_programmes(workspace: Workspace) -> frozenset[str]:
    """The codes of the programmes that have open rollouts."""
    with workspace.database.reading() as session:
        return list_programmes(session)


def history(workspace: Workspace, keys: Sequence[RolloutKey]) -> list[RecordedMove]:
    """All steps that rollouts and their predecessors have made, oldest first per rollout."""
    with workspace.database.reading() as session:
        return read_whole_history(session, keys)


def _assess_all(
    workspace: Workspace,
    session: Session,
    programme: Programme,
    keys: Collection[RolloutKey],
    *,
    today: date,
    assumed: Sequence[Evidence] = (),
    unopened: bool = False,
    looking_back: bool = False,
) -> tuple[dict[RolloutKey, Assessment], tuple[Failure, ...]]:
    """Judge each open rollout; one that cannot be judged does not keep the others from it."""
    stages = read_stages_on(session, keys, today) if looking_back else read_stages(session, keys)
    others = reached_by_others(session, programme, today if looking_back else None)
    evidence = read_evidence(session, {key.municipality for key in keys}, {key.service for key in keys})
    extra: dict[Ars, list[Evidence]] = {}
    for entry in assumed:
        extra.setdefault(entry.municipality, []).append(entry)
    judged: dict[RolloutKey, Assessment] = {}
    failures: list[Failure] = []
    for key in keys:
        stage = stages.get(key, START if unopened else None)
        if stage is None:
            continue
        known = [*evidence.get(key.municipality, ()), *extra.get(key.municipality, ())]
        try:
            facts = workspace.facts(programme, key, known, today=today, others=others(key))
            judged[key] = assess(programme, stage, facts)
        except OzgflowError as error:
            failures.append(Failure(key=key, reason=message(error.code, **error.params)))
    return judged, tuple(failures)


def reached_by_others(
    session: Session, programme: Programme, day: date | None
) -> Callable[[RolloutKey], Mapping[Ars, frozenset[str]]]:
    """For a rollout the stages that others have reached with its service, as far as a gate asks for them.

    The origin of a solution has not reused it, so it does not count.
    """
    if not programme.asks_for_others:
        return lambda _key: {}
    keys = list_rollouts(session, programme=programme.code, day=day)
    stages = read_stages(session, keys) if day is None else read_stages_on(session, keys, day)
    reached: dict[ServiceKey, dict[Ars, frozenset[str]]] = {}
    for key, stage in stages.items():
        if not programme.is_origin(key.municipality):
            codes = frozenset(programme.codes[1 : programme.position(stage) + 1])
            reached.setdefault(key.service, {})[key.municipality] = codes

    def of_others(key: RolloutKey) -> Mapping[Ars, frozenset[str]]:
        return {ars: codes for ars, codes in reached.get(key.service, {}).items() if ars != key.municipality}

    return of_others


def _move_all(
    workspace: Workspace,
    programme: Programme,
    keys: Collection[RolloutKey],
    *,
    today: date,
    now: datetime,
    by: str,
) -> dict[RolloutKey, Assessment]:
    """Judge once more while no evidence can be added, and move: what was withdrawn meanwhile must count."""
    if not keys:
        return {}
    with workspace.database.writing() as session:
        hold_evidence(session)
        groups: Iterable[Collection[RolloutKey]] = [keys]
        if programme.asks_for_others:
            # Where a gate looks at others, each has to see what the one before it has just reached.
            hold_rollouts(session)
            groups = [[key] for key in keys]
        moved: dict[RolloutKey, Assessment] = {}
        for group in groups:
            judged, _ = _assess_all(workspace, session, programme, group, today=today)
            for key, assessment in judged.items():
                if assessment.moves and move_rollout(session, key, assessment.moves, by=by, now=now):
                    moved[key] = assessment
        return moved


def require_open(workspace: Workspace, keys: Sequence[RolloutKey]) -> list[RolloutKey]:
    """Those of the rollouts that are open.

    Raises:
        UsageError: none of them is.
    """
    with workspace.database.reading() as session:
        found = sorted(read_stages(session, keys))
    if not found:
        raise UsageError("rollout.none-open", programme=keys[0].programme if keys else "–")
    return found
