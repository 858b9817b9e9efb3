"""Constraints on doubles in documents that stream: the same findings as with the schema as published."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.findings import Report, Verdict
from ozgflow.standards.parsing import Limits
from ozgflow.standards.streamed_uniqueness import PackedHashes, StreamedUniqueness
from ozgflow.standards.streamed_window import HELD_BYTES, Window
from ozgflow.standards.uniqueness import Field, Uniqueness
from ozgflow.standards.validator import Validator
from tests.standards.schemas import write
from tests.thoroughness import examples

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
LIMITS = Limits(findings=1_000, findings_per_rule=1_000)
SIZES = (1, 7, 64, 300, 4_096)
SCHEMA = """
<xs:simpleType name="Kennung">
  <xs:restriction base="xs:token"><xs:pattern value="[a-z0-9 ]{0,30}"/></xs:restriction>
</xs:simpleType>
<xs:simpleType name="Kürzer"><xs:restriction base="Kennung"/></xs:simpleType>
<xs:complexType name="Satz"><xs:sequence>
  <xs:element name="name" type="xs:string" minOccurs="0" maxOccurs="2"/>
  <xs:element name="kurz" type="Kennung" minOccurs="0"/>
  <xs:element name="wort" type="xs:normalizedString" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="satz" type="Satz" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute name="nr" type="Kennung"/></xs:complexType>
<xs:element name="r"><xs:complexType><xs:sequence>
  <xs:element name="gruppe" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
    <xs:element name="satz" type="Satz" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType>
    <xs:key name="paar"><xs:selector xpath="satz"/><xs:field xpath="kurz"/><xs:field xpath="@nr"/></xs:key>
    <xs:unique name="worte"><xs:selector xpath="satz/wort"/><xs:field xpath="."/></xs:unique>
  </xs:element>
</xs:sequence></xs:complexType>
  <xs:unique name="namen"><xs:selector xpath=".//satz"/><xs:field xpath="name"/></xs:unique>
</xs:element>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unique")


@pytest.fixture(scope="module")
def validator(folder: Path) -> Validator:
    return Validator.for_schema(write(folder, "s.xsd", SCHEMA), LIMITS)


# --- the same as with the schema as published -----------------------------------------------------------------------


@settings(max_examples=examples(250), deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES), faults=st.sampled_from([0, 0, 1, 3, 30]))
def test_any_document_gets_the_same_report_as_from_the_whole_schema(
    validator: Validator, folder: Path, seed: int, size: int, faults: int
) -> None:
    document = _Draw(seed, faults).document()

    in_pieces, whole = _both(validator, folder, document, size)

    assert in_pieces == whole


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        ('<satz nr="1"><kurz>a</kurz></satz><satz nr="2"><kurz>a</kurz></satz>', Verdict.VALID),
        ('<satz nr="1"><kurz>a</kurz></satz><satz nr=" 1 "><kurz> a</kurz></satz>', Verdict.INVALID),
        ('<satz nr="1"><name>a</name><kurz>a</kurz></satz><satz nr="2"><name>a </name><kurz>a</kurz></satz>',
         Verdict.VALID),
        ('<satz nr="1"><kurz>a</kurz></satz></gruppe><gruppe><satz nr="1"><kurz>a</kurz></satz>', Verdict.VALID),
        ('<satz nr="1"/>', Verdict.INVALID),
        ("<satz><kurz>a</kurz></satz>", Verdict.INVALID),
        (f'<satz nr="1" {XSI} xsi:nil="true"/>', Verdict.INVALID),
        (f'<satz nr="1"><kurz {XSI} xsi:type="Kürzer">a</kurz></satz>', Verdict.VALID),
        (f'<satz nr="1"><kurz>a</kurz><satz {XSI} xsi:nil="true"/></satz>', Verdict.VALID),
        ('<satz nr="1"><kurz>a</kurz><wort>a</wort><wort>b</wort></satz>', Verdict.VALID),
        ('<satz nr="1"><kurz>a</kurz><wort>a</wort><wort>a</wort></satz>', Verdict.INVALID),
        ('<satz nr="1"><kurz>a</kurz><satz><wort>a</wort></satz><satz><wort>a</wort></satz></satz>', Verdict.VALID),
        ('<satz nr="1"><name>a</name><name>b</name><kurz>a</kurz></satz>', Verdict.INVALID),
        ('<satz nr="1"><name>a</name><kurz>a</kurz><satz><name>a</name></satz></satz>', Verdict.INVALID),
        ('<satz nr="1"><name><!-- x -->a</name><kurz>a</kurz><satz><name>a<?x y?></name></satz></satz>',
         Verdict.INVALID),
        ('<satz nr="1"><name>ä\u0301</name><kurz>a</kurz><satz><name>ä\u0301</name></satz></satz>', Verdict.INVALID),
        ('<satz nr="1"><name>&lt;a</name><kurz>a</kurz><satz><name><![CDATA[<a]]></name></satz></satz>',
         Verdict.INVALID),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", SIZES)
def test_a_double_counts_where_the_schema_says_so(
    validator: Validator, folder: Path, records: str, verdict: Verdict, size: int
) -> None:
    in_pieces, whole = _both(validator, folder, f"<r><gruppe>{records}</gruppe></r>", size)

    assert in_pieces == whole
    assert whole.verdict is verdict


@pytest.mark.parametrize("apart", [1, 700, 40_000])
def test_a_double_is_found_however_far_apart(validator: Validator, folder: Path, apart: int) -> None:
    records = "".join(_record(number % apart if number == apart else number) for number in range(apart + 5))
    path = folder / "apart.xml"
    path.write_text(f"<r><gruppe>{records}</gruppe></r>", encoding="utf-8")

    report = validator.check_file(path)

    assert [(found.rule, found.path) for found in report.findings] == [
        ("xsd.uniqueness", f"/r/gruppe/satz[{apart + 1}]")
    ]


def test_an_element_too_large_to_be_held_is_judged_by_the_whole_schema(validator: Validator, folder: Path) -> None:
    filling = "".join(f"<wort>w{number} {'x' * 200}</wort>" for number in range(2 * HELD_BYTES // 200))
    large = f'<satz nr="1"><kurz>a</kurz>{filling}</satz>'
    path = folder / "held.xml"
    path.write_text(f"<r><gruppe>{large}<satz nr='2'/></gruppe></r>", encoding="utf-8")

    report = validator.check_file(path)

    assert [(found.rule, found.path) for found in report.findings] == [("xsd.uniqueness", "/r/gruppe/satz[2]")]


# --- what is certain ------------------------------------------------------------------------------------------------


def _asks(*fields: Field, depth: int = 1, required: bool = False) -> Uniqueness:
    return Uniqueness(names=frozenset({"n"}), fields=fields, depth=depth, required=required)


CHILD, ATTRIBUTE, ITSELF = Field(child="f"), Field(attribute="a"), Field()


@pytest.mark.parametrize(
    ("check", "document", "certain"),
    [
        (_asks(CHILD), "<r><n><f>1</f></n><n><f>2</f></n><n/></r>", True),
        (_asks(CHILD), "<r><n><f>1</f></n><n><f> 1</f></n></r>", False),
        (_asks(CHILD), "<r><n><f>1</f></n><m><f>1</f></m></r>", True),
        (_asks(CHILD), "<r><s><n><f>1</f></n></s><s><n><f>1</f></n></s></r>", True),
        (_asks(CHILD, depth=0), "<r><s><n><f>1</f></n></s><s><n><f>1</f></n></s></r>", False),
        (_asks(CHILD, depth=2), "<r><s><n><f>1</f></n></s><s><n><f>1</f></n></s></r>", False),
        (_asks(CHILD, depth=9), "<r><n><f>1</f></n></r>", True),
        (_asks(CHILD, required=True), "<r><n><f>1</f></n><n/></r>", False),
        (_asks(CHILD, required=True), "<r><n><f/></n></r>", True),
        (_asks(CHILD), "<r><n><f>1</f><f>2</f></n></r>", False),
        (_asks(CHILD), "<r><n><f>1</f><n><f>2</f></n></n></r>", True),
        (_asks(ATTRIBUTE), '<r><n a="1"/><n a="2"/><n/></r>', True),
        (_asks(ATTRIBUTE), '<r><n a="1 x"/><n a="1  x"/></r>', False),
        (_asks(ATTRIBUTE, required=True), '<r><n a="1"/><n/></r>', False),
        (_asks(ITSELF), "<r><n>1</n><n>2</n></r>", True),
        (_asks(ITSELF), "<r><n>1</n><n> 1 </n></r>", False),
        (_asks(ITSELF), f'<r {XSI}><n xsi:type="t">1</n></r>', False),
        (_asks(CHILD, ATTRIBUTE), '<r><n a="1"><f>1</f></n><n a="2"><f>1</f></n><n a="1"/><n a="1"/></r>', True),
        (_asks(CHILD, ATTRIBUTE), '<r><n a="1"><f>1</f></n><n a="1"><f>1</f></n></r>', False),
        (_asks(CHILD, ATTRIBUTE, required=True), '<r><n a="1"><f>1</f></n><n><f>2</f></n></r>', False),
    ],
)
@pytest.mark.parametrize("size", [1, 8, 1_000])
def test_what_is_certain_needs_no_second_look(check: Uniqueness, document: str, *, certain: bool, size: int) -> None:
    assert _is_certain(check, document, size) is certain


@pytest.mark.parametrize(
    ("check", "document"),
    [
        (_asks(CHILD), "<r><n><f>1</f>{0}<f>2</f></n></r>"),
        (_asks(CHILD, Field(child="g")), "<r><n><f>1</f>{0}<g>1</g></n><n><f>1</f>{0}<g>1</g></n></r>"),
    ],
)
def test_nothing_is_certain_of_an_element_that_is_never_in_memory_as_a_whole(
    check: Uniqueness, document: str
) -> None:
    filling = "<x/>" * (HELD_BYTES // 3)

    assert not _is_certain(check, document.format(filling), 65_536)


@given(hashes=st.lists(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 20))), often=st.booleans())
def test_equal_hashes_are_found(hashes: list[list[int]], *, often: bool) -> None:
    packed = PackedHashes()
    seen: list[int] = []
    for some in hashes:
        packed.add(some)
        seen += some
        assert not often or packed.have_doubles() == (len(set(seen)) < len(seen))

    assert packed.have_doubles() == (len(set(seen)) < len(seen))


# --- documents ------------------------------------------------------------------------------------------------------


class _Draw:
    """A document in which everything is unique but for some faults, and little more is wrong."""

    def __init__(self, seed: int, faults: int) -> None:
        self._draw = Random(seed)  # noqa: S311 - documents, not secrets
        self._faults = faults
        self._next = 0

    def document(self) -> str:
        groups = "".join(f"<gruppe>{self._records(0)}</gruppe>{self._blank()}" for _ in range(self._of(4)))
        return f"<r{self._draw.choice(['', f' {XSI}'])}>{groups}</r>"

    def _of(self, number: int) -> int:
        return self._draw.randrange(number)

    def _fails(self) -> bool:
        return self._of(200) < self._faults

    def _records(self, depth: int) -> str:
        return "".join(self._record(depth) + self._blank() for _ in range(self._of(5 if depth < 3 else 1)))

    def _record(self, depth: int) -> str:
        if self._fails():
            return f'<satz {XSI} xsi:nil="true"/>'
        number = "" if self._fails() else f' nr="{self._value()}"'
        names = "".join(f"<name>{self._value()}</name>" for _ in range(2 if self._fails() else self._of(2)))
        short = "" if self._fails() else f"<kurz>{self._value()}</kurz>"
        words = "".join(f"<wort>{self._value()}</wort>" for _ in range(self._of(3)))
        fault = "<fremd/>" if self._fails() and self._fails() else ""
        return f"<satz{number}>{names}{short}{words}{self._records(depth + 1)}{fault}</satz>"

    def _value(self) -> str:
        """A new value, or by mistake an old one; with white space around or within."""
        self._next += 1
        value = f"w {self._of(self._next)}" if self._fails() else f"w {self._next}"
        return self._draw.choice([value, value, f" {value}", f"{value}\n", value.replace(" ", "  ")])

    def _blank(self) -> str:
        return self._draw.choice(["", "\n", "  "] if self._of(10) else ["<!-- x -->"])


def _is_certain(check: Uniqueness, document: str, size: int) -> bool:
    uniqueness = StreamedUniqueness([check])
    for window in Window(_pieces(document.encode(), size), whole=check.names):
        uniqueness.look_at(window)
    return uniqueness.are_fulfilled()


def _record(number: int) -> str:
    return f'<satz nr="n{number}"><kurz>k</kurz></satz>\n'


def _pieces(document: bytes, size: int) -> Iterator[bytes]:
    yield document[:4]  # what a parser has to see to tell the encoding
    for start in range(4, len(document), size):
        yield document[start : start + size]


def _both(validator: Validator, folder: Path, document: str, size: int) -> tuple[Report, Report]:
    path = folder / "document.xml"
    path.write_text(document, encoding="utf-8")
    return _shown(validator.check_file(path, size)), _shown(validator.check(path.read_bytes()))


def _shown(report: Report) -> Report:
    """A report without columns, which are told for small documents alone, and without rules that were not broken."""
    findings = tuple(replace(found, column=0) if found.path else found for found in report.findings)
    return replace(report, findings=findings, counts={rule: count for rule, count in report.counts.items() if count})
