"""Tables of the rule of the house. Keys and an index hold to it, whoever writes: one contact, one open next step."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from ozgflow.storage.tables import Moment

_OPEN = text("done_at IS NULL")


def _moment(*, nullable: bool = False) -> "Column[datetime]":
    return Column(Moment(), nullable=nullable)


class ContactRow(SQLModel, table=True):
    """Who is responsible for a municipality now. Replaced, never deleted."""

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("person <> '' AND named_by <> ''", name="ck_contact_words"),)

    municipality: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    person: str
    named_by: str
    named_at: datetime = Field(sa_column=_moment())


class ContactChangeRow(SQLModel, table=True):
    """Every contact that a municipality has had, the present one included. Append-only."""

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("number >= 1", name="ck_contact_change_number"),
        CheckConstraint("person <> '' AND named_by <> ''", name="ck_contact_change_words"),
    )

    municipality: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    number: int = Field(primary_key=True)
    person: str
    named_by: str
    named_at: datetime = Field(sa_column=_moment())


class NextStepRow(SQLModel, table=True):
    """A next step. Once done it cannot be changed, and none is ever deleted."""

    __tablename__ = "next_step"
    __table_args__ = (
        CheckConstraint("number >= 1", name="ck_next_step_number"),
        CheckConstraint("text <> '' AND added_by <> ''", name="ck_next_step_words"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_next_step_done"),
        Index(
            "ux_next_step_open", "municipality", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),  # one open one per municipality
    )

    municipality: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    number: int = Field(primary_key=True)
    text: str
    added_by: str
    added_at: datetime = Field(sa_column=_moment())
    done_by: str | None = None
    done_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
