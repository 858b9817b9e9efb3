"""Where codes stand in documents, and of which list they are, read from the schema files by name.

XÖV knows four types of codes: list and version fixed in the schema (1), list fixed and version open (2, 3), both told
by the document (4). What is fixed may be left out of the document; then the schema is asked.

Source: XÖV-Handbuch, Code-Datentypen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from ozgflow.standards.identity import XS

_MAX_BASES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredList:
    """What a schema says about the codes of an element.

    Attributes:
        uri: fixed ``listURI``, or empty.
        version: fixed ``listVersionID``, or empty.
        enumerated: whether the schema itself names the allowed codes.
    """

    uri: str = ""
    version: str = ""
    enumerated: bool = False


_NOTHING = DeclaredList()
_Types = Mapping[tuple[str | None, str], etree._Element]


def declared_lists(schemas: Iterable[etree._Element]) -> Mapping[str, frozenset[DeclaredList]]:
    """What the schema files say about code elements, by the element's local name.

    An element whose name is declared several times in different ways has several entries.
    """
    roots = list(schemas)
    types: _Types = {
        (root.get("targetNamespace"), str(kind.get("name"))): kind
        for root in roots
        for kind in root.iterchildren(f"{XS}complexType", f"{XS}simpleType")
    }
    found: dict[str, set[DeclaredList]] = {}
    for root in roots:
        for declaration in root.iter(f"{XS}element"):
            kind = _type_of(declaration, types)
            if declaration.get("name") and kind is not None:
                found.setdefault(str(declaration.get("name")), set()).add(_declared(kind, types))
    return {name: frozenset(lists) for name, lists in found.items() if lists != {_NOTHING}}


def _type_of(declaration: etree._Element, types: _Types) -> etree._Element | None:
    inline = next(declaration.iterchildren(f"{XS}complexType", f"{XS}simpleType"), None)
    return inline if inline is not None else _named(declaration, "type", types)


def _declared(kind: etree._Element, types: _Types) -> DeclaredList:
    """Follow the derivations from a type to its bases; the nearest declaration counts."""
    uri = version = ""
    enumerated = False
    here: etree._Element | None = kind
    for _ in range(_MAX_BASES):
        if here is None:
            break
        uri = uri or _fixed(here, "listURI")
        version = version or _fixed(here, "listVersionID")
        enumerated = enumerated or _names_codes(here, types)
        here = _base(here, types)
    return DeclaredList(uri=uri, version=version, enumerated=enumerated)


def _fixed(kind: etree._Element, attribute: str) -> str:
    declarations = (one for one in kind.iter(f"{XS}attribute") if one.get("name") == attribute)
    return next((str(one.get("fixed")) for one in declarations if one.get("fixed")), "")


def _names_codes(kind: etree._Element, types: _Types) -> bool:
    """Whether the ``code`` within a complex type is enumerated."""
    for child in kind.iter(f"{XS}element"):
        if child.get("name") == "code":
            return _is_enumerated(_type_of(child, types), types)
    return False


def _is_enumerated(kind: etree._Element | None, types: _Types) -> bool:
    for _ in range(_MAX_BASES):
        if kind is None:
            return False
        if next(kind.iter(f"{XS}enumeration"), None) is not None:
            return True
        kind = _base(kind, types)
    return False


def _base(kind: etree._Element, types: _Types) -> etree._Element | None:
    derivation = next(kind.iter(f"{XS}restriction", f"{XS}extension"), None)
    return None if derivation is None else _named(derivation, "base", types)


def _named(element: etree._Element, attribute: str, types: _Types) -> etree._Element | None:
    """The type that an attribute names."""
    prefix, _, local = str(element.get(attribute) or "").rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    if namespace == XS[1:-1]:
        return None
    found = types.get((namespace, local))
    if found is not None:
        return found
    # A file without a namespace takes that of the file which includes it.
    return next((kind for (_, name), kind in types.items() if name == local), None)
