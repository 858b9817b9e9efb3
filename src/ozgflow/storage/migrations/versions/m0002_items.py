"""Rollouts of a programme's own items; the day on which a stage was reached; the audit log."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import is_postgresql, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = ("programme", "service", "municipality")
_MOVE = (*_KEY, "number", "origin", "target", "gates", "moved_by", "moved_at")
_ROLLOUT = (*_KEY, "stage", "opened_at", "moved_at")


def upgrade() -> None:
    if is_postgresql():
        op.drop_constraint("rollout_service_fkey", "rollout", type_="foreignkey")
        op.alter_column("rollout", "service", type_=sa.String(40))
        op.add_column("move", sa.Column("reached_on", sa.Date))
        op.execute("ALTER TABLE move DISABLE TRIGGER USER")
        op.execute("UPDATE move SET reached_on = (moved_at AT TIME ZONE 'Europe/Berlin')::date")
        op.execute("ALTER TABLE move ENABLE TRIGGER USER")
        op.alter_column("move", "reached_on", nullable=False)
    else:
        _rebuild("rollout", _rollout(sa.Column("service", sa.String(40), primary_key=True)), _ROLLOUT)
        op.create_index("ix_rollout_municipality", "rollout", ["municipality"])
        day = sa.Column("reached_on", sa.Date, nullable=False)
        _rebuild("move", [*_move(), day], _MOVE, reached_on="date(moved_at)")
        protect("move")
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name="ck_audit_outcome"),
        sa.CheckConstraint("who <> '' AND action <> '' AND target <> ''", name="ck_audit_words"),
    )
    protect("audit")


def downgrade() -> None:
    op.drop_table("audit")
    foreign = sa.ForeignKey("service.key", name="rollout_service_fkey" if is_postgresql() else None)
    if is_postgresql():
        op.drop_column("move", "reached_on")
        op.alter_column("rollout", "service", type_=sa.String(14))
        op.create_foreign_key("rollout_service_fkey", "rollout", "service", ["service"], ["key"])
        return
    _rebuild("rollout", _rollout(sa.Column("service", sa.String(14), foreign, primary_key=True)), _ROLLOUT)
    op.create_index("ix_rollout_municipality", "rollout", ["municipality"])
    _rebuild("move", _move(), _MOVE)
    protect("move")


def _rollout(service: "sa.Column[str]") -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("programme", sa.String, primary_key=True),
        service,
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage <> ''", name="ck_rollout_stage"),
    ]


def _move() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("service", sa.String, primary_key=True),
        sa.Column("municipality", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("gates", sa.JSON, nullable=False),
        sa.Column("moved_by", sa.String, nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme", "service", "municipality"],
            ["rollout.programme", "rollout.service", "rollout.municipality"],
            name="fk_move_rollout",
        ),
        sa.CheckConstraint("number >= 1", name="ck_move_number"),
        sa.CheckConstraint("origin <> target", name="ck_move_step"),
    ]


def _rebuild(table: str, columns: list[sa.schema.SchemaItem], kept: tuple[str, ...], **computed: str) -> None:
    """Make a table anew with its rows: SQLite cannot change constraints. Foreign keys are off meanwhile."""
    op.create_table(f"{table}_new", *columns)
    names = ", ".join((*kept, *computed))
    values = ", ".join((*kept, *computed.values()))
    op.execute(f"INSERT INTO {table}_new ({names}) SELECT {values} FROM {table}")  # noqa: S608 - no input
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)
