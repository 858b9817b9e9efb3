"""``ozgflow maturity``"""

import pytest

from tests.cli.command import Outcome, run
from tests.cli.steps import FOR_BARNIM, SERVICE

pytestmark = pytest.mark.usefixtures("ready")
IN_2022 = ("--as-of", "2022-01-01")


def _rate(*more: str) -> Outcome:
    return run(
        "maturity", "rate", *SERVICE, "--source", "Selbsteinschätzung", "--reference", "Nachnutzung Aufenthaltstitel",
        "--by", "Erika Mustermann", "--rated-on", "2021-05-04", *more,
    )  # fmt: skip


def test_the_models_are_shown_with_what_is_confirmed() -> None:
    shown = run("maturity", "models")

    assert "10, davon 6 mit belegter Bezeichnung" in shown.columns[4]
    assert "13, davon 0 mit belegter Bezeichnung" in shown.columns[4]
    assert [model["version"] for model in run("maturity", "models", "--json").data] == ["1.1", "2.0"]
    assert [model["version"] for model in run("maturity", "models", *IN_2022, "--json").data] == ["1.1"]


def test_a_model_is_shown_with_levels_aspects_and_thresholds() -> None:
    shown = run("maturity", "show", "1.1")

    assert "Online-Transaktion" in shown.text
    assert "OZG-konform ab Stufe 3." in shown.text
    assert "Kriterium 7 (Bezeichnung nicht belegt)" in shown.text


def test_what_no_source_says_about_a_model_is_told_so() -> None:
    shown, data = run("maturity", "show", "2.0"), run("maturity", "show", "2.0", "--json").data

    assert "Ab welcher Stufe eine Leistung OZG-konform ist, ist für dieses Modell nicht belegt." in shown.text
    assert "bestimmt die Stufe der Leistung. (nicht belegt)" in shown.text
    assert (data["conform_from"], data["rule"]["confirmed"]) == (None, False)
    assert (len(data["levels"]), len(data["aspects"])) == (8, 13)


def test_a_service_that_was_rated_as_a_whole_is_shown_as_such() -> None:
    first, second = _rate("--level", "2"), _rate("--level", "2")

    shown = run("maturity", "status", *IN_2022)

    assert first.text == "OZG-Reifegradmodell 1.1: 1 von 1 Bewertungen sind neu und erfasst."
    assert second.text == "OZG-Reifegradmodell 1.1: 0 von 1 Bewertungen sind neu und erfasst."
    assert "2 Formular-Assistent (als Ganzes angegeben, nicht aus den Kriterien)" in shown.columns[2]
    assert shown.columns[5] == "OZG-konform nein"


def test_single_aspects_bound_the_level_and_are_named() -> None:
    _rate("--aspect", "nachweise=2", "--aspect", "bezahlprozess=entfällt")

    shown, data = run("maturity", "status", *IN_2022), run("maturity", "status", *IN_2022, "--json").data

    assert "unbekannt, höchstens 2" in shown.columns[2]
    assert shown.columns[3] == "Was die Stufe begrenzt Nachweise"
    (result,) = data["results"]
    assert (result["level"], result["at_most"], result["held_by"]) == (None, 2, ["nachweise"])
    assert (result["rated"], result["total"], result["conform"]) == (2, 10, "no")


def test_a_contradiction_is_told() -> None:
    _rate("--aspect", "nachweise=1", "--level", "3")

    assert (
        "Als Ganzes angegeben ist Stufe 3; das widerspricht den Kriterien."
        in run("maturity", "status", *IN_2022).columns[2]
    )


def test_a_withdrawn_rating_does_not_count() -> None:
    _rate("--level", "2")
    _rate("--level", "zurückgezogen")

    (result,) = run("maturity", "status", *IN_2022, "--json").data["results"]

    assert result["level"] is None


def test_an_ozg_service_counts_as_online_once_a_municipality_offers_one_of_its_services() -> None:
    _rate("--level", "2")
    before = run("maturity", "status", "--ozg", "10255", *IN_2022)
    _rate("--level", "2", *FOR_BARNIM)
    after = run("maturity", "status", "--ozg", "10255", *IN_2022)

    assert "Ob die OZG-Leistung 10255 Aufenthaltstitel als online zählt, ist unbekannt" in before.text
    assert "Die OZG-Leistung 10255 Aufenthaltstitel zählt als online: 1 von 161 Leistungen genügen." in after.text
    assert run("maturity", "status", "--ozg", "10255", *IN_2022, "--json").data["online"]["answer"] == "yes"


def test_under_the_present_model_nothing_is_rated_and_that_is_told() -> None:
    _rate("--level", "2")

    assert "Zum OZG-Reifegradmodell 2.0 gibt es keine Bewertung." in run("maturity", "status").text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([], "--aspect"),
        (["--level", "fünf"], "„fünf“ ist keine Bewertung"),
        (["--level", "5"], "Möglich sind 0 bis 4"),
        (["--aspect", "nachweise"], "„nachweise=“"),
        (["--aspect", "=3"], "„=3“"),
        (["--aspect", "schönheit=3"], "kein Kriterium „schönheit“"),
        (["--aspect", "antragsprozess=entfällt"], "nicht entfallen"),
        (["--level", "2", "--model", "3.0"], "Möglich sind: 1.1, 2.0"),
        (["--level", "2", "--rated-on", "2019-01-01"], "noch kein Reifegradmodell"),
    ],
)
def test_an_impossible_rating_is_refused(more: list[str], told: str) -> None:
    outcome = _rate(*more)

    assert outcome.code == 2
    assert told in outcome.complaint
