"""Undertakings: what municipalities want to reach together, and how it goes on when a project ends.

An undertaking has goals, and users: the municipalities that work with what it makes. Digitalkommune, once the project
of Landkreis Potsdam-Mittelmark alone, is no longer continued as a single project: its goals and its work are carried
over. So an undertaking can be transferred to successors, and nothing may be lost on the way.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, message


class WorkKind(StrEnum):
    """What was done for a goal."""

    NOTE = "note"
    REFERENCE = "reference"
    """Where evidence for the goal can be looked up."""
    FINISHED = "finished"
    """The goal is reached; the text says what shows it."""


class UndertakingState(StrEnum):
    """How far an undertaking is, as its goals and their work tell."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"
    FINISHED = "finished"
    TRANSFERRED = "transferred"
    """Others go on with it. It can be read, and no longer changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One entry about the work on a goal. Entries are appended, never changed.

    Attributes:
        kind: note, reference or the end of the work.
        text: what somebody wrote down.
        day: the day for which it was written down.
        by: who wrote it down.
        done_in: code of the undertaking in which the work was done; it stays when the work is carried over.
    """

    kind: WorkKind
    text: str
    day: date
    by: str
    done_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What an undertaking wants to reach.

    Attributes:
        code: unique within the undertaking, and kept when it is carried over.
        title: what is to be reached.
        work: what was done for it, in the order of recording.
    """

    code: str
    title: str
    work: tuple[Work, ...] = ()

    @property
    def finished_on(self) -> date | None:
        """The day on which it was reached; ``None`` while it is not."""
        return next((entry.day for entry in self.work if entry.kind is WorkKind.FINISHED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a goal in a transfer; one that is carried to several successors has several.

    Attributes:
        goal: code of the goal.
        successor: the undertaking it was carried to; ``None`` when it was dropped.
        reason: why it was dropped; empty when it was carried.
    """

    goal: str
    successor: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """One undertaking with all that is known of it.

    Attributes:
        code: how operators name it, lower-case letters, digits and hyphens.
        programme: the programme whose rules for undertakings hold.
        title: its name.
        planned_since: the day on which planning began; a transfer does not make it younger.
        users: the municipalities that take part, sorted.
        goals: sorted by code.
        predecessor: the undertaking it comes from; ``None`` when it began by itself.
        fates: what became of its goals; empty until it is transferred.
    """

    code: str
    programme: str
    title: str
    planned_since: date
    users: tuple[Ars, ...]
    goals: tuple[Goal, ...] = ()
    predecessor: str | None = None
    fates: tuple[Fate, ...] = ()

    @property
    def successors(self) -> tuple[str, ...]:
        """The undertakings that go on with it, sorted; empty until it is transferred."""
        return tuple(sorted({fate.successor for fate in self.fates if fate.successor}))

    @property
    def is_transferred(self) -> bool:
        """Whether others go on with it. Then it can be read, and no longer changed."""
        return bool(self.fates)

    @property
    def state(self) -> UndertakingState:
        """How far it is: planned until something was done for a goal, finished when all goals are reached."""
        if self.is_transferred:
            return UndertakingState.TRANSFERRED
        if not any(goal.work for goal in self.goals):
            return UndertakingState.PLANNED
        reached = all(goal.finished_on for goal in self.goals)
        return UndertakingState.FINISHED if reached else UndertakingState.UNDER_WAY

    def goal(self, code: str) -> Goal | None:
        """One of its goals; ``None`` when it has none with this code."""
        return next((goal for goal in self.goals if goal.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndertakingRules:
    """What a programme asks of its undertakings.

    Attributes:
        minimum_users: an undertaking with fewer is warned of as an island.
        planning_max_age_days: after that many days without work, planning counts as over-aged.
    """

    minimum_users: int
    planning_max_age_days: int


def warnings(undertaking: Undertaking, rules: UndertakingRules, today: date) -> tuple[Message, ...]:
    """What should be changed about an undertaking, each with the number and what to do.

    An undertaking that was transferred is warned of no more: its successors are.
    """
    if undertaking.is_transferred:
        return ()
    found = []
    users, age = len(undertaking.users), (today - undertaking.planned_since).days
    if users < rules.minimum_users:
        found.append(message("undertaking.silo", users=users, minimum=rules.minimum_users))
    if undertaking.state is UndertakingState.PLANNED and age > rules.planning_max_age_days:
        days, since = rules.planning_max_age_days, undertaking.planned_since
        found.append(message("undertaking.over-aged", days=days, age=age, since=since))
    return tuple(found)
