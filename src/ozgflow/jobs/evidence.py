"""Recording evidence by hand, and listing it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, Scope, current
from ozgflow.domain.messages import message
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme, programme_codes
from ozgflow.domain.service_keys import ItemCode, ServiceKey, parse_service_key
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
    subject: str = "",
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
    if kinds[kind].approval:
        raise UsageError("evidence.by-approval", kind=kind)
    if not reference.strip() or not by.strip():
        raise UsageError("evidence.proof")
    if not all(text.isprintable() for text in (reference, by, subject, note)):
        raise UsageError("evidence.unprintable")
    if observed_on > today:
        raise UsageError("evidence.future", day=observed_on)
    if valid_until is not None and valid_until < observed_on:
        raise UsageError("evidence.days", until=valid_until, day=observed_on)
    return Evidence(
        kind=kind,
        municipality=workspace.catalogue.select_municipalities([municipality])[0].ars,
        service=_service(workspace, kind, kinds[kind].scope, service),
        subject=subject.strip(),
        answer=answer,
        source=EvidenceSource.PERSON,
        reference=reference.strip(),
        observed_on=observed_on,
        valid_until=valid_until,
        recorded_by=by.strip(),
        note=message("note.free", text=note.strip()) if note.strip() else None,
    )


def confirm(
    workspace: Workspace,
    *,
    kind: str,
    municipality: str,
    service: str | None,
    by: str,
    today: date,
    subject: str = "",
    reference: str = "",
) -> Evidence:
    """The newest fact of a chain, seen again today.

    Args:
        workspace: the workspace.
        kind: code of the kind of evidence.
        municipality: name or key.
        service: which service it concerns, when the kind's scope is the service.
        by: who has seen it.
        today: the day.
        subject: which fact, when there are several of the kind.
        reference: where it can be looked up now; empty for where it was.

    Raises:
        UsageError: as for ``by_person``; or there is no such fact, or it says no or has run out, so that confirming
            it would say what it does not say.
    """
    known = [one for one in listed(workspace, municipality=municipality) if one.kind == kind]
    fresh = by_person(
        workspace,
        kind=kind,
        municipality=municipality,
        service=service,
        reference=reference or (known[-1].reference if known else "–"),
        by=by,
        observed_on=today,
        today=today,
        subject=subject,
    )
    held = [one for one in current(known, today=today).get(kind, ()) if one.chain == fresh.chain]
    if not held:
        raise UsageError("evidence.nothing-to-confirm", kind=kind)
    if held[0].answer is not Answer.YES or held[0].expired(today):
        raise UsageError("evidence.cannot-confirm", kind=kind)
    return replace(fresh, reference=reference.strip() or held[0].reference, valid_until=held[0].valid_until)


def listed(workspace: Workspace, *, municipality: str, service: str | None = None) -> tuple[Evidence, ...]:
    """All evidence of a municipality in the order of recording.

    Raises:
        UsageError: municipality or service is unknown.
    """
    ars = workspace.catalogue.select_municipalities([municipality])[0].ars
    keys = None if service is None else [known_service(workspace, service)]
    with workspace.database.reading() as session:
        return read_evidence(session, [ars], keys).get(ars, ())


def _service(workspace: Workspace, kind: str, scope: Scope, service: str | None) -> ServiceKey | None:
    if scope is Scope.MUNICIPALITY:
        return None
    if service is None:
        raise UsageError("evidence.service-missing", kind=kind)
    return known_service(workspace, service)


def known_service(workspace: Workspace, word: str) -> ServiceKey:
    """A service of the catalogue, or an item of one of the programmes."""
    key = parse_service_key(word)
    if not isinstance(key, ItemCode):
        return workspace.catalogue.service(key).key
    items = {item for code in programme_codes() for item in load_programme(code).items}
    if key not in items:
        raise UsageError("evidence.item-unknown", item=word, known=", ".join(sorted(map(str, items))))
    return key
