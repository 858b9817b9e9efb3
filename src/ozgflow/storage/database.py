"""Opening the database: SQLite by default, PostgreSQL by URL.

SQLite runs with write-ahead log, foreign keys and a patient lock; a writing transaction takes its lock at once
(``BEGIN IMMEDIATE``), so that two writers queue instead of failing half-way. Python's own transaction handling is
switched off for that, which also makes migrations atomic: a killed one leaves nothing behind.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from ozgflow.errors import DataError, OzgflowError, TransientError, UsageError

__all__ = ["Database", "Session"]

_WRITES = "ozgflow_writes"
_LOCK_SECONDS = 60
_PAUSE_SECONDS = 0.02
_UPGRADE_LOCK = 99_010_001
_UPGRADING = threading.Lock()
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""The drivers that work here, by the first part of the URL."""

_SQLITE_UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})
_SQLITE_PASSING = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
)
_POSTGRES_UNIQUE = "23505"
# Connection, transaction rolled back (serialisation, deadlock), resources, operator intervention.
_POSTGRES_PASSING = ("08", "40", "53", "57")


class Database:
    """One database, ready for sessions.

    Args:
        url: SQLAlchemy URL, for example ``sqlite:///data/ozgflow.db`` or ``postgresql+psycopg://host/name``.

    Raises:
        UsageError: the URL is not one, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(**{_WRITES: True})

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite, which ozgflow looks after by itself."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing.

        Raises:
            TransientError: the database is locked or out of reach.
        """
        with _translated(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed as a whole at the end, or not at all.

        Raises:
            TransientError: the database is locked or out of reach, or another process wrote the same rows first.
        """
        with _translated(), Session(self._writer) as session, session.begin():
            yield session

    def upgrade(self) -> bool:
        """Bring the tables to the present version.

        Returns:
            Whether there was anything to do.

        Raises:
            DataError: the tables were made by a version that is not known here.
        """
        # Alembic keeps its context in module variables, so only one thread may upgrade.
        with (
            _UPGRADING,
            _translated(),
            self._writer.connect() as connection,
            _free_to_rebuild(connection),
            connection.begin(),
        ):
            if not self.embedded:
                # SQLite's transaction is exclusive already; here two upgrades at once would both make tables.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
            if _is_current(connection):
                return False
            _refuse_newer(connection)
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if self.embedded and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise DataError("database.refused", kind="foreign_key_check")
            return True

    def require_current(self) -> None:
        """Refuse to work on tables of another version.

        Raises:
            DataError: `ozgflow db upgrade` has to be run first.
        """
        with _translated(), self._engine.connect() as connection:
            if not _is_current(connection):
                raise DataError("database.outdated")

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        wanted = _DRIVERS.get(address.get_backend_name(), "")
        if address.drivername not in (wanted, address.get_backend_name()) or not wanted:
            raise UsageError("database.url")
        if wanted.startswith("sqlite") and address.database in (None, "", ":memory:"):
            raise UsageError("database.in-memory")
        engine = create_engine(address.set(drivername=wanted))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise UsageError("database.url") from None  # the URL may hold a password
    if engine.dialect.name == "sqlite":
        _make_folder(address.database)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(database: str | None) -> None:
    if database:
        folder = Path(database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError("database.folder", folder=folder) from error


def _prepare_sqlite(connection: object, _record: object) -> None:
    # Switches Python's transaction handling off; _begin_sqlite takes over.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"PRAGMA busy_timeout = {_LOCK_SECONDS * 1000}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Without it, INSERT OR REPLACE deletes rows behind the back of the append-only triggers.
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Switch the write-ahead log on. With a new file SQLite does not wait for another process here, so we do."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "ozgflow:storage/migrations")
    return config


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """Let tables be made anew while others refer to them; SQLite has no other way, and only outside transactions."""
    if connection.dialect.name != "sqlite":
        yield
        return
    _switch_foreign_keys(connection, "OFF")
    try:
        yield
    finally:
        _switch_foreign_keys(connection, "ON")


def _switch_foreign_keys(connection: Connection, state: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {state}")
    cursor.close()


def _is_current(connection: Connection) -> bool:
    present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_alembic()).get_current_head()


def _refuse_newer(connection: Connection) -> None:
    """Leave tables alone that a version wrote of which nothing is known here."""
    present = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}
    if present is not None and present not in known:
        raise DataError("database.newer")


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's exceptions into ours. Their texts quote rows, so the chain is cut."""
    try:
        yield
    except DBAPIError as error:
        raise _ours(error) from None


def _ours(error: DBAPIError) -> OzgflowError:
    """What a driver's exception means for us: only what may pass by itself is transient."""
    state = getattr(error.orig, "sqlstate", None) or ""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    if state == _POSTGRES_UNIQUE or code in _SQLITE_UNIQUE:
        return TransientError("database.conflict")
    if state.startswith(_POSTGRES_PASSING) or code & 0xFF in _SQLITE_PASSING or error.connection_invalidated:
        return TransientError("database.unavailable")
    if code == sqlite3.SQLITE_NOTADB:
        return DataError("database.not-one")
    if isinstance(error, OperationalError) and not state and not code:
        # No code at all: the server could not be reached.
        return TransientError("database.unavailable")
    return DataError("database.refused", kind=type(error.orig).__name__)
