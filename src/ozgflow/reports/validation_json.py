"""The report on checked documents as JSON, for programs. Its schema is published with the package."""

import json
from importlib import resources

import ozgflow
from ozgflow.domain.messages import Wording
from ozgflow.reports.validation import RuleCount, ValidationReport
from ozgflow.reports.validation_view import WordedDocument, WordedFinding, WordedReport, worded

SCHEMA = "urn:ozgflow:schema:validation-report:1"
"""Name of the schema. The number changes when something is taken away or means something else."""


def to_json(batch: ValidationReport, wording: Wording) -> str:
    """The batch as JSON; it fits ``json_schema``. Values of documents are never in it."""
    view = worded(batch, wording)
    data = {
        "$schema": SCHEMA,
        "program": {"name": "ozgflow", "version": ozgflow.__version__},
        "language": str(wording.language),
        **batch_facts(view),
        "documents": [
            {**document_facts(document), "findings": [finding_facts(finding) for finding in document.findings]}
            for document in view.documents
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def json_schema() -> str:
    """The JSON Schema of ``to_json``, as text."""
    file = resources.files("ozgflow") / "data" / "validation-report.schema.json"
    return file.read_text(encoding="utf-8")


def batch_facts(view: WordedReport) -> dict[str, object]:
    """What is said about the batch as a whole, JSON-ready."""
    batch = view.batch
    return {
        "created_at": batch.created_at.isoformat(),
        "as_of": batch.as_of.isoformat(),
        "interrupted": batch.interrupted,
        "complete": batch.complete,
        "summary": {
            "documents": len(view.documents),
            "verdicts": {str(verdict): count for verdict, count in batch.verdicts().items()},
            "acceptances": {str(state): count for state, count in batch.acceptances().items()},
            "from_store": batch.known(),
            "frequent_rules": [_rule_count(rule) for rule in view.frequent],
        },
    }


def document_facts(document: WordedDocument) -> dict[str, object]:
    """What is said about one document beside its findings, JSON-ready."""
    return {
        "name": document.name,
        "uri": document.uri,
        "verdict": str(document.verdict),
        "acceptance": str(document.acceptance),
        "reason": document.reason,
        "reason_code": document.reason_code,
        "from_store": document.from_store,
        "document_sha256": document.document_hash or None,
        "bundle": document.basis.bundle or None,
        "bundle_sha256": document.basis.bundle_hash or None,
        "engine": document.basis.engine or None,
        "steps": [
            {"step": str(result.step), "state": str(result.state), "checked": result.checked}
            for result in document.steps
        ],
        "finding_count": document.total,
        "finding_count_exact": document.counted,
        "unlisted": [{"rule": rule, "count": count} for rule, count in document.unlisted],
    }


def finding_facts(finding: WordedFinding) -> dict[str, object]:
    """One finding, JSON-ready, without what stands in the document."""
    return {
        "rule": finding.rule,
        "step": str(finding.step),
        "reference": finding.reference or None,
        "severity": str(finding.severity),
        "line": finding.line or None,
        "column": finding.column or None,
        "path": finding.path or None,
        "message": finding.message,
        "hint": finding.hint,
        "meaning": finding.meaning or None,
    }


def _rule_count(rule: RuleCount) -> dict[str, object]:
    return {
        "rule": rule.rule,
        "documents": rule.documents,
        "occurrences": rule.occurrences,
        "exact": rule.exact,
    }
