"""``ozgflow catalogue changes``"""

import shutil
from pathlib import Path

import pytest

from ozgflow.domain.catalogue import load_catalogue
from tests.cli.command import run

DATA = Path(__file__).parents[2] / "src/ozgflow/data"
NEW = "120740000000"
ROW = f"{NEW},12074000,Oberes Land,landkreis,,300000,2026-07-01,GVBl. (invented)"


@pytest.fixture
def changed(on_the_way: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a catalogue of its own, in which two of its three Landkreise have become one."""
    folder = tmp_path / "katalog"
    folder.mkdir()
    for name in ("services.csv", "ozg_services.csv", "catalogue.toml"):
        shutil.copy(DATA / name, folder)
    text = (DATA / "municipalities.csv").read_text(encoding="utf-8")
    (folder / "municipalities.csv").write_text(f"{text}{ROW}\n", encoding="utf-8")
    lines = [f"2026-07-01,merger,{ars},{NEW},GVBl. (invented)" for ars in keys()[:2]]
    text = "\n".join(("day,kind,old,new,source", *lines)) + "\n"
    (folder / "municipality_changes.csv").write_text(text, encoding="utf-8")
    monkeypatch.setenv("OZGFLOW_CATALOGUE", str(folder))
    assert on_the_way.is_dir()
    return folder


def keys() -> list[str]:
    return sorted(str(one.ars) for one in load_catalogue().select_municipalities(["Barnim", "Prignitz", "Uckermark"]))


def test_the_package_knows_no_changes() -> None:
    outcome = run("catalogue", "changes", "list")

    assert outcome.text == "Der Katalog kennt keine Gebietsänderungen."
    assert run("catalogue", "changes", "list", "--json").data == []
    assert run("catalogue", "changes", "apply").text == "Es steht keine Gebietsänderung an; nichts geschrieben."


@pytest.mark.usefixtures("changed")
def test_the_list_says_the_same_as_table_and_as_json() -> None:
    table, data = run("catalogue", "changes", "list"), run("catalogue", "changes", "list", "--json").data

    days, kinds, olds, news, states, _ = table.columns
    assert days == "Tag 01.07.2026 01.07.2026"
    assert kinds == "Art Zusammenschluss Zusammenschluss"
    assert [row["old"] in olds and row["new"] in news for row in data] == [True, True]
    assert states == "Stand steht an steht an"
    assert {row["state"] for row in data} == {"pending"}


@pytest.mark.usefixtures("changed")
def test_applying_carries_rollouts_and_tells_so() -> None:
    tried = run("catalogue", "changes", "apply", "--dry-run")
    done = run("catalogue", "changes", "apply", "--json").data
    again = run("catalogue", "changes", "apply", "--json").data

    assert tried.text.startswith("Landkreis Oberes Land: noch nicht begonnen (aus Landkreis ")
    assert "Gebietsänderungen: 2; weiterzuführende Nachnutzungen: 1;" in tried.text
    assert [one["municipality"] for one in done["carried"]] == [NEW]
    assert sorted(done["carried"][0]["stood"]) == keys()[:2]
    assert (again["changes"], again["carried"], again["evidence"]) == ([], [], 0)
    assert {row["state"] for row in run("catalogue", "changes", "list", "--json").data} == {"applied"}


@pytest.mark.usefixtures("changed")
def test_whoever_asks_for_the_old_key_is_shown_the_new_one() -> None:
    run("catalogue", "changes", "apply")

    (row,) = run("rollout", "status", "--municipality", keys()[0], "--json").data["rows"]
    shown = run("rollout", "status", "--json").data["rows"]
    before = run("board", "--as-of", "2026-06-30", "--json")

    assert row["municipality"] == NEW
    assert sorted(one["municipality"] for one in shown) == sorted((NEW, keys()[2]))
    assert before.code == 0


@pytest.mark.usefixtures("changed")
def test_the_history_of_the_new_one_shows_the_steps_of_the_old_ones() -> None:
    run("catalogue", "changes", "apply")

    data = run("rollout", "history", "--municipality", NEW, "--json").data

    assert {move["municipality"] for move in data} & set(keys()[:2])


def test_a_faulty_file_of_changes_is_named_with_its_line(changed: Path) -> None:
    file = changed / "municipality_changes.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(f",{NEW},", ",120990000000,"), encoding="utf-8")

    outcome = run("catalogue", "changes", "list")

    assert outcome.code == 3
    assert "Datei municipality_changes.csv, Zeile 2, Spalte „new“" in outcome.complaint


def test_in_english_the_words_change_and_the_facts_stay(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    outcome = run("catalogue", "changes", "list")

    assert changed.is_dir()
    assert outcome.columns[0] == "Day 2026-07-01 2026-07-01"
