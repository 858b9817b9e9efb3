"""Columns of start tags: right or 0, never wrong, and never an incident."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.standards.bundles import BundleCatalogue, RuleSet, bundle_for_schema
from ozgflow.standards.columns import column_finder
from ozgflow.standards.paths import line_of, place_of
from ozgflow.standards.validator import Validator
from tests.standards.schemas import root_of, write

_RULE = (
    '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern id="p"><rule context="a">'
    '<assert id="zwei" test=". = 2">Zwei.</assert></rule></pattern></schema>'
)


def _columns(data: bytes) -> list[int]:
    root = etree.fromstring(data)
    column_of = column_finder(data)
    return [column_of(place_of(one)) for one in root.iter("*")]


@pytest.mark.parametrize(
    ("document", "columns"),
    [
        ("<r><a/><a>x</a></r>", [1, 4, 8]),
        ("<r>\n  <a/>\n\t<a/>\n</r>", [1, 3, 2]),
        ("<r><ab/><a/></r>", [1, 4, 9]),
        ('<r><a\tx="1"/></r>', [1, 4]),
        ("<r>ä<a/></r>", [1, 5]),
        ("\ufeff<r><a/></r>", [1, 4]),
        ('<p:r xmlns:p="urn:p"><p:a/></p:r>', [1, 22]),
        ('<r><a xmlns="urn:p"/></r>', [1, 4]),
        ("<r><a><a/></a></r>", [1, 4, 7]),
    ],
)
def test_the_column_of_a_start_tag_is_told(document: str, columns: list[int]) -> None:
    assert _columns(document.encode()) == columns


@pytest.mark.parametrize(
    "document",
    [
        "<r><!-- <a/> --><a/></r>",
        "<r><![CDATA[<a>]]><a/></r>",
        '<r><a/><p:a xmlns:p="urn:p"/><a xmlns="urn:q"/></r>',
        "<r>" + " " * 300_000 + "<a/></r>",
    ],
)
def test_where_tags_cannot_be_counted_the_column_is_unknown(document: str) -> None:
    assert 0 in _columns(document.encode())[1:]


def test_bytes_that_are_no_utf_8_have_no_columns() -> None:
    assert _columns('<?xml version="1.0" encoding="ISO-8859-1"?><r>ä<a/></r>'.encode("latin-1")) == [0, 0]
    assert _columns('<?xml version="1.0" encoding="UTF-16"?><r><a/></r>'.encode("utf-16")) == [0, 0]


@given(
    inside=st.lists(
        st.sampled_from(
            ["<a/>", "<b/>", "<ab/>", "<a>", "</a>", "\n", " ", "ä", "<!--<a/>-->", '<p:a xmlns:p="urn:p"/>']
        ),
        max_size=12,
    ).map("".join)
)
def test_a_column_is_that_of_a_tag_of_the_name(inside: str) -> None:
    document = f"<r>{inside}</r>"
    try:
        root = etree.fromstring(document)
    except etree.XMLSyntaxError:
        return
    column_of, lines = column_finder(document.encode()), document.split("\n")

    found = [(one, column_of(place_of(one))) for one in root.iter("*")]

    for one, column in found:
        name = (f"{one.prefix}:" if one.prefix else "") + etree.QName(one).localname
        assert not column or lines[line_of(one) - 1][column - 1 :].startswith(f"<{name}")
    told = [(line_of(one), column) for one, column in found if column]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("document", [b"<r><a>x</a><a>1</a><b/><b/></r>", b"<r><a>x</a><b/><a>y</a></r>"])
def test_findings_of_both_engines_have_their_columns(tmp_path: Path, document: bytes) -> None:
    schema = write(tmp_path, "s.xsd", root_of('<xs:element name="a" type="xs:int" maxOccurs="5"/>'))

    report = Validator(BundleCatalogue(bundles=(bundle_for_schema(schema),)), second_opinion=True).check(document)

    assert all(finding.column for finding in report.findings)


def test_findings_of_characters_and_of_schematron_have_their_columns(tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", root_of('<xs:element name="a" type="xs:string" maxOccurs="5"/>'))
    rules = tmp_path / "r.sch"
    rules.write_text(_RULE, encoding="utf-8")
    bundle = replace(bundle_for_schema(schema), rule_sets=(RuleSet(file=rules),))
    document = "<r><a>a\u0308</a><a>1</a></r>".encode()

    report = Validator(BundleCatalogue(bundles=(bundle,))).check(document)

    told = {(one.rule, one.path, one.column) for one in report.findings}
    assert {("characters.not-nfc", "/r/a[1]", 4), ("schematron.assert", "/r/a[2]", 13)} <= told
