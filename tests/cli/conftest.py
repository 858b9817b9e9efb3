"""Every command of these tests has a home of its own and knows nothing of the operator's environment."""

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``OZGFLOW_HOME``; every other setting is at its default."""
    for name in os.environ:
        if name.startswith("OZGFLOW_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("OZGFLOW_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def ready(home: Path, filled_database: Path) -> Path:
    """A home whose database holds the catalogue, which saves time."""
    home.mkdir()
    shutil.copy(filled_database, home / "ozgflow.db")
    return home
