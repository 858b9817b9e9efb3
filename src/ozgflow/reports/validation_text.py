"""The report on checked documents as plain text, as a person reads it in a terminal."""

from collections.abc import Iterator

from ozgflow.domain.findings import StepState
from ozgflow.domain.messages import Wording
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_phrases import (
    frequency,
    grouped,
    moment,
    more_lines,
    place,
    rule_name,
    step_count,
    steps_line,
)
from ozgflow.reports.validation_view import WordedDocument, WordedFinding, WordedReport, worded

_SHORT_HASH = 12


def to_text(batch: ValidationReport, wording: Wording) -> str:
    """The batch as text without markup.

    Documents without any finding have one line each and come first; the others follow with all that was found. At the
    end stand the counts. Values of documents are shown where the batch has them, and marked as such.
    """
    view = worded(batch, wording, values=True)
    lines = [_clean_line(document, wording) for document in view.documents if document.is_clean]
    for document in view.documents:
        if not document.is_clean:
            lines += ["", *document_lines(document, wording)]
    return "\n".join([*lines, "", *_end(view, wording)]).lstrip("\n") + "\n"


def document_lines(document: WordedDocument, wording: Wording) -> list[str]:
    """One document with all that is said about it."""
    lines = [
        _head(document, wording),
        f"  {wording.text('validation.acceptance', reason=document.reason)}",
        f"  {steps_line(document.steps, wording)}",
    ]
    if document.document_hash:
        lines.append(f"  {wording.text('validation.document-hash', hash=document.document_hash)}")
    for finding in document.findings:
        lines += _finding_lines(finding, wording)
    return lines + [f"  {line}" for line in more_lines(document, wording)]


def _clean_line(document: WordedDocument, wording: Wording) -> str:
    """All on one line. Which steps ran follows from the verdict; the counts and what the bundle lacks do not."""
    telling = [result for result in document.steps if step_count(result, wording) or result.state is StepState.ABSENT]
    short = wording.text("validation.short-hash", hash=document.document_hash[:_SHORT_HASH])
    return " · ".join((_head(document, wording), steps_line(telling, wording), short))


def _head(document: WordedDocument, wording: Wording) -> str:
    bundle = document.basis.bundle or wording.text("validation.no-bundle")
    basis = wording.text("validation.basis", bundle=bundle, number=document.basis_number)
    return wording.text("validation.document", name=document.name, state=_state(document, wording), basis=basis)


def _state(document: WordedDocument, wording: Wording) -> str:
    words = [wording.text(f"verdict.{document.verdict}"), wording.text(f"acceptance-state.{document.acceptance}")]
    if document.from_store:
        words.append(wording.text("validation.known"))
    return ", ".join(words)


def _finding_lines(finding: WordedFinding, wording: Wording) -> list[str]:
    head = f"{wording.text(f'severity.{finding.severity}')} {rule_name(finding, wording)}"
    where = place(finding, wording)
    lines = [f"  {head}, {where}" if where else f"  {head}", f"    {finding.message}", f"    → {finding.hint}"]
    if finding.meaning:
        lines.append(f"    {wording.text('validation.meaning', meaning=finding.meaning)}")
    if finding.value is not None:
        lines.append(f"    {wording.text('validation.value', value=finding.value)}")
    return lines


def _end(view: WordedReport, wording: Wording) -> Iterator[str]:
    batch, total = view.batch, grouped(len(view.documents), wording)
    if view.frequent:
        yield wording.text("validation.frequent-title")
        yield from (f"  {frequency(rule, len(view.documents), wording)}" for rule in view.frequent)
        yield ""
    yield from _bases(view, wording)
    verdicts = {verdict.value: grouped(count, wording) for verdict, count in batch.verdicts().items()}
    states = {state.value: grouped(count, wording) for state, count in batch.acceptances().items()}
    yield wording.text("validation.made", moment=moment(batch, wording), day=batch.as_of)
    yield wording.text("validation.sum", total=total, known=grouped(batch.known(), wording), **verdicts)
    yield wording.text("validation.acceptance-sum", total=total, **states)
    if batch.interrupted:
        yield wording.text("validation.interrupted")
    if batch.shows_values:
        yield wording.text("validation.values-shown")


def _bases(view: WordedReport, wording: Wording) -> Iterator[str]:
    for number, basis in enumerate(view.bases, 1):
        parts = [basis.bundle or wording.text("validation.no-bundle")]
        if basis.bundle_hash:
            parts.append(wording.text("validation.short-hash", hash=basis.bundle_hash))
        if basis.engine:
            parts.append(basis.engine)
        yield f"[{number}] {' · '.join(parts)}"
