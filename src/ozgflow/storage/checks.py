"""Reports on documents, kept by hashes, so that an unchanged document is not checked again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from ozgflow.domain.findings import Finding, Proof, Report, Verdict
from ozgflow.domain.messages import pack, unpack
from ozgflow.domain.rules import RULES, Step
from ozgflow.storage.statements import parts
from ozgflow.storage.tables import CheckRow


def find_reports(
    session: Session, documents: Collection[str], *, engine: str, bundles: Mapping[str, str]
) -> dict[str, Report]:
    """Reports that still hold.

    Args:
        session: an open session.
        documents: SHA-256 of the documents.
        engine: the engine that would check now.
        bundles: the present hash of each bundle, by name; a report on another state of a bundle is passed over.

    Returns:
        The report by document hash.
    """
    found = {}
    for part in parts(sorted(documents)):
        query = select(CheckRow).where(col(CheckRow.document).in_(part), CheckRow.engine == engine)
        rows = (row for row in session.exec(query) if bundles.get(row.bundle) == row.bundle_hash and _is_known(row))
        found.update({row.document: _report(row) for row in rows})
    return found


def keep_reports(session: Session, reports: Collection[Report], *, now: datetime) -> int:
    """Keep reports that tell something about the document: checked against a bundle that was usable.

    Returns:
        How many were new.
    """
    usable = {
        (report.proof.document, report.proof.bundle_hash, report.proof.engine): report
        for report in reports
        if report.proof.bundle_hash and report.verdict is not Verdict.UNCHECKED
    }
    for part in parts(sorted({document for document, _, _ in usable})):
        columns = (CheckRow.document, CheckRow.bundle_hash, CheckRow.engine)
        for document, bundle_hash, engine in session.exec(select(*columns).where(col(CheckRow.document).in_(part))):
            usable.pop((document, bundle_hash, engine), None)
    if usable:
        session.connection().execute(insert(CheckRow), [_values(report, now) for report in usable.values()])
    return len(usable)


def report_data(report: Report) -> dict[str, Any]:
    """A report as JSON-ready data without its proof's hashes, which are columns."""
    return {
        "capped": report.capped,
        "steps": list(report.proof.steps),
        "findings": [
            {"rule": f.rule, "path": f.path, "line": f.line, "message": pack(f.message)} for f in report.findings
        ],
    }


def _is_known(row: CheckRow) -> bool:
    """Whether all rules of a stored report still exist."""
    return all(finding["rule"] in RULES for finding in row.report["findings"])


def _values(report: Report, now: datetime) -> dict[str, object]:
    proof = report.proof
    return {
        "document": proof.document,
        "bundle_hash": proof.bundle_hash,
        "engine": proof.engine,
        "bundle": proof.bundle,
        "verdict": report.verdict.value,
        "report": report_data(report),
        "checked_at": now,
    }


def _report(row: CheckRow) -> Report:
    findings = tuple(
        Finding(rule=f["rule"], path=f["path"], line=f["line"], message=unpack(f["message"]))
        for f in row.report["findings"]
    )
    proof = Proof(
        document=row.document,
        engine=row.engine,
        bundle=row.bundle,
        bundle_hash=row.bundle_hash,
        steps=tuple(Step(step) for step in row.report["steps"]),
    )
    return Report(verdict=Verdict(row.verdict), findings=findings, capped=row.report["capped"], proof=proof)
