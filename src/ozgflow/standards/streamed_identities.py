"""The identities and references of a document that streams: their values are kept, packed, and no places.

Only when something is wrong with them, their places are looked for, on a second way through the document.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from lxml import etree

from ozgflow.standards.compiled import CompiledSchema
from ozgflow.standards.identity import AMBIGUOUS
from ozgflow.standards.parsing import Limits
from ozgflow.standards.streamed_places import Places, Recorder, StreamedPlace
from ozgflow.standards.streamed_window import Window

_PARTS = 64
_LOOSE = 50_000
_SEPARATOR = "\0"  # no character of XML
_REMEMBERED = 1_000


class PackedValues:
    """Many values in little memory: in parts by their hash, so that equal ones are in the same part."""

    def __init__(self) -> None:
        self._loose: list[str] = []
        self._packed: tuple[list[bytes], ...] = tuple([] for _ in range(_PARTS))

    def add(self, values: Iterable[str]) -> None:
        """Take up values."""
        self._loose.extend(values)
        if len(self._loose) >= _LOOSE:
            self._pack()

    def parts(self) -> Iterator[list[str]]:
        """All values, part by part."""
        self._pack()
        for packed in self._packed:
            yield [value for piece in packed for value in piece.decode("utf-8").split(_SEPARATOR)]

    def _pack(self) -> None:
        parts: tuple[list[str], ...] = tuple([] for _ in range(_PARTS))
        for value, number in zip(self._loose, map(hash, self._loose), strict=True):
            parts[number % _PARTS].append(value)
        self._loose.clear()
        for part, packed in zip(parts, self._packed, strict=True):
            if part:
                packed.append(_SEPARATOR.join(part).encode("utf-8"))


class StreamedIdentities:
    """The identities and references of a document.

    Attributes:
        count: how many there are.
        by_name: whether the elements that may carry some are known to be those that do by their name.
    """

    def __init__(self, schema: CompiledSchema, limits: Limits, places: Places) -> None:
        """Begin.

        Args:
            schema: says which names carry identities.
            limits: how many findings are shown.
            places: makes places.
        """
        self.by_name = False
        names = self._names = schema.identities
        self.count = 0
        self._kind_at = schema.referee.identity_kind
        self._places = places
        self._ambiguous, self._double, self._unresolved = (Recorder(limits, places) for _ in range(3))
        self._identities, self._references = PackedValues(), PackedValues()
        self._doubles: frozenset[str] = frozenset()
        self._dangling: frozenset[str] = frozenset()
        self._first: dict[str, StreamedPlace] = {}
        self._is_simple = not (names.elements or names.qualified or names.ambiguous)

    @property
    def recorders(self) -> list[Recorder]:
        """What was found."""
        return [self._ambiguous, self._double, self._unresolved]

    def look_at(self, window: Window, carriers: Sequence[etree._Element]) -> None:
        """Take up what is shown.

        Args:
            window: shows elements.
            carriers: those of them that carry identities by their name.
        """
        if self.by_name and self._is_simple:
            for name, kind in self._names.unqualified:
                self._take(kind, [value for one in carriers if (value := one.get(name)) is not None])
            return
        for element, attribute, kind, value in self._occurrences(window):
            if kind == AMBIGUOUS:
                self.count += 1
                self._ambiguous.report("xsd.identity-ambiguous", element, attribute)
            else:
                self._take(kind, [value])

    def are_in_order(self) -> bool:
        """Whether nothing is wrong with them, now that all have been seen."""
        doubles: set[str] = set()
        dangling: set[str] = set()
        for identities, references in zip(self._identities.parts(), self._references.parts(), strict=True):
            known = set(identities)
            dangling.update(one for one in references if one not in known)
            if len(known) < len(identities):
                doubles.update(one for one, count in Counter(identities).items() if count > 1)
        self._doubles, self._dangling = frozenset(doubles), frozenset(dangling)
        return not doubles and not dangling

    def look_again(self, window: Window) -> None:
        """Find the places of those that are wrong, on the second way."""
        if not self._doubles and not self._dangling:
            return
        for element, attribute, kind, value in self._occurrences(window):
            if kind == "ID" and value.strip() in self._doubles:
                self._find_double(element, attribute, value.strip())
            elif kind not in ("ID", AMBIGUOUS):
                for token in value.split():
                    if token in self._dangling:
                        self._unresolved.report("xsd.idref-unresolved", element, attribute)

    def _take(self, kind: str, values: list[str]) -> None:
        self.count += len(values)
        if kind == "ID":
            self._identities.add(map(str.strip, values))
        else:
            self._references.add(set(" ".join(values).split()))

    def _occurrences(self, window: Window) -> Iterator[tuple[etree._Element, str, str, str]]:
        """Element, local name of its attribute, kind and value of everything that carries an identity."""
        for element in window.among(cast("list[etree._Element]", self._names.carriers(window.found))):
            for name, kind, value in self._declared(element):
                found = self._kind_at(element, name) if kind == AMBIGUOUS else kind
                if found:
                    yield element, name, found, value

    def _declared(self, element: etree._Element) -> Iterator[tuple[str, str, str]]:
        names = self._names
        for name, kind in names.unqualified:
            if element.get(name) is not None:
                yield name, kind, str(element.get(name))
        for attribute, value in element.attrib.items() if names.qualified else ():
            local = str(attribute).rpartition("}")[2]
            if local in names.qualified:
                yield local, names.attributes[local], str(value)
        content = element.text if names.elements else None
        if content:
            yield "", names.elements.get(etree.QName(element).localname, ""), content

    def _find_double(self, element: etree._Element, attribute: str, identity: str) -> None:
        """All but the first in document order are double; that one may be shown later, if it stays open for long."""
        place = self._places(element, attribute)
        first = self._first.get(identity, place)
        if first is not place:
            self._double.wants("xsd.id-duplicate")
            self._double.keep("xsd.id-duplicate", max(first, place, key=lambda one: one.number), params={})
        if len(self._first) < _REMEMBERED or identity in self._first:
            self._first[identity] = min(first, place, key=lambda one: one.number)
