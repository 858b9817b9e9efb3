"""Undertakings in the database: begin, join, work on goals, transfer as a whole or not at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, select

from ozgflow.domain.keys import Ars
from ozgflow.domain.transfers import Transfer, successors_of
from ozgflow.domain.undertakings import Fate, Goal, Undertaking, Work, WorkKind
from ozgflow.errors import TransientError
from ozgflow.storage.undertaking_tables import FateRow, GoalRow, UndertakingRow, UserRow, WorkRow


def add_undertaking(session: Session, undertaking: Undertaking, *, by: str, now: datetime) -> None:
    """Begin an undertaking with its users and goals; it must not be there yet."""
    session.connection().execute(
        insert(UndertakingRow).values(
            code=undertaking.code,
            programme=undertaking.programme,
            title=undertaking.title,
            planned_since=undertaking.planned_since,
            created_by=by,
            created_at=now,
        )
    )
    add_users(session, undertaking.code, undertaking.users, now=now)
    for goal in undertaking.goals:
        add_goal(session, undertaking.code, goal, now=now)


def add_users(session: Session, code: str, users: Iterable[Ars], *, now: datetime) -> None:
    """Let municipalities take part; they must not do so yet."""
    rows = [{"undertaking": code, "municipality": str(ars), "joined_at": now} for ars in users]
    if rows:
        session.connection().execute(insert(UserRow), rows)


def add_goal(session: Session, code: str, goal: Goal, *, now: datetime) -> None:
    """Add a goal, with the work on it that is known already; it must not be there yet."""
    session.connection().execute(
        insert(GoalRow).values(undertaking=code, code=goal.code, title=goal.title, added_at=now)
    )
    add_work(session, code, goal.code, goal.work, now=now)


def add_work(session: Session, code: str, goal: str, work: Sequence[Work], *, now: datetime) -> None:
    """Append entries to the work on a goal."""
    count = select(func.count()).where(WorkRow.undertaking == code, WorkRow.goal == goal)
    first = session.exec(count).one() + 1
    rows = [
        {
            "undertaking": code,
            "goal": goal,
            "number": number,
            "kind": entry.kind.value,
            "text": entry.text,
            "day": entry.day,
            "done_in": entry.done_in,
            "recorded_by": entry.by,
            "recorded_at": now,
        }
        for number, entry in enumerate(work, first)
    ]
    if rows:
        session.connection().execute(insert(WorkRow), rows)


def hold_undertaking(session: Session, code: str) -> None:
    """Keep others from changing an undertaking until the transaction ends.

    SQLite's writing transaction does so by itself; PostgreSQL is asked to.
    """
    session.exec(select(UndertakingRow.code).where(UndertakingRow.code == code).with_for_update()).all()


def transfer_undertaking(
    session: Session,
    undertaking: Undertaking,
    plan: Transfer,
    users: Mapping[str, tuple[Ars, ...]],
    *,
    by: str,
    now: datetime,
) -> None:
    """End an undertaking and begin its successors, in the transaction of the session.

    Args:
        session: an open writing session.
        undertaking: the one that ends, with all goals and their work.
        plan: what becomes of its goals; checked before.
        users: the users of each successor, by its code.
        by: who decided so.
        now: the moment.

    Raises:
        TransientError: somebody else has transferred it meanwhile; nothing is changed.
    """
    for successor in successors_of(undertaking, plan, users):
        add_undertaking(session, successor, by=by, now=now)
    numbers: dict[str, int] = {}
    for fate in plan.fates:
        numbers[fate.goal] = numbers.get(fate.goal, 0) + 1
        session.connection().execute(
            insert(FateRow).values(
                undertaking=undertaking.code,
                goal=fate.goal,
                number=numbers[fate.goal],
                successor=fate.successor,
                reason=fate.reason,
                decided_by=by,
                decided_at=now,
            )
        )
    # Last, as nothing of a transferred undertaking can be changed.
    changed = session.connection().execute(
        update(UndertakingRow)
        .where(col(UndertakingRow.code) == undertaking.code, col(UndertakingRow.transferred_at).is_(None))
        .values(transferred_by=by, transferred_at=now)
    )
    if changed.rowcount != 1:
        raise TransientError("database.conflict")


def read_undertakings(session: Session, codes: Collection[str] | None = None) -> dict[str, Undertaking]:
    """Undertakings with goals, work and links, by code, sorted.

    Args:
        session: an open session.
        codes: which ones; ``None`` stands for all.
    """
    rows = select(UndertakingRow).order_by(UndertakingRow.code)
    if codes is not None:
        rows = rows.where(col(UndertakingRow.code).in_(codes))
    users, goals, fates = _users(session), _goals(session), _fates(session)
    origins = {fate.successor: code for code, own in fates.items() for fate in own if fate.successor}
    return {
        row.code: Undertaking(
            code=row.code,
            programme=row.programme,
            title=row.title,
            planned_since=row.planned_since,
            users=tuple(users.get(row.code, ())),
            goals=tuple(goals.get(row.code, ())),
            predecessor=origins.get(row.code),
            fates=tuple(fates.get(row.code, ())),
        )
        for row in session.exec(rows)
    }


def _users(session: Session) -> dict[str, list[Ars]]:
    found: dict[str, list[Ars]] = {}
    for row in session.exec(select(UserRow).order_by(UserRow.undertaking, UserRow.municipality)):
        found.setdefault(row.undertaking, []).append(Ars.parse(row.municipality))
    return found


def _goals(session: Session) -> dict[str, list[Goal]]:
    work: dict[tuple[str, str], list[Work]] = {}
    for row in session.exec(select(WorkRow).order_by(WorkRow.undertaking, WorkRow.goal, col(WorkRow.number))):
        work.setdefault((row.undertaking, row.goal), []).append(_work(row))
    found: dict[str, list[Goal]] = {}
    for goal in session.exec(select(GoalRow).order_by(GoalRow.undertaking, GoalRow.code)):
        own = tuple(work.get((goal.undertaking, goal.code), ()))
        found.setdefault(goal.undertaking, []).append(Goal(code=goal.code, title=goal.title, work=own))
    return found


def _work(row: WorkRow) -> Work:
    return Work(kind=WorkKind(row.kind), text=row.text, day=row.day, by=row.recorded_by, done_in=row.done_in)


def _fates(session: Session) -> dict[str, list[Fate]]:
    found: dict[str, list[Fate]] = {}
    for row in session.exec(select(FateRow).order_by(FateRow.undertaking, FateRow.goal, col(FateRow.number))):
        fate = Fate(goal=row.goal, successor=row.successor, reason=row.reason)
        found.setdefault(row.undertaking, []).append(fate)
    return found
