"""Whatever is thrown at the validator: no exception, no long wait, no network, no value of the input in any word."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.findings import Finding, Report
from ozgflow.domain.messages import message
from ozgflow.standards.validator import Validator
from tests.standards.fuzz import EXAMPLES, LIMITS, MARK, TOKENS, Fuzz, mutated, planted
from tests.thoroughness import examples

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("OZGFLOW_SHARED", ROOT.parent / "shared")) / "xoev"
MANY, SHARDS = 100_000, 2
FEW = 600
MIB = 1_500
SECONDS = 3_000
VALIDATOR = Validator.for_folder(ROOT / "schemas", LIMITS)
VALID = (ROOT / "tests/examples/aufenthalt-antrag-1.0/valid/beschaeftigung-mit-nachweisen.xml").read_bytes()


class _Talkative(Validator):
    """Says a value in a path."""

    def check(self, data: bytes) -> Report:
        report = super().check(data)
        finding = Finding(
            rule="xsd.other", path=f"/antrag[{MARK}]", line=1, message=message("finding.xsd.other", name="a")
        )
        return replace(report, findings=(finding,))


class _Broken(Validator):
    """Does not stand what it is given."""

    def check(self, data: bytes) -> Report:
        assert data
        raise ZeroDivisionError


def _start(count: int, seed: str, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.standards.fuzz", "--count", str(count), "--seed", seed, "--mib", str(MIB)]
    return subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    told: dict[str, Any] = json.loads(output)
    return told


@given(data=st.binary(max_size=300))
@settings(max_examples=examples(200))
def test_any_bytes_are_checked(data: bytes) -> None:
    fuzz = Fuzz(VALIDATOR)

    fuzz.check(data)

    assert fuzz.failures == {}


@given(example=st.sampled_from(EXAMPLES), rng=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_any_mutation_of_a_document_is_checked(example: bytes, rng: Random) -> None:
    fuzz = Fuzz(VALIDATOR)

    fuzz.check(mutated(example, rng))
    fuzz.flush()

    assert fuzz.failures == {}


@given(
    example=st.sampled_from(EXAMPLES),
    token=st.sampled_from(TOKENS) | st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace")),
    place=st.floats(0, 1),
)
@settings(max_examples=examples(100))
def test_a_token_anywhere_in_a_document_with_planted_values_is_checked(
    example: bytes, token: bytes, place: float
) -> None:
    fuzz = Fuzz(VALIDATOR)
    document = planted(example, Random(0))  # noqa: S311 - not for secrets
    at = round(place * len(document))

    fuzz.check(document[:at] + token + document[at:])

    assert fuzz.failures == {}


def test_some_of_the_inputs_get_as_far_as_the_schema_and_carry_the_mark() -> None:
    fuzz = Fuzz(VALIDATOR)
    inputs = [mutated(EXAMPLES[number % len(EXAMPLES)], Random(number)) for number in range(300)]  # noqa: S311

    reports = [fuzz.check(data) for data in inputs]

    assert sum(any(one.rule.startswith("xsd.") for one in report.findings) for report in reports if report) > 50
    assert sum(MARK.encode() in data for data in inputs) > 100


def test_a_name_of_the_document_may_be_shown() -> None:
    fuzz = Fuzz(VALIDATOR)

    report = fuzz.check(VALID.replace(b"<nachrichtenkopf.g2g>", f"<nachrichtenkopf.g2g><{MARK}/>".encode(), 1))

    assert report is not None
    assert MARK in repr(report)
    assert fuzz.failures == {}


def test_the_fuzzer_finds_out_values_that_are_told_and_exceptions() -> None:
    talkative, broken = Fuzz(_Talkative(VALIDATOR.catalogue)), Fuzz(_Broken(VALIDATOR.catalogue))

    for fuzz in (talkative, broken):
        fuzz.check(VALID)
        fuzz.flush()

    assert set(talkative.failures) == {"a value is told by xsd.other", "a value is told by a format"}
    assert [what.partition(" ")[0] for what in broken.failures] == ["ZeroDivisionError"]


def test_a_process_without_network_checks_hundreds_of_inputs() -> None:
    told = _ended(_start(FEW, "few"))

    assert list(told["failures"]) == []
    assert told["inputs"] == FEW


@pytest.mark.slow
def test_a_hundred_thousand_inputs_do_no_harm(tmp_path: Path) -> None:
    more = ["--shared", str(SHARED)] if SHARED.is_dir() else []
    processes = [
        _start(MANY // SHARDS, f"many {number}", *more, "--home", str(tmp_path / str(number)))
        for number in range(SHARDS)
    ]

    told = [_ended(process) for process in processes]

    print(*(f"{one['inputs']} in {one['seconds']} s, slowest {one['slowest']} s, {one['mib']} MiB" for one in told))  # noqa: T201
    assert [what for one in told for what in one["failures"]] == []
    assert sum(one["inputs"] for one in told) == MANY
