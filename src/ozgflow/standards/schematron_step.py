"""The step of the ladder that runs a bundle's Schematron rules, and the bundle's own acceptance test after it."""

from datetime import UTC, datetime

from lxml import etree

from ozgflow.domain.messages import Message
from ozgflow.domain.rules import RULES, Step
from ozgflow.standards.acceptance_test import CheckedRules, JudgedDocument
from ozgflow.standards.collected import Collected
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.paths import place_of
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron import CompiledRuleSet, RuleSetResult
from ozgflow.standards.schematron_engine import Subject
from ozgflow.standards.svrl import ResultPlaces

NO_RULES = -2
BROKEN = -1
"""What stands in place of a number of fired rules: the bundle has none, or they could not judge the document."""

_NO_MOMENT = datetime.fromtimestamp(0, UTC)
"""The moment that acceptance tests see. A result is kept and used again, so it must not depend on the clock."""

_SCHEMA_STEPS = frozenset({Step.SCHEMA, Step.IDENTITY})


class SchematronRun:
    """The rules of one bundle on one document.

    Attributes:
        fired: how many rules found something to look at, or ``NO_RULES`` or ``BROKEN``.
    """

    def __init__(
        self, compiled: CompiledBundle, data: bytes, root: etree._Element, into: Collected, *, fits_schema: bool
    ) -> None:
        """Run all rules, if the document is such as they expect.

        Args:
            compiled: the bundle.
            data: the document's bytes.
            root: the same document, parsed.
            into: takes the findings.
            fits_schema: whether the document is valid by its schema. Rules are written for such documents only; on
                others they give up or say what is not so, and they are not run.
        """
        self._compiled, self._data, self._root, self._into = compiled, data, root, into
        self._results: list[RuleSetResult] = []
        self.fired = NO_RULES
        if compiled.bundle.rule_sets:
            self.fired = self._run() if fits_schema else BROKEN

    def accepted(self) -> bool | None:
        """What the bundle's own acceptance test says; ``None`` where it has none, or none that could be asked."""
        bundle = self._compiled.bundle
        if bundle.acceptance is None:
            return None
        try:
            test = self._compiled.acceptance
            return test is not None and test.accepts(self._checked(), now=_NO_MOMENT)
        except SchemaTrouble as trouble:
            stylesheet = bundle.acceptance.stylesheet
            self._broken(stylesheet.name if stylesheet else "acceptMatch", trouble.reason)
            return None

    def _run(self) -> int:
        subject = Subject(self._data, self._root)
        fired = 0
        for rule_set, rules in zip(self._compiled.bundle.rule_sets, self._compiled.rule_sets, strict=True):
            result = self._result(rules, subject)
            if isinstance(result, Message):
                self._broken(rule_set.file.name, result)
                fired = BROKEN
            elif not result.fired:
                self._into.report("schematron.nothing-fired", self._root, file=rule_set.file.name)
                fired = BROKEN
            elif fired != BROKEN:
                fired += result.fired
        return fired

    def _result(self, rules: CompiledRuleSet | Message, subject: Subject) -> RuleSetResult | Message:
        """What a set of rules says, or the reason why it says nothing."""
        if isinstance(rules, Message):
            return rules
        try:
            result = rules.run_on(subject, keep_svrl=self._compiled.bundle.acceptance is not None)
        except SchemaTrouble as trouble:
            return trouble.reason
        self._results.append(result)
        self._take(result)
        return result

    def _take(self, result: RuleSetResult) -> None:
        places = ResultPlaces(self._root, result.prefixes)
        for failed in result.failed:
            if self._into.wants(failed.rule, failed.level, failed.reference):
                found = places.find(failed.location)
                place = place_of(self._root) if found is None else place_of(found.element, found.attribute)
                self._into.keep(
                    failed.rule, place, level=failed.level, reference=failed.reference, params=failed.params
                )
        for rule, count in result.totals.items():
            self._into.at_least(rule, count)

    def _broken(self, file: str, why: Message) -> None:
        self.fired = BROKEN
        self._into.report("schematron.broken", self._root, file=file, why=why)

    def _checked(self) -> JudgedDocument:
        rule_sets = self._compiled.bundle.rule_sets
        rules = (
            CheckedRules(rule_set=one, svrl=result.svrl)
            for one, result in zip(rule_sets, self._results, strict=False)
        )
        schema = (one for one in self._into.findings({}, lambda _place: 0) if RULES[one.rule].step in _SCHEMA_STEPS)
        return JudgedDocument(
            data=self._data,
            root=self._root,
            name="",
            bundle=self._compiled.bundle,
            schema_findings=tuple(schema),
            rules=tuple(rules),
        )
