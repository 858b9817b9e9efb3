"""Undertakings: how far they are, and what they are warned of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.undertakings import Fate, Undertaking, UndertakingRules, UndertakingState, warnings
from tests.domain.undertakings import ACCOUNT, APPLICATION, BARNIM, FINISHED, MITTELMARK, SINCE, TERMINAL, UNDERTAKING

RULES = UndertakingRules(minimum_users=2, planning_max_age_days=90)
PLANNED = replace(UNDERTAKING, goals=(ACCOUNT,))
SHARED = replace(PLANNED, users=(BARNIM, MITTELMARK))


def _warned(undertaking: Undertaking, today: date, language: Language = Language.GERMAN) -> list[str]:
    return [Wording.load(language).render(one) for one in warnings(undertaking, RULES, today)]


def test_an_undertaking_with_one_user_only_is_warned_of_as_an_island_with_the_number_and_what_to_do() -> None:
    (warning,) = _warned(PLANNED, SINCE)

    assert warning.startswith("Insellösung: 1 von mindestens 2 nutzenden Kommunen.")
    assert "ozgflow undertaking add" in warning


def test_with_a_second_user_it_is_no_island_any_more() -> None:
    assert _warned(SHARED, SINCE) == []


def test_planning_is_over_aged_from_the_day_after_its_last_permitted_one() -> None:
    last = SINCE + timedelta(days=90)

    assert _warned(SHARED, last) == []
    (warning,) = _warned(SHARED, last + timedelta(days=1))
    assert warning.startswith("Planung älter als 90 Tage: geplant seit 01.09.2026, das sind 91 Tage")


def test_an_undertaking_at_which_somebody_works_is_not_over_aged_however_old() -> None:
    begun = replace(SHARED, goals=(ACCOUNT, TERMINAL))

    assert _warned(begun, SINCE + timedelta(days=1000)) == []


def test_both_warnings_are_told_at_once_and_in_english_too() -> None:
    german = _warned(PLANNED, SINCE + timedelta(days=91))
    english = _warned(PLANNED, SINCE + timedelta(days=91), Language.ENGLISH)

    assert len(german) == len(english) == 2
    assert english[0].startswith("Island: 1 of at least 2")
    assert english[1].startswith("Planning older than 90 days: planned since 2026-09-01")


def test_what_was_transferred_is_warned_of_no_more() -> None:
    ended = replace(PLANNED, fates=(Fate(goal="konto", successor="dk-konto"),))

    assert _warned(ended, SINCE + timedelta(days=1000)) == []


@pytest.mark.parametrize(
    ("undertaking", "state"),
    [
        (replace(UNDERTAKING, goals=()), UndertakingState.PLANNED),
        (PLANNED, UndertakingState.PLANNED),
        (UNDERTAKING, UndertakingState.UNDER_WAY),
        (replace(UNDERTAKING, goals=(APPLICATION,)), UndertakingState.FINISHED),
        (
            replace(UNDERTAKING, fates=(Fate(goal="antrag", successor=None, reason="x"),)),
            UndertakingState.TRANSFERRED,
        ),
    ],
)
def test_the_goals_and_their_work_tell_how_far_it_is(undertaking: Undertaking, state: UndertakingState) -> None:
    assert undertaking.state is state


def test_a_goal_is_finished_on_the_day_that_its_work_says() -> None:
    assert APPLICATION.finished_on == FINISHED.day
    assert TERMINAL.finished_on is None


def test_the_links_forward_are_those_of_the_fates_of_its_goals() -> None:
    fates = (
        Fate(goal="antrag", successor="zwei"),
        Fate(goal="antrag", successor="eins"),
        Fate(goal="konto", successor="eins"),
        Fate(goal="terminal", successor=None, reason="x"),
    )

    assert replace(UNDERTAKING, fates=fates).successors == ("eins", "zwei")
    assert UNDERTAKING.successors == ()


def test_goals_are_found_by_code() -> None:
    assert UNDERTAKING.goal("konto") == ACCOUNT
    assert UNDERTAKING.goal("anderes") is None
