"""Phrases that the formats share: places, counts, steps, moments."""

import re
from collections.abc import Iterable

from ozgflow.domain.findings import StepResult, StepState
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import Step
from ozgflow.reports.validation import RuleCount, ValidationReport
from ozgflow.reports.validation_view import WordedDocument, WordedFinding

_COUNTED = frozenset({Step.SCHEMA, Step.IDENTITY, Step.CODES, Step.SCHEMATRON, Step.HEADER})
"""Steps that count something; the others look at the document as a whole."""
_GAP = re.compile(r"\{\w+\}")


def grouped(number: int, wording: Wording) -> str:
    """A number as the language writes it."""
    return f"{number:,}".replace(",", wording.text("validation.thousands"))


def at_least(rule: RuleCount, wording: Wording) -> str:
    """How often a rule was broken, said as a lower bound where counting had ended."""
    count = grouped(rule.occurrences, wording)
    return count if rule.exact else wording.text("validation.at-least", count=count)


def frequency(rule: RuleCount, total: int, wording: Wording) -> str:
    """A rule with the number of documents and of findings; ``total`` is how many documents there are."""
    share = wording.text("report.of", count=grouped(rule.documents, wording), total=grouped(total, wording))
    return wording.text("validation.frequent", rule=rule.rule, share=share, occurrences=at_least(rule, wording))


def moment(batch: ValidationReport, wording: Wording) -> str:
    """When the report was made."""
    return wording.text("validation.moment", day=batch.created_at.date(), time=f"{batch.created_at:%H:%M}")


def place(finding: WordedFinding, wording: Wording) -> str:
    """Line, column and path of a finding, as far as they are known."""
    parts = [
        wording.text("validation.line", line=finding.line) if finding.line else "",
        wording.text("validation.column", column=finding.column) if finding.column else "",
        finding.path,
    ]
    return ", ".join(part for part in parts if part)


def rule_name(finding: WordedFinding, wording: Wording) -> str:
    """The rule, with the name that the standard itself gives to it."""
    if not finding.reference:
        return finding.rule
    return wording.text("validation.rule-reference", rule=finding.rule, reference=finding.reference)


def more_lines(document: WordedDocument, wording: Wording) -> list[str]:
    """How many findings are not listed, by rule."""
    lines = [
        wording.text("validation.more", rule=rule, count=grouped(count, wording)) for rule, count in document.unlisted
    ]
    return lines if document.counted else [*lines, wording.text("validation.uncounted")]


def steps_line(steps: Iterable[StepResult], wording: Wording) -> str:
    """What was checked, what the bundle does not have, and what was left unchecked, on one line.

    Args:
        steps: the results.
        wording: the sentences.
    """
    steps = tuple(steps)
    parts = []
    for state in StepState:
        named = [_step_name(result, wording) for result in steps if result.state is state]
        if named:
            name = wording.text(f"step-state.{state}")
            parts.append(wording.text("validation.steps", state=name, steps=", ".join(named)))
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def step_count(result: StepResult, wording: Wording) -> str:
    """How much a step looked at, with its unit; empty for a step that looks at the document as a whole."""
    if result.step not in _COUNTED or (result.state is not StepState.RAN and not result.checked):
        return ""
    if result.checked == 1:
        return wording.text(f"step-count-one.{result.step}")
    return wording.text(f"step-count.{result.step}", count=grouped(result.checked, wording))


def general_sentence(code: str, wording: Wording) -> str:
    """A sentence with its gaps left open, to describe a rule rather than a finding."""
    return _GAP.sub("…", wording.templates[code]).replace("….", "…")


def _step_name(result: StepResult, wording: Wording) -> str:
    name, count = wording.text(f"step.{result.step}"), step_count(result, wording)
    return wording.text("validation.step-counted", step=name, count=count) if count else name
