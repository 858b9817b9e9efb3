"""Mutations of values, and the many ways to write one and the same value in XML."""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from xml.sax.saxutils import escape

from lxml import etree

from tests.mutation.facts import XS, Place, Specimen, complaints, is_identity
from tests.mutation.mutation import Mutation, mutation

_MARK = "OzgflowMarke"
_TYPE_MARK = "ozgflowTyp"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

Candidates = Callable[[Place, Random], Iterable[str]]


def plain(value: str, _rng: Random) -> str:
    """A value as it is written everywhere."""
    return escape(value)


def as_cdata(value: str, rng: Random) -> str:
    """A value of which a part stands in a CDATA section."""
    cut = rng.randint(0, len(value))
    return f"{escape(value[:cut])}<![CDATA[{value[cut:].replace(']]>', ']]]]><![CDATA[>')}]]>"


def as_references(value: str, rng: Random) -> str:
    """A value of which some characters are written by number."""
    forms: tuple[Callable[[str], str], ...] = (
        lambda sign: f"&#{ord(sign)};",
        lambda sign: f"&#x{ord(sign):x};",
        lambda sign: f"&#x{ord(sign):08X};",
        escape,
        escape,
    )
    return "".join(rng.choice(forms)(sign) for sign in value)


def with_comment(value: str, rng: Random) -> str:
    """A value that a comment cuts into two."""
    cut = rng.randint(0, len(value))
    return f"{escape(value[:cut])}<!-- {rng.choice(('', 'Hinweis', '<a>'))} -->{escape(value[cut:])}"


def with_instruction(value: str, rng: Random) -> str:
    """A value that a processing instruction cuts into two."""
    cut = rng.randint(0, len(value))
    return f"{escape(value[:cut])}<?werkzeug x?>{escape(value[cut:])}"


def with_space(value: str, rng: Random) -> str:
    """A value with white space around it."""
    return rng.choice((" ", "\n    ", "\t")) + escape(value) + rng.choice((" ", "\n  ", ""))


TEXT_FORMS = (plain, plain, plain, plain, as_cdata, as_references, with_comment, with_instruction)
ATTRIBUTE_FORMS = (plain, plain, as_references)


def written(specimen: Specimen, place: Place, markup: str) -> str:
    """The document with a value written as some markup."""

    def change(elements: list[etree._Element]) -> None:
        element = elements[place.spot.number]
        if place.attribute:
            element.set(place.attribute, _MARK)
        else:
            element.text = _MARK

    return specimen.changed(change, {_MARK: markup.replace('"', "&quot;") if place.attribute else markup})


def dressed(specimen: Specimen, place: Place, value: str, rng: Random) -> str:
    """The document with a value, written in one of the many ways."""
    forms = ATTRIBUTE_FORMS if place.attribute else TEXT_FORMS
    return written(specimen, place, rng.choice(forms)(value, rng))


def _wrong(
    rule: str, candidates: Candidates, *, alone: bool = True
) -> Callable[[Specimen, Place, Random], str | None]:
    """Put in the first candidate that the second engine refuses for the reason wanted, alone if ``alone``."""

    def apply(specimen: Specimen, place: Place, rng: Random) -> str | None:
        for value in candidates(place, rng):
            against = complaints(place.kind, value)
            if against == {rule} or (not alone and rule in against):
                return dressed(specimen, place, value, rng)
        return None

    return apply


def _free_values(specimen: Specimen) -> Sequence[Place]:
    """Values that are neither fixed nor identities, nor what documents are recognised by."""
    known = specimen.standard.bundle.version_attribute
    return [
        place
        for place in specimen.values
        if not (place.attribute and place.spot.declaration.attributes[place.attribute].fixed is not None)
        if not is_identity(place.kind, "ID", specimen.standard)
        and not is_identity(place.kind, "IDREF", specimen.standard)
        if place.spot.number or place.attribute != known
    ]


def _of_other_type(place: Place, rng: Random) -> Iterable[str]:
    value = place.value
    day = ".".join(reversed(value[:10].split("-")))
    found = [
        "abc",
        day,
        f"{value}x",
        value.replace("-", "/"),
        "2026-02-30",
        "1,5",
        "ja",
        "1e5",
        "٣",
        "--1",
        "vielleicht",
    ]
    return rng.sample(found, len(found))


def _off_pattern(place: Place, rng: Random) -> Iterable[str]:
    value = place.value
    at = rng.randrange(len(value)) if value else 0
    found = [
        value[:at] + value[at + 1 :],
        value[:at] + rng.choice("gGzZ§!/ \\@") + value[at + 1 :],
        value + rng.choice("0aF-.@ "),
        rng.choice("0aF-.@:") + value,
        value.swapcase(),
        value[::-1],
        value + "\u0301",
        value + "汉",
        value.replace("-", "–"),
        f"{value} {value}",
    ]
    return rng.sample(found, len(found))


def _too_long(place: Place, rng: Random) -> Iterable[str]:
    value, many = (
        place.value,
        1 + (place.kind.max_length or place.kind.max_value or 5_000 if _is_bounded(place) else 300),
    )
    signs = [value[-1:] or "a", "a", "1", "ä", "a b"]
    return [((value + sign * many)[:many]).strip() + "a" * 3 for sign in rng.sample(signs, len(signs))] + [
        "a" * 5_000
    ]


def _is_bounded(place: Place) -> bool:
    return isinstance(getattr(place.kind, "max_length", None), int)


def _too_short(_place: Place, _rng: Random) -> Iterable[str]:
    return ["", "a", "1"]


def _off_enumeration(place: Place, rng: Random) -> Iterable[str]:
    value = place.value
    return rng.sample([f"{value}x", f"0{value}", value.swapcase() + "_", "zz", "99999", value[:-1]], 6)


def _off_range(_place: Place, rng: Random) -> Iterable[str]:
    found = ["-1", "-0.01", "99999999999", "0", "0001-01-01", "9999-12-31"]
    return rng.sample(found, len(found))


def _too_many_digits(place: Place, rng: Random) -> Iterable[str]:
    found = [
        f"{place.value}.001",
        f"{place.value}001",
        "1.23456",
        "123456789012345678901234567890",
        f"{place.value}5",
    ]
    return rng.sample(found, len(found))


def _leaves(specimen: Specimen) -> Sequence[Place]:
    return [place for place in specimen.values if not place.attribute]


def _narrower_type(specimen: Specimen, place: Place, rng: Random) -> str | None:
    """Say by ``xsi:type`` that a value has a type derived from its own, which refuses it.

    The namespace of ``xsi`` may be written so that its bytes are not to be found in the document.
    """
    if place.spot.declaration.type is not place.kind or f"{{{_XSI}}}type" in place.spot.element.attrib:
        return None
    types = specimen.standard.schema.maps.types
    named = [(name, types[name]) for name in sorted(types) if not name.startswith(XS)]
    refusing = [name for name, kind in named if _is_narrower(kind, place)]
    if not refusing:
        return None
    namespace, _, local = rng.choice(refusing).removeprefix("{").rpartition("}")
    address = rng.choice((_XSI, _XSI.replace("-", "&#45;"), _XSI.replace("X", "&#x58;")))
    attributes = f'xmlns:t="{namespace}" xmlns:i="{address}" i:type="{"t:" if namespace else ""}{local}"'

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set(_TYPE_MARK, "")

    return specimen.changed(change, {f'{_TYPE_MARK}=""': attributes})


def _is_narrower(kind: object, place: Place) -> bool:
    """Whether a type may be named for a place, and refuses its value for its pattern or what follows from it."""
    derived: bool = kind is not place.kind and kind.is_simple() and kind.is_derived(place.kind)  # type: ignore[attr-defined]
    return derived and bool(complaints(kind, place.value)) and "?" not in complaints(kind, place.value)


def _with_sign(*signs: str) -> Callable[[Specimen, Place, Random], str]:
    def apply(specimen: Specimen, place: Place, rng: Random) -> str:
        at = rng.randint(0, len(place.value))
        return dressed(specimen, place, place.value[:at] + rng.choice(signs) + place.value[at:], rng)

    return apply


def _texts(specimen: Specimen) -> Sequence[Place]:
    """Values that letters may stand in."""
    return [
        place
        for place in _free_values(specimen)
        if place.kind.primitive_type is not None and place.kind.primitive_type.local_name == "string"
        if getattr(place.kind, "enumeration", None) is None
    ]


def _named_characters(specimen: Specimen) -> Sequence[Place]:
    return _texts(specimen) if specimen.standard.names_characters else ()


_VALUE_RULES = ("xsd.value-pattern", "xsd.value-length", "xsd.value-type", "xsd.value-enumeration", "xsd.value-range")

VALUES: tuple[Mutation, ...] = (
    mutation(
        "value-of-other-type", "xsd.value-type", find=_free_values, apply=_wrong("xsd.value-type", _of_other_type)
    ),
    mutation(
        "value-off-pattern", "xsd.value-pattern", find=_free_values, apply=_wrong("xsd.value-pattern", _off_pattern)
    ),
    mutation("value-too-long", "xsd.value-length", find=_free_values, apply=_wrong("xsd.value-length", _too_long)),
    mutation("value-too-short", "xsd.value-length", find=_free_values, apply=_wrong("xsd.value-length", _too_short)),
    mutation(
        "value-off-enumeration",
        "xsd.value-enumeration",
        find=_free_values,
        apply=_wrong("xsd.value-enumeration", _off_enumeration),
    ),
    mutation("value-off-range", "xsd.value-range", find=_free_values, apply=_wrong("xsd.value-range", _off_range)),
    mutation(
        "value-of-too-many-digits",
        "xsd.value-digits",
        find=_free_values,
        apply=_wrong("xsd.value-digits", _too_many_digits),
    ),
    mutation("narrower-type", *_VALUE_RULES, find=_leaves, apply=_narrower_type),
    mutation("private-character", "characters.unassigned", find=_texts, apply=_with_sign("\ue000", "\uf8ff")),
    mutation(
        "decomposed-letter", "characters.not-nfc", find=_texts, apply=_with_sign("a\u0308", "E\u0301", "n\u0303")
    ),
    mutation(
        "character-of-other-script", "characters.outside", find=_named_characters, apply=_with_sign("汉", "あ", "ﷺ")
    ),
)
