"""Mutations of the document as a whole: its name, its version, its characters on the wire, its being XML at all."""

import re
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from tests.mutation.facts import Place, Specimen
from tests.mutation.mutation import Mutation, mutation

_UTF_8 = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _root(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=specimen.spots[0])]


def _versioned(specimen: Specimen) -> Sequence[Place]:
    attribute = specimen.standard.bundle.version_attribute
    return [Place(spot=specimen.spots[0], attribute=attribute)] if attribute else []


def _below(specimen: Specimen) -> Sequence[Place]:
    return [Place(spot=spot) for spot in specimen.spots if spot.number]


def _unchanged(_elements: list[etree._Element]) -> None:
    """Leave the document as it is."""


def _text(specimen: Specimen) -> str:
    return specimen.changed(_unchanged)


def _with_namespace(change: Callable[[str, Random], str]) -> Callable[[Specimen, Place, Random], str]:
    """Another namespace wherever the root's own is named."""

    def apply(specimen: Specimen, place: Place, rng: Random) -> str:
        namespace = etree.QName(place.spot.element).namespace or ""
        return _text(specimen).replace(f'"{namespace}"', f'"{change(namespace, rng)}"')

    return apply


def _other_version(namespace: str, rng: Random) -> str:
    numbers = [found.span() for found in re.finditer(r"\d+", namespace)]
    if not numbers:
        return f"{namespace}:9"
    first, last = rng.choice(numbers)
    return f"{namespace[:first]}{int(namespace[first:last]) + 7}{namespace[last:]}"


def _other_attribute(specimen: Specimen, place: Place, rng: Random) -> str:
    value = rng.choice(("0.9", "99", f"{place.value}.1", "", f" {place.value}"))

    def change(elements: list[etree._Element]) -> None:
        elements[0].set(place.attribute, value)

    return specimen.changed(change)


def _other_root(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        elements[0].tag = etree.QName(etree.QName(elements[0]).namespace, "andereNachricht").text

    return specimen.changed(change)


def _cut(specimen: Specimen, _place: Place, rng: Random) -> bytes:
    data = (_UTF_8 + _text(specimen)).encode()
    return data[: rng.randrange(len(_UTF_8) + 1, len(data.rstrip()) - 1)]


def _at_start_tag(markup: str) -> Callable[[Specimen, Place, Random], str]:
    """Put some markup in front of an element."""

    def apply(specimen: Specimen, place: Place, _rng: Random) -> str:
        def change(elements: list[etree._Element]) -> None:
            elements[place.spot.number].addprevious(etree.Comment("OzgflowMarke"))

        return specimen.changed(change, {"<!--OzgflowMarke-->": markup})

    return apply


def _double_attribute(specimen: Specimen, place: Place, _rng: Random) -> str:
    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set("ozgflowMarke", "")

    return specimen.changed(change, {'ozgflowMarke=""': 'a="1" a="2"'})


def _mismatched(specimen: Specimen, _place: Place, rng: Random) -> str:
    text = _text(specimen)
    ends = [found.span(1) for found in re.finditer(r"</([^>]+)>", text)]
    first, last = rng.choice(ends)
    return f"{text[:first]}{text[first:last]}x{text[last:]}"


def _doctype(specimen: Specimen, place: Place, rng: Random) -> str:
    name = place.spot.name
    inside = rng.choice(("", ' SYSTEM "x.dtd"', ' [<!ENTITY a "b">]', ' [<!ATTLIST x y CDATA "z">]'))
    return f"<!DOCTYPE {name}{inside}>{_text(specimen)}"


def _declared(name: str, real: str) -> Callable[[Specimen, Place, Random], bytes]:
    """One encoding declared, another used; a letter beyond ASCII is made sure of."""

    def apply(specimen: Specimen, _place: Place, _rng: Random) -> bytes:
        text = f'<?xml version="1.0" encoding="{name}"?><!-- ä -->{_text(specimen)}'
        return text.encode(real, errors="xmlcharrefreplace")

    return apply


def _doubled(specimen: Specimen, _place: Place, _rng: Random) -> str:
    return _text(specimen) * 2


_ILL = "xml.not-well-formed"

MARKUP: tuple[Mutation, ...] = (
    mutation(
        "other-namespace-version",
        *("bundle.version", "bundle.unknown"),
        find=_root,
        apply=_with_namespace(_other_version),
    ),
    mutation(
        "foreign-namespace",
        "bundle.unknown",
        find=_root,
        apply=_with_namespace(lambda _old, rng: rng.choice(("urn:fremd", "http://www.w3.org/1999/xhtml"))),
    ),
    mutation("other-version-attribute", "bundle.version", "xsd.value-fixed", find=_versioned, apply=_other_attribute),
    mutation("other-root", "bundle.unknown", "bundle.version", find=_root, apply=_other_root),
    mutation("cut-off", _ILL, find=_root, apply=_cut),
    mutation("mismatched-tags", _ILL, find=_root, apply=_mismatched),
    mutation("raw-ampersand", _ILL, find=_below, apply=_at_start_tag("& ")),
    mutation("raw-less-than", _ILL, find=_below, apply=_at_start_tag("< ")),
    mutation("null-character", _ILL, find=_below, apply=_at_start_tag("&#0;")),
    mutation("control-character", _ILL, find=_below, apply=_at_start_tag("\x01")),
    mutation("unknown-entity", _ILL, find=_below, apply=_at_start_tag("&nbsp;")),
    mutation("undeclared-prefix", _ILL, find=_below, apply=_at_start_tag("<nirgends:a/>")),
    mutation("double-attribute", _ILL, find=_below, apply=_double_attribute),
    mutation("second-root", _ILL, find=_root, apply=_doubled),
    mutation("doctype", "xml.doctype", find=_root, apply=_doctype),
    mutation("unknown-encoding", "xml.encoding", find=_root, apply=_declared("klingonisch", "utf-8")),
    mutation("latin-1-as-utf-8", "xml.encoding", find=_root, apply=_declared("UTF-8", "iso-8859-1")),
    mutation("utf-8-as-utf-16", "xml.encoding", _ILL, find=_root, apply=_declared("UTF-16", "utf-8")),
)
