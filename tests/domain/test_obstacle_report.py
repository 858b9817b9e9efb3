"""The report on obstacles: ages, the most frequent per Themenfeld, and nobody kept quiet."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.obstacle_report import ObstacleReport, ageing, report
from ozgflow.domain.obstacles import Obstacle
from ozgflow.domain.rollouts import RolloutKey
from tests.domain.obstacles import KEY, KEYS, TODAY, ago, obstacle


def _report(held: Sequence[RolloutKey], obstacles: Sequence[Obstacle], **fields: str) -> ObstacleReport:
    names = {key: fields.get(f"k{number}", "Bauen") for number, key in enumerate(KEYS)}
    return report(held, obstacles, names, today=TODAY, total=len(KEYS))


@pytest.mark.parametrize(
    ("days", "place"), [(0, 0), (30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3), (4000, 3)]
)
def test_an_obstacle_is_in_the_class_of_its_age(days: int, place: int) -> None:
    assert [one.count for one in ageing([obstacle(days=days)], TODAY)] == [int(place == at) for at in range(4)]


@given(st.lists(st.integers(min_value=0, max_value=1000)))
def test_every_open_obstacle_is_in_exactly_one_class(days: list[int]) -> None:
    assert sum(one.count for one in ageing([obstacle(days=age) for age in days], TODAY)) == len(days)


def test_cleared_obstacles_have_no_age() -> None:
    assert sum(one.count for one in ageing([replace(obstacle(days=9), cleared_on=ago(1))], TODAY)) == 0


def test_the_most_frequent_obstacle_has_count_and_denominator() -> None:
    obstacles = [obstacle(key=KEYS[0]), obstacle(key=KEYS[1]), obstacle("recht", key=KEYS[2])]

    (field,) = _report(KEYS[:4], obstacles).fields

    assert (field.kinds, field.count, field.total, field.unnamed) == (("kosten",), 2, 3, 1)


def test_a_tie_is_named() -> None:
    (field,) = _report(KEYS[:2], [obstacle("recht", key=KEYS[0]), obstacle(key=KEYS[1])]).fields

    assert (field.kinds, field.count, field.total) == (("kosten", "recht"), 1, 2)


def test_each_themenfeld_is_counted_by_itself() -> None:
    obstacles = [obstacle(key=KEYS[0]), obstacle("recht", key=KEYS[1])]

    fields = _report(KEYS[:2], obstacles, k1="Gesundheit").fields

    assert [(one.field, one.kinds, one.total) for one in fields] == [
        ("Bauen", ("kosten",), 1),
        ("Gesundheit", ("recht",), 1),
    ]


def test_a_themenfeld_in_which_nobody_names_an_obstacle_is_there_too() -> None:
    (field,) = _report(KEYS[:2], []).fields

    assert (field.kinds, field.count, field.total, field.unnamed) == ((), 0, 0, 2)


def test_held_rollouts_without_an_obstacle_are_listed() -> None:
    found = _report(KEYS[:3], [obstacle(key=KEYS[1])])

    assert (found.held, found.total) == (3, 5)
    assert found.unnamed == (KEYS[0], KEYS[2])


def test_obstacles_of_rollouts_that_are_not_held_are_told_and_in_no_themenfeld() -> None:
    found = _report([KEY], [obstacle(key=KEY), obstacle("recht", key=KEYS[4])])

    assert [one.key for one in found.elsewhere] == [KEYS[4]]
    assert (found.open, sum(one.count for one in found.ages)) == (2, 2)
    assert [one.total for one in found.fields] == [1]
