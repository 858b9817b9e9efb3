"""All tables. They are not the domain: domain values are checked before, constraints stand behind.

Keys are natural, so that the content does not depend on the order of writing and a job that is killed and run
again leaves the same rows. ``evidence``, ``move``, ``audit`` and ``municipality_change`` are append-only; triggers
refuse changes and deletions.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, DateTime, Dialect, ForeignKeyConstraint, Index
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_ANSWERS = "'yes', 'no', 'unknown', 'withdrawn'"
_CHANGES = "'merger', 'split', 'renaming', 'reassignment'"
_SOURCES = "'feed', 'document', 'receipt', 'person', 'inferred'"


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC. SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment() -> "Column[datetime]":
    return Column(Moment(), nullable=False)


class MunicipalityRow(SQLModel, table=True):
    """A municipality or an administration above it, as in the catalogue."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("length(ars) = 12", name="ck_municipality_ars"),
        CheckConstraint("ags IS NULL OR length(ags) = 8", name="ck_municipality_ags"),
        CheckConstraint("population >= 0", name="ck_municipality_population"),
    )

    ars: str = Field(primary_key=True, max_length=12)
    ags: str | None = Field(default=None, max_length=8)
    name: str
    kind: str
    parent: str | None = Field(default=None, max_length=12, foreign_key="municipality.ars")
    population: int
    as_of: date
    source: str


class ServiceRow(SQLModel, table=True):
    """A service of the catalogue."""

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("length(key) = 14", name="ck_service_key"),)

    key: str = Field(primary_key=True, max_length=14)
    title: str
    ozg_id: str | None = Field(default=None, max_length=5)
    field: str
    typisation: str
    as_of: date
    source: str


class RolloutRow(SQLModel, table=True):
    """How far one service, or one item of a programme, is in one municipality under one programme."""

    __tablename__ = "rollout"
    __table_args__ = (
        CheckConstraint("stage <> ''", name="ck_rollout_stage"),
        Index("ix_rollout_municipality", "municipality"),  # board of one municipality
    )

    programme: str = Field(primary_key=True)
    service: str = Field(primary_key=True, max_length=40)
    """LeiKa key, or code of an item that the programme declares."""
    municipality: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    stage: str
    opened_at: datetime = Field(sa_column=_moment())
    moved_at: datetime = Field(sa_column=_moment())


class MoveRow(SQLModel, table=True):
    """One step of a rollout, with the gates that were open and the evidence they saw. Append-only."""

    __tablename__ = "move"
    __table_args__ = (
        ForeignKeyConstraint(
            ["programme", "service", "municipality"],
            ["rollout.programme", "rollout.service", "rollout.municipality"],
            name="fk_move_rollout",
        ),
        CheckConstraint("number >= 1", name="ck_move_number"),
        CheckConstraint("origin <> target", name="ck_move_step"),
    )

    programme: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    municipality: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    origin: str
    target: str
    gates: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    moved_by: str
    moved_at: datetime = Field(sa_column=_moment())
    reached_on: date
    """The day of the last proof that the step needed; ``moved_at`` is when we took note."""


class EvidenceRow(SQLModel, table=True):
    """One fact. Numbers within a chain say in which order facts were recorded. Append-only."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(f"answer IN ({_ANSWERS})", name="ck_evidence_answer"),
        CheckConstraint(f"source IN ({_SOURCES})", name="ck_evidence_source"),
        CheckConstraint("number >= 1", name="ck_evidence_number"),
        CheckConstraint("reference <> '' AND recorded_by <> ''", name="ck_evidence_proof"),
        CheckConstraint("valid_until IS NULL OR valid_until >= observed_on", name="ck_evidence_days"),
    )

    municipality: str = Field(primary_key=True, foreign_key="municipality.ars")
    service: str = Field(primary_key=True)
    """LeiKa key, or empty when the fact holds for the whole municipality."""
    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    answer: str
    source: str
    reference: str
    observed_on: date
    valid_until: date | None = None
    recorded_by: str
    note: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    recorded_at: datetime = Field(sa_column=_moment())


class AuditRow(SQLModel, table=True):
    """One attempt to change something that needs a right, the refused ones too. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="ck_audit_outcome"),
        CheckConstraint("who <> '' AND action <> '' AND target <> ''", name="ck_audit_words"),
    )

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=_moment())
    who: str
    action: str
    target: str
    outcome: str
    reason: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    before: Any = Field(sa_column=Column(JSON, nullable=False))
    after: Any = Field(sa_column=Column(JSON, nullable=False))


class CheckRow(SQLModel, table=True):
    """The report on a document, kept by the hashes of document and bundle and by that of the engine's description."""

    __tablename__ = "document_check"
    __table_args__ = (
        CheckConstraint("length(document) = 64 AND length(bundle_hash) = 64", name="ck_check_hashes"),
        CheckConstraint("verdict IN ('valid', 'invalid', 'unchecked')", name="ck_check_verdict"),
    )

    document: str = Field(primary_key=True, max_length=64)
    bundle_hash: str = Field(primary_key=True, max_length=64)
    engine: str = Field(primary_key=True)
    bundle: str
    verdict: str
    report: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    checked_at: datetime = Field(sa_column=_moment())


class MunicipalityChangeRow(SQLModel, table=True):
    """A change that has been applied: rollouts of the old key are closed, the new key took them over. Append-only."""

    __tablename__ = "municipality_change"
    __table_args__ = (
        CheckConstraint("old <> new", name="ck_municipality_change_keys"),
        CheckConstraint(f"kind IN ({_CHANGES})", name="ck_municipality_change_kind"),
        CheckConstraint("source <> '' AND applied_by <> ''", name="ck_municipality_change_proof"),
    )

    old: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    new: str = Field(primary_key=True, max_length=12, foreign_key="municipality.ars")
    day: date
    kind: str
    source: str
    applied_by: str
    applied_at: datetime = Field(sa_column=_moment())
