"""Code lists: which version is current, whatever the order in which they are read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.code_lists import CodeList, CodeLists, version_key

URI = "urn:probe:farbe"


def _list(version: str, day: date | None = None, uri: str = URI) -> CodeList:
    return CodeList(uri=uri, version=version, valid_from=day)


@pytest.mark.parametrize(
    "versions",
    [
        ["1", "2", "10"],
        ["1.9", "1.10", "2"],
        ["1.0", "1.0.1", "1.1"],
        ["2023-12-31", "2024-08-01", "2025-01-01"],
        ["2024-09", "2024-10"],
        ["a", "1"],
        ["1.a", "1.0"],
    ],
)
def test_versions_are_in_the_order_of_their_numbers(versions: list[str]) -> None:
    assert all(version_key(one) < version_key(other) for one, other in pairwise(versions))


@given(st.lists(st.text("0123456789.-aä²", max_size=8), min_size=2, max_size=5))
def test_any_texts_can_be_told_in_order(versions: list[str]) -> None:
    keys = [version_key(one) for one in versions]

    assert sorted(keys) == sorted(keys, reverse=True)[::-1]


@given(st.permutations(["1", "2", "10", "9"]))
def test_the_highest_number_is_current_whatever_comes_first(versions: list[str]) -> None:
    assert CodeLists.of(_list(version) for version in versions).current == {URI: "10"}


@given(st.permutations([_list("3", date(2024, 1, 1)), _list("2", date(2025, 1, 1)), _list("9"), _list("10")]))
def test_the_version_that_came_into_force_last_is_current(lists: list[CodeList]) -> None:
    assert CodeLists.of(lists).current == {URI: "2"}


def test_lists_are_found_by_uri_and_version() -> None:
    one, other, third = _list("1"), _list("2"), _list("1", uri="urn:probe:form")

    lists = CodeLists.of([one, other, third])

    assert lists.lists == {URI: {"1": one, "2": other}, "urn:probe:form": {"1": third}}
    assert lists.current == {URI: "2", "urn:probe:form": "1"}


def test_no_lists_are_false() -> None:
    assert not CodeLists()
    assert not CodeLists.of([])
    assert CodeLists.of([_list("1")])
