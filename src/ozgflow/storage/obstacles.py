"""Obstacles in the database: raised once, cleared once, never changed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, tuple_
from sqlmodel import Session, col, select

from ozgflow.domain.messages import pack, unpack
from ozgflow.domain.obstacles import ObstacleEvent, ObstacleFact
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.storage.obstacle_tables import ObstacleRow
from ozgflow.storage.statements import parts
from ozgflow.storage.tables import RolloutRow


def add_fact(session: Session, fact: ObstacleFact, *, now: datetime) -> bool:
    """Append a fact, unless the obstacle is raised or cleared already.

    Facts about one rollout are written one after the other: the second of two writers waits here for the first,
    and then sees what that one has written.

    Returns:
        Whether anything was written.

    Raises:
        UsageError: the day lies before that of the fact before.
        DataError: the rollout is not open.
    """
    _hold_rollout(session, fact.key)
    latest = _latest(session, fact.key, fact.kind)
    if fact.event.value == (latest.event if latest else ObstacleEvent.CLEARED):
        return False
    if latest and fact.day < latest.day:
        raise UsageError("obstacle.day-order", day=fact.day, before=latest.day)
    session.connection().execute(insert(ObstacleRow), [_values(fact, latest, now)])
    return True


def read_facts(session: Session, keys: Collection[RolloutKey], *, until: date) -> list[ObstacleFact]:
    """The facts about some rollouts up to a day, those about one obstacle in the order of recording."""
    wanted = {_names(key): key for key in keys}
    columns = tuple_(col(ObstacleRow.programme), col(ObstacleRow.service), col(ObstacleRow.municipality))
    order = (ObstacleRow.programme, ObstacleRow.service, ObstacleRow.municipality, ObstacleRow.kind)
    found: list[ObstacleFact] = []
    for part in parts(sorted(wanted)):
        query = select(ObstacleRow).where(columns.in_(part), col(ObstacleRow.day) <= until)
        rows = session.exec(query.order_by(*order, col(ObstacleRow.number)))
        found += [_fact(row, wanted[row.programme, row.service, row.municipality]) for row in rows]
    return found


def _hold_rollout(session: Session, key: RolloutKey) -> None:
    programme, service, municipality = _names(key)
    query = select(RolloutRow).where(
        RolloutRow.programme == programme,
        RolloutRow.service == service,
        RolloutRow.municipality == municipality,
    )
    # SQLite's writing transaction holds everything by itself and knows no FOR UPDATE.
    session.exec(query.with_for_update()).first()


def _latest(session: Session, key: RolloutKey, kind: str) -> ObstacleRow | None:
    programme, service, municipality = _names(key)
    query = select(ObstacleRow).where(
        ObstacleRow.programme == programme,
        ObstacleRow.service == service,
        ObstacleRow.municipality == municipality,
        ObstacleRow.kind == kind,
    )
    return session.exec(query.order_by(col(ObstacleRow.number).desc())).first()


def _names(key: RolloutKey) -> tuple[str, str, str]:
    return key.programme, str(key.service), str(key.municipality)


def _values(fact: ObstacleFact, latest: ObstacleRow | None, now: datetime) -> dict[str, Any]:
    programme, service, municipality = _names(fact.key)
    return {
        "programme": programme,
        "service": service,
        "municipality": municipality,
        "kind": fact.kind,
        "number": latest.number + 1 if latest else 1,
        "follows": latest.number if latest else None,
        "event": fact.event.value,
        "day": fact.day,
        "owner": fact.owner,
        "recorded_by": fact.by,
        "note": pack(fact.note) if fact.note else None,
        "recorded_at": now,
    }


def _fact(row: ObstacleRow, key: RolloutKey) -> ObstacleFact:
    return ObstacleFact(
        key=key,
        kind=row.kind,
        event=ObstacleEvent(row.event),
        day=row.day,
        owner=row.owner,
        by=row.recorded_by,
        note=unpack(row.note) if row.note else None,
    )
