"""Transfers: nothing is lost, and everything that is wrong with a plan is told at once."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.transfers import Complaint, GoalPlan, Transfer, check_transfer, successors_of
from ozgflow.domain.undertakings import Fate, Goal
from tests.domain.undertakings import (
    ACCOUNT,
    APPLICATION,
    BARNIM,
    FIRST,
    FLAEMING,
    MITTELMARK,
    PLAN,
    SECOND,
    SINCE,
    UNDERTAKING,
    USERS,
)

ANTRAG, KONTO, TERMINAL = PLAN.goals
KNOWN = ("dk-pm",)


def _check(plan: Transfer, known: Collection[str] = KNOWN) -> tuple[Complaint, ...]:
    return check_transfer(UNDERTAKING, plan, known=known)


def _codes(plan: Transfer, known: Collection[str] = KNOWN) -> list[tuple[int, str]]:
    return [(one.line, one.sentence.code) for one in _check(plan, known)]


def _with(*goals: GoalPlan) -> Transfer:
    return replace(PLAN, goals=goals)


def test_a_plan_that_says_what_becomes_of_every_goal_is_good() -> None:
    assert _check(PLAN) == ()


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        (_with(ANTRAG, KONTO), (0, "transfer.goal-missing")),
        (_with(ANTRAG, KONTO, replace(TERMINAL, dropped=False)), (21, "transfer.goal-carried-to-nobody")),
        (_with(replace(ANTRAG, carried_to=("dk-antrag", "x")), KONTO, TERMINAL), (13, "transfer.successor-unknown")),
        (_with(ANTRAG, KONTO, replace(TERMINAL, reason=" ")), (21, "transfer.goal-without-reason")),
        (_with(replace(ANTRAG, carried_to=("dk-konto",)), KONTO, TERMINAL), (3, "transfer.successor-idle")),
        (
            _with(ANTRAG, replace(KONTO, dropped=True, reason="x"), TERMINAL),
            (17, "transfer.goal-carried-and-dropped"),
        ),
        (_with(*PLAN.goals, replace(TERMINAL, goal="anderes")), (21, "transfer.goal-unknown")),
        (replace(PLAN, successors=(FIRST, replace(SECOND, code="dk-pm"))), (8, "transfer.to-itself")),
    ],
)
def test_what_would_lose_something_is_complained_of_with_its_line(plan: Transfer, complaint: tuple[int, str]) -> None:
    assert complaint in _codes(plan)


def test_a_goal_or_a_successor_that_stands_twice_is_complained_of_at_each_place() -> None:
    assert _codes(_with(*PLAN.goals, replace(KONTO, line=30))) == [
        (17, "transfer.goal-twice"),
        (30, "transfer.goal-twice"),
    ]
    assert _codes(replace(PLAN, successors=(FIRST, SECOND, replace(FIRST, line=30)))) == [
        (3, "transfer.successor-twice"),
        (30, "transfer.successor-twice"),
    ]


def test_a_successor_must_not_be_there_already() -> None:
    assert _codes(PLAN, ("dk-pm", "dk-konto")) == [(8, "transfer.successor-exists")]


def test_what_was_transferred_already_cannot_be_transferred_otherwise() -> None:
    ended = replace(UNDERTAKING, fates=(Fate(goal="konto", successor="anderes"),))

    (complaint,) = check_transfer(ended, PLAN, known=KNOWN)

    assert Wording.load().render(complaint.sentence) == (
        "Das Vorhaben „dk-pm“ ist schon übertragen, und zwar anders: Es geht weiter in anderes."
    )


def test_every_complaint_is_told_at_once() -> None:
    plan = Transfer(
        undertaking="dk-pm",
        successors=(FIRST, replace(SECOND, code="dk-pm")),
        goals=(replace(ANTRAG, carried_to=("x",)), replace(TERMINAL, reason="")),
    )

    assert sorted(code for _, code in _codes(plan)) == [
        "transfer.goal-missing",
        "transfer.goal-without-reason",
        "transfer.successor-idle",
        "transfer.successor-unknown",
        "transfer.to-itself",
    ]


@pytest.mark.parametrize("language", Language)
def test_every_complaint_can_be_told(language: Language) -> None:
    plan = replace(PLAN, successors=(FIRST, FIRST, replace(SECOND, code="dk-pm")), goals=(TERMINAL, TERMINAL))

    assert all(Wording.load(language).render(one.sentence) for one in _check(plan, ("dk-pm", "dk-antrag")))


def test_the_fates_say_who_goes_on_with_what_and_why_nobody_does() -> None:
    assert PLAN.fates == (
        Fate(goal="antrag", successor="dk-antrag"),
        Fate(goal="antrag", successor="dk-konto"),
        Fate(goal="konto", successor="dk-konto"),
        Fate(goal="terminal", successor=None, reason="Niemand braucht mehr Terminals."),
    )


def test_successors_take_over_the_goals_with_all_that_was_done_for_them() -> None:
    first, second = successors_of(UNDERTAKING, PLAN, USERS)

    assert first.goals == (APPLICATION,)
    assert second.goals == (APPLICATION, ACCOUNT)
    assert first.users == (MITTELMARK, FLAEMING)
    assert second.users == (BARNIM, FLAEMING)
    assert {first.predecessor, second.predecessor} == {"dk-pm"}
    assert {first.programme, second.programme} == {"digitalkommune"}


def test_a_transfer_does_not_make_planning_younger() -> None:
    assert {one.planned_since for one in successors_of(UNDERTAKING, PLAN, USERS)} == {SINCE}


_fates_of_a_goal = st.one_of(
    st.just(()),
    st.sets(st.sampled_from(["dk-antrag", "dk-konto", "x"]), max_size=3).map(lambda one: tuple(sorted(one))),
)


@given(carried=st.lists(_fates_of_a_goal, max_size=6), dropped=st.sets(st.integers(0, 5)), planned=st.integers(0, 6))
def test_a_plan_without_complaint_loses_no_goal(
    carried: list[tuple[str, ...]], dropped: set[int], planned: int
) -> None:
    undertaking = replace(
        UNDERTAKING, goals=tuple(Goal(code=f"z{number}", title="x") for number in range(len(carried)))
    )
    goals = tuple(
        GoalPlan(goal=f"z{number}", carried_to=to, dropped=number in dropped, reason="x")
        for number, to in enumerate(carried[:planned])
    )
    plan = Transfer(undertaking="dk-pm", successors=(FIRST, SECOND), goals=goals)

    complaints = check_transfer(undertaking, plan, known=KNOWN)

    if not complaints:
        made = successors_of(undertaking, plan, USERS)
        living = {goal.code for successor in made for goal in successor.goals}
        ended = {fate.goal for fate in plan.fates if fate.successor is None and fate.reason}
        assert living | ended == {goal.code for goal in undertaking.goals}
        assert living & ended == set()
        assert all(successor.goals for successor in made)
