"""Characters: composed, assigned, and within the standard; looked at wherever they stand, and told by no value."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Verdict
from ozgflow.standards.characters import check_characters
from ozgflow.standards.collected import Collected
from ozgflow.standards.parsing import Limits
from ozgflow.standards.plain_patterns import PLAIN, Repertoire
from ozgflow.standards.validator import Validator
from tests.standards.schemas import element, root_of, write

LATIN = Repertoire(spans=((0x20, 0x17F), (0x300, 0x30C)))


def _rules(document: str, repertoire: Repertoire | None = None) -> list[tuple[str, str]]:
    into = Collected(Limits())
    check_characters(etree.fromstring(document).iter("*"), repertoire, into)
    return [(finding.rule, finding.path) for finding in into.findings({}, lambda _place: 0)]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Müller", []),
        ("Mu\u0308ller", ["characters.not-nfc"]),
        ("q\u0308", []),
        ("\ue000", ["characters.unassigned"]),
        ("\U000e0000", ["characters.unassigned"]),
        ("a\x7fb", ["characters.unassigned"]),
        ("\x85", ["characters.unassigned"]),
        ("a\tb\n", []),
        ("u\u0308\ue000", ["characters.not-nfc", "characters.unassigned"]),
    ],
)
def test_a_text_is_composed_and_assigned(text: str, rules: list[str]) -> None:
    assert _rules(f"<r><a>{text}</a></r>") == [(rule, "/r/a") for rule in rules]


def test_a_character_outside_of_the_standard_is_told() -> None:
    assert _rules("<r><a>Чехов</a><b>Čechov</b></r>", LATIN) == [("characters.outside", "/r/a")]


def test_a_standard_that_names_no_characters_allows_all() -> None:
    assert _rules("<r><a>Чехов</a></r>") == []


def test_attributes_and_texts_between_elements_are_looked_at() -> None:
    document = '<r><a x="Чехов"/>Чехов<b xmlns:p="urn:p" p:y="Чехов">a<c/></b></r>'

    assert _rules(document, LATIN) == [
        *(("characters.outside", "/r"), ("characters.outside", "/r/a/@x"), ("characters.outside", "/r/b/@y")),
    ]


def test_each_place_is_told_once() -> None:
    assert _rules("<r>Ч<a/>Ч<a/>Ч</r>", LATIN) == [("characters.outside", "/r")]


def test_whether_a_character_is_allowed_is_asked_of_ranges() -> None:
    assert [sign in LATIN for sign in ("\x1f", " ", "\u017f", "\u0180", "\u0300", "\u030d", "\U0010ffff")] == [
        *(False, True, True, False, True, False, False)
    ]


@given(text=st.text(sorted(PLAIN - set("\t\n\r")), max_size=20))
def test_of_plain_characters_nothing_is_ever_told(text: str) -> None:
    root = etree.Element("r", a=text)
    root.text = text
    into = Collected(Limits())

    check_characters([root], Repertoire(spans=((0x20, 0x2FFF),)), into)

    assert into.counts == {}


def test_what_is_odd_is_a_warning_and_no_value_is_told(tmp_path: Path) -> None:
    validator = Validator.for_schema(write(tmp_path, "s.xsd", root_of(element("a", "xs:string"))))

    report = validator.check("<r><a>Geheimu\u0308\ue000</a></r>".encode())

    assert report.verdict is Verdict.VALID
    assert set(report.counts) == {"characters.not-nfc", "characters.unassigned"}
    assert "Geheim" not in repr(report)
