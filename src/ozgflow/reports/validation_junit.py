"""The report on checked documents as JUnit XML, which every build server shows: one test case per document.

An invalid document is a failure, an unchecked one an error. A run that was ended early is an error of its own, so
that what is missing does not look passed. Acceptance does not change that: it is told in the output of the test case.
"""

from xml.etree import ElementTree as ET

import ozgflow
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_elements import attributes_of, child, document_text
from ozgflow.reports.validation_phrases import frequency, grouped
from ozgflow.reports.validation_text import document_lines
from ozgflow.reports.validation_view import WordedDocument, WordedReport, worded

_SUITE = "ozgflow validate"


def to_junit(batch: ValidationReport, wording: Wording) -> str:
    """The batch as JUnit XML. Values of documents are never in it."""
    view = worded(batch, wording)
    counts = _counts(view)
    root = ET.Element("testsuites", attributes_of(name=_SUITE, **counts))
    suite = child(
        root, "testsuite", name=_SUITE, timestamp=batch.created_at.isoformat(timespec="seconds"), **counts, skipped=0
    )
    _properties(suite, view, wording)
    for document in view.documents:
        _test_case(suite, document, wording)
    if batch.interrupted:
        case = child(suite, "testcase", name=_SUITE, classname=_SUITE, time=0)
        child(case, "error", type="interrupted", message=wording.text("validation.interrupted"))
    return document_text(root)


def _counts(view: WordedReport) -> dict[str, int]:
    verdicts, interrupted = view.batch.verdicts(), int(view.batch.interrupted)
    return {
        "tests": len(view.documents) + interrupted,
        "failures": verdicts[Verdict.INVALID],
        "errors": verdicts[Verdict.UNCHECKED] + interrupted,
        "time": 0,
    }


def _properties(suite: ET.Element, view: WordedReport, wording: Wording) -> None:
    batch = view.batch
    told: dict[str, object] = {
        "program": f"ozgflow {ozgflow.__version__}",
        "created-at": batch.created_at.isoformat(),
        "as-of": batch.as_of.isoformat(),
        "interrupted": batch.interrupted,
        "complete": batch.complete,
        "documents": len(view.documents),
        "from-store": batch.known(),
        **{f"{verdict}": count for verdict, count in batch.verdicts().items()},
        **{f"{state}": count for state, count in batch.acceptances().items()},
        **_basis_properties(view),
        **{f"rule {rule.rule}": frequency(rule, len(view.documents), wording) for rule in view.frequent},
    }
    properties = child(suite, "properties")
    for name, value in told.items():
        child(properties, "property", name=name, value=value)


def _basis_properties(view: WordedReport) -> dict[str, object]:
    told: dict[str, object] = {}
    for number, basis in enumerate(view.bases, 1):
        told[f"bundle {number}"] = basis.bundle or "–"
        told[f"bundle-sha256 {number}"] = basis.bundle_hash or "–"
        told[f"engine {number}"] = basis.engine or "–"
    return told


def _test_case(suite: ET.Element, document: WordedDocument, wording: Wording) -> None:
    case = child(
        suite,
        "testcase",
        name=document.name,
        classname=document.basis.bundle or wording.text("validation.no-bundle"),
        file=document.name,
        time=0,
    )
    lines = "\n".join(document_lines(document, wording))
    if document.verdict is Verdict.INVALID:
        count = grouped(document.total, wording)
        if not document.counted:
            count = wording.text("validation.at-least", count=count)
        notice = wording.text("validation.invalid-notice", count=count)
        child(case, "failure", lines, type="invalid", message=notice)
    elif document.verdict is Verdict.UNCHECKED:
        child(case, "error", lines, type="unchecked", message=document.reason)
    else:
        child(case, "system-out", lines)
