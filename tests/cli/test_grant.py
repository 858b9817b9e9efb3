"""``ozgflow grant``"""

from pathlib import Path

import pytest

from tests.cli.command import Outcome, run

APPLY = (
    "grant", "apply", "SVA 7/2024",
    "--municipality", "Barnim",
    "--amount", "20.000,00",
    "--purpose", "anpassung",
    "--by", "Erika Mustermann",
    "--on", "2024-03-01",
)  # fmt: skip
DECIDE = ("grant", "decide", "SVA 7/2024", "--by", "Max Muster", "--reason", "Unterlagen vollständig")
WITHDRAW = ("grant", "withdraw", "SVA 7/2024", "--by", "Erika Mustermann", "--reason", "Kein Bedarf")
PAY = ("grant", "pay", "SVA 7/2024", "--by", "Kasse", "--on", "2024-09-01")
SHOW = ("grant", "show", "SVA 7/2024")
pytestmark = pytest.mark.usefixtures("ready")


def _participate(municipality: str = "Barnim", *more: str) -> None:
    proof = ("--kind", "bus-bb-teilnahme", "--reference", "BUS-BB 1", "--by", "Erika Mustermann")
    assert run("evidence", "add", "--municipality", municipality, *proof, *more).code == 0


@pytest.fixture
def granted(ready: Path) -> None:
    _participate()
    assert run(*APPLY).code == 0
    assert run(*DECIDE).code == 0


def _told(outcome: Outcome) -> str:
    return " ".join((outcome.output + outcome.complaint).split())


def test_the_way_of_an_application_from_the_request_to_the_last_payment() -> None:
    _participate()

    told = [
        run(*APPLY).text,
        run(*DECIDE).text,
        run(*PAY, "--amount", "5.000,50", "--reference", "Beleg 1").text,
        run(*PAY, "--amount", "14999.50", "--reference", "Beleg 2").text,
    ]

    assert told == [
        "Antrag SVA 7/2024 von Landkreis Barnim über 20.000,00 € aufgenommen.",
        "Antrag SVA 7/2024 von Landkreis Barnim: bewilligt, 20.000,00 €.",
        "Antrag SVA 7/2024 von Landkreis Barnim: ausgezahlt sind 5.000,50 € von 20.000,00 €.",
        "Antrag SVA 7/2024 von Landkreis Barnim: ausgezahlt sind 20.000,00 € von 20.000,00 €.",
    ]


def test_the_same_command_again_changes_nothing_and_says_so() -> None:
    _participate()
    payment = (*PAY, "--amount", "5000", "--reference", "Beleg 1")
    for command in (APPLY, DECIDE, payment):
        run(*command)
        again = run(*command)
        assert again.code == 0
        assert "nichts geändert" in again.text
    before = run(*SHOW, "--json").data

    assert run(*SHOW, "--json").data == before


def test_what_is_missing_is_told_with_what_to_do_and_ends_with_1() -> None:
    run(*APPLY)

    outcome = run(*DECIDE)

    assert outcome.code == 1
    assert outcome.text == (
        "Antrag SVA 7/2024 von Landkreis Barnim lässt sich noch nicht entscheiden. bus-bb-teilnahme: Nachweis fehlt "
        "– Ergänzen Sie, was fehlt (ozgflow evidence add), und entscheiden Sie dann."
    )
    assert run(*DECIDE, "--json").data["decision"] == "undecided"


def test_a_rejection_by_the_rules_ends_with_1_and_says_why() -> None:
    _participate("Barnim", "--answer", "no", "--note", "nicht gepflegt")
    run(*APPLY)

    outcome = run(*DECIDE)

    assert outcome.code == 1
    assert outcome.text.startswith("Antrag SVA 7/2024 von Landkreis Barnim: abgelehnt. bus-bb-teilnahme: ")
    assert run(*DECIDE).code == 1


def test_a_rejection_that_was_asked_for_ends_with_0() -> None:
    run(*APPLY)

    outcome = run(*DECIDE, "--reject")

    assert outcome.code == 0
    assert "abgelehnt" in outcome.text
    assert "Unterlagen vollständig" in outcome.text


@pytest.mark.usefixtures("granted")
def test_a_withdrawal_frees_the_place() -> None:
    before = run("grant", "list", "--year", "2024").text

    outcome = run(*WITHDRAW)

    assert outcome.text == "Antrag SVA 7/2024 von Landkreis Barnim zurückgezogen."
    assert "2024: 1 von 10 Plätzen vergeben." in before
    assert "2024: 0 von 10 Plätzen vergeben." in run("grant", "list").text
    assert "nichts geändert" in run(*WITHDRAW).text


@pytest.mark.usefixtures("granted")
def test_less_may_be_paid_and_granted_but_never_more() -> None:
    outcome = run(*PAY, "--amount", "20000.01", "--reference", "Beleg 1")

    assert outcome.code == 2
    assert "20.000,01 € lassen sich nicht auszahlen" in _told(outcome)


@pytest.mark.parametrize("amount", ["20.000", "20,000", "zwanzig", "0"])
def test_an_amount_that_is_not_clear_is_refused_and_nothing_taken_up(amount: str) -> None:
    outcome = run(*APPLY[:5], "--amount", amount, *APPLY[7:])

    assert (outcome.code, outcome.output) == (2, "")
    assert run("grant", "list", "--json").data["applications"] == []


@pytest.mark.usefixtures("granted")
def test_the_list_says_the_same_as_table_and_as_json() -> None:
    table, data = run("grant", "list"), run("grant", "list", "--json").data

    (application,) = data["applications"]
    assert application == {
        "programme": "smart-village-app",
        "case": "SVA 7/2024",
        "municipality": "120600000000",
        "applied_on": "2024-03-01",
        "purposes": ["anpassung"],
        "state": "granted",
        "requested": "20000.00",
        "granted": "20000.00",
        "paid": "0.00",
        "directive": "richtlinie-2021",
    }
    assert [f"{year['year']}: {year['taken']}/{year['quota']}" for year in data["places"]] == [
        "2020: 0/20",
        "2023: 0/10",
        "2024: 1/10",
    ]
    assert table.columns[3:7] == [
        "Stand bewilligt",
        "Beantragt 20.000,00 €",
        "Bewilligt 20.000,00 €",
        "Ausgezahlt 0,00 €",
    ]
    assert table.text.endswith("Anträge: 1.")


@pytest.mark.usefixtures("granted")
def test_the_list_may_be_narrowed_to_a_year() -> None:
    data = run("grant", "list", "--year", "2023", "--json").data

    assert data == {"applications": [], "places": [{"year": 2023, "taken": 0, "quota": 10}]}


@pytest.mark.usefixtures("granted")
def test_the_file_shows_trace_history_and_payments() -> None:
    run(*PAY, "--amount", "5000", "--reference", "Beleg 1")

    shown, data = run(*SHOW), run(*SHOW, "--json").data

    assert "Stand: bewilligt; beantragt 20.000,00 €, bewilligt 20.000,00 €, ausgezahlt 5.000,00 €." in shown.text
    assert "Antrag vom 01.03.2024" in shown.text
    assert "Es gilt richtlinie-2021." in shown.text
    assert "Auszahlung 5.000,00 €, Beleg Beleg 1" in shown.text
    assert [step["rule"] for step in data["history"][1]["trace"]] == [
        "directive",
        "applicant",
        "purposes",
        "precondition",
        "quota",
        "amount",
    ]
    assert data["history"][1]["by"] == "Max Muster"
    assert data["history"][1]["reason"] == "Unterlagen vollständig"
    assert data["payments"] == [{"reference": "Beleg 1", "amount": "5000.00", "paid_on": "2024-09-01"}]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ((*DECIDE[:3], "--by", " ", "--reason", "x"), "--by"),
        ((*DECIDE[:3], "--by", "x", "--reason", ""), "--reason"),
        ((*DECIDE, "--amount", "20000.01"), "höchstens 20.000,00 €"),
        ((*DECIDE, "--programme", "efa-nachnutzung"), "gibt keine Förderung"),
        (("grant", "show", "SVA 8/2024"), "gibt es keinen Antrag SVA 8/2024"),
        ((*PAY, "--amount", "1", "--reference", "Beleg 1"), "ist beantragt"),
        ((*APPLY[:3], "--municipality", "Barnimm", *APPLY[5:]), "Meinten Sie Landkreis Barnim"),
        ((*APPLY[:-1], "2999-01-01"), "01.01.2999"),
        ((*APPLY[:7], "--purpose", "buffet", *APPLY[9:]), "buffet"),
    ],
)
def test_what_cannot_be_ends_with_2_and_the_reason(command: tuple[str, ...], told: str) -> None:
    _participate()
    run(*APPLY)

    outcome = run(*command)

    assert outcome.code == 2
    assert told in _told(outcome)


def test_in_english_the_words_change_and_the_facts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    _participate()
    run(*APPLY)
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    outcome = run(*DECIDE)

    assert outcome.text == "Application SVA 7/2024 of Landkreis Barnim: granted, €20,000.00."
    assert run("grant", "list", "--json").data["applications"][0]["granted"] == "20000.00"


def test_a_fresh_home_works_as_well(home: Path) -> None:
    (home / "ozgflow.db").unlink()

    assert run(*APPLY).code == 0
