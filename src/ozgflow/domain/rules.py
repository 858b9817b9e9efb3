"""The table of rules that documents are checked against.

The sentences stand in ``data/wording/findings.toml``: ``finding.<rule>`` says what is wrong, ``hint.<rule>`` what to
do. ``docs/rules.md`` is generated from both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is: *muss* is an error, *soll* a warning, the rest a note."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Step(StrEnum):
    """The steps of the ladder, in the order in which they run."""

    XML = "xml"
    CHARACTERS = "characters"
    BUNDLE = "bundle"
    SCHEMA = "schema"
    IDENTITY = "identity"
    CODES = "codes"
    SCHEMATRON = "schematron"
    HEADER = "header"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        code: how findings name it.
        step: the step of the ladder that checks it.
        source: standard and section the rule comes from.
        severity: how grave a violation is.
        leaves_unchecked: whether a violation means that the document could not be checked, rather than that
            it is wrong.
    """

    code: str
    step: Step
    source: str
    severity: Severity = Severity.ERROR
    leaves_unchecked: bool = False


_XML = "XML 1.0 (5. Ausgabe)"
_XSD1 = "XML Schema 1.0 Teil 1"
_XSD2 = "XML Schema 1.0 Teil 2"
_DIN = "DIN 91379:2022-08"
_XOEV = "XÖV-Handbuch"
_GENERICODE = "OASIS Code List Representation (genericode) 1.0"
_SCHEMATRON = "ISO/IEC 19757-3 (Schematron)"
_KEYS = "Destatis, GV100AD und FIM-Leistungskatalog"
_HOUSE = "ozgflow"

_TABLE = (
    Rule(code="file.unreadable", step=Step.XML, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xml.empty", step=Step.XML, source=f"{_XML} § 2.1"),
    Rule(code="xml.not-well-formed", step=Step.XML, source=f"{_XML} § 2.1"),
    Rule(code="xml.encoding", step=Step.XML, source=f"{_XML} § 4.3.3"),
    Rule(code="xml.doctype", step=Step.XML, source=_HOUSE),
    Rule(code="xml.depth", step=Step.XML, source=_HOUSE),
    Rule(code="xml.limit", step=Step.XML, source=_HOUSE),
    Rule(code="xml.too-large", step=Step.XML, source=_HOUSE, leaves_unchecked=True),
    Rule(code="file.crashed", step=Step.XML, source=_HOUSE, leaves_unchecked=True),
    Rule(code="file.timeout", step=Step.XML, source=_HOUSE, leaves_unchecked=True),
    Rule(code="characters.not-nfc", step=Step.CHARACTERS, source=f"{_DIN}, Unicode NFC", severity=Severity.WARNING),
    Rule(code="characters.outside", step=Step.CHARACTERS, source=_DIN, severity=Severity.WARNING),
    Rule(code="characters.unassigned", step=Step.CHARACTERS, source=f"{_XOEV}, Zeichen", severity=Severity.WARNING),
    Rule(code="bundle.unknown", step=Step.BUNDLE, source=_HOUSE, leaves_unchecked=True),
    Rule(code="bundle.version", step=Step.BUNDLE, source="XÖV-Handbuch, Nachrichtenkopf", leaves_unchecked=True),
    Rule(code="bundle.ambiguous", step=Step.BUNDLE, source=_HOUSE, leaves_unchecked=True),
    Rule(code="bundle.broken", step=Step.BUNDLE, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.element-unexpected", step=Step.SCHEMA, source=f"{_XSD1} cvc-complex-type.2.4"),
    Rule(code="xsd.element-missing", step=Step.SCHEMA, source=f"{_XSD1} cvc-complex-type.2.4"),
    Rule(code="xsd.element-undeclared", step=Step.SCHEMA, source=f"{_XSD1} cvc-elt.1"),
    Rule(code="xsd.attribute-missing", step=Step.SCHEMA, source=f"{_XSD1} cvc-complex-type.4"),
    Rule(code="xsd.attribute-unexpected", step=Step.SCHEMA, source=f"{_XSD1} cvc-complex-type.3"),
    Rule(code="xsd.value-type", step=Step.SCHEMA, source=f"{_XSD2} cvc-datatype-valid.1"),
    Rule(code="xsd.value-pattern", step=Step.SCHEMA, source=f"{_XSD2} cvc-pattern-valid"),
    Rule(code="xsd.value-enumeration", step=Step.SCHEMA, source=f"{_XSD2} cvc-enumeration-valid"),
    Rule(code="xsd.value-length", step=Step.SCHEMA, source=f"{_XSD2} cvc-length-valid"),
    Rule(code="xsd.value-range", step=Step.SCHEMA, source=f"{_XSD2} cvc-maxInclusive-valid"),
    Rule(code="xsd.value-digits", step=Step.SCHEMA, source=f"{_XSD2} cvc-fractionDigits-valid"),
    Rule(code="xsd.value-fixed", step=Step.SCHEMA, source=f"{_XSD1} cvc-au"),
    Rule(code="xsd.list-version", step=Step.SCHEMA, source="XÖV-Handbuch, Code-Typ 1 und 2"),
    Rule(code="xsd.list-uri", step=Step.SCHEMA, source="XÖV-Handbuch, Code-Typ 1 bis 3"),
    Rule(code="xsd.content-not-allowed", step=Step.SCHEMA, source=f"{_XSD1} cvc-complex-type.2"),
    Rule(code="xsd.nil", step=Step.SCHEMA, source=f"{_XSD1} cvc-elt.3"),
    Rule(code="xsd.type-substitution", step=Step.SCHEMA, source=f"{_XSD1} cvc-elt.4"),
    Rule(code="xsd.uniqueness", step=Step.SCHEMA, source=f"{_XSD1} cvc-identity-constraint"),
    Rule(code="xsd.other", step=Step.SCHEMA, source=_XSD1),
    Rule(code="xsd.gave-up", step=Step.SCHEMA, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.no-second-opinion", step=Step.SCHEMA, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.engines-disagree-document", step=Step.SCHEMA, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.engines-disagree", step=Step.SCHEMA, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.id-duplicate", step=Step.IDENTITY, source=f"{_XSD1} cvc-id.2"),
    Rule(code="xsd.idref-unresolved", step=Step.IDENTITY, source=f"{_XSD1} cvc-id.1"),
    Rule(code="xsd.identity-ambiguous", step=Step.IDENTITY, source=_HOUSE, leaves_unchecked=True),
    Rule(code="codes.unknown-code", step=Step.CODES, source=f"{_XOEV}, Code-Typ 2 bis 4; {_GENERICODE}"),
    Rule(code="codes.stale-version", step=Step.CODES, source=f"{_XOEV}, Code-Typ 3 und 4"),
    Rule(code="codes.unknown-version", step=Step.CODES, source=f"{_XOEV}, Code-Typ 3 und 4"),
    Rule(code="codes.no-version", step=Step.CODES, source=f"{_XOEV}, Code-Typ 4", severity=Severity.WARNING),
    Rule(code="codes.no-list", step=Step.CODES, source=f"{_XOEV}, Code-Typ 3 und 4", leaves_unchecked=True),
    Rule(code="codes.broken", step=Step.CODES, source=_GENERICODE, leaves_unchecked=True),
    Rule(code="schematron.assert", step=Step.SCHEMATRON, source=_SCHEMATRON),
    Rule(code="schematron.report", step=Step.SCHEMATRON, source=_SCHEMATRON, severity=Severity.WARNING),
    Rule(code="schematron.broken", step=Step.SCHEMATRON, source=_SCHEMATRON, leaves_unchecked=True),
    Rule(code="schematron.too-large", step=Step.SCHEMATRON, source=_HOUSE, leaves_unchecked=True),
    Rule(code="schematron.nothing-fired", step=Step.SCHEMATRON, source=_HOUSE, leaves_unchecked=True),
    Rule(code="header.uuid", step=Step.HEADER, source=f"{_XOEV}, Nachrichtenkopf G2G 1.1"),
    Rule(
        code="header.time-without-zone",
        step=Step.HEADER,
        source="XInneres, Basisnachricht",
        severity=Severity.WARNING,
    ),
    Rule(code="header.test", step=Step.HEADER, source=f"{_XOEV}, Nachrichtenkopf G2G 1.1", severity=Severity.NOTE),
    Rule(code="header.dvdv-key", step=Step.HEADER, source="DVDV, Behördenkennung", severity=Severity.WARNING),
    Rule(code="header.dvdv-prefix", step=Step.HEADER, source="Codeliste dvdv.praefix", severity=Severity.WARNING),
    Rule(code="header.too-large", step=Step.HEADER, source=_HOUSE, leaves_unchecked=True),
    Rule(code="key.leika-malformed", step=Step.HEADER, source=_KEYS),
    Rule(code="key.leika-unknown", step=Step.HEADER, source=_KEYS, leaves_unchecked=True),
    Rule(code="key.ars-malformed", step=Step.HEADER, source=_KEYS),
    Rule(code="key.ars-unknown", step=Step.HEADER, source=_KEYS),
    Rule(code="key.ars-not-covered", step=Step.HEADER, source=_KEYS, leaves_unchecked=True),
    Rule(code="key.ars-ags-differ", step=Step.HEADER, source=_KEYS),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _TABLE}
