"""Registers for tests: documents with many records, and the bundle that they belong to.

The records have everything that the ladder looks at: values of several types, codes of a list, identities and
references, keys beside each other, text between elements, and a header.
"""

from pathlib import Path

from ozgflow.standards.bundles import Bundle, BundleCatalogue, Entry, KeyPlaces
from ozgflow.standards.validator import Validator
from tests.standards.schemas import write

NAMESPACE = "urn:test:register"
LIST = "urn:test:liste"

_SCHEMA = """
<xs:simpleType name="Text">
  <xs:restriction base="xs:string"><xs:maxLength value="30"/></xs:restriction>
</xs:simpleType>
<xs:complexType name="Code"><xs:sequence><xs:element name="code" type="xs:token"/></xs:sequence>
  <xs:attribute name="listURI" type="xs:anyURI"/><xs:attribute name="listVersionID" type="xs:token"/></xs:complexType>
<xs:complexType name="Satz"><xs:sequence>
  <xs:element name="name" type="t:Text" maxOccurs="3"/>
  <xs:element name="geburt" type="xs:date" minOccurs="0"/>
  <xs:element name="art" type="t:Code" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="ort" minOccurs="0"><xs:complexType><xs:sequence>
    <xs:element name="ars" type="xs:token"/><xs:element name="ags" type="xs:token" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="notiz" minOccurs="0"><xs:complexType mixed="true"><xs:sequence>
    <xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="satz" type="t:Satz" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute name="id" type="xs:ID"/><xs:attribute name="zu" type="xs:IDREFS"/>
  <xs:attribute name="nr" type="xs:int"/></xs:complexType>
<xs:element name="register"><xs:complexType><xs:sequence>
  <xs:element name="nachrichtenkopf.g2g" minOccurs="0"><xs:complexType><xs:sequence>
    <xs:element name="nachrichtenUUID" type="xs:token"/><xs:element name="erstellungszeitpunkt" type="xs:token"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="satz" type="t:Satz" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute name="test" type="xs:token"/></xs:complexType>
  <xs:unique name="schluessel"><xs:selector xpath="satz"/><xs:field xpath="@nr"/></xs:unique>
</xs:element>
"""
_LIST = f"""<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
<Identification><ShortName>liste</ShortName><Version>2</Version><CanonicalUri>{LIST}</CanonicalUri>
<CanonicalVersionUri>{LIST}_2</CanonicalVersionUri></Identification>
<ColumnSet><Column Id="code" Use="required"><ShortName>code</ShortName><Data Type="string"/></Column>
<Key Id="k"><ShortName>k</ShortName><ColumnRef Ref="code"/></Key></ColumnSet>
<SimpleCodeList>
<Row><Value ColumnRef="code"><SimpleValue>01</SimpleValue></Value></Row>
<Row><Value ColumnRef="code"><SimpleValue>02</SimpleValue></Value></Row>
</SimpleCodeList></gc:CodeList>"""

HEAD = (
    "<nachrichtenkopf.g2g><nachrichtenUUID>01234567-89ab-cdef-0123-456789abcdef</nachrichtenUUID>"
    "<erstellungszeitpunkt>2026-11-22T09:30:00+01:00</erstellungszeitpunkt></nachrichtenkopf.g2g>"
)


def register_validator(folder: Path) -> Validator:
    """A validator for registers.

    Args:
        folder: takes the files of the bundle.
    """
    attributes = f'targetNamespace="{NAMESPACE}" xmlns:t="{NAMESPACE}"'
    schema = write(folder, "register.xsd", _SCHEMA, attributes)
    codes = folder / "liste.xml"
    codes.write_text(_LIST, encoding="utf-8")
    bundle = Bundle(
        standard="register",
        version="1",
        title="Register",
        folder=folder,
        entries=(Entry(schema=schema, namespace=NAMESPACE, roots=("register",)),),
        code_lists=(codes,),
        keys=KeyPlaces(ars=("ars",), ags=("ags",)),
        binding=True,
    )
    return Validator(BundleCatalogue(bundles=(bundle,)))


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def register(*records: str, attributes: str = "", declaration: str = _DECLARATION) -> str:
    """A register around records."""
    return f'{declaration}<t:register xmlns:t="{NAMESPACE}"{attributes}>{"".join(records)}</t:register>'


def record(number: int, *, born: str = "1990-05-17", code: str = "01", refers: str = "", more: str = "") -> str:
    """One record."""
    reference = f' zu="{refers}"' if refers else ""
    return (
        f'\n  <satz id="s{number}"{reference}>\n    <name>Müster {number}</name>\n    <geburt>{born}</geburt>\n'
        f'    <art listURI="{LIST}" listVersionID="2"><code>{code}</code></art>{more}\n  </satz>'
    )
