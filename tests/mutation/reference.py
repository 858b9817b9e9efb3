"""The check without short cuts, and the engines by themselves: what the quick way is compared with."""

from dataclasses import dataclass

import xmlschema
from lxml import etree

from ozgflow.domain.findings import Report, StepState
from ozgflow.domain.rules import Step
from ozgflow.standards.bundles import Recognised
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.libxml2 import schema_errors
from ozgflow.standards.parsing import Limits, document_parser, parse_document
from ozgflow.standards.second_opinion import SecondOpinion, remarks_of
from ozgflow.standards.validator import Validator

_IDENTITY = frozenset({"xsd.id-duplicate", "xsd.idref-unresolved", "xsd.identity-ambiguous"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What both engines say of the schema step.

    Attributes:
        first: libxml2, with our check of identities.
        second: xmlschema; what it cannot judge is not valid.
        faults: documented faults that explain a difference.
        settled: the verdict that follows from these faults, if one does.
    """

    first: bool = True
    second: bool = True
    faults: tuple[str, ...] = ()
    settled: bool | None = None

    @property
    def agree(self) -> bool:
        """Whether they say the same."""
        return self.first == self.second

    @property
    def valid(self) -> bool:
        """Whether the document may be called valid."""
        return (self.first and self.second) or self.settled is True


class Reference:
    """The check without short cuts, and the engines by themselves."""

    def __init__(self, validator: Validator) -> None:
        self._validator = validator
        self._stripped: set[int] = set()

    def compiled(self, root: etree._Element) -> CompiledBundle:
        """The compiled bundle of a document, its short cuts taken away."""
        recognised = self._validator.catalogue.recognise(root)
        assert isinstance(recognised, Recognised)
        compiled = self._validator._compiled.get(recognised)
        if compiled.schema is not None and id(compiled) not in self._stripped:
            self._stripped.add(id(compiled))
            compiled.schema.plain = compiled.schema.bare = compiled.schema.full
            compiled.schema.__dict__["carriers"] = None
        return compiled

    def check(self, data: bytes) -> Report:
        """Check a document as if it were the first one."""
        root = parse_document(data, Limits())
        if isinstance(root, etree._Element) and isinstance(self._validator.catalogue.recognise(root), Recognised):
            compiled = self.compiled(root)
            for memory in ("walk", "header"):
                compiled.__dict__.pop(memory, None)
            if compiled.codes is not None:
                compiled.codes.in_order.clear()
                compiled.codes.settled.clear()
                compiled.codes._keys.clear()
        return self._validator.check(data)

    def engines(self, data: bytes, report: Report) -> Engines:
        """What both engines say of the schema step, where it was reached."""
        if not went_through_schema(report):
            return Engines()
        root = etree.fromstring(data, document_parser())
        schema = self.compiled(root).schema
        assert schema is not None
        first = schema.full.validate(root) and not _IDENTITY & report.counts.keys()
        second = _is_valid(schema.referee.schema, etree.fromstring(data, document_parser(without_comments=True)))
        if first == second:
            return Engines(first=first, second=second)
        other = SecondOpinion(schema.files, schema.referee)
        remarks = remarks_of(schema_errors(data, root, schema.full).errors)
        difference = other.compare(valid=first, remarks=remarks, opinion=other.ask(data, root))
        faults = tuple(fault.code for fault in difference.faults) if difference else ()
        return Engines(first=first, second=second, faults=faults, settled=difference.valid if difference else None)


def _is_valid(schema: xmlschema.XMLSchema, root: etree._Element) -> bool:
    try:
        return bool(schema.is_valid(root))
    except (xmlschema.XMLSchemaException, OverflowError):
        return False  # it gives up on types that do not exist, and on very late years


def went_through_schema(report: Report) -> bool:
    """Whether the schema step ran."""
    return any(one.step is Step.SCHEMA and one.state is StepState.RAN for one in report.proof.steps)
