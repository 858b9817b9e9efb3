"""Constraints on doubles that we check ourselves: which ones, and what is left of the schema."""

from pathlib import Path

import pytest
from lxml import etree

from ozgflow.standards.identity import XS
from ozgflow.standards.uniqueness import Field, OwnConstraints, own_constraints

HERE = Path("s.xsd")
NAMESPACE = "urn:test:keys"
HEAD = (
    f'<xs:schema xmlns:xs="{XS[1:-1]}" xmlns="{XS[1:-1]}" xmlns:t="{NAMESPACE}" targetNamespace="{NAMESPACE}"'
    ' elementFormDefault="qualified">'
)
TYPES = (
    '<xs:simpleType name="Kurz"><xs:restriction base="Name"/></xs:simpleType>'
    '<xs:simpleType name="Kürzer"><xs:restriction><xs:simpleType><xs:restriction base="t:Kurz"/></xs:simpleType>'
    "</xs:restriction></xs:simpleType>"
    '<xs:simpleType name="Liste"><xs:list itemType="xs:string"/></xs:simpleType>'
    '<xs:simpleType name="Oder"><xs:union memberTypes="xs:string xs:token"/></xs:simpleType>'
    '<xs:complexType name="Satz"><xs:simpleContent><xs:extension base="ID"/></xs:simpleContent></xs:complexType>'
)

ATTRIBUTES = ("", ' type="xs:int"', ' type="xs:token" default="x"', ' type="xs:token" fixed="x"')
ATTRIBUTE = '<xs:attribute name="a" type="ID"/>'
OPEN = '<xs:anyAttribute processContents="lax"/>'
STRING = '<xs:simpleType name="string"><xs:restriction base="xs:int"/></xs:simpleType>'
KEYREF = '<xs:keyref name="v" refer="t:k"><xs:selector xpath="t:n"/><xs:field xpath="@a"/></xs:keyref>'


def _schema(
    *,
    field: str = "t:f",
    selector: str = "t:n",
    kind: str = "unique",
    name: str = '<xs:element name="f" type="xs:string"/>',
    attribute: str = '<xs:attribute name="a" type="xs:token"/>',
    more: str = "",
    constraint: str = "",
) -> etree._Element:
    fields = "".join(f'<xs:field xpath="{one}"/>' for one in field.split("+"))
    return etree.fromstring(
        f'{HEAD}{TYPES}<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="n" maxOccurs="9">'
        f"<xs:complexType><xs:sequence>{name}</xs:sequence>{attribute}</xs:complexType></xs:element></xs:sequence>"
        f'</xs:complexType><xs:{kind} name="k"><xs:selector xpath="{selector}"/>{fields}</xs:{kind}>{constraint}'
        f"</xs:element>{more}</xs:schema>"
    )


def _read(root: etree._Element) -> OwnConstraints | None:
    return own_constraints({HERE: root})


def test_names_are_read_with_their_namespaces() -> None:
    found = _read(_schema(field="t:f+@a", kind="key"))

    assert found is not None
    (check,) = found.checks
    assert check.names == {f"{{{NAMESPACE}}}n"}
    assert check.fields == (Field(child=f"{{{NAMESPACE}}}f"), Field(attribute="a"))
    assert (check.depth, check.required) == (1, True)
    assert found.whole == check.names


@pytest.mark.parametrize(
    ("selector", "depth"),
    [("t:n", 1), ("./t:n", 1), ("t:r/t:n", 2), ("*/t:*/t:n", 3), (".//t:n", 0), ("t:r/./t:n", 0), ("t:n|t:r/t:m", 0)],
)
def test_values_are_unique_within_an_element_so_many_levels_above(selector: str, depth: int) -> None:
    found = _read(_schema(selector=selector))

    assert found is not None
    assert [check.depth for check in found.checks] == [depth]


@pytest.mark.parametrize(
    "kind",
    ["xs:string", "string", "xs:ID", "xs:language", "t:Kurz", "t:Kürzer"],
)
def test_texts_of_a_type_derived_from_string_are_compared(kind: str) -> None:
    assert _read(_schema(name=f'<xs:element name="f" type="{kind}"/>')) is not None


@pytest.mark.parametrize(
    "changed",
    [
        *(
            {"name": f'<xs:element name="f" type="{kind}"/>'}
            for kind in (
                "xs:decimal",
                "xs:date",
                "xs:QName",
                "xs:anyURI",
                "xs:NMTOKENS",
                "t:Liste",
                "t:Oder",
                "t:Satz",
            )
        ),
        {"name": '<xs:element name="f" type="t:fehlt"/>'},
        {"name": '<xs:element name="f"/>'},
        {"name": '<xs:element name="f" type="xs:string" default="x"/>'},
        {"name": '<xs:element name="f" type="xs:string" fixed="x"/>'},
        {"name": '<xs:element name="f" type="xs:string" nillable="true"/>'},
        {"name": '<xs:element name="f" type="xs:string"/><xs:any processContents="lax"/>'},
        {"name": '<xs:element name="f" type="xs:string"/><xs:any processContents="skip"/>'},
        {"name": '<xs:element name="f" type="xs:string"/><xs:element name="x" type="xs:anyType"/>'},
        {"name": '<xs:element ref="t:f"/>'},
        *({"field": "@a", "attribute": f'<xs:attribute name="a"{kind}/>'} for kind in ATTRIBUTES),
        {"field": "@a", "attribute": f'<xs:attribute name="a" type="ID"/>{OPEN}'},
        {"field": "@t:a", "attribute": '<xs:attribute ref="t:a" fixed="x"/>', "more": ATTRIBUTE},
        {"field": "@xsi:type"},
        {"field": "t:f/t:f"},
        {"field": ".//t:f"},
        {"field": "t:f|t:g"},
        {"field": "t:*"},
        {"field": "."},
        {"field": "t:f+t:fehlt"},
        {"selector": "*"},
        {"selector": "t:n|*"},
        {"selector": "."},
        {"selector": "child::t:n"},
        {"selector": "nirgends:n"},
        {"more": '<xs:element name="f" type="xs:int"/>'},
        {"more": STRING, "name": '<xs:element name="f" type="t:string"/>'},
        {"more": '<xs:redefine schemaLocation="x.xsd"/>'},
        {"kind": "key", "constraint": KEYREF},
    ],
    ids=str,
)
def test_what_may_have_another_value_than_it_seems_is_left_to_the_schema(changed: dict[str, str]) -> None:
    assert _read(_schema(**changed)) is None


def test_a_type_of_which_there_are_two_by_name_is_left_to_the_schema() -> None:
    other = etree.fromstring(f'{HEAD}<xs:complexType name="Kurz"/></xs:schema>')
    ours = _schema(name='<xs:element name="f" type="t:Kurz"/>')

    assert own_constraints({HERE: ours, Path("o.xsd"): other}) is None


def test_only_what_we_check_is_taken_out() -> None:
    kept = '<xs:unique name="u"><xs:selector xpath="*"/><xs:field xpath="@a"/></xs:unique>'
    published = _schema(constraint=kept)
    other = etree.fromstring(f"{HEAD}</xs:schema>")
    found = _read(published)

    assert found is not None
    copies = found.taken_out({HERE: published, Path("o.xsd"): other})

    assert [one.get("name") for one in copies[HERE].iter(f"{XS}unique")] == ["u"]
    assert [one.get("name") for one in published.iter(f"{XS}unique")] == ["k", "u"]
    assert etree.tostring(copies[Path("o.xsd")]) == etree.tostring(other)
