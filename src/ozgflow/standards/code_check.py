"""The check of codes against code lists: is the code in the list, and is the version of the list current.

Codes that the schema itself enumerates are the schema's business. Codes of lists of keys (services, areas) go to the
check of keys.

Source: XÖV-Handbuch, Code-Datentypen; OASIS genericode 1.0.
"""

from collections.abc import Iterable, Mapping

from lxml import etree

from ozgflow.domain.code_lists import CodeLists, version_key
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

_URI, _VERSION = "listURI", "listVersionID"
_REMEMBERED = 50_000

class CodeCheck:
    """Checks the codes of documents of one bundle."""

    def __init__(
        self, lists: CodeLists, declared: Mapping[str, frozenset[DeclaredList]], referee: Referee, *, binding: bool
    ) -> None:
        self._lists = lists
        self._declared = declared
        self._referee = referee
        self._binding = binding
        # A code that was in order once is in order again: most codes of a batch are seen many times.
        self._in_order: set[tuple[str, str | None, str | None, str | None]] = set()
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
        in_order, keys = self._in_order, self._keys
        for code in codes:
            parent = code.getparent()
            if parent is None:
                continue
            uri, name = parent.get(_URI), str(parent.tag)
            kind = keys.get((name, uri))
            if kind:
                found.append((kind, code))
            elif (name, uri, parent.get(_VERSION), code.text) in in_order:
                checked += 1
            elif kind := self._kind_of_key(parent):
                found.append((kind, code))
            else:
                checked += self._first_time(parent, code, into)
        return checked, found

    def _kind_of_key(self, parent: etree._Element) -> str:
        """The kind of key that the codes of an element are, or empty."""
        uri = str(parent.get(_URI) or self._declared_at(parent).uri)
        kind = KEY_LISTS.get(uri, "")
        if kind and len(self._keys) < _REMEMBERED:
            self._keys[str(parent.tag), parent.get(_URI)] = kind
        return kind

    def _first_time(self, parent: etree._Element, code: etree._Element, into: Collected) -> int:
        """Check a code that is not known to be in order. Returns 1 when it was compared with a list, else 0."""
        declared = self._declared_at(parent)
        uri = str(parent.get(_URI) or declared.uri)
        version = str(parent.get(_VERSION) or declared.version)
        before = into.counts.total()
        if uri and not declared.enumerated:
            self._check(parent, code, uri, version, into)
        is_compared = bool(uri) and (declared.enumerated or uri in self._lists.lists)
        if is_compared and into.counts.total() == before and len(self._in_order) < _REMEMBERED:
            self._in_order.add((str(parent.tag), parent.get(_URI), parent.get(_VERSION), code.text))
        return int(is_compared)

    def _declared_at(self, element: etree._Element) -> DeclaredList:
        """What the schema says of an element; where its name is declared in several ways, the referee is asked."""
        ways = self._declared.get(etree.QName(element).localname, frozenset())
        if len(ways) <= 1:
            return next(iter(ways), DeclaredList())
        uri = self._referee.fixed_value(element, _URI) or ""
        version = self._referee.fixed_value(element, _VERSION) or ""
        same = [way for way in ways if way.uri == uri and way.version == version]
        return DeclaredList(uri=uri, version=version, enumerated=bool(same) and all(way.enumerated for way in same))

    def _check(self, parent: etree._Element, code: etree._Element, uri: str, version: str, into: Collected) -> None:
        level = None if self._binding else Severity.WARNING
        versions = self._lists.lists.get(uri)
        if versions is None:
            into.report("codes.no-list", parent, level=None if self._binding else Severity.NOTE, list=uri)
            return
        current = self._lists.current[uri]
        if not version:
            into.report("codes.no-version", parent, list=uri, current=current)
        elif version not in versions:
            is_older = version_key(version) < version_key(current)
            rule = "codes.stale-version" if is_older else "codes.unknown-version"
            into.report(rule, parent, _VERSION, level=level, list=uri, current=current)
        listed = versions.get(version or current)
        if listed is not None and (code.text or "").strip() not in listed.codes:
            title = listed.title or uri
            into.report("codes.unknown-code", code, level=level, list=title, version=listed.version)
