"""Changes of municipalities that have been applied; rollouts of keys that ended cannot be written any more."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import is_postgresql, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ENDED = "EXISTS (SELECT 1 FROM municipality_change WHERE municipality_change.old = {row}.municipality)"
_CLOSED = (
    ("rollout", "INSERT", "NEW"),
    ("rollout", "UPDATE", "OLD"),
    ("rollout", "DELETE", "OLD"),
    ("move", "INSERT", "NEW"),
)


def upgrade() -> None:
    op.create_table(
        "municipality_change",
        sa.Column("old", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("new", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("applied_by", sa.String, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("old <> new", name="ck_municipality_change_keys"),
        sa.CheckConstraint(
            "kind IN ('merger', 'split', 'renaming', 'reassignment')", name="ck_municipality_change_kind"
        ),
        sa.CheckConstraint("source <> '' AND applied_by <> ''", name="ck_municipality_change_proof"),
    )
    protect("municipality_change")
    if is_postgresql():
        _close_on_postgresql()
        return
    for table, change, row in _CLOSED:
        op.execute(
            f"CREATE TRIGGER {table}_closed_{change.lower()} BEFORE {change} ON {table} "
            f"WHEN {_ENDED.format(row=row)} BEGIN SELECT RAISE(ABORT, 'closed'); END"
        )


def downgrade() -> None:
    suffix = " ON {table}" if is_postgresql() else ""
    for table, change, _ in _CLOSED:
        op.execute(f"DROP TRIGGER {table}_closed_{change.lower()}" + suffix.format(table=table))
    op.drop_table("municipality_change")
    if is_postgresql():
        op.execute("DROP FUNCTION refuse_closed()")
        op.execute("DROP FUNCTION has_ended(varchar)")


def _close_on_postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_closed() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION 'closed'; END $$ LANGUAGE plpgsql"
    )
    # The condition of a trigger may not hold a query, so a function asks.
    op.execute(
        "CREATE OR REPLACE FUNCTION has_ended(ars varchar) RETURNS boolean AS "
        "$$ SELECT EXISTS (SELECT 1 FROM municipality_change WHERE municipality_change.old = ars) $$ LANGUAGE sql"
    )
    for table, change, row in _CLOSED:
        op.execute(
            f"CREATE TRIGGER {table}_closed_{change.lower()} BEFORE {change} ON {table} "
            f"FOR EACH ROW WHEN (has_ended({row}.municipality)) EXECUTE FUNCTION refuse_closed()"
        )
