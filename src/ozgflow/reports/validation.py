"""What a report on checked documents is made from; each format has a module of its own beside this one.

All of them word the same view of the batch (``validation_view``), so that none says less than another. Values of
documents are given by hand only and reach two formats that a person reads: text and the page.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ozgflow.domain.acceptance import Acceptance, Decision
from ozgflow.domain.findings import Report, Verdict

FREQUENT_LIMIT = 10
"""How many of the most frequent rules are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDocument:
    """One document with what came of it.

    Attributes:
        name: as the operator gave it, for example its path; it may hold any character.
        report: what was found.
        decision: whether it is accepted, and why.
        from_store: whether the result was known already.
        values: what stands in the document at a finding, by the finding's index. Empty unless an operator has asked
            for values by hand.
    """

    name: str
    report: Report
    decision: Decision
    from_store: bool
    values: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """The documents of one run.

    Attributes:
        created_at: when, with zone.
        as_of: the day on which the documents count as arrived.
        documents: in the order of the run.
        interrupted: whether the run ended before all documents were looked at.
    """

    created_at: datetime
    as_of: date
    documents: tuple[CheckedDocument, ...]
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything was checked: something, not interrupted, and no document left unchecked."""
        return bool(self.documents) and not self.interrupted and not self.verdicts()[Verdict.UNCHECKED]

    @property
    def shows_values(self) -> bool:
        """Whether values of documents were asked for."""
        return any(document.values for document in self.documents)

    def verdicts(self) -> dict[Verdict, int]:
        """Number of documents by verdict, all verdicts named."""
        counted = Counter(document.report.verdict for document in self.documents)
        return {verdict: counted[verdict] for verdict in Verdict}

    def acceptances(self) -> dict[Acceptance, int]:
        """Number of documents by acceptance, all named."""
        counted = Counter(document.decision.acceptance for document in self.documents)
        return {acceptance: counted[acceptance] for acceptance in Acceptance}

    def known(self) -> int:
        """Number of documents whose result was known already."""
        return sum(document.from_store for document in self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How often a rule was broken in a batch.

    Attributes:
        rule: its code.
        documents: in how many documents.
        occurrences: how often in all.
        exact: whether that is the whole number; in documents with very many findings, counting ends.
    """

    rule: str
    documents: int
    occurrences: int
    exact: bool


def occurrences(report: Report) -> dict[str, int]:
    """How often each rule was broken in one document, listed or not, in the order of the first."""
    listed = Counter(finding.rule for finding in report.findings)
    return {rule: max(report.counts.get(rule, 0), listed[rule]) for rule in {**listed, **report.counts}}


def unlisted(report: Report) -> dict[str, int]:
    """How many findings of each rule are not listed."""
    listed = Counter(finding.rule for finding in report.findings)
    more = {rule: count - listed[rule] for rule, count in occurrences(report).items()}
    return {rule: count for rule, count in more.items() if count}


def frequent_rules(batch: ValidationReport) -> tuple[RuleCount, ...]:
    """The rules broken in most documents, then most often, then by name."""
    documents: Counter[str] = Counter()
    total: Counter[str] = Counter()
    inexact: set[str] = set()
    for document in batch.documents:
        counts = occurrences(document.report)
        documents.update(counts.keys())
        total.update(counts)
        if not document.report.counted:
            inexact |= counts.keys()
    ranked = sorted(documents, key=lambda rule: (-documents[rule], -total[rule], rule))
    return tuple(
        RuleCount(rule=rule, documents=documents[rule], occurrences=total[rule], exact=rule not in inexact)
        for rule in ranked[:FREQUENT_LIMIT]
    )
