"""The ladder from a parsed document to its findings: characters, schema, identities, codes, Schematron, header, keys.

Each step says whether it ran and how much it looked at. A step that should have run and did not leaves the document
unchecked; a step for which the bundle has nothing is absent, which is no fault.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml import etree

from ozgflow.domain.findings import Finding, StepResult, StepState
from ozgflow.domain.messages import Message, message
from ozgflow.domain.rules import Step
from ozgflow.standards.characters import check_characters
from ozgflow.standards.collected import Collected
from ozgflow.standards.columns import column_finder
from ozgflow.standards.compiled import CompiledBundle, CompiledSchema
from ozgflow.standards.identity import IdentityTable
from ozgflow.standards.libxml2 import SchemaError, schema_errors
from ozgflow.standards.libxml2_messages import explain, named_element
from ozgflow.standards.parsing import Limits
from ozgflow.standards.plain_patterns import PLAIN, is_plain
from ozgflow.standards.schematron_step import SchematronRun
from ozgflow.standards.walk import Walked

_COUNT = etree.XPath("count(//*)")
# Where these occur, an element may have another type than its name says, or its text be in several pieces.
_XSI, _COMMENT, _INSTRUCTION = b"XMLSchema-instance", b"<!--", b"<?"
STOPPED, ABSENT = -1, -2
"""What stands for a step that did not run, and for one that the bundle has nothing for, in place of a count."""

_SCHEMA, _IDENTITY, _CODES, _SCHEMATRON, _HEADER = (
    list(Step).index(step) for step in (Step.SCHEMA, Step.IDENTITY, Step.CODES, Step.SCHEMATRON, Step.HEADER)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the ladder found.

    Attributes:
        findings: those that are shown.
        counts: how many there are, by rule.
        steps: what became of each step.
        declared: what the bundle's own acceptance test says, where it has one.
    """

    findings: list[Finding]
    counts: Mapping[str, int]
    steps: tuple[StepResult, ...]
    declared: bool | None = None


class Climb:
    """One document on its way up: what each step has looked at so far, and what was found.

    Attributes:
        compiled: the bundle.
        into: takes the findings.
        counts: by step, in the order of the ladder, how much was looked at, or ``STOPPED`` or ``ABSENT``.
    """

    __slots__ = ("compiled", "counts", "into")

    def __init__(self, compiled: CompiledBundle, into: Collected) -> None:
        """Begin with a document that is well-formed and whose bundle is known."""
        self.compiled = compiled
        self.into = into
        self.counts = [1, 1, 1, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED]

    def checked(self, findings: list[Finding], *, declared: bool | None = None) -> Checked:
        """The result. Steps that nobody has mentioned did not run."""
        steps = step_results(tuple(self.counts))
        return Checked(findings=findings, counts=self.into.counts, steps=steps, declared=declared)


@lru_cache(maxsize=4096)
def step_results(counts: tuple[int, ...]) -> tuple[StepResult, ...]:
    """The results of all steps, from a count for each of them, or ``STOPPED`` or ``ABSENT``."""
    states = {STOPPED: StepState.STOPPED, ABSENT: StepState.ABSENT}
    return tuple(
        StepResult(step=step, state=states.get(count, StepState.RAN), checked=max(count, 0))
        for step, count in zip(Step, counts, strict=True)
    )


def climb(compiled: CompiledBundle, data: bytes, root: etree._Element, limits: Limits) -> Checked:
    """Check a well-formed document against its bundle.

    Args:
        compiled: the bundle.
        data: the document's bytes.
        root: the same document, parsed.
        limits: how much is looked at and shown.
    """
    into = Collected(limits)
    way = Climb(compiled, into)
    schema = compiled.schema
    walked = compiled.walk.over(root)
    if not is_plain(data, schema.alphabet if schema else PLAIN):
        check_characters(root.iter("*"), schema.repertoire if schema else None, into)
        if schema is not None:
            _check_schema(way, schema, data, root)
    elif schema is not None:
        _check_plain(way, schema, data, root, walked)
    if schema is None:
        way.counts[_SCHEMA] = way.counts[_IDENTITY] = ABSENT
    else:
        way.counts[_IDENTITY] = _check_identities(schema, data, root, walked, into)
    _check_rest(way, root, walked)
    declared = _run_rules(way, data, root)
    if not into:
        return way.checked([], declared=declared)
    findings = into.findings(schema.meanings if schema else {}, column_finder(data))
    return way.checked(findings, declared=declared)


def _run_rules(way: Climb, data: bytes, root: etree._Element) -> bool | None:
    """Run Schematron. Returns what the bundle's own acceptance test says, where it has one."""
    bundle = way.compiled.bundle
    if not bundle.rule_sets and bundle.acceptance is None:
        way.counts[_SCHEMATRON] = ABSENT
        return None
    run = SchematronRun(way.compiled, data, root, way.into)
    declared = run.accepted()
    way.counts[_SCHEMATRON] = run.fired
    return declared


def check_codes(
    way: Climb, root: etree._Element, codes: Iterable[etree._Element]
) -> list[tuple[str, etree._Element]]:
    """Check codes against the lists of the bundle.

    Returns:
        Elements whose code is a key, with the kind of key.
    """
    compiled = way.compiled
    if compiled.codes is None:
        way.counts[_CODES] = ABSENT
        return []
    checked, keys = compiled.codes.walk(codes, way.into)
    way.counts[_CODES] = checked + max(way.counts[_CODES], 0)
    if isinstance(compiled.code_lists, Message):
        way.counts[_CODES] = STOPPED
        way.into.report("codes.broken", root, why=compiled.code_lists)
    return keys


def check_header(way: Climb, root: etree._Element, keys: list[tuple[str, etree._Element]]) -> None:
    """Check header and keys."""
    header = way.compiled.header
    applied = header.check_head(root, way.into) + header.check_keys(keys, way.into)
    way.counts[_HEADER] = applied or ABSENT


def _check_rest(way: Climb, root: etree._Element, walked: Walked) -> None:
    """Look at what the walk has set aside: codes, keys and the header."""
    compiled, counts = way.compiled, way.counts
    if compiled.codes is None:
        counts[_CODES] = ABSENT
    else:
        counts[_CODES] = walked.codes
    keys = check_codes(way, root, walked.odd_codes)
    applied, odd_keys = compiled.header.check_odd(root, walked.odd_values, way.into)
    for kind, code in keys:
        before = way.into.counts.total()
        compiled.header.check_keys([(kind, code)], way.into)
        if compiled.codes is not None and way.into.counts.total() == before:
            compiled.codes.remember(code, compared=False)
    applied += walked.keys + len(keys) + compiled.header.check_keys(odd_keys, way.into)
    counts[_HEADER] = applied or ABSENT


def _check_identities(
    schema: CompiledSchema, data: bytes, root: etree._Element, walked: Walked, into: Collected
) -> int:
    if not schema.identities:
        return ABSENT
    table = IdentityTable(schema.identities, schema.referee.identity_kind, into)
    by_name = schema.carriers is not None and _XSI not in data
    found = walked.carriers if by_name else cast("list[etree._Element]", schema.identities.carriers(root))
    table.look_at(found)
    table.finish()
    return table.count


def _check_plain(way: Climb, schema: CompiledSchema, data: bytes, root: etree._Element, walked: Walked) -> None:
    """Validate a document of plain characters by a faster schema whose *valid* is certain."""
    is_simple = walked.patterns_met and _XSI not in data and _COMMENT not in data and data.count(_INSTRUCTION) <= 1
    faster = schema.bare if is_simple else schema.plain
    if faster is not schema.full and schema_errors(data, root, faster).valid:
        way.counts[_SCHEMA] = int(cast("float", _COUNT(root)))
    else:
        _check_schema(way, schema, data, root)


def _check_schema(way: Climb, schema: CompiledSchema, data: bytes, root: etree._Element) -> None:
    """Validate by the schema as published."""
    into = way.into
    way.counts[_SCHEMA] = int(cast("float", _COUNT(root)))
    found = schema_errors(data, root, schema.full)
    for error in found.errors:
        report_schema_error(schema, error, into)
    for rule, count in found.counts.items():
        into.counts[rule] = max(into.counts[rule], count)
    if not found.valid and not found.errors:
        into.report("xsd.other", root)


def report_schema_error(schema: CompiledSchema, error: SchemaError, into: Collected) -> None:
    """One finding. A refused value is shown to the second engine: libxml2 refuses some that are right.

    Known is one such fault, dates with white space around them. Where the engines differ, nothing is settled. A double
    identity is a refused value, too, but only in documents that are small enough for a tree; the step of identities
    tells it for all of them.
    """
    element = _concerned(error.element, error.text)
    explanation = explain(error.kind, error.text)
    attribute, rule = explanation.attribute, explanation.rule
    if rule == "xsd.value-type" and schema.referee.accepts(element, attribute):
        if schema.referee.identity_kind(element, attribute) == "ID":
            return
        rule = "xsd.engines-disagree"
    value = element.get(attribute) if attribute else element.text
    shape = message("finding.shape", length=len((value or "").strip()))
    if into.wants(rule):
        into.keep(rule, into.place_of(element, attribute), params={"shape": shape, **explanation.params})


def _concerned(element: etree._Element, text: str) -> etree._Element:
    """The element that an error names: the one at hand, or the one around it for text between elements."""
    name = named_element(text)
    return next((here for here in (element, *element.iterancestors()) if here.tag == name), element)
