"""``ozgflow obstacle``"""

from datetime import timedelta
from pathlib import Path

import pytest

from ozgflow.cli.console import today
from tests.cli.command import Outcome, run
from tests.cli.steps import FOR_BARNIM, prove

pytestmark = pytest.mark.usefixtures("started")
LONG_AGO = today() - timedelta(days=100)


def _add(kind: str = "kosten", *more: str) -> Outcome:
    return run(
        "obstacle", "add", kind, *FOR_BARNIM, "--owner", "Kämmerei", "--by", "Erika Mustermann",
        "--day", LONG_AGO.isoformat(), *more,
    )  # fmt: skip


def _clear(*more: str) -> Outcome:
    return run("obstacle", "clear", "kosten", *FOR_BARNIM, "--by", "Max Mustermann", *more)


def test_an_obstacle_is_recorded_once_and_both_times_told_so() -> None:
    first, second = _add(), _add()

    assert (first.code, second.code) == (0, 0)
    assert first.text == "Hemmnis „Kosten“ für Landkreis Barnim erfasst, zuständig: Kämmerei."
    assert second.text.startswith("Das Hemmnis „Kosten“ ist für Landkreis Barnim schon offen; nichts geändert.")
    assert _add("kosten", "--json").data["changed"] is False


def test_the_list_shows_age_and_owner() -> None:
    _add("kosten", "--note", "Haushalt offen")

    shown = run("obstacle", "list")
    (row,) = run("obstacle", "list", "--json").data

    assert "Offene Hemmnisse: 1, bei 1 von 3 Nachnutzungen" in shown.text
    assert (row["kind"], row["owner"], row["days_open"], row["note"]) == ("kosten", "Kämmerei", 100, "Haushalt offen")


def test_a_cleared_obstacle_leaves_the_list_but_not_the_record() -> None:
    _add()

    cleared, again = _clear("--note", "bewilligt"), _clear()

    assert cleared.text == "Hemmnis „Kosten“ für Landkreis Barnim aufgehoben."
    assert again.text == "Das Hemmnis „Kosten“ ist für Landkreis Barnim nicht offen; nichts geändert."
    assert run("obstacle", "list", "--json").data == []
    (row,) = run("obstacle", "list", "--all", "--json").data
    assert (row["cleared_by"], row["cleared_note"]) == ("Max Mustermann", "bewilligt")
    assert "Max Mustermann" in run("obstacle", "list", "--all").text


def test_an_earlier_day_shows_what_was_open_then() -> None:
    _add()
    _clear()

    yesterday = (LONG_AGO + timedelta(days=99)).isoformat()

    assert len(run("obstacle", "list", "--as-of", yesterday, "--json").data) == 1


def test_the_report_counts_ages_themenfelder_and_those_without_an_obstacle() -> None:
    _add()
    _add("recht")

    shown, data = run("obstacle", "report"), run("obstacle", "report", "--json").data

    assert shown.code == 0
    assert "Aufgehalten: 3 von 3 Nachnutzungen." in shown.text
    assert "Mit genanntem Hemmnis: 1 von 3 aufgehaltenen Nachnutzungen; ohne: 2 von 3." in shown.text
    assert "ohne genanntes Hemmnis: Landkreis Prignitz" in shown.text
    assert "gleich häufig: Kosten, Recht" in shown.text
    assert [one["count"] for one in data["ages"]] == [0, 0, 2, 0]
    (field,) = data["fields"]
    assert (field["most_frequent"], field["count"], field["held_with_obstacle"]) == (["kosten", "recht"], 1, 1)
    assert len(data["held_without_obstacle"]) == 2


def test_obstacles_of_rollouts_that_can_move_are_told() -> None:
    _add()
    prove("interessensbekundung")

    shown = run("obstacle", "report")

    assert "Offene Hemmnisse von Nachnutzungen, die nicht aufgehalten sind: 1 von 1." in shown.text


def test_the_board_shows_open_obstacles_as_table_json_and_page(tmp_path: Path) -> None:
    _add()
    page = tmp_path / "tafel.html"

    shown = run("rollout", "status", "--html", page)
    rows = run("rollout", "status", "--json").data["rows"]

    line = f"Hemmnis: Kosten (seit {LONG_AGO:%d.%m.%Y}, zuständig: Kämmerei)"
    assert line in shown.columns[2]
    assert page.read_text(encoding="utf-8").count(line) == 1
    assert [[one["kind"] for one in row["obstacles"]] for row in rows] == [["kosten"], [], []]


def test_the_list_of_obstacles_is_shown() -> None:
    assert len(run("obstacle", "kinds", "--json").data) == 9
    assert "unterschätzter Aufwand" in run("obstacle", "kinds").text


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("faulheit", [], "Möglich sind: interne-kommunikation"),
        ("kosten", ["--owner", " "], "--owner"),
        ("kosten", ["--day", "2999-01-01"], "Zukunft"),
        ("kosten", ["--day", "gestern"], "JJJJ-MM-TT"),
        ("kosten", ["--municipality", "Elbe-Elster"], "nicht eröffnet"),
        ("kosten", ["--programme", "x"], "„x“"),
    ],
)
def test_an_impossible_obstacle_is_refused(kind: str, more: list[str], told: str) -> None:
    outcome = _add(kind, *more)

    assert outcome.code == 2
    assert told in outcome.complaint
