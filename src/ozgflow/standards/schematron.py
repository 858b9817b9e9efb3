"""Schematron: rules beyond the schema, compiled once and run on each document.

Rules are Schematron or a stylesheet compiled from it. Whatever they say, a finding has only the words that stand in
the rules themselves; what a stylesheet puts in from the document is thrown away.

Source: ISO/IEC 19757-3.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import Message, message
from ozgflow.domain.rules import Severity
from ozgflow.standards.bundles import RuleSet
from ozgflow.standards.paths import line_of, readable_path, shortened
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron_compile import compile_schematron
from ozgflow.standards.schematron_engine import RuleStylesheet, Subject
from ozgflow.standards.schematron_expand import read_schematron
from ozgflow.standards.stylesheet_files import NUMBER, Assertion, Stylesheet, gather, gather_file
from ozgflow.standards.svrl import FAILED, FIRED_TAG, OUTPUT, REPORTED, SVRL, ResultPlaces, is_clean, prefixes_of

_COUNT_FIRED = etree.XPath("count(//svrl:fired-rule)", namespaces={"svrl": SVRL})
_KEPT_OF_EACH = 100
_KEPT = 1_000
_RULES = {"assert": "schematron.assert", "report": "schematron.report"}
_WORDS = {
    Severity.ERROR: ("fatal", "error"),
    Severity.WARNING: ("warning", "warn"),
    Severity.NOTE: ("information", "info", "informational", "hint", "notice", "note"),
}
_LEVELS = {word: level for level, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRule:
    """One rule that one place of a document breaks.

    Attributes:
        reference: the rule's name in the standard, or one made of the names around it.
        kind: an assertion that does not hold, or a report that does.
        level: how grave it is.
        location: XPath of the place, as the stylesheet writes it; never to be shown or evaluated.
        text: the words of the rule, with a gap for each value; empty when they cannot be told.
    """

    reference: str
    kind: Literal["assert", "report"]
    level: Severity
    location: str = field(repr=False)
    text: str

    @property
    def rule(self) -> str:
        """The rule of ours that this comes under."""
        return _RULES[self.kind]

    @property
    def params(self) -> dict[str, object]:
        """What goes into the gaps of the sentence."""
        return {"id": self.reference, "text": self.text.rstrip(".") or message("rule-set.no-words")}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetResult:
    """What came of a set of rules.

    Attributes:
        fired: how many rules found something to look at.
        failed: what is broken, in the order of the rules; at most so many of each and in all.
        counts: how often each rule is broken, by reference, listed or not.
        totals: the same by ``schematron.assert`` and ``schematron.report``.
        prefixes: namespaces by prefix for the locations.
        svrl: the whole result, if it was asked for. It may hold values of the document.
    """

    fired: int
    failed: tuple[FailedRule, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    svrl: str = field(default="", repr=False)


class CompiledRuleSet:
    """Rules ready for work, in one thread."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Compile, unless this process has compiled the same files before.

        Raises:
            SchemaTrouble: a file is missing, or the rules do not compile.
        """
        self.rule_set = rule_set
        files = _stylesheet(rule_set)
        self.digest = files.digest
        self._assertions = files.assertions
        self._stylesheet = RuleStylesheet(files, variant=rule_set.phase)

    @property
    def is_quick(self) -> bool:
        """Whether libxslt suffices for these rules."""
        return self._stylesheet.is_quick

    def run(self, data: bytes, root: etree._Element, *, keep_svrl: bool = False) -> RuleSetResult:
        """Run the rules on a document.

        Args:
            data: its bytes.
            root: its root element, parsed from them.
            keep_svrl: whether to give back the whole result, too.

        Raises:
            SchemaTrouble: the rules gave up on it.
        """
        return self.run_on(Subject(data, root), keep_svrl=keep_svrl)

    def run_on(self, subject: Subject, *, keep_svrl: bool = False) -> RuleSetResult:
        """``run`` on a document that other rules look at, too.

        Raises:
            SchemaTrouble: the rules gave up on it.
        """
        result = self._stylesheet.apply(subject)
        text = result if isinstance(result, str) else ""
        if is_clean(text):
            return RuleSetResult(fired=text.count(FIRED_TAG), svrl=text if keep_svrl else "")
        output = self._stylesheet.parsed(result) if isinstance(result, str) else result
        if output.tag != OUTPUT:
            raise SchemaTrouble(message("rule-set.no-result", file=self.rule_set.file.name))
        if keep_svrl and not text:
            text = str(etree.tostring(output, encoding="unicode"))
        failed: list[FailedRule] = []
        counts: Counter[str] = Counter()
        totals: Counter[str] = Counter()
        for element in output.iter(FAILED, REPORTED):
            one = self._failed(element)
            counts[one.reference] += 1
            totals[one.rule] += 1
            if counts[one.reference] <= _KEPT_OF_EACH and len(failed) < _KEPT:
                failed.append(one)
        fired = int(cast("float", _COUNT_FIRED(output)))
        return RuleSetResult(
            fired=fired or len(failed),
            failed=tuple(failed),
            counts=dict(counts),
            totals=dict(totals),
            prefixes=prefixes_of(output),
            svrl=text if keep_svrl else "",
        )

    def _failed(self, element: etree._Element) -> FailedRule:
        known = self._assertion(element)
        kind: Literal["assert", "report"] = "assert" if element.tag == FAILED else "report"
        default = Severity.ERROR if kind == "assert" else Severity.WARNING
        said = (_LEVELS.get(element.get(name, "").strip().lower()) for name in ("flag", "role"))
        level = self.rule_set.levels.get(known.reference) or next((one for one in said if one), default)
        location = element.get("location", "")
        return FailedRule(reference=known.reference, kind=kind, level=level, location=location, text=known.text)

    def _assertion(self, element: etree._Element) -> Assertion:
        """What the rules say of a result. One without a number was put together in a way that hides its words."""
        number = element.get(NUMBER)
        return _UNTOLD if number is None else self._assertions[int(number)]


_UNTOLD = Assertion(reference="#", text="")


def _stylesheet(rule_set: RuleSet) -> Stylesheet:
    file = rule_set.file
    if file.suffix.lower() != ".sch":
        return gather_file(file)
    schema, files = read_schematron(file)
    return gather(compile_schematron(schema, file, rule_set.phase), file, files)


def findings(result: RuleSetResult, root: etree._Element) -> list[Finding]:
    """The findings of a result, each at its line and with a readable path.

    Args:
        result: what ``CompiledRuleSet.run`` gave.
        root: the root element of the document.
    """
    places = ResultPlaces(root, result.prefixes)
    return [_finding(one, places) for one in result.failed]


def _finding(failed: FailedRule, places: ResultPlaces) -> Finding:
    place = places.find(failed.location)
    path = "" if place is None else readable_path(place.element)
    if place is not None and place.attribute:
        path += f"/@{shortened(place.attribute)}"
    return Finding(
        rule=failed.rule,
        path=path,
        line=0 if place is None else line_of(place.element),
        message=message(f"finding.{failed.rule}", **failed.params),
        level=failed.level,
        reference=failed.reference,
    )


def trouble_findings(file: Path, why: Message | None = None) -> list[Finding]:
    """What to say when rules could not judge a document.

    Args:
        file: the file of the rules.
        why: the reason of the ``SchemaTrouble``; ``None`` when the rules ran and none of them fired.
    """
    if why is None:
        rule, sentence = "schematron.nothing-fired", message("finding.schematron.nothing-fired", file=file.name)
    else:
        rule, sentence = "schematron.broken", message("finding.schematron.broken", file=file.name, why=why)
    return [Finding(rule=rule, path="", line=0, message=sentence)]
