"""Opening the database: SQLite by default, PostgreSQL by URL.

SQLite runs with write-ahead log, foreign keys and a patient lock; a writing transaction takes its lock at once
(``BEGIN IMMEDIATE``), so that two writers queue instead of failing half-way. Python's own transaction handling is
switched off for that, which also makes migrations atomic: a killed one leaves nothing behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from ozgflow.errors import DataError, TransientError, UsageError

_WRITES = "ozgflow_writes"
_LOCK_SECONDS = 60


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
        """
        with _translated(), self._writer.connect() as connection, connection.begin():
            if _is_current(connection):
                return False
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
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
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError("database.url") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    # Switches Python's transaction handling off; _begin_sqlite takes over.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"PRAGMA busy_timeout = {_LOCK_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "ozgflow:storage/migrations")
    return config


def _is_current(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's exceptions into ours; their texts may quote rows, so they are not passed on."""
    try:
        yield
    except IntegrityError as error:
        raise TransientError("database.conflict") from error
    except OperationalError as error:
        raise TransientError("database.unavailable") from error
    except DBAPIError as error:
        raise DataError("database.refused", kind=type(error.orig).__name__) from error
