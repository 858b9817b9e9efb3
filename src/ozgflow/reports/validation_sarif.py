"""The report on checked documents as SARIF 2.1.0, the interchange format of analysis tools and code hosts.

SARIF lists results, and a document without one looks clean. So what is unchecked is told by the invocation, which has
then not succeeded, with a notification per document.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC
from hashlib import sha256

import ozgflow
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import RULES, Severity
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_json import batch_facts, document_facts, finding_facts
from ozgflow.reports.validation_phrases import general_sentence
from ozgflow.reports.validation_view import WordedDocument, WordedFinding, WordedReport, worded

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""Name of the format's schema; nothing is fetched."""
_LANGUAGES: Mapping[Language, str] = {Language.GERMAN: "de-DE", Language.ENGLISH: "en-GB"}
_LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_FINGERPRINT = "ozgflowFinding/v1"


def to_sarif(batch: ValidationReport, wording: Wording) -> str:
    """The batch as SARIF. Values of documents are never in it."""
    view = worded(batch, wording)
    used = sorted({finding.rule for document in view.documents for finding in document.findings})
    places = {rule: place for place, rule in enumerate(used)}
    run = {
        "tool": {
            "driver": {
                "name": "ozgflow",
                "version": ozgflow.__version__,
                "rules": [_rule(rule, wording) for rule in used],
            }
        },
        "language": _LANGUAGES[wording.language],
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(view, wording)],
        "artifacts": [_artifact(document) for document in view.documents],
        "results": [result for document in view.documents for result in _results(document, places)],
        "properties": batch_facts(view),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, wording: Wording) -> dict[str, object]:
    rule = RULES[code]
    hint = general_sentence(f"hint.{code}", wording)
    return {
        "id": code,
        "shortDescription": {"text": general_sentence(f"finding.{code}", wording)},
        "help": {"text": wording.text("validation.rule-source", hint=hint, source=rule.source)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "step": str(rule.step),
            "source": rule.source,
            "leaves_unchecked": rule.leaves_unchecked,
        },
    }


def _invocation(view: WordedReport, wording: Wording) -> dict[str, object]:
    notices = [
        {
            "level": "error",
            "message": {
                "text": wording.text("validation.unchecked-notice", name=document.name, reason=document.reason)
            },
            "locations": [{"physicalLocation": {"artifactLocation": _artifact_location(document)}}],
        }
        for document in view.documents
        if document.verdict is Verdict.UNCHECKED
    ]
    if view.batch.interrupted:
        notices.append({"level": "error", "message": {"text": wording.text("validation.interrupted")}})
    return {
        "executionSuccessful": view.batch.complete,
        "endTimeUtc": view.batch.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": notices,
    }


def _artifact(document: WordedDocument) -> dict[str, object]:
    artifact: dict[str, object] = {
        "location": {"uri": document.uri},
        "roles": ["analysisTarget"],
        "mimeType": "application/xml",
        "properties": document_facts(document),
    }
    if document.document_hash:
        artifact["hashes"] = {"sha-256": document.document_hash}
    return artifact


def _results(document: WordedDocument, places: Mapping[str, int]) -> list[dict[str, object]]:
    marks = _fingerprints(document.uri, document.findings)
    return [
        {
            "ruleId": finding.rule,
            "ruleIndex": places[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": {"text": f"{finding.message} {finding.hint}"},
            "locations": [_location(document, finding)],
            "partialFingerprints": {_FINGERPRINT: mark},
            "properties": finding_facts(finding),
        }
        for finding, mark in zip(document.findings, marks, strict=True)
    ]


def _location(document: WordedDocument, finding: WordedFinding) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": _artifact_location(document)}
    if finding.line:
        physical["region"] = {"startLine": finding.line} | ({"startColumn": finding.column} if finding.column else {})
    location: dict[str, object] = {"physicalLocation": physical}
    if finding.path:
        kind = "attribute" if finding.path.rpartition("/")[2].startswith("@") else "element"
        location["logicalLocations"] = [{"fullyQualifiedName": finding.path, "kind": kind}]
    return location


def _artifact_location(document: WordedDocument) -> dict[str, object]:
    return {"uri": document.uri, "index": document.number - 1}


def _fingerprints(uri: str, findings: Sequence[WordedFinding]) -> list[str]:
    """Marks that stay when lines move: document, rule, place, and which of several alike it is."""
    seen: Counter[str] = Counter()
    marks = []
    for finding in findings:
        alike = "\n".join((uri, finding.rule, finding.reference, finding.path))
        marks.append(sha256(f"{alike}\n{seen[alike]}".encode()).hexdigest())
        seen[alike] += 1
    return marks
