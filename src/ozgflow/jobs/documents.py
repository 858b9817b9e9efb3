"""Checking the documents that municipalities supplied, and recording what that proves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource
from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Message, message
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.rules import Severity
from ozgflow.errors import UsageError
from ozgflow.jobs.reading import read_document, xml_files
from ozgflow.jobs.validation import count_verdicts, look_up_or_check
from ozgflow.jobs.workspace import Failure, Workspace
from ozgflow.storage.checks import keep_reports
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
class _Checked:
    """One document of a folder with its report. The document itself is let go at once."""

    key: RolloutKey
    name: str
    report: Report
    known: bool


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
    checked: list[_Checked] = []
    present: list[RolloutKey] = []
    failures: list[Failure] = []
    for key in keys:
        home = folder / str(key.municipality) / str(key.service)
        outcome = _check_folder(workspace, home, key) if home.is_dir() else None
        if isinstance(outcome, Failure):
            failures.append(outcome)
        elif outcome is not None:
            present.append(key)
            checked += outcome
    entries = [_evidence(one, now.date()) for one in checked]
    entries += _withdrawn(workspace, present, entries, now.date())
    recorded = 0 if dry_run else _keep(workspace, [one.report for one in checked], entries, now)
    return DocumentSummary(
        verdicts=count_verdicts(one.report for one in checked),
        from_store=sum(one.known for one in checked),
        recorded=recorded,
        evidence=tuple(entries),
        failures=tuple(failures),
    )


def _check_folder(workspace: Workspace, home: Path, key: RolloutKey) -> list[_Checked] | Failure:
    """Check the documents of one rollout, or say why that cannot be done.

    A bundle of ours that is broken says nothing about the documents: it is a failure, and no evidence.
    """
    try:
        contents = {
            path.name: read_document(path, workspace.validator.limits) for path in xml_files(home, below=False)
        }
    except OSError as error:
        name = Path(str(error.filename or home)).name
        return Failure(key=key, reason=message("failure.unreadable", file=name))
    checked = []
    for name, report, known in look_up_or_check(workspace.validator, contents, workspace.database):
        broken = [finding for finding in report.findings if finding.rule == "bundle.broken"]
        if broken:
            return Failure(key=key, reason=broken[0].message)
        checked.append(_Checked(key=key, name=name, report=report, known=known))
    return checked


def _evidence(document: _Checked, today: date) -> Evidence:
    report, proof = document.report, document.report.proof
    against = f"{proof.bundle}#{proof.bundle_hash[:12]}" if proof.bundle_hash else "–"
    return Evidence(
        kind=DOCUMENT_KIND,
        municipality=document.key.municipality,
        service=document.key.service,
        subject=document.name,
        answer=_ANSWERS[report.verdict],
        source=EvidenceSource.DOCUMENT,
        reference=f"sha256:{proof.document} {against}",
        observed_on=today,
        recorded_by=RECORDED_BY,
        note=_note(report),
    )


def _note(report: Report) -> Message | None:
    """The first error, and how many more there are; what is merely worth knowing is not for the board."""
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if not errors:
        return None
    first, more = errors[0], len(errors) - 1
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


def _keep(workspace: Workspace, reports: Sequence[Report], entries: Sequence[Evidence], now: datetime) -> int:
    with workspace.database.writing() as session:
        keep_reports(session, reports, now=now)
        return add_evidence(session, entries, now=now)
