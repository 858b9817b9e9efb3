"""Documents read piece by piece: what is found in a tree is found in pieces too, within bounds of time and memory."""

import hashlib
import random
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.findings import Finding, Report, StepState, Verdict
from ozgflow.domain.rules import RULES, Step
from ozgflow.standards.bundles import BundleCatalogue, bundle_for_schema
from ozgflow.standards.parsing import Limits
from ozgflow.standards.streamed_checks import _shortest
from ozgflow.standards.streamed_file import StreamedFile
from ozgflow.standards.streamed_identities import PackedValues
from ozgflow.standards.streamed_judge import MOST_ERRORS
from ozgflow.standards.streamed_lines import lines_of
from ozgflow.standards.validator import Validator
from tests.standards.registers import HEAD, LIST, record, register, register_validator
from tests.standards.schemas import element, root_of, write

LIMITS = Limits(findings=10_000, findings_per_rule=5_000)
SIZES = (1, 2, 3, 7, 40, 64, 300, 4_096)
PIECES = (64, 1_000, 65_536)
ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests" / "examples").glob("*/*valid/*.xml"))
RULES_BROKEN = {
    "xsd.element-unexpected",
    "xsd.value-type",
    "xsd.id-duplicate",
    "xsd.idref-unresolved",
    "codes.unknown-code",
}
TEXTS = (
    "",
    "a",
    "ä",
    "Ω",
    "e\u0301",
    "\u0301",
    "\u0378",
    "  ",
    "\n",
    "&amp;",
    "&#x301;",
    "<!-- c -->",
    "<?p i?>",
    " " * 400,
    "\r\n",
    " \r",
)
DECLARATIONS = ("", '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="{}"?>\n<!-- ä -->\n')


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    """A validator for registers that lists all findings."""
    found = register_validator(tmp_path_factory.mktemp("register"))
    found.limits = LIMITS
    return found


@pytest.fixture(scope="module")
def ours() -> Validator:
    return Validator.for_folder(ROOT / "schemas")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


# --- the same as in a tree ------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from(SIZES))
def test_any_document_gets_the_same_report_in_pieces_of_any_size(
    validator: Validator, folder: Path, seed: int, size: int
) -> None:
    document = _any_document(random.Random(seed))  # noqa: S311 - documents, not secrets

    in_pieces, whole = _both(validator, folder, document, size)

    assert in_pieces == whole


@pytest.mark.parametrize("size", PIECES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_an_example_has_the_same_findings_in_pieces(ours: Validator, path: Path, size: int) -> None:
    in_pieces, whole = ours.check_file(path, size), ours.check(path.read_bytes())

    assert _without_schematron(in_pieces) == _without_schematron(whole)
    assert in_pieces.proof.document == whole.proof.document


@pytest.mark.parametrize("size", PIECES)
def test_many_records_with_faults_here_and_there_have_the_same_findings(
    validator: Validator, folder: Path, size: int
) -> None:
    draw = random.Random(7)  # noqa: S311 - which records are faulty
    document = register(HEAD, *(_now_and_then_faulty(number, draw.random()) for number in range(3_000))).encode()

    in_pieces, whole = _both(validator, folder, document, size)

    assert in_pieces == whole
    assert {found.rule for found in whole.findings} >= RULES_BROKEN


def test_rules_of_schematron_leave_a_large_document_unchecked(ours: Validator) -> None:
    path = next(path for path in EXAMPLES if "1.1" in path.parts[-3] and path.parts[-2] == "valid")

    report = ours.check_file(path)

    assert report.verdict is Verdict.UNCHECKED
    assert [one.rule for one in report.findings if one.rule.startswith("schematron")] == ["schematron.too-large"]
    assert {one.step: one.state for one in report.proof.steps}[Step.SCHEMATRON] is StepState.STOPPED


@pytest.mark.parametrize("size", [1, 5, 64])
def test_a_document_that_is_cut_off_anywhere_is_refused_in_the_same_words(
    validator: Validator, folder: Path, size: int
) -> None:
    document = register(HEAD, record(1), "<!-- ä -->", record(2, more="<notiz>a<b>b</b></notiz>")).encode()

    for end in range(0, len(document), 9):
        in_pieces, whole = _both(validator, folder, document[:end], size)
        assert in_pieces == whole


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" \n ",
        b"kein XML",
        b"<a>" * 3_000,
        b"<x:a/>",
        b"<a/>\n<b/>",
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b"<!DOCTYPE a><a>",
        b'<?xml version="1.0" encoding="nirgends"?><a/>',
        b'<?xml version="1.0" encoding="UTF-8"?><a>\xff</a>',
        b"<fremd/>",
        b"<fremd>",
        "<a>ä</b>".encode("utf-16"),
        b"<a " + b" ".join(b'n%d=""' % number for number in range(9_000)) + b"/>",
    ],
    ids=range(14),
)
def test_what_is_refused_is_refused_in_the_same_words(validator: Validator, folder: Path, document: bytes) -> None:
    in_pieces, whole = _both(validator, folder, document, 64)

    assert in_pieces == whole


def test_a_crowded_element_is_refused_before_it_makes_libxml2_slow(validator: Validator, folder: Path) -> None:
    crowd = " ".join(f'n{number}="{"&gt;" if number % 2 else ">"}"' for number in range(40_000))
    document = register(record(1), attributes=f" {crowd}").encode()
    began = time.process_time()

    report = _check(validator, folder, document, 131_072)

    assert [found.rule for found in report.findings] == ["xml.limit"]
    assert time.process_time() - began < 5


def test_an_encoding_that_cannot_be_read_in_pieces_leaves_a_document_unchecked(
    validator: Validator, folder: Path
) -> None:
    document = register(record(1), declaration="").encode("utf-32")

    report = _check(validator, folder, document, 64)

    assert report.verdict is Verdict.UNCHECKED


def test_a_key_is_held_against_the_one_beside_it_wherever_the_pieces_end(validator: Validator, folder: Path) -> None:
    places = "<ort><ars>120600020020</ars>{}<ags>12064473</ags></ort>"
    document = register(record(1, more=places.format("\n" * 40)), record(2, more=places.format(""))).encode()

    for size in range(1, 60):
        in_pieces, whole = _both(validator, folder, document, size)
        assert in_pieces == whole
    assert whole.counts["key.ars-ags-differ"] == 2


def test_the_second_of_two_equal_identities_is_told_even_if_the_first_stays_open(
    validator: Validator, folder: Path
) -> None:
    inner = "".join(f'<satz id="i{number}"><name>a</name></satz>' for number in range(50))
    document = register(f'<satz id="i7"><name>a</name>{inner}</satz>', record(1)).encode()

    report = _check(validator, folder, document, 64)

    assert [(found.rule, found.path) for found in report.findings] == [
        ("xsd.id-duplicate", "/register/satz[1]/satz[8]/@id")
    ]


def test_characters_between_elements_that_are_gone_count(validator: Validator, folder: Path) -> None:
    text = "".join(f"<b>{number}</b>{'e' if number != 300 else 'e' + chr(0x301)}" for number in range(600))
    document = register(record(1, more=f"<notiz>{text}</notiz>")).encode()

    in_pieces, whole = _both(validator, folder, document, 64)

    assert in_pieces == whole
    assert whole.counts == {"characters.not-nfc": 1}


def test_characters_of_a_start_tag_count_wherever_the_pieces_end(validator: Validator, folder: Path) -> None:
    values = ("e\u0301" if number % 6 == 0 else "e" for number in range(60))
    document = register(*(f'<satz x="{value}"><name>a</name></satz>' for value in values)).encode()

    for size in range(60, 200, 3):
        report = _check(validator, folder, document, size)
        assert report.counts["characters.not-nfc"] == 10


def test_a_header_that_is_too_long_to_be_held_leaves_the_document_unchecked(
    validator: Validator, folder: Path
) -> None:
    head = HEAD.replace("<nachrichtenUUID>", f"<nachrichtenUUID>{' ' * 2_000_000}")

    report = _check(validator, folder, register(head, record(1)).encode(), 131_072)

    assert report.verdict is Verdict.UNCHECKED
    assert [(found.rule, found.path) for found in report.findings] == [
        ("header.too-large", "/register/nachrichtenkopf.g2g")
    ]
    assert {one.step: one.state for one in report.proof.steps}[Step.HEADER] is StepState.STOPPED


# --- places ---------------------------------------------------------------------------------------------------------


def test_lines_are_exact_beyond_those_that_libxml2_can_count(validator: Validator, folder: Path) -> None:
    draw = random.Random(5)  # noqa: S311 - documents, not secrets
    lines, line, records = [], 2, []
    for number in range(30_000):
        blank = "\n" * draw.randrange(3)
        tag = draw.choice(["<satz>", f'<satz\n  nr="{number}">', "<satz\n\n>"])
        line += blank.count("\n") + tag.count("\n")
        records.append(f"{blank}{tag}{'<falsch/>' if number % 1_500 == 7 else '<name>a</name>'}\n\n</satz>")
        lines += [line] if number % 1_500 == 7 else []
        line += 2
    document = register(*records).encode()

    report = _check(validator, folder, document, 65_536)

    assert line > 66_000
    assert [found.line for found in report.findings if found.rule == "xsd.element-unexpected"] == lines


def test_the_line_of_an_element_is_where_its_start_tag_ends(folder: Path) -> None:
    path = folder / "lines.xml"
    path.write_text('<?xml version="1.0"?>\n<r a="1"\n b=">\n"\n>\n<a/><b\n/>\n</r>', encoding="utf-8")

    assert lines_of({0, 1, 2}, StreamedFile(path, 64)) == {0: 5, 1: 6, 2: 7}


@pytest.mark.parametrize("siblings", [1, 2, 900])
def test_the_first_of_several_is_numbered_even_if_the_others_come_much_later(
    validator: Validator, folder: Path, siblings: int
) -> None:
    later = "".join(record(number) for number in range(1, siblings))
    document = register(record(0, born="gestern"), later).encode()

    report = _check(validator, folder, document, 64)

    position = "[1]" if siblings > 1 else ""
    assert [found.path for found in report.findings] == [f"/register/satz{position}/geburt"]


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_counting_ends_somewhere_and_the_report_says_so(validator: Validator, folder: Path) -> None:
    document = register(*["<satz><falsch/></satz>"] * (MOST_ERRORS + 60_000)).encode()

    report = _check(validator, folder, document, 131_072, limits=Limits())

    assert not report.counted
    assert report.counts["xsd.element-unexpected"] > MOST_ERRORS
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize("megabytes", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_memory_does_not_grow_with_the_document(folder: Path, tmp_path: Path, megabytes: int) -> None:
    schema = write(tmp_path, "s.xsd", root_of(element("a", 'xs:string" maxOccurs="unbounded')))
    path = folder / "large.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write("<r>")
        for _ in range(megabytes):
            file.write(f"<a>{'Text ' * 40}</a>\n" * 4_950)
        file.write("</r>")

    grown, verdict = _memory_of(schema, path)

    assert verdict == "valid"
    assert grown < 40


def test_memory_hardly_grows_with_values_that_must_be_unique(folder: Path, tmp_path: Path) -> None:
    unique = '<xs:unique name="u"><xs:selector xpath="a"/><xs:field xpath="."/></xs:unique></xs:element>'
    body = root_of(element("a", 'xs:string" maxOccurs="unbounded')).removesuffix("</xs:element>") + unique
    path = folder / "unique.xml"
    path.write_text(f"<r>{''.join(f'<a>Wert {number}</a>' for number in range(500_000))}</r>", encoding="utf-8")

    grown, verdict = _memory_of(write(tmp_path, "s.xsd", body), path)

    assert verdict == "valid"
    assert grown < 40


def test_libxml2_giving_up_is_no_verdict(tmp_path: Path) -> None:
    kind = '<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:pattern value="(.*a){12}"/></xs:restriction>'
    schema = write(tmp_path, "s.xsd", f"{kind}</xs:simpleType>{root_of(element('t', 'T'), element('u', 'xs:int'))}")
    path = tmp_path / "d.xml"
    path.write_text(f"<r><t>{'a' * 60}!</t><u>x</u></r>", encoding="utf-8")

    in_pieces = Validator.for_schema(schema).check_file(path)
    whole = Validator.for_schema(schema).check(path.read_bytes())

    assert whole.verdict is Verdict.UNCHECKED
    assert _shown(in_pieces) == _shown(whole)


def test_a_file_that_changes_while_it_is_read_is_noticed(folder: Path) -> None:
    path = folder / "changing.xml"
    path.write_text("<a/>", encoding="utf-8")
    file = StreamedFile(path, 64)

    path.write_text("<a>1</a>", encoding="utf-8")

    assert file.has_changed


def test_the_proof_names_the_file_as_it_is(validator: Validator, folder: Path) -> None:
    document = register(record(1)).encode()

    assert _check(validator, folder, document, 64).proof.document == hashlib.sha256(document).hexdigest()


def test_a_second_opinion_is_had_of_the_whole_document(folder: Path, tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", root_of(element("a", "xs:date")))
    asking = Validator(BundleCatalogue(bundles=(bundle_for_schema(schema),)), second_opinion=True)
    path = folder / "small.xml"
    path.write_text("<r><a>morgen</a></r>", encoding="utf-8")

    assert asking.check_file(path) == asking.check(path.read_bytes())


# --- what is kept in place of a document ----------------------------------------------------------------------------


@given(values=st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=3)))
def test_packed_values_are_all_there_and_equal_ones_together(values: list[str]) -> None:
    packed = PackedValues()
    for value in values:
        packed.add([value])

    parts = list(packed.parts())

    assert sorted(value for part in parts for value in part) == sorted(values)
    assert sum(len(set(part)) for part in parts) == len(set(values))


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.sampled_from("aä\u0301\u0308\u0323ΩÅ\u212b\u1100\u1161\u0378")))
def test_a_text_that_is_shortened_breaks_the_same_rules(text: str) -> None:
    long = f"a{text}" * 70_000

    short = _shortest(long)

    assert len(short) < len(long)
    assert set(short) == set(long)
    assert unicodedata.is_normalized("NFC", short) == unicodedata.is_normalized("NFC", long)


# --- documents ------------------------------------------------------------------------------------------------------


def _any_document(draw: random.Random) -> bytes:
    """A register with all kinds of faults, in some encoding, perhaps damaged."""
    encoding = draw.choice(["UTF-8", "UTF-8", "UTF-8", "UTF-16", "ISO-8859-1"])
    declaration = draw.choice(DECLARATIONS[:2] if encoding == "UTF-8" else DECLARATIONS[2:]).format(encoding)
    head = draw.choice([HEAD, HEAD, "", HEAD.replace("01234567", "x"), HEAD.replace("+01:00", "")])
    parts = [head, *(_any_record(draw, 0) for _ in range(draw.randrange(6)))]
    attributes = draw.choice(["", ' test="1"', ' test="Ω"'])
    text = register(*(parts if draw.random() < 0.8 else parts[::-1]), attributes=attributes, declaration=declaration)
    data = text.encode(encoding, "xmlcharrefreplace")
    place = draw.randrange(len(data))
    damage = draw.choice([b"", b"<", b"&", bytes([draw.randrange(256)])])
    return data if draw.random() < 0.75 else data[:place] + damage + data[place + draw.randrange(2) :]


def _now_and_then_faulty(number: int, chance: float) -> str:
    if chance < 0.9:
        return record(number)
    return [
        record(number, born="1990-02-30"),
        record(number, code="03"),
        record(number, more="<!-- x --><notiz>a<b>b</b>c</notiz>"),
        record(number, more="<fremd/>"),
        record(max(number - 1, 0)),
        record(number, refers="s0 nirgends"),
        record(number, more="<ort><ars>120640472472</ars><ags>12064473</ags></ort>"),
        f"<!-- {number} -->\n<?x y?>{record(number)}",
    ][int(chance * 1_000) % 8]


def _any_record(draw: random.Random, depth: int) -> str:
    def text() -> str:
        return "".join(draw.choice(TEXTS) for _ in range(draw.randrange(4)))

    names = "".join(f"<name>{text()}</name>" for _ in range(draw.choice([1, 1, 0, 4])))
    born = draw.choice(
        ["", "<geburt>2020-01-01</geburt>", "<geburt> 2020-01-01 </geburt>", f"<geburt>{text()}</geburt>"]
    )
    codes = "".join(
        f'<art listURI="{draw.choice([LIST, LIST, "urn:x"])}" listVersionID="{draw.choice("221")}">'
        f"{draw.choice(['', '', text()])}<code>{draw.choice(['01', '02', '03', text()])}</code></art>"
        for _ in range(draw.choice([0, 1, 3]))
    )
    place = draw.choice(
        ["", "<ort><ars>120600020020</ars><ags>12064473</ags></ort>", "<ort><ars>12</ars></ort>", "<x/>"]
    )
    note = draw.choice(["", f"<notiz>{text()}<b>{text()}</b>{text()}<b/>{text()}</notiz>"])
    inner = "".join(
        _any_record(draw, depth + 1) + text() for _ in range(draw.choice([0, 0, 1, 3]) if depth < 3 else 0)
    )
    attributes = draw.choice(
        ["", f' id="s{draw.randrange(9)}"', f' id="s{draw.randrange(9)}" zu="s1 s{draw.randrange(12)}"']
    )
    number = draw.choice(["", f' nr="{draw.randrange(9)}"', ' nr="x"'])
    return f"<satz{attributes}{number}>{draw.choice(['', chr(10)])}{names}{born}{codes}{place}{note}{inner}</satz>"


# --- checks ---------------------------------------------------------------------------------------------------------


def _check(validator: Validator, folder: Path, document: bytes, size: int, limits: Limits = LIMITS) -> Report:
    path = folder / "document.xml"
    path.write_bytes(document)
    validator.limits = limits
    try:
        return validator.check_file(path, size)
    finally:
        validator.limits = LIMITS


def _both(validator: Validator, folder: Path, document: bytes, size: int) -> tuple[Report, Report]:
    return _shown(_check(validator, folder, document, size)), _shown(validator.check(document))


def _shown(report: Report) -> Report:
    """A report without columns, which are told for small documents alone, and without rules that were not broken."""
    findings = tuple(replace(found, column=0) if found.path else found for found in report.findings)
    return replace(report, findings=findings, counts={rule: count for rule, count in report.counts.items() if count})


def _without_schematron(report: Report) -> list[Finding]:
    return [one for one in _shown(report).findings if RULES[one.rule].step is not Step.SCHEMATRON]


def _memory_of(schema: Path, document: Path) -> tuple[float, str]:
    """By how many megabytes a new process grows while it checks a document, and the verdict."""
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from ozgflow.standards.validator import Validator\n"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "validator, before = Validator.for_schema(Path(sys.argv[1])), used()\n"
        "verdict = validator.check_file(Path(sys.argv[2])).verdict\n"
        "print(used() - before, verdict)\n"
    )
    command = [sys.executable, "-c", program, str(schema), str(document)]
    grown, verdict = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(grown), verdict
