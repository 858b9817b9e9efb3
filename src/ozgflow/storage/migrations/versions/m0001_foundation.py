"""Catalogue, evidence, rollouts with their history, and document checks."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import is_postgresql, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("evidence", "move")


def upgrade() -> None:
    _catalogue()
    _rollouts()
    _evidence()
    _checks()
    if is_postgresql():
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$ LANGUAGE plpgsql"
        )
    for table in _APPEND_ONLY:
        protect(table)


def downgrade() -> None:
    for table in ("document_check", "evidence", "move", "rollout", "service", "municipality"):
        op.drop_table(table)
    if is_postgresql():
        op.execute("DROP FUNCTION refuse_change()")


def _catalogue() -> None:
    op.create_table(
        "municipality",
        sa.Column("ars", sa.String(12), primary_key=True),
        sa.Column("ags", sa.String(8)),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("parent", sa.String(12), sa.ForeignKey("municipality.ars")),
        sa.Column("population", sa.Integer, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.CheckConstraint("length(ars) = 12", name="ck_municipality_ars"),
        sa.CheckConstraint("ags IS NULL OR length(ags) = 8", name="ck_municipality_ags"),
        sa.CheckConstraint("population >= 0", name="ck_municipality_population"),
    )
    op.create_table(
        "service",
        sa.Column("key", sa.String(14), primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("ozg_id", sa.String(5)),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("typisation", sa.String, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.CheckConstraint("length(key) = 14", name="ck_service_key"),
    )


def _rollouts() -> None:
    op.create_table(
        "rollout",
        sa.Column("programme", sa.String, primary_key=True),
        sa.Column("service", sa.String(14), sa.ForeignKey("service.key"), primary_key=True),
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage <> ''", name="ck_rollout_stage"),
    )
    op.create_index("ix_rollout_municipality", "rollout", ["municipality"])
    op.create_table(
        "move",
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
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("municipality", sa.String, sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("service", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("note", sa.JSON(none_as_null=True)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no', 'unknown', 'withdrawn')", name="ck_evidence_answer"),
        sa.CheckConstraint(
            "source IN ('feed', 'document', 'receipt', 'person', 'inferred')", name="ck_evidence_source"
        ),
        sa.CheckConstraint("number >= 1", name="ck_evidence_number"),
        sa.CheckConstraint("reference <> '' AND recorded_by <> ''", name="ck_evidence_proof"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= observed_on", name="ck_evidence_days"),
    )


def _checks() -> None:
    op.create_table(
        "document_check",
        sa.Column("document", sa.String(64), primary_key=True),
        sa.Column("bundle_hash", sa.String(64), primary_key=True),
        sa.Column("engine", sa.String, primary_key=True),
        sa.Column("bundle", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(document) = 64 AND length(bundle_hash) = 64", name="ck_check_hashes"),
        sa.CheckConstraint("verdict IN ('valid', 'invalid', 'unchecked')", name="ck_check_verdict"),
    )
