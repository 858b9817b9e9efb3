"""The report as JUnit XML, as build servers read it."""

from typing import Any

import pytest
from lxml import etree

from ozgflow.domain.messages import Wording
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_junit import to_junit

from .batches import ALL_GOOD, EMPTY, INTERRUPTED, LATE, MIXED, SHOWN, WRONG, make_batch

GERMAN = Wording.load()
every_batch = pytest.mark.parametrize("batch", [MIXED, SHOWN, EMPTY, INTERRUPTED, ALL_GOOD])


def read(batch: ValidationReport) -> Any:
    return etree.fromstring(to_junit(batch, GERMAN).encode())


@every_batch
def test_counts_are_those_of_the_test_cases(batch: ValidationReport) -> None:
    root = read(batch)

    for counted in (root, root[0]):
        assert counted.get("tests") == str(len(root.findall(".//testcase")))
        assert counted.get("failures") == str(len(root.findall(".//failure")))
        assert counted.get("errors") == str(len(root.findall(".//error")))


@every_batch
def test_has_the_shape_that_build_servers_know(batch: ValidationReport) -> None:
    root = read(batch)

    assert [root.tag, *(suite.tag for suite in root)] == ["testsuites", "testsuite"]
    assert root[0][0].tag == "properties"
    assert all(set(one.attrib) == {"name", "value"} for one in root[0][0])
    for case in root.findall("testsuite/testcase"):
        assert {"name", "classname", "time"} <= set(case.attrib)
        assert [child.tag for child in case] in (["failure"], ["error"], ["system-out"])
        assert all({"type", "message"} <= set(child.attrib) for child in case if child.tag != "system-out")


def test_an_invalid_document_fails_with_all_that_was_found() -> None:
    failure = read(make_batch(WRONG)).find(".//failure")

    assert failure.get("message") == "Die Nachricht ist fehlerhaft. Zahl der Befunde: mindestens 1.203"
    assert "  Fehler xsd.value-length (BR-DE-15), Zeile 47, Spalte 9, /antrag/antragsteller/name\n" in failure.text
    assert "  Weitere Befunde zu xsd.value-length, nicht aufgeführt: 1.200\n" in failure.text


def test_a_valid_document_passes_and_tells_when_it_is_not_accepted() -> None:
    (case,) = read(make_batch(LATE)).findall(".//testcase")

    assert "wurden nur bis zum 31.10.2026 angenommen." in case.findtext("system-out")


def test_a_test_case_is_known_by_document_and_bundle() -> None:
    cases = [(case.get("name"), case.get("classname")) for case in read(MIXED).findall(".//testcase")]

    assert ("eingang/falsch.xml", "aufenthalt-antrag/1.0") in cases
    assert ("abgerissen.xml", "kein Schemapaket erkannt") in cases


def test_an_interrupted_run_is_an_error_of_its_own() -> None:
    error = read(INTERRUPTED).find(".//error")

    assert error.get("type") == "interrupted"
    assert error.get("message").startswith("Der Lauf wurde vorzeitig beendet.")
