"""Grants as verbs: apply, decide, withdraw, pay, and look.

Each verb is one transaction, so a process that is killed leaves the application as it was or as it shall be. Doing
the same thing again changes nothing and says so.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource, current
from ozgflow.domain.grant_decisions import GrantDecision, GrantFacts
from ozgflow.domain.grant_decisions import decide as decided
from ozgflow.domain.grants import GrantApplication, GrantRules, GrantState
from ozgflow.domain.messages import message
from ozgflow.domain.money import require_amount
from ozgflow.domain.programmes import Programme
from ozgflow.errors import UsageError
from ozgflow.jobs.grant_checks import (
    known_application,
    refuse_other,
    refuse_overdrawn_in,
    refuse_second,
    require_words,
    rules_of,
)
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage import grants as storage
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import add_evidence, read_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantChange:
    """What a verb came to.

    Attributes:
        application: the application as it stands afterwards.
        changed: whether anything was written.
        decision: what was decided, when something was.
    """

    application: GrantApplication
    changed: bool
    decision: GrantDecision | None = None


def apply(
    workspace: Workspace, programme: Programme, application: GrantApplication, *, by: str, today: date, now: datetime
) -> GrantChange:
    """Take up an application. Whether it can be granted is asked when it is decided.

    Args:
        workspace: the workspace; the municipality has to be in its database.
        programme: a programme with grants.
        application: as it was made.
        by: who writes it down.
        today: the day; applications of later days are refused.
        now: the moment that the history records.

    Raises:
        UsageError: it cannot be, the case number is taken, or the municipality has another one that is not over.
    """
    rules_of(programme)
    require_words(application.case, by)
    require_amount(application.requested)
    if application.applied_on > today:
        raise UsageError("grant.future", day=application.applied_on)
    with workspace.database.writing() as session:
        storage.hold_grants(session)
        known = storage.read_application(session, programme.code, application.case)
        if known is not None:
            refuse_other(workspace, known, application)
            return GrantChange(application=known, changed=False)
        refuse_second(workspace, session, application)
        storage.add_application(session, application, by=by, reason=message("grant-state.requested"), now=now)
    return GrantChange(application=application, changed=True)


def decide(
    workspace: Workspace,
    programme: Programme,
    case: str,
    *,
    by: str,
    reason: str,
    today: date,
    now: datetime,
    award: Decimal | None = None,
    reject: bool = False,
) -> GrantChange:
    """Decide an application, and record what is granted as evidence.

    Places and evidence are held meanwhile: of two approvals for the last place the second sees that it is gone, and
    its application is rejected with that reason.

    Args:
        workspace: the workspace.
        programme: a programme with grants.
        case: the case number.
        by: who decides.
        reason: why, in the words of whoever decides.
        today: the day for which evidence is judged.
        now: the moment that the history records.
        award: the amount to be granted, in euro; ``None`` for as much as the rules allow.
        reject: reject it whatever the rules say.

    Raises:
        UsageError: there is no such application, it is withdrawn, or the award is not within the rules.
        DataError: the programme file allows fewer grants than there are.
    """
    rules = rules_of(programme)
    require_words(by, reason)
    with workspace.database.writing() as session:
        storage.hold_grants(session)
        refuse_overdrawn_in(session, programme.code, rules)
        before = known_application(session, programme, case)
        if _is_settled(before, reject=reject):
            return GrantChange(application=before, changed=False)
        facts = _facts(workspace, session, programme, before, today=today)
        decision = decided(before, rules, facts, award=award, refusal=reason if reject else "")
        after = decision.applied(before)
        if decision.state is GrantState.REQUESTED:
            return GrantChange(application=before, changed=False, decision=decision)
        why = message("note.free", text=reason)
        storage.change_application(session, before, after, by=by, reason=why, trace=decision.trace, now=now)
        quota = rules.quota(after.year)
        if after.holds_place and quota is not None:
            storage.take_place(session, after, quota)
            add_evidence(session, [_evidence(rules, after, by=by, today=today)], now=now)
    return GrantChange(application=after, changed=True, decision=decision)


def withdraw(
    workspace: Workspace, programme: Programme, case: str, *, by: str, reason: str, today: date, now: datetime
) -> GrantChange:
    """Withdraw an application; its place is free again, and what was recorded as evidence no longer stands.

    Raises:
        UsageError: there is no such application, it is rejected, or money has been paid.
    """
    rules = rules_of(programme)
    require_words(by, reason)
    with workspace.database.writing() as session:
        storage.hold_grants(session)
        before = known_application(session, programme, case)
        if before.state is GrantState.WITHDRAWN:
            return GrantChange(application=before, changed=False)
        after, why = before.withdrawn(), message("note.free", text=reason)
        storage.change_application(session, before, after, by=by, reason=why, now=now)
        if before.holds_place:
            storage.free_place(session, before)
            proof = _evidence(rules, before, by=by, today=today)
            add_evidence(session, [replace(proof, answer=Answer.WITHDRAWN)], now=now)
    return GrantChange(application=after, changed=True)


def pay(
    workspace: Workspace,
    programme: Programme,
    case: str,
    payment: storage.Payment,
    *,
    by: str,
    today: date,
    now: datetime,
) -> GrantChange:
    """Book a payment; the same reference is booked once.

    Raises:
        UsageError: nothing is granted, it is more than is left, its day lies ahead, or the reference stands for
            another payment.
    """
    rules_of(programme)
    require_words(by, payment.reference)
    if payment.paid_on > today:
        raise UsageError("grant.future", day=payment.paid_on)
    with workspace.database.writing() as session:
        storage.hold_grants(session)
        before = known_application(session, programme, case)
        booked = {one.reference: one for one in storage.read_payments(session, before)}.get(payment.reference)
        if booked == payment:
            return GrantChange(application=before, changed=False)
        if booked is not None:
            raise UsageError(
                "grant.payment-other", reference=booked.reference, case=case, amount=booked.amount, day=booked.paid_on
            )
        after = before.after_payment(payment.amount)
        why = message("grant.payment", amount=payment.amount, reference=payment.reference)
        storage.change_application(session, before, after, by=by, reason=why, now=now)
        storage.add_payment(session, after, payment)
    return GrantChange(application=after, changed=True)


def _is_settled(application: GrantApplication, *, reject: bool) -> bool:
    """Whether it is decided in the way that is asked for."""
    return application.state is GrantState.REJECTED or (application.holds_place and not reject)


def _facts(
    workspace: Workspace, session: Session, programme: Programme, application: GrantApplication, *, today: date
) -> GrantFacts:
    ars = application.municipality
    entries = read_evidence(session, [ars], []).get(ars, ())
    return GrantFacts(
        today=today,
        municipality=workspace.catalogue.municipality(ars),
        evidence=current(entries, today=today),
        taken=storage.taken_places(session, application.programme).get(application.year, 0),
        is_origin=programme.is_origin(ars),
    )


def _evidence(rules: GrantRules, application: GrantApplication, *, by: str, today: date) -> Evidence:
    return Evidence(
        kind=rules.records,
        municipality=application.municipality,
        service=None,
        # Two programmes may record the same kind; withdrawing under one must not touch the other.
        subject=application.programme,
        source=EvidenceSource.PERSON,
        reference=application.case,
        observed_on=today,
        recorded_by=by,
    )
