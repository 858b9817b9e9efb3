"""The tables of grants. Amounts are whole cents, which every database keeps exactly.

``grant_step`` and ``grant_payment`` are append-only; triggers refuse changes and deletions. Places are rows: the
primary key of ``grant_place`` is what keeps two approvals from taking the same one, whatever else goes wrong.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from ozgflow.storage.tables import Moment

_STATES = "'requested', 'granted', 'rejected', 'withdrawn', 'paid'"
_PROMISED = "state IN ('granted', 'paid')"
_LIVE = "state IN ('requested', 'granted', 'paid')"


def _cents() -> "Column[int]":
    return Column(BigInteger, nullable=False)


def _moment() -> "Column[datetime]":
    return Column(Moment(), nullable=False)


def _of_application(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["programme", "case_number"], ["grant_application.programme", "grant_application.case_number"], name=name
    )


class GrantApplicationRow(SQLModel, table=True):
    """An application for a grant, as it stands. Only its state and what follows from it ever change."""

    __tablename__ = "grant_application"
    __table_args__ = (
        CheckConstraint("programme <> '' AND case_number <> ''", name="ck_grant_key"),
        CheckConstraint(f"state IN ({_STATES})", name="ck_grant_state"),
        CheckConstraint("requested > 0", name="ck_grant_requested"),
        CheckConstraint("granted >= 0 AND granted <= requested", name="ck_grant_granted"),
        CheckConstraint("paid >= 0 AND paid <= granted", name="ck_grant_paid"),
        CheckConstraint(f"({_PROMISED}) = (granted > 0)", name="ck_grant_promised"),
        CheckConstraint("(state = 'paid') = (granted > 0 AND paid = granted)", name="ck_grant_paid_up"),
        CheckConstraint(f"NOT ({_PROMISED}) OR directive IS NOT NULL", name="ck_grant_directive"),
        # A municipality is funded once: at most one application of it is neither rejected nor withdrawn.
        Index(
            "ux_grant_live",
            "programme",
            "municipality",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
    )

    programme: str = Field(primary_key=True)
    case_number: str = Field(primary_key=True)
    municipality: str = Field(max_length=12, foreign_key="municipality.ars")
    applied_on: date
    requested: int = Field(sa_column=_cents())
    purposes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    granted: int = Field(sa_column=_cents())
    paid: int = Field(sa_column=_cents())
    directive: str | None = None


class GrantPlaceRow(SQLModel, table=True):
    """One of the places of a year, taken by a granted application. The row goes when the place is free again."""

    __tablename__ = "grant_place"
    __table_args__ = (
        _of_application("fk_grant_place"),
        UniqueConstraint("programme", "case_number", name="uq_grant_place"),
        CheckConstraint("place >= 1 AND place <= quota", name="ck_grant_place"),
    )

    programme: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    quota: int
    """How many places the year had when this one was taken."""
    case_number: str


class GrantStepRow(SQLModel, table=True):
    """One entry of the history of an application: its state, who, why, and the decision trace. Append-only."""

    __tablename__ = "grant_step"
    __table_args__ = (
        _of_application("fk_grant_step"),
        CheckConstraint("number >= 1", name="ck_grant_step_number"),
        CheckConstraint(f"state IN ({_STATES})", name="ck_grant_step_state"),
        CheckConstraint("done_by <> ''", name="ck_grant_step_by"),
    )

    programme: str = Field(primary_key=True)
    case_number: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    state: str
    reason: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    trace: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    """The rules that were looked at; empty where nothing was decided."""
    done_by: str
    done_at: datetime = Field(sa_column=_moment())


class GrantPaymentRow(SQLModel, table=True):
    """One payment. Append-only."""

    __tablename__ = "grant_payment"
    __table_args__ = (
        _of_application("fk_grant_payment"),
        CheckConstraint("amount > 0", name="ck_grant_payment_amount"),
        CheckConstraint("reference <> ''", name="ck_grant_payment_reference"),
    )

    programme: str = Field(primary_key=True)
    case_number: str = Field(primary_key=True)
    reference: str = Field(primary_key=True)
    amount: int = Field(sa_column=_cents())
    paid_on: date
