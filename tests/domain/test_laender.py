"""The sixteen Länder, and what the catalogue knows of them."""

from collections import Counter

import pytest

from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, MunicipalityKind, load_catalogue
from ozgflow.domain.keys import Ars
from ozgflow.domain.laender import HOME_LAND, LAENDER, find_land
from ozgflow.domain.messages import Wording
from ozgflow.errors import UsageError

KREISE = {
    "01": 15,
    "02": 1,
    "03": 45,
    "04": 2,
    "05": 53,
    "06": 26,
    "07": 36,
    "08": 44,
    "09": 96,
    "10": 6,
    "11": 1,
    "12": 18,
    "13": 8,
    "14": 13,
    "15": 14,
    "16": 22,
}
"""Landkreise and kreisfreie Städte of each Land on 30.11.2023."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_there_are_sixteen_laender_and_brandenburg_is_home() -> None:
    assert list(LAENDER) == [f"{number:02}" for number in range(1, 17)]
    assert len({land.abbreviation for land in LAENDER.values()}) == 16
    assert LAENDER[HOME_LAND].name == "Brandenburg"


@pytest.mark.parametrize("text", ["08", "bw", "Baden-Württemberg", "baden wuerttemberg"])
def test_a_land_is_found_by_number_abbreviation_and_name(text: str) -> None:
    assert find_land(text).code == "08"


@pytest.mark.parametrize("text", ["", "17", "Württemberg", "12 0"])
def test_what_is_no_land_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_land(text)

    assert "BB (Brandenburg)" in Wording.load().text(caught.value.code, **caught.value.params)


def test_four_hundred_kreise_are_known_and_eighteen_of_them_at_home(catalogue: Catalogue) -> None:
    counted = {land: len(catalogue.competent(ExecutionLevel.KREIS, land)) for land in LAENDER}

    assert counted == KREISE
    assert sum(counted.values()) == 400
    assert len(catalogue.competent(ExecutionLevel.KREIS)) == 18


def test_the_kreise_have_the_inhabitants_of_the_whole_federation(catalogue: Catalogue) -> None:
    everyone = [one for land in LAENDER for one in catalogue.competent(ExecutionLevel.KREIS, land)]

    assert sum(one.population for one in everyone) == 84_358_845
    assert min(one.population for one in everyone) == 34_534


def test_outside_the_home_land_only_the_upper_level_is_known(catalogue: Catalogue) -> None:
    elsewhere = [one for one in catalogue.municipalities.values() if not one.is_at_home]

    assert Counter(one.kind.value for one in elsewhere) == {"landkreis": 280, "kreisfreie_stadt": 102}
    assert {one.parent for one in elsewhere} == {None}
    assert catalogue.lands_in_full == {HOME_LAND}


@pytest.mark.parametrize("level", [ExecutionLevel.VERWALTUNG, ExecutionLevel.GEMEINDE])
def test_a_part_of_a_denominator_is_not_taken_for_one(catalogue: Catalogue, level: ExecutionLevel) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.competent(level, "14")

    assert (
        Wording.load().text(caught.value.code, **caught.value.params).startswith("Von Sachsen kennt der Katalog nur")
    )


@pytest.mark.parametrize("level", [ExecutionLevel.LAND, ExecutionLevel.BUND, ExecutionLevel.OFFEN])
def test_nobody_is_competent_beyond_the_municipal_levels_in_any_land(
    catalogue: Catalogue, level: ExecutionLevel
) -> None:
    assert catalogue.competent(level, "14") == ()


@pytest.mark.parametrize(
    ("ars", "label"),
    [
        ("020000000000", "Hamburg"),
        ("110000000000", "Berlin"),
        ("040120000000", "Bremerhaven"),
        ("032410000000", "Region Hannover"),
        ("053340000000", "Städteregion Aachen"),
        ("100410000000", "Regionalverband Saarbrücken"),
        ("055540000000", "Kreis Borken"),
        ("010560000000", "Kreis Pinneberg"),
        ("059620000000", "Märkischer Kreis"),
        ("150880000000", "Saalekreis"),
        ("130720000000", "Landkreis Rostock"),
        ("130030000000", "Rostock"),
        ("094730000000", "Landkreis Coburg"),
        ("130040000000", "Schwerin (MV)"),
    ],
)
def test_labels_elsewhere_say_what_it_is_and_the_land_where_that_tells_it_apart(
    catalogue: Catalogue, ars: str, label: str
) -> None:
    assert catalogue.municipality(Ars.parse(ars)).label == label


def test_no_label_elsewhere_is_that_of_another(catalogue: Catalogue) -> None:
    labels = Counter(one.label for one in catalogue.municipalities.values())

    assert [
        one.label for one in catalogue.municipalities.values() if labels[one.label] > 1 and not one.is_at_home
    ] == []


@pytest.mark.parametrize(
    ("word", "ars"),
    [
        ("Schwerin", "120615108448"),
        ("Schwerin MV", "130040000000"),
        ("Schwerin (MV)", "130040000000"),
        ("Frankfurt", "120530000000"),
        ("Frankfurt am Main", "064120000000"),
        ("Stadt Coburg", "094630000000"),
        ("LK Coburg", "094730000000"),
        ("Landkreis Borken", "055540000000"),
        ("Stadtkreis Ulm", "084210000000"),
        ("13004", "130040000000"),
        ("Berlin", "110000000000"),
    ],
)
def test_a_name_means_the_one_at_home_and_the_land_names_the_other(catalogue: Catalogue, word: str, ars: str) -> None:
    assert [str(one.ars) for one in catalogue.select_municipalities([word])] == [ars]


@pytest.mark.parametrize(("word", "count"), [("Golzow", 3), ("Neustadt", 2), ("Landkreis", 14)])
def test_an_ambiguous_name_has_no_more_candidates_than_at_home(catalogue: Catalogue, word: str, count: int) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities([word])

    assert caught.value.params["count"] == count


def test_an_ambiguous_name_elsewhere_is_answered_with_the_land(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["Coburg"])

    assert (
        caught.value.params["candidates"] == "Coburg (Bayern, 094630000000); Landkreis Coburg (Bayern, 094730000000)"
    )


def test_the_best_fits_at_home_come_before_those_elsewhere(catalogue: Catalogue) -> None:
    found = catalogue.find_municipalities("Schwerin")

    assert [one.label for one in found] == ["Schwerin", "Schwerin (MV)"]


def test_whoever_was_named_at_home_before_is_still_meant(catalogue: Catalogue) -> None:
    at_home = [one for one in catalogue.municipalities.values() if one.is_at_home]

    for one in at_home:
        fitting = catalogue.find_municipalities(one.label)
        assert fitting[0].is_at_home
        assert fitting[0].label == one.label or one.kind is not MunicipalityKind.LANDKREIS
