"""The check that libxml2 leaves out: every ``xs:IDREF`` needs its ``xs:ID``, and each ``xs:ID`` is there once.

Which attributes and elements are identities is read from the schema files by name. Where a schema uses one name
both for an identity and for something else, the name is ambiguous, and the slower engine, which knows the types,
is asked about each place.

Source: XML Schema 1.0 Part 1, validation rule "ID/IDREF Table" (cvc-id).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from ozgflow.standards.collected import Collected, Held

XS = "{http://www.w3.org/2001/XMLSchema}"
AMBIGUOUS = "?"
_IDENTITIES = frozenset({"ID", "IDREF", "IDREFS"})

KindAt = Callable[[etree._Element, str], str]
"""Asks for the type at a place: an element and the local name of its attribute, or an empty name for its content.

Answers ``ID``, ``IDREF``, ``IDREFS``, an empty text for anything else, or ``?`` where nobody can tell.
"""


@dataclass(frozen=True, kw_only=True)
class IdentityNames:
    """Names in a schema that carry identities.

    Attributes:
        attributes: local name of an attribute to ``ID``, ``IDREF`` or ``IDREFS``, or to ``?`` where the name is
            used for something else too.
        elements: the same for elements whose content is an identity.
        qualified: those of the attributes that may stand in a namespace; the others are found faster.
    """

    attributes: Mapping[str, str]
    elements: Mapping[str, str]
    qualified: frozenset[str] = frozenset()

    @cached_property
    def carriers(self) -> etree.XPath:
        """Finds the elements that may carry an identity; a walk in Python would cost more than the validation.

        It is asked of an element and looks at it and all below.
        """
        qualified = " or ".join(f"local-name()='{name}'" for name in self.attributes if name in self.qualified)
        tests = [f"@*[{qualified}]"] if qualified else []
        tests += [f"@{name}" for name in self.attributes if name not in self.qualified]
        tests += [f"local-name()='{name}'" for name in self.elements]
        return etree.XPath(f"descendant-or-self::*[{' or '.join(tests) or 'false()'}]")

    @cached_property
    def unqualified(self) -> tuple[tuple[str, str], ...]:
        """Name and kind of those attributes that stand in no namespace."""
        return tuple((name, kind) for name, kind in self.attributes.items() if name not in self.qualified)

    @property
    def ambiguous(self) -> bool:
        """Whether names alone cannot decide."""
        return AMBIGUOUS in self.attributes.values() or AMBIGUOUS in self.elements.values()

    def __bool__(self) -> bool:
        return bool(self.attributes or self.elements)


def identity_names(schemas: Iterable[etree._Element]) -> IdentityNames:
    """Read the names from the root elements of all schema files of a bundle."""
    roots = list(schemas)
    types = _final_types(roots)
    return IdentityNames(
        attributes=_names(roots, "attribute", types),
        elements=_names(roots, "element", types),
        qualified=frozenset(name for root in roots for name in _qualified(root)),
    )


def _qualified(root: etree._Element) -> Iterator[str]:
    """Names of attributes that a schema file puts into a namespace."""
    by_default = root.get("attributeFormDefault") == "qualified"
    for declaration in root.iter(f"{XS}attribute"):
        is_global = declaration.getparent() is root
        if is_global or declaration.get("form") == "qualified" or (by_default and not declaration.get("form")):
            yield str(declaration.get("name"))


class IdentityTable:
    """The identities and references of one document, filled from all of it or piece by piece."""

    def __init__(self, names: IdentityNames, kind_at: KindAt, into: Collected) -> None:
        """Begin.

        Args:
            names: names of the bundle that carry identities.
            kind_at: asked where a name is ambiguous.
            into: takes the findings.
        """
        self.count = 0
        self._names = names
        self._kind_at = kind_at
        self._into = into
        self._identities: set[str] = set()
        self._references: list[tuple[Held, str]] = []
        self._doubles: list[Held] = []

    def look_at(self, elements: Iterable[etree._Element]) -> None:
        """Take up the identities and references of elements that may carry some."""
        names = self._names
        for element in elements:
            for name, kind in names.unqualified:
                value = element.get(name)
                if value is not None:
                    self._take(element, name, kind, value)
            if names.qualified:
                self._look_at_qualified(element)
            if names.elements and element.text:
                kind = names.elements.get(etree.QName(element).localname, "")
                if kind:
                    self._take(element, "", kind, element.text)

    def _look_at_qualified(self, element: etree._Element) -> None:
        """The same for attributes that may stand in a namespace."""
        for attribute, text in element.attrib.items():
            local = str(attribute).rpartition("}")[2]
            if local in self._names.qualified:
                self._take(element, local, self._names.attributes[local], str(text))

    def _take(self, element: etree._Element, attribute: str, kind: str, value: str) -> None:
        """Take up one value."""
        kind = self._kind_at(element, attribute) if kind == AMBIGUOUS else kind
        if not kind:
            return
        self.count += 1
        if kind == AMBIGUOUS:
            self._into.report("xsd.identity-ambiguous", element, attribute)
        elif kind != "ID":
            held = self._into.hold(element, attribute)
            self._references += [(held, token) for token in value.split()]
        elif value.strip() in self._identities:
            self._doubles.append(self._into.hold(element, attribute))
        else:
            self._identities.add(value.strip())

    def finish(self) -> None:
        """Say which identities are double and which references lead nowhere."""
        for held in self._doubles:
            self._tell("xsd.id-duplicate", held)
        for held, token in self._references:
            if token not in self._identities:
                self._tell("xsd.idref-unresolved", held)

    def _tell(self, rule: str, held: Held) -> None:
        if self._into.wants(rule):
            self._into.keep(rule, self._into.place(held), params={})


def _final_types(roots: list[etree._Element]) -> dict[str, frozenset[str]]:
    """For each named type, by local name, the types at the end of its chain of derivations.

    There are several where namespaces have types of one name.
    """
    bases: dict[str, set[str]] = {}
    for root in roots:
        for definition in root.iterchildren(f"{XS}simpleType", f"{XS}complexType"):
            bases.setdefault(str(definition.get("name")), set()).add(_local(_base(definition)))
    return {name: _follow(name, bases) for name in bases}


def _base(definition: etree._Element) -> str:
    """The type that a definition is derived from, as far as it is for texts."""
    for way in (f"{XS}restriction", f"{XS}simpleContent/{XS}restriction", f"{XS}simpleContent/{XS}extension"):
        derivation = definition.find(way)
        if derivation is not None:
            inline = derivation.find(f"{XS}simpleType")
            return str(derivation.get("base") or "") or ("" if inline is None else _base(inline))
    return ""


def _follow(name: str, bases: Mapping[str, Collection[str]]) -> frozenset[str]:
    waiting, seen = [name], {name}
    while waiting:
        further = set(bases.get(waiting.pop(), ())) - seen
        seen |= further
        waiting += further
    return frozenset(one for one in seen if one not in bases)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _names(roots: list[etree._Element], what: str, types: Mapping[str, frozenset[str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for root in roots:
        for declaration in root.iter(f"{XS}{what}"):
            if declaration.get("name"):
                found.setdefault(str(declaration.get("name")), set()).update(_kinds(declaration, types))
    shadowed = bool(_IDENTITIES & types.keys())  # the schema has a type of its own that is called ID
    return {
        name: AMBIGUOUS if shadowed or len(kinds) > 1 else kinds.pop()
        for name, kinds in found.items()
        if kinds & _IDENTITIES
    }


def _kinds(declaration: etree._Element, types: Mapping[str, frozenset[str]]) -> frozenset[str]:
    declared = _local(str(declaration.get("type") or ""))
    if not declared:
        inline = declaration.find(f"{XS}simpleType")
        declared = _local(_base(inline)) if inline is not None else ""
    return types.get(declared, frozenset({declared}))
