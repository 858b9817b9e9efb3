"""The catalogue that comes with the package: counts, names, competence and execution levels."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from ozgflow.domain.catalogue import (
    Catalogue,
    ExecutionLevel,
    ExecutionLevelRule,
    Municipality,
    MunicipalityKind,
    Service,
    load_catalogue,
)
from ozgflow.domain.keys import Ars, LeikaKey, OzgId
from ozgflow.domain.messages import Language, Wording

MEMBERS = {
    MunicipalityKind.KREISFREIE_STADT,
    MunicipalityKind.AMTSFREIE_GEMEINDE,
    MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def municipality(catalogue: Catalogue, ars: str) -> Municipality:
    return catalogue.municipalities[Ars.parse(ars)]


# Municipalities


def test_brandenburg_has_the_known_numbers_of_each_kind(catalogue: Catalogue) -> None:
    kinds = Counter(one.kind.value for one in catalogue.municipalities.values() if one.is_at_home)
    assert kinds == {
        "landkreis": 14,
        "kreisfreie_stadt": 4,
        "amt": 50,
        "mitverwaltung": 1,
        "verbandsgemeinde": 1,
        "amtsfreie_gemeinde": 137,
        "amtsangehoerige_gemeinde": 268,
        "verbandsangehoerige_gemeinde": 4,
    }
    assert kinds.total() == 479


@pytest.mark.parametrize(("level", "count"), [("kreis", 18), ("verwaltung", 193), ("gemeinde", 413)])
def test_each_level_has_its_denominator(catalogue: Catalogue, level: str, count: int) -> None:
    competent = catalogue.competent(ExecutionLevel(level))
    assert len(competent) == count
    assert list(competent) == sorted(competent, key=lambda one: one.ars)


@pytest.mark.parametrize("level", ["land", "bund", "offen"])
def test_no_municipality_is_competent_beyond_the_municipal_levels(catalogue: Catalogue, level: str) -> None:
    assert catalogue.competent(ExecutionLevel(level)) == ()


@pytest.mark.parametrize("level", ["kreis", "verwaltung", "gemeinde"])
def test_every_level_covers_every_inhabitant_once(catalogue: Catalogue, level: str) -> None:
    competent = catalogue.competent(ExecutionLevel(level))
    assert sum(one.population for one in competent) == 2_573_135


@pytest.mark.parametrize(
    ("ars", "name"),
    [
        ("120520000000", "Cottbus/Chóśebuz, Stadt"),
        ("120715102294", "Neiße-Malxetal/Dolina Nysa-Małksa"),
        ("120610316316", "Lübben (Spreewald) / Lubin (Błota), Stadt"),
        ("120710000000", "Spree-Neiße"),
    ],
)
def test_names_are_spelt_as_the_register_spells_them(catalogue: Catalogue, ars: str, name: str) -> None:
    assert municipality(catalogue, ars).name == name


@pytest.mark.parametrize(
    ("ars", "label"),
    [
        ("120620000000", "Landkreis Elbe-Elster"),
        ("120645404000", "Amt Golzow"),
        ("120645404172", "Golzow"),
        ("120520000000", "Cottbus/Chóśebuz"),
        ("120625031000", "Verbandsgemeinde Liebenwerda"),
        ("120735051000", "Mitverwaltung Schwedt/Oder"),
    ],
)
def test_labels_are_short_and_name_the_kind_where_it_helps(catalogue: Catalogue, ars: str, label: str) -> None:
    assert municipality(catalogue, ars).label == label


def test_two_names_occur_twice_and_a_description_tells_them_apart(catalogue: Catalogue) -> None:
    labels = Counter(one.label for one in catalogue.municipalities.values())
    assert [label for label, count in labels.items() if count > 1] == ["Mittenwalde", "Golzow"]
    descriptions = {catalogue.describe(one) for one in catalogue.municipalities.values()}
    assert len(descriptions) == 479 + 382
    assert "Golzow (Amt Brück, 120695904216)" in descriptions


def test_no_name_has_blanks_at_its_ends_or_line_breaks(catalogue: Catalogue) -> None:
    names = [one.name for one in catalogue.municipalities.values()]
    titles = [one.title for one in catalogue.services.values()]
    bundles = [f"{one.title}|{one.field}" for one in catalogue.ozg_services.values()]
    for text in (*names, *titles, *bundles):
        assert text == text.strip()
        assert "\n" not in text


def test_every_ags_fits_its_ars_and_only_associations_have_none(catalogue: Catalogue) -> None:
    associations = {MunicipalityKind.AMT, MunicipalityKind.MITVERWALTUNG, MunicipalityKind.VERBANDSGEMEINDE}
    for ars, one in catalogue.municipalities.items():
        assert one.ars == ars == ars.padded
        assert one.ags == ars.ags
        assert (one.ags is None) == (one.kind in associations)
        assert one.ags is None or one.ags.matches(ars)


def test_every_municipality_lies_in_its_parent(catalogue: Catalogue) -> None:
    tops = {MunicipalityKind.LANDKREIS, MunicipalityKind.KREISFREIE_STADT}
    for one in catalogue.municipalities.values():
        assert (one.parent is None) == (one.kind in tops)
        assert one.parent is None or one.parent.contains(one.ars)


def test_a_larger_unit_has_the_inhabitants_of_its_members(catalogue: Catalogue) -> None:
    everyone = catalogue.municipalities.values()
    for unit in (one for one in everyone if one.is_at_home):
        inside = [one for one in everyone if one.kind in MEMBERS and unit.ars.contains(one.ars)]
        assert unit.population == sum(one.population for one in inside)


def test_the_town_of_schwedt_administers_its_neighbour(catalogue: Catalogue) -> None:
    members = [one.name for one in catalogue.municipalities.values() if str(one.parent) == "120735051000"]
    assert members == ["Pinnow", "Schwedt/Oder, Stadt"]


def test_every_fact_has_a_source_and_a_date(catalogue: Catalogue) -> None:
    municipalities, services = catalogue.municipalities.values(), catalogue.services.values()
    assert {(one.source, one.as_of) for one in municipalities} == {
        ("Destatis GV100AD 30.11.2023", date(2023, 11, 30))
    }
    assert {(one.source, one.as_of) for one in services} == {("OZG-Katalog/LeiKa 10/2019", date(2019, 10, 1))}


# Services and their execution levels


def test_the_services_come_in_fourteen_fields(catalogue: Catalogue) -> None:
    assert len(catalogue.services) == 4813
    assert len(catalogue.ozg_services) == 557
    assert len({one.field for one in catalogue.ozg_services.values()}) == 14


def test_a_service_has_the_field_of_its_bundle(catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        expected = catalogue.ozg_services[service.ozg_id].field if service.ozg_id else ""
        assert service.field == expected


@pytest.mark.parametrize(
    ("key", "level", "confirmed"),
    [
        ("99010001001000", "kreis", True),  # residence permit
        ("99099002006000", "kreis", True),  # naturalisation
        ("99099002006004", "bund", True),  # naturalisation of people who live abroad
        ("99011002007000", "kreis", False),  # integration course, admission
        ("99125002001000", "bund", True),  # national visa
        ("99107040001000", "verwaltung", False),  # pass for seniors
        ("99001001002000", "kreis", False),  # waste charge
    ],
)
def test_the_level_of_well_known_services(catalogue: Catalogue, *, key: str, level: str, confirmed: bool) -> None:
    found, rule = catalogue.execution_level(catalogue.service(key))
    assert found == level
    assert rule is not None
    assert rule.confirmed is confirmed
    assert rule.source


def test_what_nobody_declared_is_open_and_not_a_guess(catalogue: Catalogue) -> None:
    levels = Counter(catalogue.execution_level(one)[0].value for one in catalogue.services.values())
    assert levels == {"offen": 3903, "bund": 648, "kreis": 228, "verwaltung": 34}
    marriage = catalogue.find_services("Eheschließung Anmeldung")[0]
    assert catalogue.execution_level(marriage) == (ExecutionLevel.OFFEN, None)


def test_immigration_is_carried_out_by_eighteen(catalogue: Catalogue) -> None:
    field = [one for one in catalogue.services.values() if one.field == "Ein- & Auswanderung"]
    assert len(field) == 247
    for service in field:
        if service.typisation == "2/3":
            level, _ = catalogue.execution_level(service)
            assert len(catalogue.competent(level)) == 18


def rule(level: str, **criteria: frozenset[object]) -> ExecutionLevelRule:
    base = ExecutionLevelRule(level=ExecutionLevel(level), reason={}, source="a law", confirmed=True)
    return replace(base, **criteria)  # type: ignore[arg-type]


SERVICE = Service(
    key=LeikaKey.parse("99010001001000"),
    title="Aufenthaltserlaubnis Erteilung",
    ozg_id=OzgId.parse("10255"),
    field="Ein- & Auswanderung",
    typisation="2/3",
    as_of=date(2019, 10, 1),
    source="test",
)
BY_KEY = rule("land", services=frozenset({SERVICE.key}))
BY_OZG_ID = rule("kreis", ozg_ids=frozenset({SERVICE.ozg_id}))
BY_FIELD = rule("verwaltung", fields=frozenset({SERVICE.field}))
BY_TYPE = rule("bund", typisations=frozenset({SERVICE.typisation}))
BY_FIELD_AND_TYPE = rule("gemeinde", fields=frozenset({SERVICE.field}), typisations=frozenset({SERVICE.typisation}))


@pytest.mark.parametrize(
    ("rules", "decides"),
    [
        ((BY_TYPE, BY_FIELD), BY_FIELD),
        ((BY_FIELD_AND_TYPE, BY_FIELD, BY_TYPE), BY_FIELD_AND_TYPE),
        ((BY_OZG_ID, BY_FIELD_AND_TYPE), BY_OZG_ID),
        ((BY_TYPE, BY_KEY, BY_OZG_ID), BY_KEY),
    ],
)
def test_the_most_specific_rule_decides(rules: tuple[ExecutionLevelRule, ...], decides: ExecutionLevelRule) -> None:
    catalogue = Catalogue(municipalities={}, services={}, ozg_services={}, rules=rules)
    assert catalogue.execution_level(SERVICE) == (decides.level, decides)


def test_a_rule_needs_all_its_criteria() -> None:
    elsewhere = replace(SERVICE, field="Bildung")
    assert BY_TYPE.matches(elsewhere)
    assert not BY_FIELD_AND_TYPE.matches(elsewhere)
    assert not BY_OZG_ID.matches(replace(SERVICE, ozg_id=None))


def test_a_service_with_two_types_matches_neither(catalogue: Catalogue) -> None:
    mixed = [one for one in catalogue.services.values() if one.typisation == "1, 2/3"]
    assert len(mixed) == 12
    assert {catalogue.execution_level(one)[0] for one in mixed} == {ExecutionLevel.OFFEN}


def test_kinds_and_levels_have_names_in_both_languages() -> None:
    for language in Language:
        wording = Wording.load(language)
        assert all(wording.text(f"level.{level}") for level in ExecutionLevel)
        assert all(wording.text(f"municipality-kind.{kind}") for kind in MunicipalityKind)


def test_the_catalogue_is_read_once() -> None:
    assert load_catalogue() is load_catalogue()
