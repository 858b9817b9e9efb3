"""Grants in the database: applications change by compare-and-set, places are rows, history only grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from ozgflow.domain.gates import GateState
from ozgflow.domain.grant_decisions import TraceStep
from ozgflow.domain.grants import GrantApplication, GrantPurpose, GrantState, Quota
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, pack, unpack
from ozgflow.domain.money import cents, euros
from ozgflow.errors import TransientError
from ozgflow.storage.grant_tables import GrantApplicationRow, GrantPaymentRow, GrantPlaceRow, GrantStepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantStep:
    """One entry of the history of an application.

    Attributes:
        number: from 1, without gaps.
        state: what it came to.
        reason: why, as whoever did it says.
        trace: the rules that were looked at; empty where nothing was decided.
        done_by: who did it.
        done_at: when, in UTC.
    """

    number: int
    state: GrantState
    reason: Message
    trace: tuple[TraceStep, ...]
    done_by: str
    done_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that has been paid: how much in euro, when, and under which reference."""

    reference: str
    amount: Decimal
    paid_on: date


def hold_grants(session: Session) -> None:
    """Keep others from deciding, and from adding evidence, until the transaction ends.

    SQLite's writing transaction does so by itself; PostgreSQL is asked to. Always in this order, so that two that
    decide wait for each other and never in a circle.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE grant_application IN SHARE ROW EXCLUSIVE MODE")
        session.connection().exec_driver_sql("LOCK TABLE evidence IN SHARE ROW EXCLUSIVE MODE")


def add_application(
    session: Session, application: GrantApplication, *, by: str, reason: Message, now: datetime
) -> None:
    """Write a new application and begin its history."""
    session.connection().execute(insert(GrantApplicationRow), [_values(application)])
    _append_step(session, application, by=by, reason=reason, trace=(), now=now)


def change_application(
    session: Session,
    before: GrantApplication,
    after: GrantApplication,
    *,
    by: str,
    reason: Message,
    now: datetime,
    trace: Sequence[TraceStep] = (),
) -> None:
    """Change an application by compare-and-set, and append to its history.

    Raises:
        TransientError: it is not ``before`` any more.
    """
    changed = session.connection().execute(
        update(GrantApplicationRow)
        .where(
            col(GrantApplicationRow.programme) == before.programme,
            col(GrantApplicationRow.case_number) == before.case,
            col(GrantApplicationRow.state) == before.state.value,
            col(GrantApplicationRow.paid) == cents(before.paid),
        )
        .values(
            state=after.state.value,
            granted=cents(after.granted),
            paid=cents(after.paid),
            directive=after.directive,
        )
    )
    if changed.rowcount != 1:
        raise TransientError("database.conflict")
    _append_step(session, after, by=by, reason=reason, trace=trace, now=now)


def read_application(session: Session, programme: str, case: str) -> GrantApplication | None:
    """An application by its case number."""
    row = session.get(GrantApplicationRow, (programme, case))
    return None if row is None else _application(row)


def list_applications(session: Session, programme: str) -> tuple[GrantApplication, ...]:
    """All applications of a programme, by day and case number."""
    query = select(GrantApplicationRow).where(GrantApplicationRow.programme == programme)
    order = (col(GrantApplicationRow.applied_on), col(GrantApplicationRow.case_number))
    return tuple(_application(row) for row in session.exec(query.order_by(*order)))


def taken_places(session: Session, programme: str) -> dict[int, int]:
    """How many places are taken, by year; years without any are missing."""
    query = (
        select(GrantPlaceRow.year, func.count())
        .where(GrantPlaceRow.programme == programme)
        .group_by(col(GrantPlaceRow.year))
        .order_by(col(GrantPlaceRow.year))
    )
    return dict(session.exec(query).all())


def take_place(session: Session, application: GrantApplication, quota: Quota) -> int:
    """Take the first free place of a year. Returns its number.

    There must be one; a place beyond the quota is refused by the database, and so is one that another process has
    just taken, which ends as a ``TransientError``.
    """
    query = select(GrantPlaceRow.place).where(
        GrantPlaceRow.programme == application.programme, GrantPlaceRow.year == quota.year
    )
    taken = set(session.exec(query))
    place = next(number for number in range(1, len(taken) + 2) if number not in taken)
    row = {
        "programme": application.programme,
        "year": quota.year,
        "place": place,
        "quota": quota.places,
        "case_number": application.case,
    }
    session.connection().execute(insert(GrantPlaceRow), [row])
    return place


def free_place(session: Session, application: GrantApplication) -> None:
    """Give back the place of an application, if it has one."""
    session.connection().execute(
        delete(GrantPlaceRow).where(
            col(GrantPlaceRow.programme) == application.programme,
            col(GrantPlaceRow.case_number) == application.case,
        )
    )


def add_payment(session: Session, application: GrantApplication, payment: Payment) -> None:
    """Write down a payment."""
    row = {
        **_key(application),
        "reference": payment.reference,
        "amount": cents(payment.amount),
        "paid_on": payment.paid_on,
    }
    session.connection().execute(insert(GrantPaymentRow), [row])


def read_payments(session: Session, application: GrantApplication) -> tuple[Payment, ...]:
    """The payments of an application, by day and reference."""
    query = select(GrantPaymentRow).where(
        GrantPaymentRow.programme == application.programme, GrantPaymentRow.case_number == application.case
    )
    rows = session.exec(query.order_by(col(GrantPaymentRow.paid_on), col(GrantPaymentRow.reference)))
    return tuple(Payment(reference=row.reference, amount=euros(row.amount), paid_on=row.paid_on) for row in rows)


def read_steps(session: Session, application: GrantApplication) -> tuple[GrantStep, ...]:
    """The history of an application, oldest first."""
    query = select(GrantStepRow).where(
        GrantStepRow.programme == application.programme, GrantStepRow.case_number == application.case
    )
    return tuple(_step(row) for row in session.exec(query.order_by(col(GrantStepRow.number))))


def _append_step(
    session: Session,
    application: GrantApplication,
    *,
    by: str,
    reason: Message,
    trace: Sequence[TraceStep],
    now: datetime,
) -> None:
    query = select(func.max(GrantStepRow.number)).where(
        GrantStepRow.programme == application.programme, GrantStepRow.case_number == application.case
    )
    row = {
        **_key(application),
        "number": (session.exec(query).one() or 0) + 1,
        "state": application.state.value,
        "reason": pack(reason),
        "trace": [_packed(step) for step in trace],
        "done_by": by,
        "done_at": now,
    }
    session.connection().execute(insert(GrantStepRow), [row])


def _key(application: GrantApplication) -> dict[str, object]:
    return {"programme": application.programme, "case_number": application.case}


def _values(application: GrantApplication) -> dict[str, object]:
    return {
        **_key(application),
        "municipality": str(application.municipality),
        "applied_on": application.applied_on,
        "requested": cents(application.requested),
        "purposes": [purpose.value for purpose in application.purposes],
        "state": application.state.value,
        "granted": cents(application.granted),
        "paid": cents(application.paid),
        "directive": application.directive,
    }


def _application(row: GrantApplicationRow) -> GrantApplication:
    return GrantApplication(
        programme=row.programme,
        case=row.case_number,
        municipality=Ars.parse(row.municipality),
        applied_on=row.applied_on,
        requested=euros(row.requested),
        purposes=tuple(GrantPurpose(purpose) for purpose in row.purposes),
        state=GrantState(row.state),
        granted=euros(row.granted),
        paid=euros(row.paid),
        directive=row.directive,
    )


def _packed(step: TraceStep) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "given": pack(step.given),
        "state": step.state.value,
        "reason": pack(step.reason),
        "directive": step.directive,
    }


def _step(row: GrantStepRow) -> GrantStep:
    trace = tuple(
        TraceStep(
            rule=step["rule"],
            given=unpack(step["given"]),
            state=GateState(step["state"]),
            reason=unpack(step["reason"]),
            directive=step["directive"],
        )
        for step in row.trace
    )
    return GrantStep(
        number=row.number,
        state=GrantState(row.state),
        reason=unpack(row.reason),
        trace=trace,
        done_by=row.done_by,
        done_at=row.done_at,
    )
