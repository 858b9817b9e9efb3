"""From ratings to levels: the lowest decides, what is not rated is unknown, and unknown is not no."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.maturity import WHOLE, MaturityRating, RatingAnswer, Ternary
from ozgflow.domain.maturity_rating import (
    MaturityBasis,
    MaturityResult,
    ServiceMaturity,
    counts_as_online,
    current,
    rate,
)
from tests.domain.ratings import CODES, DAY, MODEL, OTHER, SERVICE, rating, ratings

BARNIM = Ars.parse("120600000000")
LEVELS = st.one_of(st.none(), st.integers(min_value=0, max_value=MODEL.highest))


def _rate(known: dict[str, MaturityRating], service: LeikaKey = SERVICE, where: Ars | None = None) -> MaturityResult:
    return rate(MODEL, service, known, where)


def _stated(level: int) -> dict[str, MaturityRating]:
    return {WHOLE: rating(WHOLE, level)}


def _maturity(
    everywhere: dict[str, MaturityRating], *there: int, service: LeikaKey = SERVICE, by_federation: bool = False
) -> ServiceMaturity:
    return ServiceMaturity(
        service=service,
        everywhere=_rate(everywhere, service),
        municipal=tuple(_rate(_stated(level), service, BARNIM) for level in there),
        by_federation=by_federation,
    )


def test_the_lowest_aspect_decides_and_is_named() -> None:
    result = _rate(ratings(4, 4, 2, 3, 4, 2, 4, 4, 4, 4))

    assert (result.level, result.basis) == (2, MaturityBasis.DERIVED)
    assert result.held_by == ("nutzerkonto", "nachweise")


def test_a_missing_rating_leaves_the_level_unknown_and_not_zero() -> None:
    result = _rate(ratings(*[4] * 9))

    assert (result.level, result.basis) == (None, MaturityBasis.NONE)
    assert (result.missing, result.rated, result.total) == (("kriterium-10",), 9, 10)


def test_without_any_rating_everything_is_unknown() -> None:
    result = _rate({})

    assert (result.level, result.at_most, result.held_by) == (None, 4, ())
    assert result.reaches(MODEL.conform_from) is Ternary.UNKNOWN


def test_a_low_rating_makes_a_certain_no_before_all_are_rated() -> None:
    result = _rate(ratings(4, 1))

    assert (result.level, result.at_most) == (None, 1)
    assert result.reaches(MODEL.conform_from) is Ternary.NO


def test_what_a_service_does_not_need_holds_nothing_down() -> None:
    result = _rate(ratings(3, 3, 3, 3, None, 3, 3, 3, 3, 3))

    assert (result.level, result.missing) == (3, ())


@pytest.mark.parametrize(("level", "conform"), [(2, Ternary.NO), (3, Ternary.YES), (4, Ternary.YES)])
def test_a_service_conforms_from_the_declared_level(level: int, conform: Ternary) -> None:
    assert _rate(ratings(*[level] * 10)).reaches(MODEL.conform_from) is conform


def test_where_nobody_has_said_what_suffices_it_is_unknown() -> None:
    assert _rate(ratings(*[4] * 10)).reaches(None) is Ternary.UNKNOWN


def test_a_level_said_as_a_whole_counts_as_such() -> None:
    result = _rate(_stated(2))

    assert (result.level, result.basis, result.rated) == (2, MaturityBasis.STATED, 0)
    assert not result.contradicts


def test_a_level_said_as_a_whole_does_not_stand_against_an_aspect() -> None:
    result = _rate(_stated(3) | ratings(2))

    assert (result.level, result.at_most) == (None, 2)
    assert result.contradicts


@pytest.mark.parametrize(("whole", "contradicts"), [(1, True), (2, False), (3, True)])
def test_all_aspects_together_count_before_the_whole(whole: int, contradicts: bool) -> None:  # noqa: FBT001
    result = _rate(_stated(whole) | ratings(*[2] * 10))

    assert (result.level, result.basis, result.contradicts) == (2, MaturityBasis.DERIVED, contradicts)


@given(st.lists(LEVELS, min_size=len(CODES), max_size=len(CODES)))
def test_the_level_is_the_minimum(levels: list[int | None]) -> None:
    given_levels = [level for level in levels if level is not None]

    assert _rate(ratings(*levels)).level == (min(given_levels) if given_levels else None)


@given(
    st.lists(st.integers(min_value=0, max_value=MODEL.highest), min_size=len(CODES), max_size=len(CODES)),
    st.integers(min_value=0, max_value=len(CODES) - 1),
    st.integers(min_value=0, max_value=MODEL.highest),
)
def test_raising_one_aspect_never_lowers_the_level(levels: list[int], place: int, target: int) -> None:
    raised = [max(level, target) if at == place else level for at, level in enumerate(levels)]

    before, after = _rate(ratings(*levels)).level, _rate(ratings(*raised)).level

    assert before is not None
    assert after is not None
    assert after >= before


@given(st.lists(LEVELS, min_size=len(CODES), max_size=len(CODES)), st.integers(min_value=0, max_value=len(CODES)))
def test_further_ratings_never_turn_a_no_into_a_yes(levels: list[int | None], known: int) -> None:
    early = _rate(ratings(*levels[:known])).reaches(MODEL.conform_from)

    late = _rate(ratings(*levels)).reaches(MODEL.conform_from)

    assert early in (late, Ternary.UNKNOWN)


def test_the_newest_rating_of_a_day_counts() -> None:
    later = rating("nutzerkonto", 3, rated_on=DAY + timedelta(days=30))
    known = [rating("nutzerkonto", 1), later]

    assert current(known, DAY)["nutzerkonto"].level == 1
    assert current(known, DAY + timedelta(days=30))["nutzerkonto"].level == 3
    assert current(known, DAY - timedelta(days=1)) == {}


def test_a_rating_recorded_late_about_an_earlier_day_does_not_displace_the_newer_one() -> None:
    known = [rating("nutzerkonto", 3), rating("nutzerkonto", 1, rated_on=DAY - timedelta(days=90))]

    assert current(known, DAY)["nutzerkonto"].level == 3


def test_ratings_expire_and_can_be_withdrawn() -> None:
    expiring = rating("nutzerkonto", 3, valid_until=DAY)
    withdrawn = rating("nutzerkonto", None, answer=RatingAnswer.WITHDRAWN, rated_on=date(2021, 6, 1))

    assert current([expiring], DAY + timedelta(days=1)) == {}
    assert current([replace(expiring, valid_until=None), withdrawn], date(2021, 6, 1)) == {}


def test_one_service_that_suffices_in_a_municipality_makes_the_ozg_service_count_as_online() -> None:
    answer = counts_as_online(MODEL, [_maturity({}, 2), _maturity({}, service=OTHER)])

    assert (answer.answer, answer.services, answer.unknown, answer.total) == (Ternary.YES, (SERVICE,), 1, 2)


def test_a_good_service_that_is_available_nowhere_we_know_of_leaves_it_unknown() -> None:
    assert counts_as_online(MODEL, [_maturity(_stated(2))]).answer is Ternary.UNKNOWN


def test_a_service_that_the_federation_carries_out_is_available_everywhere() -> None:
    assert counts_as_online(MODEL, [_maturity(_stated(2), by_federation=True)]).answer is Ternary.YES


def test_it_is_a_no_only_when_every_service_is() -> None:
    low, unrated = _maturity(_stated(1)), _maturity({}, service=OTHER)

    assert counts_as_online(MODEL, [low]).answer is Ternary.NO
    assert counts_as_online(MODEL, [low, unrated]).answer is Ternary.UNKNOWN
    assert counts_as_online(MODEL, []).answer is Ternary.UNKNOWN


def test_without_a_threshold_nothing_counts_as_online_or_not() -> None:
    model = replace(MODEL, counts_as_online_from=None)

    assert counts_as_online(model, [_maturity(_stated(0), 4)]).answer is Ternary.UNKNOWN
