"""The check that libxml2 leaves out: every ``xs:IDREF`` needs its ``xs:ID``, and each ``xs:ID`` is there once.

Which attributes and elements are identities is read from the schema files by name. Where a schema uses one name
both for an identity and for something else, the name is ambiguous, and the slower engine, which knows the types,
is asked about each place.

Source: XML Schema 1.0 Part 1, validation rule "ID/IDREF Table" (cvc-id).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.standards.paths import line_of, local_name, readable_path

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
    """

    attributes: Mapping[str, str]
    elements: Mapping[str, str]

    @cached_property
    def carriers(self) -> etree.XPath:
        """Finds the elements that may carry an identity; a walk in Python would cost more than the validation."""
        attributes = " or ".join(f"local-name()='{name}'" for name in self.attributes)
        tests = [f"@*[{attributes}]"] if attributes else []
        tests += [f"local-name()='{name}'" for name in self.elements]
        return etree.XPath(f"//*[{' or '.join(tests) or 'false()'}]")

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
    return IdentityNames(attributes=_names(roots, "attribute", types), elements=_names(roots, "element", types))


def check_identities(root: etree._Element, names: IdentityNames, kind_at: KindAt) -> Iterator[Finding]:
    """Findings for double identities and for references that lead nowhere.

    Args:
        root: the document.
        names: names of the bundle that carry identities.
        kind_at: asked where a name is ambiguous.
    """
    identities: set[str] = set()
    references: list[tuple[etree._Element, str, str]] = []
    doubles: list[tuple[etree._Element, str]] = []
    for element, place, kind, value in _occurrences(root, names, kind_at):
        if kind == AMBIGUOUS:
            yield _finding("xsd.identity-ambiguous", element, place)
        elif kind != "ID":
            references += [(element, place, token) for token in value.split()]
        elif value.strip() in identities:
            doubles.append((element, place))
        else:
            identities.add(value.strip())
    for element, place in doubles:
        yield _finding("xsd.id-duplicate", element, place)
    for element, place, token in references:
        if token not in identities:
            yield _finding("xsd.idref-unresolved", element, place)


def _finding(rule: str, element: etree._Element, place: str) -> Finding:
    name = place.removeprefix("/@") if place else local_name(element)
    return Finding(
        rule=rule,
        path=readable_path(element) + place,
        line=line_of(element),
        message=message(f"finding.{rule}", name=name),
    )


def _occurrences(
    root: etree._Element, names: IdentityNames, kind_at: KindAt
) -> Iterator[tuple[etree._Element, str, str, str]]:
    """Element, place within it, kind and value of everything that carries an identity."""
    for element in cast("list[etree._Element]", names.carriers(root)):
        for attribute, value in element.attrib.items():
            local = str(attribute).rpartition("}")[2]
            kind = names.attributes.get(local, "")
            kind = kind_at(element, local) if kind == AMBIGUOUS else kind
            if kind:
                yield element, f"/@{local}", kind, str(value)
        kind = names.elements.get(local_name(element), "") if element.text else ""
        kind = kind_at(element, "") if kind == AMBIGUOUS else kind
        if kind:
            yield element, "", kind, str(element.text)


def _final_types(roots: list[etree._Element]) -> dict[str, str]:
    """For each named type, by local name, the type at the end of its chain of derivations."""
    bases = {
        str(definition.get("name")): _local(_base(definition))
        for root in roots
        for definition in root.iterchildren(f"{XS}simpleType", f"{XS}complexType")
    }
    return {name: _follow(name, bases) for name in bases}


def _base(definition: etree._Element) -> str:
    derivation = definition.find(f".//{XS}restriction[@base]")
    if derivation is None:
        derivation = definition.find(f"{XS}simpleContent/{XS}extension[@base]")
    return "" if derivation is None else str(derivation.get("base"))


def _follow(name: str, bases: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while name in bases and name not in seen:
        seen.add(name)
        name = bases[name]
    return name


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _names(roots: list[etree._Element], what: str, types: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for root in roots:
        for declaration in root.iter(f"{XS}{what}"):
            if declaration.get("name"):
                found.setdefault(str(declaration.get("name")), set()).add(_kind(declaration, types))
    shadowed = bool(_IDENTITIES & types.keys())  # the schema has a type of its own that is called ID
    return {
        name: AMBIGUOUS if shadowed or len(kinds) > 1 else kinds.pop()
        for name, kinds in found.items()
        if kinds & _IDENTITIES
    }


def _kind(declaration: etree._Element, types: Mapping[str, str]) -> str:
    declared = _local(str(declaration.get("type") or ""))
    if not declared:
        inline = declaration.find(f"{XS}simpleType")
        declared = _local(_base(inline)) if inline is not None else ""
    return types.get(declared, declared)
