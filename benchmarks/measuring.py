"""Measuring side by side: two ways take turns, and the median of the pairs' ratios is what is printed."""

import statistics
import time
from collections.abc import Callable

Way = Callable[[], object]


def cpu_seconds(way: Way) -> float:
    """Processor time of this process."""
    started = time.process_time()
    way()
    return time.process_time() - started


def wall_seconds(way: Way) -> float:
    """Time on the clock, for work that other processes do."""
    started = time.perf_counter()
    way()
    return time.perf_counter() - started


def ratio(
    label: str, first: Way, second: Way, *, rounds: int = 7, seconds: Callable[[Way], float] = cpu_seconds
) -> float:
    """Print how many times as long the first way takes as the second, pair by pair.

    Args:
        label: what is compared.
        first: one way.
        second: the other.
        rounds: how many pairs, after one that does not count.
        seconds: how time is measured.

    Returns:
        The median of the ratios.
    """
    first()
    second()
    found = [seconds(first) / seconds(second) for _ in range(rounds)]
    median = statistics.median(found)
    print(f"{label:<66} {median:6.2f}  ({min(found):.2f} to {max(found):.2f})", flush=True)
    return median
