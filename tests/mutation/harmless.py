"""Changes that must not matter: the same document, written in another way."""

from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from tests.mutation.facts import XSI, Place, Specimen
from tests.mutation.mutation import Mutation, mutation
from tests.mutation.values import as_cdata, as_references, with_comment, with_instruction, with_space, written

_FOLDED = "collapse"


def _texts(specimen: Specimen) -> Sequence[Place]:
    return [place for place in specimen.values if not place.attribute]


def _folded(specimen: Specimen) -> Sequence[Place]:
    """Values around which white space means nothing."""
    return [place for place in _texts(specimen) if place.kind.white_space == _FOLDED]


def _all(specimen: Specimen) -> Sequence[Place]:
    return specimen.values


def _below(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots if spot.number]


def _root(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=specimen.spots[0])]


def _rewritten(form: Callable[[str, Random], str]) -> Callable[[Specimen, Place, Random], str]:
    """The same value in another form."""

    def apply(specimen: Specimen, place: Place, rng: Random) -> str:
        return written(specimen, place, form(place.value, rng))

    return apply


def _node_before(specimen: Specimen, place: Place, rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        node = etree.Comment(" Hinweis ") if rng.random() < 0.5 else etree.ProcessingInstruction("werkzeug", "x")
        elements[place.spot.number].addprevious(node)

    return specimen.changed(change)


def _named_type(specimen: Specimen, place: Place, _rng: Random) -> str | None:
    """Say by ``xsi:type`` what the schema says anyway."""
    name = place.spot.declaration.type.name
    if not name or place.spot.declaration.type.abstract:
        return None
    namespace, _, local = name.removeprefix("{").rpartition("}")

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set(f"{XSI}type", f"OzgflowMarke:{local}")

    # The prefix is declared where it is used.
    mark = f'"OzgflowMarke:{local}"'
    markup = f'"typ:{local}" xmlns:typ="{namespace}"' if namespace else f'"{local}"'
    return specimen.changed(change, {mark: markup})


def _hint_at_schema(specimen: Specimen, place: Place, _rng: Random) -> str:
    namespace = etree.QName(place.spot.element).namespace or ""

    def change(elements: list[etree._Element]) -> None:
        elements[0].set(f"{XSI}schemaLocation", f"{namespace} nirgends.xsd")

    return specimen.changed(change)


def _encoded(name: str) -> Callable[[Specimen, Place, Random], bytes]:
    def apply(specimen: Specimen, _place: Place, _rng: Random) -> bytes:
        text = f'<?xml version="1.0" encoding="{name}"?>{specimen.changed(lambda _elements: None)}'
        return text.encode(name, errors="xmlcharrefreplace")

    return apply


HARMLESS: tuple[Mutation, ...] = (
    mutation("same-as-cdata", find=_texts, apply=_rewritten(as_cdata)),
    mutation("same-by-references", find=_all, apply=_rewritten(as_references)),
    mutation("same-with-comment", find=_texts, apply=_rewritten(with_comment)),
    mutation("same-with-instruction", find=_texts, apply=_rewritten(with_instruction)),
    mutation("same-in-white-space", find=_folded, apply=_rewritten(with_space)),
    mutation("node-between", find=_below, apply=_node_before),
    mutation("named-type", find=_below, apply=_named_type),
    mutation("hint-at-schema", find=_root, apply=_hint_at_schema),
    mutation("encoded-as-utf-16", find=_root, apply=_encoded("UTF-16")),
    mutation("encoded-as-latin-1", find=_root, apply=_encoded("ISO-8859-1")),
)
