"""Cutting long lists of values, as databases take only so many parameters per statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
_SIZE = 5_000
"""SQLite takes 32,766 parameters, and the longest key that is asked for has four columns."""


def parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces that fit into one statement."""
    return (items[start : start + _SIZE] for start in range(0, len(items), _SIZE))
