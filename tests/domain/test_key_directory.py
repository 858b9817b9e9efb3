"""The keys that are known: those of the catalogue, and a hash that changes with every one of them."""

from dataclasses import replace
from datetime import date

import pytest

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.key_directory import KeyDirectory

CATALOGUE = load_catalogue()
DIRECTORY = KeyDirectory(
    services=frozenset({"99010001001000", "99010001001009"}),
    services_as_of=date(2026, 1, 1),
    municipalities={"120540000000": "12054000", "120605003000": ""},
    municipalities_as_of=date(2026, 2, 1),
    lands=frozenset({"12"}),
)


def test_the_keys_are_those_of_the_catalogue() -> None:
    directory = KeyDirectory.of(CATALOGUE)

    assert directory.services == {str(key) for key in CATALOGUE.services}
    assert directory.municipalities.keys() == {str(one.ars) for one in CATALOGUE.municipalities.values()}
    assert directory.municipalities["120540000000"] == "12054000"
    assert "" in directory.municipalities.values()


def test_the_days_are_those_of_the_newest_entries() -> None:
    directory = KeyDirectory.of(CATALOGUE)

    assert directory.services_as_of == max(one.as_of for one in CATALOGUE.services.values())
    assert directory.municipalities_as_of == max(one.as_of for one in CATALOGUE.municipalities.values())


def test_a_land_of_which_only_the_landkreise_are_known_is_not_covered() -> None:
    directory = KeyDirectory.of(CATALOGUE)

    assert directory.lands == {"12"}
    assert len({ars[:2] for ars in directory.municipalities}) == 16


def test_of_an_empty_catalogue_nothing_is_known() -> None:
    directory = KeyDirectory.of(replace(CATALOGUE, services={}, municipalities={}))

    assert directory == KeyDirectory()
    assert (directory.services_as_of, directory.municipalities_as_of) == (None, None)


def test_the_hash_does_not_depend_on_the_order() -> None:
    other = replace(
        DIRECTORY,
        services=frozenset({"99010001001009", "99010001001000"}),
        municipalities={"120605003000": "", "120540000000": "12054000"},
    )

    assert other.digest == DIRECTORY.digest
    assert len(DIRECTORY.digest) == 12


@pytest.mark.parametrize(
    "other",
    [
        replace(DIRECTORY, services=frozenset({"99010001001000"})),
        replace(DIRECTORY, services=DIRECTORY.services | {"99010001001001"}),
        replace(DIRECTORY, municipalities={"120540000000": "12054000"}),
        replace(DIRECTORY, municipalities={**DIRECTORY.municipalities, "120605003000": "12060003"}),
        replace(DIRECTORY, services_as_of=date(2026, 1, 2)),
        replace(DIRECTORY, municipalities_as_of=None),
        KeyDirectory(),
    ],
)
def test_the_hash_changes_with_every_key_and_day(other: KeyDirectory) -> None:
    assert other.digest != DIRECTORY.digest
