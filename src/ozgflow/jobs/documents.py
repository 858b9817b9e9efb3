"""Checking the documents that municipalities supplied, and recording what that proves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource
from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Message, message
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Failure, Workspace
from ozgflow.standards.validator import ENGINE
from ozgflow.storage.checks import find_reports, keep_reports
from ozgflow.storage.evidence import add_evidence, read_evidence

_ANSWERS = {Verdict.VALID: Answer.YES, Verdict.INVALID: Answer.NO, Verdict.UNCHECKED: Answer.UNKNOWN}
RECORDED_BY = "ozgflow validate"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """What the check of supplied documents came to.

    Attributes:
        verdicts: number of documents by verdict.
        from_store: how many of them were known already and not checked again.
        recorded: pieces of evidence added.
        evidence: all evidence that the documents give, added or not.
        failures: rollouts whose documents could not be read.
    """

    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    from_store: int = 0
    recorded: int = 0
    evidence: tuple[Evidence, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supplied:
    """One document as found in the folder."""

    key: RolloutKey
    name: str
    data: bytes
    digest: str


def check_documents(
    workspace: Workspace,
    folder: Path,
    keys: Sequence[RolloutKey],
    *,
    now: datetime,
    dry_run: bool = False,
) -> DocumentSummary:
    """Check ``folder/<ARS>/<LeiKa key>/*.xml`` for each rollout and record the verdicts as evidence.

    They are observed at the moment of the check, whatever day a run is made for: a document lies there or not.
    A document that was supplied before and is gone now is recorded as withdrawn. A municipality without a folder
    of its own has supplied nothing; what is known of it stays.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError("documents.no-folder", folder=folder)
    supplied: list[_Supplied] = []
    failures: list[Failure] = []
    for key in keys:
        try:
            supplied += _read(folder, key)
        except OSError as error:
            name = Path(str(error.filename or folder)).name
            failures.append(Failure(key=key, reason=message("failure.unreadable", file=name)))
    reports, known = _reports(workspace, supplied)
    failed = {failure.key for failure in failures}
    present = [key for key in keys if key not in failed and _home(folder, key).is_dir()]
    entries = [_evidence(document, reports[document.digest], now.date()) for document in supplied]
    entries += _withdrawn(workspace, present, entries, now.date())
    recorded = 0 if dry_run else _keep(workspace, reports, entries, now)
    verdicts = dict.fromkeys(Verdict, 0)
    for document in supplied:
        verdicts[reports[document.digest].verdict] += 1
    return DocumentSummary(
        verdicts=verdicts,
        from_store=known,
        recorded=recorded,
        evidence=tuple(entries),
        failures=tuple(failures),
    )


def _home(folder: Path, key: RolloutKey) -> Path:
    return folder / str(key.municipality) / str(key.service)


def _read(folder: Path, key: RolloutKey) -> list[_Supplied]:
    home = _home(folder, key)
    if not home.is_dir():
        return []
    found = []
    for path in sorted(home.glob("*.xml")):
        data = path.read_bytes()
        found.append(_Supplied(key=key, name=path.name, data=data, digest=sha256(data).hexdigest()))
    return found


def _reports(workspace: Workspace, supplied: Sequence[_Supplied]) -> tuple[dict[str, Report], int]:
    """The report for each document hash: kept ones first, the others checked now."""
    if not supplied:
        return {}, 0
    with workspace.database.reading() as session:
        reports = find_reports(
            session,
            {document.digest for document in supplied},
            engine=ENGINE,
            bundles=workspace.validator.bundle_hashes(),
        )
    known = sum(document.digest in reports for document in supplied)
    for document in supplied:
        if document.digest not in reports:
            reports[document.digest] = workspace.validator.check(document.data)
    return reports, known


def _evidence(document: _Supplied, report: Report, today: date) -> Evidence:
    proof = report.proof
    against = f"{proof.bundle}#{proof.bundle_hash[:12]}" if proof.bundle_hash else "–"
    return Evidence(
        kind=DOCUMENT_KIND,
        municipality=document.key.municipality,
        service=document.key.service,
        subject=document.name,
        answer=_ANSWERS[report.verdict],
        source=EvidenceSource.DOCUMENT,
        reference=f"sha256:{document.digest} {against}",
        observed_on=today,
        recorded_by=RECORDED_BY,
        note=_note(report),
    )


def _note(report: Report) -> Message | None:
    if not report.findings:
        return None
    first, more = report.findings[0], len(report.findings) - 1
    code = "note.findings" if more else "note.finding"
    return message(code, line=first.line, finding=first.message, more=more)


def _withdrawn(
    workspace: Workspace, keys: Sequence[RolloutKey], entries: Sequence[Evidence], today: date
) -> Iterator[Evidence]:
    """Withdrawals of documents that are known but no longer supplied."""
    if not keys:
        return
    present = {entry.chain for entry in entries}
    pairs = {(key.municipality, key.service) for key in keys}
    with workspace.database.reading() as session:
        known = read_evidence(session, {key.municipality for key in keys}, {key.service for key in keys})
    newest = {entry.chain: entry for chain in known.values() for entry in chain if entry.kind == DOCUMENT_KIND}
    for chain, entry in newest.items():
        if (entry.municipality, entry.service) in pairs and chain not in present:
            yield Evidence(
                kind=DOCUMENT_KIND,
                municipality=entry.municipality,
                service=entry.service,
                subject=entry.subject,
                answer=Answer.WITHDRAWN,
                source=EvidenceSource.DOCUMENT,
                reference=entry.reference,
                observed_on=today,
                recorded_by=RECORDED_BY,
            )


def _keep(workspace: Workspace, reports: dict[str, Report], entries: Sequence[Evidence], now: datetime) -> int:
    with workspace.database.writing() as session:
        keep_reports(session, list(reports.values()), now=now)
        return add_evidence(session, entries, now=now)
