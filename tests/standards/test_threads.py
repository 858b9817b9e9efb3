"""Many threads share one validator, and nobody gets another's findings."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ozgflow.standards.validator import Validator

ROOT = Path(__file__).parents[2]
EXAMPLES = [path.read_bytes() for path in sorted((ROOT / "tests/examples").glob("*/*/*.xml"))]


def test_reports_are_the_same_in_many_threads_as_in_one() -> None:
    validator = Validator.for_folder(ROOT / "schemas")
    alone = [validator.check(data) for data in EXAMPLES]

    with ThreadPoolExecutor(max_workers=8) as pool:
        together = list(pool.map(validator.check, EXAMPLES * 10))

    assert together == alone * 10
