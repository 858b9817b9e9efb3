"""``ozgflow today``"""

from datetime import timedelta
from pathlib import Path

import pytest

from ozgflow.cli.console import today
from tests.cli.command import Outcome, run
from tests.cli.steps import stored_rows

BY = ("--by", "Erika Mustermann")


def _prove(kind: str, *, municipality: str = "Barnim", valid_until: str | None = None) -> Outcome:
    end = ("--valid-until", valid_until) if valid_until else ()
    return run(
        "evidence", "add", "--kind", kind, "--municipality", municipality, "--reference", "Az. 1",
        "--observed-on", "2024-01-15", *BY, *end,
    )  # fmt: skip


@pytest.mark.usefixtures("ready")
def test_with_nothing_entered_it_says_in_a_sentence_what_to_do_first() -> None:
    outcome = run("today")

    assert outcome.code == 0
    assert outcome.text.startswith("Noch ist keine Kommune beteiligt. Beginnen Sie mit „ozgflow rollout start“")
    assert run("today", "--json").data["empty"]


def test_a_home_that_is_not_made_yet_is_no_trouble() -> None:
    assert run("today").code == 0


@pytest.mark.usefixtures("started")
def test_the_four_questions_are_answered_in_their_order() -> None:
    text = run("today").text

    places = [
        text.index(question)
        for question in (
            "Wer ist aufgehalten, und warum? 3 von 3 Nachnutzungen sind aufgehalten",
            "Was ist als Nächstes zu tun? 0 von 3 beteiligten Kommunen",
            "Was läuft in den nächsten 30 Tagen ab? 0 Nachweise.",
            "Was hat sich seit",
        )
    ]
    assert places == sorted(places)


@pytest.mark.usefixtures("started")
def test_rollouts_with_one_reason_are_one_line_with_count_and_denominator() -> None:
    table, data = run("today"), run("today", "--json").data

    assert table.columns[0] == "Anzahl 3 von 3"
    assert "Interessensbekundung – Interesse schriftlich bekundet: Nachweis fehlt" in table.columns[1]
    assert table.columns[2] == "Wer Landkreis Barnim, Landkreis Prignitz, Landkreis Uckermark"
    (group,) = data["rollouts"]["groups"]
    assert (group["count"], group["total"], group["gate"]) == (3, 3, "interesse-bekundet")
    assert len(group["municipalities"]) == 3


@pytest.mark.usefixtures("started")
def test_those_without_contact_or_step_are_named_with_counts() -> None:
    run("contact", "set", "--municipality", "Barnim", "--person", "Erika Mustermann", *BY)
    run("step", "add", "--municipality", "Prignitz", "--text", "Vertrag zeichnen", *BY)

    text, data = run("today").text, run("today", "--json").data["steps"]

    assert "Ohne nächsten Schritt: 2 von 3 – Landkreis Barnim, Landkreis Uckermark." in text
    assert "Ohne Ansprechperson: 2 von 3 – Landkreis Prignitz, Landkreis Uckermark." in text
    assert "Vertrag zeichnen" in text
    assert (data["total"], data["with_step"]) == (3, 1)
    assert [one["name"] for one in data["without_contact"]] == ["Landkreis Prignitz", "Landkreis Uckermark"]


@pytest.mark.usefixtures("started")
def test_what_runs_out_is_told_with_the_days_that_are_left() -> None:
    last = today() + timedelta(days=5)
    _prove("zertifikat", valid_until=last.isoformat())

    text, data = run("today").text, run("today", "--json").data["expiring"]

    assert "ab? 1 Nachweise." in text
    assert f"{last:%d.%m.%Y}, noch 5" in text
    assert data["evidence"][0]["last_day"] == last.isoformat()
    assert run("today", "--as-of", (last + timedelta(days=1)).isoformat(), "--json").data["expiring"]["total"] == 0


@pytest.mark.usefixtures("started")
def test_what_changed_is_counted_by_kind_and_told() -> None:
    _prove("zertifikat")
    run("contact", "set", "--municipality", "Prignitz", "--person", "Max Mustermann", *BY)
    run("step", "add", "--municipality", "Prignitz", "--text", "Vertrag zeichnen", *BY)

    text, data = run("today").text, run("today", "--json").data["changes"]

    assert "3 Änderungen in 2 Kommunen." in text
    assert "Davon 0 Schritte von Nachnutzungen, 1 Nachweise, 1 Ansprechpersonen, 1 nächste Schritte." in text
    assert [entry["kind"] for entry in data["entries"]] == ["evidence", "contact", "step-added"]
    assert data["entries"][1]["what"] == "Ansprechperson ist jetzt Max Mustermann"


@pytest.mark.usefixtures("started")
def test_a_limit_cuts_lines_never_counts_and_says_so() -> None:
    for kind in ("zertifikat", "ansprechpersonen", "bus-bb-teilnahme"):
        _prove(kind)

    text, data = run("today", "--limit", "2").text, run("today", "--limit", "2", "--json").data["changes"]

    assert "… und 1 weitere; mehr mit --limit." in text
    assert (data["total"], len(data["entries"])) == (3, 2)
    assert len(run("today", "--json").data["changes"]["entries"]) == 3


@pytest.mark.usefixtures("started")
def test_one_may_look_at_one_municipality() -> None:
    data = run("today", "--municipality", "Prignitz", "--json").data

    assert data["rollouts"]["total"] == 1
    assert [one["name"] for one in data["steps"]["without_step"]] == ["Landkreis Prignitz"]


@pytest.mark.usefixtures("started")
def test_warnings_about_undertakings_are_told_too() -> None:
    run("undertaking", "add", "dk-pm", "--title", "x", "--municipality", "Potsdam-Mittelmark", *BY)

    text, data = run("today").text, run("today", "--json").data

    assert "Vorhaben: 1 von 1 mit Warnung. Warnung (dk-pm): Insellösung: 1 von mindestens 2" in text
    assert data["undertakings"]["warned"][0]["code"] == "dk-pm"
    assert data["steps"]["total"] == 4


def test_looking_changes_nothing(started: Path) -> None:
    before = stored_rows(started)

    run("today")

    assert stored_rows(started) == before


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    "words", [("--as-of", "gestern"), ("--municipality", "Atlantis"), ("--limit", "0"), ("--farbe",)]
)
def test_what_cannot_be_asked_ends_with_2(words: tuple[str, ...]) -> None:
    assert run("today", *words).code == 2


@pytest.mark.usefixtures("started")
def test_in_english_the_words_change_and_the_facts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    german = run("today", "--json").data
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    text, english = run("today").text, run("today", "--json").data

    assert "Who is blocked, and why? 3 of 3 rollouts are blocked" in text
    assert english["steps"] == german["steps"]
