"""The ladder from a parsed document to its findings: characters, schema, identities, codes, Schematron, header, keys.

Each step says whether it ran and how much it looked at. A step that should have run and did not leaves the document
unchecked; a step for which the bundle has nothing is absent, which is no fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml import etree

from ozgflow.domain.findings import Finding, StepResult, StepState, Verdict, verdict_of
from ozgflow.domain.messages import Message
from ozgflow.domain.rules import Step
from ozgflow.standards.characters import check_characters
from ozgflow.standards.collected import Collected
from ozgflow.standards.columns import column_finder
from ozgflow.standards.compiled import CompiledBundle, CompiledSchema
from ozgflow.standards.identity import IdentityTable
from ozgflow.standards.libxml2 import VALID, SchemaErrors, is_valid, schema_errors
from ozgflow.standards.parsing import Limits, is_simple, names_types, parse_whole
from ozgflow.standards.plain_patterns import PLAIN, is_plain
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schema_findings import report_schema_error
from ozgflow.standards.schematron_step import SchematronRun
from ozgflow.standards.second_opinion import remarks_of
from ozgflow.standards.walk import NOTHING_WALKED
from ozgflow.standards.xmlschema_messages import OpinionError

_COUNT = etree.XPath("count(//*)", regexp=False)  # without regular expressions, which take longer to make ready
# Where this occurs, an element may have another type than its name says.
STOPPED, ABSENT = -1, -2
"""What stands for a step that did not run, and for one that the bundle has nothing for, in place of a count."""

_REMEMBERED = 4_096
_IDENTITY_RULES = frozenset({"xsd.id-duplicate", "xsd.idref-unresolved", "xsd.identity-ambiguous"})
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
        counted: whether ``counts`` is complete.
    """

    findings: list[Finding]
    counts: Mapping[str, int]
    steps: tuple[StepResult, ...]
    declared: bool | None = None
    counted: bool = True

    @property
    def verdict(self) -> Verdict:
        """What this says about the document."""
        if self.findings:
            return verdict_of(self.findings, self.steps)
        return _verdict_without_findings(self.steps)


class Climb:
    """One well-formed document whose bundle is known, on its way up.

    Attributes:
        compiled: the bundle.
        data: the document's bytes.
        root: the same document, parsed.
        into: takes the findings.
        walked: what the walk came to.
        plain: whether it holds plain characters only.
        counts: by step, in the order of the ladder, how much was looked at, or ``STOPPED`` or ``ABSENT``.
        found: what libxml2 says of it.
        trouble: why the bundle cannot be used after all.
    """

    __slots__ = ("compiled", "counts", "data", "declared", "found", "into", "plain", "root", "trouble", "walked")

    def __init__(self, compiled: CompiledBundle, data: bytes, root: etree._Element, limits: Limits) -> None:
        self.compiled = compiled
        self.data = data
        self.root = root
        self.into = Collected(limits)
        self.walked = NOTHING_WALKED
        self.plain = False
        self.declared: bool | None = None
        self.found = VALID
        self.trouble: SchemaTrouble | None = None
        self.counts = [1, 1, 1, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED]

    def checked(self) -> Checked:
        """The result, when all steps are done."""
        schema = self.compiled.schema
        findings: list[Finding] = []
        if self.into:
            findings = self.into.findings(schema.meanings if schema else {}, column_finder(self.data))
        steps = step_results(tuple(self.counts))
        return Checked(findings=findings, counts=self.into.counts, steps=steps, declared=self.declared)


_verdicts: dict[int, tuple[tuple[StepResult, ...], Verdict]] = {}


def _verdict_without_findings(steps: tuple[StepResult, ...]) -> Verdict:
    """The verdict on a document without findings, remembered by identity: ``step_results`` gives out few objects."""
    known = _verdicts.get(id(steps))
    if known is None or known[0] is not steps:
        if len(_verdicts) >= _REMEMBERED:
            _verdicts.clear()
        known = _verdicts[id(steps)] = steps, verdict_of((), steps)
    return known[1]


@lru_cache(maxsize=_REMEMBERED)
def step_results(counts: tuple[int, ...]) -> tuple[StepResult, ...]:
    """The results of all steps, from a count for each of them, or ``STOPPED`` or ``ABSENT``."""
    states = {STOPPED: StepState.STOPPED, ABSENT: StepState.ABSENT}
    return tuple(
        StepResult(step=step, state=states.get(count, StepState.RAN), checked=max(count, 0))
        for step, count in zip(Step, counts, strict=True)
    )


def climb(ways: Sequence[Climb], *, second_opinion: bool = False) -> None:
    """Take documents up the ladder, step by step for all of them.

    A step is short and has much code; taking all documents through one before the next keeps that code where the
    processor finds it. For messages of some kilobytes this makes the difference between half and nearly all of the
    speed of the validation alone.

    Args:
        ways: the documents. What is found stands in them afterwards; one whose bundle turns out to be of no use has
            the trouble in it.
        second_opinion: whether xmlschema is to judge every document, too.
    """
    for step in _WITH_SECOND_OPINION if second_opinion else _STEPS:
        for way in ways:
            if way.trouble is None:
                try:
                    step(way)
                except SchemaTrouble as trouble:
                    way.trouble = trouble


def _look_at_characters(way: Climb) -> None:
    schema = way.compiled.schema
    way.plain = is_plain(way.data, schema.alphabet if schema else PLAIN)
    if not way.plain:
        check_characters(way.root.iter("*"), schema.repertoire if schema else None, way.into)


def _walk(way: Climb) -> None:
    way.walked = way.compiled.walk.over(way.root)


def _count(way: Climb) -> None:
    if way.compiled.schema is not None and not way.found.gave_up:
        way.counts[_SCHEMA] = int(cast("float", _COUNT(way.root)))


def _check_schema(way: Climb) -> None:
    """Validate; a document of plain characters first by a faster schema, whose *valid* is certain."""
    schema, data, root = way.compiled.schema, way.data, way.root
    if schema is None:
        way.counts[_SCHEMA] = way.counts[_IDENTITY] = ABSENT
    elif not way.plain or not _is_quickly_valid(schema, way):
        way.found = schema_errors(data, root, schema.full)
        _take_schema_errors(schema, way.found, way)


def _is_quickly_valid(schema: CompiledSchema, way: Climb) -> bool:
    data = way.data
    simple = way.walked.patterns_met and is_simple(data) and not names_types(data, certain=way.plain)
    faster = schema.bare if simple else schema.plain
    return faster is not schema.full and is_valid(data, way.root, faster)


def _take_schema_errors(schema: CompiledSchema, found: SchemaErrors, way: Climb) -> None:
    for error in found.errors:
        report_schema_error(schema, error, way.into)
    for rule, count in found.counts.items():
        way.into.at_least(rule, count)
    if found.gave_up:
        way.into.report("xsd.gave-up", way.root)
    elif not found.valid and not found.errors:
        way.into.report("xsd.other", way.root)


def _check_identities(way: Climb) -> None:
    schema = way.compiled.schema
    if schema is None or not schema.identities:
        way.counts[_IDENTITY] = ABSENT
        return
    table = IdentityTable(schema.identities, schema.referee.identity_kind, way.into)
    by_name = schema.carriers is not None and not names_types(way.data, certain=way.plain)
    found = way.walked.carriers if by_name else cast("list[etree._Element]", schema.identities.carriers(way.root))
    table.look_at(found)
    table.finish()
    way.counts[_IDENTITY] = table.count


def _ask_second(way: Climb) -> None:
    """Let xmlschema judge the document, too: what it sees besides, and whether the two agree."""
    schema, into, found = way.compiled.schema, way.into, way.found
    if schema is None or found.gave_up:
        return
    remarks, opinion = remarks_of(found.errors), schema.second.ask(way.data, parse_whole(way.data))
    in_order = found.valid and _IDENTITY_RULES.isdisjoint(into.counts)
    differ = schema.second.compare(valid=in_order, remarks=remarks, opinion=opinion)
    if opinion.valid is None:
        into.report("xsd.no-second-opinion", way.root, why=opinion.reason)
    errors: Sequence[OpinionError] = ()
    if differ is None:
        errors = () if in_order else schema.second.additional(opinion, remarks)
    elif differ.valid is None:
        into.report("xsd.engines-disagree-document", way.root)
    elif differ.libxml2_valid and not differ.valid:
        errors = opinion.errors
    for error in errors:
        if into.wants(error.rule):
            into.keep(error.rule, into.place_of(error.element, error.attribute), params=error.params)


def _check_rest(way: Climb) -> None:
    """Look at what the walk has set aside: codes, keys and the header."""
    compiled, walked, into = way.compiled, way.walked, way.into
    codes, header = compiled.codes, compiled.header
    applied, odd_keys = header.check_odd(way.root, walked.odd_values, into)
    applied += walked.keys + header.check_keys(odd_keys, into)
    if codes is None:
        way.counts[_CODES] = ABSENT
    else:
        checked, keys = codes.walk(walked.odd_codes, into) if walked.odd_codes else (0, ())
        way.counts[_CODES] = walked.codes + checked
        for kind, code in keys:
            before = into.reported
            applied += header.check_keys([(kind, code)], into)
            if into.reported == before:
                codes.remember(code, compared=False)
        if isinstance(compiled.code_lists, Message):
            way.counts[_CODES] = STOPPED
            into.report("codes.broken", way.root, why=compiled.code_lists)
    way.counts[_HEADER] = applied or ABSENT


def _run_rules(way: Climb) -> None:
    """Run Schematron and the bundle's own acceptance test."""
    bundle = way.compiled.bundle
    if not bundle.rule_sets and bundle.acceptance is None:
        way.counts[_SCHEMATRON] = ABSENT
        return
    root = parse_whole(way.data)
    run = SchematronRun(way.compiled, way.data, root, way.into, fits_schema=way.found.valid)
    way.declared = run.accepted()
    way.counts[_SCHEMATRON] = run.fired


_STEPS = (_look_at_characters, _walk, _check_schema, _count, _check_identities, _check_rest, _run_rules)
_WITH_SECOND_OPINION = (*_STEPS[:5], _ask_second, *_STEPS[5:])
