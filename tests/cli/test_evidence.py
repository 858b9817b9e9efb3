"""``ozgflow evidence``"""

from pathlib import Path

import pytest

from tests.cli.command import Outcome, run

ADD = (
    "evidence", "add",
    "--kind", "avv",
    "--municipality", "Barnim",
    "--service", "99010001001009",
    "--reference", "Az. [12]/2026 [bold]",
    "--by", "Frau Probe",
    "--observed-on", "2024-01-15",
)  # fmt: skip
LIST = ("evidence", "list", "--municipality", "Barnim")
pytestmark = pytest.mark.usefixtures("ready")


def _add(*more: str) -> Outcome:
    return run(*ADD, *more)


def test_evidence_is_recorded_once_and_both_times_told_so() -> None:
    first, second = _add(), _add()

    assert (first.code, second.code) == (0, 0)
    assert first.text == "Nachweis „Vertrag zur Auftragsverarbeitung“ für Landkreis Barnim erfasst."
    assert second.text == (
        "Der Nachweis „Vertrag zur Auftragsverarbeitung“ für Landkreis Barnim liegt schon vor; nichts geändert."
    )
    assert len(run(*LIST, "--json").data) == 1


def test_the_json_says_what_was_recorded_and_whether_it_was_new() -> None:
    first, second = _add("--json", "--valid-until", "2025-01-15", "--note", "geprüft"), _add("--json")

    assert first.data == {
        "added": 1,
        "evidence": {
            "kind": "avv",
            "municipality": "120600000000",
            "service": "99010001001009",
            "subject": "",
            "answer": "yes",
            "source": "person",
            "reference": "Az. [12]/2026 [bold]",
            "observed_on": "2024-01-15",
            "valid_until": "2025-01-15",
            "recorded_by": "Frau Probe",
            "note": "geprüft",
        },
    }
    assert second.data["added"] == 1


def test_a_repeated_statement_is_told_as_not_added() -> None:
    _add()

    assert _add("--json").data["added"] == 0


def test_the_list_says_the_same_as_table_and_as_json() -> None:
    _add("--valid-until", "2025-12-31")
    _add("--answer", "no", "--note", "Vertrag gekündigt")
    run(*ADD[:2], "--kind", "zertifikat", *ADD[4:])

    table, entries = run(*LIST), run(*LIST, "--json").data

    kinds, answers, observed, until, references, by = table.columns
    assert [entry["answer"] for entry in entries] == ["yes", "no", "yes"]
    assert answers == "Aussage ja nein Vertrag gekündigt ja"
    assert kinds.count("Vertrag zur Auftragsverarbeitung") == 2
    assert observed.count("15.01.2024") == 3
    assert until == "Gilt bis 31.12.2025 – –"
    assert references.count("Az. [12]/2026 [bold]") == 3
    assert by == "Erfasst durch Frau Probe Frau Probe Frau Probe"
    assert table.text.endswith("Nachweise: 3.")


def test_the_list_may_be_narrowed_to_a_service() -> None:
    _add()

    assert run(*LIST, "--service", "99010001001000", "--json").data == []
    assert len(run(*LIST, "--service", "99010001001009", "--json").data) == 1


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--kind", "avvv", "„avvv“ ist unbekannt. Bekannt sind: interessensbekundung,"),
        ("--municipality", "Barnimm", "Meinten Sie Landkreis Barnim"),
        ("--municipality", "Golzow", "nicht eindeutig"),
        ("--service", "99010001001999", "Der Katalog enthält keine Leistung"),
        ("--reference", "", "--reference"),
        ("--by", " ", "--by"),
        ("--observed-on", "2999-01-01", "01.01.2999"),
        ("--observed-on", "15.01.2024", "JJJJ-MM-TT"),
        ("--observed-on", "2024-02-30", "JJJJ-MM-TT"),
        ("--valid-until", "2023-01-01", "01.01.2023"),
    ],
)
def test_what_cannot_be_ends_with_2_and_the_reason_and_records_nothing(option: str, value: str, told: str) -> None:
    outcome = _add(option, value)

    assert (outcome.code, outcome.output) == (2, "")
    assert told in " ".join(outcome.complaint.split())
    assert run(*LIST, "--json").data == []


def test_a_kind_that_holds_per_service_needs_one() -> None:
    outcome = run(*ADD[:6], *ADD[8:])

    assert outcome.code == 2
    assert "--service" in outcome.complaint


def test_an_answer_that_does_not_exist_ends_with_2() -> None:
    outcome = _add("--answer", "vielleicht")

    assert outcome.code == 2
    assert "vielleicht" in outcome.complaint


def test_in_english_the_words_change_and_the_facts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    _add()
    german = run(*LIST, "--json").data
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    table, english = run(*LIST), run(*LIST, "--json").data

    assert english == german
    assert table.columns[0] == "Kind Data processing agreement"
    assert table.text.endswith("Pieces of evidence: 1.")


def test_a_fresh_home_works_as_well(home: Path) -> None:
    (home / "ozgflow.db").unlink()

    assert _add().code == 0
    assert (home / "ozgflow.db").is_file()
