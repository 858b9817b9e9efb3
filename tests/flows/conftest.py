"""One Prefect server for all tests of flows, and a fresh home for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness


@pytest.fixture(scope="package", autouse=True)
def prefect_server() -> Iterator[None]:
    """Prefect's own server on a database of its own.

    It is gone before other tests begin: its threads in this process draw random numbers, which Hypothesis forbids.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DO_NOT_TRACK", "1")
        environment.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        with prefect_test_harness(server_startup_timeout=90):
            yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for the flow under test."""
    monkeypatch.setenv("OZGFLOW_HOME", str(tmp_path))
    return tmp_path
