"""The report as SARIF 2.1.0, held against what the standard demands of the parts that are used."""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import RULES
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_sarif import to_sarif

from .batches import ALL_GOOD, EMPTY, FOREIGN, INTERRUPTED, MIXED, SHOWN, STOPPED, WRONG, make_batch

GERMAN = Wording.load()
RUN_KEYS = {"tool", "language", "columnKind", "invocations", "artifacts", "results", "properties"}
RESULT_KEYS = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties"}
every_batch = pytest.mark.parametrize("batch", [MIXED, SHOWN, EMPTY, INTERRUPTED, ALL_GOOD])


def read(batch: ValidationReport, wording: Wording = GERMAN) -> Any:
    return json.loads(to_sarif(batch, wording))["runs"][0]


def marks(batch: ValidationReport) -> list[str]:
    return [result["partialFingerprints"]["ozgflowFinding/v1"] for result in read(batch)["results"]]


class TestStructure:
    @every_batch
    def test_the_log_names_its_version_and_has_one_run(self, batch: ValidationReport) -> None:
        log = json.loads(to_sarif(batch, GERMAN))

        assert set(log) == {"$schema", "version", "runs"}
        assert log["version"] == "2.1.0"
        assert log["$schema"].endswith("sarif-schema-2.1.0.json")
        assert len(log["runs"]) == 1

    @every_batch
    def test_a_run_has_tool_and_results(self, batch: ValidationReport) -> None:
        run = read(batch)

        assert set(run) == RUN_KEYS
        assert re.fullmatch(r"[a-zA-Z]{2}-[a-zA-Z]{2}", run["language"])
        assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
        assert run["tool"]["driver"]["name"] == "ozgflow"

    @every_batch
    def test_exactly_the_rules_in_use_are_described(self, batch: ValidationReport) -> None:
        run = read(batch)
        rules = run["tool"]["driver"]["rules"]

        assert {rule["id"] for rule in rules} == {result["ruleId"] for result in run["results"]}
        assert len(rules) == len({rule["id"] for rule in rules})
        for rule in rules:
            assert rule["shortDescription"]["text"]
            assert RULES[rule["id"]].source in rule["help"]["text"]
            assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}

    @every_batch
    def test_results_have_what_they_must(self, batch: ValidationReport) -> None:
        run = read(batch)

        for result in run["results"]:
            assert set(result) == RESULT_KEYS
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["level"] in {"error", "warning", "note"}
            assert result["message"]["text"].endswith(".")

    @every_batch
    def test_places_are_relative_addresses_with_regions_that_begin_at_one(self, batch: ValidationReport) -> None:
        run = read(batch)

        for result in run["results"]:
            (location,) = result["locations"]
            physical = location["physicalLocation"]
            artifact = physical["artifactLocation"]
            assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
            assert artifact["uri"].isascii()
            assert urlsplit(artifact["uri"]).scheme == ""
            assert all(number >= 1 for number in physical.get("region", {}).values())
            assert set(physical.get("region", {"startLine": 1})) <= {"startLine", "startColumn"}

    @every_batch
    def test_invocations_have_a_moment_in_utc_and_notifications_with_text(self, batch: ValidationReport) -> None:
        (invocation,) = read(batch)["invocations"]

        assert invocation["endTimeUtc"] == "2026-11-24T14:02:09Z"
        assert isinstance(invocation["executionSuccessful"], bool)
        for notice in invocation["toolExecutionNotifications"]:
            assert notice["level"] == "error"
            assert notice["message"]["text"]

    @every_batch
    def test_artifacts_are_all_documents_with_their_hashes(self, batch: ValidationReport) -> None:
        artifacts = read(batch)["artifacts"]

        assert [artifact.get("hashes", {}).get("sha-256", "") for artifact in artifacts] == [
            document.report.proof.document for document in batch.documents
        ]
        assert all(artifact["roles"] == ["analysisTarget"] for artifact in artifacts)


class TestContents:
    def test_a_result_in_full(self) -> None:
        result = read(make_batch(WRONG))["results"][0]

        assert result["message"]["text"] == (
            "Der Inhalt von „name“ hat nicht die erlaubte Länge (Grenze: 60); der Inhalt hat 61 Zeichen. "
            "Kürzen oder ergänzen Sie den Wert."
        )
        assert result["locations"] == [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "eingang/falsch.xml", "index": 0},
                    "region": {"startLine": 47, "startColumn": 9},
                },
                "logicalLocations": [{"fullyQualifiedName": "/antrag/antragsteller/name", "kind": "element"}],
            }
        ]
        assert result["properties"]["reference"] == "BR-DE-15"

    def test_without_a_line_there_is_no_region_and_without_a_path_no_logical_place(self) -> None:
        places = {result["ruleId"]: result["locations"][0] for result in read(MIXED)["results"]}

        assert "region" not in places["xsd.list-version"]["physicalLocation"]
        assert places["xsd.list-version"]["logicalLocations"][0]["kind"] == "attribute"
        assert "logicalLocations" not in places["xml.not-well-formed"]

    def test_a_rule_is_described_in_general_with_its_source(self) -> None:
        (rule,) = [rule for rule in read(MIXED)["tool"]["driver"]["rules"] if rule["id"] == "xsd.attribute-missing"]

        assert rule["shortDescription"]["text"] == "Das Pflichtattribut „…“ fehlt."
        assert rule["help"]["text"] == (
            "Ergänzen Sie das Attribut. Quelle der Regel: XML Schema 1.0 Teil 1 cvc-complex-type.4"
        )

    def test_the_level_is_the_one_of_the_finding(self) -> None:
        levels = {(result["ruleId"], result["level"]) for result in read(MIXED)["results"]}

        assert {("xsd.attribute-missing", "error"), ("xsd.attribute-missing", "warning")} <= levels
        assert ("xsd.list-version", "note") in levels

    def test_each_unchecked_document_has_a_notification_even_without_a_finding(self) -> None:
        (invocation,) = read(make_batch(FOREIGN, STOPPED))["invocations"]

        places = [one["locations"][0]["physicalLocation"] for one in invocation["toolExecutionNotifications"]]

        assert not invocation["executionSuccessful"]
        assert [place["artifactLocation"]["uri"] for place in places] == ["fremd.xml", "angehalten.xml"]

    def test_a_run_that_only_found_invalid_documents_has_succeeded(self) -> None:
        (invocation,) = read(make_batch(WRONG))["invocations"]

        assert invocation["executionSuccessful"]
        assert invocation["toolExecutionNotifications"] == []

    def test_english(self) -> None:
        assert read(MIXED, Wording.load(Language.ENGLISH))["language"] == "en-GB"


class TestFingerprints:
    def test_each_finding_has_its_own(self) -> None:
        assert len(set(marks(MIXED))) == len(marks(MIXED))

    def test_two_findings_of_one_rule_at_one_place_are_two(self) -> None:
        finding = WRONG.report.findings[0]
        report = replace(WRONG.report, findings=(finding, replace(finding, line=48)))

        assert len(set(marks(make_batch(replace(WRONG, report=report))))) == 2

    def test_stay_when_lines_move_and_other_documents_come_and_go(self) -> None:
        moved = tuple(replace(finding, line=finding.line + 10, column=3) for finding in WRONG.report.findings)
        later = replace(WRONG, report=replace(WRONG.report, findings=moved))

        assert marks(make_batch(STOPPED, later)) == marks(make_batch(WRONG))

    def test_do_not_depend_on_the_language(self) -> None:
        english = [result["partialFingerprints"] for result in read(MIXED, Wording.load(Language.ENGLISH))["results"]]

        assert [one["ozgflowFinding/v1"] for one in english] == marks(MIXED)

    def test_differ_between_documents(self) -> None:
        assert not set(marks(make_batch(WRONG))) & set(marks(make_batch(replace(WRONG, name="anders.xml"))))
