"""Mutations of codes, of the header and of keys: what no schema, or not the schema alone, can say."""

from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from ozgflow.standards.code_check import KEY_LISTS
from tests.mutation.facts import Place, Specimen, complaints
from tests.mutation.mutation import Mutation, mutation
from tests.mutation.values import dressed

_LEIKA = next(uri for uri, kind in KEY_LISTS.items() if kind == "leika")
_HEADER = "nachrichtenkopf.g2g"


def _list_of(place: Place) -> str:
    """The code list of a ``code``, as the document or the schema says it."""
    parent = place.spot.element.getparent()
    return "" if parent is None else str(parent.get("listURI") or "")


def _is_listed(specimen: Specimen, place: Place) -> bool:
    """Whether the version of the list that the document names is at hand, and has the code."""
    versions = specimen.standard.lists.lists.get(_list_of(place), {})
    parent = place.spot.element.getparent()
    version = versions.get("" if parent is None else str(parent.get("listVersionID")))
    return version is not None and place.value in version.codes


def _codes(specimen: Specimen) -> Sequence[Place]:
    """Codes whose list is at hand and named in the document, and that the schema does not enumerate."""
    return [
        place
        for place in specimen.values
        if place.spot.element.tag == "code" and not place.attribute
        if _is_listed(specimen, place) and not complaints(place.kind, "zz-9")
    ]


def _open_versions(specimen: Specimen) -> Sequence[Place]:
    """Versions that the schema leaves to the document, of lists that are at hand in this version."""
    return [
        place
        for place in specimen.values
        if place.attribute == "listVersionID" and place.spot.declaration.attributes["listVersionID"].fixed is None
        if place.value in specimen.standard.lists.lists.get(str(place.spot.element.get("listURI")), {})
    ]


def _open_lists(specimen: Specimen) -> Sequence[Place]:
    """Names of lists that the schema leaves to the document, for codes that it does not enumerate."""
    return [
        place
        for place in specimen.values
        if place.attribute == "listURI" and place.spot.declaration.attributes["listURI"].fixed is None
        if place.spot.element.find("code") is not None
    ]


def _in_header(*names: str) -> Callable[[Specimen], Sequence[Place]]:
    """Elements of the message header, by local name."""

    def find(specimen: Specimen) -> Sequence[Place]:
        return [
            place
            for place in specimen.values
            if place.spot.name in names and f"/{_HEADER}/" in place.path and not place.attribute
        ]

    return find


def _authorities(specimen: Specimen) -> Sequence[Place]:
    """Keys of authorities that are said to stand in DVDV."""
    return [place for place in _in_header("kennung")(specimen) if _directory_beside(place.spot.element) == "DVDV"]


def _directory_beside(element: etree._Element) -> str:
    parent = element.getparent()
    found = None if parent is None else parent.findtext("{*}verzeichnisdienst/{*}code")
    return (found or "").strip()


def _areas(specimen: Specimen) -> Sequence[Place]:
    names = specimen.standard.bundle.keys.ars
    return [place for place in specimen.values if place.spot.name in names and not place.attribute]


def _services(specimen: Specimen) -> Sequence[Place]:
    return [one for one in specimen.values if one.spot.element.tag == "code" and _list_of(one) == _LEIKA]


def _with_value(*values: str) -> Callable[[Specimen, Place, Random], str | None]:
    """Put in one of some values; ``{}`` stands for what is there."""

    def apply(specimen: Specimen, place: Place, rng: Random) -> str | None:
        value = rng.choice(values).replace("{}", place.value)
        return dressed(specimen, place, value, rng) if value != place.value else None

    return apply


def _accepted_value(*values: str) -> Callable[[Specimen, Place, Random], str | None]:
    """The same for values that the schema takes."""
    put = _with_value(*values)

    def apply(specimen: Specimen, place: Place, rng: Random) -> str | None:
        return None if any(complaints(place.kind, value) for value in values) else put(specimen, place, rng)

    return apply


def _cut_short(specimen: Specimen, place: Place, rng: Random) -> str:
    value = place.value
    return dressed(specimen, place, rng.choice((value[:-1], value[1:], value.replace("-", ""), f"{value}0")), rng)


def _without_zone(specimen: Specimen, place: Place, rng: Random) -> str | None:
    day, _, rest = place.value.partition("T")
    time = rest.rstrip("Z").partition("+")[0].partition("-")[0]
    value = f"{day}T{time}"
    return dressed(specimen, place, value, rng) if value != place.value else None


def _untested_root(specimen: Specimen) -> Sequence[Place]:
    root = specimen.spots[0]
    has_head = any(child.tag == _HEADER for child in root.element)
    return (
        [Place(spot=root)]
        if has_head and "test" in root.declaration.attributes and root.element.get("test") is None
        else []
    )


def _as_test(specimen: Specimen, place: Place, rng: Random) -> str:
    value = rng.choice(("true", "false", "1", "0"))

    def change(elements: list[etree._Element]) -> None:
        elements[place.spot.number].set("test", value)

    return specimen.changed(change)


KEYS: tuple[Mutation, ...] = (
    mutation("code-not-in-list", "codes.unknown-code", find=_codes, apply=_accepted_value("zz-9", "nirgends")),
    mutation("stale-list", "codes.stale-version", find=_open_versions, apply=_accepted_value("0", "0.1")),
    mutation(
        "future-list", "codes.unknown-version", find=_open_versions, apply=_accepted_value("9999", "3000-01-01")
    ),
    mutation("unknown-list", "codes.no-list", find=_open_lists, apply=_accepted_value("urn:fremd:codeliste")),
    mutation("wrong-uuid", "xsd.value-pattern", "header.uuid", find=_in_header("nachrichtenUUID"), apply=_cut_short),
    mutation(
        "time-without-zone",
        *("xsd.value-pattern", "header.time-without-zone"),
        find=_in_header("erstellungszeitpunkt"),
        apply=_without_zone,
    ),
    mutation(
        "malformed-authority",
        *("xsd.value-pattern", "header.dvdv-key"),
        find=_authorities,
        apply=_with_value("12{}", "{}x", "azr-120540", "AZR:12", ":12", "azr:"),
    ),
    mutation(
        "malformed-area",
        *("xsd.value-pattern", "key.ars-malformed"),
        find=_areas,
        apply=_with_value("12054", "{}0", "12054000000x", "O20540000000"),
    ),
    mutation("unknown-area", "key.ars-unknown", find=_areas, apply=_with_value("120540009999", "129990000000")),
    mutation(
        "area-of-other-land", "key.ars-not-covered", find=_areas, apply=_with_value("091840145145", "055660008008")
    ),
    mutation(
        "malformed-service",
        *("xsd.value-pattern", "key.leika-malformed"),
        find=_services,
        apply=_with_value("9901", "{}0", "9901000100100x"),
    ),
    mutation("unknown-service", "key.leika-unknown", find=_services, apply=_with_value("99999999999999")),
    mutation("test-message", "header.test", find=_untested_root, apply=_as_test),
)
