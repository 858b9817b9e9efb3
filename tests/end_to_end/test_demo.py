"""``ozgflow demo`` as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

OZGFLOW = str(Path(sys.executable).parent / "ozgflow")


def _ozgflow(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "OZGFLOW_HOME": str(home)}
    return subprocess.run(
        [OZGFLOW, *arguments], env=environment, cwd=home, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of a first demo, and what it printed."""
    home = tmp_path_factory.mktemp("demo")
    outcome = _ozgflow(home, "demo")
    assert outcome.returncode == 0, outcome.stderr
    return home, outcome.stdout


def test_the_board_has_eighteen_rows_and_a_reason_for_every_stop(first: tuple[Path, str]) -> None:
    home, printed = first

    board = json.loads(_ozgflow(home, "rollout", "status", "--service", "99010001001009", "--json").stdout)

    assert len(board["rows"]) == 18
    assert len({row["stage"] for row in board["rows"]}) >= 5
    for row in board["rows"]:
        assert row["reasons"]
        assert row["name"] in printed
        assert f"{row['position']}/9" in printed
    assert "0 von" not in printed


def test_the_report_and_the_next_steps_are_named(first: tuple[Path, str]) -> None:
    home, printed = first

    report = home / "demo" / "bericht.html"

    assert str(report) in printed.replace("\n", "")
    assert "Cottbus/Chóśebuz" in report.read_text(encoding="utf-8")
    assert "make ui" in printed


def test_a_second_demo_changes_nothing(first: tuple[Path, str]) -> None:
    home, printed = first
    board = printed[printed.index("EfA-Nachnutzung, Stand") : printed.index("Änderungen")].rsplit("\n", 1)[0]

    again = _ozgflow(home, "demo")

    assert again.returncode == 0
    assert "0 Änderungen (0 changes)." in again.stdout
    assert board in again.stdout


def test_no_name_of_an_applicant_is_printed_or_kept(first: tuple[Path, str]) -> None:
    home, printed = first
    kept = b"".join(
        path.read_bytes() for path in home.rglob("*") if path.suffix in (".db", ".html", ".log", ".db-wal")
    )

    for name in ("Mustermann", "Musterfrau", "Normalverbraucher", "Musterstraße"):
        assert name not in printed
        assert name.encode() not in kept
