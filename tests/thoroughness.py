"""How many examples property tests try: some each time, many with ``make test-all``."""

import os

THOROUGH = bool(os.environ.get("OZGFLOW_TEST_THOROUGH"))
_SHARE = 4


def examples(number: int) -> int:
    """So many examples in a thorough run, and a quarter of them otherwise."""
    return number if THOROUGH else max(10, number // _SHARE)
