"""Faulty or unusual schemas: what cannot be checked is called unchecked, and nothing is fetched."""

from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Wording
from ozgflow.standards.bundles import Bundle, BundleCatalogue, Entry
from ozgflow.standards.validator import Validator
from tests.standards.schemas import element, root_of, write

WORDING = Wording.load()


def _check(schema: Path, document: bytes) -> Report:
    return Validator.for_schema(schema).check(document)


def _why(report: Report) -> str:
    return WORDING.render(report.findings[0].message)


def test_a_schema_that_does_not_compile_leaves_the_document_unchecked(tmp_path: Path) -> None:
    schema = write(tmp_path, "kaputt.xsd", element("r", "gibt-es-nicht"))

    report = _check(schema, b"<r/>")

    assert report.verdict is Verdict.UNCHECKED
    assert report.findings[0].rule == "bundle.broken"
    assert "kaputt.xsd" in _why(report)


def test_a_schema_that_is_no_xml_leaves_the_document_unchecked(tmp_path: Path) -> None:
    schema = tmp_path / "kaputt.xsd"
    schema.write_text("<xs:schema", encoding="utf-8")

    report = _check(schema, b"<r/>")

    assert report.verdict is Verdict.UNCHECKED
    assert "kein wohlgeformtes XML" in _why(report)


def test_a_missing_include_is_named_with_the_file_that_wants_it(tmp_path: Path) -> None:
    schema = write(tmp_path, "haupt.xsd", '<xs:include schemaLocation="teil.xsd"/>' + element("r", "xs:int"))

    report = _check(schema, b"<r>1</r>")

    assert report.verdict is Verdict.UNCHECKED
    assert "teil.xsd" in _why(report)
    assert "haupt.xsd" in _why(report)


def test_a_remote_import_that_nobody_maps_is_not_fetched_but_named(tmp_path: Path) -> None:
    address = "http://127.0.0.1:9/fremd.xsd"
    # Two folders deep, as neighbouring folders are looked through.
    schema = write(tmp_path, "a/b/haupt.xsd", f'<xs:import namespace="urn:f" schemaLocation="{address}"/>')

    report = _check(schema, b"<r/>")

    assert report.verdict is Verdict.UNCHECKED
    assert address in _why(report)


def test_xsd_1_1_is_unchecked_as_libxml2_does_not_know_it(tmp_path: Path) -> None:
    assertion = '<xs:assert test="@a = 1"/>'
    schema = write(tmp_path, "neu.xsd", root_of(element("a", "xs:int"), attributes=assertion))

    report = _check(schema, b"<r><a>1</a></r>")

    assert report.verdict is Verdict.UNCHECKED


def test_an_oasis_catalogue_above_the_schema_is_used(tmp_path: Path) -> None:
    write(
        tmp_path / "bausteine",
        "b.xsd",
        '<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>',
        'targetNamespace="urn:b"',
    )
    (tmp_path / "catalog.xml").write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
        '<uri name="https://schemata.example/b.xsd" uri="bausteine/b.xsd"/></catalog>',
        encoding="utf-8",
    )
    imported = '<xs:import namespace="urn:b" schemaLocation="https://schemata.example/b.xsd"/>'
    schema = write(tmp_path / "xsd", "haupt.xsd", imported + element("r", "b:T"), 'xmlns:b="urn:b"')

    assert _check(schema, b"<r>1</r>").verdict is Verdict.VALID
    assert _check(schema, b"<r>x</r>").verdict is Verdict.INVALID


def test_a_schema_with_a_doctype_is_read_under_its_own_policy(tmp_path: Path) -> None:
    schema = tmp_path / "signatur.xsd"
    schema.write_text(
        '<!DOCTYPE xs:schema [<!ENTITY kind "xs:int">]>'
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r" type="&kind;"/></xs:schema>',
        encoding="utf-8",
    )

    assert _check(schema, b"<r>1</r>").verdict is Verdict.VALID
    assert _check(schema, b"<r>x</r>").verdict is Verdict.INVALID


def test_a_date_in_white_space_is_right_though_libxml2_refuses_it(tmp_path: Path) -> None:
    schema = write(tmp_path, "datum.xsd", root_of(element("d", "xs:date")))

    report = _check(schema, b"<r>\n<d> 2026-11-22 </d></r>")

    # White space collapses, says the standard; it is one of the known faults, so the verdict is settled.
    assert report.verdict is Verdict.VALID
    assert report.findings == ()


def test_a_date_that_is_none_is_wrong_in_white_space_too(tmp_path: Path) -> None:
    schema = write(tmp_path, "datum.xsd", root_of(element("d", "xs:date")))

    assert _check(schema, b"<r>\n<d> 22.11.2026 </d></r>").verdict is Verdict.INVALID


def test_one_certain_error_outweighs_an_unsettled_one(tmp_path: Path) -> None:
    schema = write(tmp_path, "datum.xsd", root_of(element("d", "xs:date"), element("n", "xs:int")))

    report = _check(schema, b"<r><d> 2026-11-22 </d><n>x</n></r>")

    assert report.verdict is Verdict.INVALID


_IDS = '<xs:attribute name="id" type="xs:ID"/><xs:attribute name="ref" type="xs:IDREF"/>'


def _node(name: str = "k") -> str:
    return f'<xs:element name="{name}" maxOccurs="unbounded"><xs:complexType>{_IDS}</xs:complexType></xs:element>'


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        (b'<r><k id="a"/><k id="b" ref="a"/></r>', []),
        (b'<r><k ref="b"/><k id="b"/></r>', []),
        (b'<r><k id="a" ref="b"/></r>', ["xsd.idref-unresolved"]),
        (b'<r><k id="a"/><k id="a"/></r>', ["xsd.id-duplicate"]),
        (b'<r><k id="a"/><k id="a" ref="x"/></r>', ["xsd.id-duplicate", "xsd.idref-unresolved"]),
    ],
)
def test_references_need_their_identities(tmp_path: Path, document: bytes, rules: list[str]) -> None:
    schema = write(tmp_path, "ids.xsd", root_of(_node()))

    report = _check(schema, document)

    assert [finding.rule for finding in report.findings if finding.rule.startswith("xsd.id")] == rules
    assert report.verdict is (Verdict.INVALID if rules else Verdict.VALID)


def test_a_name_that_is_an_identity_in_one_place_only_is_told_apart_by_type(tmp_path: Path) -> None:
    nested = root_of(element("id", "xs:ID")).replace('name="r"', 'name="tief"')
    schema = write(tmp_path, "zwei.xsd", root_of(element("id", "xs:string"), nested))

    assert _check(schema, b"<r><id>a</id><tief><id>a</id></tief></r>").verdict is Verdict.VALID


def test_an_identity_under_xsi_type_is_unchecked_rather_than_valid(tmp_path: Path) -> None:
    types = (
        f'<xs:complexType name="A"><xs:sequence>{element("id", "xs:ID")}</xs:sequence></xs:complexType>'
        f'<xs:complexType name="B"><xs:sequence>{element("id", "xs:string")}</xs:sequence></xs:complexType>'
        '<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="x" type="xs:anyType" maxOccurs="2"/>'
        "</xs:sequence></xs:complexType></xs:element>"
    )
    schema = write(tmp_path, "xsi.xsd", types)
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    twice = f'<r {xsi}><x xsi:type="A"><id>a</id></x><x xsi:type="A"><id>a</id></x></r>'

    assert _check(schema, twice.encode()).verdict is not Verdict.VALID


def test_the_version_attribute_tells_bundles_of_one_namespace_apart(tmp_path: Path) -> None:
    attribute = '<xs:attribute name="version"/>'
    bundles = tuple(
        Bundle(
            standard="probe",
            version=version,
            title="Probe",
            folder=tmp_path,
            entries=(
                Entry(
                    schema=write(tmp_path, f"{version}.xsd", root_of(element(child, "xs:int"), attributes=attribute)),
                    namespace="",
                ),
            ),
            version_attribute="version",
        )
        for version, child in (("1", "alt"), ("2", "neu"))
    )
    validator = Validator(BundleCatalogue(bundles=bundles))

    assert validator.check(b'<r version="1"><alt>1</alt></r>').proof.bundle == "probe/1"
    assert validator.check(b'<r version="2"><neu>1</neu></r>').verdict is Verdict.VALID
    assert validator.check(b'<r version="2"><alt>1</alt></r>').verdict is Verdict.INVALID
    assert [f.rule for f in validator.check(b'<r version="3"><neu>1</neu></r>').findings] == ["bundle.version"]
    assert validator.check(b"<r><neu>1</neu></r>").verdict is Verdict.UNCHECKED


def test_the_hash_of_a_bundle_changes_with_any_of_its_files(tmp_path: Path) -> None:
    included = '<xs:include schemaLocation="teil.xsd"/>'
    schema = write(tmp_path, "haupt.xsd", included + root_of(element("a", "T")))
    kind = '<xs:simpleType name="T"><xs:restriction base="xs:{base}"/></xs:simpleType>'
    write(tmp_path, "teil.xsd", kind.format(base="int"))
    before = _check(schema, b"<r><a>1</a></r>").proof.bundle_hash

    write(tmp_path, "teil.xsd", kind.format(base="long"))
    after = _check(schema, b"<r><a>1</a></r>").proof.bundle_hash

    assert len(before) == 64
    assert before != after
