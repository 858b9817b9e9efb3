"""Changes of municipalities in the database: what has been applied, and rollouts carried on from key to key."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, select

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, pack
from ozgflow.domain.municipality_changes import MunicipalityChange, MunicipalityChangeKind, lineage_of
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import parse_service_key
from ozgflow.errors import TransientError
from ozgflow.storage.rollouts import RecordedMove, read_history
from ozgflow.storage.statements import parts
from ozgflow.storage.tables import MoveRow, MunicipalityChangeRow, RolloutRow

CARRIED_GATE = "gebietsaenderung"
"""Stands where moves name their gates: this move rests on a change of territory, not on gates."""


def hold_everything(session: Session) -> None:
    """Keep others from writing rollouts and evidence until the transaction ends.

    SQLite's writing transaction does so by itself; PostgreSQL is asked to, in the order in which runs that move
    rollouts take both.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE evidence, rollout IN SHARE ROW EXCLUSIVE MODE")


def read_applied(session: Session) -> tuple[MunicipalityChange, ...]:
    """The changes that have been applied, by day and keys."""
    order = (col(MunicipalityChangeRow.day), col(MunicipalityChangeRow.old), col(MunicipalityChangeRow.new))
    return tuple(
        MunicipalityChange(
            day=row.day,
            kind=MunicipalityChangeKind(row.kind),
            old=Ars.parse(row.old),
            new=Ars.parse(row.new),
            source=row.source,
        )
        for row in session.exec(select(MunicipalityChangeRow).order_by(*order))
    )


def record_applied(session: Session, changes: Iterable[MunicipalityChange], *, by: str, now: datetime) -> None:
    """Write down that changes have been applied. From then on the rollouts of their old keys are closed."""
    rows = [
        {
            "old": str(change.old),
            "new": str(change.new),
            "day": change.day,
            "kind": change.kind.value,
            "source": change.source,
            "applied_by": by,
            "applied_at": now,
        }
        for change in changes
    ]
    if rows:
        session.connection().execute(insert(MunicipalityChangeRow), rows)


def read_rollouts_of(session: Session, municipalities: Collection[Ars]) -> dict[RolloutKey, str]:
    """Where all rollouts of some municipalities stand, whatever their programme, closed ones too."""
    found: dict[RolloutKey, str] = {}
    for part in parts(sorted(str(ars) for ars in municipalities)):
        for row in session.exec(select(RolloutRow).where(col(RolloutRow.municipality).in_(part))):
            key = RolloutKey(
                programme=row.programme,
                service=parse_service_key(row.service),
                municipality=Ars.parse(row.municipality),
            )
            found[key] = row.stage
    return found


def read_whole_history(session: Session, keys: Iterable[RolloutKey]) -> list[RecordedMove]:
    """The steps of some rollouts, before them those of their predecessors, oldest first per rollout."""
    lineage = lineage_of(read_applied(session))
    wanted: dict[RolloutKey, None] = {}
    for key in sorted(keys):
        origins = lineage.origins(key.municipality)
        wanted |= dict.fromkeys(replace(key, municipality=ars) for ars in (*origins, key.municipality))
    place = {key: number for number, key in enumerate(wanted)}
    return sorted(read_history(session, wanted), key=lambda move: (place[move.key], move.number))


def carry_rollout(
    session: Session,
    key: RolloutKey,
    *,
    origin: str | None,
    target: str,
    reason: Message,
    stood: Sequence[str],
    day: date,
    by: str,
    now: datetime,
) -> None:
    """Put a rollout where its predecessors stood, with a step in its history that names them.

    Args:
        session: an open writing session.
        key: the rollout of the one who takes over.
        origin: where it stands; ``None`` when it is not open yet.
        target: where it is to stand.
        reason: the sentence for the history.
        stood: who stood where, one text per predecessor.
        day: the day of the change.
        by: who carries it on.
        now: the moment.

    Raises:
        TransientError: another run has moved it in the meantime.
    """
    columns = {"programme": key.programme, "service": str(key.service), "municipality": str(key.municipality)}
    if origin is None:
        row = {**columns, "stage": target, "opened_at": now, "moved_at": now}
        session.connection().execute(insert(RolloutRow), [row])
    elif origin != target:
        _move(session, columns, origin, target, now)
    if (origin or START) == target:
        return
    number, since = _last_step(session, columns)
    step: dict[str, Any] = {
        **columns,
        "number": number + 1,
        "origin": origin or START,
        "target": target,
        "gates": [{"gate": CARRIED_GATE, "reason": pack(reason), "evidence": list(stood)}],
        "moved_by": by,
        "moved_at": now,
        "reached_on": max(day, since or day),
    }
    session.connection().execute(insert(MoveRow), [step])


def _move(session: Session, columns: dict[str, str], origin: str, target: str, now: datetime) -> None:
    changed = session.connection().execute(
        update(RolloutRow)
        .where(
            col(RolloutRow.programme) == columns["programme"],
            col(RolloutRow.service) == columns["service"],
            col(RolloutRow.municipality) == columns["municipality"],
            col(RolloutRow.stage) == origin,
        )
        .values(stage=target, moved_at=now)
    )
    if changed.rowcount != 1:
        raise TransientError("database.conflict")


def _last_step(session: Session, columns: dict[str, str]) -> tuple[int, date | None]:
    query = select(func.max(MoveRow.number), func.max(MoveRow.reached_on)).where(
        MoveRow.programme == columns["programme"],
        MoveRow.service == columns["service"],
        MoveRow.municipality == columns["municipality"],
    )
    number, day = session.exec(query).one()
    return number or 0, day
