"""Looking at the tables as a whole: how many rows, and whose."""

from sqlalchemy import func
from sqlmodel import Session, select

from ozgflow.storage.maturity_tables import MaturityRow
from ozgflow.storage.obstacle_tables import ObstacleRow
from ozgflow.storage.tables import CheckRow, EvidenceRow, MoveRow, RolloutRow


def count_rows(session: Session) -> int:
    """Rows of all tables that jobs write to: evidence, rollouts, moves and document checks, obstacles, ratings."""
    return sum(
        session.exec(select(func.count()).select_from(table)).one()
        for table in (EvidenceRow, RolloutRow, MoveRow, CheckRow, ObstacleRow, MaturityRow)
    )


def is_in_earnest(session: Session, invented_by: str) -> bool:
    """Whether there is evidence, and none of it was recorded by the one who invents it."""
    recorded_by = set(session.exec(select(EvidenceRow.recorded_by).distinct()))
    return bool(recorded_by) and invented_by not in recorded_by
