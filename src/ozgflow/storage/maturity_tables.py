"""The table of maturity ratings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from ozgflow.storage.tables import Moment


class MaturityRow(SQLModel, table=True):
    """What somebody said about one aspect of a service, or about the whole. Append-only.

    Numbers within a chain say in which order ratings were recorded.
    """

    __tablename__ = "maturity_rating"
    __table_args__ = (
        CheckConstraint("number >= 1", name="ck_maturity_number"),
        CheckConstraint("answer IN ('level', 'waived', 'withdrawn')", name="ck_maturity_answer"),
        CheckConstraint(
            "(answer = 'level' AND level IS NOT NULL AND level >= 0) OR (answer <> 'level' AND level IS NULL)",
            name="ck_maturity_level",
        ),
        CheckConstraint("source <> '' AND reference <> '' AND recorded_by <> ''", name="ck_maturity_proof"),
        CheckConstraint("valid_until IS NULL OR valid_until >= rated_on", name="ck_maturity_days"),
    )

    model: str = Field(primary_key=True)
    service: str = Field(primary_key=True, max_length=14, foreign_key="service.key")
    municipality: str = Field(primary_key=True, max_length=12)
    """ARS, or empty when the service itself is rated, wherever it is used."""
    aspect: str = Field(primary_key=True)
    """Code of the aspect, or empty for the service as a whole."""
    number: int = Field(primary_key=True)
    answer: str
    level: int | None = None
    source: str
    reference: str
    rated_on: date
    valid_until: date | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_column=Column(Moment(), nullable=False))
