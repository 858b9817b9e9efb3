"""Reading ``municipality_changes.csv``: what cannot have happened is refused with file and line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.csv_files import Row, read_rows
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, message
from ozgflow.domain.municipality_changes import Lineage, MunicipalityChange, MunicipalityChangeKind

CHANGES_FILE = "municipality_changes.csv"
CHANGE_COLUMNS = ("day", "kind", "old", "new", "source")

_ONE_TO_ONE = frozenset({MunicipalityChangeKind.RENAMING, MunicipalityChangeKind.REASSIGNMENT})


def read_changes(folder: Path | Traversable, known_since: Mapping[Ars, date]) -> Lineage:
    """Read the changes; a folder without the file has none.

    Args:
        folder: where the catalogue lies.
        known_since: all keys that the catalogue knows, with the day of the oldest register that has them.

    Raises:
        DataError: a line is faulty, out of order, names an unknown key, or contradicts another one.
    """
    path = folder / CHANGES_FILE
    if not path.is_file():
        return Lineage()
    rows = read_rows(path, CHANGE_COLUMNS)
    changes = [_change(row) for row in rows]
    lineage = Lineage(changes=tuple(changes), known_since=known_since)
    for number, row in enumerate(rows):
        for column, check in _CHECKS:
            complaint = check(changes[number], changes[:number], lineage)
            if complaint is not None:
                raise row.fault(column, complaint)
    return lineage


def _change(row: Row) -> MunicipalityChange:
    return MunicipalityChange(
        day=row.day("day"),
        kind=row.choice("kind", MunicipalityChangeKind),
        old=row.key("old", Ars.parse),
        new=row.key("new", Ars.parse),
        source=row.text("source"),
    )


def _unordered(change: MunicipalityChange, before: Sequence[MunicipalityChange], _all: Lineage) -> Message | None:
    return message("municipality-change.unordered") if before and before[-1].day > change.day else None


def _itself(change: MunicipalityChange, _before: Sequence[MunicipalityChange], _all: Lineage) -> Message | None:
    return message("municipality-change.itself") if change.old == change.new else None


def _twice(change: MunicipalityChange, before: Sequence[MunicipalityChange], _all: Lineage) -> Message | None:
    twice = any((other.old, other.new) == (change.old, change.new) for other in before)
    return message("csv.double") if twice else None


def _old_unknown(change: MunicipalityChange, _before: Sequence[MunicipalityChange], known: Lineage) -> Message | None:
    return None if change.old in known.known_since else message("municipality-change.unknown")


def _new_unknown(change: MunicipalityChange, _before: Sequence[MunicipalityChange], known: Lineage) -> Message | None:
    return None if change.new in known.known_since else message("municipality-change.unknown")


def _ended_twice(change: MunicipalityChange, before: Sequence[MunicipalityChange], _all: Lineage) -> Message | None:
    """A key ends once; only a split has several lines for it, all of one day."""
    for other in before:
        if other.old == change.old and not (
            other.day == change.day and {other.kind, change.kind} == {MunicipalityChangeKind.SPLIT}
        ):
            return message("municipality-change.ended", day=other.day)
    return None


def _comes_back(change: MunicipalityChange, _before: Sequence[MunicipalityChange], known: Lineage) -> Message | None:
    """A key that takes over must not have ended, nor end on that very day: this would be a circle, or no order."""
    ended = known.ended_on(change.new)
    return message("municipality-change.cycle", day=ended) if ended is not None and ended <= change.day else None


def _mixed(change: MunicipalityChange, before: Sequence[MunicipalityChange], _all: Lineage) -> Message | None:
    """What takes over on one day does so in one way, and a municipality that goes on takes over from one alone."""
    for other in before:
        if (other.day, other.new) == (change.day, change.new):
            if other.kind is not change.kind:
                return message("municipality-change.mixed")
            if change.kind in _ONE_TO_ONE:
                return message("municipality-change.several")
    return None


def _not_several(change: MunicipalityChange, _before: Sequence[MunicipalityChange], known: Lineage) -> Message | None:
    alone = change.kind is MunicipalityChangeKind.SPLIT and len(known.successors(change.old)) < _LEAST_PARTS
    return message("municipality-change.one-part") if alone else None


def _was_there(change: MunicipalityChange, _before: Sequence[MunicipalityChange], known: Lineage) -> Message | None:
    """Another key for the same municipality is a new key."""
    there = change.kind in _ONE_TO_ONE and known.began_on(change.new) != change.day
    return message("municipality-change.was-there") if there else None


_LEAST_PARTS = 2
_Check = Callable[[MunicipalityChange, Sequence[MunicipalityChange], Lineage], Message | None]
_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("day", _unordered),
    ("new", _itself),
    ("new", _twice),
    ("old", _old_unknown),
    ("new", _new_unknown),
    ("old", _ended_twice),
    ("new", _comes_back),
    ("kind", _mixed),
    ("kind", _not_several),
    ("kind", _was_there),
)
