"""``ozgflow validate``"""

import json
import re
import zipfile
from pathlib import Path

import pytest

from ozgflow.domain.rules import Step
from ozgflow.reports.validation_formats import ReportFormat
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
    assert (
        f"Nachrichten: {count}, davon {count} gültig, 0 fehlerhaft, 0 nicht geprüft (schon bekannt: 0)."
        in outcome.text
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

    lines = outcome.output.splitlines()
    assert lines[0] == f"{wrong_letter}: fehlerhaft, nicht angenommen (aufenthalt-antrag/1.0 [1])"
    at = next(number for number, line in enumerate(lines) if "xsd.element-unexpected" in line)
    path = "/aufenthalt.antrag.0101/antragsteller/staatsangehoerigkeit"
    assert lines[at] == f"  Fehler xsd.element-unexpected, Zeile 41, Spalte 5, {path}"
    assert lines[at + 1].strip().endswith("Erwartet wird „geburtsdatum“.")
    assert lines[at + 2].startswith("    → ")


def test_a_path_that_is_not_there_ends_with_2_and_a_german_sentence() -> None:
    outcome = run("validate", "nirgends.xml")

    assert outcome.code == 2
    assert outcome.output == ""
    assert (
        outcome.complaint
        == "nirgends.xml gibt es nicht. Geben Sie eine XML-Datei, einen Ordner oder ein passendes Muster an.\n"
    )


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
    for entry in machine.data["documents"]:
        verdict = {"invalid": "fehlerhaft", "unchecked": "nicht geprüft"}[entry["verdict"]]
        assert f"{entry['name']}: {verdict}" in text.output
        for finding in entry["findings"]:
            assert f"\n    {finding['message']}\n    → {finding['hint']}\n" in text.output
            assert (finding["path"] or "") in text.output
            assert f"{finding['rule']}, Zeile {finding['line']}" in text.output


def test_the_json_proves_what_was_checked(letter: Path) -> None:
    (entry,) = run("validate", letter, "--json").data["documents"]

    assert (entry["verdict"], entry["from_store"]) == ("valid", False)
    assert entry["bundle"] == "aufenthalt-antrag/1.0"
    assert {step["step"]: step["state"] for step in entry["steps"]} == {
        step: "absent" if step == "schematron" else "ran" for step in Step
    }
    assert re.fullmatch("[0-9a-f]{64}", entry["document_sha256"])
    assert re.fullmatch("[0-9a-f]{64}", entry["bundle_sha256"])


def test_the_languages_differ_in_words_only(wrong_letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    german = run("validate", wrong_letter, "--json").data["documents"]
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    english = run("validate", wrong_letter, "--json").data["documents"]

    finding, again = german[0]["findings"][0], english[0]["findings"][0]
    assert (finding["rule"], finding["line"], finding["path"]) == (again["rule"], again["line"], again["path"])
    assert "Das Element" in finding["message"]
    assert "The element" in again["message"]


def test_a_document_above_the_limit_is_unchecked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_MAX_DOCUMENT_MIB", "1")
    (tmp_path / "gross.xml").write_text(f"<r>{'x' * 9_000_000}</r>", encoding="utf-8")

    outcome = run("validate", "gross.xml", "--json")

    assert outcome.code == 1
    assert [finding["rule"] for finding in outcome.data["documents"][0]["findings"]] == ["xml.too-large"]


def test_in_a_process_of_its_own_it_does_the_same(letter: Path, wrong_letter: Path) -> None:
    good = run_process("validate", letter, "--json")
    bad = run_process("validate", wrong_letter)

    assert (good.code, good.complaint) == (0, "")
    assert json.loads(good.output)["documents"][0]["verdict"] == "valid"
    assert (bad.code, bad.complaint) == (1, "")


def test_a_document_is_read_from_standard_input(letter: Path) -> None:
    outcome = run_process("validate", "-", "--no-store", "--json", standard_input=letter.read_bytes())

    assert (outcome.code, outcome.complaint) == (0, "")
    assert [entry["name"] for entry in outcome.data["documents"]] == ["-"]


def test_the_documents_of_a_zip_are_checked_and_named_within_it(tmp_path: Path, letter: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lieferung.zip", "w") as archive:
        archive.write(letter, "innen/antrag.xml")
        archive.writestr("innen/liesmich.txt", "keine Nachricht")

    outcome = run("validate", tmp_path / "lieferung.zip", "--json")

    assert outcome.code == 0
    assert [entry["name"] for entry in outcome.data["documents"]] == [f"{tmp_path}/lieferung.zip/innen/antrag.xml"]


def test_a_hostile_zip_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "boese.zip", "w") as archive:
        archive.writestr("../ausbruch.xml", "<x/>")

    outcome = run("validate", tmp_path / "boese.zip")

    assert (outcome.code, outcome.output) == (2, "")
    assert "boese.zip" in outcome.complaint
    assert not (tmp_path.parent / "ausbruch.xml").exists()


def test_a_pattern_that_the_shell_has_left_alone_is_resolved(tmp_path: Path, letter: Path) -> None:
    (tmp_path / "b.xml").write_bytes(letter.read_bytes())

    outcome = run("validate", f"{tmp_path}/*.xml", "--json")

    assert [Path(entry["name"]).name for entry in outcome.data["documents"]] == ["antrag.xml", "b.xml"]


def test_reports_are_written_in_every_form_that_is_asked_for(tmp_path: Path, wrong_letter: Path) -> None:
    wanted = {form: tmp_path / f"bericht.{form}" for form in ReportFormat}

    outcome = run("validate", wrong_letter, *(f"--report={form}={path}" for form, path in wanted.items()))

    assert outcome.code == 1
    assert all("xsd.element-unexpected" in path.read_text(encoding="utf-8") for path in wanted.values())


def test_a_report_in_a_form_that_does_not_exist_is_wrong_use(letter: Path) -> None:
    outcome = run("validate", letter, "--report", "pdf=bericht.pdf")

    assert outcome.code == 2
    assert "text, json, html, xvrl, junit, sarif" in outcome.complaint


@pytest.mark.parametrize(
    ("day", "acceptance"), [("2026-04-30", "refused"), ("2026-05-01", "accepted"), ("2027-05-01", "refused")]
)
def test_a_valid_document_is_accepted_within_the_days_of_its_bundle_only(
    letter: Path, day: str, acceptance: str
) -> None:
    outcome = run("validate", letter, "--as-of", day, "--json")
    strict = run("validate", letter, "--as-of", day, "--fail-on", "refused")

    (entry,) = outcome.data["documents"]
    assert (outcome.code, entry["verdict"], entry["acceptance"]) == (0, "valid", acceptance)
    assert strict.code == (0 if acceptance == "accepted" else 1)


def test_the_day_from_which_a_bundle_is_accepted_is_told(letter: Path) -> None:
    outcome = run("validate", letter, "--as-of", "2026-04-30")

    assert "01.05.2026" in outcome.text


def test_warnings_and_notes_fail_when_that_is_asked_for() -> None:
    warned = VALID / "namen-mit-kombinierenden-zeichen.xml"
    noted = VALID / "testnachricht.xml"

    codes = {
        (path.stem, level): run("validate", path, "--fail-on", level).code
        for path in (warned, noted)
        for level in ("error", "warning", "note")
    }

    assert [codes[warned.stem, level] for level in ("error", "warning", "note")] == [0, 1, 1]
    assert [codes[noted.stem, level] for level in ("error", "warning", "note")] == [0, 0, 1]


def test_a_bundle_named_by_hand_is_used_for_nothing_else(letter: Path) -> None:
    right = run("validate", letter, "--bundle", "aufenthalt-antrag/1.0")
    other = run("validate", letter, "--bundle", "aufenthalt-antrag/1.1", "--json")
    unknown = run("validate", letter, "--bundle", "aufenthalt-antrag/9")

    assert (right.code, other.code, unknown.code) == (0, 1, 2)
    assert [finding["rule"] for finding in other.data["documents"][0]["findings"]] == ["bundle.version"]
    assert "aufenthalt-antrag/1.1" in unknown.complaint


def test_values_are_shown_only_when_asked_for_and_only_to_people(tmp_path: Path) -> None:
    path = tmp_path / "antrag.xml"
    path.write_text(message_text(KEY, 1).replace("<kennung>azr:", "<kennung>GEHEIM ", 1), encoding="utf-8")

    silent = run("validate", path, f"--report=html={tmp_path}/a.html")
    telling = run("validate", path, "--show-values", f"--report=json={tmp_path}/a.json")

    assert "GEHEIM" not in silent.output + (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "GEHEIM" in telling.output
    assert "GEHEIM" not in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_many_processes_say_what_one_says_in_the_same_order() -> None:
    one, four = (run("validate", EXAMPLES, "--jobs", jobs, "--no-store", "--json").data for jobs in (1, 4))

    assert one["documents"] == four["documents"]


def test_a_second_opinion_tells_what_the_first_error_hides() -> None:
    path = INVALID / "fehlendes-element-verdeckt-spaetere-fehler.xml"

    alone, both = (
        run("validate", path, *more, "--json").data["documents"][0] for more in ((), ("--second-opinion",))
    )

    hidden = {finding["path"] for finding in both["findings"]} - {finding["path"] for finding in alone["findings"]}
    assert hidden == {"/aufenthalt.antrag.0101/antragsteller/anschrift/postleitzahl"}
    assert alone["verdict"] == both["verdict"] == "invalid"
    assert alone["engine"] != both["engine"]
