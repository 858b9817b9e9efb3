"""The part of a large document that is in memory: elements that are still open, and what came since the last look.

The document is handed to a parser that builds a tree. After each piece, everything that is certain to be complete is
shown once and then taken out of the tree; what stays is a chain, from the root over last children to a last one that
has none. So every element is shown exactly once, with all elements around it still in place.

A small parent whose children are keys stays as a whole until it is complete, and so do the header and other elements
by request: their rules look at several elements together.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import filterfalse, pairwise
from operator import attrgetter
from typing import cast

from lxml import etree

from ozgflow.standards.streamed_file import NAMESPACE, declaration_length

_ALL = etree.XPath("count(/descendant::*)")
_FROM_HERE = etree.XPath("count(descendant-or-self::*) + count(following::*)")
_HEADER = "nachrichtenkopf.g2g"
HELD_BYTES = 1024 * 1024
"""What is to be looked at as a whole is held until so much of the document has come since."""

_DECLARATION_BYTES = 1024
_MARK = b"<!---->"
_TAG_OF = attrgetter("tag")


class NotStreamed(Exception):
    """A document cannot be read in pieces."""


NOT_STREAMED = (etree.XMLSyntaxError, NotStreamed)
"""What is raised when a document is not well-formed, or cannot be read in pieces."""


class Level:
    """What is remembered of an element that is, or was, open.

    Attributes:
        number: its number in document order, from 0.
        gone: by local name, how many of its children were taken out; once it is complete, how many there were.
        tails: text between children that were taken out, as far as somebody has to look at it.
    """

    __slots__ = ("gone", "number", "since", "tails")

    def __init__(self, number: int, since: int) -> None:
        self.number = number
        self.since = since
        self.gone: Counter[str] = Counter()
        self.tails = ""


class Window:
    """The part of a document that is in memory.

    Attributes:
        root: the root element; ``None`` before it was seen.
        levels: what is remembered of elements that are or were open at the last look, and have not been shown.
        is_last: whether the document has ended: everything left is shown.
        parser: the parser at work.
    """

    def __init__(
        self,
        chunks: Iterable[bytes],
        held_names: Iterable[str] = (),
        whole: Collection[str] = (),
        *,
        is_simple: bool = False,
    ) -> None:
        """Begin.

        Args:
            chunks: the document, piece by piece; the first holds the XML declaration, if there is one.
            held_names: local names of elements that are looked at together with their siblings.
            whole: names, as ``{namespace}name``, of elements that are looked at together with their children.
            is_simple: whether the document consists of elements and texts alone, which makes things faster.
        """
        self.root: etree._Element | None = None
        self.levels: dict[etree._Element, Level] = {}
        self.is_last = False
        self._chunks = chunks
        self._is_simple = is_simple
        self._whole = whole
        self._held = tuple(f"{{*}}{name}" for name in held_names)
        self._fed = 0
        self._taken = 0
        self._total = 0
        self._open: list[etree._Element] = []
        self._holds = False
        self._mark: etree._Element | None = None

    def __iter__(self) -> Iterator["Window"]:
        """Go through the document; each time, ``iter`` shows elements that were not shown before.

        Raises:
            etree.XMLSyntaxError: the document is not well-formed, or cannot be read in pieces.
            NotStreamed: it has faulty namespaces.
        """
        for chunk in self._chunks:
            self._feed(chunk)
            if self.root is not None:
                self._look()
                yield self
                self._take_out()
        self._finish()
        yield self
        for node, level in self.levels.items():
            level.gone.update(_names(node.iterchildren("*")))

    def grow(self) -> etree._Element:
        """Read on up to the root element, and no further than the piece in which it stands.

        Raises:
            etree.XMLSyntaxError: the document is not well-formed.
            NotStreamed: it has faulty namespaces.
        """
        for chunk in self._chunks:
            self._feed(chunk)
            if self.root is not None and self._fed > _DECLARATION_BYTES:
                return self.root
        self.parser.close()
        return self.found

    def iter(self, *tags: str) -> Iterator[etree._Element]:
        """The elements of these names that are complete and were not shown before, in document order."""
        found: Iterable[etree._Element] = self.found.iter(*tags)
        if self.is_last:
            return iter(found)
        if self._holds:
            # What is held comes last in the document.
            found = [*found]
            found = found[: len(found) - sum(1 for _ in self._open[-1].iter(*tags))]
        return filterfalse(set(self._open).__contains__, found)

    def among(self, elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """Those of some elements of the tree that are complete and were not shown before."""
        if self.is_last:
            yield from elements
            return
        held = set(self._open)
        last = self._open[-1]
        for element in elements:
            if element not in held and not (self._holds and last in element.iterancestors()):
                yield element

    def finished(self) -> Iterator[etree._Element]:
        """Those of the elements to be shown that were open at an earlier look."""
        held = set() if self.is_last else set(self._open)
        return (element for element in [*self.levels] if element not in held)

    def leaving(self) -> Iterator[tuple[Level, list[etree._Element]]]:
        """Children that will be taken out of elements that stay."""
        if not self.is_last:
            for node, last in pairwise(self._open):
                yield self.levels[node], [*last.itersiblings(preceding=True)][::-1]

    @property
    def total(self) -> int:
        """How many elements have been seen."""
        return self._total

    @property
    def innermost(self) -> etree._Element:
        """The last of the open elements that is looked into."""
        return self._open[-1]

    def numbered(self, numbers: Collection[int]) -> list[tuple[int, etree._Element]]:
        """Those of the elements to be shown that have one of these numbers."""
        awaited = {number for number in numbers if number < self._total}
        awaited -= set() if self.is_last else {self.levels[node].number for node in self._open}
        if not awaited:
            return []
        found = [(self._total - 1 - back, element) for back, element in enumerate([*self.found.iter("*")][::-1])]
        found = [(self._number(element, number), element) for number, element in found]
        shown = set(self.among(element for number, element in found if number in awaited))
        return [(number, element) for number, element in reversed(found) if element in shown]

    def _number(self, element: etree._Element, otherwise: int) -> int:
        level = self.levels.get(element)
        return otherwise if level is None else level.number

    def number_of(self, element: etree._Element) -> int:
        """Number of an element in document order, from 0."""
        level = self.levels.get(element)
        return level.number if level is not None else self._total - _count(_FROM_HERE, element)

    @property
    def found(self) -> etree._Element:
        """The root element, once it was seen.

        Raises:
            NotStreamed: it was not.
        """
        if self.root is None:
            raise NotStreamed
        return self.root

    def _feed(self, chunk: bytes) -> None:
        if not self._fed:
            self._begin(chunk)
        else:
            self.parser.feed(chunk)
        self._fed += len(chunk)
        # A prefix that nobody declares is an error of a tree at its end only; until then names of elements are odd.
        log = self.parser.feed_error_log
        if any(entry.domain_name == NAMESPACE and entry.level_name != "WARNING" for entry in log):
            raise NotStreamed
        for _, found in self.parser.read_events():  # each holds its element as long as it waits
            self._mark = self._mark if self._mark is not None else cast("etree._Element", found)
        if self.root is None and self._mark is not None:
            # In a document without comments, the only one is ours.
            self.root = self._mark.getnext() if self._is_simple else self._mark

    def _begin(self, chunk: bytes) -> None:
        """Begin with a comment of our own, from which the root is found: events of elements would cost more."""
        self.parser = window_parser(is_simple=self._is_simple)
        length = declaration_length(chunk)
        self.parser.feed(chunk[:length] + _MARK + chunk[length:] if self._is_simple else chunk)

    def _finish(self) -> None:
        self.parser.close()
        self.is_last = True
        self._total = self._taken + _count(_ALL, self.found)

    def _look(self) -> None:
        """Find the elements that are open, or may be."""
        node: etree._Element | None = self.found
        self._total = self._taken + _count(_ALL, self.found)
        self._open, self._holds = [], False
        while node is not None:
            self._open.append(node)
            if node not in self.levels:
                self.levels[node] = Level(self._total - _count(_FROM_HERE, node), self._fed)
            self._holds = self._is_held(node)
            node = None if self._holds else next(node.iterchildren(reversed=True), None)

    def _is_held(self, node: etree._Element) -> bool:
        if self._fed - self.levels[node].since > HELD_BYTES:
            return False
        if node.getparent() is self.root and _name(node) == _HEADER:
            return True
        if node.tag in self._whole:
            return True
        return bool(self._held) and next(node.iterchildren(*self._held), None) is not None

    def _take_out(self) -> None:
        """Take out of the tree what was shown."""
        for node in self.finished():
            self.levels[node].gone.update(_names(node.iterchildren("*")))
            del self.levels[node]
        for node, last in pairwise(self._open):
            self.levels[node].gone.update(_names(last.itersiblings(preceding=True)))
            del node[: node.index(last)]
        self._taken = self._total - _count(_ALL, self.found)


def _count(what: etree.XPath, element: etree._Element) -> int:
    return int(cast("float", what(element)))


def window_parser(*, is_simple: bool) -> etree.XMLPullParser:
    """A parser under the strict policy for documents that builds a tree from pieces."""
    return etree.XMLPullParser(
        events=("comment" if is_simple else "start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        collect_ids=False,
        remove_blank_text=is_simple,
        remove_comments=not is_simple,
        remove_pis=True,
    )


def _names(children: Iterable[etree._Element]) -> dict[str, int]:
    """How many elements there are of each local name."""
    names: dict[str, int] = {}
    for tag, count in Counter(map(_TAG_OF, children)).items():
        name = tag.rpartition("}")[2]
        names[name] = names.get(name, 0) + count
    return names


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
