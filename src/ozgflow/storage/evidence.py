"""Evidence in the database: append to a chain, read what was recorded."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import insert, tuple_
from sqlmodel import Session, col, select

from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import pack, unpack
from ozgflow.domain.service_keys import ServiceKey, parse_service_key
from ozgflow.storage.statements import parts
from ozgflow.storage.tables import EvidenceRow

Chain = tuple[str, str, str, str]


def add_evidence(session: Session, entries: Iterable[Evidence], *, now: datetime) -> int:
    """Append entries to their chains; an entry that repeats the newest one of its chain is left out.

    Returns:
        How many were added.
    """
    wanted = list(entries)
    newest = _newest(session, {entry.chain for entry in wanted})
    rows = []
    for entry in wanted:
        number, latest = newest.get(entry.chain, (0, None))
        if not entry.repeats(latest):
            newest[entry.chain] = (number + 1, entry)
            rows.append(_values(entry, number + 1, now))
    if rows:
        session.connection().execute(insert(EvidenceRow), rows)
    return len(rows)


def read_evidence(
    session: Session, municipalities: Collection[Ars], services: Collection[ServiceKey] | None = None
) -> dict[Ars, tuple[Evidence, ...]]:
    """All entries of some municipalities in the order of recording.

    Args:
        session: an open session.
        municipalities: whose entries.
        services: only entries for these services and for the whole municipality; ``None`` stands for all.
    """
    query = select(EvidenceRow).where(col(EvidenceRow.municipality).in_([str(ars) for ars in municipalities]))
    if services is not None:
        query = query.where(col(EvidenceRow.service).in_(["", *map(str, services)]))
    order = (EvidenceRow.municipality, EvidenceRow.kind, EvidenceRow.service, EvidenceRow.subject)
    found: dict[Ars, list[Evidence]] = {}
    for row in session.exec(query.order_by(*order, col(EvidenceRow.number))):
        entry = entry_of(row)
        found.setdefault(entry.municipality, []).append(entry)
    return {ars: tuple(entries) for ars, entries in found.items()}


def hold_evidence(session: Session) -> None:
    """Keep others from adding evidence until the transaction ends.

    SQLite's writing transaction does so by itself; PostgreSQL is asked to.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE evidence IN SHARE MODE")


def _newest(session: Session, chains: set[Chain]) -> dict[Chain, tuple[int, Evidence]]:
    key = tuple_(
        col(EvidenceRow.municipality),
        col(EvidenceRow.service),
        col(EvidenceRow.kind),
        col(EvidenceRow.subject),
    )
    newest: dict[Chain, tuple[int, Evidence]] = {}
    for part in parts(sorted(chains)):
        for row in session.exec(select(EvidenceRow).where(key.in_(part)).order_by(col(EvidenceRow.number))):
            entry = entry_of(row)
            newest[entry.chain] = (row.number, entry)
    return newest


def _values(entry: Evidence, number: int, now: datetime) -> dict[str, object]:
    return {
        "municipality": str(entry.municipality),
        "service": str(entry.service or ""),
        "kind": entry.kind,
        "subject": entry.subject,
        "number": number,
        "answer": entry.answer.value,
        "source": entry.source.value,
        "reference": entry.reference,
        "observed_on": entry.observed_on,
        "valid_until": entry.valid_until,
        "recorded_by": entry.recorded_by,
        "note": pack(entry.note) if entry.note else None,
        "recorded_at": now,
    }


def entry_of(row: EvidenceRow) -> Evidence:
    """The fact that a row keeps."""
    return Evidence(
        kind=row.kind,
        municipality=Ars.parse(row.municipality),
        service=parse_service_key(row.service) if row.service else None,
        subject=row.subject,
        answer=Answer(row.answer),
        source=EvidenceSource(row.source),
        reference=row.reference,
        observed_on=row.observed_on,
        valid_until=row.valid_until,
        recorded_by=row.recorded_by,
        note=unpack(row.note) if row.note else None,
    )
