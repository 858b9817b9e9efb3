"""The view that all formats share: a batch in words, with nothing in it that could steer a reader's program.

Names of files come from anywhere. Here they lose control characters, signs that turn the direction of writing, and
bytes that are no text; the address keeps them, percent-encoded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import Finding, Proof, StepResult, StepState, Verdict
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import RULES, Severity, Step
from ozgflow.reports.validation import (
    CheckedDocument,
    RuleCount,
    ValidationReport,
    frequent_rules,
    occurrences,
    unlisted,
)

VALUE_LIMIT = 200
"""How many characters of a value are shown."""

_NOT_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that do not stand for a byte of a file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedFinding:
    """A finding in words.

    Attributes:
        rule: code of the rule.
        step: the step of the ladder that found it.
        reference: the standard's own name for the rule, or empty.
        severity: how grave it is.
        line: counted from 1; 0 where unknown.
        column: counted from 1; 0 where unknown.
        path: place in the document, or empty.
        message: what is wrong.
        hint: what to do.
        meaning: what the schema says the element is for, or empty.
        value: what stands there, if an operator has asked for it by hand; else ``None``.
    """

    rule: str
    step: Step
    reference: str
    severity: Severity
    line: int
    column: int
    path: str
    message: str
    hint: str
    meaning: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What documents were checked against, and with what; most documents of a batch share one.

    Attributes:
        bundle: standard and version, or empty.
        bundle_hash: SHA-256 over its files, or empty.
        engine: the programs.
    """

    bundle: str
    bundle_hash: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedDocument:
    """A document in words.

    Attributes:
        number: its place in the batch, counted from 1.
        name: fit to be shown.
        uri: its address, percent-encoded, with every byte of the name.
        verdict: valid, invalid or unchecked.
        acceptance: whether it is accepted.
        reason: why, as a sentence.
        reason_code: why, for programs.
        from_store: whether the result was known already.
        document_hash: SHA-256 of its bytes, or empty.
        basis: what it was checked against.
        basis_number: which of the batch's bases that is, counted from 1.
        steps: all steps of the ladder, in order.
        findings: as listed in the report.
        unlisted: rule and number of the findings that are not listed.
        counted: whether all findings were counted.
        total: how many there are, as far as they were counted.
    """

    number: int
    name: str
    uri: str
    verdict: Verdict
    acceptance: Acceptance
    reason: str
    reason_code: str
    from_store: bool
    document_hash: str
    basis: Basis
    basis_number: int
    steps: tuple[StepResult, ...]
    findings: tuple[WordedFinding, ...]
    unlisted: tuple[tuple[str, int], ...]
    counted: bool
    total: int

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to say: valid, accepted, no finding."""
        accepted = self.verdict is Verdict.VALID and self.acceptance is Acceptance.ACCEPTED
        return accepted and not self.total and self.counted

    def has_more(self, severity: Severity) -> bool:
        """Whether there are, or may be, findings of a severity that are not listed."""
        rules = {rule for rule, _ in self.unlisted}
        known = {finding.severity for finding in self.findings if finding.rule in rules}
        return not self.counted or severity in known | {RULES[rule].severity for rule in rules if not known}

    def severities(self) -> dict[Severity, int]:
        """Number of listed findings by severity, all named."""
        found = [finding.severity for finding in self.findings]
        return {severity: found.count(severity) for severity in Severity}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedReport:
    """A batch in words.

    Attributes:
        batch: what it was made from.
        documents: in the order of the batch.
        bases: what was checked against, each once.
        frequent: the most frequent rules.
    """

    batch: ValidationReport
    documents: tuple[WordedDocument, ...]
    bases: tuple[Basis, ...]
    frequent: tuple[RuleCount, ...]


def worded(batch: ValidationReport, wording: Wording, *, values: bool = False) -> WordedReport:
    """Word a batch.

    Args:
        batch: what was checked.
        wording: the sentences.
        values: whether values of documents go along where the batch has them; for formats that people read.
    """
    bases: dict[Basis, int] = {}
    documents = []
    for number, document in enumerate(batch.documents, 1):
        basis = _basis(document.report.proof)
        place = bases.setdefault(basis, len(bases) + 1)
        documents.append(_document(number, document, basis, place, wording, values=values))
    return WordedReport(batch=batch, documents=tuple(documents), bases=tuple(bases), frequent=frequent_rules(batch))


def printable(text: str) -> str:
    """Text that stays on its line and steers nothing: what cannot be printed is replaced."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def address(name: str) -> str:
    """A file's name as a URI reference that cannot be taken for a scheme, a host or a query."""
    quoted = quote(_NOT_BYTES.sub("\N{REPLACEMENT CHARACTER}", name).encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _document(
    number: int, checked: CheckedDocument, basis: Basis, place: int, wording: Wording, *, values: bool
) -> WordedDocument:
    report, reason = checked.report, checked.decision.reason
    shown = checked.values if values else {}
    return WordedDocument(
        number=number,
        name=printable(checked.name) or "–",
        uri=address(checked.name),
        verdict=report.verdict,
        acceptance=checked.decision.acceptance,
        reason=_sentence(wording.render(reason)),
        reason_code=reason.code,
        from_store=checked.from_store,
        document_hash=printable(report.proof.document),
        basis=basis,
        basis_number=place,
        steps=_all_steps(report.proof.steps),
        findings=tuple(_finding(one, shown.get(index), wording) for index, one in enumerate(report.findings)),
        unlisted=tuple((printable(rule), count) for rule, count in unlisted(report).items()),
        counted=report.counted,
        total=sum(occurrences(report).values()),
    )


def _finding(finding: Finding, value: str | None, wording: Wording) -> WordedFinding:
    return WordedFinding(
        rule=finding.rule,
        step=RULES[finding.rule].step,
        reference=printable(finding.reference),
        severity=finding.severity,
        line=finding.line,
        column=finding.column,
        path=printable(finding.path),
        message=_sentence(wording.render(finding.message)),
        hint=_sentence(wording.render(finding.hint)),
        meaning=_sentence(finding.meaning),
        value=None if value is None else _shortened(printable(value)),
    )


def _basis(proof: Proof) -> Basis:
    return Basis(
        bundle=printable(proof.bundle), bundle_hash=printable(proof.bundle_hash), engine=printable(proof.engine)
    )


def _all_steps(steps: Iterable[StepResult]) -> tuple[StepResult, ...]:
    """A step that the proof does not name has not run: it shows as left unchecked, not as nothing at all."""
    known = {result.step: result for result in steps}
    return tuple(known.get(step, StepResult(step=step, state=StepState.STOPPED)) for step in Step)


def _sentence(text: str) -> str:
    return printable(" ".join(text.split()))


def _shortened(text: str) -> str:
    return text if len(text) <= VALUE_LIMIT else f"{text[:VALUE_LIMIT]}…"
