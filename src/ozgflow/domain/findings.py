"""Findings and reports: what is wrong with a document, and the proof of what was checked.

A finding is a value and is never raised. It holds rule, place and shape – never a value of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ozgflow.domain.messages import Message
from ozgflow.domain.rules import RULES, Severity, Step


class Verdict(StrEnum):
    """What a check says about a document."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"
    """Something that had to be checked could not be. Never treated as valid."""


class StepState(StrEnum):
    """What became of a step of the ladder."""

    RAN = "ran"
    ABSENT = "absent"
    """The bundle has nothing of the kind, for example no Schematron."""
    STOPPED = "stopped"
    """The step should have run and did not, or not to its end. The document cannot be valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What became of one step.

    Attributes:
        step: the step.
        state: whether it ran.
        checked: how much it looked at, in the step's own unit: elements (schema), identities and references
            (identity), codes (codes), rules that fired (schematron), rules that applied (header), 1 for a
            document that was looked at as a whole.
    """

    step: Step
    state: StepState
    checked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a document.

    Attributes:
        rule: code of an entry of ``rules.RULES``.
        path: place of the element or attribute by local names, for example
            ``/antrag/nachweis[2]/@id``; empty where the document has no readable structure.
        line: line of the element's start tag, counted from 1; 0 where unknown.
        message: the sentence that says what is wrong.
        column: column of the start tag in its line, counted from 1; 0 where unknown.
        level: how grave this one is, where the bundle says so; otherwise the table of rules decides.
        reference: the name that the standard itself gives to the rule, for example ``BR-DE-15``.
        meaning: what the schema says the element is for, in the schema's language.
    """

    rule: str
    path: str
    line: int
    message: Message
    column: int = 0
    level: Severity | None = None
    reference: str = ""
    meaning: str = ""

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.level or RULES[self.rule].severity

    @property
    def hint(self) -> Message:
        """The sentence that says what to do."""
        return Message(f"hint.{self.rule}", self.message.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was checked against what.

    Attributes:
        document: SHA-256 of the document's bytes, hexadecimal.
        engine: the programs that checked and their versions.
        bundle: standard and version, for example ``aufenthalt-antrag/1.0``; empty when none was recognised.
        bundle_hash: SHA-256 over all files of the bundle, hexadecimal; empty when none was recognised.
        steps: what became of each step of the ladder, in order.
    """

    document: str
    engine: str
    bundle: str = ""
    bundle_hash: str = ""
    steps: tuple[StepResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one document and its verdict.

    Attributes:
        verdict: valid, invalid or unchecked.
        findings: in document order, at most as many as the limits allow, in all and of each rule.
        counts: how often each rule was broken, by rule, listed or not.
        counted: whether ``counts`` is complete; with very many findings, counting ends.
        proof: what was checked.
        declared: what the bundle's own acceptance test says, where it has one (KoSIT ``acceptMatch``).
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    counted: bool = True
    proof: Proof = field(default_factory=lambda: Proof(document="", engine=""))
    declared: bool | None = None

    @property
    def total(self) -> int:
        """How many findings there are, listed or not."""
        return max(sum(self.counts.values()), len(self.findings))

    @property
    def capped(self) -> bool:
        """Whether there are more findings than listed."""
        return not self.counted or self.total > len(self.findings)


def verdict_of(findings: Sequence[Finding], steps: Sequence[StepResult]) -> Verdict:
    """Judge fail-closed: valid needs every step to have run, unless the bundle has nothing of the kind, and no error.

    One certain error makes a document invalid, whatever else could not be checked.
    """
    errors = [RULES[finding.rule] for finding in findings if finding.severity is Severity.ERROR]
    if any(not rule.leaves_unchecked for rule in errors):
        return Verdict.INVALID
    complete = len(steps) == len(Step) and all(result.state is not StepState.STOPPED for result in steps)
    return Verdict.VALID if complete and not errors else Verdict.UNCHECKED
