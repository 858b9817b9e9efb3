"""From an operator's words to rollouts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, Service, load_catalogue
from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.errors import InvalidKey, UsageError
from ozgflow.jobs.plan import Plan, plan_rollouts, split
from tests.conftest import TODAY

CATALOGUE = load_catalogue()
PERMIT = "99010001001009"
MUNICIPALITIES = (
    MunicipalityKind.KREISFREIE_STADT,
    MunicipalityKind.AMTSFREIE_GEMEINDE,
    MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
)


def _plan(*services: str, municipalities: tuple[str, ...] = (), kinds: tuple[MunicipalityKind, ...] = ()) -> Plan:
    return plan_rollouts(
        CATALOGUE,
        programme="efa-nachnutzung",
        services=services,
        municipalities=municipalities,
        kinds=kinds,
        today=TODAY,
    )


def _service_of(catalogue: Catalogue, level: ExecutionLevel) -> Service:
    return next(one for one in catalogue.services.values() if catalogue.execution_level(one)[0] is level)


def _sentence(error: UsageError, language: Language = Language.GERMAN) -> str:
    return Wording.load(language).render(Message(error.code, error.params))


def test_without_a_word_all_competent_authorities_take_part() -> None:
    plan = _plan(PERMIT)

    assert len(plan.keys) == 18
    assert {CATALOGUE.municipalities[key.municipality].kind for key in plan.keys} == {
        MunicipalityKind.LANDKREIS,
        MunicipalityKind.KREISFREIE_STADT,
    }
    assert [str(service.key) for service in plan.services] == [PERMIT]
    assert plan.programme.code == "efa-nachnutzung"


def test_the_plan_is_sorted_and_names_nobody_twice() -> None:
    other = str(_service_of(CATALOGUE, ExecutionLevel.VERWALTUNG).key)

    plan = _plan(*sorted((PERMIT, other), reverse=True), PERMIT)

    assert list(plan.keys) == sorted(set(plan.keys))
    assert len(plan.keys) == 18 + 193
    assert len(plan.services) == 2


def test_names_and_keys_pick_just_these() -> None:
    plan = _plan(PERMIT, municipalities=("120700000000", "Barnim", "LK Barnim"))

    assert [str(key.municipality) for key in plan.keys] == ["120600000000", "120700000000"]


def test_all_kinds_of_municipality_together_are_413() -> None:
    plan = _plan(PERMIT, kinds=MUNICIPALITIES)

    assert len(plan.keys) == 413


def test_another_land_takes_part_when_it_is_asked_for() -> None:
    plan = plan_rollouts(CATALOGUE, programme="efa-nachnutzung", services=[PERMIT], today=TODAY, land="10")

    assert len(plan.keys) == 6
    assert {key.municipality.land for key in plan.keys} == {"10"}


def test_a_kind_in_another_land_means_that_land_alone() -> None:
    plan = plan_rollouts(
        CATALOGUE,
        programme="efa-nachnutzung",
        services=[PERMIT],
        kinds=[MunicipalityKind.KREISFREIE_STADT],
        today=TODAY,
        land="04",
    )

    assert [CATALOGUE.name_of(key.municipality) for key in plan.keys] == ["Bremen", "Bremerhaven"]


def test_names_are_added_to_kinds_and_nobody_is_counted_twice() -> None:
    plan = _plan(PERMIT, municipalities=("Barnim", "Cottbus"), kinds=(MunicipalityKind.KREISFREIE_STADT,))

    assert len(plan.keys) == 1 + 4


@pytest.mark.parametrize("language", Language)
def test_an_unknown_name_is_refused_with_a_suggestion(language: Language) -> None:
    with pytest.raises(UsageError) as refused:
        _plan(PERMIT, municipalities=("Barnimm",))

    assert "Barnimm" in _sentence(refused.value, language)
    assert "Landkreis Barnim" in _sentence(refused.value, language)


def test_a_name_that_fits_several_is_refused_with_all_of_them() -> None:
    with pytest.raises(UsageError) as refused:
        _plan(PERMIT, municipalities=("Golzow",))

    assert _sentence(refused.value).count("Golzow (") >= 2


def test_an_unknown_service_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UsageError) as refused:
        _plan("99010001001999")

    assert "9901000100" in _sentence(refused.value).partition("Meinten Sie")[2]


@pytest.mark.parametrize("key", ["", "9901", "9901000100100x", "12010001001009"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidKey) as refused:
        _plan(key)

    assert _sentence(refused.value).endswith(".")


def test_an_unknown_programme_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError) as refused:
        plan_rollouts(CATALOGUE, programme="efa", services=[PERMIT], today=TODAY)

    assert "efa-nachnutzung" in _sentence(refused.value)


def test_an_open_level_is_refused_and_the_file_to_mend_is_named() -> None:
    service = _service_of(CATALOGUE, ExecutionLevel.OFFEN)

    with pytest.raises(UsageError) as refused:
        _plan(str(service.key))

    sentence = _sentence(refused.value)
    assert sentence.startswith(f"Die Vollzugsebene der Leistung {service.key} ist nicht festgelegt.")
    assert "execution_levels.toml" in sentence


def test_an_open_level_does_not_keep_those_who_are_named_from_it() -> None:
    service = _service_of(CATALOGUE, ExecutionLevel.OFFEN)

    plan = _plan(str(service.key), municipalities=("Barnim",))

    assert len(plan.keys) == 1


def test_a_service_of_the_federation_has_no_municipalities() -> None:
    service = _service_of(CATALOGUE, ExecutionLevel.BUND)

    with pytest.raises(UsageError) as refused:
        _plan(str(service.key))

    assert "Bund" in _sentence(refused.value)


@given(items=st.lists(st.integers()), parts=st.integers(1, 12))
def test_split_loses_nothing_and_makes_no_more_pieces_than_asked_for(items: list[int], parts: int) -> None:
    pieces = split(items, parts)

    assert [item for piece in pieces for item in piece] == items
    assert len(pieces) <= parts
    assert all(pieces)
