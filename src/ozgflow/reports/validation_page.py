"""The report on checked documents as one HTML page, complete in itself: for the screen, for a phone and for paper.

What needs work comes first. All content is there without a script, and nothing is folded away when it is printed.
"""

from collections.abc import Mapping
from enum import StrEnum

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import RULES, Severity
from ozgflow.reports.pages import render_page
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_phrases import (
    at_least,
    general_sentence,
    grouped,
    moment,
    more_lines,
    place,
    steps_line,
)
from ozgflow.reports.validation_view import WordedDocument, WordedReport, worded


class Group(StrEnum):
    """The parts of the page; each document stands in exactly one, those that need work first."""

    INVALID = "invalid"
    UNCHECKED = "unchecked"
    NOTED = "noted"
    """Valid, with something to say: a finding, or not accepted."""
    CLEAN = "clean"


def to_page(batch: ValidationReport, wording: Wording) -> str:
    """The batch as an HTML page. Values of documents are shown where the batch has them, and marked as such."""
    view = worded(batch, wording, values=True)
    return render_page(
        "validation.html.j2",
        ("page.css.j2", "validation.css.j2"),
        wording,
        view=view,
        batch=batch,
        groups=_groups(view),
        verdicts=batch.verdicts(),
        acceptances=batch.acceptances(),
        acceptance_states=tuple(Acceptance),
        severities=tuple(Severity),
        rules=RULES,
        moment=moment(batch, wording),
        number=lambda value: grouped(value, wording),
        share=lambda value: wording.text(
            "report.of", count=grouped(value, wording), total=grouped(len(view.documents), wording)
        ),
        at_least=lambda rule: at_least(rule, wording),
        general=lambda rule: general_sentence(f"finding.{rule}", wording),
        place=lambda finding: place(finding, wording),
        more=lambda document: more_lines(document, wording),
        steps=lambda document: steps_line(document.steps, wording),
    )


def _groups(view: WordedReport) -> Mapping[Group, list[WordedDocument]]:
    groups: dict[Group, list[WordedDocument]] = {group: [] for group in Group}
    for document in view.documents:
        groups[_group(document)].append(document)
    return groups


def _group(document: WordedDocument) -> Group:
    if document.verdict is Verdict.VALID:
        return Group.CLEAN if document.is_clean else Group.NOTED
    return Group.INVALID if document.verdict is Verdict.INVALID else Group.UNCHECKED
