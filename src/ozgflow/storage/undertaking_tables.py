"""Tables of undertakings. An undertaking that was transferred cannot be changed: triggers of the migration refuse it.

``goal_work`` and ``goal_fate`` are append-only. Which undertakings follow which is told by the fates of goals alone,
so that there is no link that could disagree with them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from ozgflow.storage.tables import Moment

_GOAL = ["undertaking_goal.undertaking", "undertaking_goal.code"]


def _moment(*, nullable: bool = False) -> "Column[datetime]":
    return Column(Moment(), nullable=nullable)


class UndertakingRow(SQLModel, table=True):
    """An undertaking."""

    __tablename__ = "undertaking"
    __table_args__ = (
        CheckConstraint("code <> '' AND title <> '' AND created_by <> ''", name="ck_undertaking_words"),
        CheckConstraint("(transferred_at IS NULL) = (transferred_by IS NULL)", name="ck_undertaking_transfer"),
    )

    code: str = Field(primary_key=True)
    programme: str
    title: str
    planned_since: date
    created_by: str
    created_at: datetime = Field(sa_column=_moment())
    transferred_by: str | None = None
    transferred_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class UserRow(SQLModel, table=True):
    """A municipality that takes part in an undertaking."""

    __tablename__ = "undertaking_user"

    undertaking: str = Field(primary_key=True, foreign_key="undertaking.code")
    municipality: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    joined_at: datetime = Field(sa_column=_moment())


class GoalRow(SQLModel, table=True):
    """A goal of an undertaking."""

    __tablename__ = "undertaking_goal"
    __table_args__ = (CheckConstraint("code <> '' AND title <> ''", name="ck_goal_words"),)

    undertaking: str = Field(primary_key=True, foreign_key="undertaking.code")
    code: str = Field(primary_key=True)
    title: str
    added_at: datetime = Field(sa_column=_moment())


class WorkRow(SQLModel, table=True):
    """One entry about the work on a goal. Append-only."""

    __tablename__ = "goal_work"
    __table_args__ = (
        ForeignKeyConstraint(["undertaking", "goal"], _GOAL, name="fk_work_goal"),
        CheckConstraint("number >= 1", name="ck_work_number"),
        CheckConstraint("kind IN ('note', 'reference', 'finished')", name="ck_work_kind"),
        CheckConstraint("text <> '' AND recorded_by <> ''", name="ck_work_words"),
    )

    undertaking: str = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    text: str
    day: date
    done_in: str = Field(foreign_key="undertaking.code")
    recorded_by: str
    recorded_at: datetime = Field(sa_column=_moment())


class FateRow(SQLModel, table=True):
    """What became of a goal in a transfer. Append-only."""

    __tablename__ = "goal_fate"
    __table_args__ = (
        ForeignKeyConstraint(["undertaking", "goal"], _GOAL, name="fk_fate_goal"),
        CheckConstraint("number >= 1", name="ck_fate_number"),
        CheckConstraint("(successor IS NULL) = (reason <> '')", name="ck_fate_reason"),
        CheckConstraint("successor IS NULL OR successor <> undertaking", name="ck_fate_other"),
        Index("ix_fate_successor", "successor"),  # the way back
    )

    undertaking: str = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    successor: str | None = Field(default=None, foreign_key="undertaking.code")
    reason: str
    decided_by: str
    decided_at: datetime = Field(sa_column=_moment())
