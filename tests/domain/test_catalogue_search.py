"""Searching and naming: what people type, and what they are told when it is not clear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.catalogue import Catalogue, MunicipalityKind, load_catalogue
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.messages import Wording
from ozgflow.domain.search import Match, best_match, fold
from ozgflow.errors import InvalidKey, UsageError


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def sentence(error: UsageError) -> str:
    return Wording.load().text(error.code, **error.params)


# Comparing


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cottbus/Chóśebuz, Stadt", "cottbus chosebuz stadt"),
        ("Neiße-Malxetal/Dolina Nysa-Małksa", "neisse malxetal dolina nysa malksa"),
        ("  Frankfurt (Oder) ", "frankfurt oder"),
        ("Märkisch", "markisch"),
        ("-–/", ""),
    ],
)
def test_case_diacritics_and_punctuation_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_whole_name_is_better_than_words_and_words_are_better_than_a_part() -> None:
    assert best_match("potsdam", ["potsdam mittelmark", "potsdam"]) is Match.WHOLE
    assert best_match("potsdam", ["potsdam mittelmark"]) is Match.WORDS
    assert best_match("pots", ["potsdam mittelmark"]) is Match.PART
    assert best_match("golzow", ["potsdam"]) is None
    assert best_match("", ["potsdam"]) is None


# Municipalities


@pytest.mark.parametrize(
    ("query", "ars"),
    [
        ("Cottbus", "120520000000"),
        ("chosebuz", "120520000000"),
        ("COTTBUS/CHÓŚEBUZ, STADT", "120520000000"),
        ("Elbe-Elster", "120620000000"),
        ("elbe elster", "120620000000"),
        ("12062", "120620000000"),
        ("120620000000", "120620000000"),
        ("12 0 62", "120620000000"),
        ("12052000", "120520000000"),
        ("120645404", "120645404000"),
        ("Maerkisch-Oderland", "120640000000"),
        ("Märkisch-Oderland", "120640000000"),
        ("Neisse-Malxetal", "120715102294"),
        ("Lubnjow", "120660196196"),
    ],
)
def test_a_municipality_is_found_by_name_and_by_key(catalogue: Catalogue, query: str, ars: str) -> None:
    assert [str(one.ars) for one in catalogue.find_municipalities(query)] == [ars]
    assert [str(one.ars) for one in catalogue.select_municipalities([query])] == [ars]


def test_an_ambiguous_name_finds_all(catalogue: Catalogue) -> None:
    found = [str(one.ars) for one in catalogue.find_municipalities("golzow")]
    assert found == ["120645404000", "120645404172", "120695904216"]


def test_the_best_fit_comes_first(catalogue: Catalogue) -> None:
    labels = [one.label for one in catalogue.find_municipalities("potsdam")]
    assert labels == ["Potsdam", "Landkreis Potsdam-Mittelmark"]


def test_a_kind_finds_all_of_it(catalogue: Catalogue) -> None:
    assert len(catalogue.find_municipalities(MunicipalityKind.AMT)) == 50
    assert len(catalogue.find_municipalities("kreisfreie Stadt")) == 4


@pytest.mark.parametrize(("land", "count"), [("12", 14), ("01", 11), ("05", 31), ("09", 71), ("11", 0)])
def test_a_kind_is_looked_up_in_one_land(catalogue: Catalogue, land: str, count: int) -> None:
    assert len(catalogue.find_municipalities("Landkreis", land)) == count


def test_an_ars_finds_its_municipality(catalogue: Catalogue) -> None:
    ars = Ars.parse("120540000000")
    assert catalogue.find_municipalities(ars) == (catalogue.municipalities[ars],)


def test_the_beginning_of_an_ars_finds_all_that_begin_so(catalogue: Catalogue) -> None:
    assert len(catalogue.find_municipalities("12")) == 479
    assert {str(one.ars)[:4] for one in catalogue.find_municipalities("1207")} == {"1207"}


@pytest.mark.parametrize("query", ["", "  ", "/", "Atlantis", "0000", "17"])
def test_what_is_not_there_is_not_found(catalogue: Catalogue, query: str) -> None:
    assert catalogue.find_municipalities(query) == ()


@settings(deadline=None)  # the first example reads the catalogue
@given(st.text())
def test_any_text_may_be_searched_for(text: str) -> None:
    load_catalogue().find_municipalities(text)


def test_every_municipality_can_be_named_by_its_keys_and_by_its_description(catalogue: Catalogue) -> None:
    for one in catalogue.municipalities.values():
        assert catalogue.select_municipalities([str(one.ars)]) == (one,)
        assert one.ags is None or catalogue.select_municipalities([str(one.ags)]) == (one,)


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("Amt Altdöbern", "Amt Altdöbern"),
        ("Gemeinde Altdöbern", "Altdöbern"),
        ("Stadt Lebus", "Lebus"),
        ("LK Barnim", "Landkreis Barnim"),
        ("Kreis Barnim", "Landkreis Barnim"),
        ("Stadt Schwedt/Oder", "Schwedt/Oder"),
        ("Mitverwaltung Schwedt/Oder", "Mitverwaltung Schwedt/Oder"),
        ("Frankfurt", "Frankfurt (Oder)"),
        ("Falkenberg", "Falkenberg"),
    ],
)
def test_an_operator_may_write_it_as_people_do(catalogue: Catalogue, word: str, label: str) -> None:
    assert [one.label for one in catalogue.select_municipalities([word])] == [label]


def test_the_order_of_the_words_is_kept_and_nobody_is_named_twice(catalogue: Catalogue) -> None:
    selected = catalogue.select_municipalities(["Potsdam", "12062", "Elbe-Elster", "Cottbus"])
    assert [one.label for one in selected] == ["Potsdam", "Landkreis Elbe-Elster", "Cottbus/Chóśebuz"]
    assert catalogue.select_municipalities([]) == ()


def test_a_typing_error_is_answered_with_a_suggestion(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["Potsdam", "Elbe-Elstr"])
    assert sentence(caught.value).startswith("Keine Kommune heißt „Elbe-Elstr“. Meinten Sie Landkreis Elbe-Elster")


def test_a_part_of_a_word_selects_nobody_but_is_suggested(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["Prenzl"])
    assert sentence(caught.value).startswith("Keine Kommune heißt „Prenzl“. Meinten Sie Prenzlau")


def test_a_wrong_key_is_answered_with_names_and_keys(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["1205400"])
    assert "Potsdam (120540000000)" in sentence(caught.value)


@pytest.mark.parametrize("word", ["qqqq", "", "–"])
def test_nonsense_is_answered_without_a_suggestion(catalogue: Catalogue, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities([word])
    assert sentence(caught.value) == f"Keine Kommune heißt „{word}“. Bitte prüfen Sie die Schreibweise."


def test_an_ambiguous_name_selects_nobody_and_names_the_candidates(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["Golzow"])
    assert caught.value.code == "catalogue.municipality-ambiguous"
    assert caught.value.params["count"] == 3
    assert "Golzow (Amt Brück, 120695904216)" in sentence(caught.value)


def test_many_candidates_are_cut_but_counted(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.select_municipalities(["Amt"])
    assert caught.value.params["count"] == 50
    assert "…" in sentence(caught.value)
    assert len(sentence(caught.value)) < 600


# Services


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("99010001001009", 1),
        ("urn:de:fim:leika:leistung:99010001001009", 1),
        ("99010", 174),
        ("10257", 15),
        ("Ein- & Auswanderung", 247),
        ("Querschnitt", 302),
        ("aufenthaltserlaubnis erteilung haertefallen", 0),
        ("aufenthaltserlaubnis erteilung haertefaellen", 1),
        ("zzzz", 0),
        ("99999", 0),
        ("", 0),
    ],
)
def test_services_are_found_by_key_bundle_field_and_words(catalogue: Catalogue, query: str, count: int) -> None:
    found = catalogue.find_services(query)
    assert len(found) == count or (query == "Querschnitt" and len(found) >= count)
    assert list(found) == sorted(found, key=lambda one: one.key)


def test_a_service_is_found_by_the_title_of_its_bundle(catalogue: Catalogue) -> None:
    found = catalogue.find_services("Aufenthaltstitel")
    assert LeikaKey.parse("99010001001000") in {one.key for one in found}


def test_digits_that_are_no_key_are_looked_for_in_titles(catalogue: Catalogue) -> None:
    assert any("430" in one.title for one in catalogue.find_services("430"))


def test_a_service_is_given_by_its_key(catalogue: Catalogue) -> None:
    expected = "Aufenthaltserlaubnis Erteilung"
    key = LeikaKey.parse("99010001001000")
    assert catalogue.service(key).title == catalogue.service(key.urn).title == expected


def test_an_unknown_service_is_answered_with_its_siblings(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.service("99010001001999")
    assert "Meinten Sie 99010001000000 (Aufenthaltserlaubnis)" in sentence(caught.value)


def test_a_slip_of_the_finger_is_answered_with_a_similar_key(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.service("99910001001000")
    assert "99010001001000" in sentence(caught.value)


def test_an_unknown_service_far_from_all_is_answered_without_a_suggestion(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.service("99999999999999")
    assert "Bitte prüfen Sie die Schreibweise." in sentence(caught.value)


def test_a_text_that_is_no_key_is_told_what_is_wrong(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidKey) as caught:
        catalogue.service("9901000100100")
    assert caught.value.params["length"] == 13
