"""Beginning undertakings, working on their goals, and looking at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.undertaking_files import CODE
from ozgflow.domain.undertakings import Goal, Undertaking, UndertakingRules, Work, WorkKind, warnings
from ozgflow.errors import UsageError
from ozgflow.jobs.words import one_line
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.database import Session
from ozgflow.storage.undertakings import (
    add_goal,
    add_undertaking,
    add_users,
    add_work,
    hold_undertaking,
    read_undertakings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What beginning an undertaking came to.

    Attributes:
        undertaking: as it is now.
        is_new: whether it began just now.
        joined: the municipalities that take part since just now.
    """

    undertaking: Undertaking
    is_new: bool
    joined: tuple[Ars, ...]


def undertaking_rules(programme: str) -> UndertakingRules:
    """What a programme asks of undertakings.

    Raises:
        UsageError: there is no such programme, or it has no undertakings.
    """
    rules = load_programme(programme).undertaking
    if rules is None:
        raise UsageError("undertaking.no-rules", programme=programme)
    return rules


def begin(
    workspace: Workspace,
    *,
    code: str,
    programme: str,
    title: str,
    municipalities: Sequence[str],
    planned_since: date,
    by: str,
    today: date,
    now: datetime,
) -> Begun:
    """Begin an undertaking; one that is there already gets those users that it lacks.

    Raises:
        UsageError: a code, name or day cannot be, or there is another undertaking with this code.
    """
    undertaking_rules(programme)
    if planned_since > today:
        raise UsageError("undertaking.future", day=planned_since)
    wanted = Undertaking(
        code=parsed_code(code),
        programme=programme,
        title=one_line(title, "--title"),
        planned_since=planned_since,
        users=tuple(sorted(one.ars for one in workspace.catalogue.select_municipalities(municipalities))),
    )
    if not wanted.users:
        raise UsageError("words.missing", option="--municipality")
    with workspace.database.writing() as session:
        return _begin(session, wanted, by=one_line(by, "--by"), now=now)


def set_goal(workspace: Workspace, *, undertaking: str, goal: str, title: str, now: datetime) -> bool:
    """Give an undertaking a goal. Returns whether it is new; the same goal again changes nothing.

    Raises:
        UsageError: there is no such undertaking, it was transferred, or the goal has another title.
    """
    wanted = Goal(code=parsed_code(goal), title=one_line(title, "--title"))
    with workspace.database.writing() as session:
        held = _held(session, undertaking).goal(wanted.code)
        if held is not None and held.title != wanted.title:
            raise UsageError("undertaking.goal-other", undertaking=undertaking, goal=goal, title=held.title)
        if held is None:
            add_goal(session, undertaking, wanted, now=now)
        return held is None


def record_work(
    workspace: Workspace,
    *,
    undertaking: str,
    goal: str,
    kind: WorkKind,
    text: str,
    by: str,
    day: date,
    today: date,
    now: datetime,
) -> bool:
    """Write down what was done for a goal. Returns whether that is news.

    Raises:
        UsageError: undertaking or goal is unknown, it was transferred, the goal is reached already, or the day is
            impossible.
    """
    if day > today:
        raise UsageError("undertaking.future", day=day)
    words = one_line(text, f"--{kind.value}")
    entry = Work(kind=kind, text=words, day=day, by=one_line(by, "--by"), done_in=undertaking)
    with workspace.database.writing() as session:
        held = _held(session, undertaking).goal(goal)
        if held is None:
            raise UsageError("undertaking.goal-unknown", undertaking=undertaking, goal=goal)
        if entry in held.work:
            return False
        if kind is WorkKind.FINISHED and held.finished_on is not None:
            raise UsageError("undertaking.goal-finished", goal=goal, day=held.finished_on)
        add_work(session, undertaking, goal, [entry], now=now)
        return True


def listed(workspace: Workspace) -> tuple[Undertaking, ...]:
    """All undertakings, sorted by code."""
    with workspace.database.reading() as session:
        return tuple(read_undertakings(session).values())


def find(workspace: Workspace, code: str) -> Undertaking:
    """One undertaking.

    Raises:
        UsageError: there is none with this code.
    """
    with workspace.database.reading() as session:
        return found(session, code)


def found(session: Session, code: str) -> Undertaking:
    """One undertaking, as a session sees it.

    Raises:
        UsageError: there is none with this code.
    """
    undertaking = read_undertakings(session, [code]).get(code)
    if undertaking is None:
        raise UsageError("undertaking.unknown", undertaking=code)
    return undertaking


def warned(undertaking: Undertaking, *, today: date) -> tuple[Message, ...]:
    """What should be changed about an undertaking, by the rules of its programme; also that these are gone."""
    try:
        return warnings(undertaking, undertaking_rules(undertaking.programme), today)
    except UsageError as error:
        return (Message(error.code, error.params),)


def parsed_code(code: str) -> str:
    """A code for an undertaking or a goal.

    Raises:
        UsageError: it has other signs than lower-case letters, digits and hyphens between them.
    """
    if not CODE.fullmatch(code):
        raise UsageError("undertaking.code")
    return code


def _begin(session: Session, wanted: Undertaking, *, by: str, now: datetime) -> Begun:
    held = read_undertakings(session, [wanted.code]).get(wanted.code)
    if held is None:
        add_undertaking(session, wanted, by=by, now=now)
        return Begun(undertaking=wanted, is_new=True, joined=wanted.users)
    if (held.title, held.programme) != (wanted.title, wanted.programme):
        raise UsageError("undertaking.other", undertaking=held.code, title=held.title)
    joined = tuple(ars for ars in wanted.users if ars not in held.users)
    if joined:
        held = _held(session, wanted.code)
        add_users(session, held.code, joined, now=now)
    return Begun(undertaking=found(session, held.code), is_new=False, joined=joined)


def _held(session: Session, code: str) -> Undertaking:
    """An undertaking that is to be changed, and that nobody else changes until the transaction ends."""
    hold_undertaking(session, code)
    undertaking = found(session, code)
    if undertaking.is_transferred:
        successors = ", ".join(undertaking.successors) or "–"
        raise UsageError("undertaking.transferred", undertaking=code, successors=successors)
    return undertaking
