"""From libxml2's error log to rules and parameters.

libxml2 writes English sentences that quote values of the document. Only names and facts *of the schema* are taken
from them: expected elements, allowed codes, limits, type names. Everything is read from the end of the sentence,
behind the last occurrence of a marker, so that a value cannot pose as a fact. libxml2 cuts very long sentences off,
and then the end would be the value's: from a long sentence nothing is taken.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ozgflow.domain.messages import message

_XSI = "XMLSchema-instance}type'"
_XSI_TYPE = re.compile(r"Element '[^']*', attribute '\{http://www\.w3\.org/2001/XMLSchema-instance\}type'")
_TRUSTED_LENGTH = 8_000
_SHOWN_NAMES = 6
_SHOWN_CODES = 12
_SHOWN_PATTERN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What an error means in the table of rules.

    Attributes:
        rule: code of the rule.
        attribute: local name of the attribute concerned, or empty.
        params: parameters for the sentence, all of them facts of the schema.
    """

    rule: str
    attribute: str = ""
    params: Mapping[str, object]


def explain(kind: str, text: str) -> Explanation:
    """Translate one entry.

    Args:
        kind: libxml2's name of the error, for example ``SCHEMAV_CVC_PATTERN_VALID``.
        text: its message.
    """
    rule = rule_of(kind, text)
    reader = _nothing if rule == "xsd.type-substitution" else _TABLE.get(kind, _OTHER)[1]
    params = reader(text if len(text) < _TRUSTED_LENGTH else "")
    return Explanation(rule=rule, attribute=_attribute(text), params=params)


def rule_of(kind: str, text: str) -> str:
    """The rule that an entry belongs to.

    Args:
        kind: libxml2's name of the error.
        text: its message.
    """
    rule = _TABLE.get(kind, _OTHER)[0]
    if _XSI in text and _XSI_TYPE.match(text):
        return "xsd.type-substitution"
    if kind == "SCHEMAV_ELEMENT_CONTENT" and "Missing child element" in text:
        return "xsd.element-missing"
    return _FIXED_RULES.get(_attribute(text), rule) if rule == "xsd.value-fixed" else rule


def is_noise(kind: str, text: str) -> bool:
    """Whether an entry only repeats another: libxml2 complains about a key whose field is already wrong."""
    return kind == "SCHEMAV_CVC_IDC" and text.rpartition(": ")[2].startswith("No precomputed value")


def named_element(text: str) -> str:
    """Name of the element that a message is about, as ``{namespace}name``."""
    found = re.match(r"Element '([^']*)'", text)
    return found[1] if found else ""


def _attribute(text: str) -> str:
    """Name of the attribute; libxml2 puts it right behind the element's name, before any value."""
    found = re.match(r"Element '[^']*'(?:, attribute|: The attribute) '([^']*)'", text)
    return _local(found[1]) if found else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _after(marker: str, text: str) -> str:
    """What follows the last occurrence of a marker, without the closing full stop."""
    return text.rpartition(marker)[2].strip().removesuffix(".") if marker in text else ""


def _nothing(_text: str) -> Mapping[str, object]:
    return {}


def _expected(text: str) -> Mapping[str, object]:
    inside = _after("Expected is ", text).strip("( )") or _after("Expected is one of ", text).strip("( )")
    names = [_local(name.strip()) for name in inside.removeprefix("one of (").split(",") if name.strip()]
    if not names:
        return {"expected": message("finding.expected-nothing")}
    shown = ", ".join(names[:_SHOWN_NAMES])
    code = "finding.expected-one" if len(names) == 1 else "finding.expected-one-of"
    return {"expected": message(code, names=shown + (", …" if len(names) > _SHOWN_NAMES else ""))}


def _codes(text: str) -> Mapping[str, object]:
    inside = _after("is not an element of the set ", text).strip("{}")
    codes = [code.strip().strip("'") for code in inside.split(",")]
    return {"allowed": ", ".join(codes[:_SHOWN_CODES]) + (", …" if len(codes) > _SHOWN_CODES else "")}


def _pattern(text: str) -> Mapping[str, object]:
    pattern = _after("is not accepted by the pattern ", text).strip("'")
    code = "finding.pattern" if len(pattern) <= _SHOWN_PATTERN else "finding.pattern-long"
    return {"pattern": message(code, pattern=pattern)}


def _type(text: str) -> Mapping[str, object]:
    name = _after("is not a valid value of the ", text).rpartition("'")[0].rpartition("'")[2]
    built_in = _BUILT_IN.get(name.removeprefix("xs:")) if name.startswith("xs:") else None
    if built_in:
        return {"type": message(f"type.{built_in}")}
    return {"type": message("type.schema", name=_local(name)) if name else message("type.other")}


def _fixed(text: str) -> Mapping[str, object]:
    return {"fixed": _after("fixed value constraint ", text).strip("'")}


def _bound(text: str) -> Mapping[str, object]:
    return {"bound": text.rpartition("'")[0].rpartition("'")[2]}


_BUILT_IN = {
    "date": "date",
    "dateTime": "dateTime",
    "time": "time",
    "gYear": "gYear",
    "gYearMonth": "gYearMonth",
    "boolean": "boolean",
    "decimal": "decimal",
    "double": "decimal",
    "float": "decimal",
    "integer": "integer",
    "int": "integer",
    "long": "integer",
    "short": "integer",
    "byte": "integer",
    "nonNegativeInteger": "nonNegativeInteger",
    "unsignedInt": "nonNegativeInteger",
    "unsignedLong": "nonNegativeInteger",
    "positiveInteger": "positiveInteger",
    "anyURI": "anyURI",
    "hexBinary": "hexBinary",
    "base64Binary": "base64Binary",
    "ID": "name",
    "IDREF": "name",
    "NCName": "name",
    "Name": "name",
    "NMTOKEN": "name",
    "QName": "name",
}
"""Built-in types of XML Schema to their entry ``type.…`` in ``data/wording/findings.toml``."""

_FIXED_RULES = {"listVersionID": "xsd.list-version", "listURI": "xsd.list-uri"}

Reader = Callable[[str], Mapping[str, object]]
_OTHER: tuple[str, Reader] = ("xsd.other", _nothing)
_TABLE: Mapping[str, tuple[str, Reader]] = {
    "SCHEMAV_ELEMENT_CONTENT": ("xsd.element-unexpected", _expected),
    "SCHEMAV_CVC_ELT_1": ("xsd.element-undeclared", _nothing),
    "SCHEMAV_CVC_WILDCARD": ("xsd.element-undeclared", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_4": ("xsd.attribute-missing", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_1": ("xsd.attribute-unexpected", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": ("xsd.attribute-unexpected", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": ("xsd.attribute-unexpected", _nothing),
    "SCHEMAV_CVC_TYPE_3_1_1": ("xsd.attribute-unexpected", _nothing),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": ("xsd.value-type", _type),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_2": ("xsd.value-type", _type),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": ("xsd.value-type", _type),
    "SCHEMAV_CVC_PATTERN_VALID": ("xsd.value-pattern", _pattern),
    "SCHEMAV_CVC_ENUMERATION_VALID": ("xsd.value-enumeration", _codes),
    "SCHEMAV_CVC_LENGTH_VALID": ("xsd.value-length", _bound),
    "SCHEMAV_CVC_MINLENGTH_VALID": ("xsd.value-length", _bound),
    "SCHEMAV_CVC_MAXLENGTH_VALID": ("xsd.value-length", _bound),
    "SCHEMAV_CVC_MININCLUSIVE_VALID": ("xsd.value-range", _bound),
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": ("xsd.value-range", _bound),
    "SCHEMAV_CVC_MINEXCLUSIVE_VALID": ("xsd.value-range", _bound),
    "SCHEMAV_CVC_MAXEXCLUSIVE_VALID": ("xsd.value-range", _bound),
    "SCHEMAV_CVC_TOTALDIGITS_VALID": ("xsd.value-digits", _bound),
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": ("xsd.value-digits", _bound),
    "SCHEMAV_CVC_AU": ("xsd.value-fixed", _fixed),
    "SCHEMAV_CVC_ELT_5_2_2_2_1": ("xsd.value-fixed", _fixed),
    "SCHEMAV_CVC_ELT_5_2_2_2_2": ("xsd.value-fixed", _fixed),
    "SCHEMAV_CVC_ELT_5_2_2_1": ("xsd.value-fixed", _fixed),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": ("xsd.content-not-allowed", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": ("xsd.content-not-allowed", _nothing),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": ("xsd.content-not-allowed", _nothing),
    "SCHEMAV_CVC_TYPE_3_1_2": ("xsd.content-not-allowed", _nothing),
    "SCHEMAV_CVC_ELT_3_1": ("xsd.nil", _nothing),
    "SCHEMAV_CVC_ELT_3_2_1": ("xsd.nil", _nothing),
    "SCHEMAV_CVC_ELT_3_2_2": ("xsd.nil", _nothing),
    "SCHEMAV_CVC_ELT_4_1": ("xsd.type-substitution", _nothing),
    "SCHEMAV_CVC_ELT_4_2": ("xsd.type-substitution", _nothing),
    "SCHEMAV_CVC_ELT_4_3": ("xsd.type-substitution", _nothing),
    "SCHEMAV_CVC_TYPE_2": ("xsd.type-substitution", _nothing),
    "SCHEMAV_CVC_TYPE_1": ("xsd.type-substitution", _nothing),
    "SCHEMAV_CVC_IDC": ("xsd.uniqueness", _nothing),
}
