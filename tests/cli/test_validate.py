"""``ozgflow validate``"""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import run, run_process
from tests.conftest import ROOT
from tests.jobs.examples import KEY, message_text

EXAMPLES = ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0"
VALID, INVALID = EXAMPLES / "valid", EXAMPLES / "invalid"
SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r" type="{}"/></xs:schema>'


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """One valid message."""
    path = tmp_path / "antrag.xml"
    path.write_text(message_text(KEY, 1), encoding="utf-8")
    return path


@pytest.fixture
def wrong_letter(tmp_path: Path) -> Path:
    """One message that lacks an element."""
    path = tmp_path / "fehlerhaft.xml"
    path.write_text(message_text(KEY, 1, "fehlendes-element"), encoding="utf-8")
    return path


def test_valid_documents_end_with_0() -> None:
    outcome = run("validate", VALID)

    count = len(list(VALID.glob("*.xml")))
    assert outcome.code == 0
    assert outcome.text.endswith(
        f"Nachrichten: {count}, davon {count} gültig, 0 fehlerhaft, 0 nicht geprüft (schon bekannt: 0)."
    )


def test_invalid_documents_end_with_1() -> None:
    outcome = run("validate", INVALID)

    assert outcome.code == 1
    assert f"Nachrichten: {len(list(INVALID.glob('*.xml')))}, davon 0 gültig" in outcome.text


def test_one_invalid_document_among_valid_ones_ends_with_1(letter: Path, wrong_letter: Path) -> None:
    assert run("validate", letter, wrong_letter).code == 1


def test_what_could_not_be_checked_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "fremd.xml").write_text("<fremd/>", encoding="utf-8")

    outcome = run("validate", tmp_path / "fremd.xml")

    assert outcome.code == 1
    assert "1 nicht geprüft" in outcome.text


def test_a_finding_is_told_with_severity_rule_line_path_sentence_and_advice(wrong_letter: Path) -> None:
    outcome = run("validate", wrong_letter)

    heading, place, sentence, advice, _ = outcome.output.splitlines()
    assert heading == f"{wrong_letter}: fehlerhaft (aufenthalt-antrag/1.0)"
    assert place == (
        "  Fehler xsd.element-unexpected, Zeile 41, /aufenthalt.antrag.0101/antragsteller/staatsangehoerigkeit"
    )
    assert sentence.strip().endswith("Erwartet wird „geburtsdatum“.")
    assert advice.startswith("    → ")


def test_a_path_that_is_not_there_ends_with_2_and_a_german_sentence() -> None:
    outcome = run("validate", "nirgends.xml")

    assert outcome.code == 2
    assert outcome.output == ""
    assert outcome.complaint == "nirgends.xml gibt es nicht. Geben Sie eine XML-Datei oder einen Ordner an.\n"


def test_a_folder_without_documents_ends_with_2(tmp_path: Path) -> None:
    outcome = run("validate", tmp_path)

    assert outcome.code == 2
    assert "liegt keine XML-Datei" in outcome.complaint


def test_no_path_at_all_ends_with_2() -> None:
    assert run("validate").code == 2


def test_results_are_known_the_second_time(letter: Path) -> None:
    first, second = run("validate", letter), run("validate", letter)

    assert "(schon bekannt: 0)" in first.text
    assert "(schon bekannt: 1)" in second.text


def test_without_store_nothing_is_kept_and_no_database_made(letter: Path, home: Path) -> None:
    first, second = run("validate", letter, "--no-store"), run("validate", letter, "--no-store")

    assert first.code == second.code == 0
    assert "(schon bekannt: 0)" in second.text
    assert not home.exists()


def test_a_document_is_checked_against_the_schema_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.xsd").write_text(SCHEMA.format("xs:int"), encoding="utf-8")
    (tmp_path / "one.xml").write_text("<r>1</r>", encoding="utf-8")
    (tmp_path / "two.xml").write_text("<r>zwei</r>", encoding="utf-8")

    good = run("validate", "one.xml", "--schema", "r.xsd")
    bad = run("validate", "two.xml", "--schema", "r.xsd")

    assert (good.code, bad.code) == (0, 1)
    assert "zwei" not in bad.output


def test_a_changed_schema_is_not_answered_from_memory(tmp_path: Path) -> None:
    (tmp_path / "r.xsd").write_text(SCHEMA.format("xs:int"), encoding="utf-8")
    (tmp_path / "one.xml").write_text("<r>1</r>", encoding="utf-8")
    first = run("validate", "one.xml", "--schema", "r.xsd")

    (tmp_path / "r.xsd").write_text(SCHEMA.format("xs:date"), encoding="utf-8")
    second = run("validate", "one.xml", "--schema", "r.xsd")

    assert (first.code, second.code) == (0, 1)


@pytest.mark.parametrize("schema", [SCHEMA.format("xs:nonsense"), "<xs:schema", "", "kein Schema"])
def test_a_broken_schema_leaves_the_document_unchecked(tmp_path: Path, letter: Path, schema: str) -> None:
    (tmp_path / "kaputt.xsd").write_text(schema, encoding="utf-8")

    outcome = run("validate", letter, "--schema", "kaputt.xsd")

    assert outcome.code == 1
    assert f"{letter}: nicht geprüft" in outcome.output
    assert "bundle.broken" in outcome.output


def test_a_schema_that_is_not_there_ends_with_2(letter: Path) -> None:
    outcome = run("validate", letter, "--schema", "nirgends.xsd")

    assert outcome.code == 2
    assert "nirgends.xsd" in outcome.complaint


def test_the_json_says_what_the_text_says() -> None:
    text, machine = run("validate", INVALID), run("validate", INVALID, "--json")

    assert (text.code, machine.code) == (1, 1)
    for entry in machine.data:
        verdict = {"invalid": "fehlerhaft", "unchecked": "nicht geprüft"}[entry["verdict"]]
        assert f"{entry['file']}: {verdict} ({entry['proof']['bundle'] or '–'})" in text.output
        for finding in entry["findings"]:
            place = f"{finding['rule']}, Zeile {finding['line']}, {finding['path'] or '/'}"
            assert f"{place}\n    {finding['message']}\n    → {finding['hint']}\n" in text.output
    assert text.output.count("\n  Fehler ") == sum(len(entry["findings"]) for entry in machine.data)


def test_the_json_proves_what_was_checked(letter: Path) -> None:
    (entry,) = run("validate", letter, "--json").data

    assert (entry["verdict"], entry["from_store"], entry["findings"]) == ("valid", False, [])
    assert entry["proof"]["bundle"] == "aufenthalt-antrag/1.0"
    assert entry["proof"]["steps"] == ["xml", "bundle", "schema", "identity"]
    assert re.fullmatch("[0-9a-f]{64}", entry["proof"]["document_sha256"])
    assert re.fullmatch("[0-9a-f]{64}", entry["proof"]["bundle_sha256"])


def test_the_languages_differ_in_words_only(wrong_letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    german = run("validate", wrong_letter, "--json").data
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    english = run("validate", wrong_letter, "--json").data

    (finding,), (again,) = german[0]["findings"], english[0]["findings"]
    assert (finding["rule"], finding["line"], finding["path"]) == (again["rule"], again["line"], again["path"])
    assert "Das Element" in finding["message"]
    assert "The element" in again["message"]


def test_a_document_above_the_limit_is_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_MAX_DOCUMENT_MIB", "1")
    (tmp_path / "gross.xml").write_text(f"<r>{'x' * 1_100_000}</r>", encoding="utf-8")

    outcome = run("validate", "gross.xml", "--json")

    assert outcome.code == 1
    assert [finding["rule"] for finding in outcome.data[0]["findings"]] == ["xml.too-large"]


def test_in_a_process_of_its_own_it_does_the_same(letter: Path, wrong_letter: Path) -> None:
    good = run_process("validate", letter, "--json")
    bad = run_process("validate", wrong_letter)

    assert (good.code, good.complaint) == (0, "")
    assert json.loads(good.output)[0]["verdict"] == "valid"
    assert (bad.code, bad.complaint) == (1, "")
