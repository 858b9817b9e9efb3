"""Patterns that are taken out of a schema: what the published schema refuses is never called valid without them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Verdict
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.plain_patterns import PLAIN
from ozgflow.standards.schema_files import collect
from ozgflow.standards.validator import Validator
from ozgflow.standards.value_patterns import ValuePatterns, value_patterns
from tests.standards.schemas import element, root_of, write

ROOT = Path(__file__).parents[2]
GOOD, BAD = "abcdefabcdefabcdefab", "abcdefabcdefabcdefaz"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
KEY = (
    '<xs:simpleType name="Key"><xs:restriction base="xs:token"><xs:pattern value="[a-f]{20}"/></xs:restriction>'
    "</xs:simpleType>"
)
INLINE = '<xs:simpleType><xs:restriction base="Key"/></xs:simpleType>'
K = element("k", "Key")


class Both:
    """The validator, and libxml2 with the schema as published."""

    def __init__(self, schema: Path) -> None:
        self.validator = Validator.for_schema(schema)
        self._full = compile_schema(collect(schema, {}))

    def differs(self, document: str | bytes) -> bool:
        data = document.encode() if isinstance(document, str) else document
        published = bool(self._full.validate(etree.fromstring(data)))
        return published is not (self.validator.check(data).verdict is Verdict.VALID)

    def is_valid(self, document: str) -> bool:
        return bool(self._full.validate(etree.fromstring(document.encode())))


def taken_out(schema: Path, visited: frozenset[str] = frozenset()) -> ValuePatterns | None:
    """What is taken out of a schema."""
    return value_patterns(collect(schema, {}).roots, PLAIN, visited)


def _names(schema: Path, visited: frozenset[str] = frozenset()) -> set[str]:
    found = taken_out(schema, visited)
    return set(found.by_name) if found else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A schema, and a document with a gap for a value that its pattern is for."""

    schema: str
    document: str
    attributes: str = ""
    more: Mapping[str, tuple[str, str]] | None = None

    def write(self, folder: Path) -> Path:
        for name, (body, attributes) in (self.more or {}).items():
            write(folder, name, body, attributes)
        return write(folder, "s.xsd", self.schema, self.attributes)


def _plain(schema: str, document: str) -> Case:
    """A case whose document ends with another value of the type, in order."""
    return Case(schema=schema, document=document)


_NODE = '<xs:complexType name="Node"><xs:simpleContent><xs:extension base="Key"/></xs:simpleContent></xs:complexType>'
_IN_B = 'targetNamespace="urn:b" xmlns:b="urn:b"'
_B = '<xs:import namespace="urn:b" schemaLocation="b.xsd"/>'
_DERIVED = '<xs:simpleType name="Down"><xs:restriction base="Key"><xs:enumeration value="{}"/></xs:restriction>'

CASES = {
    "a named type": Case(schema=KEY + root_of(K), document="<r><k>{}</k></r>"),
    "an inline type": Case(
        schema=KEY + root_of(f'<xs:element name="k">{INLINE}</xs:element>'), document="<r><k>{}</k></r>"
    ),
    "a derived type": Case(
        schema=KEY
        + _DERIVED.format(GOOD)
        + "</xs:simpleType>"
        + root_of(element("d", "Down"), f'<xs:element name="k" type="Key" default="{GOOD}"/>'),
        document="<r><d>{}</d><k/></r>",
    ),
    "a default": Case(
        schema=KEY + root_of(f'<xs:element name="k" type="Key" default="{GOOD}"/>'), document="<r><k>{}</k></r>"
    ),
    "a fixed value": Case(
        schema=KEY + root_of(f'<xs:element name="k" type="Key" fixed="{GOOD}"/>'), document="<r><k>{}</k></r>"
    ),
    "a name with two types": Case(
        schema=KEY
        + root_of(
            '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="k" type="xs:string"/></xs:sequence>'
            "</xs:complexType></xs:element>",
            K,
        ),
        document="<r><a><k>frei</k></a><k>{}</k></r>",
    ),
    "an attribute": Case(
        schema=KEY + root_of(K, attributes='<xs:attribute name="a" type="Key"/>'),
        document=f'<r a="{{}}"><k>{GOOD}</k></r>',
    ),
    "an attribute with an inline type": Case(
        schema=KEY + root_of(K, attributes=f'<xs:attribute name="a">{INLINE}</xs:attribute>'),
        document=f'<r a="{{}}"><k>{GOOD}</k></r>',
    ),
    "an attribute of that name": Case(
        schema=KEY + root_of(element("a", "xs:string"), K, attributes='<xs:attribute name="k" type="Key"/>'),
        document=f'<r k="{{}}"><a/><k>{GOOD}</k></r>',
    ),
    "simple content": Case(
        schema=KEY + _NODE + root_of(element("n", "Node"), K), document=f"<r><n>{{}}</n><k>{GOOD}</k></r>"
    ),
    "a list of the type": Case(
        schema=KEY
        + '<xs:simpleType name="L"><xs:list itemType="Key"/></xs:simpleType>'
        + root_of(element("l", "L"), K),
        document=f"<r><l>{GOOD} {{}}</l><k>{GOOD}</k></r>",
    ),
    "a union with the type": Case(
        schema=KEY
        + '<xs:simpleType name="U"><xs:union memberTypes="xs:int Key"/></xs:simpleType>'
        + root_of(element("u", "U"), K),
        document=f"<r><u>{{}}</u><k>{GOOD}</k></r>",
    ),
    "a substitution group with a type": Case(
        schema=KEY
        + element("h", "xs:token")
        + '<xs:element name="m" type="Key" substitutionGroup="h"/>'
        + root_of('<xs:element ref="h"/>'),
        document="<r><m>{}</m></r>",
    ),
    "a substitution group without a type": Case(
        schema=KEY
        + element("h", "Key")
        + '<xs:element name="m" substitutionGroup="h"/>'
        + root_of('<xs:element ref="h"/>'),
        document="<r><m>{}</m></r>",
    ),
    "a redefined type": Case(
        schema='<xs:redefine schemaLocation="b.xsd"><xs:simpleType name="Key"><xs:restriction base="Key">'
        '<xs:pattern value="[a-f]+"/></xs:restriction></xs:simpleType></xs:redefine>' + root_of(K),
        document="<r><k>{}</k></r>",
        more={"b.xsd": (KEY, "")},
    ),
    "a wildcard": Case(schema=KEY + K + root_of('<xs:any processContents="strict"/>'), document="<r><k>{}</k></r>"),
    "xsi:type": Case(
        schema=KEY + root_of(element("e", "xs:string"), K),
        document=f'<r {XSI}><e xsi:type="Key">{{}}</e><k>{GOOD}</k></r>',
    ),
    "xsi:type by a reference": Case(
        schema=KEY + root_of(element("e", "xs:string"), K),
        document=f'<r {XSI.replace("-", "&#45;")}><e xsi:type="Key">{{}}</e><k>{GOOD}</k></r>',
    ),
    "xsi:nil": Case(
        schema=KEY + root_of('<xs:element name="k" type="Key" nillable="true"/>'),
        document=f'<r {XSI}><k xsi:nil="false">{{}}</k></r>',
    ),
    "two types of one name in two namespaces": Case(
        schema=_B + KEY + root_of(K, '<xs:element ref="b:g"/>'),
        document='<r><k>{}</k><b:g xmlns:b="urn:b">1</b:g></r>',
        attributes='xmlns:b="urn:b"',
        more={
            "b.xsd": (
                '<xs:simpleType name="Key"><xs:restriction base="xs:int"/></xs:simpleType>' + element("g", "b:Key"),
                _IN_B,
            )
        },
    ),
}
OPEN = {
    "a list with an inline member": Case(
        schema=KEY
        + f'<xs:simpleType name="L"><xs:list>{INLINE}</xs:list></xs:simpleType>'
        + root_of(element("l", "L"), K),
        document=f"<r><l>{GOOD} {{}}</l><k>{GOOD}</k></r>",
    ),
    "a union with an inline member": Case(
        schema=KEY
        + f'<xs:simpleType name="U"><xs:union memberTypes="xs:int">{INLINE}</xs:union></xs:simpleType>'
        + root_of(element("u", "U"), K),
        document=f"<r><u>{{}}</u><k>{GOOD}</k></r>",
    ),
    "a substitution group without a type but with an annotation": Case(
        schema=KEY
        + element("h", "Key")
        + '<xs:element name="m" substitutionGroup="h"><xs:annotation/></xs:element>'
        + root_of('<xs:element ref="h"/>'),
        document="<r><m>{}</m></r>",
    ),
    "a type derived from one whose name occurs twice": Case(
        schema=_B
        + KEY
        + '<xs:simpleType name="T"><xs:restriction base="Key"/></xs:simpleType>'
        + root_of(element("t", "T"), K, '<xs:element ref="b:g"/>'),
        document=f'<r><t>{{}}</t><k>{GOOD}</k><b:g xmlns:b="urn:b">1</b:g></r>',
        attributes='xmlns:b="urn:b"',
        more={
            "b.xsd": (
                '<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>' + element("g", "b:T"),
                _IN_B,
            )
        },
    ),
    "a type derived in very many steps": Case(
        schema=KEY
        + "".join(
            f'<xs:simpleType name="T{number}"><xs:restriction base="{f"T{number - 1}" if number else "Key"}"/>'
            "</xs:simpleType>"
            for number in range(25)
        )
        + root_of(element("t", "T24"), K),
        document=f"<r><t>{{}}</t><k>{GOOD}</k></r>",
    ),
}
VALUES = [
    *(GOOD, BAD, "", " ", f" {GOOD} ", f"\n{BAD}", f"\t{GOOD}", GOOD.replace("c", "c ", 1), GOOD[:-1], f"{GOOD}a"),
    *(GOOD.replace("d", "&#100;"), GOOD.replace("d", "&#x7a;"), GOOD + "&#32;", "&#10;" + GOOD, f"{GOOD}\u00a0"),
    *(GOOD.upper(), "äbcdefabcdefabcdefab", "&amp;" + GOOD[1:], GOOD + "\r\n", GOOD + "&#13;"),
]
CUT = [
    *(f"{GOOD[:9]}<!-- x -->{GOOD[9:]}", f"{GOOD}<!-- x -->z", f"{GOOD}<?x y?>z", f"<![CDATA[{BAD}]]>"),
    *(f"{GOOD}<![CDATA[z]]>", f"<![CDATA[{GOOD}]]>", f"<!-- x -->{BAD}", f"{GOOD[:9]}<?x?>{GOOD[9:]}", f"{GOOD}<z/>"),
]


def _differing(case: Case, folder: Path) -> list[str]:
    both = Both(case.write(folder))
    values = VALUES if '="{}"' in case.document else [*VALUES, *CUT]
    assert both.is_valid(case.document.format(GOOD))
    assert not both.is_valid(case.document.format(BAD))
    return [value for value in values if both.differs(case.document.format(value))]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_verdict_is_that_of_the_schema_as_published(case: Case, tmp_path: Path) -> None:
    assert _differing(case, tmp_path) == []


@pytest.mark.parametrize("case", OPEN.values(), ids=list(OPEN))
def test_the_verdict_is_that_of_the_schema_as_published_here_too(case: Case, tmp_path: Path) -> None:
    assert _differing(case, tmp_path) == []


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1", "UTF-8-SIG"])
@pytest.mark.parametrize("value", [GOOD, BAD, f"{GOOD}<!-- -->z", f"{GOOD}<?x?>z", f"<![CDATA[{BAD}]]>"])
def test_no_encoding_lets_a_wrong_value_through(tmp_path: Path, encoding: str, value: str) -> None:
    case = CASES["a named type"]
    both = Both(case.write(tmp_path))
    declared = encoding.removesuffix("-SIG")
    document = f'<?xml version="1.0" encoding="{declared}"?>{case.document.format(value)}'

    assert not both.differs(document.encode(encoding))


def test_a_type_for_the_text_of_one_element_is_taken_out(tmp_path: Path) -> None:
    schema = CASES["a named type"].write(tmp_path)

    found = taken_out(schema)

    assert found is not None
    assert list(found.by_name) == ["k"]
    assert [bool(next(root.iter("{*}pattern"), None) is not None) for root in found.roots.values()] == [False]


def test_the_schema_as_published_stays_as_it_is(tmp_path: Path) -> None:
    files = collect(CASES["a named type"].write(tmp_path), {})
    before = [etree.tostring(root) for root in files.roots.values()]

    value_patterns(files.roots, PLAIN, frozenset())

    assert [etree.tostring(root) for root in files.roots.values()] == before


@pytest.mark.parametrize(
    "name",
    [
        *("an attribute", "an attribute with an inline type", "an attribute of that name", "simple content"),
        *("a list of the type", "a union with the type", "a redefined type", "a name with two types"),
        *("a substitution group without a type", "two types of one name in two namespaces"),
    ],
)
def test_a_type_that_is_used_for_anything_else_stays(tmp_path: Path, name: str) -> None:
    assert _names(CASES[name].write(tmp_path)) == set()


def test_a_short_pattern_pays_only_where_the_walk_looks_anyway(tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", KEY.replace("{20}", "{4}") + root_of(K))

    assert _names(schema) == set()
    assert _names(schema, frozenset({"k"})) == {"k"}


def test_alternatives_of_one_step_stay(tmp_path: Path) -> None:
    two = KEY.replace("<xs:pattern", '<xs:pattern value="[0-9]{20}"/><xs:pattern')

    assert _names(write(tmp_path, "s.xsd", two + root_of(K))) == set()


def test_both_steps_of_a_derivation_are_checked(tmp_path: Path) -> None:
    closer = '<xs:simpleType name="Closer"><xs:restriction base="Key"><xs:pattern value="a.{19}"/></xs:restriction>'
    schema = write(tmp_path, "s.xsd", KEY + closer + "</xs:simpleType>" + root_of(element("k", "Closer")))
    found = taken_out(schema)

    assert found is not None
    assert len(found.by_name["k"]) == 2
    both = Both(schema)
    assert [both.differs(f"<r><k>{value}</k></r>") for value in (GOOD, BAD, "b" * 20, "a" + "9" * 19)] == [False] * 4


@pytest.mark.parametrize(
    "schema", sorted((ROOT / "schemas").glob("*/*/aufenthalt-antrag.xsd")), ids=lambda one: one.parent.name
)
def test_of_our_own_standards_the_costly_patterns_are_taken_out(schema: Path) -> None:
    visited = frozenset({"nachrichtenUUID", "erstellungszeitpunkt", "kennung", "regionalschluessel"})
    files = collect(schema, {address: schema.parent / address.rpartition("/")[2] for address in _remote(schema)})

    found = value_patterns(files.roots, PLAIN, visited)

    assert found is not None
    assert {"nachrichtenUUID", "pruefsumme"} <= set(found.by_name)


def _remote(schema: Path) -> list[str]:
    texts = (file.read_text(encoding="utf-8") for file in schema.parent.glob("*.xsd"))
    return [part.partition('"')[0] for text in texts for part in text.split('schemaLocation="')[1:] if "://" in part]


TYPES = {
    base: pattern
    for base, pattern in [
        ("string", "[a-f ]{3,6}"),
        ("string", "[a-f]+"),
        ("string", "[^x]{2,5}"),
        ("string", ".{2,5}"),
        ("normalizedString", "[a-f ]{3,6}"),
        ("normalizedString", "[^x]{2,5}"),
        ("token", ".{2,5}"),
        ("token", "[^x]{2,5}"),
        ("token", "[a-f]{2}( [a-f]{2})*"),
        ("anyURI", "[a-f:/]{3,9}"),
        ("integer", "[0-9]{2,3}"),
        ("date", "2026-.*"),
        ("NMTOKEN", "a.*"),
    ]
    for base, pattern in [(f"{base} {pattern}", pattern)]
}
_both: dict[str, Both] = {}


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text("abcdefx 0123456789-:/\t\n\rä", max_size=8) | st.text("ab ", max_size=7) | st.just("2026-11-22"))
def test_a_value_of_any_type_in_any_white_space_is_judged_as_published(
    kind: str, value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base, _, pattern = kind.partition(" ")
    if kind not in _both:
        declared = (
            f'<xs:element name="kennung"><xs:simpleType><xs:restriction base="xs:{base}">'
            f'<xs:pattern value="{pattern}"/></xs:restriction></xs:simpleType></xs:element>'
        )
        _both[kind] = Both(write(tmp_path_factory.mktemp("type"), "s.xsd", root_of(declared)))
    # White space at the ends of a date is a fault of libxml2's that the validator makes good.
    text = value.strip() if base == "date" else value

    assert not _both[kind].differs(f"<r><kennung>{text.replace(chr(13), '&#13;')}</kennung></r>")


def test_white_space_that_a_class_names_by_its_escape_is_folded_first(tmp_path: Path) -> None:
    both = Both(write(tmp_path, "s.xsd", KEY.replace("[a-f]", "[a\\s]") + root_of(K)))

    assert not both.differs(f"<r><k>{'a' * 10 + ' ' * 10}</k></r>")


@pytest.mark.parametrize("pattern", ["[a-z\\-]*", "[^a]*", "(a|b)*", "[a-fA-F0-9]*"])
def test_what_is_accepted_empty_is_still_checked_where_the_walk_looks(tmp_path: Path, pattern: str) -> None:
    facet = f'<xs:pattern value="{pattern}"/>'
    kind = f'<xs:simpleType><xs:restriction base="xs:string">{facet}</xs:restriction></xs:simpleType>'
    both = Both(write(tmp_path, "s.xsd", root_of(f'<xs:element name="kennung">{kind}</xs:element>')))

    assert not [
        value
        for value in ("", "a", "b", "zz", "-", "a-b", "\\", "]", "^", " ")
        if both.differs(f"<r><kennung>{value}</kennung></r>")
    ]
