"""What goes wrong ends with a sentence and an exit code, never with a traceback."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import Outcome, run, run_process
from tests.conftest import ROOT


def _is_told(outcome: Outcome, code: int) -> bool:
    """One sentence on standard error, nothing on standard output, and the exit code."""
    lines = outcome.complaint.splitlines()
    return outcome.code == code and outcome.output == "" and len(lines) == 1 and lines[0].endswith((".", ")."))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OZGFLOW_LANGUAGE", "klingonisch"),
        ("OZGFLOW_WORKERS", "0"),
        ("OZGFLOW_WORKERS", "viele"),
        ("OZGFLOW_MAX_DOCUMENT_MIB", "-1"),
    ],
)
def test_an_impossible_setting_is_wrong_use_and_only_its_name_is_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    outcome = run("db", "upgrade")

    assert _is_told(outcome, 2)
    assert name in outcome.complaint
    assert value not in outcome.complaint.replace(name, "")


@pytest.mark.parametrize(
    "url",
    ["quatsch", "mysql://host/name", "postgresql+nope://host/name", "sqlite+aiosqlite:///x.db"],
)
def test_an_impossible_address_of_a_database_is_wrong_use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_DATABASE_URL", url)

    assert _is_told(run("rollout", "status"), 2)
    assert _is_told(run("db", "upgrade"), 2)


def test_a_server_out_of_reach_is_trouble_on_our_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_DATABASE_URL", "postgresql+psycopg://user:geheim-4711@127.0.0.1:1/name")

    outcome = run("rollout", "status")

    assert _is_told(outcome, 3)
    assert "geheim-4711" not in outcome.complaint


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_a_database_of_another_version_is_trouble_on_our_side(ready: Path, version: str) -> None:
    connection = sqlite3.connect(ready / "ozgflow.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.commit()
    connection.close()

    for command in (("rollout", "status"), ("evidence", "list", "--municipality", "Barnim"), ("db", "upgrade")):
        assert _is_told(run(*command), 3)


def test_a_file_that_is_no_database_is_trouble_on_our_side(home: Path) -> None:
    home.mkdir()
    (home / "ozgflow.db").write_text("kein SQLite " * 200, encoding="utf-8")

    assert _is_told(run("rollout", "status"), 3)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OZGFLOW_HOME", str(tmp_path / "file" / "below"))

    outcome = run("db", "upgrade")

    assert _is_told(outcome, 2) or _is_told(outcome, 3)


def test_missing_schemas_are_trouble_on_our_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_SCHEMAS", str(tmp_path / "nirgends"))

    outcome = run("validate", ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0" / "valid")

    assert _is_told(outcome, 3)
    assert "OZGFLOW_SCHEMAS" in outcome.complaint


def test_a_faulty_schema_catalogue_is_trouble_on_our_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "catalog.toml").write_text("[[bundle]]\nstandard = 1\n", encoding="utf-8")
    monkeypatch.setenv("OZGFLOW_SCHEMAS", str(tmp_path))

    outcome = run("rollout", "status")

    assert _is_told(outcome, 3)
    assert "catalog.toml" in outcome.complaint


@pytest.mark.parametrize("command", [("quatsch",), ("rollout", "quatsch"), ("rollout", "start", "--quatsch")])
def test_an_unknown_command_is_wrong_use(command: tuple[str, ...]) -> None:
    outcome = run(*command)

    assert outcome.code == 2
    assert "quatsch" in outcome.complaint


def test_in_a_process_of_its_own_it_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "klingonisch")

    assert _is_told(run_process("db", "upgrade"), 2)


def test_complaints_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    outcome = run("validate", "nowhere.xml")

    assert outcome.code == 2
    assert outcome.complaint == "There is no nowhere.xml. Give an XML file, a folder or a pattern that fits.\n"


@pytest.mark.parametrize("arguments", [["--json"], ["--limit", "500"]])
def test_a_reader_who_leaves_early_is_no_trouble(arguments: list[str]) -> None:
    command = [
        sys.executable,
        "-c",
        "from ozgflow.cli.main import main; main()",
        "catalogue",
        "municipalities",
        *arguments,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()

    assert process.returncode == 0
    assert complaint == b""


def test_help_is_there_for_every_command() -> None:
    commands = [(), ("validate",), ("rollout",), ("rollout", "advance"), ("evidence", "add"), ("catalogue",), ("db",)]

    for command in commands:
        outcome = run(*command, "--help")
        assert outcome.code == 0
        assert "Usage" in outcome.output or "Aufruf" in outcome.output
