"""All formats say the same: every finding, every verdict, every proof – and no more than that."""

import json
import re
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.reports.files import write_file
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_formats import WRITERS, ReportFormat
from ozgflow.reports.validation_view import printable

from .batches import (
    ALL_GOOD,
    CLEAN,
    EMPTY,
    FOREIGN,
    HOSTILE,
    INTERRUPTED,
    INVENTED_VALUE,
    MIXED,
    SHOWN,
    STOPPED,
    WRONG,
    large_batch,
    make_batch,
)
from .validation_readers import Said, everything, said, verdicts

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)
FOR_MACHINES = (ReportFormat.JSON, ReportFormat.XVRL, ReportFormat.JUNIT, ReportFormat.SARIF)
BATCHES = {"mixed": MIXED, "shown": SHOWN, "empty": EMPTY, "interrupted": INTERRUPTED, "good": ALL_GOOD}

every_format = pytest.mark.parametrize("written", ReportFormat)
every_batch = pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES.keys())
both_languages = pytest.mark.parametrize("wording", [GERMAN, ENGLISH], ids=["de", "en"])


_FREQUENT = {
    ReportFormat.TEXT: r"  xsd\.value-length: in 2 von 8 Nachrichten, Befunde: mindestens 2\.404\n",
    ReportFormat.HTML: r"xsd\.value-length</span></th>.{0,200}>2 von 8</td>.{0,100}>mindestens 2\.404</td>",
    ReportFormat.JSON: r'"rule": "xsd\.value-length",\s+"documents": 2,\s+"occurrences": 2404,\s+"exact": false',
    ReportFormat.SARIF: r'"rule": "xsd\.value-length",\s+"documents": 2,\s+"occurrences": 2404,\s+"exact": false',
    ReportFormat.XVRL: r'rule="xsd\.value-length" documents="2" occurrences="2404" exact="false"',
    ReportFormat.JUNIT: r'value="xsd\.value-length: in 2 von 8 Nachrichten, Befunde: mindestens 2\.404"',
}
"""How each format words the second of the most frequent rules of the mixed batch."""


def findings_of(batch: ValidationReport) -> list[Said]:
    return sorted(
        Said(printable(document.name), finding.rule, finding.line, finding.severity)
        for document in batch.documents
        for finding in document.report.findings
    )


def test_every_format_has_a_writer() -> None:
    assert set(WRITERS) == set(ReportFormat)


@every_format
@every_batch
@both_languages
def test_every_finding_is_said_with_document_rule_line_and_severity(
    written: ReportFormat, batch: ValidationReport, wording: Wording
) -> None:
    output = WRITERS[written](batch, wording)

    assert said(output, written, wording) == findings_of(batch)


@every_format
@every_batch
@both_languages
def test_every_document_is_named_with_its_verdict(
    written: ReportFormat, batch: ValidationReport, wording: Wording
) -> None:
    output = WRITERS[written](batch, wording)

    expected = sorted((printable(document.name), document.report.verdict.value) for document in batch.documents)
    assert verdicts(output, written, wording) == expected


@every_format
@both_languages
def test_sentences_advice_references_and_proofs_are_in_every_format(written: ReportFormat, wording: Wording) -> None:
    text = everything(WRITERS[written](MIXED, wording), written)

    for document in MIXED.documents:
        proof = document.report.proof
        assert {proof.bundle in text, proof.bundle_hash in text, proof.engine in text} == {True}
        assert proof.document in text or (document is CLEAN and proof.document[:12] in text)
        assert wording.render(document.decision.reason) in text or (
            document is CLEAN and written is ReportFormat.TEXT
        )
        for finding in document.report.findings:
            assert wording.render(finding.message) in text
            assert wording.render(finding.hint) in text
            assert finding.path in text
            assert finding.reference in text
            assert " ".join(finding.meaning.split()) in text


@every_format
def test_how_many_findings_are_not_listed_is_in_every_format(written: ReportFormat) -> None:
    text = everything(WRITERS[written](make_batch(WRONG), GERMAN), written)

    assert re.search(r"\b1\.?200\b", text)
    assert re.search(r"\b1\.?202\b", text)


@every_format
def test_moment_and_day_are_in_every_format(written: ReportFormat) -> None:
    text = everything(WRITERS[written](EMPTY, GERMAN), written)

    assert "24.11.2026, 15:02 Uhr" in text or "2026-11-24T15:02:09+01:00" in text
    assert "Stichtag" in text or re.search(r"\b2026-11-24\b(?!T)", text)


@pytest.mark.parametrize("written", [ReportFormat.TEXT, ReportFormat.HTML, ReportFormat.JUNIT, ReportFormat.SARIF])
def test_an_interrupted_run_says_so_in_words_and_a_complete_one_does_not(written: ReportFormat) -> None:
    sentence = GERMAN.text("validation.interrupted")

    assert sentence in everything(WRITERS[written](INTERRUPTED, GERMAN), written)
    assert sentence not in everything(WRITERS[written](ALL_GOOD, GERMAN), written)


@pytest.mark.parametrize(("batch", "told"), [(INTERRUPTED, "true"), (ALL_GOOD, "false")], ids=["cut", "whole"])
def test_an_interrupted_run_says_so_to_programs(batch: ValidationReport, told: str) -> None:
    assert f'"interrupted": {told}' in WRITERS[ReportFormat.JSON](batch, GERMAN)
    assert f'"interrupted": {told}' in WRITERS[ReportFormat.SARIF](batch, GERMAN)
    assert f'interrupted="{told}"' in WRITERS[ReportFormat.XVRL](batch, GERMAN)
    assert f'name="interrupted" value="{told}"' in WRITERS[ReportFormat.JUNIT](batch, GERMAN)


@every_format
def test_the_most_frequent_rules_stand_with_documents_and_occurrences(written: ReportFormat) -> None:
    output = WRITERS[written](MIXED, GERMAN)

    assert re.search(_FREQUENT[written], output, flags=re.DOTALL)


class TestUncheckedIsNeverPassed:
    @pytest.mark.parametrize("document", [FOREIGN, STOPPED], ids=["unknown", "stopped"])
    @every_format
    def test_an_unchecked_document_is_called_unchecked_with_or_without_a_finding(
        self, written: ReportFormat, document: object
    ) -> None:
        one = next(found for found in MIXED.documents if found is document)

        output = WRITERS[written](make_batch(one), GERMAN)

        assert verdicts(output, written, GERMAN) == [(one.name, "unchecked")]

    @pytest.mark.parametrize(
        "batch", [make_batch(CLEAN, STOPPED), INTERRUPTED, EMPTY], ids=["stopped", "cut", "empty"]
    )
    def test_the_run_as_a_whole_has_not_succeeded(self, batch: ValidationReport) -> None:
        assert json.loads(WRITERS[ReportFormat.JSON](batch, GERMAN))["complete"] is False
        sarif = json.loads(WRITERS[ReportFormat.SARIF](batch, GERMAN))
        assert sarif["runs"][0]["invocations"][0]["executionSuccessful"] is False
        xvrl = etree.fromstring(WRITERS[ReportFormat.XVRL](batch, GERMAN).encode())
        assert xvrl[-1].get("valid") == "undetermined"

    @pytest.mark.parametrize("batch", [make_batch(CLEAN, STOPPED), INTERRUPTED], ids=["stopped", "cut"])
    def test_a_build_server_sees_an_error(self, batch: ValidationReport) -> None:
        root = etree.fromstring(WRITERS[ReportFormat.JUNIT](batch, GERMAN).encode())

        assert root.get("errors") == "1"
        assert len(root.findall(".//error")) == 1


class TestValues:
    @pytest.mark.parametrize("written", FOR_MACHINES)
    def test_no_value_is_in_a_format_for_machines(self, written: ReportFormat) -> None:
        output = WRITERS[written](SHOWN, GERMAN)

        assert INVENTED_VALUE not in output
        assert "Geheim" not in everything(output, written)

    @pytest.mark.parametrize("written", FOR_MACHINES)
    def test_formats_for_machines_are_the_same_with_and_without_values(self, written: ReportFormat) -> None:
        bare = replace(SHOWN, documents=tuple(replace(document, values={}) for document in SHOWN.documents))

        assert WRITERS[written](SHOWN, GERMAN) == WRITERS[written](bare, GERMAN)

    @pytest.mark.parametrize("written", [ReportFormat.TEXT, ReportFormat.HTML])
    def test_values_asked_for_are_marked_and_the_report_warns(self, written: ReportFormat) -> None:
        text = everything(WRITERS[written](SHOWN, GERMAN), written)

        assert text.count(f"Wert in der Nachricht (nur auf Ihren Wunsch gezeigt): {INVENTED_VALUE}") == 2
        assert "Dieser Bericht zeigt auf Ihren Wunsch Werte aus Nachrichten." in text

    @pytest.mark.parametrize("written", [ReportFormat.TEXT, ReportFormat.HTML])
    def test_without_values_nothing_speaks_of_them(self, written: ReportFormat) -> None:
        assert "Wert in der Nachricht" not in WRITERS[written](MIXED, GERMAN)
        assert "zeigt auf Ihren Wunsch" not in WRITERS[written](MIXED, GERMAN)

    @pytest.mark.parametrize("written", [ReportFormat.TEXT, ReportFormat.HTML])
    def test_a_long_value_is_cut_and_steers_nothing(self, written: ReportFormat) -> None:
        output = WRITERS[written](SHOWN, GERMAN)

        assert "x" * 200 not in output
        assert "\x1b" not in output


class TestHostileNames:
    @every_format
    def test_nothing_unprintable_gets_through(self, written: ReportFormat) -> None:
        output = WRITERS[written](MIXED, GERMAN)

        assert [sign for sign in output if not sign.isprintable() and sign != "\n"] == []

    @every_format
    def test_can_be_written_as_a_file(self, written: ReportFormat, tmp_path: Path) -> None:
        output = WRITERS[written](MIXED, GERMAN)

        write_file(tmp_path / "report", output)

        assert (tmp_path / "report").read_text(encoding="utf-8") == output

    @every_format
    def test_the_name_is_said_literally(self, written: ReportFormat) -> None:
        assert printable(HOSTILE) in everything(WRITERS[written](MIXED, GERMAN), written)

    @settings(max_examples=60, deadline=None)
    @given(name=st.text(st.characters(), max_size=40))
    @pytest.mark.parametrize(
        "written", [ReportFormat.JSON, ReportFormat.XVRL, ReportFormat.JUNIT, ReportFormat.SARIF]
    )
    def test_any_name_at_all_leaves_the_format_readable(self, written: ReportFormat, name: str) -> None:
        output = WRITERS[written](make_batch(replace(WRONG, name=name)), GERMAN)

        assert [one.rule for one in said(output, written, GERMAN)] == sorted(
            finding.rule for finding in WRONG.report.findings
        )


@every_format
def test_the_same_batch_gives_the_same_bytes(written: ReportFormat) -> None:
    assert WRITERS[written](MIXED, GERMAN) == WRITERS[written](MIXED, GERMAN)


@every_format
def test_five_thousand_documents_are_written_quickly_and_completely(written: ReportFormat) -> None:
    batch = large_batch(5000)
    started = process_time()

    output = WRITERS[written](batch, GERMAN)

    assert process_time() - started < 15
    assert len(verdicts(output, written, GERMAN)) == 5000


@every_format
def test_a_report_that_knows_nothing_still_comes_out(written: ReportFormat) -> None:
    bare = make_batch(replace(CLEAN, name="", report=Report(verdict=Verdict.UNCHECKED)))

    assert verdicts(WRITERS[written](bare, GERMAN), written, GERMAN) == [("–", "unchecked")]
