"""From an error of libxml2 to a finding, and what the second engine has to say to it."""

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.collected import Collected
from ozgflow.standards.compiled import CompiledSchema
from ozgflow.standards.engine_faults import Engine
from ozgflow.standards.libxml2 import SchemaError
from ozgflow.standards.libxml2_messages import explain, named_element, rule_of
from ozgflow.standards.xmlschema_messages import Remark


def report_schema_error(schema: CompiledSchema, error: SchemaError, into: Collected) -> None:
    """One finding. A refused value is shown to the second engine: libxml2 refuses some that are right.

    Where they differ, the list of known faults says who is right; without an entry nothing is settled. A double
    identity is a refused value, too, but only in documents that are small enough for a tree; the step of identities
    tells it for all of them.
    """
    if not into.has_room(told := rule_of(error.kind, error.text)):
        into.wants(told)  # counted, and not looked at any closer
        return
    element = _concerned(error.element, error.text)
    explanation = explain(error.kind, error.text)
    attribute, rule = explanation.attribute, explanation.rule
    if rule == "xsd.value-type" and schema.referee.accepts(element, attribute):
        if schema.referee.identity_kind(element, attribute) == "ID":
            return
        remark = Remark(rule=rule, element=element, attribute=attribute)
        fault = schema.second.fault_behind(remark, Engine.LIBXML2)
        is_right = fault.confirms(Engine.LIBXML2) if fault else None
        if is_right is False:
            return
        rule = "xsd.engines-disagree" if is_right is None else rule
    value = element.get(attribute) if attribute else element.text
    shape = message("finding.shape", length=len((value or "").strip()))
    if into.wants(rule):
        into.keep(rule, into.place_of(element, attribute), params={"shape": shape, **explanation.params})


def _concerned(element: etree._Element, text: str) -> etree._Element:
    """The element that an error names: the one at hand, or the one around it for text between elements."""
    name = named_element(text)
    return next((here for here in (element, *element.iterancestors()) if here.tag == name), element)
