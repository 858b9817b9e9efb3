"""Keys: what is one, what is wrong with a text that is none, and what can be read off one."""

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.keys import (
    AGS_LENGTHS,
    ARS_LENGTHS,
    Ags,
    Ars,
    LeikaKey,
    LeikaStructure,
    OzgId,
)
from ozgflow.domain.messages import Language, Wording, wording_entries
from ozgflow.domain.service_keys import ItemCode, parse_service_key
from ozgflow.errors import InvalidKey

Parse = Callable[[str], object]

lands = st.integers(1, 16).map(lambda number: f"{number:02}")
PARSERS: list[Parse] = [
    Ars.parse,
    Ars.parse_any,
    Ags.parse,
    Ags.parse_any,
    LeikaKey.parse,
    OzgId.parse,
]


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def area_keys(lengths: tuple[int, ...]) -> st.SearchStrategy[str]:
    """Digits of an area key of any of the lengths, in an existing Land."""
    return st.sampled_from(lengths).flatmap(lambda length: st.tuples(lands, digits(length - 2)).map("".join))


def outcome(parse: Parse, text: str) -> object:
    try:
        return parse(text)
    except InvalidKey as error:
        return error


def complaint(parse: Parse, text: str) -> InvalidKey:
    with pytest.raises(InvalidKey) as caught:
        parse(text)
    return caught.value


# What is a key


@given(area_keys(ARS_LENGTHS))
def test_every_ars_comes_back_as_it_was(text: str) -> None:
    assert str(Ars.parse_any(text)) == text


@given(area_keys(AGS_LENGTHS))
def test_every_ags_comes_back_as_it_was(text: str) -> None:
    assert str(Ags.parse_any(text)) == text


@given(digits(12).map("99".__add__))
def test_every_leika_key_comes_back_as_it_was_from_digits_and_from_its_urn(text: str) -> None:
    key = LeikaKey.parse(text)
    assert str(key) == text
    assert LeikaKey.parse(key.urn) == key


@given(digits(4).map("1".__add__))
def test_every_ozg_id_comes_back_as_it_was(text: str) -> None:
    assert str(OzgId.parse(text)) == text


def test_all_real_keys_come_back_as_they_were() -> None:
    services = load_catalogue().services
    assert len(services) == 4813
    for key, service in services.items():
        assert LeikaKey.parse(str(key)) == service.key
        assert LeikaKey.parse(key.urn) == key


def test_the_real_keys_have_the_known_structures() -> None:
    structures = [key.structure for key in load_catalogue().services]
    assert structures.count(LeikaStructure.LO) == 1812
    assert structures.count(LeikaStructure.LOV) == 2025
    assert structures.count(LeikaStructure.LOVD) == 976


@settings(deadline=None)  # the first example reads the wording
@given(st.text() | st.text("0123456789 .-/", max_size=16) | digits(14) | digits(12), st.sampled_from(PARSERS))
def test_garbage_is_refused_with_a_sentence_and_nothing_else(text: str, parse: Parse) -> None:
    found = outcome(parse, text)
    if isinstance(found, InvalidKey):
        for language in Language:
            assert Wording.load(language).text(found.code, **found.params)
    else:
        assert str(found) == text


# What is wrong with a text that is none


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (Ars.parse, "", "key.ars.empty"),
        (Ars.parse, " \n", "key.ars.empty"),
        (Ars.parse, "12052000000 ", "key.ars.blank"),
        (Ars.parse, "12052000000\n", "key.ars.blank"),
        (Ars.parse, "12-052000000", "key.ars.character"),
        (Ars.parse, "１２0520000000", "key.ars.character"),
        (Ars.parse, "12062", "key.ars.length"),
        (Ars.parse_any, "1206", "key.ars.length"),
        (Ars.parse, "000000000000", "key.ars.land"),
        (Ars.parse_any, "17", "key.ars.land"),
        (Ags.parse, "", "key.ags.empty"),
        (Ags.parse, " 1205200", "key.ags.blank"),
        (Ags.parse, "1205200O", "key.ags.character"),
        (Ags.parse, "12052", "key.ags.length"),
        (Ags.parse_any, "120520000000", "key.ags.length"),
        (Ags.parse, "99052000", "key.ags.land"),
        (LeikaKey.parse, "urn:de:fim:leika:leistung:", "key.leika.empty"),
        (LeikaKey.parse, "99 010001001000", "key.leika.blank"),
        (LeikaKey.parse, "nicht im LeiKa", "key.leika.character"),
        (LeikaKey.parse, "99010001", "key.leika.length"),
        (LeikaKey.parse, "12010001001000", "key.leika.prefix"),
        (OzgId.parse, "", "key.ozg.empty"),
        (OzgId.parse, "1025 ", "key.ozg.blank"),
        (OzgId.parse, "OZG10255", "key.ozg.character"),
        (OzgId.parse, "102550", "key.ozg.length"),
        (OzgId.parse, "20255", "key.ozg.prefix"),
        (ItemCode.parse, "Smart Village", "key.item.shape"),
        (parse_service_key, "x", "key.item.shape"),
        (parse_service_key, "99010001", "key.leika.length"),
    ],
)
def test_the_complaint_names_what_is_wrong(parse: Parse, text: str, code: str) -> None:
    error = complaint(parse, text)
    assert error.code == code
    assert Wording.load().text(error.code, **error.params)


def test_no_sentence_about_keys_is_left_without_a_complaint() -> None:
    marker = next(
        mark
        for mark in test_the_complaint_names_what_is_wrong.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )
    raised = {code for _, _, code in marker.args[1]}
    assert {code for file, code, _ in wording_entries() if file == "keys.toml"} == raised


def test_a_wrong_length_is_told_with_the_lengths_that_are_possible() -> None:
    error = complaint(Ars.parse_any, "1206")
    assert error.params == {"length": 4, "lengths": "2, 3, 5, 9, 12"}
    assert (
        Wording.load().text(error.code, **error.params)
        == "Der Regionalschlüssel (ARS) hat 4 Stellen; möglich sind: 2, 3, 5, 9, 12."
    )


def test_a_wrong_character_is_told_with_position_and_shape() -> None:
    assert complaint(Ags.parse, "12o5200").params == {"position": 3, "length": 7, "shape": "99a9999"}


def test_a_complaint_never_repeats_the_text() -> None:
    error = complaint(LeikaKey.parse, "Erika Mustermann, geb. 12.08.1964")
    assert error.params["shape"] == "aaaaa_aaaaaaaaaa#_aa…"
    assert "Muster" not in str(error)


# What can be read off an area key


def test_an_ars_says_where_it_lies() -> None:
    ars = Ars.parse("120645404172")
    assert (ars.land, ars.region, ars.district) == ("12", "0", "12064")
    assert (ars.association, ars.municipality) == ("5404", "172")
    assert ars.urn == "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs:120645404172"


@pytest.mark.parametrize(
    ("padded", "short"),
    [
        ("120000000000", "12"),
        ("051000000000", "051"),
        ("120600000000", "12060"),
        ("120645404000", "120645404"),
        ("120645404172", "120645404172"),
        ("120520000000", "12052"),
    ],
)
def test_trailing_empty_parts_can_be_cut_and_filled_again(padded: str, short: str) -> None:
    assert str(Ars.parse(padded).short) == short
    assert str(Ars.parse_any(short).padded) == padded


@given(area_keys(ARS_LENGTHS))
def test_short_and_padded_undo_each_other(text: str) -> None:
    ars = Ars.parse_any(text)
    assert ars.short.padded == ars.padded
    assert ars.padded.short == ars.short
    assert Ars.parse_any(str(ars.short)) == ars.short


@given(area_keys(ARS_LENGTHS))
def test_every_area_lies_in_itself_and_in_its_land(text: str) -> None:
    ars = Ars.parse_any(text)
    assert ars.contains(ars)
    assert ars.short.contains(ars.padded)
    assert Ars.parse_any(ars.land).contains(ars)


def test_a_district_contains_its_municipalities_and_not_its_neighbours() -> None:
    district, amt = Ars.parse("120640000000"), Ars.parse("120645404000")
    golzow, elsewhere = Ars.parse("120645404172"), Ars.parse("120695904216")
    assert district.contains(amt)
    assert district.contains(golzow)
    assert amt.contains(golzow)
    assert not amt.contains(elsewhere)
    assert not golzow.contains(amt)


@pytest.mark.parametrize(
    ("ars", "ags"),
    [
        ("120645404172", "12064172"),
        ("120520000000", "12052000"),
        ("120620000000", "12062000"),
        ("12062", "12062"),
        ("12", "12"),
    ],
)
def test_an_ars_gives_the_ags_of_the_same_area(ars: str, ags: str) -> None:
    assert str(Ars.parse_any(ars).ags) == ags
    assert Ags.parse_any(ags).matches(Ars.parse_any(ars))


@pytest.mark.parametrize("ars", ["120645404000", "120645404", "120625031000"])
def test_an_amt_has_no_ags(ars: str) -> None:
    assert Ars.parse_any(ars).ags is None


def test_an_ags_matches_the_ars_of_the_same_area_in_any_length() -> None:
    assert Ags.parse("12062000").matches(Ars.parse_any("12062"))
    assert Ags.parse_any("12062").matches(Ars.parse("120620000000"))
    assert not Ags.parse("12064172").matches(Ars.parse("120645404000"))
    assert not Ags.parse("12064172").matches(Ars.parse("120695904216"))


# What can be read off a service key, and values


def test_a_leika_key_falls_into_its_parts() -> None:
    key = LeikaKey.parse("99010001001009")
    assert (key.group, key.object_code, key.procedure, key.detail) == ("010", "001", "001", "009")
    assert key.urn == "urn:de:fim:leika:leistung:99010001001009"


@pytest.mark.parametrize(
    ("text", "structure"),
    [("99010001000000", "LO"), ("99010001001000", "LOV"), ("99010001001009", "LOVD")],
)
def test_a_leika_key_shows_how_much_of_it_is_filled(text: str, structure: str) -> None:
    assert LeikaKey.parse(text).structure == structure


def test_keys_are_values() -> None:
    cottbus = Ars.parse("120520000000")
    assert cottbus == Ars.parse("120520000000")
    assert {cottbus: "Cottbus"}[Ars.parse("120520000000")] == "Cottbus"
    assert sorted([Ars.parse("120540000000"), cottbus])[0] is cottbus
    assert pickle.loads(pickle.dumps(cottbus)) == cottbus  # noqa: S301 - our own bytes
    assert str(cottbus.ags) != str(cottbus)


def test_keys_of_different_kinds_are_never_equal() -> None:
    keys: set[object] = {Ars.parse_any("12052"), Ags.parse_any("12052")}
    assert len(keys) == 2


def test_a_key_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Ars.parse("120520000000").digits = "120540000000"  # type: ignore[misc]
