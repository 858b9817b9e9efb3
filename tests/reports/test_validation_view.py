"""The view that all formats share: counts that are true, and words that steer nothing."""

from dataclasses import replace
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import Proof, StepResult, StepState, Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import Severity, Step
from ozgflow.reports.validation import RuleCount, frequent_rules, occurrences, unlisted
from ozgflow.reports.validation_phrases import general_sentence, grouped, place, steps_line
from ozgflow.reports.validation_view import WordedDocument, address, printable, worded

from .batches import (
    ALL_GOOD,
    CLEAN,
    EMPTY,
    FOREIGN,
    INTERRUPTED,
    LATE,
    MIXED,
    NOTE,
    REMARKED,
    STOPPED,
    TORN,
    WRONG,
    large_batch,
    make_batch,
    make_steps,
)

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)


def view_of(document: object) -> WordedDocument:
    batch = make_batch(*(found for found in MIXED.documents if found is document))
    return worded(batch, GERMAN).documents[0]


class TestCounts:
    def test_all_verdicts_are_named_and_sum_up_to_the_documents(self) -> None:
        assert MIXED.verdicts() == {Verdict.VALID: 3, Verdict.INVALID: 3, Verdict.UNCHECKED: 2}
        assert EMPTY.verdicts() == {Verdict.VALID: 0, Verdict.INVALID: 0, Verdict.UNCHECKED: 0}

    def test_all_acceptances_are_named_and_sum_up_to_the_documents(self) -> None:
        assert MIXED.acceptances() == {Acceptance.ACCEPTED: 2, Acceptance.REFUSED: 4, Acceptance.UNDECIDED: 2}

    def test_a_batch_is_complete_only_when_everything_was_checked(self) -> None:
        assert ALL_GOOD.complete
        assert make_batch(WRONG).complete
        assert not EMPTY.complete
        assert not INTERRUPTED.complete
        assert not make_batch(CLEAN, STOPPED).complete

    def test_what_is_not_listed_is_counted_by_rule(self) -> None:
        assert unlisted(WRONG.report) == {"xsd.value-length": 1200}
        assert unlisted(CLEAN.report) == {}

    def test_findings_without_counts_are_counted_as_listed(self) -> None:
        assert occurrences(replace(WRONG.report, counts={})) == {"xsd.value-length": 2, "xsd.attribute-missing": 1}

    def test_frequent_rules_by_documents_then_occurrences_then_name(self) -> None:
        assert [(rule.rule, rule.documents, rule.occurrences) for rule in frequent_rules(MIXED)] == [
            ("xsd.attribute-missing", 3, 3),
            ("xsd.value-length", 2, 2404),
            ("bundle.unknown", 1, 1),
            ("xml.not-well-formed", 1, 1),
            ("xsd.list-version", 1, 1),
        ]

    def test_a_count_is_exact_only_when_it_went_to_the_end(self) -> None:
        assert RuleCount(rule=NOTE.rule, documents=1, occurrences=1, exact=True) in frequent_rules(MIXED)
        assert {rule.exact for rule in frequent_rules(make_batch(WRONG))} == {False}

    def test_at_most_ten_rules_are_listed(self) -> None:
        rules = [f"rule.{number:02}" for number in range(15)]
        report = replace(CLEAN.report, counts=dict.fromkeys(rules, 1))

        assert [rule.rule for rule in frequent_rules(make_batch(replace(CLEAN, report=report)))] == rules[:10]

    def test_a_large_batch_has_the_right_denominators(self) -> None:
        assert sum(large_batch(500).verdicts().values()) == 500


class TestDocument:
    def test_clean_is_valid_accepted_and_without_a_finding(self) -> None:
        clean = {document.name: view_of(document).is_clean for document in MIXED.documents[:7]}

        assert [name for name, is_clean in clean.items() if is_clean] == [CLEAN.name]
        assert {LATE.name, REMARKED.name, FOREIGN.name, STOPPED.name} < set(clean)

    def test_a_step_without_a_result_shows_as_left_unchecked(self) -> None:
        steps = {result.step: result.state for result in view_of(TORN).steps}

        assert list(steps) == list(Step)
        assert steps[Step.XML] is StepState.RAN
        assert steps[Step.SCHEMATRON] is StepState.STOPPED

    def test_documents_checked_against_the_same_share_a_basis(self) -> None:
        view = worded(MIXED, GERMAN)

        assert [document.basis_number for document in view.documents] == [1, 1, 1, 1, 2, 2, 1, 1]
        assert [view.bases[document.basis_number - 1] for document in view.documents] == [
            document.basis for document in view.documents
        ]

    def test_more_is_said_only_of_severities_that_can_have_more(self) -> None:
        counted = replace(WRONG, report=replace(WRONG.report, counted=True))
        document = worded(make_batch(counted), GERMAN).documents[0]

        assert {severity for severity in Severity if document.has_more(severity)} == {Severity.ERROR}
        assert all(view_of(WRONG).has_more(severity) for severity in Severity)

    def test_values_are_left_out_unless_the_format_asks(self) -> None:
        batch = make_batch(replace(WRONG, values={0: "geheim"}))

        assert [finding.value for finding in worded(batch, GERMAN).documents[0].findings] == [None, None, None]
        shown = worded(batch, GERMAN, values=True).documents[0].findings
        assert [finding.value for finding in shown] == ["geheim", None, None]

    def test_hashes_and_bundles_are_made_fit_to_be_shown_too(self) -> None:
        proof = Proof(document="a\x1bb", engine="e\ne", bundle="b\u202eb", bundle_hash="")
        document = worded(make_batch(replace(CLEAN, report=replace(CLEAN.report, proof=proof))), GERMAN).documents[0]

        assert (document.document_hash, document.basis.engine, document.basis.bundle) == ("a�b", "e�e", "b�b")


class TestPhrases:
    def test_steps_with_their_counts_in_german(self) -> None:
        assert steps_line(make_steps(codes=StepState.STOPPED), GERMAN) == (
            "Geprüft: Wohlgeformtheit, Zeichen, Schemapaket, Schema (812 Elemente), Kennungen und Verweise (3), "
            "Kopf und Schlüssel (1 Regel angewendet) · nicht enthalten: Schematron · ungeprüft geblieben: Codelisten"
        )

    def test_steps_with_their_counts_in_english(self) -> None:
        fired = [StepResult(step=Step.SCHEMATRON, state=StepState.RAN, checked=1037)]

        assert steps_line(fired, ENGLISH) == "Checked: Schematron (1,037 rules fired)"

    def test_a_step_that_broke_off_says_how_far_it_came(self) -> None:
        broken = [StepResult(step=Step.SCHEMA, state=StepState.STOPPED, checked=1)]

        assert steps_line(broken, GERMAN) == "Ungeprüft geblieben: Schema (1 Element)"

    def test_a_step_that_ran_and_found_nothing_to_look_at_says_so(self) -> None:
        idle = [StepResult(step=Step.CODES, state=StepState.RAN)]

        assert steps_line(idle, GERMAN) == "Geprüft: Codelisten (0 Codes)"

    @pytest.mark.parametrize(
        ("index", "expected"),
        [(0, "Zeile 47, Spalte 9, /antrag/antragsteller/name"), (1, "Zeile 58, /antrag/antragsteller/name")],
    )
    def test_a_place_says_what_is_known(self, index: int, expected: str) -> None:
        assert place(view_of(WRONG).findings[index], GERMAN) == expected

    def test_a_place_without_a_path(self) -> None:
        assert place(view_of(TORN).findings[0], GERMAN) == "Zeile 3"

    def test_numbers_are_grouped_as_the_language_does(self) -> None:
        assert grouped(1234567, GERMAN) == "1.234.567"
        assert grouped(1234567, ENGLISH) == "1,234,567"

    def test_a_sentence_about_a_rule_leaves_its_gaps_open(self) -> None:
        sentence = general_sentence("finding.xsd.attribute-missing", GERMAN)

        assert sentence == "Das Pflichtattribut „…“ fehlt."


class TestNames:
    @given(st.text(st.characters()))
    def test_what_is_shown_can_be_printed_and_keeps_its_length(self, name: str) -> None:
        shown = printable(name)

        assert shown.isprintable()
        assert len(shown) == len(name)

    @given(st.binary(min_size=1).filter(lambda name: not name.startswith(b"/")))
    def test_an_address_keeps_every_byte_of_the_name(self, name: bytes) -> None:
        uri = address(name.decode("utf-8", "surrogateescape"))

        assert unquote_to_bytes(uri) == name

    @given(st.text(st.characters()))
    def test_an_address_is_ascii_without_blanks_and_never_a_foreign_scheme_or_host(self, name: str) -> None:
        uri = address(name)

        assert uri.isascii()
        assert uri == "" or uri.isprintable()
        assert " " not in uri
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc) in {("", ""), ("file", "")}
        assert (parts.query, parts.fragment) == ("", "")

    @pytest.mark.parametrize(
        ("name", "uri"),
        [
            ("eingang/größe 1.xml", "eingang/gr%C3%B6%C3%9Fe%201.xml"),
            ("c:falle.xml", "c%3Afalle.xml"),
            ("/daten/a.xml", "file:///daten/a.xml"),
            ("//rechner/a.xml", "file:////rechner/a.xml"),
            ("../a.xml?b#c", "../a.xml%3Fb%23c"),
        ],
    )
    def test_addresses(self, name: str, uri: str) -> None:
        assert address(name) == uri
