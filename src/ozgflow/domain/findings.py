"""Findings and reports: what is wrong with a document, and the proof of what was checked.

A finding is a value and is never raised. It holds rule, place and shape – never a value of the document.
"""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a document.

    Attributes:
        rule: code of an entry of ``rules.RULES``.
        path: place of the element or attribute by local names, for example
            ``/antrag/nachweis[2]/@id``; empty where the document has no readable structure.
        line: line of the element's start tag, counted from 1; 0 where unknown.
        message: the sentence that says what is wrong.
    """

    rule: str
    path: str
    line: int
    message: Message

    @property
    def severity(self) -> Severity:
        """The severity that the table of rules gives."""
        return RULES[self.rule].severity

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
        steps: the steps that ran, in order.
    """

    document: str
    engine: str
    bundle: str = ""
    bundle_hash: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one document and its verdict.

    Attributes:
        verdict: valid, invalid or unchecked.
        findings: in document order, at most as many as the limits allow.
        capped: whether there are more findings than listed.
        proof: what was checked.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    capped: bool = False
    proof: Proof = field(default_factory=lambda: Proof(document="", engine=""))


def verdict_of(findings: Sequence[Finding], steps: Sequence[Step]) -> Verdict:
    """Judge fail-closed: valid needs every step to have run and no error.

    One certain error makes a document invalid, whatever else could not be checked.
    """
    errors = [RULES[finding.rule] for finding in findings if finding.severity is Severity.ERROR]
    if any(not rule.leaves_unchecked for rule in errors):
        return Verdict.INVALID
    return Verdict.VALID if set(steps) == set(Step) and not errors else Verdict.UNCHECKED
