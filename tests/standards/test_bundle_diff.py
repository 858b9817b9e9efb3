"""What is said about two versions is what a person finds when comparing them."""

from pathlib import Path

import pytest

from ozgflow.domain.messages import Wording
from ozgflow.standards.bundle_diff import Difference, bundle_diff
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.discovery import discover
from ozgflow.standards.part_diff import Impact
from tests.standards.published import code_list, standard
from tests.standards.schemas import element, root_of

GERMAN = Wording.load()
SCHEMAS = Path(__file__).parents[2] / "schemas"
NAMESPACE = "urn:ozgflow:standard:aufenthalt-antrag"
BREAKING, WIDER, OTHER = Impact.BREAKING, Impact.WIDER, Impact.OTHER


def _bundle(folder: Path, body: str) -> Bundle:
    standard(folder, body=body)
    (found,) = discover(folder)
    return found.bundle


def _told(found: tuple[Difference, ...]) -> list[tuple[Impact, str]]:
    return [(one.impact, GERMAN.render(one.sentence)) for one in found]


def _diff(folder: Path, before: str, after: str) -> list[tuple[Impact, str]]:
    return _told(bundle_diff(_bundle(folder / "alt", before), _bundle(folder / "neu", after)))


def _optional(name: str, low: int, high: str = "1") -> str:
    return f'<xs:element name="{name}" type="xs:int" minOccurs="{low}" maxOccurs="{high}"/>'


def _type(facets: str) -> str:
    return (
        root_of()
        + f'<xs:simpleType name="T"><xs:restriction base="xs:string">{facets}</xs:restriction></xs:simpleType>'
    )


def _facet(name: str, *values: str) -> str:
    return "".join(f'<xs:{name} value="{value}"/>' for value in values)


def test_the_two_versions_of_our_own_standard_differ_as_their_list_of_changes_says() -> None:
    catalogue = load_bundles(SCHEMAS)
    old, new = catalogue.get("aufenthalt-antrag/1.0"), catalogue.get("aufenthalt-antrag/1.1")
    assert old is not None
    assert new is not None

    told = _told(bundle_diff(old, new))

    assert told == [
        (BREAKING, f"Der Namensraum ändert sich von {NAMESPACE}:1.0 zu {NAMESPACE}:1.1."),
        (BREAKING, "aufenthalt.antrag.0101/antragsteller heißt jetzt offenbar „antragstellendePerson“."),
        (BREAKING, "BasisnachrichtType/@version: fester Wert 1.1 statt 1.0."),
        (BREAKING, "BelegteAngabeType: Diese Werte entfallen: antragsteller."),
        (BREAKING, "Code.AntragsgrundType/@listVersionID: fester Wert 2 statt 1."),
        (BREAKING, "Code.NachrichtentypType/@listVersionID: fester Wert 1.1 statt 1.0."),
        (BREAKING, "PersonType/vertrauensniveau ist neu und Pflicht."),
        (WIDER, "AntragsgrundType: Diese Werte sind neu: 08."),
        (WIDER, "BelegteAngabeType: Diese Werte sind neu: antragstellendePerson."),
        (OTHER, "Die Deklaration „Code.VertrauensniveauType“ ist neu."),
        (OTHER, "Die Deklaration „VertrauensniveauType“ ist neu."),
    ]


def test_a_bundle_does_not_differ_from_itself() -> None:
    for bundle in load_bundles(SCHEMAS).bundles:
        assert bundle_diff(bundle, bundle) == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", element("b", "xs:int"), (WIDER, "Die Nachricht „b“ ist neu.")),
        (element("b", "xs:int"), "", (BREAKING, "Die Nachricht „b“ entfällt.")),
        (root_of(element("a", "xs:int")), root_of(), (BREAKING, "r/a entfällt.")),
        (root_of(), root_of(element("a", "xs:int")), (BREAKING, "r/a ist neu und Pflicht.")),
        (root_of(), root_of(_optional("a", 0)), (WIDER, "r/a ist neu und freiwillig.")),
        (root_of(_optional("a", 0)), root_of(_optional("a", 1)), (BREAKING, "r/a: Häufigkeit 1..1 statt 0..1.")),
        (
            root_of(_optional("a", 1)),
            root_of(_optional("a", 0, "unbounded")),
            (WIDER, "r/a: Häufigkeit 0..n statt 1..1."),
        ),
        (
            root_of(_optional("a", 1, "9")),
            root_of(_optional("a", 1, "8")),
            (BREAKING, "r/a: Häufigkeit 1..8 statt 1..9."),
        ),
        (
            root_of(element("a", "xs:int")),
            root_of(element("a", "xs:date")),
            (BREAKING, "r/a: Typ date statt int."),
        ),
        (_type(_facet("maxLength", "5")), _type(_facet("maxLength", "6")), (WIDER, "T: maxLength ist 6 statt 5.")),
        (_type(_facet("maxLength", "6")), _type(_facet("maxLength", "5")), (BREAKING, "T: maxLength ist 5 statt 6.")),
        (_type(_facet("minLength", "1")), _type(_facet("minLength", "2")), (BREAKING, "T: minLength ist 2 statt 1.")),
        (_type(_facet("minLength", "1")), _type(""), (WIDER, "T: minLength ist – statt 1.")),
        (_type(""), _type(_facet("pattern", "a+")), (BREAKING, "T: pattern ist a+ statt –.")),
        (
            _type(_facet("enumeration", "a", "b")),
            _type(_facet("enumeration", "a", "b", "c")),
            (WIDER, "T: Diese Werte sind neu: c."),
        ),
        (
            _type(_facet("enumeration", "a", "b")),
            _type(_facet("enumeration", "b")),
            (BREAKING, "T: Diese Werte entfallen: a."),
        ),
    ],
)
def test_one_change_is_one_sentence(tmp_path: Path, before: str, after: str, expected: tuple[Impact, str]) -> None:
    always = element("immer", "xs:int")

    assert _diff(tmp_path, always + before, always + after) == [expected]


def test_how_often_an_element_stands_is_worked_out_over_choices_and_groups(tmp_path: Path) -> None:
    group = f'<xs:group name="G"><xs:sequence>{element("a", "xs:int")}</xs:sequence></xs:group>'
    before = group + root_of('<xs:group ref="G"/>')
    after = root_of(f'<xs:choice maxOccurs="3">{element("a", "xs:int")}</xs:choice>')

    assert _diff(tmp_path, before, after) == [(WIDER, "r/a: Häufigkeit 0..3 statt 1..1.")]


def test_what_follows_from_a_removed_element_is_not_said_again(tmp_path: Path) -> None:
    inner = root_of(element("tief", "xs:int")).replace('name="r"', 'name="aussen"')

    assert _diff(tmp_path, root_of(inner), root_of()) == [(BREAKING, "r/aussen entfällt.")]


def test_code_lists_are_compared_by_version_and_code(tmp_path: Path) -> None:
    for folder, version, codes in (("alt", "1", ("gelb", "rot")), ("neu", "2", ("blau", "rot"))):
        code_list(tmp_path / folder, "farbe", version, *codes)
    code_list(tmp_path / "alt", "form")
    code_list(tmp_path / "neu", "stoff")

    assert _diff(tmp_path, root_of(), root_of()) == [
        (BREAKING, "Codeliste „farbe“: Version 2 statt 1."),
        (BREAKING, "Codeliste „farbe“: Diese Codes entfallen: gelb."),
        (BREAKING, "Die Codeliste „form“ entfällt (urn:probe:form)."),
        (WIDER, "Codeliste „farbe“: Diese Codes sind neu: blau."),
        (WIDER, "Die Codeliste „stoff“ ist neu (urn:probe:stoff)."),
    ]


def test_two_versions_of_xdomea_are_compared_with_what_its_makers_changed(shared: Path) -> None:
    folder = shared / "xoev" / "xdomea"
    if not folder.is_dir():
        pytest.skip("the reference standards (../shared/xoev) are not beside the project")
    bundles = {found.bundle.name: found.bundle for found in discover(folder.resolve())}

    told = _told(bundle_diff(bundles["xdomea/2.4.0"], bundles["xdomea/3.0.0"]))

    assert told[0][1].startswith("Der Namensraum ändert sich")
    assert (BREAKING, "AkteType/Teilakte entfällt.") in told
    assert (BREAKING, "AnschriftType/Ort: Typ string statt String.Latin.") in told
    assert any(impact is WIDER and sentence.startswith("Die Nachricht „") for impact, sentence in told)
    assert len(told) == len(set(told))
