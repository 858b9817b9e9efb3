"""Rollouts in the database: open them, read where they stand, move them by compare-and-set."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, update
from sqlmodel import Session, col, select

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, pack, unpack
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import JudgedGate, Move, RolloutKey
from ozgflow.domain.service_keys import ServiceKey, parse_service_key
from ozgflow.storage.tables import MoveRow, MunicipalityChangeRow, RolloutRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedGate:
    """A gate as the history remembers it."""

    gate: str
    reason: Message
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMove:
    """One entry of the history of a rollout."""

    key: RolloutKey
    number: int
    origin: str
    target: str
    gates: tuple[PassedGate, ...]
    moved_by: str
    moved_at: datetime
    reached_on: date


def open_rollouts(session: Session, keys: Iterable[RolloutKey], *, now: datetime) -> int:
    """Open rollouts at ``START``; those that exist stay as they are.

    Returns:
        How many were opened.
    """
    wanted = list(dict.fromkeys(keys))
    known = read_stages(session, wanted)
    rows = [
        {**_columns(key), "stage": START, "opened_at": now, "moved_at": now} for key in wanted if key not in known
    ]
    if rows:
        session.connection().execute(insert(RolloutRow), rows)
    return len(rows)


def hold_rollouts(session: Session) -> None:
    """Keep others from opening rollouts until the transaction ends.

    SQLite's writing transaction does so by itself; PostgreSQL is asked to.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE rollout IN SHARE ROW EXCLUSIVE MODE")


def read_stages(session: Session, keys: Collection[RolloutKey]) -> dict[RolloutKey, str]:
    """Where rollouts stand; those that are not open are missing from the answer."""
    wanted = set(keys)
    query = select(RolloutRow).where(
        col(RolloutRow.programme).in_({key.programme for key in keys}),
        col(RolloutRow.service).in_({str(key.service) for key in keys}),
        col(RolloutRow.municipality).in_({str(key.municipality) for key in keys}),
    )
    found = {_key(row): row.stage for row in session.exec(query)}
    return {key: stage for key, stage in found.items() if key in wanted}


def read_stages_on(session: Session, keys: Collection[RolloutKey], day: date) -> dict[RolloutKey, str]:
    """Where rollouts stood at the end of a day, by the days of their proofs.

    Those that had reached no stage and were opened later are missing from the answer.
    """
    wanted = set(keys)
    query = select(RolloutRow).where(
        col(RolloutRow.programme).in_({key.programme for key in keys}),
        col(RolloutRow.service).in_({str(key.service) for key in keys}),
    )
    opened = {_key(row): row.opened_at.date() for row in session.exec(query)}
    stages = {key: START for key in wanted if key in opened and opened[key] <= day}
    for move in read_history(session, keys):
        if move.reached_on <= day:
            stages[move.key] = move.target
    return stages


def list_rollouts(
    session: Session,
    *,
    programme: str | None = None,
    services: Collection[ServiceKey] = (),
    day: date | None = None,
) -> list[RolloutKey]:
    """All open rollouts of a programme or of services, sorted.

    Those of a municipality whose key has ended are closed and left out; with a day, those ended by then.
    """
    query = select(RolloutRow).where(_is_open(day))
    if programme is not None:
        query = query.where(RolloutRow.programme == programme)
    if services:
        query = query.where(col(RolloutRow.service).in_([str(service) for service in services]))
    return sorted(_key(row) for row in session.exec(query))


def list_programmes(session: Session) -> frozenset[str]:
    """The codes of the programmes under which a rollout is open."""
    return frozenset(session.exec(select(RolloutRow.programme).where(_is_open()).distinct()))


def _is_open(day: date | None = None) -> ColumnElement[bool]:
    """Rollouts of municipalities whose key has not ended; with a day, not by then."""
    ended = select(MunicipalityChangeRow.old)
    if day is not None:
        ended = ended.where(MunicipalityChangeRow.day <= day)
    return col(RolloutRow.municipality).not_in(ended)


def move_rollout(session: Session, key: RolloutKey, moves: Sequence[Move], *, by: str, now: datetime) -> bool:
    """Move a rollout by compare-and-set and append the steps to its history.

    Args:
        session: an open writing session.
        key: the rollout.
        moves: the steps, in order; the first begins where the rollout is believed to stand.
        by: who moves it.
        now: the moment.

    Returns:
        Whether it stood where it was believed to; otherwise nothing is changed.
    """
    changed = session.connection().execute(
        update(RolloutRow)
        .where(
            col(RolloutRow.programme) == key.programme,
            col(RolloutRow.service) == str(key.service),
            col(RolloutRow.municipality) == str(key.municipality),
            col(RolloutRow.stage) == moves[0].origin,
        )
        .values(stage=moves[-1].target, moved_at=now)
    )
    if changed.rowcount != 1:
        return False
    last, since = _last_step(session, key)
    rows = [
        {**_move_values(key, number, move, by, now), "reached_on": max(move.reached_on, since or move.reached_on)}
        for number, move in enumerate(moves, last + 1)
    ]
    session.connection().execute(insert(MoveRow), rows)
    return True


def read_history(session: Session, keys: Collection[RolloutKey]) -> list[RecordedMove]:
    """The steps of some rollouts, oldest first per rollout."""
    wanted = set(keys)
    query = select(MoveRow).where(
        col(MoveRow.service).in_({str(key.service) for key in keys}),
        col(MoveRow.municipality).in_({str(key.municipality) for key in keys}),
    )
    rows = session.exec(query.order_by(MoveRow.service, MoveRow.municipality, col(MoveRow.number)))
    return [recorded_move(row) for row in rows if _key(row) in wanted]


def _last_step(session: Session, key: RolloutKey) -> tuple[int, date | None]:
    """Number and day of the last step; no stage is reached before the one in front of it."""
    query = select(func.max(MoveRow.number), func.max(MoveRow.reached_on)).where(
        MoveRow.programme == key.programme,
        MoveRow.service == str(key.service),
        MoveRow.municipality == str(key.municipality),
    )
    number, day = session.exec(query).one()
    return number or 0, day


def _key(row: RolloutRow | MoveRow) -> RolloutKey:
    return RolloutKey(
        programme=row.programme, service=parse_service_key(row.service), municipality=Ars.parse(row.municipality)
    )


def _columns(key: RolloutKey) -> dict[str, object]:
    return {"programme": key.programme, "service": str(key.service), "municipality": str(key.municipality)}


def _move_values(key: RolloutKey, number: int, move: Move, by: str, now: datetime) -> dict[str, object]:
    return {
        **_columns(key),
        "number": number,
        "origin": move.origin,
        "target": move.target,
        "gates": [_gate_values(judged) for judged in move.gates],
        "moved_by": by,
        "moved_at": now,
    }


def _gate_values(judged: JudgedGate) -> dict[str, Any]:
    result = judged.result
    return {
        "gate": judged.gate.code,
        "reason": pack(result.reason),
        "evidence": [
            " ".join(filter(None, (entry.kind, entry.subject, entry.reference))) for entry in result.evidence
        ],
    }


def recorded_move(row: MoveRow) -> RecordedMove:
    """The step that a row keeps."""
    gates = tuple(
        PassedGate(gate=gate["gate"], reason=unpack(gate["reason"]), evidence=tuple(gate["evidence"]))
        for gate in row.gates
    )
    return RecordedMove(
        key=_key(row),
        number=row.number,
        origin=row.origin,
        target=row.target,
        gates=gates,
        moved_by=row.moved_by,
        moved_at=row.moved_at,
        reached_on=row.reached_on,
    )
