"""Golden documents: each file in ``valid`` has no finding, each in ``invalid`` exactly those beside it."""

import json
from pathlib import Path

import pytest

from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rules import RULES
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
def test_a_valid_document_has_no_finding(validator: Validator, path: Path) -> None:
    report = validator.check(path.read_bytes())

    assert report.findings == ()
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_an_invalid_document_has_the_findings_beside_it(validator: Validator, path: Path) -> None:
    expected = json.loads(path.with_suffix(".findings.json").read_text(encoding="utf-8"))

    report = validator.check(path.read_bytes())

    found = [{"rule": f.rule, "line": f.line, "path": f.path} for f in report.findings]
    assert found == expected
    unchecked = any(RULES[finding["rule"]].leaves_unchecked for finding in expected)
    assert report.verdict is (Verdict.UNCHECKED if unchecked else Verdict.INVALID)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_finding_can_be_said_in_both_languages(validator: Validator, path: Path, language: Language) -> None:
    wording = Wording.load(language)

    for finding in validator.check(path.read_bytes()).findings:
        assert wording.render(finding.message).endswith(".")
        assert wording.render(finding.hint).endswith(".")


def test_the_examples_show_nearly_every_rule() -> None:
    shown = {
        finding["rule"]
        for path in INVALID
        for finding in json.loads(path.with_suffix(".findings.json").read_text(encoding="utf-8"))
    }

    # These need other circumstances than a small document; they have tests of their own.
    elsewhere = {
        "file.unreadable",
        "xml.limit",
        "xml.too-large",
        "bundle.broken",
        "xsd.element-undeclared",
        "xsd.other",
        "xsd.engines-disagree",
        "xsd.identity-ambiguous",
    }
    assert shown | elsewhere == set(RULES)


def test_version_1_1_refuses_what_version_1_0_allowed() -> None:
    document = (EXAMPLES / "aufenthalt-antrag-1.0" / "valid").glob("*.xml")
    antrag = next(text for path in sorted(document) if "aufenthalt.antrag.0101" in (text := _text(path)))
    declaration, root = antrag.split("?>", 1)
    root = root.replace("aufenthalt-antrag:1.0", "aufenthalt-antrag:1.1").replace('version="1.0"', 'version="1.1"')
    moved = f"{declaration}?>{root}"

    report = Validator.for_folder(ROOT / "schemas").check(moved.encode("utf-8"))

    assert report.verdict is Verdict.INVALID
    assert report.proof.bundle == "aufenthalt-antrag/1.1"


def _text(path: Path) -> str:
    data = path.read_bytes()
    return data.decode("utf-8", errors="ignore") if b"UTF-8" in data[:80] else ""
