"""``ozgflow rollout``: from the start to the history."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run
from tests.cli.steps import FOR_BARNIM, SERVICE, THREE, prove, stored_rows
from tests.jobs.examples import KEY, KEYS, supply


def test_starting_twice_opens_once(ready: Path) -> None:
    first, second = run("rollout", "start"), run("rollout", "start")

    assert (first.code, second.code) == (0, 0)
    assert first.text == "Nachnutzungen eröffnet: 18; insgesamt: 18."
    assert second.text == "Nachnutzungen eröffnet: 0; insgesamt: 18."


def test_the_start_says_the_same_as_json(ready: Path) -> None:
    assert run("rollout", "start", *THREE, "--json").data == {
        "programme": "efa-nachnutzung",
        "competent": 3,
        "opened": 3,
        "refused": [],
        "dry_run": False,
    }


def test_a_dry_start_opens_nothing(ready: Path) -> None:
    outcome = run("rollout", "start", "--dry-run")

    assert outcome.text == "Probelauf: 18 Kommunen kämen in Frage; nichts geschrieben."
    assert stored_rows(ready)["rollout"] == []
    assert run("rollout", "start", "--dry-run", "--json").data["opened"] == 0


def test_all_municipalities_of_some_kinds_may_start(ready: Path) -> None:
    kinds = ("kreisfreie_stadt", "amtsfreie_gemeinde", "amtsangehoerige_gemeinde", "verbandsangehoerige_gemeinde")

    outcome = run("rollout", "start", *(part for kind in kinds for part in ("--kind", kind)))

    assert outcome.text == "Nachnutzungen eröffnet: 413; insgesamt: 413."


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("start", "--service", "99010001001999"), "Meinten Sie"),
        (("start", "--programme", "efa"), "Bekannt sind: "),
        (("start", "--municipality", "Barnimm"), "Meinten Sie Landkreis Barnim"),
        (("advance",), "ozgflow rollout start"),
        (("status",), "ozgflow rollout start"),
        (("history",), "ozgflow rollout start"),
    ],
)
def test_what_cannot_be_ends_with_2_and_advice(ready: Path, command: tuple[str, ...], told: str) -> None:
    outcome = run("rollout", *command)

    assert (outcome.code, outcome.output) == (2, "")
    assert told in " ".join(outcome.complaint.split())


def test_evidence_moves_a_stage_and_nothing_else_does(started: Path) -> None:
    without = run("rollout", "advance", *THREE)
    prove("interessensbekundung")

    moved, again = run("rollout", "advance", *THREE), run("rollout", "advance", *THREE)

    assert "0 vorgerückt, 3 unverändert" in without.text
    assert "Landkreis Barnim: noch nicht begonnen → Interessensbekundung" in moved.text
    assert "1 vorgerückt, 2 unverändert, 0 von einem anderen Lauf bewegt." in moved.text
    assert "0 vorgerückt, 3 unverändert" in again.text
    assert (moved.code, again.code) == (0, 0)


def test_the_advance_says_the_same_as_json(started: Path, tmp_path: Path) -> None:
    prove("interessensbekundung")
    supply(tmp_path / "in", KEY, "", "fehlendes-element", "unbekannte-version")
    rehearsal = run("rollout", "advance", *THREE, "--documents", tmp_path / "in", "--dry-run")

    data = run("rollout", "advance", *THREE, "--documents", tmp_path / "in", "--json").data

    assert data == {
        "dry_run": False,
        "documents": {"valid": 1, "invalid": 1, "unchecked": 1},
        "evidence_recorded": 3,
        "moved": [
            {
                "service": "99010001001009",
                "municipality": "120600000000",
                "origin": "start",
                "target": "interesse",
            }
        ],
        "stayed": 2,
        "overtaken": 0,
        "failures": [],
    }
    assert "Nachrichten: 3, davon 1 gültig, 1 fehlerhaft, 1 nicht geprüft" in rehearsal.text
    assert "Landkreis Barnim: noch nicht begonnen → Interessensbekundung (Probelauf)" in rehearsal.text
    assert "1 vorgerückt, 2 unverändert" in rehearsal.text


def test_a_dry_run_writes_nothing_even_before_the_start(ready: Path, tmp_path: Path) -> None:
    prove("interessensbekundung")
    supply(tmp_path / "in", KEY, "")
    before = stored_rows(ready)

    outcome = run("rollout", "advance", *THREE, "--documents", tmp_path / "in", "--dry-run")

    assert outcome.code == 0
    assert "Landkreis Barnim: noch nicht begonnen → Interessensbekundung (Probelauf)" in outcome.text
    assert stored_rows(ready) == before


def test_a_folder_of_documents_that_is_not_there_ends_with_2(started: Path) -> None:
    outcome = run("rollout", "advance", "--documents", "nirgends")

    assert outcome.code == 2
    assert "<ARS>/<LeiKa-Schlüssel>" in outcome.complaint


def test_a_file_that_cannot_be_read_ends_with_3_and_the_others_move(started: Path, tmp_path: Path) -> None:
    prove("interessensbekundung", "Prignitz")
    supply(tmp_path / "in", KEY, "")[0].with_name("kaputt.xml").mkdir()

    outcome = run("rollout", "advance", *THREE, "--documents", tmp_path / "in")

    assert outcome.code == 3
    assert "Landkreis Barnim: nicht bearbeitet – kaputt.xml lässt sich nicht lesen." in outcome.text
    assert "Landkreis Prignitz: noch nicht begonnen → Interessensbekundung" in outcome.text
    assert "Traceback" not in outcome.complaint


def test_the_status_says_the_same_as_table_and_as_json(on_the_way: Path) -> None:
    table, data = run("rollout", "status"), run("rollout", "status", "--json").data

    names, stages, missing = table.columns
    assert names == "Kommune " + " ".join(row["name"] for row in data["rows"])
    assert stages == "Stufe " + " ".join(f"{r['position']}/{r['stages']} {r['stage_title']}" for r in data["rows"])
    assert missing == "Was fehlt " + " ".join(f"• {reason}" for row in data["rows"] for reason in row["reasons"])
    assert [(row["stage"], row["confirmed"]) for row in data["rows"]] == [
        ("interesse", True),
        ("start", True),
        ("start", True),
    ]
    assert data["by_stage"] == {code: {"start": 2, "interesse": 1}.get(code, 0) for code in data["by_stage"]}
    assert "2 von 3: noch nicht begonnen" in table.text
    assert "1 von 3: Interessensbekundung" in table.text


def test_the_status_may_be_narrowed_and_written_as_a_page(on_the_way: Path, tmp_path: Path) -> None:
    outcome = run("rollout", "status", *FOR_BARNIM, *SERVICE, "--html", tmp_path / "neu" / "tafel.html", "--json")

    page = (tmp_path / "neu" / "tafel.html").read_text(encoding="utf-8")
    assert [row["name"] for row in outcome.data["rows"]] == ["Landkreis Barnim"]
    assert "Landkreis Barnim" in page
    assert "Landkreis Prignitz" not in page


def test_a_page_that_cannot_be_written_ends_with_2(on_the_way: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    outcome = run("rollout", "status", "--html", tmp_path / "file" / "tafel.html")

    assert outcome.code == 2
    assert len(outcome.complaint.splitlines()) == 1


def test_the_history_says_the_same_as_table_and_as_json(on_the_way: Path) -> None:
    table, data = run("rollout", "history"), run("rollout", "history", "--json").data

    (move,) = data
    names, _, steps, proof = table.columns
    assert (move["municipality"], move["number"], move["origin"], move["target"]) == (
        "120600000000",
        1,
        "start",
        "interesse",
    )
    assert move["moved_by"] == "ozgflow rollout"
    (gate,) = move["gates"]
    assert [one.split() for one in gate["evidence"]] == [["interessensbekundung", "Az.", "interessensbekundung"]]
    assert names == "Kommune Landkreis Barnim"
    assert steps == "Schritt noch nicht begonnen → Interessensbekundung"
    assert proof == f"Worauf er beruht • Interesse schriftlich bekundet: {gate['reason']}"
    assert gate["reason"] == "nachgewiesen am 15.01.2024 (Az. interessensbekundung)"


def test_two_operators_at_once_move_every_rollout_once(started: Path) -> None:
    for name in ("Barnim", "Prignitz", "Uckermark"):
        prove("interessensbekundung", name)
    arguments = ["rollout", "advance", *THREE, "--json"]
    command = [sys.executable, "-c", "from ozgflow.cli.main import main; main()", *arguments]

    operators = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    outcomes: list[Any] = [json.loads(operator.communicate(timeout=60)[0]) for operator in operators]

    assert sum(len(outcome["moved"]) for outcome in outcomes) == 3
    assert sum(len(outcome["moved"]) + outcome["stayed"] + outcome["overtaken"] for outcome in outcomes) == 6
    assert [row["number"] for row in run("rollout", "history", "--json").data] == [1] * len(KEYS)


def test_in_english_the_words_change_and_the_facts_stay(on_the_way: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    german = run("rollout", "status", "--json").data
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    table, english = run("rollout", "status"), run("rollout", "status", "--json").data

    assert table.columns[0].startswith("Municipality ")
    assert "1 of 3: Expression of interest" in table.text
    assert english["by_stage"] == german["by_stage"]
    assert [row["stage"] for row in english["rows"]] == [row["stage"] for row in german["rows"]]


def test_another_land_is_opened_when_it_is_asked_for() -> None:
    outcome = run("rollout", "start", "--land", "SL", "--dry-run")

    assert outcome.text == "Probelauf: 6 Kommunen kämen in Frage; nichts geschrieben."
