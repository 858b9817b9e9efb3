"""Lineage: which keys are valid on which day, and who takes over from whom."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given

from ozgflow.domain.catalogue import ExecutionLevel, load_catalogue
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Wording
from ozgflow.domain.municipality_changes import MunicipalityChange, lineage_of
from ozgflow.errors import UsageError
from tests.domain.successions import (
    BARNIM,
    DAY,
    NEW,
    OTHER,
    PRIGNITZ,
    UCKERMARK,
    changed,
    histories,
    lineage,
    merger,
    renaming,
    split,
)

BEFORE, LATER = DAY - timedelta(days=1), date(2030, 1, 1)


def test_a_key_ends_on_the_day_of_the_change_and_the_new_one_begins() -> None:
    found = lineage(*merger(BARNIM, UCKERMARK))

    assert [found.is_valid(ars, BEFORE) for ars in (BARNIM, UCKERMARK, NEW)] == [True, True, False]
    assert [found.is_valid(ars, DAY) for ars in (BARNIM, UCKERMARK, NEW)] == [False, False, True]
    assert (found.ended_on(BARNIM), found.began_on(NEW)) == (DAY, DAY)


def test_a_municipality_that_takes_another_in_was_there_before() -> None:
    found = lineage(*merger(BARNIM, new=UCKERMARK))

    (succession,) = found.successions()
    assert succession.continues
    assert succession.predecessors == (BARNIM, UCKERMARK)
    assert found.is_valid(UCKERMARK, BEFORE)
    assert found.began_on(UCKERMARK) is None


def test_a_municipality_that_one_alone_merged_into_was_there_before_even_in_a_newer_register() -> None:
    found = lineage_of(merger(BARNIM, new=UCKERMARK), {BARNIM: BEFORE, UCKERMARK: LATER})

    assert found.successions()[0].continues


def test_a_split_has_several_successors() -> None:
    found = lineage(*split(BARNIM, NEW, OTHER))

    assert found.successors(BARNIM) == (NEW, OTHER)
    assert [one.predecessors for one in found.successions()] == [(BARNIM,), (BARNIM,)]


def test_the_way_of_a_key_is_followed_over_several_changes() -> None:
    found = lineage(*renaming(BARNIM, NEW), *merger(NEW, UCKERMARK, new=OTHER, day=LATER))

    assert found.origins(OTHER) == (BARNIM, UCKERMARK, NEW)
    assert found.heirs(BARNIM, {OTHER}) == (OTHER,)
    assert found.heirs(BARNIM, {NEW, UCKERMARK}) == (NEW,)
    assert found.heirs(OTHER, {OTHER}) == (OTHER,)
    assert found.predecessors(NEW) == (BARNIM,)


# The catalogue on a day


def test_the_catalogue_of_a_day_before_has_the_old_ones_and_of_a_day_after_the_new_one() -> None:
    changes = merger(BARNIM, UCKERMARK)

    before, after = changed(*changes, today=BEFORE), changed(*changes, today=DAY)

    assert (len(before.competent(ExecutionLevel.KREIS)), len(after.competent(ExecutionLevel.KREIS))) == (18, 17)
    assert NEW not in before.municipalities
    assert BARNIM not in after.municipalities
    assert after.as_of(BEFORE).municipalities == before.municipalities
    assert before.as_of(DAY).municipalities == after.municipalities


@pytest.mark.parametrize("word", ["120600000000", "12060", "Barnim", "LK Barnim"])
def test_whoever_asks_for_the_old_one_gets_the_new_one(word: str) -> None:
    after = changed(*merger(BARNIM, UCKERMARK), today=DAY)

    assert [one.ars for one in after.select_municipalities([word])] == [NEW]
    assert NEW in [one.ars for one in after.find_municipalities(word)]


def test_whoever_asks_for_one_that_was_split_has_to_say_which_part() -> None:
    after = changed(*split(BARNIM, NEW, OTHER), today=DAY)

    with pytest.raises(UsageError) as caught:
        after.select_municipalities(["Barnim"])

    sentence = Wording.load().text(caught.value.code, **caught.value.params)
    assert "Landkreis Oberes Land (120740000000); Landkreis Unteres Land (120750000000)" in sentence


def test_one_that_is_no_more_still_has_its_name() -> None:
    after = changed(*merger(BARNIM, UCKERMARK), today=DAY)

    assert after.name_of(BARNIM) == "Landkreis Barnim"
    assert after.municipality(BARNIM).kind is after.municipality(NEW).kind
    assert "120602000000" not in after.describe(after.municipality(BARNIM))


def test_members_of_one_that_is_no_more_are_described_without_it() -> None:
    after = changed(*merger(BARNIM, UCKERMARK), today=DAY)
    bernau = after.select_municipalities(["Bernau bei Berlin"])[0]

    assert after.describe(bernau) == "Bernau bei Berlin (120600020020)"


def test_without_changes_every_day_is_the_same() -> None:
    whole = load_catalogue()

    assert whole.lineage.changes == ()
    assert whole.as_of(date(1990, 10, 3)) == whole == whole.as_of(LATER)


# Whatever happens


@given(histories())
def test_nothing_is_lost_whatever_happens(history: tuple[Sequence[Ars], Sequence[MunicipalityChange]]) -> None:
    start, changes = history
    found = lineage_of(changes, dict.fromkeys(start, DAY))
    ever = {*start, *(one.new for one in changes)}

    living = {ars for ars in ever if found.is_valid(ars, date.max)}
    origins = {origin for ars in living for origin in (ars, *found.origins(ars)) if origin in start}

    assert origins == set(start)
    assert {heir for ars in start for heir in found.heirs(ars, living)} == living
    assert all(found.heirs(ars, living) for ars in ever)


@given(histories())
def test_nobody_is_among_their_own_origins(history: tuple[Sequence[Ars], Sequence[MunicipalityChange]]) -> None:
    start, changes = history
    found = lineage_of(changes, dict.fromkeys(start, DAY))

    for ars in {*start, *(one.new for one in changes)}:
        assert ars not in found.origins(ars)
        assert {one.day for one in changes if one.old == ars} in (set(), {found.ended_on(ars)})


def test_the_parts_of_germany_that_are_named_here_exist() -> None:
    assert {BARNIM, PRIGNITZ, UCKERMARK} < load_catalogue().municipalities.keys()
    assert not {NEW, OTHER} & load_catalogue().municipalities.keys()
