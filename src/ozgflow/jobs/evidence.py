"""Recording evidence by hand, and listing it."""

from collections.abc import Sequence
from datetime import date, datetime

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, Scope
from ozgflow.domain.messages import message
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.domain.service_keys import ServiceKey
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.evidence import add_evidence, read_evidence


def record(workspace: Workspace, entries: Sequence[Evidence], *, now: datetime) -> int:
    """Record evidence that was made elsewhere. Returns how many entries were new."""
    with workspace.database.writing() as session:
        return add_evidence(session, entries, now=now)


def by_person(
    workspace: Workspace,
    *,
    kind: str,
    municipality: str,
    service: str | None,
    reference: str,
    by: str,
    observed_on: date,
    today: date,
    answer: Answer = Answer.YES,
    valid_until: date | None = None,
    note: str = "",
) -> Evidence:
    """Evidence as a person gives it, checked.

    Raises:
        UsageError: kind, municipality or service is unknown, a day is impossible, or reference or name is missing.
    """
    kinds = load_evidence_kinds()
    if kind not in kinds:
        raise UsageError("evidence.kind-unknown", kind=kind, known=", ".join(kinds))
    if kind == DOCUMENT_KIND:
        raise UsageError("evidence.by-check", kind=kind)
    if not reference.strip() or not by.strip():
        raise UsageError("evidence.proof")
    if not all(text.isprintable() for text in (reference, by, note)):
        raise UsageError("evidence.unprintable")
    if observed_on > today:
        raise UsageError("evidence.future", day=observed_on)
    if valid_until is not None and valid_until < observed_on:
        raise UsageError("evidence.days", until=valid_until, day=observed_on)
    return Evidence(
        kind=kind,
        municipality=workspace.catalogue.select_municipalities([municipality])[0].ars,
        service=_service(workspace, kind, kinds[kind].scope, service),
        answer=answer,
        source=EvidenceSource.PERSON,
        reference=reference.strip(),
        observed_on=observed_on,
        valid_until=valid_until,
        recorded_by=by.strip(),
        note=message("note.free", text=note.strip()) if note.strip() else None,
    )


def listed(workspace: Workspace, *, municipality: str, service: str | None = None) -> tuple[Evidence, ...]:
    """All evidence of a municipality in the order of recording.

    Raises:
        UsageError: municipality or service is unknown.
    """
    ars = workspace.catalogue.select_municipalities([municipality])[0].ars
    keys = None if service is None else [workspace.catalogue.service(service).key]
    with workspace.database.reading() as session:
        return read_evidence(session, [ars], keys).get(ars, ())


def _service(workspace: Workspace, kind: str, scope: Scope, service: str | None) -> ServiceKey | None:
    if scope is Scope.MUNICIPALITY:
        return None
    if service is None:
        raise UsageError("evidence.service-missing", kind=kind)
    return workspace.catalogue.service(service).key
