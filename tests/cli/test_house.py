"""``ozgflow contact`` and ``ozgflow step``"""

from pathlib import Path

import pytest

from tests.cli.command import Outcome, run

BY = ("--by", "Leitung der Geschäftsstelle")
pytestmark = pytest.mark.usefixtures("started")


def _set(person: str = "Erika Mustermann", municipality: str = "Barnim") -> Outcome:
    return run("contact", "set", "--municipality", municipality, "--person", person, *BY)


def _add(text: str = "Vertrag zeichnen", municipality: str = "Barnim") -> Outcome:
    return run("step", "add", "--municipality", municipality, "--text", text, *BY)


def test_a_contact_is_named_once_and_both_times_told_so() -> None:
    assert _set().text == "Ansprechperson für Landkreis Barnim: Erika Mustermann."
    assert _set().text == "Erika Mustermann ist schon Ansprechperson für Landkreis Barnim; nichts geändert."


def test_the_list_shows_the_one_contact_and_the_history_all() -> None:
    _set()
    _set("Max Mustermann")

    now, history = run("contact", "list"), run("contact", "list", "--history", "--json").data

    assert now.columns[1] == "Ansprechperson Max Mustermann"
    assert now.text.endswith("1 von 3 beteiligten Kommunen haben eine Ansprechperson.")
    assert [entry["person"] for entry in history] == ["Erika Mustermann", "Max Mustermann"]
    assert run("contact", "list", "--history").text.endswith("Benennungen insgesamt: 2.")


def test_those_without_a_contact_are_named_with_the_denominator() -> None:
    _set()

    table, data = run("contact", "missing"), run("contact", "missing", "--json").data

    assert table.columns[0] == "Kommune Landkreis Prignitz Landkreis Uckermark"
    assert "2 von 3 Kommunen haben keine Ansprechperson." in table.text
    assert data["asked"] == 3
    assert [one["municipality"] for one in data["missing"]] == ["120700000000", "120730000000"]
    assert run("contact", "missing", "--all", "--json").data["asked"] > 400


def test_when_all_have_one_it_says_so() -> None:
    for name in ("Barnim", "Prignitz", "Uckermark"):
        _set(municipality=name)

    assert run("contact", "missing").text == "Alle 3 Kommunen haben eine Ansprechperson."


def test_when_nobody_takes_part_it_says_what_to_do(started: Path) -> None:
    (started / "ozgflow.db").unlink()

    assert "Beginnen Sie mit „ozgflow rollout start“" in run("contact", "missing").text


def test_a_step_is_added_refused_beside_another_and_done() -> None:
    added, again, other = _add(), _add(), _add("Schulung planen")
    done = run("step", "done", "--municipality", "Barnim", *BY)
    nothing = run("step", "done", "--municipality", "Barnim", *BY)

    assert added.text == "Nächster Schritt für Landkreis Barnim: Vertrag zeichnen"
    assert again.text == "Dieser nächste Schritt ist für Landkreis Barnim schon offen; nichts geändert."
    assert other.code == 2
    assert "„Vertrag zeichnen“. Erledigen Sie ihn zuerst" in " ".join(other.complaint.split())
    assert done.text == "Erledigt für Landkreis Barnim: Vertrag zeichnen"
    assert (nothing.code, nothing.text) == (0, "Für Landkreis Barnim ist kein Schritt offen; nichts geändert.")


def test_the_list_of_steps_holds_the_open_ones_or_all() -> None:
    _add()
    run("step", "done", "--municipality", "Barnim", *BY)
    _add("Schulung planen")

    table, data = run("step", "list", "--all"), run("step", "list", "--json").data

    assert table.columns[1] == "Nächster Schritt Vertrag zeichnen Schulung planen"
    assert table.text.endswith("Schritte: 2, davon 1 offen.")
    assert [entry["text"] for entry in data] == ["Schulung planen"]
    assert run("step", "list", "--municipality", "Prignitz", "--json").data == []


def test_json_says_whether_anything_changed() -> None:
    set_ = ("contact", "set", "--municipality", "Barnim", "--person", "Erika Mustermann", *BY, "--json")
    add = ("step", "add", "--municipality", "Barnim", "--text", "x", *BY, "--json")
    done = ("step", "done", "--municipality", "Barnim", *BY, "--json")

    assert [run(*set_).data["set"] for _ in range(2)] == [True, False]
    assert [run(*add).data["added"] for _ in range(2)] == [True, False]
    assert [run(*done).data for _ in range(2)] == [{"done": True, "text": "x"}, {"done": False, "text": None}]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("contact", "set", "--municipality", "Atlantis", "--person", "x", *BY), "Atlantis"),
        (("contact", "set", "--municipality", "Barnim", "--person", " ", *BY), "--person"),
        (("step", "add", "--municipality", "Barnim", "--text", "", *BY), "--text"),
        (("step", "done", "--municipality", "Barnim", "--by", ""), "--by"),
    ],
)
def test_what_cannot_be_ends_with_2_and_the_reason(command: tuple[str, ...], told: str) -> None:
    outcome = run(*command)

    assert (outcome.code, outcome.output) == (2, "")
    assert told in outcome.complaint
