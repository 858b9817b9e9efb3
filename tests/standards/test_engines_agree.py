"""Both engines on types, facets and patterns: where they differ, the difference is on the documented list."""

import random
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree

from tests.standards.engines import Engines
from tests.standards.lexical_edges import BUILT_IN, FACETS, PATTERNS
from tests.standards.schemas import write

MUTANTS = 300
SIGNS = "0123456789-+.:TZPYMDHSeE _aAxz%#/[]=\t\n\u00a0\u00e4\u0301\u1e9e\u20ac\uff11\U0001f600"


@pytest.mark.parametrize("kind", BUILT_IN)
def test_a_difference_on_a_built_in_type_is_on_the_list(kind: str, tmp_path: Path) -> None:
    engines = Engines(_of_type(tmp_path, f'type="xs:{kind}"'))

    assert [ascii(value) for value in BUILT_IN[kind] if _is_unknown(engines, value)] == []


@pytest.mark.parametrize(("kind", "facets", "values"), FACETS)
def test_a_difference_on_a_facet_is_on_the_list(
    kind: str, facets: list[tuple[str, str]], values: list[str], tmp_path: Path
) -> None:
    engines = Engines(_restricted(tmp_path, kind, facets))

    assert [ascii(value) for value in values if _is_unknown(engines, value)] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_difference_on_a_pattern_is_on_the_list(pattern: str, tmp_path: Path) -> None:
    engines = Engines(_restricted(tmp_path, "string", [("pattern", pattern)]))

    assert [ascii(value) for value in PATTERNS[pattern] if _is_unknown(engines, value)] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", BUILT_IN)
def test_a_difference_on_a_mutated_value_is_on_the_list(kind: str, tmp_path: Path) -> None:
    engines = Engines(_of_type(tmp_path, f'type="xs:{kind}"'))
    numbers = random.Random(kind)  # noqa: S311 - a repeatable choice of examples

    mutants = {_mutated(numbers.choice(BUILT_IN[kind]), numbers) for _ in range(MUTANTS)}

    assert sorted(ascii(value) for value in mutants if _is_unknown(engines, value)) == []


def _of_type(folder: Path, attributes: str, content: str = "") -> Path:
    declared = f'<xs:element name="e" {attributes}>{content}</xs:element>'
    attribute = f'<xs:attribute name="a" {attributes}>{content}</xs:attribute>'
    held = f'<xs:element name="a"><xs:complexType>{attribute}</xs:complexType></xs:element>'
    return write(folder, "schema.xsd", declared + held)


def _restricted(folder: Path, kind: str, facets: list[tuple[str, str]]) -> Path:
    inside = "".join(f"<xs:{name} value={quoteattr(value)}/>" for name, value in facets)
    content = f'<xs:simpleType><xs:restriction base="xs:{kind}">{inside}</xs:restriction></xs:simpleType>'
    return _of_type(folder, "", content)


def _documents(value: str) -> Iterator[bytes]:
    """The value as the content of an element and as an attribute."""
    content = etree.Element("e")
    content.text = value
    yield etree.tostring(content).replace(b"\r", b"&#13;")
    yield etree.tostring(etree.Element("a", a=value))


def _is_unknown(engines: Engines, value: str) -> bool:
    """Whether the engines differ on a value without a documented reason."""
    compared = [engines.compare(document) for document in _documents(value)]
    return any(disagreement is not None and not disagreement.faults for disagreement in compared)


def _mutated(value: str, numbers: random.Random) -> str:
    """A value with up to three signs put in, left out or changed."""
    for _ in range(numbers.randint(1, 3)):
        place, sign = numbers.randint(0, len(value)), numbers.choice(SIGNS)
        value = numbers.choice(
            [
                value[:place] + sign + value[place:],
                value[:place] + value[place + 1 :],
                value[:place] + sign + value[place + 1 :],
            ]
        )
    return value
