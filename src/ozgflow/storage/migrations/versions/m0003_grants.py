"""Grants: applications, places of a year, history with decision traces, payments."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("grant_step", "grant_payment")
_STATES = "state IN ('requested', 'granted', 'rejected', 'withdrawn', 'paid')"
_PROMISED = "state IN ('granted', 'paid')"
_LIVE = "state IN ('requested', 'granted', 'paid')"


def upgrade() -> None:
    _application()
    _place()
    _step()
    _payment()
    for table in _APPEND_ONLY:
        protect(table)


def downgrade() -> None:
    for table in ("grant_payment", "grant_step", "grant_place", "grant_application"):
        op.drop_table(table)


def _application() -> None:
    op.create_table(
        "grant_application",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("case_number", sa.String, primary_key=True),
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), nullable=False),
        sa.Column("applied_on", sa.Date, nullable=False),
        sa.Column("requested", sa.BigInteger, nullable=False),
        sa.Column("purposes", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("granted", sa.BigInteger, nullable=False),
        sa.Column("paid", sa.BigInteger, nullable=False),
        sa.Column("directive", sa.String),
        sa.CheckConstraint("programme <> '' AND case_number <> ''", name="ck_grant_key"),
        sa.CheckConstraint(_STATES, name="ck_grant_state"),
        sa.CheckConstraint("requested > 0", name="ck_grant_requested"),
        sa.CheckConstraint("granted >= 0 AND granted <= requested", name="ck_grant_granted"),
        sa.CheckConstraint("paid >= 0 AND paid <= granted", name="ck_grant_paid"),
        sa.CheckConstraint(f"({_PROMISED}) = (granted > 0)", name="ck_grant_promised"),
        sa.CheckConstraint("(state = 'paid') = (granted > 0 AND paid = granted)", name="ck_grant_paid_up"),
        sa.CheckConstraint(f"NOT ({_PROMISED}) OR directive IS NOT NULL", name="ck_grant_directive"),
    )
    live = sa.text(_LIVE)
    op.create_index(
        "ux_grant_live",
        "grant_application",
        ["programme", "municipality"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def _place() -> None:
    op.create_table(
        "grant_place",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("quota", sa.Integer, nullable=False),
        sa.Column("case_number", sa.String, nullable=False),
        _of_application("fk_grant_place"),
        sa.UniqueConstraint("programme", "case_number", name="uq_grant_place"),
        sa.CheckConstraint("place >= 1 AND place <= quota", name="ck_grant_place"),
    )


def _step() -> None:
    op.create_table(
        "grant_step",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("case_number", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.JSON, nullable=False),
        sa.Column("trace", sa.JSON, nullable=False),
        sa.Column("done_by", sa.String, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        _of_application("fk_grant_step"),
        sa.CheckConstraint("number >= 1", name="ck_grant_step_number"),
        sa.CheckConstraint(_STATES, name="ck_grant_step_state"),
        sa.CheckConstraint("done_by <> ''", name="ck_grant_step_by"),
    )


def _payment() -> None:
    op.create_table(
        "grant_payment",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("case_number", sa.String, primary_key=True),
        sa.Column("reference", sa.String, primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("paid_on", sa.Date, nullable=False),
        _of_application("fk_grant_payment"),
        sa.CheckConstraint("amount > 0", name="ck_grant_payment_amount"),
        sa.CheckConstraint("reference <> ''", name="ck_grant_payment_reference"),
    )


def _of_application(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["programme", "case_number"], ["grant_application.programme", "grant_application.case_number"], name=name
    )
