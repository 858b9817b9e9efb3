"""Mutations of elements and attributes: left out, double, in the wrong order, under a wrong name or place."""

from collections.abc import Iterator, Sequence
from random import Random

from lxml import etree

from tests.mutation.facts import XSI, Particle, Place, Specimen, Spot, complaints, is_identity, particles
from tests.mutation.mutation import Mutation, mutation

FOREIGN = "unbekannteAngabe"
"""The name of what no schema declares."""


def _children(specimen: Specimen) -> Iterator[tuple[Place, Particle, int]]:
    """Children that may be reasoned about, with how often each occurs under its parent."""
    parents = {spot.number: particles(spot.declaration) for spot in specimen.spots}
    numbers = {spot.element: spot.number for spot in specimen.spots}
    for spot in specimen.spots:
        parent = spot.element.getparent()
        known = {} if parent is None else parents.get(numbers.get(parent, -1), {})
        particle = known.get(str(spot.element.tag))
        if parent is not None and particle is not None:
            yield Place(spot=spot), particle, len(parent.findall(str(spot.element.tag)))


def _mandatory(specimen: Specimen) -> Sequence[Place]:
    return [place for place, particle, count in _children(specimen) if count == particle.least]


def _single(specimen: Specimen) -> Sequence[Place]:
    return [place for place, particle, count in _children(specimen) if count == particle.most]


def _followed(specimen: Specimen) -> Sequence[Place]:
    """Elements in an ordered content model whose next sibling is of another name in it."""
    ordered = {place.spot.element: place for place, particle, _ in _children(specimen) if particle.is_ordered}
    return [
        place
        for element, place in ordered.items()
        if (after := element.getnext()) is not None and after in ordered and after.tag != element.tag
    ]


def _below_root(specimen: Specimen) -> Sequence[Place]:
    return [place for place, _, _ in _children(specimen)]


def _parents(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots if particles(spot.declaration) and len(spot.element)]


def _leaves(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots if spot.simple_type is not None and not len(spot.element)]


def _required(specimen: Specimen) -> Sequence[Place]:
    known = specimen.standard.bundle.version_attribute
    return [
        Place(spot=spot, attribute=str(name))
        for spot in specimen.spots
        for name in spot.element.attrib
        if (declared := spot.declaration.attributes.get(str(name))) is not None and declared.use == "required"
        if spot.number or name != known
    ]


def _closed(specimen: Specimen) -> Sequence[Place]:
    """Elements that take no other attributes than those declared."""
    return [Place(spot=spot) for spot in specimen.spots if None not in spot.declaration.attributes]


def _fixed(specimen: Specimen, *names: str) -> Sequence[Place]:
    """Attributes with a fixed value, by their local names; all others without names."""
    known = specimen.standard.bundle.version_attribute
    others = ("listURI", "listVersionID")
    return [
        place
        for place in specimen.values
        if place.attribute and place.spot.declaration.attributes[place.attribute].fixed is not None
        if (place.attribute in names if names else place.attribute not in others)
        if place.spot.number or place.attribute != known
    ]


def _identities(specimen: Specimen, name: str, least: int = 1) -> Sequence[Place]:
    found = [place for place in specimen.values if is_identity(place.kind, name, specimen.standard)]
    return found[least - 1 :]


def _drop(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)

    return specimen.changed(change)


def _double(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))

    return specimen.changed(change)


def _swap(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        after = element.getnext()
        if after is not None:
            after.addnext(element)

    return specimen.changed(change)


def _rename(specimen: Specimen, place: Place, rng: Random) -> str:
    name = rng.choice((FOREIGN, f"{place.spot.name}X", place.spot.name.upper() + "_"))

    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        element.tag = etree.QName(etree.QName(element).namespace, name).text

    return specimen.changed(change)


def _other_namespace(specimen: Specimen, place: Place, rng: Random) -> str:
    used = etree.QName(place.spot.element).namespace
    namespace = rng.choice([one for one in (None, "urn:fremd:1.0", f"{used}.1") if one != used])

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].tag = etree.QName(namespace, place.spot.name).text

    return specimen.changed(change)


def _foreign_child(specimen: Specimen, place: Place, rng: Random) -> str:
    where = rng.randint(0, len(place.spot.element))

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].insert(where, etree.Element(FOREIGN))

    return specimen.changed(change)


def _text_between(specimen: Specimen, place: Place, rng: Random) -> str:
    where = rng.randint(0, len(place.spot.element))

    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        if where:
            element[where - 1].tail = "lose"
        else:
            element.text = "lose"

    return specimen.changed(change)


def _without_attribute(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        del elements[place.spot.number].attrib[place.attribute]

    return specimen.changed(change)


def _with_attribute(specimen: Specimen, place: Place, rng: Random) -> str:
    name = rng.choice((FOREIGN, "{urn:fremd:1.0}" + FOREIGN))

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set(name, "x")

    return specimen.changed(change)


def _set(specimen: Specimen, place: Place, value: str) -> str:
    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        if place.attribute:
            element.set(place.attribute, value)
        else:
            element.text = value

    return specimen.changed(change)


def _other_fixed(specimen: Specimen, place: Place, rng: Random) -> str | None:
    value = rng.choice((f"{place.value}x", f"{place.value}1", "anders", "9"))
    return None if complaints(place.kind, value) else _set(specimen, place, value)


def _dangling(specimen: Specimen, place: Place, rng: Random) -> str:
    return _set(specimen, place, rng.choice(("gibt-es-nicht", f"{place.value}-2", place.value.swapcase() + "_")))


def _same_identity(specimen: Specimen, place: Place, _rng: Random) -> str | None:
    first = _identities(specimen, "ID")[0].value
    return _set(specimen, place, first) if place.value != first else None


def _no_name(specimen: Specimen, place: Place, rng: Random) -> str:
    return _set(specimen, place, rng.choice(("1 2", "7a", "a:b", "")))


def _xsi(specimen: Specimen, place: Place, attribute: str, value: str) -> str:
    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set(f"{XSI}{attribute}", value)

    return specimen.changed(change)


def _nil(specimen: Specimen, place: Place, rng: Random) -> str:
    return _xsi(specimen, place, "nil", rng.choice(("true", "1", "false", "0")))


def _unknown_type(specimen: Specimen, place: Place, rng: Random) -> str:
    return _xsi(specimen, place, "type", rng.choice(("gibtEsNicht", "fremd:Typ")))


def _never_nil(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots if not spot.declaration.nillable and spot.number]


def _any_spot(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots]


def spots_but_root(spots: Sequence[Spot]) -> Sequence[Place]:
    """All places below the root."""
    return [Place(spot=spot) for spot in spots if spot.number]


_MISSING, _UNEXPECTED = "xsd.element-missing", "xsd.element-unexpected"

STRUCTURE: tuple[Mutation, ...] = (
    mutation("drop-element", _MISSING, _UNEXPECTED, find=_mandatory, apply=_drop),
    mutation("double-element", _UNEXPECTED, find=_single, apply=_double),
    mutation("swap-siblings", _UNEXPECTED, find=_followed, apply=_swap),
    mutation("rename-element", _UNEXPECTED, find=_below_root, apply=_rename),
    mutation("element-in-other-namespace", _UNEXPECTED, find=_below_root, apply=_other_namespace),
    mutation("foreign-child", _UNEXPECTED, find=_parents, apply=_foreign_child),
    mutation("child-in-value", "xsd.content-not-allowed", find=_leaves, apply=_foreign_child),
    mutation("text-between-elements", "xsd.content-not-allowed", find=_parents, apply=_text_between),
    mutation("drop-attribute", "xsd.attribute-missing", find=_required, apply=_without_attribute),
    mutation("add-attribute", "xsd.attribute-unexpected", find=_closed, apply=_with_attribute),
    mutation("other-fixed-value", "xsd.value-fixed", find=_fixed, apply=_other_fixed),
    mutation("other-list-uri", "xsd.list-uri", find=lambda one: _fixed(one, "listURI"), apply=_other_fixed),
    mutation(
        "other-list-version", "xsd.list-version", find=lambda one: _fixed(one, "listVersionID"), apply=_other_fixed
    ),
    mutation(
        "dangling-reference", "xsd.idref-unresolved", find=lambda one: _identities(one, "IDREF"), apply=_dangling
    ),
    mutation("double-identity", "xsd.id-duplicate", find=lambda one: _identities(one, "ID", 2), apply=_same_identity),
    mutation("identity-is-no-name", "xsd.value-type", find=lambda one: _identities(one, "ID"), apply=_no_name),
    mutation("nil", "xsd.nil", find=_never_nil, apply=_nil),
    mutation("unknown-type", "xsd.type-substitution", find=_any_spot, apply=_unknown_type),
)
