"""Approvals: given by name and with a reason, by those who have the role; every attempt is logged."""

from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.evidence import Answer, Evidence, EvidenceKind, EvidenceSource, Scope, current
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, message
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.domain.roles import Roles
from ozgflow.domain.service_keys import ServiceKey
from ozgflow.errors import UsageError
from ozgflow.jobs.evidence import known_service
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.audit import DONE, REFUSED, AuditEntry, append_audit, read_audit
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import add_evidence, hold_evidence, read_evidence

ACTION = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a person says.

    Attributes:
        kind: code of a kind of evidence that is an approval.
        municipality: name or key.
        service: LeiKa key or code of an item; ``None`` when the kind holds for the whole municipality.
        by: the person.
        reason: why; it is kept, so it names nobody who applies for anything.
        answer: yes, or no for a refusal that closes the gate.
    """

    kind: str
    municipality: str
    service: str | None
    by: str
    reason: str
    answer: Answer = Answer.YES

    @property
    def target(self) -> str:
        """What it is about, for the log."""
        return " ".join(filter(None, (self.kind, self.municipality, self.service)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What came of it.

    Attributes:
        kind: the kind of approval.
        entry: the evidence recorded.
        people: those who approve now.
    """

    kind: EvidenceKind
    entry: Evidence
    people: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many more people have to approve."""
        needed = self.kind.approval.people if self.kind.approval else 1
        return max(0, needed - len(self.people))


def approve(workspace: Workspace, roles: Roles, wanted: Approval, *, today: date, now: datetime) -> Approved:
    """Record an approval or a refusal.

    Args:
        workspace: the workspace.
        roles: who may approve what.
        wanted: what the person says.
        today: the day of the approval.
        now: the moment that is recorded.

    Raises:
        UsageError: it cannot be, or the person may not; the attempt is logged all the same.
    """
    try:
        with workspace.database.writing() as session:
            hold_evidence(session)
            return _approve(workspace, session, roles, wanted, today=today, now=now)
    except UsageError as error:
        with workspace.database.writing() as session:
            refused = Message(error.code, error.params)
            append_audit(session, _logged(wanted, wanted.target, REFUSED, refused, now=now))
        raise


def _approve(
    workspace: Workspace, session: Session, roles: Roles, wanted: Approval, *, today: date, now: datetime
) -> Approved:
    kind = _kind(wanted)
    _check_person(roles, kind, wanted)
    ars = workspace.catalogue.select_municipalities([wanted.municipality])[0].ars
    service = _service(workspace, kind, wanted)
    before = _people(session, kind, ars, service, today)
    if wanted.answer is Answer.YES and wanted.by in before:
        raise UsageError("approval.twice", person=wanted.by)
    entry = Evidence(
        kind=kind.code,
        municipality=ars,
        service=service,
        subject=wanted.by,
        answer=wanted.answer,
        source=EvidenceSource.PERSON,
        reference=wanted.reason,
        observed_on=today,
        recorded_by=wanted.by,
    )
    add_evidence(session, [entry], now=now)
    after = _people(session, kind, ars, service, today)
    target = " ".join(filter(None, (kind.code, str(ars), str(service or ""))))
    reason = message("note.free", text=wanted.reason)
    append_audit(session, _logged(wanted, target, DONE, reason, now=now, before=before, after=after))
    return Approved(kind=kind, entry=entry, people=after)


def audit_log(workspace: Workspace, *, target: str = "") -> list[AuditEntry]:
    """All logged attempts, oldest first, or those about a target."""
    with workspace.database.reading() as session:
        return read_audit(session, target=target)


def approval_kinds() -> dict[str, EvidenceKind]:
    """The kinds of evidence that are approvals, by code."""
    return {code: kind for code, kind in load_evidence_kinds().items() if kind.approval}


def _kind(wanted: Approval) -> EvidenceKind:
    kinds = approval_kinds()
    if wanted.kind not in kinds:
        raise UsageError("approval.kind", kind=wanted.kind, known=", ".join(kinds))
    return kinds[wanted.kind]


def _check_person(roles: Roles, kind: EvidenceKind, wanted: Approval) -> None:
    if not wanted.by.strip() or not wanted.reason.strip():
        raise UsageError("approval.words")
    if not (wanted.by.isprintable() and wanted.reason.isprintable()):
        raise UsageError("evidence.unprintable")
    role = kind.approval.role if kind.approval else ""
    if not roles.allow(wanted.by, role):
        raise UsageError("approval.role", person=wanted.by, role=role)


def _service(workspace: Workspace, kind: EvidenceKind, wanted: Approval) -> ServiceKey | None:
    if kind.scope is Scope.MUNICIPALITY:
        return None
    if not wanted.service:
        raise UsageError("evidence.service-missing", kind=kind.code)
    return known_service(workspace, wanted.service)


def _people(
    session: Session, kind: EvidenceKind, ars: Ars, service: ServiceKey | None, today: date
) -> tuple[str, ...]:
    """Those who approve as of a day."""
    entries = read_evidence(session, [ars]).get(ars, ())
    known = current((one for one in entries if one.service == service), today=today).get(kind.code, ())
    return tuple(sorted(one.subject for one in known if one.answer is Answer.YES and not one.expired(today)))


def _logged(
    wanted: Approval,
    target: str,
    outcome: str,
    reason: Message,
    *,
    now: datetime,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> AuditEntry:
    return AuditEntry(
        at=now,
        who=wanted.by.strip(),
        action=f"{ACTION} {wanted.answer}",
        target=target,
        outcome=outcome,
        reason=reason,
        before=list(before),
        after=list(after),
    )
