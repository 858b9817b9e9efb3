"""Opening a database, writing as a whole or not at all, and saying what went wrong without quoting rows."""

import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from ozgflow.errors import DataError, OzgflowError, TransientError, UsageError
from ozgflow.storage.database import Database
from tests.storage.rows import BARNIM, all_rows

_UNTOLD = "Geheimsache-4711"  # by name, because tracebacks quote lines of code


@pytest.mark.parametrize(
    "url",
    ["", "quatsch", "sqlite", "klingon://host/name", "mysql://host/name", "postgresql+nope://host/name"],
)
def test_what_is_no_address_of_a_database_is_wrong_use(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        Database(url)

    assert refused.value.code == "database.url"


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///{}/x.db", "postgresql+asyncpg://127.0.0.1:1/name"])
def test_a_driver_that_we_cannot_use_is_wrong_use(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Database(url.format(tmp_path)).require_current()


def test_a_folder_that_cannot_be_made_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OzgflowError):
        Database(f"sqlite:///{tmp_path}/file/below/test.db").upgrade()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/a/b/test.db").upgrade()

    assert (tmp_path / "a" / "b" / "test.db").is_file()


def test_a_server_out_of_reach_may_be_tried_again() -> None:
    with pytest.raises(TransientError) as refused:
        Database("postgresql+psycopg://127.0.0.1:1/name").require_current()

    assert refused.value.code == "database.unavailable"


def test_a_locked_database_may_be_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.reading() as session:  # the pool gives the same connection to the next session
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(TransientError) as refused, database.writing() as session:
        _add_service(session.connection(), "99000000000000")

    other.execute("ROLLBACK")
    other.close()
    assert refused.value.code == "database.unavailable"
    assert all_rows(database)["service"] == []


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer, database.reading() as reader:
        _add_service(writer.connection(), "99000000000000")

        found = reader.connection().execute(text("SELECT key FROM service")).all()

    assert found == []


def test_a_writer_does_not_wait_for_a_reader(database: Database) -> None:
    with database.reading() as reader:
        before = reader.connection().execute(text("SELECT key FROM service")).all()

        with database.writing() as writer:
            _add_service(writer.connection(), "99000000000000")

    assert before == []
    assert len(all_rows(database)["service"]) == 1


def test_a_writer_holds_the_lock_before_it_reads(tmp_path: Path) -> None:
    """Otherwise two writers could read the same, and one of them would fail half-way."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.upgrade()
    other = sqlite3.connect(tmp_path / "test.db", timeout=0, isolation_level=None)

    with database.writing() as session:
        session.connection().execute(text("SELECT key FROM service")).all()

        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_writer_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(database)

    assert all_rows(database)["service"] == []


def test_rows_that_another_process_wrote_first_may_be_tried_again(database: Database) -> None:
    with database.writing() as session:
        _add_service(session.connection(), "99000000000000")

    with pytest.raises(TransientError) as refused, database.writing() as session:
        _add_service(session.connection(), "99000000000000")

    assert refused.value.code == "database.conflict"


@pytest.mark.parametrize("key", ["1", "99000000000000' OR", None])
def test_a_row_that_no_retry_can_save_is_not_tried_again(database: Database, key: str | None) -> None:
    with pytest.raises(DataError), database.writing() as session:
        _add_service(session.connection(), key)


def test_evidence_on_a_municipality_that_is_not_there_is_not_tried_again(database: Database) -> None:
    with pytest.raises(DataError), database.writing() as session:
        _add_evidence(session.connection(), reference="Az. 1")


def test_nothing_that_is_said_of_an_error_quotes_a_row(database: Database) -> None:
    with pytest.raises(OzgflowError) as refused, database.writing() as session:
        _add_evidence(session.connection(), reference=_UNTOLD)

    told = "".join(traceback.format_exception(refused.value))
    assert _UNTOLD not in told
    assert str(BARNIM) not in told


def test_an_address_with_a_password_is_not_told() -> None:
    with pytest.raises(OzgflowError) as refused:
        Database(f"postgresql+psycopg://user:{_UNTOLD}@127.0.0.1:1/name").require_current()

    assert _UNTOLD not in "".join(traceback.format_exception(refused.value))


def _fail_after_writing(database: Database) -> None:
    with database.writing() as session:
        _add_service(session.connection(), "99000000000000")
        raise ZeroDivisionError


def _add_service(connection: Connection, key: str | None) -> None:
    statement = "INSERT INTO service VALUES (:key, 'Titel', NULL, 'Feld', '5', '2026-01-01', 'Quelle')"
    connection.execute(text(statement), {"key": key})


def _add_evidence(connection: Connection, *, reference: str) -> None:
    statement = (
        "INSERT INTO evidence VALUES (:ars, '', 'zertifikat', '', 1, 'yes', 'person', :reference, '2026-01-01', "
        "NULL, 'jemand', NULL, '2026-01-01 00:00:00')"
    )
    connection.execute(text(statement), {"ars": str(BARNIM), "reference": reference})
