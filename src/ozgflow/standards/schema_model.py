"""What the schemas of a bundle allow, in a form that two versions can be compared by.

Everything is known by local names, since namespaces carry the version. Contents are flat: an element within inline
types is known by its path, and how often it may occur is worked out over sequences, choices and groups.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ozgflow.standards.bundles import Bundle
from ozgflow.standards.identity import XS
from ozgflow.standards.schema_files import collect

_HOLDERS = frozenset({"element", "complexType", "simpleType"})
_PASSED = frozenset({"complexContent", "simpleContent", "complexType", "simpleType"})
_BLOCKS = frozenset({"sequence", "all", "choice"})
_FACETS = frozenset(
    {
        *("length", "minLength", "maxLength", "pattern", "enumeration", "minInclusive", "maxInclusive"),
        *("minExclusive", "maxExclusive", "totalDigits", "fractionDigits", "whiteSpace"),
    }
)
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Occurrence:
    """How often something may stand: ``high`` is ``None`` where there is no end."""

    low: int = 1
    high: int | None = 1

    def times(self, other: "Occurrence") -> "Occurrence":
        """How often a part of a part may stand."""
        high = None if self.high is None or other.high is None else self.high * other.high
        return Occurrence(self.low * other.low, 0 if 0 in (self.high, other.high) else high)

    def beside(self, other: "Occurrence") -> "Occurrence":
        """How often what stands in two places may stand."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Occurrence(min(self.low, other.low), high)

    def __str__(self) -> str:
        return f"{self.low}..{'n' if self.high is None else self.high}"


_ONCE = Occurrence()


@dataclass(slots=True)
class Part:
    """An element or attribute within a type, or the type itself under an empty path.

    Attributes:
        occurrence: how often it may stand.
        kind: local name of its type, or empty for an inline one.
        fixed: the only value that it may have, or empty.
        facets: what restricts its values.
    """

    occurrence: Occurrence = _ONCE
    kind: str = ""
    fixed: str = ""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)


Parts = dict[str, Part]
"""The parts of a type by path; attributes begin with ``@``."""
Key = tuple[str, str, str]
"""Namespace without numbers, kind of declaration, local name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaModel:
    """All that the schemas of a bundle declare.

    Attributes:
        messages: root elements of its documents.
        holders: types and elements with their parts.
    """

    messages: tuple[str, ...]
    holders: Mapping[Key, Parts]


def schema_model(bundle: Bundle) -> SchemaModel:
    """Read the schemas of a bundle.

    Raises:
        SchemaTrouble: a file is missing or not well-formed.
    """
    roots: dict[Path, etree._Element] = {}
    for entry in bundle.entries:
        roots.update(collect(entry.schema, bundle.locations).roots)
    reader = _Reader(roots)
    names = (name for entry in bundle.entries for name in entry.roots)
    return SchemaModel(messages=tuple(dict.fromkeys(names)), holders=reader.holders())


class _Reader:
    def __init__(self, roots: Mapping[Path, etree._Element]) -> None:
        self._roots = roots
        self._groups = {
            (etree.QName(one).localname, str(one.get("name"))): one
            for root in roots.values()
            for one in root.iterchildren(f"{XS}group", f"{XS}attributeGroup")
        }

    def holders(self) -> dict[Key, Parts]:
        found: dict[Key, Parts] = {}
        for root in self._roots.values():
            namespace = re.sub(r"\d+", "", root.get("targetNamespace") or "")
            for one in root.iterchildren("{*}*"):
                kind = etree.QName(one).localname
                if kind in _HOLDERS:
                    found[namespace, kind, str(one.get("name"))] = self._holder(one)
        return found

    def _holder(self, declared: etree._Element) -> Parts:
        parts: Parts = {"": Part(kind=_local(declared.get("type")))}
        self._into(parts, declared, "", _ONCE, _DEEPEST)
        return parts

    def _into(self, parts: Parts, node: etree._Element, path: str, times: Occurrence, depth: int) -> None:
        """Add what stands within a node to the parts."""
        for child in node.iterchildren(f"{XS}*") if depth else ():
            name = etree.QName(child).localname
            if name == "element":
                self._element(parts, child, path, times, depth)
            elif name == "attribute":
                self._attribute(parts, child, path)
            elif name in _FACETS:
                facets = parts[path].facets
                facets[name] = (*facets.get(name, ()), str(child.get("value")))
            else:
                self._through(parts, child, path, times, depth)

    def _through(self, parts: Parts, child: etree._Element, path: str, times: Occurrence, depth: int) -> None:
        """Go through what only arranges: blocks, groups, derivations."""
        name = etree.QName(child).localname
        if name in _BLOCKS:
            inner = times.times(_occurrence(child))
            self._into(parts, child, path, Occurrence(0, inner.high) if name == "choice" else inner, depth - 1)
        elif name in ("group", "attributeGroup"):
            group = self._groups.get((name, _local(child.get("ref"))))
            if group is not None:
                self._into(parts, group, path, times.times(_occurrence(child)), depth - 1)
        elif name in ("extension", "restriction"):
            parts[path].kind = _local(child.get("base")) or parts[path].kind
            self._into(parts, child, path, times, depth - 1)
        elif name in ("list", "union"):
            parts[path].kind = " ".join(_members(child))
        elif name in _PASSED:
            self._into(parts, child, path, times, depth - 1)

    def _element(self, parts: Parts, child: etree._Element, path: str, times: Occurrence, depth: int) -> None:
        name = _local(child.get("name") or child.get("ref"))
        below = f"{path}/{name}".lstrip("/")
        occurrence = times.times(_occurrence(child))
        if below in parts:
            occurrence = occurrence.beside(parts[below].occurrence)
        parts[below] = Part(
            occurrence=occurrence, kind=_local(child.get("type") or child.get("ref")), fixed=child.get("fixed") or ""
        )
        self._into(parts, child, below, _ONCE, depth - 1)

    def _attribute(self, parts: Parts, child: etree._Element, path: str) -> None:
        if child.get("use") == "prohibited":
            return
        name = f"{path}/@{_local(child.get('name') or child.get('ref'))}".lstrip("/")
        occurrence = Occurrence(1 if child.get("use") == "required" else 0, 1)
        parts[name] = Part(
            occurrence=occurrence, kind=_local(child.get("type") or child.get("ref")), fixed=child.get("fixed") or ""
        )
        self._into(parts, child, name, _ONCE, 1 + len(_PASSED))


def _members(node: etree._Element) -> Iterator[str]:
    for attribute in ("itemType", "memberTypes"):
        yield from map(_local, (node.get(attribute) or "").split())


def _occurrence(node: etree._Element) -> Occurrence:
    low, high = node.get("minOccurs") or "1", node.get("maxOccurs") or "1"
    return Occurrence(int(low), None if high == "unbounded" else int(high))


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
