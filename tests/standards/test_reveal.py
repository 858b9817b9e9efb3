"""Finding places again: the value at a finding, and the element that libxml2 names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.standards.meanings import meanings
from ozgflow.standards.parsing import Limits
from ozgflow.standards.paths import Place, element_at, place_of, readable_path, shortened
from ozgflow.standards.reveal import value_at

DOCUMENT = (
    '<p:r xmlns:p="urn:p" xmlns="urn:q" stand="heute"><kopf><a p:x="eins">1</a><a x="zwei"> 2 </a><p:a>3</p:a></kopf>'
    "<nachricht.kopf><leer/><mit><a>4</a></mit></nachricht.kopf><p:lang>{}</p:lang></p:r>"
).format("x" * 300)


def _finding(path: str) -> Finding:
    return Finding(rule="xsd.other", path=path, line=1, message=message("finding.xsd.other", name="a"))


def _at(path: str, document: str = DOCUMENT) -> str | None:
    return value_at(document.encode(), _finding(path), Limits())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/r/kopf/a[1]", "1"),
        ("/r/kopf/a[2]", "2"),
        ("/r/kopf/a[3]", "3"),
        ("/r/kopf/a[1]/@x", "eins"),
        ("/r/kopf/a[2]/@x", "zwei"),
        ("/r/@stand", "heute"),
        ("/r/nachricht.kopf/mit/a", "4"),
        ("/r/nachricht.kopf/leer", None),
        ("/r/nachricht.kopf", None),
        ("/r/kopf/a[4]", None),
        ("/r/kopf/b", None),
        ("/r/kopf/a[1]/@y", None),
        ("/r", None),
        ("", None),
        ("/r/[", None),
        ("/r/lang", "x" * 200 + "…"),
    ],
)
def test_the_value_at_a_finding_is_shown(path: str, value: str | None) -> None:
    assert _at(path) == value


def test_of_a_document_that_is_none_nothing_is_shown() -> None:
    assert _at("/r", "<r>") is None
    assert _at("/r", '<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>') is None


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(st.sampled_from(["a", "b", "a.b", "p:a", "q:b"]))
    inside = draw(st.lists(trees(depth - 1), max_size=3)) if depth else []
    return f"<{name}>{''.join(inside)}</{name}>"


@given(tree=trees())
def test_the_readable_path_of_an_element_leads_to_its_value_alone(tree: str) -> None:
    root = etree.fromstring(f'<r xmlns:p="urn:p" xmlns:q="urn:q">{tree}</r>')
    leaves = [one for one in root.iter("*") if not len(one)]
    for number, one in enumerate(leaves):
        one.text = f"wert {number}"
    data = etree.tostring(root)

    shown = [value_at(data, _finding(readable_path(one)), Limits()) for one in leaves]

    assert shown == [one.text for one in leaves]


@given(tree=trees())
def test_the_path_that_libxml2_tells_leads_to_the_element(tree: str) -> None:
    root = etree.fromstring(f'<r xmlns:p="urn:p" xmlns:q="urn:q">{tree}</r>')

    for one in root.iter("*"):
        assert element_at(root, root.getroottree().getpath(one)) is one


def test_in_a_default_namespace_libxml2_counts_all_names_together() -> None:
    root = etree.fromstring('<r xmlns="urn:p"><a/><b/><c xmlns=""/><b><a/></b></r>')

    assert [element_at(root, root.getroottree().getpath(one)) for one in root.iter("*")] == list(root.iter("*"))


@pytest.mark.parametrize("path", [None, "", "/r", "/r/nirgends", "/r/a[9]", "/r/a/@x", "/r/a[1]/text()"])
def test_a_path_that_leads_on_nowhere_ends_at_the_nearest_ancestor(path: str | None) -> None:
    root = etree.fromstring('<r><a x="1">t</a></r>')

    assert element_at(root, path) in ([root, root[0]] if path and path.startswith("/r/a") else [root])


def test_a_place_has_name_path_and_line() -> None:
    root = etree.fromstring('<r xmlns="urn:p">\n<a/>\n<a x="1"/></r>')

    place = place_of(root[1], "x")

    assert (place.name, place.path, place.line) == ("x", "/r/a[2]/@x", 3)
    assert place_of(root[0]) == Place("a", root[0])


def test_a_very_long_name_is_cut() -> None:
    assert shortened("a" * 80) == "a" * 80
    assert shortened("a" * 81) == "a" * 80 + "…"


SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="a"><xs:annotation><xs:documentation>Eine
  Angabe.</xs:documentation><xs:documentation>Noch etwas.</xs:documentation></xs:annotation></xs:element>
<xs:element name="b"><xs:annotation><xs:documentation>So.</xs:documentation></xs:annotation></xs:element>
<xs:complexType name="T"><xs:sequence><xs:element name="b"><xs:annotation><xs:documentation>Anders.</xs:documentation>
</xs:annotation></xs:element></xs:sequence><xs:attribute name="c"><xs:annotation>
<xs:documentation>{long}</xs:documentation>
</xs:annotation></xs:attribute></xs:complexType></xs:schema>"""


def test_what_elements_are_for_is_taken_from_the_schema_if_it_says_one_thing() -> None:
    found = meanings([etree.fromstring(SCHEMA.replace("{long}", "Wort " * 100))])

    assert found["a"] == "Eine Angabe."
    assert "b" not in found
    assert found["c"].endswith("Wort …")
    assert len(found["c"]) <= 302
