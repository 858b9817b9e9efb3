"""Maturity models: which one is used on a day, and what they say."""

from datetime import date

import pytest

from ozgflow.domain.maturity import model_of_version, model_on
from ozgflow.domain.maturity_files import load_models
from ozgflow.errors import UsageError

MODELS = load_models()


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2020, 6, 1), "1.1"),
        (date(2025, 6, 30), "1.1"),
        (date(2025, 7, 1), "2.0"),
        (date(2026, 11, 22), "2.0"),
    ],
)
def test_the_day_chooses_the_model(day: date, version: str) -> None:
    assert model_on(MODELS, day).version == version


def test_before_the_first_model_there_is_none() -> None:
    with pytest.raises(UsageError, match=r"maturity\.no-model"):
        model_on(MODELS, date(2020, 5, 31))


def test_a_model_is_found_by_its_version() -> None:
    assert model_of_version(MODELS, "2.0").highest == 7


def test_an_unknown_version_is_told_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        model_of_version(MODELS, "3.0")

    assert refused.value.params["known"] == "1.1, 2.0"


def test_an_unknown_aspect_is_told_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        MODELS[0].aspect("schönheit")

    assert "nutzerkonto" in str(refused.value.params["known"])


def test_model_1_1_has_five_levels_ten_aspects_and_both_thresholds() -> None:
    model = model_of_version(MODELS, "1.1")

    assert [level.title["de"] for level in model.levels] == [
        "Offline",
        "Information",
        "Formular-Assistent",
        "Online-Leistung",
        "Online-Transaktion",
    ]
    assert (len(model.aspects), model.rule) == (10, "lowest")
    assert model.conform_from is not None
    assert model.counts_as_online_from is not None
    assert (model.conform_from.level, model.counts_as_online_from.level) == (3, 2)


def test_model_2_0_has_eight_levels_and_thirteen_aspects() -> None:
    model = model_of_version(MODELS, "2.0")

    assert (len(model.levels), len(model.aspects)) == (8, 13)


def test_what_no_source_says_is_not_told_as_a_fact() -> None:
    old, new = MODELS

    assert [aspect.code for aspect in old.aspects if not aspect.confirmed] == [
        f"kriterium-{number}" for number in (7, 8, 9, 10)
    ]
    assert new.confirmed_aspects == 0
    assert (new.conform_from, new.counts_as_online_from, new.rule_confirmed) == (None, None, False)
