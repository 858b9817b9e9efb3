"""The table of obstacles.

The database itself sees to it that an obstacle of a rollout is open at most once, also when two processes raise it
at the same moment: its facts have the numbers 1, 2, 3 …, odd ones are raised and even ones cleared, none may be
left out, and no number can be given twice.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from ozgflow.storage.tables import Moment

_KEY = ("programme", "service", "municipality")
_ROLLOUT = ("rollout.programme", "rollout.service", "rollout.municipality")
_BEFORE = ("obstacle.programme", "obstacle.service", "obstacle.municipality", "obstacle.kind", "obstacle.number")
_ODD = "number - (number / 2) * 2 = 1"
_EVEN = "number - (number / 2) * 2 = 0"


class ObstacleRow(SQLModel, table=True):
    """One fact: an obstacle of a rollout was raised or cleared. Append-only."""

    __tablename__ = "obstacle"
    __table_args__ = (
        ForeignKeyConstraint([*_KEY], [*_ROLLOUT], name="fk_obstacle_rollout"),
        ForeignKeyConstraint(
            [*_KEY, "kind", "follows"],
            [*_BEFORE],
            name="fk_obstacle_follows",
        ),
        CheckConstraint(
            "(number = 1 AND follows IS NULL) OR (number > 1 AND follows IS NOT NULL AND follows = number - 1)",
            name="ck_obstacle_number",
        ),
        CheckConstraint(
            f"(event = 'raised' AND {_ODD} AND owner <> '') OR (event = 'cleared' AND {_EVEN} AND owner = '')",
            name="ck_obstacle_event",
        ),
        CheckConstraint("kind <> '' AND recorded_by <> ''", name="ck_obstacle_words"),
    )

    programme: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    municipality: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    follows: int | None = None
    """The number of the fact before; none for the first."""
    event: str
    day: date
    owner: str
    recorded_by: str
    note: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    recorded_at: datetime = Field(sa_column=Column(Moment(), nullable=False))
