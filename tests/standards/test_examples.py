"""Golden documents: each file in ``valid`` has no finding, each in ``invalid`` exactly those beside it."""

import json
import re
from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import RULES, Severity
from ozgflow.standards.validator import Validator

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "examples"
VALID = sorted(EXAMPLES.glob("*/valid/*.xml"))
INVALID = sorted(EXAMPLES.glob("*/invalid/*.xml"))


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator.for_folder(ROOT / "schemas")


def test_there_are_enough_examples() -> None:
    of_version_1_0 = [path for path in VALID if "1.0" in str(path)], [path for path in INVALID if "1.0" in str(path)]

    assert len(of_version_1_0[0]) >= 12
    assert len(of_version_1_0[1]) >= 25


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_valid_document_has_no_finding_but_the_hints_beside_it(validator: Validator, path: Path) -> None:
    report = validator.check(path.read_bytes())

    assert _found(report) == _expected(path)
    assert all(finding.severity is not Severity.ERROR for finding in report.findings)
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_an_invalid_document_has_the_findings_beside_it(validator: Validator, path: Path) -> None:
    report = validator.check(path.read_bytes())

    assert _found(report) == _expected(path)
    certain = [
        one for one in report.findings if one.severity is Severity.ERROR and not RULES[one.rule].leaves_unchecked
    ]
    assert report.verdict is (Verdict.INVALID if certain else Verdict.UNCHECKED)


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_column_leads_to_the_start_tag(validator: Validator, path: Path) -> None:
    lines = path.read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff").split("\n")

    for finding in validator.check(path.read_bytes()).findings:
        if finding.column and finding.path:
            element = [step for step in finding.path.split("/") if not step.startswith("@")][-1].partition("[")[0]
            assert re.match(rf"<(\w+:)?{re.escape(element)}\b", lines[finding.line - 1][finding.column - 1 :])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_finding_can_be_said_in_both_languages(validator: Validator, path: Path, language: Language) -> None:
    wording = Wording.load(language)

    for finding in validator.check(path.read_bytes()).findings:
        assert wording.render(finding.message).endswith(".")
        assert wording.render(finding.hint).endswith(".")


def test_the_examples_show_nearly_every_rule() -> None:
    shown = {str(finding["rule"]) for path in [*VALID, *INVALID] for finding in _expected(path)}

    # These need other circumstances than a document of our own standard, whose schema and lists are strict; they have
    # tests of their own.
    elsewhere = {
        "file.unreadable",
        "file.crashed",
        "file.timeout",
        "xml.limit",
        "xml.too-large",
        "bundle.ambiguous",
        "bundle.broken",
        "xsd.element-undeclared",
        "xsd.other",
        "xsd.gave-up",
        "xsd.no-second-opinion",
        "xsd.engines-disagree",
        "xsd.engines-disagree-document",
        "xsd.identity-ambiguous",
        "codes.no-list",
        "codes.no-version",
        "codes.broken",
        "schematron.report",
        "schematron.broken",
        "schematron.too-large",
        "schematron.nothing-fired",
        "header.uuid",
        "header.time-without-zone",
        "header.too-large",
        "header.dvdv-key",
        "header.dvdv-prefix",
        "key.leika-malformed",
        "key.ars-malformed",
        "key.ars-ags-differ",
    }
    assert shown | elsewhere >= set(RULES)
    assert shown & elsewhere == set()


def test_version_1_1_refuses_what_version_1_0_allowed() -> None:
    document = (EXAMPLES / "aufenthalt-antrag-1.0" / "valid").glob("*.xml")
    antrag = next(text for path in sorted(document) if "aufenthalt.antrag.0101" in (text := _text(path)))
    declaration, root = antrag.split("?>", 1)
    root = root.replace("aufenthalt-antrag:1.0", "aufenthalt-antrag:1.1").replace('version="1.0"', 'version="1.1"')
    moved = f"{declaration}?>{root}"

    report = Validator.for_folder(ROOT / "schemas").check(moved.encode("utf-8"))

    assert report.verdict is Verdict.INVALID
    assert report.proof.bundle == "aufenthalt-antrag/1.1"


def _found(report: Report) -> list[dict[str, object]]:
    return [{"rule": one.rule, "line": one.line, "path": one.path} for one in report.findings]


def _expected(path: Path) -> list[dict[str, object]]:
    beside = path.with_suffix(".findings.json")
    found: list[dict[str, object]] = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []
    return found


def _text(path: Path) -> str:
    data = path.read_bytes()
    return data.decode("utf-8", errors="ignore") if b"UTF-8" in data[:80] else ""
