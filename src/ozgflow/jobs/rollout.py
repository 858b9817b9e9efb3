"""Opening rollouts and moving them as far as their evidence carries them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.board import Board, BoardRow, Unjudged
from ozgflow.domain.evidence import Evidence
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import Assessment, RolloutKey, assess
from ozgflow.errors import OzgflowError, UsageError
from ozgflow.jobs.workspace import Failure, Workspace
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import hold_evidence, read_evidence
from ozgflow.storage.rollouts import (
    RecordedMove,
    list_rollouts,
    move_rollout,
    open_rollouts,
    read_history,
    read_stages,
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


def start(workspace: Workspace, keys: Sequence[RolloutKey], *, now: datetime) -> int:
    """Open rollouts that are not open yet. Returns how many were opened."""
    with workspace.database.writing() as session:
        return open_rollouts(session, keys, now=now)


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


def board(workspace: Workspace, programme: Programme, keys: Sequence[RolloutKey], *, today: date) -> Board:
    """Where rollouts stand and what holds them, judged for a day."""
    with workspace.database.reading() as session:
        judged, failures = _assess_all(workspace, session, programme, keys, today=today)
    rows = (
        BoardRow(
            municipality=workspace.catalogue.municipality(key.municipality),
            service=workspace.catalogue.service(key.service),
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


def open_keys(workspace: Workspace, programme: str, services: Sequence[str] = ()) -> list[RolloutKey]:
    """The open rollouts of a programme, of all or of some services.

    Raises:
        UsageError: a service is unknown, or nothing is open.
    """
    chosen = [workspace.catalogue.service(key).key for key in services]
    with workspace.database.reading() as session:
        keys = list_rollouts(session, programme=programme, services=chosen)
    if not keys:
        raise UsageError("rollout.none-open", programme=programme)
    return keys


def history(workspace: Workspace, keys: Sequence[RolloutKey]) -> list[RecordedMove]:
    """All steps that rollouts have made, oldest first per rollout."""
    with workspace.database.reading() as session:
        return read_history(session, keys)


def _assess_all(
    workspace: Workspace,
    session: Session,
    programme: Programme,
    keys: Collection[RolloutKey],
    *,
    today: date,
    assumed: Sequence[Evidence] = (),
    unopened: bool = False,
) -> tuple[dict[RolloutKey, Assessment], tuple[Failure, ...]]:
    """Judge each open rollout; one that cannot be judged does not keep the others from it."""
    stages = read_stages(session, keys)
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
            judged[key] = assess(programme, stage, workspace.facts(key, known, today=today))
        except OzgflowError as error:
            failures.append(Failure(key=key, reason=message(error.code, **error.params)))
    return judged, tuple(failures)


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
        judged, _ = _assess_all(workspace, session, programme, keys, today=today)
        return {
            key: assessment
            for key, assessment in judged.items()
            if assessment.moves and move_rollout(session, key, assessment.moves, by=by, now=now)
        }


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
