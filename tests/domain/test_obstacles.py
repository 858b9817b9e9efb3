"""Obstacles: put together from facts, seen from a day."""

from dataclasses import replace

from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.obstacle_files import load_obstacle_kinds
from ozgflow.domain.obstacles import known_on, obstacle_line, obstacle_title, open_by_rollout
from tests.domain.obstacles import KEY, KEYS, TODAY, ago, cleared, obstacle, raised


def test_what_was_raised_is_open() -> None:
    (known,) = known_on([raised(days=10)], TODAY)

    assert known.is_open
    assert (known.owner, known.raised_by, known.raised_on) == ("Kämmerei", "Erika Mustermann", ago(10))


def test_what_was_cleared_says_when_and_by_whom() -> None:
    (known,) = known_on([raised(days=10), cleared(days=3)], TODAY)

    assert not known.is_open
    assert (known.cleared_on, known.cleared_by) == (ago(3), "Max Mustermann")


def test_what_was_raised_again_is_a_second_obstacle() -> None:
    first, second = known_on([raised(days=30), cleared(days=20), raised(days=5)], TODAY)

    assert (first.is_open, second.is_open) == (False, True)
    assert second.raised_on == ago(5)


def test_an_earlier_day_does_not_know_what_came_later() -> None:
    facts = [raised(days=30), cleared(days=20), raised(days=5)]

    assert [one.is_open for one in known_on(facts, ago(25))] == [True]
    assert [one.is_open for one in known_on(facts, ago(20))] == [False]
    assert known_on(facts, ago(31)) == ()


def test_obstacles_of_other_kinds_and_rollouts_do_not_clear_one_another() -> None:
    facts = [raised(days=9), raised("recht", days=9), raised(key=KEYS[1], days=9), cleared("recht", days=1)]

    still_open = [(one.key, one.kind) for one in known_on(facts, TODAY) if one.is_open]

    assert still_open == [(KEY, "kosten"), (KEYS[1], "kosten")]


def test_an_obstacle_ages_from_the_day_on_which_it_was_raised() -> None:
    assert obstacle().days_open(TODAY) == 0
    assert obstacle(days=31).days_open(TODAY) == 31


def test_a_cleared_obstacle_does_not_age_any_more() -> None:
    assert replace(obstacle(days=40), cleared_on=ago(30)).days_open(TODAY) == 10


def test_the_open_obstacles_of_a_rollout_come_oldest_first() -> None:
    found = open_by_rollout([obstacle("recht", days=2), obstacle(days=7), obstacle(key=KEYS[1])], [KEY, KEYS[2]])

    assert {key: [one.kind for one in ones] for key, ones in found.items()} == {KEY: ["kosten", "recht"]}


def test_an_obstacle_is_told_with_owner_and_day_in_both_languages() -> None:
    kinds = load_obstacle_kinds()

    german = obstacle_line(obstacle(days=1), kinds, Wording.load())
    english = obstacle_line(obstacle(days=1), kinds, Wording.load(Language.ENGLISH))

    assert german == "Hemmnis: Kosten (seit 21.11.2026, zuständig: Kämmerei)"
    assert english == "obstacle: costs (since 2026-11-21, with Kämmerei)"


def test_an_obstacle_that_left_the_list_is_called_by_its_code() -> None:
    assert obstacle_title(load_obstacle_kinds(), "abgeschafft", Wording.load()) == "abgeschafft"
