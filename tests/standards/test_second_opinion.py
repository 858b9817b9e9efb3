"""The second opinion: what xmlschema adds to libxml2's findings, and within which bounds it is asked."""

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from elementpath.regex import translate_pattern
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.libxml2 import schema_errors
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.paths import place_of
from ozgflow.standards.referee import Referee
from ozgflow.standards.safe_patterns import GaveUp, SafePattern, is_risky
from ozgflow.standards.schema_files import SchemaFiles, collect
from ozgflow.standards.second_opinion import MOST_BYTES, MOST_ELEMENTS, Opinion, SecondOpinion, remarks_of
from ozgflow.standards.xmlschema_messages import OpinionError
from tests.standards.engines import Engines
from tests.standards.schemas import element, root_of, write

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests/examples/aufenthalt-antrag-1.0"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
WORDINGS = [Wording.load(), Wording.load(Language.ENGLISH)]
HIDDEN = "Geheimer-Wert-4711"
SECONDS = 5


@pytest.fixture(scope="module")
def files() -> SchemaFiles:
    """The schema of our own bundle."""
    bundle = load_bundles(ROOT / "schemas").get("aufenthalt-antrag/1.0")
    assert bundle is not None
    return collect(bundle.entries[0].schema, bundle.locations)


@pytest.fixture(scope="module")
def own(files: SchemaFiles) -> SecondOpinion:
    """The second opinion on our own bundle."""
    return SecondOpinion(files, Referee(files))


def _added(second: SecondOpinion, files: SchemaFiles, data: bytes) -> list[tuple[str, str]]:
    """Rule and path of what xmlschema adds."""
    root = etree.fromstring(data)
    found = schema_errors(data, root, compile_schema(files))
    added = second.additional(second.ask(data, root), remarks_of(found.errors))
    return [(error.rule, place_of(error.element, error.attribute).path) for error in added]


def _sentences(opinion: Opinion) -> list[str]:
    return [_sentence(error, WORDINGS[0]) for error in opinion.errors]


def _sentence(error: OpinionError, wording: Wording) -> str:
    name = place_of(error.element, error.attribute).name
    return wording.render(Message(f"finding.{error.rule}", {"name": name, **error.params}))


@pytest.mark.parametrize("path", sorted((EXAMPLES / "valid").glob("*.xml")), ids=lambda path: path.stem)
def test_xmlschema_calls_our_valid_examples_valid(path: Path, own: SecondOpinion) -> None:
    data = path.read_bytes()

    assert own.ask(data, etree.fromstring(data)).valid is True


def test_an_error_behind_a_missing_element_is_added(own: SecondOpinion, files: SchemaFiles) -> None:
    data = (EXAMPLES / "invalid/fehlendes-element-verdeckt-spaetere-fehler.xml").read_bytes()

    assert _added(own, files, data) == [
        ("xsd.value-pattern", "/aufenthalt.antrag.0101/antragsteller/anschrift/postleitzahl")
    ]


def test_nothing_is_added_where_libxml2_tells_all(own: SecondOpinion, files: SchemaFiles) -> None:
    data = (EXAMPLES / "invalid/anschrift-unvollstaendig-und-falsch.xml").read_bytes()

    assert _added(own, files, data) == []


def test_several_errors_in_one_parent_are_each_told_once(tmp_path: Path) -> None:
    children = root_of(*(element(name, "xs:int") for name in "abcd"))
    schema = write(tmp_path, "s.xsd", children)
    files = collect(schema, {})
    second = SecondOpinion(files, Referee(files))

    added = _added(second, files, b"<r><a>1</a><c>x</c><z/><d>y</d></r>")

    assert added == [("xsd.element-unexpected", "/r/z"), ("xsd.value-type", "/r/d")]


def test_errors_in_two_parents_are_both_told(tmp_path: Path) -> None:
    inner = '<xs:complexType name="I"><xs:sequence><xs:element name="x"/><xs:element name="y" type="xs:int"/>'
    schema = write(
        tmp_path, "s.xsd", inner + "</xs:sequence></xs:complexType>" + root_of(element("a", "I"), element("b", "I"))
    )
    files = collect(schema, {})
    second = SecondOpinion(files, Referee(files))

    added = _added(second, files, b"<r><b><y>k</y></b><a><x/></a></r>")

    assert added == [("xsd.element-unexpected", "/r/b/y"), ("xsd.element-missing", "/r/a")]


@pytest.mark.parametrize(
    ("declared", "content", "sentence"),
    [
        (element("a", "xs:date"), "<a>x</a>", "ein Datum"),
        ('<xs:element name="a" maxOccurs="2"/>', "<a/><a/><a/>", "„a“ darf hier höchstens 2-mal stehen."),
        ('<xs:element name="a" minOccurs="2" maxOccurs="3"/>', "<a/>", "„a“ muss hier mindestens 2-mal stehen."),
        (element("a", "xs:int"), "", "Erwartet wird „a“."),
        (
            '<xs:choice><xs:element name="a"/><xs:element name="b"/></xs:choice>',
            "<c/>",
            "Erwartet wird eines von: a, b.",
        ),
        (element("a", "K"), "<a>12</a>", "Muster [A-Z]"),
        (element("a", "L"), "<a>abcd</a>", "(Grenze: 3)"),
        (element("a", "E"), "<a>x</a>", "rot, blau"),
        (element("a", "B"), "<a>9</a>", "(Grenze: 5)"),
    ],
)
def test_the_sentence_says_what_is_expected(declared: str, content: str, sentence: str, tmp_path: Path) -> None:
    facets = {
        "K": ("string", '<xs:pattern value="[A-Z]"/>'),
        "L": ("string", '<xs:maxLength value="3"/>'),
        "E": ("string", '<xs:enumeration value="rot"/><xs:enumeration value="blau"/>'),
        "B": ("int", '<xs:maxInclusive value="5"/>'),
    }
    types = "".join(
        f'<xs:simpleType name="{name}"><xs:restriction base="xs:{base}">{inside}</xs:restriction></xs:simpleType>'
        for name, (base, inside) in facets.items()
    )
    engines = Engines(write(tmp_path, "s.xsd", types + root_of(declared)))

    [told] = _sentences(engines.xmlschema(f"<r>{content}</r>".encode()))

    assert sentence in told


@pytest.mark.parametrize(
    ("content", "rule", "attribute"),
    [
        ("<r/>", "xsd.attribute-missing", "m"),
        ('<r m="1" x="1"/>', "xsd.attribute-unexpected", "x"),
        ('<r m="z"/>', "xsd.value-type", "m"),
        ('<r m="1" f="anders"/>', "xsd.value-fixed", "f"),
        ('<r m="1">Text</r>', "xsd.content-not-allowed", ""),
        (f'<r m="1" {XSI} xsi:nil="true"/>', "xsd.nil", ""),
    ],
)
def test_errors_have_the_rules_and_places_that_libxml2_has(
    content: str, rule: str, attribute: str, tmp_path: Path
) -> None:
    attributes = '<xs:attribute name="m" type="xs:int" use="required"/><xs:attribute name="f" fixed="so"/>'
    schema = write(tmp_path, "s.xsd", root_of('<xs:element name="a" minOccurs="0"/>', attributes=attributes))
    engines = Engines(schema)

    [error] = engines.xmlschema(content.encode()).errors
    [remark] = remarks_of(engines.libxml2(content.encode()).errors)

    assert (error.rule, error.attribute) == (remark.rule, remark.attribute) == (rule, attribute)


@given(
    value=st.sampled_from(
        [f"x='{HIDDEN}': ", f"{HIDDEN}", f"attribute y={HIDDEN}", f"m='1': duplicated xs:ID {HIDDEN}"]
    )
)
def test_no_value_reaches_a_sentence_or_poses_as_a_name(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    attributes = '<xs:attribute name="m" type="xs:int"/>'
    schema = write(tmp_path_factory.mktemp("s"), "s.xsd", root_of(element("a", "xs:date"), attributes=attributes))
    document = etree.Element("r", m=value)
    etree.SubElement(document, "a").text = value

    opinion = Engines(schema).xmlschema(etree.tostring(document))

    assert [(error.rule, error.attribute) for error in opinion.errors] == [
        ("xsd.value-type", "m"),
        ("xsd.value-type", ""),
    ]
    for wording in WORDINGS:
        assert not any("Geheim" in _sentence(error, wording) for error in opinion.errors)


def test_comments_and_instructions_are_no_children_and_places_stay_right(tmp_path: Path) -> None:
    engines = Engines(write(tmp_path, "s.xsd", root_of(element("a", "xs:int"), element("b", "xs:int"))))
    data = b"<r><!-- eins --><a>1<!-- zwei -->2</a><?drei?><b>x<?y?></b></r>"
    root = etree.fromstring(data)

    [error] = engines.second.ask(data, root).errors

    assert error.element is root[3]


def test_large_documents_are_not_shown_to_xmlschema(tmp_path: Path) -> None:
    engines = Engines(write(tmp_path, "s.xsd", root_of('<xs:element name="a" minOccurs="0" maxOccurs="unbounded"/>')))

    many = engines.xmlschema(b"<r>" + b"<a/>" * MOST_ELEMENTS + b"</r>")
    long = engines.xmlschema(b"<r><a>" + b"x" * MOST_BYTES + b"</a></r>")

    for opinion in (many, long):
        assert opinion.valid is None
        assert opinion.reason is not None
        assert "5000 Elemente" in WORDINGS[0].render(opinion.reason)


@pytest.mark.parametrize("child", ["<a>x</a>", "<z/>"])
def test_the_largest_document_that_is_shown_takes_seconds_at_most(child: str, tmp_path: Path) -> None:
    unique = '<xs:unique name="u"><xs:selector xpath="a"/><xs:field xpath="."/></xs:unique></xs:element>'
    body = (
        root_of('<xs:element name="a" type="xs:int" maxOccurs="unbounded"/>').removesuffix("</xs:element>") + unique
    )
    engines = Engines(write(tmp_path, "s.xsd", body))
    data = f"<r>{child * (MOST_ELEMENTS - 1)}</r>".encode()

    before = time.monotonic()
    opinion = engines.xmlschema(data)

    assert opinion.valid is False
    assert time.monotonic() - before < SECONDS


@pytest.mark.parametrize("value", ["A\u030b" * 40, "k\u0331h" * 40])
def test_accented_letters_do_not_keep_the_patterns_of_din_91379_busy(value: str, own: SecondOpinion) -> None:
    example = (EXAMPLES / "invalid/fehlendes-element-verdeckt-spaetere-fehler.xml").read_text("utf-8")
    data = example.replace("Mustermann", value + "\u4e00").encode()

    before = time.monotonic()
    opinion = own.ask(data, etree.fromstring(data))

    assert "xsd.value-pattern" in {error.rule for error in opinion.errors}
    assert time.monotonic() - before < SECONDS


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "(a|aa)+b", "a*a*a*a*b"])
def test_an_evil_pattern_is_answered_in_time(pattern: str, tmp_path: Path) -> None:
    kind = f'<xs:simpleType name="K"><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/>'
    engines = Engines(write(tmp_path, "s.xsd", kind + "</xs:restriction></xs:simpleType>" + element("r", "K")))

    before = time.monotonic()
    opinion = engines.xmlschema(b"<r>" + b"a" * 2_000 + b"</r>")

    assert opinion.valid is False
    assert time.monotonic() - before < SECONDS


def test_a_pattern_that_is_too_large_leaves_xmlschema_unasked(tmp_path: Path) -> None:
    kind = '<xs:simpleType name="K"><xs:restriction base="xs:string"><xs:pattern value="((a|b){300}){300}"/>'
    engines = Engines(write(tmp_path, "s.xsd", kind + "</xs:restriction></xs:simpleType>" + element("r", "K")))

    opinion = engines.xmlschema(b"<r>a</r>")

    assert opinion.valid is None
    assert opinion.reason is not None
    assert opinion.reason.code == "second-opinion.pattern"


@pytest.mark.parametrize(
    ("pattern", "risky"),
    [
        ("(a+)+b", True),
        ("(a|b)*", True),
        ("(a|b){3,}", True),
        (".*x.*", True),
        ("[a*b*(]+", False),
        (r"\(\)+x", False),
        ("[0-9]{5}", False),
        ("(ab)?c+", False),
        ("[a-z-[aeiou]]*", False),
    ],
)
def test_patterns_that_can_be_read_in_many_ways_are_told_apart(pattern: str, *, risky: bool) -> None:
    assert is_risky(pattern) is risky


PATTERNS = (
    *("(a+)+b", "(a|a)*b", "(a|aa)+b", "(a|b){2,3}", "(ab?){2}", "((a|b)c?)*", "[a-c]{3,}x?", "(a{0,2}|b)+c"),
    *(
        "|a",
        "(a(b|c(a|b)))*",
        "a{0}b",
        "(ab|a)(bc|c)?",
        "([a-c-[b]]|bb)*",
        "(a*)+",
        "(a{1,2}){1,2}",
        "",
        r"(\.|a)*\\",
    ),
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcx.\\", max_size=9))
def test_a_safe_pattern_accepts_what_the_compiled_one_accepts(pattern: str, text: str) -> None:
    compiled = re.compile(translate_pattern(pattern, back_references=False, lazy_quantifiers=False, anchors=False))

    assert bool(SafePattern(pattern).match(text)) is bool(compiled.match(text))


@pytest.mark.parametrize("pattern", ["(a", "a)", "[a", "(a{200}){300}", "a{2", "*"])
def test_a_pattern_that_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(GaveUp):
        SafePattern(pattern)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that remembers who asked; nobody may."""
    asked: list[str] = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x.xsd", asked
    server.shutdown()


def test_a_document_cannot_make_xmlschema_fetch_a_schema(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    other = write(tmp_path, "other.xsd", element("o", "xs:int"), 'targetNamespace="urn:o"')
    wildcard = '<xs:any namespace="##any" processContents="lax"/>'
    imported = f'<xs:import namespace="urn:o" schemaLocation="{other.name}"/>'
    engines = Engines(write(tmp_path, "s.xsd", imported + root_of(wildcard)))
    hints = f'xsi:schemaLocation="urn:x {address} urn:o {address}" xsi:noNamespaceSchemaLocation="{address}"'

    opinion = engines.xmlschema(f'<r {XSI} {hints}><x:y xmlns:x="urn:x" {hints}>1</x:y></r>'.encode())

    assert opinion.valid is True
    assert asked == []


def test_engines_that_agree_do_not_disagree_and_an_unasked_one_neither(tmp_path: Path) -> None:
    engines = Engines(write(tmp_path, "s.xsd", element("r", "xs:int")))

    assert engines.compare(b"<r>1</r>") is None
    assert engines.compare(b"<r>x</r>") is None
    unasked = engines.second.compare(valid=True, remarks=[], opinion=Opinion(valid=None))
    assert unasked is None


def test_one_remark_without_a_known_fault_leaves_the_document_unchecked(tmp_path: Path) -> None:
    engines = Engines(write(tmp_path, "s.xsd", root_of(element("a", "xs:date"))))
    root = etree.fromstring(b"<r><a> 2026-05-04</a></r>")
    [known] = remarks_of(engines.libxml2(etree.tostring(root)).errors)
    unknown = type(known)(rule="xsd.other", element=root)

    both = engines.second.compare(valid=False, remarks=[known, unknown], opinion=Opinion(valid=True))
    alone = engines.second.compare(valid=False, remarks=[known], opinion=Opinion(valid=True))

    assert both is not None
    assert both.valid is None
    assert alone is not None
    assert alone.valid is True
