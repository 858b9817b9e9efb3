"""Fixtures for all tests: databases of both kinds, a ready workspace, the folder of reference documents."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.standards.validator import Validator
from ozgflow.storage.database import Database
from tests.distribution import ByServer, put_longest_first
from tests.storage.postgres import ABSENT, empty_schema, find_programs, temporary_server
from tests.thoroughness import THOROUGH

# Machines are noisy: how long an example takes says nothing about the code.
settings.register_profile("ozgflow", deadline=None, max_examples=100 if THOROUGH else 40)
settings.load_profile("ozgflow")

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests in the order in which they are begun."""
    put_longest_first(items)


def pytest_collection_finish() -> None:
    """Leave out of every later collection of garbage what is there now: thousands of tests, for as long as they run.

    Processes that tests fork need no copy of it then.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)  # unknown where pytest-xdist is turned off
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByServer | None:
    """Share tests out by server or file, unless another way is asked for."""
    return ByServer(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server; tests that need one are skipped when there is none."""
    named, programs = os.environ.get("OZGFLOW_TEST_POSTGRES"), find_programs()
    if named:
        yield named
    elif programs:
        with temporary_server(programs) as url:
            yield url
    else:
        pytest.skip(ABSENT)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with empty_schema(request.getfixturevalue("postgres_server"), f"test_{os.getpid()}_{next(_numbers)}") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables and no rows, once of each kind."""
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def validator() -> Validator:
    """The validator for our own bundles. It keeps compiled schemas and nothing about documents."""
    return Validator.for_folder(ROOT / "schemas")


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory, validator: Validator) -> Path:
    """A SQLite file with the whole catalogue, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "ozgflow.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    refresh_catalogue(Workspace(database=database, catalogue=load_catalogue(), validator=validator))
    database.close()
    return path


@pytest.fixture
def workspace(filled_database: Path, tmp_path: Path, validator: Validator) -> Iterator[Workspace]:
    """The real catalogue, our own bundles, and a SQLite database of the test's own that holds the catalogue."""
    path = shutil.copy(filled_database, tmp_path / "ozgflow.db")
    database = Database(f"sqlite:///{path}")
    yield Workspace(database=database, catalogue=load_catalogue(), validator=validator)
    database.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with specifications and reference documents beside the project."""
    folder = Path(os.environ.get("OZGFLOW_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"{folder} fehlt: OZGFLOW_SHARED setzen (not there: set OZGFLOW_SHARED)")
    return folder
