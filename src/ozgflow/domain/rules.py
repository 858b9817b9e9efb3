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
    BUNDLE = "bundle"
    SCHEMA = "schema"
    IDENTITY = "identity"


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
    Rule(code="bundle.unknown", step=Step.BUNDLE, source=_HOUSE, leaves_unchecked=True),
    Rule(code="bundle.version", step=Step.BUNDLE, source="XÖV-Handbuch, Nachrichtenkopf", leaves_unchecked=True),
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
    Rule(code="xsd.engines-disagree", step=Step.SCHEMA, source=_HOUSE, leaves_unchecked=True),
    Rule(code="xsd.id-duplicate", step=Step.IDENTITY, source=f"{_XSD1} cvc-id.2"),
    Rule(code="xsd.idref-unresolved", step=Step.IDENTITY, source=f"{_XSD1} cvc-id.1"),
    Rule(code="xsd.identity-ambiguous", step=Step.IDENTITY, source=_HOUSE, leaves_unchecked=True),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _TABLE}
