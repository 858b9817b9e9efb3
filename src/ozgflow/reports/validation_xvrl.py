"""The report on checked documents in XVRL, the report language of the XProc community.

Places, severities and digests are XVRL's own. What XVRL has no word for – acceptance, steps, hashes, advice – stands
where it allows elements and attributes of others, under a namespace of ours. An unchecked document has the digest
``undetermined``, never ``true``.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from xml.etree import ElementTree as ET

import ozgflow
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import Severity
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_elements import attributes_of, child, document_text
from ozgflow.reports.validation_view import WordedDocument, WordedFinding, WordedReport, worded

XVRL = "http://www.xproc.org/ns/xvrl"
OWN = "urn:ozgflow:xvrl:1"
"""Namespace of what XVRL has no word for."""

_XSD = "http://www.w3.org/2001/XMLSchema"
_SEVERITIES: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}
_VALID: Mapping[Verdict, str] = {
    Verdict.VALID: "true",
    Verdict.INVALID: "false",
    Verdict.UNCHECKED: "undetermined",
}


def to_xvrl(batch: ValidationReport, wording: Wording) -> str:
    """The batch as XVRL, one report per document. Values of documents are never in it."""
    view = worded(batch, wording)
    root = ET.Element("reports", attributes_of(xmlns=XVRL, xmlns__ozg=OWN, xml__lang=wording.language))
    _batch_metadata(root, view)
    for document in view.documents:
        _report(root, document)
    _digest(root, _batch_validity(batch), [finding for document in view.documents for finding in document.findings])
    return document_text(root)


def _batch_metadata(root: ET.Element, view: WordedReport) -> None:
    batch = view.batch
    metadata = child(root, "metadata")
    child(metadata, "timestamp", batch.created_at.isoformat())
    child(metadata, "creator", name="ozgflow", version=ozgflow.__version__)
    own = child(
        child(metadata, "supplemental"),
        "ozg:batch",
        as_of=batch.as_of.isoformat(),
        interrupted=batch.interrupted,
        complete=batch.complete,
        documents=len(view.documents),
        from_store=batch.known(),
    )
    child(own, "ozg:verdicts", **{str(verdict): count for verdict, count in batch.verdicts().items()})
    child(own, "ozg:acceptances", **{str(state): count for state, count in batch.acceptances().items()})
    for rule in view.frequent:
        child(
            own,
            "ozg:frequent-rule",
            rule=rule.rule,
            documents=rule.documents,
            occurrences=rule.occurrences,
            exact=rule.exact,
        )


def _report(root: ET.Element, document: WordedDocument) -> None:
    report = child(root, "report")
    metadata = child(report, "metadata")
    child(metadata, "validator", document.basis.engine, name="ozgflow", version=ozgflow.__version__)
    child(metadata, "document", document.name, href=document.uri, ozg__sha256=document.document_hash)
    basis = document.basis
    if basis.bundle:
        child(
            metadata,
            "schema",
            basis.bundle,
            href=quote(basis.bundle),
            schematypens=_XSD,
            ozg__sha256=basis.bundle_hash,
        )
    _document_facts(child(metadata, "supplemental"), document)
    for finding in document.findings:
        _detection(report, document, finding)
    _digest(report, _VALID[document.verdict], document.findings)


def _document_facts(parent: ET.Element, document: WordedDocument) -> None:
    own = child(
        parent,
        "ozg:document",
        verdict=document.verdict,
        from_store=document.from_store,
        finding_count=document.total,
        finding_count_exact=document.counted,
    )
    child(own, "ozg:acceptance", document.reason, state=document.acceptance, code=document.reason_code)
    for result in document.steps:
        child(own, "ozg:step", name=result.step, state=result.state, checked=result.checked)
    for rule, count in document.unlisted:
        child(own, "ozg:unlisted", rule=rule, count=count)


def _detection(report: ET.Element, document: WordedDocument, finding: WordedFinding) -> None:
    detection = child(
        report,
        "detection",
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        ozg__reference=finding.reference,
    )
    child(
        detection,
        "location",
        href=document.uri,
        line=finding.line or None,
        column=finding.column or None,
        xpath=finding.path,
    )
    child(detection, "category", str(finding.step), vocabulary="ozgflow-step")
    child(detection, "message", finding.message)
    supplemental = child(detection, "supplemental")
    child(supplemental, "ozg:hint", finding.hint)
    if finding.meaning:
        child(supplemental, "ozg:meaning", finding.meaning)


def _digest(parent: ET.Element, valid: str, findings: Sequence[WordedFinding]) -> None:
    """The counts of the detections that are listed, as XVRL wants them."""
    counts: dict[str, object] = {}
    for severity, word in _SEVERITIES.items():
        found = [finding for finding in findings if finding.severity is severity]
        counts[f"{word}_count"] = len(found)
        counts[f"{word}_codes"] = " ".join(sorted({finding.rule for finding in found}))
    present = [word for severity, word in _SEVERITIES.items() if counts[f"{word}_count"]]
    child(parent, "digest", valid=valid, **counts, worst=present[0] if present else "nothing")


def _batch_validity(batch: ValidationReport) -> str:
    if batch.verdicts()[Verdict.INVALID]:
        return _VALID[Verdict.INVALID]
    return _VALID[Verdict.VALID if batch.complete else Verdict.UNCHECKED]
