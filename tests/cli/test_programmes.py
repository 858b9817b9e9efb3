"""The commands around programmes: list, show, check, board, readiness, approve, audit, import."""

from pathlib import Path

import pytest

from ozgflow.domain.programme_files import programme_codes
from ozgflow.jobs.evidence_import import COLUMNS
from tests.cli.command import run
from tests.domain.test_programme_files import GOOD

ROLES = '[[role]]\ncode = "golive"\npeople = ["Lieschen Müller", "Otto Normalverbraucher"]\n'
APPROVE = ("approve", "--kind", "golive-freigabe", "--municipality", "Barnim", "--service", "99010001001009")
REASON = ("--reason", "Test bestanden")


@pytest.fixture
def roles(ready: Path) -> Path:
    (ready / "roles.toml").write_text(ROLES, encoding="utf-8")
    return ready


def test_the_list_names_every_programme(ready: Path) -> None:
    text = run("programme", "list").text

    assert all(code in text for code in programme_codes())
    assert {one["code"] for one in run("programme", "list", "--json").data} == set(programme_codes())


@pytest.mark.parametrize("code", programme_codes())
def test_a_programme_is_shown_with_its_stages_and_says_the_same_as_json(ready: Path, code: str) -> None:
    text = run("programme", "show", code).text
    data = run("programme", "show", code, "--json").data

    assert all(stage["title"] in text for stage in data["stages"])
    assert all(gate["title"] in text for stage in data["stages"] for gate in stage["gates"])


def test_a_good_file_is_called_good_and_a_faulty_one_refused_with_its_line(ready: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "probe.toml", tmp_path / "bad" / "probe.toml"
    bad.parent.mkdir()
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace('check = "evidence"', 'check = "orakel"'), encoding="utf-8")

    assert run("programme", "check", str(good)).text == "probe.toml ist in Ordnung: 1 Stufen, 1 Prüfbedingungen."
    refused = run("programme", "check", str(bad))
    assert refused.code == 3
    assert "Zeile 16" in refused.complaint


def test_readiness_names_prerequisites_reasons_and_the_shortest_way_in_german(ready: Path) -> None:
    text = run("readiness", "--municipality", "Elbe-Elster", "--service", "99010001001009").text

    assert "Voraussetzungen: Landkreis Elbe-Elster" in text
    assert "Kürzester Weg zur Stufe „Interessensbekundung“, Nachweise: 1" in text
    assert "1. Interessensbekundung (interessensbekundung) – zuständig: Kommune" in text


def test_readiness_says_the_same_as_json(ready: Path) -> None:
    data = run("readiness", "--municipality", "Elbe-Elster", "--json").data

    assert data["way"] == [{"kind": "interessensbekundung", "owner": "kommune", "unlocks": 0}]
    assert {row["dimension"] for row in data["prerequisites"]} == {
        "organisational",
        "legal",
        "financial",
        "technical",
    }


def test_without_a_municipality_readiness_counts_what_single_entries_hold_up(ready: Path) -> None:
    run("rollout", "start")

    assert run("readiness", "--json").data == {
        "programme": "efa-nachnutzung",
        "open": 18,
        "unlocks": {"interessensbekundung": 18},
    }
    assert "18 / 18" in run("readiness").text


def test_a_programme_with_items_asks_for_one(ready: Path) -> None:
    asked = run("readiness", "--municipality", "Barnim", "--programme", "ein-und-auswanderung")

    assert asked.code == 2
    assert "erwerbstaetigkeit" in asked.complaint


def test_two_people_approve_and_the_log_shows_it(roles: Path) -> None:
    first = run(*APPROVE, "--by", "Lieschen Müller", *REASON)
    second = run(*APPROVE, "--by", "Otto Normalverbraucher", *REASON)

    assert "es fehlen noch Freigaben anderer Personen: 1" in first.text
    assert "freigegeben von Lieschen Müller, Otto Normalverbraucher" in second.text
    assert [entry["outcome"] for entry in run("audit", "--json").data] == ["done", "done"]


def test_who_lacks_the_role_is_refused_with_2_and_stands_in_the_log(roles: Path) -> None:
    refused = run(*APPROVE, "--by", "Erika Mustermann", *REASON)

    assert refused.code == 2
    assert "hat die Rolle „golive“ nicht" in refused.complaint
    assert "Erika Mustermann" in run("audit").text


def test_a_table_of_dated_facts_gives_the_board_of_any_day(ready: Path, tmp_path: Path) -> None:
    path = tmp_path / "stand.csv"
    rows = [
        f"{name},erwerbstaetigkeit,{kind},,,{day},,Az. 1"
        for name, day in (("Elbe-Elster", "2023-08-30"), ("Barnim", "2023-08-31"))
        for kind in ("interessensbekundung", "mandant", "antragsstrecke-online")
    ]
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    done = run("rollout", "import", str(path), "--programme", "ein-und-auswanderung", "--by", "Erika Mustermann")

    assert "Nachnutzungen: 2, eröffnet: 2, vorgerückt: 2" in done.text
    [last] = run("board", "--as-of", "2023-08-31", "--json").data
    [before] = run("board", "--as-of", "2023-08-30", "--json").data
    assert (before["municipalities_counted"], last["municipalities_counted"]) == (1, 2)
    assert "2 von 2 Kommunen haben am 31.08.2023 „Online“ erreicht." in run("board", "--as-of", "2023-08-31").text
    assert run("board", "--by-land", "--as-of", "2023-08-31").code == 0


def test_a_faulty_table_leaves_nothing_behind(ready: Path, tmp_path: Path) -> None:
    path = tmp_path / "stand.csv"
    lines = [
        "Barnim,erwerbstaetigkeit,mandant,,,2023-08-30,,Az. 1",
        "Atlantis,erwerbstaetigkeit,mandant,,,2023-08-30,,x",
    ]
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")

    refused = run("evidence", "import", str(path), "--by", "Erika Mustermann")

    assert refused.code == 3
    assert "Zeile 3" in refused.complaint
    assert run("evidence", "list", "--municipality", "Barnim", "--json").data == []


def test_without_rollouts_the_board_says_what_to_do(ready: Path) -> None:
    empty = run("board")

    assert empty.code == 2
    assert "ozgflow rollout start" in empty.complaint


def test_a_fact_is_confirmed_by_one_command(ready: Path) -> None:
    fact = ("--kind", "ansprechpersonen", "--municipality", "Barnim", "--by", "Erika Mustermann")
    nothing = run("evidence", "confirm", *fact)
    run("evidence", "add", *fact, "--reference", "Az. 9", "--observed-on", "2025-01-02")
    confirmed = run("evidence", "confirm", *fact)

    assert nothing.code == 2
    assert "bestätigt" in confirmed.text
    assert [one["reference"] for one in run("evidence", "list", "--municipality", "Barnim", "--json").data] == [
        "Az. 9",
        "Az. 9",
    ]


AUTHORITIES = Path(__file__).parents[1] / "examples/rollouts/auslaenderbehoerden-2023.csv"


def test_on_the_last_of_august_2023_exactly_100_authorities_were_online_and_the_day_before_fewer(ready: Path) -> None:
    run("rollout", "import", str(AUTHORITIES), "--programme", "ein-und-auswanderung", "--by", "Erika Mustermann")

    [last] = run("board", "--as-of", "2023-08-31", "--json").data
    [before] = run("board", "--as-of", "2023-08-30", "--json").data

    assert last["municipalities_counted"] == 100
    assert before["municipalities_counted"] == 99
    assert len([land for land in last["by_land"].values() if land["counted"]]) == 12
    assert last["unconfirmed"] == 2
