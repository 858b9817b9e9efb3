"""Documents read piece by piece: whatever is found in a tree is found in pieces too, at the same places."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.findings import Finding, Report, StepState, Verdict
from ozgflow.domain.rules import RULES, Step
from ozgflow.standards.validator import Validator
from tests.standards.registers import HEAD, record, register, register_validator

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests" / "examples").glob("*/*valid/*.xml"))
PIECES = (64, 1_000, 65_536)
RULES_BROKEN = {
    "xsd.element-unexpected",
    "xsd.value-type",
    "xsd.id-duplicate",
    "xsd.idref-unresolved",
    "codes.unknown-code",
}
DAMAGES = ("", "<", "x", "é", "<!-- x -->", " ", "&#10;", "</satz>")


@pytest.fixture(scope="module")
def ours() -> Validator:
    return Validator.for_folder(ROOT / "schemas")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    return register_validator(tmp_path_factory.mktemp("register"))


@pytest.mark.parametrize("chunk_bytes", PIECES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_an_example_has_the_same_findings_in_pieces(ours: Validator, path: Path, chunk_bytes: int) -> None:
    in_pieces, whole = ours.check_file(path, chunk_bytes), ours.check(path.read_bytes())

    assert _without_schematron(in_pieces) == _without_schematron(whole)
    assert in_pieces.proof.document == whole.proof.document


@pytest.mark.parametrize("chunk_bytes", PIECES)
def test_many_records_with_faults_here_and_there_have_the_same_findings(
    registers: Validator, tmp_path: Path, chunk_bytes: int
) -> None:
    draw = Random(7)  # noqa: S311 - which records are faulty
    text = register(HEAD, *(_record(number, draw.random()) for number in range(3_000)))

    in_pieces, whole = _both(registers, tmp_path, text, chunk_bytes)

    assert whole.verdict is Verdict.INVALID
    assert {one.rule for one in whole.findings} >= RULES_BROKEN
    assert _shown(in_pieces) == _shown(whole)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), damages=st.integers(0, 3), chunk_bytes=st.sampled_from(PIECES))
def test_a_damaged_document_gets_the_same_verdict(
    registers: Validator, tmp_path_factory: pytest.TempPathFactory, seed: int, damages: int, chunk_bytes: int
) -> None:
    draw = Random(seed)  # noqa: S311 - where the damage is
    text = register(HEAD, *(_record(number, draw.random()) for number in range(12)))
    for _ in range(damages):
        place = draw.randrange(len(text))
        text = (
            text[:place] + draw.choice(["", "<", "x", "é", "<!-- x -->", " ", "&#10;", "</satz>"]) + text[place + 1 :]
        )

    in_pieces, whole = _both(registers, tmp_path_factory.mktemp("damaged"), text, chunk_bytes)

    assert in_pieces.verdict is whole.verdict
    assert _shown(in_pieces) == _shown(whole)


def test_rules_of_schematron_leave_a_large_document_unchecked(ours: Validator) -> None:
    path = next(path for path in EXAMPLES if "1.1" in path.parts[-3] and path.parts[-2] == "valid")

    report = ours.check_file(path)

    assert report.verdict is Verdict.UNCHECKED
    assert [one.rule for one in report.findings if one.rule.startswith("schematron")] == ["schematron.too-large"]
    assert {one.step: one.state for one in report.proof.steps}[Step.SCHEMATRON] is StepState.STOPPED


def _record(number: int, chance: float) -> str:
    if chance < 0.9:
        return record(number)
    return [
        record(number, born="1990-02-30"),
        record(number, code="03"),
        record(number, more="<!-- x --><notiz>a<b>b</b>c</notiz>"),
        record(number, more="<fremd/>"),
        record(max(number - 1, 0)),
        record(number, refers="s0 nirgends"),
        record(number, more="<ort><ars>120640472472</ars><ags>12064473</ags></ort>"),
        f"<!-- {number} -->\n<?x y?>{record(number)}",
    ][int(chance * 1_000) % 8]


def _both(validator: Validator, folder: Path, text: str, chunk_bytes: int) -> tuple[Report, Report]:
    path = folder / "register.xml"
    path.write_text(text, encoding="utf-8")
    return validator.check_file(path, chunk_bytes), validator.check(path.read_bytes())


def _shown(report: Report) -> list[Finding]:
    """The findings without their columns, which are told for small documents alone."""
    return sorted((replace(one, column=0) for one in report.findings), key=lambda one: (one.line, one.path, one.rule))


def _without_schematron(report: Report) -> list[Finding]:
    return [one for one in _shown(report) if RULES[one.rule].step is not Step.SCHEMATRON]
