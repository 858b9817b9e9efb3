"""Where the quick way would go wrong if it went by names, or by the first piece of a text, alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from ozgflow.domain.findings import Verdict
from ozgflow.standards.bundles import BundleCatalogue, bundle_for_schema
from ozgflow.standards.validator import Validator
from tests.standards.published import code_list
from tests.standards.schemas import element, root_of, write

ROOT = Path(__file__).parents[2]
VALIDATOR = Validator.for_folder(ROOT / "schemas")
EXAMPLE = (ROOT / "tests/examples/aufenthalt-antrag-1.0/valid/beschaeftigung-mit-nachweisen.xml").read_text("utf-8")
KEY = (
    '<xs:simpleType name="Key"><xs:restriction base="xs:token"><xs:pattern value="[a-f]{4}"/></xs:restriction>'
    "</xs:simpleType>"
)


def _replaced(old: str, new: str) -> bytes:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1).encode()


def _verdict(folder: Path, body: str, document: str, attributes: str = "") -> Verdict:
    return Validator.for_schema(write(folder, "s.xsd", body, attributes)).check(document.encode()).verdict


def _of_list(name: str) -> str:
    """A type of codes whose list is fixed."""
    return (
        f'<xs:complexType name="{name}"><xs:sequence><xs:element name="code" type="xs:token"/></xs:sequence>'
        f'<xs:attribute name="listURI" type="xs:anyURI" fixed="urn:probe:{name}"/>'
        '<xs:attribute name="listVersionID" type="xs:token" fixed="1"/></xs:complexType>'
    )


@pytest.mark.parametrize("namespace", ["", "urn:probe"])
def test_an_element_called_code_may_have_a_pattern_of_its_own(tmp_path: Path, namespace: str) -> None:
    body = KEY + root_of(element("code", "Key"))
    names = f'targetNamespace="{namespace}" xmlns="{namespace}" elementFormDefault="qualified"' if namespace else ""
    root = f'<r xmlns="{namespace}">' if namespace else "<r>"

    assert _verdict(tmp_path, body, f"{root}<code>abcd</code></r>", names) is Verdict.VALID
    assert _verdict(tmp_path, body, f"{root}<code>zzzz</code></r>", names) is Verdict.INVALID


def test_the_only_instruction_of_a_document_without_declaration_may_stand_in_a_value() -> None:
    document = EXAMPLE.partition("?>")[2].lstrip()

    assert VALIDATOR.check(document.encode()).verdict is Verdict.VALID
    assert VALIDATOR.check(document.replace("b3df<", "b3df<?x?>zz<", 1).encode()).verdict is Verdict.INVALID


@pytest.mark.parametrize("address", ["XMLSchema-instance", "XMLSchema&#45;instance", "&#x58;MLSchema-instance"])
def test_a_type_named_in_the_document_counts_however_its_namespace_is_written(address: str) -> None:
    declared = f'xmlns:xsi="http://www.w3.org/2001/{address}" xmlns:auf='
    document = EXAMPLE.replace("xmlns:auf=", declared, 1)

    wrong = document.replace("<code>DVDV", '<code xsi:type="auf:RegionalschluesselType">DVDV', 1)

    assert VALIDATOR.check(document.encode()).verdict is Verdict.VALID
    assert VALIDATOR.check(wrong.encode()).verdict is Verdict.INVALID


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_a_type_named_in_the_document_may_bring_a_reference(tmp_path: Path, encoding: str) -> None:
    base = '<xs:complexType name="A"><xs:sequence/></xs:complexType>'
    reference = '<xs:attribute name="ref" type="xs:IDREF"/>'
    wider = f'<xs:complexType name="B"><xs:complexContent><xs:extension base="A">{reference}</xs:extension>'
    body = f"{base}{wider}</xs:complexContent></xs:complexType>" + root_of(element("a", "A"))
    validator = Validator.for_schema(write(tmp_path, "s.xsd", body))
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="B"'
    document = f'<?xml version="1.0" encoding="{encoding}"?><r><a {xsi} ref="nirgends"/></r>'

    report = validator.check(document.encode(encoding))

    assert report.verdict is Verdict.INVALID
    assert "xsd.idref-unresolved" in report.counts


def test_a_code_that_is_right_in_one_list_is_not_right_in_another_of_the_same_element_name(tmp_path: Path) -> None:
    places = [
        f'<xs:element name="{parent}"><xs:complexType><xs:sequence>{element("art", kind)}</xs:sequence>'
        "</xs:complexType></xs:element>"
        for parent, kind in (("p", "farbe"), ("q", "form"))
    ]
    schema = write(tmp_path, "s.xsd", _of_list("farbe") + _of_list("form") + root_of(*places))
    lists = (code_list(tmp_path, "farbe", "1", "rot"), code_list(tmp_path, "form", "1", "rund"))
    bundle = replace(bundle_for_schema(schema), code_lists=lists, binding=True)
    validator = Validator(BundleCatalogue(bundles=(bundle,)))
    document = "<r><p><art><code>rot</code></art></p><q><art><code>{}</code></art></q></r>"

    right = validator.check(document.format("rund").encode())
    wrong = validator.check(document.format("rot").encode())

    assert right.counts == {}
    assert wrong.counts == {"codes.unknown-code": 1}


@pytest.mark.parametrize("cut", ["<!-- -->", "<?x?>"])
@pytest.mark.parametrize(
    ("old", "whole", "more", "rule"),
    [
        ("<code>DVDV</code>", "<code>DV{}DV</code>", "<code>DVDV{}X</code>", "codes.unknown-code"),
        (
            "<code>99010014001001</code>",
            "<code>9901001400{}1001</code>",
            "<code>990100140{}99999</code>",
            "key.leika-unknown",
        ),
        (">120540000000<", ">1205400{}00000<", ">1205400{}09999<", "key.ars-unknown"),
    ],
    ids=["code", "service", "area"],
)
def test_a_value_in_two_pieces_is_one_value(old: str, whole: str, more: str, rule: str, cut: str) -> None:
    assert VALIDATOR.check(_replaced(old, whole.replace("{}", cut))).counts == {}
    assert rule in VALIDATOR.check(_replaced(old, more.replace("{}", cut))).counts


def test_a_uuid_in_two_pieces_is_a_uuid() -> None:
    assert VALIDATOR.check(_replaced("5e1415d1-", "5e14<!-- -->15d1-")).counts == {}


@pytest.mark.parametrize("year", ["99999999999", " 99999999999", "-99999999999999999999"])
def test_a_year_that_no_engine_can_count_to_is_no_incident(year: str) -> None:
    report = VALIDATOR.check(_replaced(">2026-05-04</auf:antragsdatum>", f">{year}-05-04</auf:antragsdatum>"))

    assert report.proof.bundle == "aufenthalt-antrag/1.0"


def test_many_combining_marks_before_a_forbidden_sign_are_no_incident() -> None:
    report = VALIDATOR.check(_replaced("Normalverbraucher", "m\u0302" * 100 + "汉"))

    assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize("first", ["named", "unnamed"])
def test_a_report_does_not_depend_on_what_was_checked_before(first: str) -> None:
    fresh, used = Validator.for_folder(ROOT / "schemas"), Validator.for_folder(ROOT / "schemas")
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    kind = f'{xsi} xsi:type="auf:Identifikation.NachrichtType"'
    named = _replaced("<identifikation.nachricht>", f"<identifikation.nachricht {kind}>")
    documents = {"named": named, "unnamed": EXAMPLE.encode()}
    second = next(name for name in documents if name != first)
    used.check(documents[first])

    assert used.check(documents[second]) == fresh.check(documents[second])
