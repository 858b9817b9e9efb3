"""The check of codes against code lists: is the code in the list, and is the version of the list current.

Codes that the schema itself enumerates are the schema's business. Codes of lists of keys (services, areas) go to the
check of keys.

Source: XÖV-Handbuch, Code-Datentypen; OASIS genericode 1.0.
"""

from collections.abc import Iterable, Mapping

from lxml import etree

from ozgflow.domain.code_lists import CodeLists, version_key
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.standards.code_places import DeclaredList
from ozgflow.standards.collected import Collected
from ozgflow.standards.referee import Referee

KEY_LISTS: Mapping[str, str] = {
    "urn:de:fim:leika:leistung": "leika",
    "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs": "ars",
    "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:ags": "ags",
}
"""Code lists that are lists of keys, and the kind of key."""

LIST_URI, LIST_VERSION = "listURI", "listVersionID"
"""The attributes that name a code list and its version."""

_REMEMBERED = 50_000
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Occurrence = tuple[str, str | None, str | None, str | None]
"""Where and what a code is: name of the element around it, list, version, code."""

PlacedOccurrence = tuple[str | None, ...]
"""The same where that name is not enough: list, version, code, and the names of all elements around it."""


class CodeCheck:
    """Checks the codes of documents of one bundle."""

    def __init__(
        self, lists: CodeLists, declared: Mapping[str, frozenset[DeclaredList]], referee: Referee, *, binding: bool
    ) -> None:
        self._lists = lists
        self._declared = declared
        self._referee = referee
        self._binding = binding
        # A code that was in order once is in order again: most codes of a batch are seen many times. By element,
        # list, version and code; true for one that was compared with a list, false for a key that exists.
        self.in_order: dict[Occurrence, bool] = {}
        # Those whose list depends on where they stand; all of them were compared with a list.
        self._in_order_at: set[PlacedOccurrence] = set()
        # Elements whose codes the schema itself names, list and version being fixed: there is nothing to look at.
        self.settled: set[str] = set()
        self._keys: dict[tuple[str, str | None], str] = {}

    def walk(self, codes: Iterable[etree._Element], into: Collected) -> tuple[int, list[tuple[str, etree._Element]]]:
        """Look at codes of a document.

        Args:
            codes: elements called ``code``.
            into: takes the findings.

        Returns:
            How many were compared with a list, and the elements whose code is a key, with the kind of key.
        """
        checked = 0
        found: list[tuple[str, etree._Element]] = []
        in_order, keys = self.in_order, self._keys
        for code in codes:
            parent = code.getparent()
            if parent is None:
                continue
            uri, name = parent.get(LIST_URI), str(parent.tag)
            kind = keys.get((name, uri))
            if kind:
                found.append((kind, code))
            elif in_order.get((name, uri, parent.get(LIST_VERSION), code.text)) or self._is_in_order_at(parent, code):
                checked += 1
            elif kind := self._kind_of_key(parent):
                found.append((kind, code))
            else:
                checked += self._first_time(parent, code, into)
        return checked, found

    def _kind_of_key(self, parent: etree._Element) -> str:
        """The kind of key that the codes of an element are, or empty."""
        uri = str(parent.get(LIST_URI) or self._declared_at(parent).uri)
        kind = KEY_LISTS.get(uri, "")
        if kind and self._is_plain(parent) and len(self._keys) < _REMEMBERED:
            self._keys[str(parent.tag), parent.get(LIST_URI)] = kind
        return kind

    def _first_time(self, parent: etree._Element, code: etree._Element, into: Collected) -> int:
        """Check a code that is not known to be in order. Returns 1 when it was compared with a list, else 0."""
        declared = self._declared_at(parent)
        uri = str(parent.get(LIST_URI) or declared.uri)
        version = str(parent.get(LIST_VERSION) or declared.version)
        before = into.reported
        if uri and not declared.enumerated:
            self._check(parent, code, uri, version, into)
        is_compared = bool(uri) and (declared.enumerated or uri in self._lists.lists)
        if is_compared and into.reported == before:
            self._remember_compared(parent, code)
            self._settle(parent)
        return int(is_compared)

    def _is_in_order_at(self, parent: etree._Element, code: etree._Element) -> bool:
        placed = _placed(parent, code) if self._in_order_at else None
        return placed is not None and placed in self._in_order_at

    def _remember_compared(self, parent: etree._Element, code: etree._Element) -> None:
        if self._is_plain(parent):
            self.remember(code, compared=True)
        elif (placed := _placed(parent, code)) is not None and len(self._in_order_at) < _REMEMBERED:
            self._in_order_at.add(placed)

    def _settle(self, parent: etree._Element) -> None:
        ways = self._declared.get(etree.QName(parent).localname, frozenset())
        if len(ways) == 1 and all(way.enumerated and way.uri and way.version for way in ways):
            self.settled.add(str(parent.tag))

    def remember(self, code: etree._Element, *, compared: bool) -> None:
        """Remember a code that is in order.

        Args:
            code: the code.
            compared: whether it was compared with a list; otherwise it is a key that exists.
        """
        parent = code.getparent()
        if parent is not None and self._is_plain(parent) and len(self.in_order) < _REMEMBERED:
            occurrence: Occurrence = (str(parent.tag), parent.get(LIST_URI), parent.get(LIST_VERSION), code.text)
            self.in_order[occurrence] = compared

    def _is_plain(self, parent: etree._Element) -> bool:
        """Whether the list of an element follows from its name and the list it names, wherever it stands."""
        named = parent.get(LIST_URI)
        ways = self._declared.get(etree.QName(parent).localname, frozenset())
        return len({(way.uri, way.version) for way in ways if not named or way.uri in ("", named)}) <= 1

    def _declared_at(self, element: etree._Element) -> DeclaredList:
        """What the schema says of an element.

        Where its name is declared in several ways, those that the list named in the document rules out do not count;
        where several are left, the referee is asked.
        """
        named = element.get(LIST_URI)
        ways = self._declared.get(etree.QName(element).localname, frozenset())
        if len(ways) > 1 and named:
            ways = frozenset(way for way in ways if way.uri in ("", named))
        if len(ways) <= 1:
            return next(iter(ways), DeclaredList())
        uri = self._referee.fixed_value(element, LIST_URI) or ""
        version = self._referee.fixed_value(element, LIST_VERSION) or ""
        same = [way for way in ways if way.uri == uri and way.version == version]
        return DeclaredList(uri=uri, version=version, enumerated=bool(same) and all(way.enumerated for way in same))

    def _check(self, parent: etree._Element, code: etree._Element, uri: str, version: str, into: Collected) -> None:
        level = None if self._binding else Severity.WARNING
        versions = self._lists.lists.get(uri)
        if versions is None:
            note = None if self._binding else Severity.NOTE
            into.report("codes.no-list", parent, level=note, list=self._told(parent, uri))
            return
        current = self._lists.current[uri]
        title = versions[current].title or uri
        if not version:
            into.report("codes.no-version", parent, list=title, current=current)
        elif version != current and not (version in versions and self._is_fixed(parent, version)):
            is_older = version in versions or version_key(version) < version_key(current)
            rule = "codes.stale-version" if is_older else "codes.unknown-version"
            # A code of an older list that is at hand can be checked all the same: then it is no more than a warning.
            grave = Severity.WARNING if version in versions else level
            into.report(rule, parent, LIST_VERSION, level=grave, list=title, current=current)
        listed = versions.get(version or current)
        if listed is not None and (code.text or "").strip() not in listed.codes:
            into.report("codes.unknown-code", code, level=level, list=title, version=listed.version)

    def _is_fixed(self, parent: etree._Element, version: str) -> bool:
        """Whether the schema itself asks for a version of the list, so that a document can do nothing about it."""
        return self._declared_at(parent).version == version

    def _told(self, parent: etree._Element, uri: str) -> object:
        """The list as it may be named: what only the document says of it is a value of the document."""
        known = {way.uri for way in self._declared.get(etree.QName(parent).localname, ())}
        return uri if uri in known else message("codes.list-of-document")


def _placed(parent: etree._Element, code: etree._Element) -> PlacedOccurrence | None:
    """Where and what a code is, if that settles what the schema says of it: not where a type is named above it."""
    tags: list[str | None] = []
    here: etree._Element | None = parent
    while here is not None:
        if here.get(_XSI_TYPE) is not None:
            return None
        tags.append(str(here.tag))
        here = here.getparent()
    return parent.get(LIST_URI), parent.get(LIST_VERSION), code.text, *tags
