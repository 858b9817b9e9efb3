"""What the schema says about the places of a valid document; mutations decide on these facts where they apply.

The facts are taken from xmlschema's reading of the schema, never from our own code: a mutation that asked the code
under test where it applies would miss what that code misses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import xmlschema
from lxml import etree

from ozgflow.domain.code_lists import CodeLists
from ozgflow.standards.bundles import Bundle

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XS = "{http://www.w3.org/2001/XMLSchema}"
_COMPLAINTS = {
    "XsdPatternFacets": "xsd.value-pattern",
    "XsdLengthFacet": "xsd.value-length",
    "XsdMinLengthFacet": "xsd.value-length",
    "XsdMaxLengthFacet": "xsd.value-length",
    "XsdEnumerationFacets": "xsd.value-enumeration",
    "XsdMinInclusiveFacet": "xsd.value-range",
    "XsdMaxInclusiveFacet": "xsd.value-range",
    "XsdMinExclusiveFacet": "xsd.value-range",
    "XsdMaxExclusiveFacet": "xsd.value-range",
    "XsdTotalDigitsFacet": "xsd.value-digits",
    "XsdFractionDigitsFacet": "xsd.value-digits",
    "XsdAtomicBuiltin": "xsd.value-type",
}
"""What a component of xmlschema refuses, as one of our rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A bundle with the second engine's reading of its schema.

    Attributes:
        bundle: the bundle.
        schema: what xmlschema makes of it; ``Any``, since its components have no useful types.
        lists: the code lists.
        names_characters: whether the standard says which characters are allowed (DIN 91379, String.Latin).
    """

    bundle: Bundle
    schema: Any
    lists: CodeLists
    names_characters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One element of a valid document.

    Attributes:
        number: its number in document order, by which it is found in a copy.
        element: the element.
        declaration: how xmlschema knows it.
        path: local names from the root.
    """

    number: int
    element: etree._Element
    declaration: Any
    path: str

    @property
    def name(self) -> str:
        """Local name."""
        return str(etree.QName(self.element).localname)

    @property
    def simple_type(self) -> Any:
        """The type of its text; ``None`` where it has element content."""
        kind = self.declaration.type
        if kind.is_simple():
            return kind
        return kind.content if kind.has_simple_content() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mutation is applied.

    Attributes:
        spot: the element.
        attribute: name of its attribute, as ``{namespace}name``, or empty.
        kind: type of the value that stands there, if one does.
    """

    spot: Spot
    attribute: str = ""
    kind: Any = None

    @property
    def path(self) -> str:
        """What a miss is explained for."""
        return self.spot.path + (f"/@{self.attribute.rpartition('}')[2]}" if self.attribute else "")

    @property
    def value(self) -> str:
        """What stands there, white space around it removed."""
        text = self.spot.element.get(self.attribute) if self.attribute else self.spot.element.text
        return (text or "").strip()


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A valid document that mutants are made from.

    Attributes:
        name: its file.
        standard: its standard.
        root: the parsed document, without comments and instructions.
    """

    name: str
    standard: Standard
    root: etree._Element
    _found: dict[str, Sequence[Place]] = field(default_factory=dict)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """All elements whose declaration is known."""
        numbers = {element: number for number, element in enumerate(self.root.iter("*"))}
        declared = self.standard.schema.maps.elements[self.root.tag]
        return tuple(_spots(self.root, declared, str(etree.QName(self.root).localname), numbers))

    @cached_property
    def values(self) -> tuple[Place, ...]:
        """All texts and attributes that have a simple type."""
        return tuple(place for spot in self.spots for place in _values(spot))

    def places(self, name: str, find: Callable[["Specimen"], Sequence[Place]]) -> Sequence[Place]:
        """What a mutation finds in the document, looked for once."""
        if name not in self._found:
            self._found[name] = find(self)
        return self._found[name]

    def changed(self, change: Callable[[list[etree._Element]], None], raw: Mapping[str, str] | None = None) -> str:
        """A copy of the document with something changed, as text without an XML declaration.

        Args:
            change: gets all elements of the copy, by number.
            raw: markup to put in for marks that ``change`` has left.
        """
        root = deepcopy(self.root)
        change(list(root.iter("*")))
        text = etree.tostring(root, encoding="unicode")
        for mark, markup in (raw or {}).items():
            text = text.replace(mark, markup)
        return text


def _spots(
    element: etree._Element,
    declaration: Any,
    path: str,
    numbers: Mapping[etree._Element, int],
) -> Iterator[Spot]:
    yield Spot(number=numbers[element], element=element, declaration=declaration, path=path)
    content = getattr(declaration.type, "content", None)
    if not isinstance(content, xmlschema.validators.XsdGroup):
        return
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        found = next((one for one in content.iter_elements() if _is_declared_by(one, str(child.tag))), None)
        if found is not None:
            yield from _spots(child, found, f"{path}/{name}", numbers)


def _is_declared_by(particle: Any, tag: str) -> bool:
    return isinstance(particle, xmlschema.XsdElement) and particle.name == tag


def _values(spot: Spot) -> Iterator[Place]:
    if spot.simple_type is not None and spot.element.text and not len(spot.element):
        yield Place(spot=spot, kind=spot.simple_type)
    for name in spot.element.attrib:
        declared = spot.declaration.attributes.get(str(name))
        if declared is not None:
            yield Place(spot=spot, attribute=str(name), kind=declared.type)


def complaints(kind: Any, value: str) -> frozenset[str]:
    """What xmlschema has against a value, as our rules; ``?`` stands for what has no rule."""
    return frozenset(_COMPLAINTS.get(type(error.validator).__name__, "?") for error in kind.iter_errors(value))


def is_identity(kind: Any, name: str, standard: Standard) -> bool:
    """Whether a type is ``xs:ID``, ``xs:IDREF`` or derived from it."""
    return bool(kind.is_derived(standard.schema.maps.types[f"{XS}{name}"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Particle:
    """One element within the content model of its parent, where the model is simple enough to reason about.

    Attributes:
        tag: name of the element.
        least: how often it has to occur.
        most: how often it may occur; ``None`` for any number.
        order: its place among the others.
        is_ordered: whether all groups around it are sequences.
    """

    tag: str
    least: int
    most: int | None
    order: int
    is_ordered: bool


def particles(declaration: Any) -> Mapping[str, Particle]:
    """Children that stand in sequences only, each group and each name once; none where wildcards may take them."""
    content = getattr(declaration.type, "content", None)
    if not isinstance(content, xmlschema.validators.XsdGroup):
        return {}
    everything = list(content.iter_elements())
    if any(not isinstance(one, xmlschema.XsdElement) for one in everything):
        return {}
    names = [one.name for one in everything]
    found = (one for one in _in_sequences(content, is_ordered=True) if names.count(one[0].name) == 1)
    return {
        one.name: Particle(
            tag=one.name, least=one.min_occurs, most=one.max_occurs, order=order, is_ordered=is_ordered
        )
        for order, (one, is_ordered) in enumerate(found)
    }


def _in_sequences(group: Any, *, is_ordered: bool) -> Iterator[tuple[Any, bool]]:
    """The elements that have to be there whenever their parent is, unless they themselves may be left out."""
    if group.model == "choice" or group.min_occurs != 1 or group.max_occurs != 1:
        return
    ordered = is_ordered and group.model == "sequence"
    for one in group:
        if isinstance(one, xmlschema.validators.XsdGroup):
            yield from _in_sequences(one, is_ordered=ordered)
        else:
            yield one, ordered
