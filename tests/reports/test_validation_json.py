"""The report for programs, and the schema that is published with it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import StepState, Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import Severity, Step
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_json import SCHEMA, json_schema, to_json

from .batches import ALL_GOOD, EMPTY, INTERRUPTED, MIXED, SHOWN, WRONG, make_batch

GERMAN = Wording.load()
PUBLISHED: dict[str, Any] = json.loads(json_schema())
FITS = Draft202012Validator(PUBLISHED, format_checker=FormatChecker())
BATCHES = [MIXED, SHOWN, EMPTY, INTERRUPTED, ALL_GOOD]


def objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield part
        for inner in part.values():
            yield from objects(inner)


def read(batch: ValidationReport) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(to_json(batch, GERMAN))
    return data


class TestSchema:
    def test_is_a_sound_schema_under_the_name_that_reports_give(self) -> None:
        Draft202012Validator.check_schema(PUBLISHED)

        assert PUBLISHED["$id"] == SCHEMA

    @pytest.mark.parametrize("batch", BATCHES)
    @pytest.mark.parametrize("language", Language)
    def test_every_report_fits(self, batch: ValidationReport, language: Language) -> None:
        FITS.validate(json.loads(to_json(batch, Wording.load(language))))

    def test_every_field_has_a_title_and_a_description(self) -> None:
        fields = [(name, field) for one in objects(PUBLISHED) for name, field in one["properties"].items()]

        assert [
            name for name, field in fields if "$ref" not in field and not {"title", "description"} <= set(field)
        ] == []
        assert len(fields) > 50

    def test_every_field_that_is_written_is_described_and_the_other_way_round(self) -> None:
        written = read(MIXED)
        document = next(one for one in written["documents"] if one["unlisted"])

        definitions = PUBLISHED["$defs"]
        assert set(written) == set(PUBLISHED["properties"])
        assert set(written["summary"]) == set(PUBLISHED["properties"]["summary"]["properties"])
        assert set(written["summary"]["frequent_rules"][0]) == set(definitions["rule_count"]["properties"])
        assert set(document) == set(definitions["document"]["properties"])
        assert set(document["findings"][0]) == set(definitions["finding"]["properties"])
        assert set(document["steps"][0]) == set(definitions["step_result"]["properties"])
        assert set(document["unlisted"][0]) == set(definitions["unlisted"]["properties"])

    def test_every_field_is_promised(self) -> None:
        assert [one["title"] for one in objects(PUBLISHED) if set(one["required"]) != set(one["properties"])] == []

    def test_words_are_those_of_the_program(self) -> None:
        definitions = PUBLISHED["$defs"]

        assert definitions["document"]["properties"]["verdict"]["enum"] == list(Verdict)
        assert definitions["document"]["properties"]["acceptance"]["enum"] == list(Acceptance)
        assert definitions["finding"]["properties"]["severity"]["enum"] == list(Severity)
        assert definitions["finding"]["properties"]["step"]["enum"] == list(Step)
        assert definitions["step_result"]["properties"]["state"]["enum"] == list(StepState)
        assert PUBLISHED["properties"]["language"]["enum"] == list(Language)

    @pytest.mark.parametrize(
        ("where", "key", "value"),
        [
            ("document", "verdict", "passed"),
            ("document", "document_sha256", "77562953d4c8"),
            ("document", "steps", []),
            ("finding", "line", 0),
            ("finding", "message", ""),
            ("finding", "rule", "Not a rule"),
        ],
    )
    def test_refuses_what_is_not_a_report(self, where: str, key: str, value: object) -> None:
        data = read(make_batch(WRONG))
        part = data["documents"][0] if where == "document" else data["documents"][0]["findings"][0]
        part[key] = value

        with pytest.raises(ValidationError):
            FITS.validate(data)


class TestContents:
    def test_one_document_in_full(self) -> None:
        (document,) = read(make_batch(WRONG))["documents"]

        assert document["findings"][0] == {
            "rule": "xsd.value-length",
            "step": "schema",
            "reference": "BR-DE-15",
            "severity": "error",
            "line": 47,
            "column": 9,
            "path": "/antrag/antragsteller/name",
            "message": "Der Inhalt von „name“ hat nicht die erlaubte Länge (Grenze: 60); der Inhalt hat 61 Zeichen.",
            "hint": "Kürzen oder ergänzen Sie den Wert.",
            "meaning": "Der Familienname der Person.",
        }
        assert document["steps"][3] == {"step": "schema", "state": "ran", "checked": 812}
        assert document["unlisted"] == [{"rule": "xsd.value-length", "count": 1200}]
        assert (document["finding_count"], document["finding_count_exact"]) == (1203, False)
        assert (document["acceptance"], document["reason_code"]) == ("refused", "acceptance.invalid")

    def test_what_is_unknown_is_null(self) -> None:
        torn = next(one for one in read(MIXED)["documents"] if one["name"] == "abgerissen.xml")

        assert (torn["bundle"], torn["bundle_sha256"], torn["document_sha256"]) == (None, None, None)
        assert (torn["findings"][0]["path"], torn["findings"][0]["column"]) == (None, None)

    def test_summary(self) -> None:
        summary = read(MIXED)["summary"]

        assert summary["documents"] == 8
        assert summary["verdicts"] == {"valid": 3, "invalid": 3, "unchecked": 2}
        assert summary["acceptances"] == {"accepted": 2, "refused": 4, "undecided": 2}
        assert summary["from_store"] == 1

    def test_complete_is_said_once_for_pipelines(self) -> None:
        assert [read(batch)["complete"] for batch in BATCHES] == [False, True, False, False, True]
