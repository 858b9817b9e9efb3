"""The 50 real documents of XWasser, xdomea and XRechnung: our verdict is that of the reference engines."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import Severity
from ozgflow.standards.validator import Validator

SHARED = Path(os.environ.get("OZGFLOW_SHARED", Path(__file__).parents[2].parent / "shared"))
MANIFEST = SHARED / "xoev" / "manifest.json"
pytestmark = pytest.mark.skipif(
    not MANIFEST.is_file(), reason="the reference documents (../shared/xoev) are not beside the project"
)
CASES: list[Mapping[str, str]] = json.loads(MANIFEST.read_text("utf-8")) if MANIFEST.is_file() else []
WORDING = Wording.load()
_validators: dict[str, Validator] = {}


def _validator(schema: str) -> Validator:
    return _validators.setdefault(schema, Validator.for_schema(MANIFEST.parent / schema))


@pytest.mark.parametrize("case", CASES, ids=lambda case: Path(case["instance"]).name)
def test_the_verdict_agrees_with_the_reference(case: Mapping[str, str]) -> None:
    report = _validator(case["schema"]).check((MANIFEST.parent / case["instance"]).read_bytes())

    assert report.verdict is (Verdict.VALID if case["valid"] else Verdict.INVALID)


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case["valid"]], ids=lambda case: Path(case["instance"]).name
)
def test_every_invalid_document_is_told_line_path_and_sentence(case: Mapping[str, str]) -> None:
    report = _validator(case["schema"]).check((MANIFEST.parent / case["instance"]).read_bytes())

    assert report.findings
    for finding in report.findings:
        assert finding.line > 0
        assert finding.path.startswith("/" + case["root"])
        assert len(WORDING.render(finding.message)) > 20
        assert finding.rule != "xsd.identity-ambiguous"


def test_libxml2_alone_would_call_eight_of_them_valid_wrongly() -> None:
    wrongly_valid = [case for case in CASES if case["libxml2"] and not case["valid"]]

    assert len(wrongly_valid) == 8
    for case in wrongly_valid:
        report = _validator(case["schema"]).check((MANIFEST.parent / case["instance"]).read_bytes())
        errors = {finding.rule for finding in report.findings if finding.severity is Severity.ERROR}
        assert errors <= {"xsd.idref-unresolved", "xsd.id-duplicate"}
