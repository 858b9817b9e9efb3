"""Many documents on several processes: a poisonous one is reported, the rest goes on."""

import faulthandler
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, Verdict
from ozgflow.errors import DataError
from ozgflow.jobs.pool import PoolPlan, check_in_processes
from ozgflow.standards.validator import Validator
from tests.conftest import ROOT

EXAMPLES = ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0"


class Poisonable(Validator):
    """A real validator that stumbles over marked documents as a fault of a library would: for good."""

    def check_all(self, documents: Sequence[bytes], digests: Sequence[str] = ()) -> list[Report]:
        for data in documents:
            if b"<!--absturz-->" in data:
                faulthandler.disable()  # nobody has to read where the fault that is made here came from
                os.kill(os.getpid(), signal.SIGSEGV)
            if b"<!--endlos-->" in data:
                time.sleep(60)
        return super().check_all(documents, digests)


@dataclass(frozen=True)
class Makes:
    """Makes a validator, in each worker anew."""

    folder: Path = field(default=ROOT / "schemas")
    fails: bool = False

    def __call__(self) -> Validator:
        if self.fails:
            os.kill(os.getpid(), signal.SIGKILL)
        return Poisonable(Validator.for_folder(self.folder).catalogue)


def _check(
    paths: Sequence[Path], *, seconds: float = 30, processes: int = 2, fails: bool = False
) -> dict[int, Report]:
    plan = PoolPlan(make=Makes(fails=fails), database_url=None, processes=processes, seconds=seconds)
    return {number: report for number, report, _ in check_in_processes(paths, plan)}


def _documents(folder: Path, count: int, **marks: str) -> list[Path]:
    """Copies of a valid document; those named by their number bear a mark."""
    text = (EXAMPLES / "valid" / "ausbildungsduldung.xml").read_text(encoding="utf-8")
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:03}.xml")
        paths[-1].write_text(text + marks.get(f"_{number}", ""), encoding="utf-8")
    return paths


def test_every_document_gets_its_own_report() -> None:
    paths = sorted(EXAMPLES.glob("*/*.xml"))
    alone = Validator.for_folder(ROOT / "schemas")

    reports = _check(paths)

    assert [reports[number] for number in range(len(paths))] == [alone.check(path.read_bytes()) for path in paths]


def test_a_document_that_brings_a_worker_down_is_unchecked_and_the_rest_is_checked(tmp_path: Path) -> None:
    paths = _documents(tmp_path, 100, _41="<!--absturz-->", _99="<!--absturz-->")

    reports = _check(paths)

    fallen = {number for number, report in reports.items() if report.verdict is not Verdict.VALID}
    assert len(reports) == 100
    assert fallen == {41, 99}
    assert [finding.rule for finding in reports[41].findings] == ["file.crashed"]
    assert reports[41].verdict is Verdict.UNCHECKED


def test_a_document_that_takes_too_long_is_unchecked_and_the_rest_is_checked(tmp_path: Path) -> None:
    paths = _documents(tmp_path, 40, _7="<!--endlos-->")

    reports = _check(paths, seconds=1)

    assert [number for number, report in reports.items() if report.verdict is not Verdict.VALID] == [7]
    assert [finding.rule for finding in reports[7].findings] == ["file.timeout"]


def test_a_file_that_cannot_be_read_is_unchecked(tmp_path: Path) -> None:
    paths = [*_documents(tmp_path, 2), tmp_path / "weg.xml"]

    reports = _check(paths)

    assert [finding.rule for finding in reports[2].findings] == ["file.unreadable"]
    assert reports[0].verdict is reports[1].verdict is Verdict.VALID


def test_workers_that_die_before_they_begin_are_trouble_on_our_side(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        _check(_documents(tmp_path, 3), fails=True)

    assert refused.value.code == "validate.workers-die"


def test_no_worker_is_left_behind_when_nobody_wants_more_results(tmp_path: Path) -> None:
    before = _children()
    plan = PoolPlan(make=Makes(), database_url=None, processes=2, seconds=30)
    results = check_in_processes(_documents(tmp_path, 200), plan)
    next(results)

    results.close()  # type: ignore[attr-defined]

    assert _children() <= before


def _children() -> set[str]:
    """Processes of ours, finished ones that nobody has asked for included."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {child for task in tasks for child in task.read_text(encoding="ascii").split()}
