"""Pattern facets that we check ourselves, on the walk that looks at codes and keys anyway.

libxml2 spends up to half of its time on patterns such as UUIDs, hashes and keys; Python's engine needs a fifth of
that, and a value that was seen before needs none. So a third copy of a schema goes without these facets, and the
values are looked at here. Whatever is not certain – an unusual value, a name that the schema uses for two things – is
left to the schema as published, whose word counts. The decision is ``docs/decisions/0009-plain-documents.md``.

Source: XML Schema Part 2: Datatypes, second edition, 4.3.4.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ozgflow.standards.identity import XS
from ozgflow.standards.python_patterns import PythonPattern, python_pattern
from ozgflow.standards.xsd_patterns import read_pattern

_DEEPEST = 20
_REDEFINING = (f"{XS}redefine", f"{XS}override")
_LISTS = (f"{XS}list", f"{XS}union")
_PAYING_LENGTH = 20


@dataclass(frozen=True, slots=True)
class ValuePattern:
    """What the text of an element has to match.

    Attributes:
        expression: matched against the whole text.
        without_space: whether texts with white space are left to the schema, which may fold it.
        longest: longer texts are left to the schema.
        shortest: no shorter text is accepted.
    """

    expression: re.Pattern[str]
    without_space: bool
    longest: int
    shortest: int

    def is_met_by(self, text: str) -> bool:
        """Whether a text is certain to match. No says nothing: then the schema is asked."""
        if len(text) > self.longest or (self.without_space and text.split() != [text]):
            return False
        return self.expression.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePatterns:
    """Facets that were taken out of a schema.

    Attributes:
        roots: the schema files without them.
        by_name: by the local name of an element what its text has to match.
    """

    roots: Mapping[Path, etree._Element]
    by_name: Mapping[str, tuple[ValuePattern, ...]]


def value_patterns(
    roots: Mapping[Path, etree._Element], alphabet: frozenset[str], visited: frozenset[str]
) -> ValuePatterns | None:
    """Take out what can be checked here.

    A facet is taken out only if every use of its type is the text of an element, and every element of that name in
    any file of the schema has the same facets; and only where it pays, which is for long texts, and for elements that
    the walk looks at anyway.

    Args:
        roots: the parsed schema files.
        alphabet: the characters of the documents that the result is for; see ``plain_patterns``.
        visited: local names of elements that the walk looks at anyway.

    Returns:
        What was taken out, or ``None`` when there is nothing.
    """
    if any(next(root.iter(*_REDEFINING), None) is not None or _inherits_types(root) for root in roots.values()):
        return None
    uses = _Uses(roots, alphabet)
    facets = {facet: found for facet, found in uses.removable().items() if uses.pays(facet, found, visited)}
    if not facets:
        return None
    copies = {path: deepcopy(root) for path, root in roots.items()}
    for path, root in roots.items():
        wanted = {number for number, one in enumerate(root.iter(f"{XS}pattern")) if one in facets}
        for number, one in enumerate(list(copies[path].iter(f"{XS}pattern"))):
            if number in wanted:
                _remove(one)
    by_name = {
        name: tuple(facets[one] for one in chain if one in facets)
        for name, chain in uses.by_name.items()
        if any(one in facets for one in chain)
    }
    return ValuePatterns(roots=copies, by_name=by_name)


def _inherits_types(root: etree._Element) -> bool:
    """Whether an element has the type of the one that it may stand in for, without saying so."""
    return any(
        one.get("substitutionGroup") and not one.get("type") and one.find(f"{XS}simpleType") is None
        for one in root.iterchildren(f"{XS}element")
    )


class _Uses:
    """Which pattern facets there are, and which elements they are for."""

    def __init__(self, roots: Mapping[Path, etree._Element], alphabet: frozenset[str]) -> None:
        self._roots = tuple(roots.values())
        self._alphabet = alphabet
        self._types = {
            str(kind.get("name")): kind for root in self._roots for kind in root.iterchildren(f"{XS}simpleType")
        }
        # Two namespaces may have types of one name; then nobody can tell which one is meant.
        names = [str(kind.get("name")) for root in self._roots for kind in root.iterchildren(f"{XS}simpleType")]
        self._doubtful = {name for name in names if names.count(name) > 1}
        self.by_name: dict[str, tuple[etree._Element, ...]] = {}

    def removable(self) -> dict[etree._Element, ValuePattern]:
        """The facets that can be checked here, with what they ask."""
        known = dict(self._translated())
        barred = {facet for facets in self._other_uses() for facet in facets}
        for root in self._roots:
            for declaration in root.iter(f"{XS}element"):
                name = str(declaration.get("name") or "")
                chain = tuple(self._facets(declaration))
                if name and self.by_name.setdefault(name, chain) != chain:
                    barred.update(chain, self.by_name[name])
        return {facet: pattern for facet, pattern in known.items() if facet not in barred and self._is_used(facet)}

    def pays(self, facet: etree._Element, pattern: ValuePattern, visited: frozenset[str]) -> bool:
        """Whether looking at a value here costs less than libxml2 needs for it."""
        names = {name for name, chain in self.by_name.items() if facet in chain}
        return pattern.shortest >= _PAYING_LENGTH or names <= visited

    def _is_used(self, facet: etree._Element) -> bool:
        return any(facet in chain for chain in self.by_name.values())

    def _translated(self) -> Iterator[tuple[etree._Element, ValuePattern]]:
        for root in self._roots:
            for facet in root.iter(f"{XS}pattern"):
                restriction = facet.getparent()
                alone = restriction is not None and len(restriction.findall(f"{XS}pattern")) == 1
                pattern = self._pattern(facet) if alone else None
                if pattern is not None:
                    yield facet, pattern

    def _pattern(self, facet: etree._Element) -> ValuePattern | None:
        text = str(facet.get("value"))
        keeps_space = self._keeps_space(facet)
        reading = read_pattern(text, self._alphabet)
        if reading is not None and reading.misread:
            return None
        language = None if reading is None else reading.language
        if language is not None and language.known and language.many and language.empty:
            signs = "".join(re.escape(sign) for sign in sorted(language.singles))
            found: PythonPattern | None = PythonPattern(re.compile(f"[{signs}]*"), takes_space=True, names_space=True)
            longest = 1_000_000
        else:
            found = python_pattern(text)
            longest = found.longest if found else 0
        if found is None or (found.names_space and not keeps_space):
            return None
        return ValuePattern(found.expression, found.takes_space and not keeps_space, longest, found.shortest)

    def _keeps_space(self, facet: etree._Element) -> bool:
        """Whether the type leaves white space as it is: derived from ``xs:string``, with no facet that folds it."""
        kind = facet.getparent()
        for _ in range(_DEEPEST):
            if kind is None or kind.find(f"{XS}whiteSpace") is not None:
                return False
            base = str(kind.get("base") or "")
            if _is_builtin(base, kind):
                return _local(base) == "string"
            kind = self._restriction(_local(base))
        return False

    def _restriction(self, name: str) -> etree._Element | None:
        kind = None if name in self._doubtful else self._types.get(name)
        return None if kind is None else kind.find(f"{XS}restriction")

    def _facets(self, declaration: etree._Element) -> Iterator[etree._Element]:
        """All pattern facets of the type of a declaration, from its own step down to the built-in type."""
        inline = declaration.find(f"{XS}simpleType")
        return self._chain(
            inline if inline is not None else self._types.get(_local(str(declaration.get("type") or "")))
        )

    def _chain(self, kind: etree._Element | None) -> Iterator[etree._Element]:
        seen: set[etree._Element] = set()
        while kind is not None and kind not in seen:
            seen.add(kind)
            restriction = kind.find(f"{XS}restriction")
            if restriction is None:
                return
            yield from restriction.iterchildren(f"{XS}pattern")
            nested = restriction.find(f"{XS}simpleType")
            kind = nested if nested is not None else self._types.get(_local(str(restriction.get("base") or "")))

    def _other_uses(self) -> Iterator[Iterator[etree._Element]]:
        """The facets of all types that are used for anything but the text of an element."""
        for root in self._roots:
            yield from (self._facets(attribute) for attribute in root.iter(f"{XS}attribute"))
            for derivation in root.iterfind(f".//{XS}simpleContent/*"):
                yield from (self._facets(one) for one in (_typed(derivation.get("base")), derivation))
            for members in root.iter(*_LISTS):
                names = str(members.get("itemType") or members.get("memberTypes") or "").split()
                yield from (self._facets(_typed(name)) for name in names)
                yield from (self._chain(inline) for inline in members.iter(f"{XS}simpleType"))
            doubtful = (kind for kind in root.iterchildren("*") if kind.get("name") in self._doubtful)
            yield from (self._chain(kind) for kind in doubtful)


def _typed(name: object) -> etree._Element:
    """A declaration that has nothing but a type."""
    return etree.Element("declaration", type=str(name or ""))


def _is_builtin(name: str, element: etree._Element) -> bool:
    prefix, _, _ = name.rpartition(":")
    return element.nsmap.get(prefix or None) == XS[1:-1]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _remove(facet: etree._Element) -> None:
    parent = facet.getparent()
    if parent is not None:
        parent.remove(facet)
