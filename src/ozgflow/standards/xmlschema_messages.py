"""From xmlschema's errors to rules and parameters.

xmlschema's sentences quote values of the document. Nothing is taken from them but the beginning, which is constant
and says what kind of error it is, and the names of attributes; all parameters come from the components of the schema.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from xmlschema import XMLSchemaChildrenValidationError, XMLSchemaDecodeError, XMLSchemaValidationError

from ozgflow.domain.messages import Message, message
from ozgflow.standards.identity import XS
from ozgflow.standards.libxml2_messages import _BUILT_IN

_OF_ATTRIBUTE = re.compile(r"attribute (?:[^\s:=']+:)?([^\s:=']+)=")
_NAMED_ATTRIBUTE = re.compile(
    r"(?:missing required attribute |use of attribute )?['\"](?:\{[^{}]*\})?([^'\"{}]+)['\"]"
)
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SHOWN_NAMES = 6
_SHOWN_CODES = 12
_SHOWN_PATTERN = 80

TypeAt = Callable[[etree._Element, str], Any]
"""Asks for xmlschema's type at a place: an element and the local name of its attribute, or an empty name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What an engine says of a place.

    Attributes:
        rule: code of the rule that is broken.
        element: the element concerned.
        attribute: local name of the attribute concerned, or empty.
    """

    rule: str
    element: etree._Element
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionError(Remark):
    """One error that xmlschema has found.

    Attributes:
        params: parameters for the sentence, all of them facts of the schema.
        model_of: the element whose content model is broken, for errors of that kind.
        unknown: whether a child is wrong because its parent knows no element of its name.
    """

    params: Mapping[str, object]
    model_of: etree._Element | None = None
    unknown: bool = False


def translate(error: XMLSchemaValidationError, root: etree._Element, type_at: TypeAt) -> OpinionError:
    """Translate one error.

    Args:
        error: as xmlschema gives it.
        root: root of the document, for errors that name no element.
        type_at: asked for the type whose values are refused.
    """
    element = error.elem if isinstance(error.elem, etree._Element) else root
    if isinstance(error, XMLSchemaChildrenValidationError):
        return _of_children(error, element)
    reason = str(error.reason or "")
    attribute, rule, params = _told(error, reason)
    if rule == "xsd.value-type":
        params = {"type": _type_name(type_at(element, attribute))}
    value = element.get(attribute) if attribute else element.text
    shape = message("finding.shape", length=len((value or "").strip()))
    rule = _FIXED_RULES.get(attribute, rule) if rule == "xsd.value-fixed" else rule
    attribute = "type" if rule == "xsd.type-substitution" and element.get(_XSI_TYPE) is not None else attribute
    return OpinionError(rule=rule, element=element, attribute=attribute, params={"shape": shape, **params})


def _of_children(error: XMLSchemaChildrenValidationError, parent: etree._Element) -> OpinionError:
    wrong = error.invalid_child
    expected = _expected(error)
    if wrong is None:
        return OpinionError(
            rule="xsd.element-missing", element=parent, params={"expected": expected}, model_of=parent
        )
    return OpinionError(
        rule="xsd.element-unexpected",
        element=wrong,  # type: ignore[arg-type]  # xmlschema's word for any kind of element
        params={"expected": expected},
        model_of=parent,
        unknown=error.particle is error.validator and not error.expected,
    )


def _expected(error: XMLSchemaChildrenValidationError) -> Message:
    """What is expected, or how often the element may stand that stands too often or not often enough."""
    particle: Any = error.particle
    name, times, most = _expected_name(particle), error.occurs, particle.max_occurs
    wrong = error.invalid_child
    if wrong is not None and not error.expected and name and most and _stands(wrong) > most:
        return message("finding.expected-at-most", name=name, most=most)
    if wrong is None and name and 0 < times < particle.min_occurs:
        return message("finding.expected-at-least", name=name, least=particle.min_occurs)
    names = list(dict.fromkeys(tag for tag in map(_expected_name, error.expected or ()) if tag))
    if not names:
        return message("finding.expected-nothing")
    code = "finding.expected-one" if len(names) == 1 else "finding.expected-one-of"
    return Message(code, {"names": _listed(names, _SHOWN_NAMES)})


def _stands(child: Any) -> int:  # noqa: ANN401 - xmlschema's word for any kind of element
    """How many siblings of a child have its name, itself included."""
    return len(child.getparent().findall(child.tag))


def _expected_name(component: Any) -> str:  # noqa: ANN401 - xmlschema's own classes
    return str(getattr(component, "local_name", None) or "")


def _listed(names: Sequence[str], shown: int) -> str:
    return ", ".join(names[:shown]) + (", …" if len(names) > shown else "")


Told = tuple[str, str, Mapping[str, object]]
"""Attribute, rule and parameters."""


def _told(error: XMLSchemaValidationError, reason: str) -> Told:
    validator: Any = error.validator
    kind = type(validator).__name__
    found = _OF_ATTRIBUTE.match(reason)
    attribute = found[1] if found else ""
    if kind in _FACETS and not _is_built_in(validator):
        rule, read = _FACETS[kind]
        return attribute, rule, read(validator)
    if kind == "XsdAttribute" and " has a fixed value " in reason:
        return str(validator.local_name), "xsd.value-fixed", {"fixed": str(validator.fixed)}
    if kind.endswith("AttributeGroup"):
        named = _NAMED_ATTRIBUTE.match(reason)
        rule = "xsd.attribute-missing" if reason.startswith("missing") else "xsd.attribute-unexpected"
        return named[1] if named else attribute, rule, {}
    if isinstance(error, XMLSchemaDecodeError) or kind in _FACETS:
        return attribute, "xsd.value-type", {}
    own = reason[found.end() :].removeprefix(f"{error.obj!r}: ") if found else reason
    return _told_by_beginning(validator, kind, own, attribute)


def _told_by_beginning(validator: Any, kind: str, reason: str, attribute: str) -> Told:  # noqa: ANN401
    rule = next((rule for beginning, rule in _BEGINNINGS if reason.startswith(beginning)), "")
    if rule == "xsd.value-fixed":
        return attribute, rule, {"fixed": str(validator.fixed)}
    if rule:
        return attribute, rule, {}
    if kind.startswith("XsdElement") and reason.startswith("Xsd"):
        return attribute, "xsd.type-substitution", {}  # the type of xsi:type cannot substitute that of the element
    if kind.endswith("AnyAttribute"):
        return attribute, "xsd.attribute-unexpected", {}
    is_of_value = attribute or kind in _VALUE_KINDS or not kind.startswith(("Xsd", "XMLSchema"))
    return attribute, "xsd.value-type" if is_of_value else "xsd.other", {}


def _is_built_in(facet: Any) -> bool:  # noqa: ANN401 - xmlschema's own classes
    """Whether a facet belongs to a type of XML Schema itself."""
    return str(getattr(facet.parent, "name", "") or "").startswith(XS)


def _type_name(kind: Any) -> Message:  # noqa: ANN401 - xmlschema's own classes
    while kind is not None:
        name = str(getattr(kind, "name", "") or "")
        if name.startswith(XS):
            built_in = _BUILT_IN.get(name.removeprefix(XS))
            return message(f"type.{built_in}") if built_in else message("type.other")
        if name:
            return message("type.schema", name=name.rpartition("}")[2])
        kind = getattr(kind, "base_type", None)
    return message("type.other")


def _pattern(facet: Any) -> Mapping[str, object]:  # noqa: ANN401 - xmlschema's own classes
    pattern = "|".join(facet.regexps)
    code = "finding.pattern" if len(pattern) <= _SHOWN_PATTERN else "finding.pattern-long"
    return {"pattern": Message(code, {"pattern": pattern})}


def _codes(facet: Any) -> Mapping[str, object]:  # noqa: ANN401 - xmlschema's own classes
    return {"allowed": _listed([str(one.attrib.get("value", "")) for one in facet], _SHOWN_CODES)}


def _bound(facet: Any) -> Mapping[str, object]:  # noqa: ANN401 - xmlschema's own classes
    return {"bound": str(facet.elem.attrib.get("value", ""))}


_FIXED_RULES = {"listVersionID": "xsd.list-version", "listURI": "xsd.list-uri"}
_VALUE_KINDS = frozenset({"XsdUnion", "Xsd11Union", "XsdList", "XsdAtomicBuiltin", "XsdAtomicRestriction"})
_BEGINNINGS = (
    ("element is not nillable", "xsd.nil"),
    ("xsi:nil", "xsd.nil"),
    ("must have the fixed value", "xsd.value-fixed"),
    ("character data", "xsd.content-not-allowed"),
    ("a simple content element", "xsd.content-not-allowed"),
    ("usage of ", "xsd.type-substitution"),
    ("'global component", "xsd.type-substitution"),
    ('"global component', "xsd.type-substitution"),
    ("duplicated xs:ID value", "xsd.id-duplicate"),
    ("IDREF ", "xsd.idref-unresolved"),
    ("duplicated value ", "xsd.uniqueness"),
    ("value (", "xsd.uniqueness"),
    ("missing key field", "xsd.uniqueness"),
    ("no more than one attribute of type ID", "xsd.other"),
    ("element ", "xsd.element-undeclared"),
    ("unavailable namespace", "xsd.element-undeclared"),
)
"""How xmlschema's sentences begin where nothing else tells the errors apart."""

_FACETS: Mapping[str, tuple[str, Callable[[Any], Mapping[str, object]]]] = {
    "XsdPatternFacets": ("xsd.value-pattern", _pattern),
    "XsdEnumerationFacets": ("xsd.value-enumeration", _codes),
    "XsdLengthFacet": ("xsd.value-length", _bound),
    "XsdMinLengthFacet": ("xsd.value-length", _bound),
    "XsdMaxLengthFacet": ("xsd.value-length", _bound),
    "XsdMinInclusiveFacet": ("xsd.value-range", _bound),
    "XsdMaxInclusiveFacet": ("xsd.value-range", _bound),
    "XsdMinExclusiveFacet": ("xsd.value-range", _bound),
    "XsdMaxExclusiveFacet": ("xsd.value-range", _bound),
    "XsdTotalDigitsFacet": ("xsd.value-digits", _bound),
    "XsdFractionDigitsFacet": ("xsd.value-digits", _bound),
}
