"""Reports on documents, kept by hashes, so that an unchanged document is not checked again."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Dialect
from sqlmodel import Session, col, select

from ozgflow.domain.findings import Finding, Proof, Report, StepResult, StepState, Verdict
from ozgflow.domain.messages import pack, unpack
from ozgflow.domain.rules import RULES, Severity, Step
from ozgflow.storage.statements import parts
from ozgflow.storage.tables import CheckRow, Moment

_REMEMBERED = 4_096


def find_reports(
    session: Session, documents: Collection[str], *, engine: str, bundle_hash: Callable[[str], str]
) -> dict[str, Report]:
    """Reports that still hold.

    Args:
        session: an open session.
        documents: SHA-256 of the documents.
        engine: the engine that would check now.
        bundle_hash: tells the present hash of a bundle, by name; a report on another state of it is passed over.

    Returns:
        The report by document hash.
    """
    found = {}
    for part in parts(sorted(documents)):
        present = _present(session, part, engine)
        if present:
            query = select(CheckRow).where(col(CheckRow.document).in_(present), CheckRow.engine == _short(engine))
            rows = (row for row in session.exec(query) if bundle_hash(row.bundle) == row.bundle_hash)
            found.update({row.document: _report(row, engine) for row in rows if _is_known(row)})
    return found


def _present(session: Session, documents: Sequence[str], engine: str) -> list[str]:
    """Those of the documents on which there is any report. Asked bare, as mostly there is none."""
    connection = session.connection()
    gap = _PLACEHOLDERS[connection.dialect.paramstyle]
    gaps = ", ".join([gap] * len(documents))
    query = f"SELECT document FROM {CheckRow.__tablename__} WHERE document IN ({gaps}) AND engine = {gap}"  # noqa: S608
    return [row[0] for row in connection.exec_driver_sql(query, (*documents, _short(engine)))]


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
    if not usable:
        return 0
    connection = session.connection()
    moment = _moment(connection.dialect, now)
    rows = [(*_values(report), moment) for report in usable.values()]
    return connection.exec_driver_sql(_insert(connection.dialect.paramstyle), rows).rowcount


def report_data(report: Report) -> dict[str, Any]:
    """A report as JSON-ready data without its proof's hashes, which are columns; what is empty is left out."""
    data = {
        "counts": dict(report.counts),
        "uncounted": not report.counted,
        "declared": None if report.declared is None else str(report.declared),
        "findings": [_finding_data(finding) for finding in report.findings],
    }
    steps = [(one.state.value, one.checked) for one in report.proof.steps]
    return {"steps": steps, **{key: value for key, value in data.items() if value}}


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": pack(finding.message),
        "level": finding.level,
        "reference": finding.reference,
        "meaning": finding.meaning,
    }


# Rows are handed to the driver as they are: what the layers above do for each row costs more than a check.
_COLUMNS = ("document", "bundle_hash", "engine", "bundle", "verdict", "report", "checked_at")
_PLACEHOLDERS = {"qmark": "?", "format": "%s", "pyformat": "%s"}


@cache
def _short(engine: str) -> str:
    """What stands for an engine in every row: its description is long, and part of the key."""
    return sha256(engine.encode()).hexdigest()[:16]


@cache
def _insert(style: str) -> str:
    gaps = ", ".join([_PLACEHOLDERS[style]] * len(_COLUMNS))
    columns = ", ".join(_COLUMNS)
    return f"INSERT INTO {CheckRow.__tablename__} ({columns}) VALUES ({gaps}) ON CONFLICT DO NOTHING"  # noqa: S608


def _moment(dialect: Dialect, now: datetime) -> object:
    """A moment as the driver wants it."""
    convert = Moment().bind_processor(dialect)
    return convert(now) if convert else now


def _is_known(row: CheckRow) -> bool:
    """Whether all rules of a stored report still exist."""
    return all(finding["rule"] in RULES for finding in row.report.get("findings", ()))


def _values(report: Report) -> tuple[str, ...]:
    proof = report.proof
    if report.findings or report.counts:
        data = json.dumps(report_data(report))
    else:
        data = _without_findings(proof.steps, declared=report.declared)
    return proof.document, proof.bundle_hash, _short(proof.engine), proof.bundle, report.verdict.value, data


_clean: dict[tuple[int, bool | None], tuple[object, str]] = {}


def _without_findings(steps: tuple[StepResult, ...], *, declared: bool | None) -> str:
    """The text of a report without findings: the same for all documents that took the same steps.

    Remembered by identity, as the ladder hands out one object for all of them; it is kept so that it stays the one.
    """
    known = _clean.get((id(steps), declared))
    if known is None:
        proof = Proof(document="", engine="", steps=steps)
        data = json.dumps(report_data(Report(verdict=Verdict.VALID, proof=proof, declared=declared)))
        if len(_clean) >= _REMEMBERED:
            _clean.clear()
        known = _clean[id(steps), declared] = steps, data
    return known[1]


def _report(row: CheckRow, engine: str) -> Report:
    data = row.report
    steps = tuple(
        StepResult(step=step, state=StepState(state), checked=checked)
        for step, (state, checked) in zip(Step, data["steps"], strict=True)
    )
    return Report(
        verdict=Verdict(row.verdict),
        findings=tuple(_finding(one) for one in data.get("findings", ())),
        counts=data.get("counts", {}),
        counted=not data.get("uncounted"),
        declared=data["declared"] == "True" if "declared" in data else None,
        proof=Proof(
            document=row.document, engine=engine, bundle=row.bundle, bundle_hash=row.bundle_hash, steps=steps
        ),
    )


def _finding(data: dict[str, Any]) -> Finding:
    return Finding(
        rule=data["rule"],
        path=data["path"],
        line=data["line"],
        column=data["column"],
        message=unpack(data["message"]),
        level=Severity(data["level"]) if data["level"] else None,
        reference=data["reference"],
        meaning=data["meaning"],
    )
