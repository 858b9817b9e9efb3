"""What others build on: the three names of ``ozgflow.validation``, used as its own text says."""

import doctest
import inspect
from pathlib import Path

import pytest

from ozgflow import validation
from ozgflow.validation import Finding, Report, Validator

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0"


def test_the_example_in_its_own_text_holds() -> None:
    document = (EXAMPLES / "invalid" / "familienname-leer.xml").read_bytes()

    outcome = doctest.testmod(validation, extraglobs={"schemas": ROOT / "schemas", "document": document})

    assert outcome.attempted >= 8
    assert outcome.failed == 0


def test_there_are_three_names_and_each_explains_itself() -> None:
    names = validation.__all__

    assert names == ["Finding", "Report", "Validator"]
    for name in names:
        assert len(inspect.getdoc(getattr(validation, name)) or "") > 40


def test_whatever_the_bytes_are_a_report_comes_back() -> None:
    validator = Validator.for_folder(ROOT / "schemas")

    reports = [validator.check(data) for data in (b"", b"\xff\xfe", b"<a/>", b"<!DOCTYPE a><a/>")]

    assert all(isinstance(report, Report) for report in reports)
    assert all(isinstance(finding, Finding) for report in reports for finding in report.findings)
    assert [str(report.verdict) for report in reports] == ["invalid", "invalid", "unchecked", "invalid"]


@pytest.mark.parametrize("path", sorted((EXAMPLES / "valid").glob("*.xml")), ids=lambda path: path.stem)
def test_a_valid_example_is_valid_through_this_door_too(path: Path) -> None:
    report = Validator.for_folder(ROOT / "schemas").check(path.read_bytes())

    assert str(report.verdict) == "valid"
