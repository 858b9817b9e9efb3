"""Elements that may carry an identity: the names find the same elements as the search over the whole document."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from ozgflow.domain.findings import Verdict
from ozgflow.standards.carriers import carrier_names
from ozgflow.standards.identity import identity_names
from ozgflow.standards.schema_files import collect
from ozgflow.standards.validator import Validator
from tests.standards.schemas import element, root_of, write

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests/examples").glob("*/*/*.xml"))
ID = '<xs:attribute name="id" type="xs:ID"/>'
REF = '<xs:attribute name="ref" type="xs:IDREF"/>'
_NODE = f'<xs:complexType name="Node"><xs:sequence/>{ID}{REF}</xs:complexType>'
_INLINE = '<xs:element name="{}"><xs:complexType><xs:sequence>{}</xs:sequence>{}</xs:complexType></xs:element>'
_DOWN = (
    '<xs:complexType name="Down"><xs:complexContent><xs:{0} base="Node">{1}</xs:{0}></xs:complexContent>'
    "</xs:complexType>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A schema, a document, and the names of the elements in it that carry an identity."""

    schema: str
    document: str
    found: tuple[str, ...]
    attributes: str = ""


CASES = {
    "a named type": Case(
        schema=_NODE + root_of(element("n", "Node"), element("x", "xs:int")),
        document='<r><n id="a"/><x>1</x></r>',
        found=("n",),
    ),
    "an inline type": Case(schema=root_of(_INLINE.format("n", "", ID)), document='<r><n id="a"/></r>', found=("n",)),
    "the root": Case(
        schema=root_of(element("x", "xs:int"), attributes=ID), document='<r id="a"><x>1</x></r>', found=("r",)
    ),
    "an inline type within another": Case(
        schema=root_of(_INLINE.format("out", _INLINE.format("n", "", ID), "")),
        document='<r><out><n id="a"/></out></r>',
        found=("n",),
    ),
    "an attribute group": Case(
        schema=f'<xs:attributeGroup name="G">{ID}</xs:attributeGroup>'
        + root_of(_INLINE.format("n", "", '<xs:attributeGroup ref="G"/>')),
        document='<r><n id="a"/></r>',
        found=("n",),
    ),
    "an attribute group within another": Case(
        schema=f'<xs:attributeGroup name="G">{ID}</xs:attributeGroup>'
        '<xs:attributeGroup name="H"><xs:attributeGroup ref="G"/></xs:attributeGroup>'
        + root_of(_INLINE.format("n", "", '<xs:attributeGroup ref="H"/>')),
        document='<r><n id="a"/></r>',
        found=("n",),
    ),
    "an extension": Case(
        schema=_NODE + _DOWN.format("extension", "") + root_of(element("n", "Down")),
        document='<r><n id="a"/></r>',
        found=("n",),
    ),
    "an extension that adds it": Case(
        schema='<xs:complexType name="Node"/>'
        + _DOWN.format("extension", REF)
        + root_of(element("n", "Down"), element("x", "Node")),
        document='<r><n ref="a"/><x/></r>',
        found=("n",),
    ),
    "a restriction": Case(
        schema=_NODE + _DOWN.format("restriction", "<xs:sequence/>") + root_of(element("n", "Down")),
        document='<r><n id="a" ref="a"/></r>',
        found=("n",),
    ),
    "simple content": Case(
        schema=root_of(
            '<xs:element name="n"><xs:complexType><xs:simpleContent><xs:extension base="xs:int">'
            f"{ID}</xs:extension></xs:simpleContent></xs:complexType></xs:element>"
        ),
        document='<r><n id="a">1</n></r>',
        found=("n",),
    ),
    "an attribute by reference": Case(
        schema=REF + root_of(_INLINE.format("n", "", '<xs:attribute ref="ref"/>')),
        document='<r><n ref="a"/></r>',
        found=("n",),
    ),
    "a type of its own": Case(
        schema='<xs:simpleType name="Key"><xs:restriction base="xs:ID"/></xs:simpleType>'
        + root_of(_INLINE.format("n", "", '<xs:attribute name="key" type="Key"/>')),
        document='<r><n key="a"/></r>',
        found=("n",),
    ),
    "the content of an element": Case(
        schema=root_of(element("n", "xs:ID"), element("m", "xs:IDREFS")),
        document="<r><n>a</n><m>a</m></r>",
        found=("n", "m"),
    ),
    "a global element by reference": Case(
        schema=_NODE + element("n", "Node") + root_of('<xs:element ref="n"/>'),
        document='<r><n id="a"/></r>',
        found=("n",),
    ),
    "a substitution group": Case(
        schema=_NODE
        + element("h", "Node")
        + '<xs:element name="m" substitutionGroup="h"/>'
        + root_of('<xs:element ref="h"/>'),
        document='<r><m id="a"/></r>',
        found=("m",),
    ),
    "a namespace": Case(
        schema='<xs:complexType name="Node"><xs:sequence/><xs:attribute name="id" type="xs:ID"/></xs:complexType>'
        '<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="n" type="t:Node"/></xs:sequence>'
        "</xs:complexType></xs:element>",
        document='<t:r xmlns:t="urn:t"><t:n t:id="a"/></t:r>',
        found=("n",),
        attributes='targetNamespace="urn:t" xmlns:t="urn:t" elementFormDefault="qualified" '
        'attributeFormDefault="qualified"',
    ),
}


def _names(schema: Path) -> frozenset[str] | None:
    roots = list(collect(schema, {}).roots.values())
    return carrier_names(roots, identity_names(roots))


def _by_search(schema: Path, root: etree._Element) -> list[etree._Element]:
    found = identity_names(collect(schema, {}).roots.values()).carriers(root)
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, etree._Element)]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_names_find_what_the_search_finds(case: Case, tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", case.schema, case.attributes)
    root = etree.fromstring(case.document)
    names = _names(schema)

    assert names is not None
    assert Validator.for_schema(schema).check(case.document.encode()).proof.steps[3].checked
    found = _by_search(schema, root)
    assert [etree.QName(one).localname for one in found] == list(case.found)
    assert [one for one in root.iter("*") if etree.QName(one).localname in names] == found


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_reference_that_leads_nowhere_is_found_there(case: Case, tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", case.schema, case.attributes)
    document = case.document.replace(' id="a" ref="a"', ' ref="b"').replace("<m>a</m>", "<m>a b</m>")
    leads_nowhere = 'ref="' in document or "<m>" in document

    report = Validator.for_schema(schema).check(document.encode())

    assert ("xsd.idref-unresolved" in report.counts) is leads_nowhere
    assert (report.verdict is Verdict.INVALID) is leads_nowhere


@pytest.mark.parametrize(
    "more",
    [
        root_of(element("x", "xs:int"), attributes="<xs:anyAttribute/>"),
        f'<xs:attributeGroup name="G"><xs:anyAttribute namespace="##other"/></xs:attributeGroup>{_NODE}',
    ],
)
def test_where_attributes_are_left_open_there_are_no_names(tmp_path: Path, more: str) -> None:
    assert _names(write(tmp_path, "s.xsd", more)) is None


def test_where_a_schema_is_redefined_there_are_no_names(tmp_path: Path) -> None:
    write(tmp_path, "t.xsd", _NODE)

    assert (
        _names(write(tmp_path, "s.xsd", '<xs:redefine schemaLocation="t.xsd"/>' + root_of(element("n", "Node"))))
        is None
    )


def test_a_schema_without_identities_has_no_names(tmp_path: Path) -> None:
    assert _names(write(tmp_path, "s.xsd", root_of(element("x", "xs:int")))) == frozenset()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_in_the_examples_the_names_find_what_the_search_finds(version: str) -> None:
    folder = ROOT / "schemas" / "aufenthalt-antrag" / version
    table = {f"https://schemata.ozgflow.example/{name}": folder / name.rpartition("/")[2] for name in BLOCKS}
    roots = list(collect(folder / "aufenthalt-antrag.xsd", table).roots.values())
    identities = identity_names(roots)
    names = carrier_names(roots, identities)
    documents = [
        etree.fromstring(path.read_bytes())
        for path in EXAMPLES
        if path.parts[-3].endswith(version) and b"DOCTYPE" not in path.read_bytes() and _is_xml(path)
    ]

    assert names is not None
    assert documents
    for root in documents:
        named = {one for one in root.iter("*") if etree.QName(one).localname in names}
        assert named >= set(identities.carriers(root))  # type: ignore[arg-type]  # a list of elements


BLOCKS = (
    "basisnachricht/1.0/basisnachricht-g2g.xsd",
    "code/1.0/code.xsd",
    "din-91379/2022-08/din-91379-datentypen.xsd",
)


def _is_xml(path: Path) -> bool:
    try:
        etree.fromstring(path.read_bytes())
    except etree.XMLSyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        (REF + ID + root_of(element("x", "xs:anyType")), '<r><x ref="nirgends"/></r>'),
        (REF + ID + root_of('<xs:element name="x"/>'), '<r><x ref="nirgends"/></r>'),
        (REF + ID + root_of('<xs:any processContents="lax"/>'), '<r><x ref="nirgends"/></r>'),
        (REF + ID + root_of(element("x", "xs:anyType")), '<r><x><y ref="nirgends"/></x></r>'),
    ],
)
def test_a_reference_on_an_element_that_may_be_anything_is_checked(
    tmp_path: Path, schema: str, document: str
) -> None:
    report = Validator.for_schema(write(tmp_path, "s.xsd", schema)).check(document.encode())

    assert "xsd.idref-unresolved" in report.counts


def test_a_type_derived_in_very_many_steps_is_followed_to_its_end(tmp_path: Path) -> None:
    steps = "".join(
        f'<xs:complexType name="T{number}"><xs:complexContent>'
        f'<xs:extension base="{f"T{number - 1}" if number else "Node"}"/>'
        "</xs:complexContent></xs:complexType>"
        for number in range(25)
    )
    schema = write(tmp_path, "s.xsd", _NODE + steps + root_of(element("n", "T24")))

    report = Validator.for_schema(schema).check(b'<r><n ref="nirgends"/></r>')

    assert "xsd.idref-unresolved" in report.counts


_KEYED = (
    '<xs:complexType name="Keyed" mixed="{}"><xs:sequence><xs:element name="x" type="xs:int" minOccurs="0"/>'
    '</xs:sequence><xs:attribute name="id"><xs:simpleType><xs:restriction base="xs:ID"/></xs:simpleType>'
    "</xs:attribute></xs:complexType>"
)


@pytest.mark.parametrize(
    ("mixed", "document"),
    [
        ("true", '<r><n id="a">x</n><n id="b">x</n></r>'),
        ("false", '<r><!-- x --><n id="a"> <x>1</x></n><n id="b"> <x>1</x></n></r>'),
    ],
)
def test_the_text_of_an_element_with_an_identity_is_none(tmp_path: Path, mixed: str, document: str) -> None:
    many = '<xs:element name="n" type="Keyed" maxOccurs="2"/>'
    schema = write(tmp_path, "s.xsd", _KEYED.format(mixed) + root_of(many))

    report = Validator.for_schema(schema).check(document.encode())

    assert (report.verdict, dict(report.counts)) == (Verdict.VALID, {})


def test_types_of_one_name_in_two_namespaces_are_told_apart(tmp_path: Path) -> None:
    other = '<xs:simpleType name="K"><xs:restriction base="xs:string"/></xs:simpleType>' + element("g", "b:K")
    write(tmp_path, "b.xsd", other, 'targetNamespace="urn:b" xmlns:b="urn:b"')
    own = '<xs:simpleType name="K"><xs:restriction base="xs:ID"/></xs:simpleType>'
    body = '<xs:import namespace="urn:b" schemaLocation="b.xsd"/>' + own
    key = f'<xs:complexType><xs:attribute name="key" type="K"/>{REF}</xs:complexType>'
    node = f'<xs:element name="n" maxOccurs="2">{key}</xs:element>'
    schema = write(
        tmp_path, "s.xsd", body + root_of(node, '<xs:element ref="b:g" minOccurs="0"/>'), 'xmlns:b="urn:b"'
    )
    validator = Validator.for_schema(schema)

    assert validator.check(b'<r><n key="a"/><n ref="a"/></r>').verdict is Verdict.VALID
    assert validator.check(b'<r><n key="a"/><n ref="b"/></r>').verdict is Verdict.INVALID
    assert validator.check(b'<r><n key="a"/><n key="a"/></r>').verdict is Verdict.INVALID
