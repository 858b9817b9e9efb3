"""Undertakings with goals, work and transfers; the rule of the house: contacts and next steps."""

import sqlalchemy as sa
from alembic import op

from ozgflow.storage.migrations.append_only import is_postgresql, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("goal_work", "goal_fate", "contact_change")
_OF_AN_UNDERTAKING = ("undertaking_user", "undertaking_goal", "goal_work", "goal_fate")
_TABLES = (
    "next_step",
    "contact_change",
    "contact",
    "goal_fate",
    "goal_work",
    "undertaking_goal",
    "undertaking_user",
    "undertaking",
)
_FUNCTIONS = ("refuse_ended", "refuse_transferred", "refuse_removal")
_HOMELESS = (
    "EXISTS (SELECT 1 FROM undertaking_goal AS g WHERE g.undertaking = NEW.code AND NOT EXISTS "
    "(SELECT 1 FROM goal_fate AS f WHERE f.undertaking = g.undertaking AND f.goal = g.code))"
)
"""A goal that a transfer would lose."""


def upgrade() -> None:
    _undertakings()
    _goals()
    _house()
    if is_postgresql():
        _guard_postgresql()
    else:
        _guard_sqlite()
    for table in _APPEND_ONLY:
        protect(table)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    if is_postgresql():
        for function in _FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")


def _undertakings() -> None:
    op.create_table(
        "undertaking",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("planned_since", sa.Date, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transferred_by", sa.String),
        sa.Column("transferred_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("code <> '' AND title <> '' AND created_by <> ''", name="ck_undertaking_words"),
        sa.CheckConstraint("(transferred_at IS NULL) = (transferred_by IS NULL)", name="ck_undertaking_transfer"),
    )
    op.create_table(
        "undertaking_user",
        sa.Column("undertaking", sa.String, sa.ForeignKey("undertaking.code"), primary_key=True),
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
    )


def _goals() -> None:
    op.create_table(
        "undertaking_goal",
        sa.Column("undertaking", sa.String, sa.ForeignKey("undertaking.code"), primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code <> '' AND title <> ''", name="ck_goal_words"),
    )
    op.create_table(
        "goal_work",
        *_of_a_goal("fk_work_goal"),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("done_in", sa.String, sa.ForeignKey("undertaking.code"), nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_work_number"),
        sa.CheckConstraint("kind IN ('note', 'reference', 'finished')", name="ck_work_kind"),
        sa.CheckConstraint("text <> '' AND recorded_by <> ''", name="ck_work_words"),
    )
    op.create_table(
        "goal_fate",
        *_of_a_goal("fk_fate_goal"),
        sa.Column("successor", sa.String, sa.ForeignKey("undertaking.code")),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_fate_number"),
        sa.CheckConstraint("(successor IS NULL) = (reason <> '')", name="ck_fate_reason"),
        sa.CheckConstraint("successor IS NULL OR successor <> undertaking", name="ck_fate_other"),
    )
    op.create_index("ix_fate_successor", "goal_fate", ["successor"])


def _of_a_goal(name: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("undertaking", sa.String, primary_key=True),
        sa.Column("goal", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(
            ["undertaking", "goal"], ["undertaking_goal.undertaking", "undertaking_goal.code"], name=name
        ),
    ]


def _house() -> None:
    op.create_table(
        "contact",
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        *_named(),
        sa.CheckConstraint("person <> '' AND named_by <> ''", name="ck_contact_words"),
    )
    op.create_table(
        "contact_change",
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *_named(),
        sa.CheckConstraint("number >= 1", name="ck_contact_change_number"),
        sa.CheckConstraint("person <> '' AND named_by <> ''", name="ck_contact_change_words"),
    )
    op.create_table(
        "next_step",
        sa.Column("municipality", sa.String(12), sa.ForeignKey("municipality.ars"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("added_by", sa.String, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("number >= 1", name="ck_next_step_number"),
        sa.CheckConstraint("text <> '' AND added_by <> ''", name="ck_next_step_words"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_next_step_done"),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index(
        "ux_next_step_open",
        "next_step",
        ["municipality"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _named() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("person", sa.String, nullable=False),
        sa.Column("named_by", sa.String, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _guard_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        _refuse("undertaking", change, "ended", "OLD.transferred_at IS NOT NULL", "transferred")
    _refuse(
        "undertaking", "UPDATE", "homeless", f"NEW.transferred_at IS NOT NULL AND {_HOMELESS}", "goal without fate"
    )
    _refuse("next_step", "UPDATE", "done", "OLD.done_at IS NOT NULL", "append-only")
    _refuse("next_step", "DELETE", "kept", "1", "append-only")
    _refuse("contact", "DELETE", "kept", "1", "append-only")
    for table in _OF_AN_UNDERTAKING:
        for change, sides in {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}.items():
            for side in sides:
                _refuse(table, change, f"ended_{side.lower()}", _ended(f"{side}.undertaking"), "transferred")


def _refuse(table: str, change: str, label: str, when: str, why: str) -> None:
    """A trigger of SQLite."""
    name = f"{table}_{label}_{change.lower()}"
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
    )


def _ended(column: str) -> str:
    condition = f"code = {column} AND transferred_at IS NOT NULL"
    return f"EXISTS (SELECT 1 FROM undertaking WHERE {condition})"  # noqa: S608 - no input


def _guard_postgresql() -> None:
    _function(
        "refuse_ended",
        "IF OLD.transferred_at IS NOT NULL THEN RAISE EXCEPTION 'transferred'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
        f"IF NEW.transferred_at IS NOT NULL AND {_HOMELESS} THEN RAISE EXCEPTION 'goal without fate'; END IF; "
        "RETURN NEW;",
    )
    # FOR SHARE waits for a transfer that is under way, and lets it wait for us: no goal slips in between.
    ended = (
        "PERFORM 1 FROM undertaking WHERE code = {}.undertaking FOR SHARE; "
        "IF EXISTS (SELECT 1 FROM undertaking WHERE code = {}.undertaking AND transferred_at IS NOT NULL) "
        "THEN RAISE EXCEPTION 'transferred'; END IF; "
    )
    _function(
        "refuse_transferred",
        f"IF TG_OP <> 'INSERT' THEN {ended.format('OLD', 'OLD')} END IF; "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; {ended.format('NEW', 'NEW')} RETURN NEW;",
    )
    _function(
        "refuse_removal",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'append-only'; END IF; "
        "IF OLD.done_at IS NOT NULL THEN RAISE EXCEPTION 'append-only'; END IF; RETURN NEW;",
    )
    _trigger("undertaking", "UPDATE OR DELETE", "refuse_ended")
    for table in _OF_AN_UNDERTAKING:
        _trigger(table, "INSERT OR UPDATE OR DELETE", "refuse_transferred")
    _trigger("contact", "DELETE", "refuse_removal")
    _trigger("next_step", "UPDATE OR DELETE", "refuse_removal")


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} END $$ LANGUAGE plpgsql")


def _trigger(table: str, changes: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{function} BEFORE {changes} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
