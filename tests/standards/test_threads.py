"""Many threads share one validator, and nobody gets another's findings."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ozgflow.standards.validator import Validator

ROOT = Path(__file__).parents[2]
_TWO_AT_ONCE = """
import sys, threading
from pathlib import Path
from ozgflow.standards.validator import Validator
validator = Validator.for_folder(Path("schemas"))
paths = sorted(Path("tests/examples/aufenthalt-antrag-1.0/valid").glob("*.xml"))
begin, verdicts = threading.Barrier(2), []

def work():
    begin.wait()
    validator.bundle_hash("aufenthalt-antrag/1.0")
    verdicts.extend(str(validator.check(path.read_bytes()).verdict) for path in paths)

threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(0 if verdicts == ["valid"] * 2 * len(paths) else 1)
"""
"""Both threads compile at the very start of a process, when libxml2 sets itself up."""
EXAMPLES = [path.read_bytes() for path in sorted((ROOT / "tests/examples").glob("*/*/*.xml"))]


def test_reports_are_the_same_in_many_threads_as_in_one() -> None:
    validator = Validator.for_folder(ROOT / "schemas")
    alone = [validator.check(data) for data in EXAMPLES]

    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(validator.check, EXAMPLES * 4))

    assert together == alone * 4


@pytest.mark.parametrize("times", [3, pytest.param(24, marks=pytest.mark.slow)])
def test_two_threads_may_compile_schemas_at_the_start_of_a_process(times: int) -> None:
    outcomes = [
        subprocess.run([sys.executable, "-c", _TWO_AT_ONCE], cwd=ROOT, check=False).returncode for _ in range(times)
    ]

    assert outcomes == [0] * times
