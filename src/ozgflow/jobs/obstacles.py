"""Naming and clearing what holds rollouts, and reporting on it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ozgflow.domain.messages import Message, message
from ozgflow.domain.obstacle_files import load_obstacle_kinds
from ozgflow.domain.obstacle_report import ObstacleReport, is_held, report
from ozgflow.domain.obstacles import Obstacle, ObstacleEvent, ObstacleFact, known_on, open_by_rollout
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.rollout import board
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.obstacles import add_fact, read_facts
from ozgflow.storage.rollouts import read_stages


def raise_obstacle(
    workspace: Workspace,
    key: RolloutKey,
    *,
    kind: str,
    owner: str,
    by: str,
    day: date,
    today: date,
    now: datetime,
    note: str = "",
) -> bool:
    """Name an obstacle of an open rollout.

    Args:
        workspace: the workspace.
        key: the rollout.
        kind: code of an entry of the list.
        owner: who is to clear it.
        by: who records it.
        day: since when it is there.
        today: the present day.
        now: the present moment.
        note: a remark for operators.

    Returns:
        Whether it is new; the same obstacle of a rollout is open at most once.

    Raises:
        UsageError: the rollout is not open, the list has no such obstacle, owner or name is missing, or the day is in
            the future or before that of the fact before.
    """
    kinds = load_obstacle_kinds()
    if kind not in kinds:
        raise _unknown(kind)
    if not owner.strip():
        raise UsageError("obstacle.owner")
    fact = ObstacleFact(
        key=key,
        kind=kind,
        event=ObstacleEvent.RAISED,
        day=day,
        owner=owner.strip(),
        by=by.strip(),
        note=_note(note),
    )
    return _record(workspace, fact, (owner, by, note), today=today, now=now)


def clear_obstacle(
    workspace: Workspace,
    key: RolloutKey,
    *,
    kind: str,
    by: str,
    day: date,
    today: date,
    now: datetime,
    note: str = "",
) -> bool:
    """Say that an obstacle of a rollout is gone. An obstacle that has left the list can still be cleared.

    Returns:
        Whether it was open.

    Raises:
        UsageError: as for ``raise_obstacle``.
    """
    fact = ObstacleFact(key=key, kind=kind, event=ObstacleEvent.CLEARED, day=day, by=by.strip(), note=_note(note))
    cleared = _record(workspace, fact, (by, note), today=today, now=now)
    if not cleared and kind not in load_obstacle_kinds():
        raise _unknown(kind)
    return cleared


def obstacles(workspace: Workspace, keys: Sequence[RolloutKey], *, today: date) -> tuple[Obstacle, ...]:
    """What was known on a day about the obstacles of some rollouts, the cleared ones too."""
    with workspace.database.reading() as session:
        return known_on(read_facts(session, keys, until=today), today)


def open_obstacles(
    workspace: Workspace, keys: Sequence[RolloutKey], *, today: date
) -> Mapping[RolloutKey, tuple[Obstacle, ...]]:
    """The obstacles that are open on a day, by rollout, the oldest first; rollouts without one are left out."""
    return open_by_rollout(obstacles(workspace, keys, today=today), keys)


def report_obstacles(
    workspace: Workspace,
    programme: Programme,
    keys: Sequence[RolloutKey],
    *,
    today: date,
    looking_back: bool = False,
) -> ObstacleReport:
    """How old obstacles are, which ones are frequent, and which held rollouts name none.

    Args:
        workspace: the workspace.
        programme: the procedure.
        keys: its rollouts.
        today: the day for which evidence and obstacles are judged.
        looking_back: take the stages of that day, not those of now.
    """
    shown = board(workspace, programme, keys, today=today, looking_back=looking_back)
    held = {
        RolloutKey(programme=programme.code, service=row.service.key, municipality=row.municipality.ars): row
        for row in shown.rows
        if is_held(row.assessment)
    }
    return report(
        held,
        obstacles(workspace, keys, today=today),
        {key: row.service.field for key, row in held.items()},
        today=today,
        total=len(shown.rows),
        unjudged=len(shown.unjudged),
    )


def _record(workspace: Workspace, fact: ObstacleFact, words: Sequence[str], *, today: date, now: datetime) -> bool:
    if not fact.by:
        raise UsageError("obstacle.by")
    if not all(word.isprintable() for word in words):
        raise UsageError("obstacle.unprintable")
    if fact.day > today:
        raise UsageError("obstacle.future", day=fact.day)
    with workspace.database.writing() as session:
        if not read_stages(session, [fact.key]):
            raise UsageError(
                "obstacle.rollout-not-open",
                name=workspace.catalogue.name_of(fact.key.municipality),
                service=fact.key.service,
                programme=fact.key.programme,
            )
        return add_fact(session, fact, now=now)


def _unknown(kind: str) -> UsageError:
    return UsageError("obstacle.kind-unknown", kind=kind, known=", ".join(load_obstacle_kinds()))


def _note(text: str) -> Message | None:
    return message("note.free", text=text.strip()) if text.strip() else None
