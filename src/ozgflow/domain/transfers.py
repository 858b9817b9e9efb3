"""Transfers: how an undertaking ends and others go on with it, so that nothing is lost.

A plan says of every goal who goes on with it, or why nobody does. It is checked as a whole, and every complaint is
told at once, so that an operator mends a plan in one go.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.undertakings import Fate, Undertaking


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """An undertaking that a transfer makes.

    Attributes:
        code: its code.
        title: its name.
        municipalities: its users, in the operator's words.
        line: where the plan names it; 0 when it comes from no file.
    """

    code: str
    title: str
    municipalities: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPlan:
    """What a transfer is to do with a goal.

    Attributes:
        goal: code of the goal.
        carried_to: codes of the successors that go on with it.
        dropped: whether nobody does.
        reason: why nobody does.
        line: where the plan names it; 0 when it comes from no file.
    """

    goal: str
    carried_to: tuple[str, ...] = ()
    dropped: bool = False
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A plan for carrying over an undertaking.

    Attributes:
        undertaking: code of the one that ends.
        successors: those that begin, at least one.
        goals: what becomes of each goal.
    """

    undertaking: str
    successors: tuple[Successor, ...]
    goals: tuple[GoalPlan, ...]

    @property
    def fates(self) -> tuple[Fate, ...]:
        """What the plan does to the goals, sorted."""
        carried = [Fate(goal=plan.goal, successor=code) for plan in self.goals for code in plan.carried_to]
        dropped = [Fate(goal=plan.goal, successor=None, reason=plan.reason) for plan in self.goals if plan.dropped]
        return tuple(sorted([*carried, *dropped], key=lambda fate: (fate.goal, fate.successor or "")))

    def goals_of(self, successor: str) -> tuple[str, ...]:
        """Codes of the goals that a successor goes on with."""
        return tuple(plan.goal for plan in self.goals if successor in plan.carried_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that keeps a plan from being carried out.

    Attributes:
        line: where in the plan; 0 when it is missing there.
        sentence: what is wrong.
    """

    line: int
    sentence: Message


def check_transfer(undertaking: Undertaking, plan: Transfer, *, known: Collection[str]) -> tuple[Complaint, ...]:
    """Everything that is wrong with a plan, at once; it may be carried out only when there is nothing.

    Args:
        undertaking: the one that ends, as it is now.
        plan: what is to be done.
        known: codes of all undertakings that there are.
    """
    found: list[Complaint] = []
    if undertaking.is_transferred:
        names = ", ".join(undertaking.successors)
        found.append(_complaint(0, "transfer.already", undertaking=undertaking.code, successors=names))
    for successor in plan.successors:
        found += _about_successor(successor, plan, undertaking, known)
    for goal_plan in plan.goals:
        found += _about_goal(goal_plan, plan, undertaking)
    planned = {goal_plan.goal for goal_plan in plan.goals}
    for goal in undertaking.goals:
        if goal.code not in planned:
            found.append(_complaint(0, "transfer.goal-missing", goal=goal.code))
    return tuple(found)


def successors_of(
    undertaking: Undertaking, plan: Transfer, users: Mapping[str, tuple[Ars, ...]]
) -> tuple[Undertaking, ...]:
    """The undertakings that a plan makes, with the goals and the work that they take over.

    Planning goes on and does not begin anew: they are planned since the day on which the first one was.

    Args:
        undertaking: the one that ends.
        plan: what becomes of its goals; checked before.
        users: the users of each successor, by its code.
    """
    goals = {goal.code: goal for goal in undertaking.goals}
    return tuple(
        Undertaking(
            code=successor.code,
            programme=undertaking.programme,
            title=successor.title,
            planned_since=undertaking.planned_since,
            users=tuple(sorted(users[successor.code])),
            goals=tuple(goals[code] for code in sorted(plan.goals_of(successor.code))),
            predecessor=undertaking.code,
        )
        for successor in plan.successors
    )


def _about_successor(
    successor: Successor, plan: Transfer, undertaking: Undertaking, known: Collection[str]
) -> list[Complaint]:
    codes = [one.code for one in plan.successors]
    line, code = successor.line, successor.code
    if code == undertaking.code:
        return [_complaint(line, "transfer.to-itself", undertaking=code)]
    found = []
    if code in known and not undertaking.is_transferred:
        found.append(_complaint(line, "transfer.successor-exists", successor=code))
    if codes.count(code) > 1:
        found.append(_complaint(line, "transfer.successor-twice", successor=code))
    if not plan.goals_of(code):
        found.append(_complaint(line, "transfer.successor-idle", successor=code))
    return found


def _about_goal(goal_plan: GoalPlan, plan: Transfer, undertaking: Undertaking) -> list[Complaint]:
    goal, line = goal_plan.goal, goal_plan.line
    checks = (
        (goal not in {one.code for one in undertaking.goals}, "transfer.goal-unknown"),
        ([one.goal for one in plan.goals].count(goal) > 1, "transfer.goal-twice"),
        (not goal_plan.carried_to and not goal_plan.dropped, "transfer.goal-carried-to-nobody"),
        (bool(goal_plan.carried_to) and goal_plan.dropped, "transfer.goal-carried-and-dropped"),
        (goal_plan.dropped and not goal_plan.reason.strip(), "transfer.goal-without-reason"),
    )
    found = [_complaint(line, code, goal=goal) for wrong, code in checks if wrong]
    codes = {one.code for one in plan.successors}
    for name in goal_plan.carried_to:
        if name not in codes:
            found.append(_complaint(line, "transfer.successor-unknown", goal=goal, successor=name))
    return found


def _complaint(line: int, code: str, **params: object) -> Complaint:
    return Complaint(line=line, sentence=Message(code, params))
