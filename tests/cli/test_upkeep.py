"""``ozgflow db`` and ``ozgflow docs``"""

import shutil
from pathlib import Path

import pytest

from ozgflow.storage.database import Database
from tests.cli.command import run
from tests.conftest import ROOT
from tests.storage.postgres import empty_schema


def test_the_database_is_brought_up_to_date_once(home: Path) -> None:
    first, second = run("db", "upgrade"), run("db", "upgrade")

    assert (first.code, second.code) == (0, 0)
    assert first.text == "Die Datenbank ist jetzt auf dem Stand dieser Version."
    assert second.text == "Die Datenbank ist schon auf dem Stand dieser Version; nichts geändert."
    Database(f"sqlite:///{home / 'ozgflow.db'}").require_current()


def test_a_servers_database_wants_to_be_upgraded_first(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_schema(postgres_server, "upkeep") as url:
        monkeypatch.setenv("OZGFLOW_DATABASE_URL", url)

        before = run("rollout", "start")
        upgraded = run("db", "upgrade")
        after = run("rollout", "start", "--municipality", "Barnim")

    assert before.code == 3
    assert "ozgflow db upgrade" in before.complaint
    assert upgraded.code == 0
    assert after.text == "Nachnutzungen eröffnet: 1; insgesamt: 1."


def test_the_pages_in_the_repository_fit_the_code() -> None:
    outcome = run("docs", "check", "--folder", ROOT / "docs")

    assert outcome.code == 0
    assert outcome.text == "Die erzeugten Seiten entsprechen dem Code."


@pytest.mark.parametrize("page", ["stages.md", "rules.md"])
def test_a_page_that_was_edited_or_is_missing_ends_with_1(tmp_path: Path, page: str) -> None:
    for name in ("stages.md", "rules.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path / name)
    with (tmp_path / page).open("a", encoding="utf-8") as file:
        file.write("von Hand\n")

    edited = run("docs", "check", "--folder", tmp_path)
    (tmp_path / page).unlink()
    missing = run("docs", "check", "--folder", tmp_path)

    for outcome in (edited, missing):
        assert outcome.code == 1
        assert f"{page} entspricht nicht mehr dem Code." in outcome.text


def test_pages_that_were_written_are_fresh_in_any_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = run("docs", "write", "--folder", tmp_path / "docs")
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    checked = run("docs", "check", "--folder", tmp_path / "docs")

    assert (written.code, checked.code) == (0, 0)
    assert checked.text == "The generated pages fit the code."


def test_the_pages_are_looked_for_where_the_command_is_run() -> None:
    assert run("docs", "check").code == 1
