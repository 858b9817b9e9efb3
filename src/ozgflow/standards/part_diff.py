"""What has changed within one type: its elements and attributes, how often they stand, and their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ozgflow.domain.messages import Message, message
from ozgflow.standards.schema_model import Occurrence, Part, Parts

_AT_MOST = frozenset({"maxLength", "maxInclusive", "maxExclusive", "totalDigits", "fractionDigits"})
_AT_LEAST = frozenset({"minLength", "minInclusive", "minExclusive"})
_NOTHING = "–"


class Impact(StrEnum):
    """What a change means for documents."""

    BREAKING = "breaking"
    """Documents that were valid may be invalid now."""
    WIDER = "wider"
    """What was valid still is; documents may have something new."""
    OTHER = "other"
    """Neither by itself."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """One change within a type."""

    impact: Impact
    sentence: Message


def part_changes(name: str, before: Parts, after: Parts) -> Iterator[PartChange]:
    """Compare two versions of a type.

    Args:
        name: what the type is called.
        before: its parts.
        after: its parts in the newer version.
    """
    gone = {path: part for path, part in before.items() if path not in after}
    come = {path: part for path, part in after.items() if path not in before}
    for old, new in list(_renamed(gone, come)):
        del gone[old], come[new]
        sentence = message("bundle-diff.part-renamed", place=_place(name, old), name=_last(new))
        yield PartChange(Impact.BREAKING, sentence)
    for path in _outermost(gone):
        yield PartChange(Impact.BREAKING, message("bundle-diff.part-removed", place=_place(name, path)))
    for path in _outermost(come):
        yield _added(_place(name, path), come[path])
    for path, part in before.items():
        if path in after:
            yield from _changed(_place(name, path), part, after[path], whole=not path)


def _renamed(gone: Parts, come: Parts) -> Iterator[tuple[str, str]]:
    """Parts that are gone and have come as the only ones of their kind under one parent."""
    for old, part in gone.items():
        alike = [new for new, other in come.items() if _parent(new) == _parent(old) and _is_alike(part, other)]
        same = [path for path, other in gone.items() if _parent(path) == _parent(old) and _is_alike(part, other)]
        if len(alike) == len(same) == 1 and part.kind and old.startswith("@") == alike[0].startswith("@"):
            yield old, alike[0]


def _is_alike(part: Part, other: Part) -> bool:
    return part == other


def _outermost(parts: Parts) -> list[str]:
    """Paths of which no parent has changed in the same way; the rest follows from these."""
    return sorted(path for path in parts if not any(parent in parts for parent in _parents(path)))


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = _parent(path)
        yield path


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _place(name: str, path: str) -> str:
    return f"{name}/{path}" if path else name


def _added(place: str, part: Part) -> PartChange:
    if part.occurrence.low:
        return PartChange(Impact.BREAKING, message("bundle-diff.part-added-mandatory", place=place))
    return PartChange(Impact.WIDER, message("bundle-diff.part-added", place=place))


def _changed(place: str, before: Part, after: Part, *, whole: bool) -> Iterator[PartChange]:
    if before.occurrence != after.occurrence:
        impact = Impact.WIDER if _is_wider(before.occurrence, after.occurrence) else Impact.BREAKING
        sentence = message(
            "bundle-diff.occurrence", place=place, before=str(before.occurrence), after=str(after.occurrence)
        )
        yield PartChange(impact, sentence)
    if before.kind != after.kind:
        code = "bundle-diff.base-changed" if whole else "bundle-diff.type-changed"
        kinds = {"before": before.kind or _NOTHING, "after": after.kind or _NOTHING}
        yield PartChange(Impact.BREAKING, message(code, place=place, **kinds))
    if before.fixed != after.fixed:
        sentence = message(
            "bundle-diff.fixed", place=place, before=before.fixed or _NOTHING, after=after.fixed or _NOTHING
        )
        yield PartChange(Impact.BREAKING if after.fixed else Impact.WIDER, sentence)
    yield from _facets(place, before.facets, after.facets)


def _is_wider(before: Occurrence, after: Occurrence) -> bool:
    more = after.high is None or (before.high is not None and after.high >= before.high)
    return after.low <= before.low and more


def _facets(
    place: str, before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Iterator[PartChange]:
    for facet in sorted(before.keys() | after.keys()):
        old, new = before.get(facet, ()), after.get(facet, ())
        if facet == "enumeration" and old and new:
            yield from _values(place, set(old), set(new))
        elif old != new:
            sentence = message(
                "bundle-diff.facet",
                place=place,
                facet=facet,
                before=" | ".join(old[:_SHOWN]) or _NOTHING,
                after=" | ".join(new[:_SHOWN]) or _NOTHING,
            )
            yield PartChange(_impact(facet, old, new), sentence)


_SHOWN = 10


def _values(place: str, old: set[str], new: set[str]) -> Iterator[PartChange]:
    if gone := sorted(old - new):
        sentence = message("bundle-diff.values-removed", place=place, values=", ".join(gone))
        yield PartChange(Impact.BREAKING, sentence)
    if come := sorted(new - old):
        yield PartChange(Impact.WIDER, message("bundle-diff.values-added", place=place, values=", ".join(come)))


def _impact(facet: str, old: tuple[str, ...], new: tuple[str, ...]) -> Impact:
    if not new:
        return Impact.WIDER
    if not old or facet not in _AT_MOST | _AT_LEAST:
        return Impact.BREAKING
    try:
        before, after = Decimal(old[0]), Decimal(new[0])
    except InvalidOperation:
        return Impact.BREAKING
    wider = after >= before if facet in _AT_MOST else after <= before
    return Impact.WIDER if wider else Impact.BREAKING
