"""Which elements may carry an identity, by name: looking at few is faster than asking every element."""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from ozgflow.standards.identity import XS, IdentityNames

_OPEN = (f"{XS}element", f"{XS}any", f"{XS}restriction", f"{XS}extension")


def carrier_names(schemas: Iterable[etree._Element], names: IdentityNames) -> frozenset[str] | None:
    """Local names of the elements that may carry an identity in documents without ``xsi:type``.

    Args:
        schemas: root elements of all schema files.
        names: the attributes and elements that are identities.

    Returns:
        The names, or ``None`` when a schema leaves open which attributes elements have.
    """
    roots = list(schemas)
    if any(
        next(root.iter(f"{XS}anyAttribute", f"{XS}redefine", f"{XS}override"), None) is not None for root in roots
    ):
        return None
    if _has_global_identity(roots, names) and any(is_open(one) for root in roots for one in root.iter(*_OPEN)):
        return None
    known = _Declarations(roots, names)
    found = set(names.elements)
    for root in roots:
        for declaration in root.iter(f"{XS}element"):
            if declaration.get("name") and known.carries(declaration):
                found.add(str(declaration.get("name")))
    return frozenset(found)


class _Declarations:
    """The types and attribute groups of a schema, by local name; several of one name all count."""

    def __init__(self, roots: Iterable[etree._Element], names: IdentityNames) -> None:
        self._names = names
        self._known: dict[str, list[etree._Element]] = {}
        for root in roots:
            for one in root.iterchildren(f"{XS}complexType", f"{XS}attributeGroup", f"{XS}element"):
                self._known.setdefault(str(one.get("name")), []).append(one)

    def carries(self, declaration: etree._Element) -> bool:
        """Whether elements of a declaration may have an identity."""
        return any(self._has_identity(part) for part in self._parts(declaration))

    def _parts(self, declaration: etree._Element) -> Iterator[etree._Element]:
        """A declaration and everything that it takes its attributes from."""
        waiting, seen = [declaration], {declaration}
        while waiting:
            part = waiting.pop()
            yield part
            found = {one for name in self._bases(part) for one in self._known.get(name, ())} - seen
            seen |= found
            waiting += found

    def _bases(self, declaration: etree._Element) -> Iterator[str]:
        names = [declaration.get("type"), declaration.get("substitutionGroup")]
        for part in _own(declaration):
            names += [part.get("base"), part.get("ref") if part.tag == f"{XS}attributeGroup" else None]
        yield from (str(name).rpartition(":")[2] for name in names if name)

    def _has_identity(self, declaration: etree._Element) -> bool:
        attributes: Mapping[str, str] = self._names.attributes
        return any(
            str(part.get("name") or part.get("ref")).rpartition(":")[2] in attributes
            for part in _own(declaration)
            if part.tag == f"{XS}attribute"
        )


def _own(declaration: etree._Element) -> Iterator[etree._Element]:
    """What belongs to a declaration itself, and not to the elements declared within it."""
    for child in declaration.iterchildren("*"):
        if child.tag != f"{XS}element":
            yield child
            yield from _own(child)


def _has_global_identity(roots: Iterable[etree._Element], names: IdentityNames) -> bool:
    """Whether an attribute that any element may have is an identity."""
    return any(one.get("name") in names.attributes for root in roots for one in root.iterchildren(f"{XS}attribute"))


def is_open(part: etree._Element) -> bool:
    """Whether a part of a schema admits elements with attributes that it does not name."""
    if part.tag == f"{XS}any":
        return part.get("processContents") == "lax"
    if part.tag != f"{XS}element":
        return _is_anything(part.get("base"))
    kind = part.get("type")
    is_inline = any(True for _ in part.iterchildren(f"{XS}simpleType", f"{XS}complexType"))
    untyped = not kind and not is_inline and not part.get("ref") and not part.get("substitutionGroup")
    return untyped or _is_anything(kind)


def _is_anything(name: object) -> bool:
    return str(name or "").rpartition(":")[2] == "anyType"
