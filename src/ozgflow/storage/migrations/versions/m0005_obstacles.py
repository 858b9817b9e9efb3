"""Obstacles of rollouts, and maturity ratings of services."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = ("programme", "service", "municipality")
_ROLLOUT = ("rollout.programme", "rollout.service", "rollout.municipality")
_BEFORE = ("obstacle.programme", "obstacle.service", "obstacle.municipality", "obstacle.kind", "obstacle.number")


def upgrade() -> None:
    _obstacles()
    _ratings()
    for table in ("obstacle", "maturity_rating"):
        protect(table)


def downgrade() -> None:
    for table in ("maturity_rating", "obstacle"):
        op.drop_table(table)


def _obstacles() -> None:
    op.create_table(
        "obstacle",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("service", sa.String, primary_key=True),
        sa.Column("municipality", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("follows", sa.Integer),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("note", sa.JSON(none_as_null=True)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint([*_KEY], [*_ROLLOUT], name="fk_obstacle_rollout"),
        sa.ForeignKeyConstraint(
            [*_KEY, "kind", "follows"],
            [*_BEFORE],
            name="fk_obstacle_follows",
        ),
        sa.CheckConstraint(
            "(number = 1 AND follows IS NULL) OR (number > 1 AND follows IS NOT NULL AND follows = number - 1)",
            name="ck_obstacle_number",
        ),
        sa.CheckConstraint(
            "(event = 'raised' AND number - (number / 2) * 2 = 1 AND owner <> '') OR "
            "(event = 'cleared' AND number - (number / 2) * 2 = 0 AND owner = '')",
            name="ck_obstacle_event",
        ),
        sa.CheckConstraint("kind <> '' AND recorded_by <> ''", name="ck_obstacle_words"),
    )


def _ratings() -> None:
    op.create_table(
        "maturity_rating",
        sa.Column("model", sa.String, primary_key=True),
        sa.Column("service", sa.String(14), sa.ForeignKey("service.key"), primary_key=True),
        sa.Column("municipality", sa.String(12), primary_key=True),
        sa.Column("aspect", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("level", sa.Integer),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("rated_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_maturity_number"),
        sa.CheckConstraint("answer IN ('level', 'waived', 'withdrawn')", name="ck_maturity_answer"),
        sa.CheckConstraint(
            "(answer = 'level' AND level IS NOT NULL AND level >= 0) OR (answer <> 'level' AND level IS NULL)",
            name="ck_maturity_level",
        ),
        sa.CheckConstraint("source <> '' AND reference <> '' AND recorded_by <> ''", name="ck_maturity_proof"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= rated_on", name="ck_maturity_days"),
    )
