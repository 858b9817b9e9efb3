"""Hostile input is a finding: no crash, no network, little memory, little time."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import Wording
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import Validator
from tests.standards import hostile
from tests.thoroughness import examples

ROOT = Path(__file__).parents[2]
VALIDATOR = Validator.for_folder(ROOT / "schemas")
WORDING = Wording.load()
EXAMPLE = (ROOT / "tests/examples/aufenthalt-antrag-1.0/valid/beschaeftigung-mit-nachweisen.xml").read_bytes()
MEMORY_MIB = 200
SECONDS = 10


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that remembers who asked; nobody may."""
    asked: list[str] = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x", asked
    server.shutdown()


@pytest.mark.parametrize(
    "make",
    [
        hostile.entity_bomb,
        hostile.attribute_bomb,
        hostile.parameter_entity_bomb,
        hostile.quadratic_blowup,
    ],
)
def test_an_entity_bomb_is_refused_for_its_doctype(make: object) -> None:
    report = VALIDATOR.check(make())  # type: ignore[operator]

    assert [finding.rule for finding in report.findings] == ["xml.doctype"]
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "make",
    [
        hostile.external_entity,
        hostile.external_parameter_entity,
        hostile.external_dtd,
        hostile.schema_location,
        hostile.xinclude,
        hostile.stylesheet_instruction,
    ],
)
def test_a_document_cannot_make_us_ask_the_network(make: object, listener: tuple[str, list[str]]) -> None:
    url, asked = listener

    report = VALIDATOR.check(make(url))  # type: ignore[operator]

    assert report.verdict is Verdict.INVALID
    assert asked == []


@pytest.mark.parametrize("make", [hostile.external_entity, hostile.external_parameter_entity, hostile.external_dtd])
def test_a_document_cannot_read_our_files(make: object, tmp_path: Path) -> None:
    secret = tmp_path / "geheim.dtd"
    secret.write_text('<!ENTITY leak "STRENG-GEHEIM">', encoding="utf-8")

    report = VALIDATOR.check(make(secret.as_uri()))  # type: ignore[operator]

    assert [finding.rule for finding in report.findings] == ["xml.doctype"]
    assert "STRENG-GEHEIM" not in repr(report)


def test_ten_thousand_levels_are_too_deep() -> None:
    report = VALIDATOR.check(hostile.deep_nesting())

    assert [finding.rule for finding in report.findings] == ["xml.depth"]


def test_a_hundred_thousand_errors_give_a_capped_list() -> None:
    report = VALIDATOR.check(hostile.many_errors())

    assert report.verdict is Verdict.INVALID
    assert report.findings
    assert len(report.findings) <= Limits().findings


def test_a_flood_of_errors_that_each_count_is_capped_and_says_so(tmp_path: Path) -> None:
    schema = tmp_path / "zahlen.xsd"
    schema.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>'
        '<xs:element name="z" type="xs:int" maxOccurs="unbounded"/>'
        "</xs:sequence></xs:complexType></xs:element></xs:schema>",
        encoding="utf-8",
    )
    document = b"<r>\n" + b"<z>x</z>\n" * 100_000 + b"</r>"

    started = time.process_time()
    report = Validator.for_schema(schema).check(document)

    assert report.capped
    assert len(report.findings) == Limits().findings_per_rule
    assert report.counts == {"xsd.value-type": 100_000}
    assert [finding.line for finding in report.findings[:3]] == [2, 3, 4]
    assert report.findings[24].path == "/r/z[25]"
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("make", [hostile.long_text, hostile.long_name, hostile.many_attribute_errors])
def test_what_is_too_long_is_told_so(make: object) -> None:
    report = VALIDATOR.check(make())  # type: ignore[operator]

    assert [finding.rule for finding in report.findings] == ["xml.limit"]


@pytest.mark.parametrize("name", hostile.WRONG_ENCODINGS)
def test_a_wrong_encoding_is_a_finding(name: str) -> None:
    report = VALIDATOR.check(hostile.WRONG_ENCODINGS[name])

    assert report.verdict is not Verdict.VALID
    assert len(report.findings) == 1


@pytest.mark.parametrize("data", [b"", b" \n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", hostile.noise(1)])
def test_what_is_no_xml_is_a_finding(data: bytes) -> None:
    report = VALIDATOR.check(data)

    assert report.verdict is Verdict.INVALID
    assert report.findings[0].rule.startswith("xml.")


def test_a_document_above_the_limit_is_unchecked_rather_than_valid() -> None:
    small = Validator.for_folder(ROOT / "schemas", Limits(document_bytes=1_000))
    document = next((ROOT / "tests/examples/aufenthalt-antrag-1.0/valid").glob("*.xml")).read_bytes()

    report = small.check(document)

    assert report.verdict is Verdict.UNCHECKED
    assert report.findings[0].rule == "xml.too-large"


def test_thousands_of_dead_references_cost_no_more_than_those_that_are_shown() -> None:
    dead = b'<gehoertZu nachweisRef="gibt-es-nicht"/>'
    prefix = b"a:" if b"<a:" in EXAMPLE else b""
    block = b"".join(
        b"<%snachweisReferenz><%sangabe>anschrift</%sangabe>%s</%snachweisReferenz>"
        % (prefix, prefix, prefix, dead.replace(b"gehoertZu", prefix + b"gehoertZu"), prefix)
        for _ in range(20_000)
    )
    end = EXAMPLE.rindex(b"</")

    started = time.process_time()
    report = VALIDATOR.check(EXAMPLE[:end] + block + EXAMPLE[end:])

    assert report.verdict is Verdict.INVALID
    assert report.capped
    assert time.process_time() - started < SECONDS / 2


@pytest.mark.parametrize("padding", [0, 60_000])
def test_an_encoding_that_cannot_be_streamed_is_checked_all_the_same(padding: int) -> None:
    text = EXAMPLE.decode("utf-8").split("?>", 1)[1]
    document = f"{text}<!--{'x' * padding}-->".encode("utf-32")

    assert VALIDATOR.check(document).verdict is not Verdict.UNCHECKED


_MEASURED = """
import re, sys, time
from pathlib import Path
from ozgflow.standards.validator import Validator
from tests.standards import hostile
validator = Validator.for_folder(Path("schemas"))
started = time.process_time()
validator.check(getattr(hostile, sys.argv[1])())
# VmHWM begins anew with the program; the peak that getrusage reports is inherited from the test run.
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024, time.process_time() - started)
"""


@pytest.mark.parametrize(
    "name",
    ["entity_bomb", "quadratic_blowup", "deep_nesting", "many_errors", "many_attribute_errors", "long_text"],
)
def test_hostile_input_costs_little_memory_and_time(name: str) -> None:
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURED, name], cwd=ROOT, capture_output=True, text=True, check=True
    )

    mebibytes, seconds = measured.stdout.split()
    assert int(mebibytes) < MEMORY_MIB
    assert float(seconds) < SECONDS


@given(data=st.binary(max_size=2_000))
@settings(max_examples=examples(300), deadline=None)
def test_no_bytes_make_the_validator_stumble(data: bytes) -> None:
    assert VALIDATOR.check(data).verdict is not Verdict.VALID


@given(place=st.integers(0, len(EXAMPLE) - 1), junk=st.binary(min_size=1, max_size=8))
@settings(max_examples=examples(300), deadline=None)
def test_no_change_to_a_document_makes_the_validator_stumble(place: int, junk: bytes) -> None:
    changed = EXAMPLE[:place] + junk + EXAMPLE[place + len(junk) :]

    for finding in VALIDATOR.check(changed).findings:
        assert WORDING.render(finding.message)
