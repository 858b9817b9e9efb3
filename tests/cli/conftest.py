"""Every command of these tests has a home of its own and knows nothing of the operator's environment."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.steps import THREE, prove


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that is not made yet; every other setting is at its default."""
    with _at_home(tmp_path / "home"):
        yield tmp_path / "home"


@pytest.fixture
def ready(home: Path, filled_database: Path) -> Path:
    """A home whose database holds the catalogue, which saves time."""
    home.mkdir()
    shutil.copy(filled_database, home / "ozgflow.db")
    return home


@pytest.fixture
def started(home: Path, _started: Path) -> Path:
    """A home in which three rollouts are open."""
    return shutil.copytree(_started, home)


@pytest.fixture
def on_the_way(home: Path, _on_the_way: Path) -> Path:
    """A home in which three rollouts are open, and one of them has reached the first stage."""
    return shutil.copytree(_on_the_way, home)


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory, filled_database: Path) -> Path:
    folder = tmp_path_factory.mktemp("started")
    shutil.copy(filled_database, folder / "ozgflow.db")
    with _at_home(folder):
        assert run("rollout", "start", *THREE).code == 0
    return folder


@pytest.fixture(scope="session")
def _on_the_way(tmp_path_factory: pytest.TempPathFactory, _started: Path) -> Path:
    folder = shutil.copytree(_started, tmp_path_factory.mktemp("on_the_way") / "home")
    with _at_home(folder):
        assert prove("interessensbekundung").code == 0
        assert run("rollout", "advance", *THREE).code == 0
    return folder


@contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("OZGFLOW_"):
                patch.delenv(name)
        patch.setenv("OZGFLOW_HOME", str(folder))
        patch.chdir(folder.parent)
        yield
