"""Counting rows, to tell what a run has changed."""

from sqlalchemy import func
from sqlmodel import Session, select

from ozgflow.storage.tables import CheckRow, EvidenceRow, MoveRow, RolloutRow


def count_rows(session: Session) -> int:
    """Rows of all tables that jobs write to: evidence, rollouts, moves and document checks."""
    return sum(
        session.exec(select(func.count()).select_from(table)).one()
        for table in (EvidenceRow, RolloutRow, MoveRow, CheckRow)
    )
