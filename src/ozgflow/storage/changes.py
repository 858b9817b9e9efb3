"""What was written since a moment: moves and evidence."""

from datetime import datetime

from sqlmodel import Session, col, select

from ozgflow.domain.evidence import Evidence
from ozgflow.storage.evidence import entry_of
from ozgflow.storage.rollouts import RecordedMove, recorded_move
from ozgflow.storage.tables import EvidenceRow, MoveRow


def moves_since(session: Session, since: datetime) -> list[RecordedMove]:
    """The steps that rollouts have made, oldest first."""
    order = (col(MoveRow.moved_at), MoveRow.service, MoveRow.municipality, col(MoveRow.number))
    return [
        recorded_move(row)
        for row in session.exec(select(MoveRow).where(col(MoveRow.moved_at) >= since).order_by(*order))
    ]


def evidence_since(session: Session, since: datetime) -> list[tuple[Evidence, datetime]]:
    """The evidence that was recorded, with the moment of recording, oldest first."""
    order = (col(EvidenceRow.recorded_at), EvidenceRow.municipality, EvidenceRow.kind, EvidenceRow.subject)
    query = select(EvidenceRow).where(col(EvidenceRow.recorded_at) >= since).order_by(*order, col(EvidenceRow.number))
    return [(entry_of(row), row.recorded_at) for row in session.exec(query)]
