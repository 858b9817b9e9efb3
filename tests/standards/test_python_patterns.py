"""Patterns in Python's language: what is translated means the same to Python, libxml2 and xmlschema."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
import xmlschema
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from ozgflow.standards.identity import XS
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.plain_patterns import ASCII, PLAIN
from ozgflow.standards.python_patterns import python_pattern

ROOT = Path(__file__).parents[2]
XOEV = Path(os.environ.get("OZGFLOW_SHARED", ROOT.parent / "shared")) / "xoev"
SCHEMA = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
SIGNS = sorted(PLAIN)
ESCAPED = r"\|.-^?*+{}()[]"
LITERALS = "aZ09 _:;,/#&~!\"'%@=<>äß€"
IN_CLASSES = LITERALS + "?*+.|$(){}"
BEHIND = {first: [sign for sign in SIGNS if sign >= first and sign not in "\\[]^-"] for first in IN_CLASSES}
MUCH_TIME = 1.0


class Engines:
    """One pattern in both engines, on texts in which white space stays."""

    def __init__(self, pattern: str) -> None:
        kind = (
            f'<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:pattern value={quoteattr(pattern)}/>'
            '</xs:restriction></xs:simpleType><xs:element name="r" type="T"/>'
        )
        source = f"<xs:schema {SCHEMA}>{kind}</xs:schema>"
        self._libxml2 = etree.XMLSchema(etree.fromstring(source))
        self._xmlschema = xmlschema.XMLSchema(source).types["T"]

    def libxml2(self, text: str) -> bool:
        element = etree.Element("r")
        element.text = text
        return bool(self._libxml2.validate(element))

    def xmlschema(self, text: str) -> bool:
        return bool(self._xmlschema.is_valid(text))


def _patterns(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.xsd")):
        for facet in etree.fromstring(file.read_bytes(), schema_parser()).iter(f"{XS}pattern"):
            yield str(facet.get("value"))


OWN = sorted({pattern for pattern in _patterns(ROOT / "schemas") if python_pattern(pattern)})
PUBLISHED = sorted({pattern for pattern in _patterns(XOEV) if python_pattern(pattern)} - set(OWN))


def _quoted(sign: str) -> str:
    return f"\\{sign}" if sign in ESCAPED else sign


@st.composite
def _classes(draw: st.DrawFn) -> tuple[str, str]:
    """A class with a character that it has, or that it leaves out."""
    members, signs = "", ""
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.sampled_from(IN_CLASSES))
        last = draw(st.sampled_from(BEHIND[first]))
        digit = ("\\d", "7")
        space = ("\\s", "\t")
        escaped = draw(st.sampled_from(ESCAPED + "nt"))
        one = (f"\\{escaped}", {"n": "\n", "t": "\t"}.get(escaped, escaped))
        member = draw(st.sampled_from([(first, first), (f"{first}-{last}", last), digit, space, one]))
        members, signs = members + member[0], signs + member[1]
    negated = draw(st.booleans())
    sign = draw(st.sampled_from(SIGNS if negated else signs))
    return f"[{'^' if negated else ''}{members}]", sign


@st.composite
def _pieces(draw: st.DrawFn, depth: int = 2) -> tuple[str, str]:
    """A pattern with a text that it mostly accepts."""
    pattern, text = "", ""
    for _ in range(draw(st.integers(1, 3))):
        literal = draw(st.sampled_from(LITERALS + ESCAPED + "-"))
        simple = [(_quoted(literal), literal), (".", "x"), ("\\d", "3"), ("-", "-")]
        atom = draw(_classes() | st.sampled_from(simple))
        if depth and draw(st.booleans()):
            branches = draw(st.lists(_pieces(depth - 1), min_size=1, max_size=3))
            inside = "|".join(branch for branch, _ in branches)
            atom = f"({inside})", draw(st.sampled_from(branches))[1]
        quantifier, times = draw(
            st.sampled_from([("", 1), ("?", 0), ("*", 2), ("+", 3), ("{2}", 2), ("{1,3}", 3), ("{2,}", 4)])
        )
        pattern, text = pattern + atom[0] + quantifier, text + atom[1] * times
    return pattern, text


@st.composite
def _mutated(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text)))
    sign = draw(st.sampled_from(SIGNS))
    return draw(
        st.sampled_from(
            [text, text[:place] + sign + text[place:], text[:place] + text[place + 1 :], text[:place] + sign]
        )
    )


def _said(pattern: str, text: str, engines: Engines) -> tuple[bool, bool, bool]:
    translated = python_pattern(pattern)
    assert translated is not None
    python = translated.expression.fullmatch(text) is not None
    return python, engines.libxml2(text), engines.xmlschema(text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(piece=_pieces(), data=st.data())
def test_python_is_never_alone_in_its_reading_of_what_is_translated(
    piece: tuple[str, str], data: st.DataObject
) -> None:
    pattern, text = piece
    assume(python_pattern(pattern) is not None)
    engines = Engines(pattern)
    texts = [text, *(data.draw(_mutated(text)) for _ in range(6)), data.draw(st.text(SIGNS, max_size=8))]

    # libxml2 is alone at times: it does not take "a" for "(a|a{2})".
    alone = {one: said for one in texts if (said := _said(pattern, one, engines)).count(said[0]) == 1}

    assert alone == {}


@pytest.mark.parametrize("pattern", OWN)
@settings(max_examples=30)
@given(data=st.data())
def test_a_pattern_of_ours_means_the_same_to_both_engines(pattern: str, data: st.DataObject) -> None:
    _assert_same(pattern, data)


@pytest.mark.skipif(not XOEV.is_dir(), reason="the reference documents (../shared/xoev) are not beside the project")
@settings(max_examples=60)
@given(data=st.data())
def test_a_pattern_of_a_published_standard_means_the_same_to_both_engines(data: st.DataObject) -> None:
    _assert_same(data.draw(st.sampled_from(PUBLISHED)), data)


def _assert_same(pattern: str, data: st.DataObject) -> None:
    translated = python_pattern(pattern)
    assert translated is not None
    plain = st.characters(codec="utf-8", include_characters=SIGNS, categories=[])
    text = data.draw(st.from_regex(translated.expression, fullmatch=True, alphabet=plain))
    engines = _known.setdefault(pattern, Engines(pattern))

    for one in (text, data.draw(_mutated(text)), f" {text}", f"{text}\n"):
        assert len(set(_said(pattern, one, engines))) == 1, ascii((pattern, one))


_known: dict[str, Engines] = {}


@pytest.mark.parametrize("sign", sorted(ASCII))
def test_every_sign_that_is_translated_alone_or_in_a_class_is_itself(sign: str) -> None:
    for pattern in (sign, f"[{sign}]", f"[{sign}{sign}]", f"\\{sign}", f"[^{sign}]", f"[!-{sign}]"):
        if python_pattern(pattern) is not None:
            engines = Engines(pattern)
            texts = (sign, "a", sign * 2, "\\")
            assert [one for one in texts if len(set(_said(pattern, one, engines))) > 1] == [], ascii(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"\w", r"\W", r"\D", r"\S", r"\s", r"\i", r"\c", r"\p{L}", r"\P{Lu}", r"[\w]", r"[\i-[:]]", r"\b", r"\1"),
        *("[a-z-[aeiou]]", "[a-]", "[-a]", "[^]", "[]", "[a", "a]", "(a", "a)", "(?:a)", "(?i)a", "^a", "a$", "^a$"),
        *(r"[\--a]", r"[a-\]]", r"[\n-a]", r"[!-\\]", "[z-a]", "[[:alpha:]]", "[a[b]", "[a^b]"),
        *("*a", "+", "?", "a**", "a+?", "a++", "a{2}{3}", "a{,3}", "a{", "a{x}", "a{1001}", "a{0,1001}"),
        *("(a+)+", "(a*b)*", "(a?){3}", "((a|b{2}))*"),
    ],
)
def test_what_engines_may_read_differently_is_not_translated(pattern: str) -> None:
    assert python_pattern(pattern) is None


@pytest.mark.parametrize("pattern", ["(|a)b", "a(|b|c)d", "()a", "a|", "|a", "(|)", "(a|)(|b)"])
def test_an_empty_alternative_means_the_same_to_both_engines(pattern: str) -> None:
    engines = Engines(pattern)

    assert {len(set(_said(pattern, text, engines))) for text in ("", "a", "b", "ab", "ad", "abd", "acd", "aa")} == {1}


@pytest.mark.parametrize("pattern", ["a(){2}", "(|a){2}", "(a|){2}b", "(|ab){2}c", "(|a){2,}b"])
def test_a_quantified_group_that_may_be_empty_means_the_same_or_is_not_translated(pattern: str) -> None:
    engines = Engines(pattern)
    texts = ("", "a", "b", "c", "ab", "abc", "aab")

    assert not python_pattern(pattern) or [one for one in texts if len(set(_said(pattern, one, engines))) > 1] == []


def test_limits_the_wrong_way_round_are_not_translated() -> None:
    assert python_pattern("a{3,2}") is None


def test_a_thousand_groups_in_each_other_are_not_translated() -> None:
    assert python_pattern("(" * 3_000 + "a" + ")" * 3_000) is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a|a)*b{20}", "a" * 26),
        ("(a|aa)*b{20}", "a" * 37),
        ("(a|b|ab){30}c{20}", "ab" * 30 + "x"),
        ("(a|a){20}b{20}", "a" * 30),
        ("a{0,40}a{0,40}a{0,40}a{0,40}b{20}", "a" * 200),
        ("a?" * 40 + "a{40}", "a" * 39 + "b"),
        ("(a|b)*" * 6 + "c{20}", "ab" * 400),
        ("a*a*a*a*b{20}", "a" * 250),
    ],
)
def test_no_text_keeps_python_busy(pattern: str, text: str) -> None:
    translated = python_pattern(pattern)
    began = time.process_time()

    if translated is not None and len(text) <= translated.longest:
        translated.expression.fullmatch(text)

    assert time.process_time() - began < MUCH_TIME


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [
        ("", 0),
        ("abc", 3),
        ("a?b*c+", 1),
        ("a{3,5}", 3),
        ("(ab|c)d", 2),
        ("(ab|cd){2}", 4),
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", None),
        ("a|", 0),
        ("a{0}", 0),
    ],
)
def test_the_shortest_text_is_known(pattern: str, shortest: int | None) -> None:
    translated = python_pattern(pattern)

    assert (translated.shortest if translated else None) == shortest


@pytest.mark.parametrize(
    ("pattern", "takes", "names"),
    [
        ("[a-z]+", False, False),
        ("a b", True, True),
        ("[ -~]", True, True),
        ("[a\\t]", True, True),
        ("\\n", True, True),
        (".", True, False),
        ("[^a]", True, False),
        ("[^\\s]", False, False),
        ("[^ \\t\\n\\r]", False, False),
        ("(a|.)", True, False),
        ("[\\s]", True, True),
    ],
)
def test_white_space_in_a_pattern_is_noticed(pattern: str, takes: bool, names: bool) -> None:  # noqa: FBT001
    translated = python_pattern(pattern)

    assert translated is not None
    assert (translated.takes_space, translated.names_space) == (takes, names)


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(piece=_pieces(), text=st.text(SIGNS, max_size=6))
def test_a_text_shorter_than_the_shortest_is_never_accepted(piece: tuple[str, str], text: str) -> None:
    translated = python_pattern(piece[0])
    assume(translated is not None and len(text) < translated.shortest)

    assert translated is not None
    assert translated.expression.fullmatch(text) is None


def test_a_translated_pattern_holds_for_the_whole_text() -> None:
    translated = python_pattern("ab|c")

    assert translated is not None
    assert [bool(translated.expression.fullmatch(text)) for text in ("ab", "c", "abc", "ab\n", "xab")] == [
        *(True, True, False, False, False)
    ]
    assert translated.expression.flags & re.IGNORECASE == 0
