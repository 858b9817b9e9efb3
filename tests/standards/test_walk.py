"""The short cuts on the way: white space that is left out, values that are remembered. None changes a verdict."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Report, Verdict
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.parsing import Limits, is_simple, parse_document, parse_whole
from ozgflow.standards.paths import line_of
from ozgflow.standards.schema_files import collect
from ozgflow.standards.validator import Validator
from tests.standards.schemas import element, root_of, write
from tests.thoroughness import examples

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests/examples").glob("*/*/*.xml"))
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_FOUR = '<xs:simpleType><xs:restriction base="xs:string"><xs:length value="4"/></xs:restriction></xs:simpleType>'
_SCHEMA = root_of(
    f'<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="four" nillable="true">{_FOUR}</xs:element>',
    '<xs:element name="text" type="xs:string" fixed=" a "/>' + element("number", "xs:int"),
    '<xs:element name="empty"><xs:complexType/></xs:element><xs:element name="numbers"><xs:simpleType><xs:list '
    'itemType="xs:int"/></xs:simpleType></xs:element>',
    '<xs:element name="mixed"><xs:complexType mixed="true"><xs:sequence><xs:element name="b" type="xs:int" '
    'minOccurs="0" maxOccurs="2"/></xs:sequence></xs:complexType></xs:element>',
    '<xs:element name="box"><xs:complexType><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence>'
    '<xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace" processContents="skip"/></xs:complexType>'
    "</xs:element></xs:choice>",
)
NAMES = ("four", "text", "number", "empty", "numbers", "mixed", "box", "b")
BLANKS = [*" \t\n", "\r\n", "\r", "\n  ", " \r\n ", "&#32;", "&#10;", "&#13;", "&#9;"]
MARKUP = ["<!-- x -->", "<?x y?>", "<![CDATA[ ]]>", "<![CDATA[ab]]>", "<![CDATA[]]>"]
TEXTS = ["a", "abcd", "12", "1", "&amp;", "&lt;", "&#97;", "ä", "!", "?"]

simple_pieces = st.lists(st.sampled_from([*BLANKS, *TEXTS]), max_size=5).map("".join)
marked_pieces = st.lists(st.sampled_from([*BLANKS, *TEXTS, *MARKUP]), max_size=5).map("".join)
attributes = st.sampled_from(["", "", "", ' xml:space="preserve"', ' xml:space="default"'])


@st.composite
def elements(draw: st.DrawFn, texts: st.SearchStrategy[str], depth: int = 2) -> str:
    """An element with texts, and others between them."""
    name = draw(st.sampled_from(NAMES[:7] if depth == 2 else NAMES))
    inside = draw(texts)
    for _ in range(draw(st.integers(0, 2)) if depth and name in ("mixed", "box") else 0):
        inside += draw(st.sampled_from(["<b>1</b>", "<b> 2\n</b>"]) | elements(texts, depth - 1)) + draw(texts)
    nil = draw(st.sampled_from(["", "", ' xsi:nil="true"'])) if name == "four" else ""
    return f"<{name}{draw(attributes) if name == 'box' else ''}{nil}>{inside}</{name}>"


@st.composite
def documents(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A document of such elements, with white space between them."""
    blanks = st.lists(st.sampled_from(["\n", "\r\n", " ", "\t", "&#10;", " \r\n"]), max_size=3).map("".join)
    inside = "".join(draw(blanks) + draw(elements(texts)) for _ in range(draw(st.integers(0, 3))))
    declaration = draw(st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>\r\n']))
    return f"{declaration}<r {_XSI}>{inside}{draw(blanks)}</r>".replace(
        f" {_XSI}", "" if "xsi:" not in inside else f" {_XSI}"
    )


@cache
def _both(folder: Path) -> tuple[Validator, etree.XMLSchema]:
    schema = write(folder, "s.xsd", _SCHEMA)
    return Validator.for_schema(schema), compile_schema(collect(schema, {}))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Validator, etree.XMLSchema]:
    """The validator, and libxml2 with the schema as published."""
    return _both(tmp_path_factory.mktemp("schema"))


def _verdicts(both: tuple[Validator, etree.XMLSchema], document: bytes) -> tuple[bool, bool]:
    validator, published = both
    whole = etree.fromstring(document, etree.XMLParser(remove_comments=True, remove_pis=True))
    return validator.check(document).verdict is Verdict.VALID, bool(published.validate(whole))


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(document="<r><four> \r\nab</four></r>")
@example(document="<r><four> \r\nabc</four></r>")
@given(document=documents(simple_pieces))
def test_white_space_in_odd_places_changes_no_verdict(both: tuple[Validator, etree.XMLSchema], document: str) -> None:
    ours, published = _verdicts(both, document.encode())

    assert ours is published


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(simple_pieces))
def test_white_space_in_odd_places_changes_no_verdict_where_lines_end_as_in_unix(
    both: tuple[Validator, etree.XMLSchema], document: str
) -> None:
    ours, published = _verdicts(both, document.replace("\r\n", "\n").replace("\r", "\n").encode())

    assert ours is published


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(marked_pieces), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_comments_and_sections_change_no_verdict_in_any_encoding(
    both: tuple[Validator, etree.XMLSchema], document: str, encoding: str
) -> None:
    text = document.partition("?>")[2].lstrip() if document.startswith("<?xml") else document
    if is_simple(text.encode()):
        text = text.replace("\r\n", "\n").replace("\r", "\n")

    ours, published = _verdicts(both, text.encode(encoding))

    assert ours is published


@pytest.mark.parametrize(
    ("data", "simple"),
    [
        (b"<r/>", True),
        (b'<?xml version="1.0"?><r>a ! b ? c</r>', True),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<r/>', True),
        (b"<r><!-- x --></r>", False),
        (b"<r><![CDATA[x]]></r>", False),
        (b"<r><?x?></r>", False),
        (b"<r/><?x?>", False),
        (b'<?xml version="1.0"?><?x?><r/>', False),
        (b"<!DOCTYPE r><r/>", False),
        ("<r><!-- x --></r>".encode("utf-16"), False),
        ("<r><!-- x --></r>".encode("utf-16-le"), False),
        ("<r><!-- x --></r>".encode("utf-16-be"), False),
        ("<r/>".encode("utf-32"), False),
    ],
)
def test_a_document_is_simple_only_if_it_has_elements_and_texts_alone(data: bytes, *, simple: bool) -> None:
    assert is_simple(data) is simple


@pytest.mark.parametrize(
    "document",
    [
        *(
            "<r> </r>",
            "<r>\n</r>",
            "<r> a </r>",
            "<r>a <b/> c</r>",
            "<r>a<b> </b></r>",
            '<r xml:space="preserve"> <b/> </r>',
        ),
        *(f"<r>{' ' * 900}</r>", f"<r>{' ' * 900}a</r>", "<r>&#32;<b/></r>", "<r>a&#32;</r>", "<r> &amp; </r>"),
        *("<r>\r\n</r>", "<r>\r\n\r\na</r>", "<r>a \r\n</r>", "<r>a\r\n \r\nb</r>"),
        *(
            text
            for text in ("<r> \r\n</r>", "<r> \r\na</r>", "<r>\t\ra</r>", "<r>\n\r\n a</r>", "<r> \r\n \r\na</r>")
        ),
    ],
)
def test_a_text_stays_as_it_is(document: str) -> None:
    data = document.encode()

    quick, whole = parse_document(data, Limits()), parse_whole(data)

    assert isinstance(quick, etree._Element)
    assert quick.text == whole.text


def test_white_space_between_elements_is_left_out() -> None:
    root = parse_document(b"<r>\n  <a>\n    <b> </b>\n  </a>\n</r>", Limits())

    assert isinstance(root, etree._Element)
    assert etree.tostring(root) == b"<r><a><b> </b></a></r>"


def test_lines_are_those_of_the_file_all_the_same() -> None:
    root = parse_document(b"<r>\n  <a>\n    <b/>\n  </a>\n</r>", Limits())

    assert isinstance(root, etree._Element)
    assert [line_of(one) for one in root.iter("*")] == [1, 2, 3]


# --- what is remembered ---------------------------------------------------------------------------------------------


def _changed(rng_number: int, data: bytes) -> bytes:
    """A document with one of its values exchanged for another one of it."""
    root = etree.fromstring(data)
    texts = [one for one in root.iter("*") if not len(one) and one.text]
    first, second = texts[rng_number % len(texts)], texts[(rng_number * 7 + 3) % len(texts)]
    first.text, second.text = second.text, first.text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


_USED = Validator.for_folder(ROOT / "schemas")
_fresh: dict[bytes, Report] = {}


def _said_by_a_fresh_one(data: bytes) -> Report:
    if data not in _fresh:
        _fresh[data] = Validator.for_folder(ROOT / "schemas").check(data)
    return _fresh[data]


@settings(max_examples=25)
@given(
    number=st.integers(0, 400), path=st.sampled_from(EXAMPLES), before=st.lists(st.sampled_from(EXAMPLES), max_size=4)
)
def test_a_validator_that_has_seen_others_says_what_a_fresh_one_says(
    number: int, path: Path, before: list[Path]
) -> None:
    try:
        data = _changed(number, path.read_bytes())
    except etree.XMLSyntaxError:
        data = path.read_bytes()
    for one in before:
        _USED.check(one.read_bytes())

    assert _USED.check(data) == _said_by_a_fresh_one(data)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_second_time_says_what_the_first_time_said(path: Path) -> None:
    data = path.read_bytes()

    first, second, third = _USED.check(data), _USED.check(data), _USED.check_all([data, data])[1]

    assert first == second == third


def test_a_value_that_was_right_is_not_right_for_another_element(tmp_path: Path) -> None:
    kind = (
        '<xs:element name="{}"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="{}"/>'
        "</xs:restriction></xs:simpleType></xs:element>"
    )
    schema = write(tmp_path, "s.xsd", root_of(kind.format("kennung", "[ab]{20}"), kind.format("a", "[a]{20}")))
    validator = Validator.for_schema(schema)
    document = "<r><kennung>{}</kennung><a>{}</a></r>"

    right = validator.check(document.format("ab" * 10, "a" * 20).encode())
    wrong = validator.check(document.format("ab" * 10, "ab" * 10).encode())

    assert (right.verdict, wrong.verdict) == (Verdict.VALID, Verdict.INVALID)


def test_more_values_than_are_remembered_are_judged_alike(tmp_path: Path) -> None:
    kind = (
        '<xs:element name="kennung" maxOccurs="unbounded"><xs:simpleType><xs:restriction base="xs:string">'
        '<xs:pattern value="[0-9]{20}"/></xs:restriction></xs:simpleType></xs:element>'
    )
    validator = Validator.for_schema(write(tmp_path, "s.xsd", root_of(kind)))
    many = "".join(f"<kennung>{number:020}</kennung>" for number in range(2_500))

    assert validator.check(f"<r>{many}</r>".encode()).verdict is Verdict.VALID
    assert validator.check(f"<r>{many}<kennung>x</kennung></r>".encode()).verdict is Verdict.INVALID
    assert (
        validator.check(f"<r><kennung>{2_499:020}</kennung><kennung>x</kennung></r>".encode()).verdict
        is Verdict.INVALID
    )
