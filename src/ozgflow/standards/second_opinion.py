"""The second opinion: xmlschema judges whole documents, explains what libxml2 hides, and is compared with it.

xmlschema is slow and can be kept busy, so it is asked within limits: small documents, few elements, and patterns that
take time are matched in ours (``safe_patterns``). It never parses a document itself: it gets the tree that was
made under our own strict policy, follows no hints to schemas in it, and so reads neither files nor the network.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, cast

import xmlschema
from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.standards.engine_faults import Engine, EngineFault, fault_behind
from ozgflow.standards.libxml2 import SchemaError
from ozgflow.standards.libxml2_messages import explain, named_element
from ozgflow.standards.referee import Referee
from ozgflow.standards.safe_patterns import GaveUp, make_safe
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, is_remote
from ozgflow.standards.xmlschema_messages import OpinionError, Remark, translate

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS = 5_000
"""Larger documents are not shown to xmlschema. With unknown elements and with keys it is quadratic: 5,000 elements
take 0.5 s, 20,000 take 8 s."""
MOST_ERRORS = 200
"""More errors are not listed."""

_NOT_ADDED = frozenset({"xsd.id-duplicate", "xsd.idref-unresolved", "xsd.uniqueness", "xsd.other"})
"""Rules of which nothing is added: identities we check ourselves, keys may be broken by a value that is told already,
and what has no rule of its own explains nothing."""
_MODEL = frozenset({"xsd.element-missing", "xsd.element-unexpected", "xsd.element-undeclared"})
_REMARKS = etree.XPath("boolean(.//comment() | .//processing-instruction())")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What xmlschema says of a document.

    Attributes:
        valid: its verdict; ``None`` when it could not be asked.
        errors: what it finds wrong, in document order, at most as many as the limit allows.
        reason: why it could not be asked.
    """

    valid: bool | None
    errors: tuple[OpinionError, ...] = ()
    reason: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """The engines differ on a document as a whole.

    Attributes:
        libxml2_valid: what libxml2 and our own checks say; xmlschema says the opposite.
        faults: the documented faults that were recognised.
        valid: the verdict that holds because of them; ``None`` when the document counts as unchecked.
    """

    libxml2_valid: bool
    faults: tuple[EngineFault, ...] = ()
    valid: bool | None = None


def remarks_of(errors: Iterable[SchemaError]) -> list[Remark]:
    """What libxml2 says, as remarks."""
    found = []
    for error in errors:
        name, explanation = named_element(error.text), explain(error.kind, error.text)
        around = (error.element, *error.element.iterancestors())
        element = next((here for here in around if here.tag == name), error.element)
        found.append(Remark(rule=explanation.rule, element=element, attribute=explanation.attribute))
    return found


class SecondOpinion:
    """Asks xmlschema about whole documents of one schema. Not for use by two threads at once."""

    def __init__(self, files: SchemaFiles, referee: Referee) -> None:
        """Begin; the schema is built when it is first needed.

        Args:
            files: the schema's files.
            referee: knows the declarations of the same schema.
        """
        self._files = files
        self._referee = referee

    def ask(self, data: bytes, root: etree._Element) -> Opinion:
        """Ask about a document.

        Args:
            data: its bytes.
            root: the same document, parsed under the strict policy.
        """
        count = sum(1 for _ in islice(root.iter("*"), MOST_ELEMENTS + 1))
        if len(data) > MOST_BYTES or count > MOST_ELEMENTS:
            return _not_asked(message("second-opinion.large", elements=MOST_ELEMENTS, kib=MOST_BYTES // 1024))
        schema = self._schema
        if isinstance(schema, Message):
            return _not_asked(schema)
        try:
            errors = self._errors(schema, root)
        except (xmlschema.XMLSchemaException, ArithmeticError, RecursionError):
            return _not_asked(message("second-opinion.gave-up"))
        return Opinion(valid=not errors, errors=tuple(errors[:MOST_ERRORS]))

    def additional(self, opinion: Opinion, remarks: Iterable[Remark]) -> tuple[OpinionError, ...]:
        """The errors that xmlschema finds at places where nothing is known to be wrong.

        Args:
            opinion: what xmlschema says.
            remarks: what libxml2 and our own checks say. An error in a content model that they have told is not told
                again at another child.
        """
        known = list(remarks)
        told = {(remark.element, remark.attribute) for remark in known}
        broken = {_model_of(remark) for remark in known if remark.rule in _MODEL}
        found: list[OpinionError] = []
        for error in opinion.errors:
            parent, place = error.model_of, (error.element, error.attribute)
            again = parent is not None and parent in broken and not error.unknown
            if place not in told and not again and error.rule not in _NOT_ADDED:
                found.append(error)
                told.add(place)
                broken |= set() if parent is None else {parent}
        return tuple(found)

    def compare(self, *, valid: bool, remarks: Sequence[Remark], opinion: Opinion) -> Disagreement | None:
        """Compare both verdicts on a document.

        Args:
            valid: what libxml2 and our own check of identities say.
            remarks: the errors behind it, as libxml2 has them, before a referee was asked.
            opinion: what xmlschema says.

        Returns:
            The disagreement, or ``None`` when there is none or xmlschema could not be asked.
        """
        if opinion.valid is None or opinion.valid == valid:
            return None
        by, said = (Engine.XMLSCHEMA, opinion.errors) if valid else (Engine.LIBXML2, remarks)
        behind = [self.fault_behind(remark, by) for remark in said]
        faults = tuple(dict.fromkeys(fault for fault in behind if fault is not None))
        right = [fault is not None and fault.confirms(by) for fault in behind]
        wrong = [fault is not None and fault.confirms(by) is False for fault in behind]
        verdict = False if any(right) else True if wrong and all(wrong) else None
        return Disagreement(libxml2_valid=valid, faults=faults, valid=verdict)

    def fault_behind(self, remark: Remark, by: Engine) -> EngineFault | None:
        """The documented fault that explains why only one engine makes a remark, or ``None``.

        Args:
            remark: what that engine says.
            by: that engine.
        """
        return fault_behind(remark, by, self._component_at(remark.element, remark.attribute))

    @cached_property
    def _schema(self) -> xmlschema.XMLSchema | Message:
        """The schema, or the reason why there is none."""
        # The referee's own is not enough: it is built without a check, and so with the faults that xmlschema sees.
        entry = self._files.entry
        try:
            schema = xmlschema.XMLSchema(str(entry), uri_mapper=self._mapped, allow="local", defuse="never")
            make_safe(schema)
        except (xmlschema.XMLSchemaException, OSError):
            return message("second-opinion.no-schema", file=entry.name)
        except GaveUp:
            return message("second-opinion.pattern")
        return schema

    def _mapped(self, address: str) -> str:
        """The local file for a remote address."""
        files = (file for (_, wanted), file in self._files.targets.items() if wanted == address)
        file = next(files, None)
        return file.as_uri() if file is not None and is_remote(address) else address

    def _errors(self, schema: xmlschema.XMLSchema, root: etree._Element) -> list[OpinionError]:
        asked, back = _bare(root)
        found = schema.iter_errors(asked, use_location_hints=False)
        order = {element: number for number, element in enumerate(asked.iter("*"))}
        errors = [translate(error, asked, self._type_at) for error in islice(found, 10 * MOST_ELEMENTS)]
        errors.sort(key=lambda error: (order.get(error.element, 0), error.model_of is None))
        return [_moved(error, back) for error in errors] if back else errors

    def _component_at(self, element: etree._Element, attribute: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        try:
            return self._referee.component_at(element, attribute)
        except SchemaTrouble:
            return None

    def _type_at(self, element: etree._Element, attribute: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        return getattr(self._component_at(element, attribute), "type", None)


Back = dict[etree._Element, etree._Element]
"""Elements of a copy to those of the document."""


def _bare(root: etree._Element) -> tuple[etree._Element, Back]:
    """The document without comments and instructions, which xmlschema takes for children; and the way back."""
    if not _REMARKS(root):
        return root, {}
    copy = deepcopy(root)
    etree.strip_tags(copy, cast("str", etree.Comment), cast("str", etree.ProcessingInstruction))
    return copy, dict(zip(copy.iter("*"), root.iter("*"), strict=True))


def _moved(error: OpinionError, back: Back) -> OpinionError:
    return OpinionError(
        rule=error.rule,
        element=back[error.element],
        attribute=error.attribute,
        params=error.params,
        model_of=None if error.model_of is None else back[error.model_of],
        unknown=error.unknown,
    )


def _model_of(remark: Remark) -> etree._Element | None:
    """The element whose content model a remark is about."""
    return remark.element if remark.rule == "xsd.element-missing" else remark.element.getparent()


def _not_asked(reason: Message) -> Opinion:
    return Opinion(valid=None, reason=reason)
