"""What the database itself refuses, whoever asks: bad rows, loose ends, and changes to what is append-only."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from ozgflow.errors import OzgflowError
from ozgflow.storage.database import Database
from tests.conftest import NOW, TODAY
from tests.storage import grant_rows, undertaking_rows
from tests.storage.rows import BARNIM, PERMIT, PRIGNITZ, PROGRAMME, store_small_catalogue

_TABLES = SQLModel.metadata.tables
_ROLLOUT = {"programme": PROGRAMME, "service": str(PERMIT), "municipality": str(BARNIM)}
GOOD: dict[str, dict[str, Any]] = {
    "municipality": {
        "ars": "120730000000",
        "name": "Uckermark",
        "kind": "landkreis",
        "population": 0,
        "as_of": TODAY,
        "source": "x",
    },
    "service": {
        "key": "99000000000000",
        "title": "x",
        "field": "x",
        "typisation": "5",
        "as_of": TODAY,
        "source": "x",
    },
    "rollout": {**_ROLLOUT, "stage": "start", "opened_at": NOW, "moved_at": NOW},
    "move": {
        **_ROLLOUT,
        "number": 1,
        "origin": "start",
        "target": "interesse",
        "gates": [],
        "moved_by": "x",
        "moved_at": NOW,
        "reached_on": TODAY,
    },
    "evidence": {
        "municipality": str(BARNIM),
        "service": "",
        "kind": "zertifikat",
        "subject": "",
        "number": 1,
        "answer": "yes",
        "source": "person",
        "reference": "Az. 1",
        "observed_on": TODAY,
        "valid_until": TODAY,
        "recorded_by": "x",
        "recorded_at": NOW,
    },
    "audit": {
        "number": 1,
        "at": NOW,
        "who": "Erika Mustermann",
        "action": "approve",
        "target": "x",
        "outcome": "done",
        "reason": {},
        "before": [],
        "after": [],
    },
    "obstacle": {
        **_ROLLOUT,
        "kind": "kosten",
        "number": 1,
        "follows": None,
        "event": "raised",
        "day": TODAY,
        "owner": "Kämmerei",
        "recorded_by": "Erika Mustermann",
        "recorded_at": NOW,
    },
    "maturity_rating": {
        "model": "1.1",
        "service": str(PERMIT),
        "municipality": "",
        "aspect": "nutzerkonto",
        "number": 1,
        "answer": "level",
        "level": 3,
        "source": "Selbsteinschätzung",
        "reference": "Az. 1",
        "rated_on": TODAY,
        "valid_until": TODAY,
        "recorded_by": "Erika Mustermann",
        "recorded_at": NOW,
    },
    "municipality_change": {
        "old": str(BARNIM),
        "new": str(PRIGNITZ),
        "day": TODAY,
        "kind": "merger",
        "source": "GVBl.",
        "applied_by": "x",
        "applied_at": NOW,
    },
    "document_check": {
        "document": "0" * 64,
        "bundle_hash": "1" * 64,
        "engine": "x",
        "bundle": "x/1",
        "verdict": "valid",
        "report": {},
        "checked_at": NOW,
    },
    **undertaking_rows.GOOD,
    **grant_rows.GOOD,
}
PARENTS = {"move": ["rollout"], "obstacle": ["rollout"], **undertaking_rows.PARENTS}
"""What has to be there before a row of a table."""
BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("municipality", "ck_municipality_ars", {"ars": "12073"}),
    ("municipality", "ck_municipality_ags", {"ags": "12073"}),
    ("municipality", "ck_municipality_population", {"population": -1}),
    ("service", "ck_service_key", {"key": "99"}),
    ("rollout", "ck_rollout_stage", {"stage": ""}),
    ("move", "ck_move_number", {"number": 0}),
    ("move", "ck_move_step", {"target": "start"}),
    ("evidence", "ck_evidence_answer", {"answer": "vielleicht"}),
    ("evidence", "ck_evidence_source", {"source": "hearsay"}),
    ("evidence", "ck_evidence_number", {"number": 0}),
    ("evidence", "ck_evidence_proof", {"reference": ""}),
    ("evidence", "ck_evidence_proof", {"recorded_by": ""}),
    ("evidence", "ck_evidence_days", {"valid_until": date(2026, 11, 21)}),
    ("audit", "ck_audit_outcome", {"outcome": "perhaps"}),
    ("audit", "ck_audit_words", {"who": ""}),
    ("obstacle", "ck_obstacle_number", {"follows": 1}),
    ("obstacle", "ck_obstacle_number", {"number": 3}),
    ("obstacle", "ck_obstacle_event", {"event": "cleared", "owner": ""}),
    ("obstacle", "ck_obstacle_event", {"owner": ""}),
    ("obstacle", "ck_obstacle_words", {"recorded_by": ""}),
    ("maturity_rating", "ck_maturity_number", {"number": 0}),
    ("maturity_rating", "ck_maturity_answer", {"answer": "perhaps", "level": None}),
    ("maturity_rating", "ck_maturity_level", {"level": None}),
    ("maturity_rating", "ck_maturity_level", {"answer": "waived"}),
    ("maturity_rating", "ck_maturity_proof", {"reference": ""}),
    ("maturity_rating", "ck_maturity_days", {"valid_until": date(2026, 11, 21)}),
    ("municipality_change", "ck_municipality_change_keys", {"new": str(BARNIM)}),
    ("municipality_change", "ck_municipality_change_kind", {"kind": "marriage"}),
    ("municipality_change", "ck_municipality_change_proof", {"source": ""}),
    ("municipality_change", "ck_municipality_change_proof", {"applied_by": ""}),
    ("document_check", "ck_check_hashes", {"document": "0" * 63}),
    ("document_check", "ck_check_hashes", {"bundle_hash": ""}),
    ("document_check", "ck_check_verdict", {"verdict": "fine"}),
    *undertaking_rows.BAD,
    *grant_rows.BAD,
]
APPEND_ONLY = ["evidence", "move", "audit", "obstacle", "maturity_rating"]
LOOSE: list[tuple[str, dict[str, Any]]] = [
    ("municipality", {"parent": "129990000000"}),
    ("rollout", {"municipality": "129990000000"}),
    ("move", {"programme": "another"}),
    ("evidence", {"municipality": "129990000000"}),
    *undertaking_rows.LOOSE,
    *grant_rows.LOOSE,
    ("obstacle", {"programme": "another"}),
    ("obstacle", {"number": 3, "follows": 2}),
    ("maturity_rating", {"service": "99999999999999"}),
    ("municipality_change", {"old": "129990000000"}),
    ("municipality_change", {"new": "129990000000"}),
]


@pytest.fixture
def engine(database: Database, database_url: str) -> Iterator[Engine]:
    """A way past our own code to a database that holds one good row of each kind but of the catalogue."""
    raw = create_engine(database_url)
    if raw.dialect.name == "sqlite":
        event.listen(raw, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = ON"))
    with database.writing() as session:
        store_small_catalogue(session)
        session.connection().execute(text("DELETE FROM municipality WHERE ars = '120730000000'"))
    yield raw
    raw.dispose()


def _store(connection: Connection, *tables: str) -> None:
    for table in tables:
        connection.execute(insert(_TABLES[table]).values(GOOD[table]))


def test_every_check_constraint_has_a_bad_row_here() -> None:
    declared = {
        str(constraint.name)
        for table in _TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }

    assert {name for _, name, _ in BAD} == declared


def test_the_good_rows_are_good(engine: Engine) -> None:
    with engine.begin() as connection:
        _store(connection, *GOOD)

    with engine.connect() as connection:
        assert all(connection.execute(select(_TABLES[table])).first() for table in GOOD)


@pytest.mark.parametrize(("table", "constraint", "wrong"), BAD)
def test_a_bad_row_is_refused(engine: Engine, table: str, constraint: str, wrong: dict[str, Any]) -> None:
    with engine.begin() as connection:
        _store(connection, *PARENTS.get(table, []))

    with pytest.raises(IntegrityError, match=constraint), engine.begin() as connection:
        connection.execute(insert(_TABLES[table]).values({**GOOD[table], **wrong}))


@pytest.mark.parametrize(("table", "wrong"), LOOSE)
def test_a_row_that_refers_to_nothing_is_refused(engine: Engine, table: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), engine.begin() as connection:
        connection.execute(insert(_TABLES[table]).values({**GOOD[table], **wrong}))


def test_our_own_connections_keep_foreign_keys_too(database: Database) -> None:
    with pytest.raises(Exception, match="database") as refused, database.writing() as session:
        session.connection().execute(insert(_TABLES["evidence"]).values(GOOD["evidence"]))

    assert refused.type.__module__ == "ozgflow.errors"


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET number = 2", "UPDATE {} SET number = number", "DELETE FROM {}"])
def test_what_is_append_only_can_neither_be_changed_nor_deleted(engine: Engine, table: str, change: str) -> None:
    with engine.begin() as connection:
        _store(connection, "rollout", *APPEND_ONLY)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))

    with engine.connect() as connection:
        assert [row.number for row in connection.execute(select(_TABLES[table]))] == [1]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_append_only_is_not_replaced_by_writing_it_again(engine: Engine, table: str) -> None:
    with engine.begin() as connection:
        _store(connection, "rollout", *APPEND_ONLY)

    with pytest.raises(IntegrityError), engine.begin() as connection:
        _store(connection, table)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_postgresql_does_not_empty_what_is_append_only(engine: Engine, table: str) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE / nur PostgreSQL kennt TRUNCATE")
    with engine.begin() as connection:
        _store(connection, "rollout", *APPEND_ONLY)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_replacing_rows_does_not_get_past_the_guard_on_our_own_connections(database: Database, table: str) -> None:
    if not database.embedded:
        pytest.skip("only SQLite has INSERT OR REPLACE / nur SQLite kennt INSERT OR REPLACE")
    with database.writing() as session:
        store_small_catalogue(session)
        _store(session.connection(), "rollout", *APPEND_ONLY)

    with pytest.raises(OzgflowError), database.writing() as session:
        session.connection().execute(insert(_TABLES[table]).prefix_with("OR REPLACE").values(GOOD[table]))
