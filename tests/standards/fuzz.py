"""Fuzzing in a process of its own: ``python -m tests.standards.fuzz`` checks mutated documents.

Nothing is expected of the verdicts. Checking must not raise, take long, ask the network, or say a value of the
document: a mark is planted in texts and attributes, and looked for in all that is said. Names are shown, so one
in which the mark has become part of a name proves nothing.
"""

import argparse
import base64
import json
import re
import resource
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from lxml import etree

from ozgflow.domain.acceptance import AcceptanceWindow, decide
from ozgflow.domain.findings import Report
from ozgflow.domain.messages import Language, Wording
from ozgflow.jobs.bundle_adding import Wishes, add_bundles
from ozgflow.reports.validation import CheckedDocument, ValidationReport
from ozgflow.reports.validation_formats import WRITERS
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import Validator

ROOT = Path(__file__).parents[2]
EXAMPLES = tuple(path.read_bytes() for path in sorted((ROOT / "tests/examples").glob("*/*/*.xml")))
MARK = "Qx7Geheim"
SECONDS = 2.0
LIMITS = Limits(findings=30)
"""As ever, but for fewer findings: writing reports takes most of the time."""
_BATCH = 50
_DAY = date(2026, 11, 22)
_LARGEST = 200_000

# Values that try to pass for a fact of the schema within the engines' own sentences, and values hard to check.
POSES = (
    "{}",
    "x' is not a valid value of the atomic type '{}",
    "does not match the fixed value constraint '{}'.",
    "is not an element of the set {{'{}'}}.",
    "Expected is ( {} ).",
    "attribute '{}': The attribute '{}' is required but missing.",
    "exceeds the allowed maximum length of '{}'.",
    "{} ist falsch (Zeile 3), {{0}} {{name}} %s",
    "<b>{}</b>&amp;",
    "\u202e{}\u0301",
)
HARD = (
    "m\u0302" * 12 + "汉",
    "a\u0301\u0302" * 40 + "汉",
    "99999999999-05-04",
    " 99999999999-05-04 ",
    "-0001-02-30",
    "9" * 400,
    "1e99999",
    "a" * 5_000,
    "P99999999999999Y",
    "24:00:00",
    "\u00a0",
    "((((((((((",
    "%" * 200,
    "0101 " * 50,
)
TOKENS = (
    *(
        b"<![CDATA[",
        b"]]>",
        b"&#x0;",
        b"&#x301;",
        b"&#1114112;",
        b"&amp;",
        b"&lt;",
        b"&nbsp;",
        b"xmlns:",
        b'xmlns=""',
    ),
    *(
        b"<!--",
        b"-->",
        b"--",
        b"<?x?>",
        b"<?xml version='1.0'?>",
        b"<!DOCTYPE a>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a">',
    ),
    *(
        b"<a>",
        b"</a>",
        b"<a/>",
        b"<",
        b">",
        b'"',
        b"'",
        b"=",
        b"/",
        b"{",
        b"}",
        b"\x00",
        b"\x7f",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ),
    *(
        b"\xcc\x81",
        b"\xee\x80\x80",
        b"\xf4\x8f\xbf\xbf",
        b"\xed\xa0\x80",
        b"\xc0\xbc",
        b"\xe2\x80\xae",
        b"\r\n",
        b"\xc2\x85",
    ),
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="auf:PersonType"',
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema&#45;instance" xsi:nil="true"',
    *(
        b' listURI="urn:a"',
        b' listVersionID="0"',
        b' id="a"',
        b' xml:lang="de"',
        b"<code>",
        b"</code>",
        b"urn:",
        b":1.1",
    ),
)
RUNS = (b"a" * 12_000, b"<a>" * 300, b" " * 6_000, b"\n" * 3_000, b"\xcc\x81" * 500, b"9" * 3_000, b"&#65;" * 500)
ENCODINGS = (
    b"UTF-16",
    b"UTF-32",
    b"ISO-8859-1",
    b"US-ASCII",
    b"windows-1252",
    b"UTF-7",
    b"EBCDIC-CP-US",
    b"nirgends",
)
_VALUE = re.compile(rb'(?<=>)[^<>]{1,200}(?=<)|(?<==")[^"<>]{1,200}(?=")')

Mutate = Callable[[bytes, Random], bytes]


def _place(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 1, 2, 5, 20, 200)))


def _flip(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + bytes([(data[at] if data else 0) ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _insert(data: bytes, rng: Random) -> bytes:
    at, _ = _place(data, rng)
    return data[:at] + rng.randbytes(rng.randint(1, 4)) + data[at:]


def _delete(data: bytes, rng: Random) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: Random) -> bytes:
    start, end = _place(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]


def _splice(data: bytes, rng: Random) -> bytes:
    other = rng.choice(EXAMPLES)
    return data[: _place(data, rng)[0]] + other[_place(other, rng)[0] :]


def _token(data: bytes, rng: Random) -> bytes:
    at, _ = _place(data, rng)
    return data[:at] + rng.choice(TOKENS) + data[at:]


def _run(data: bytes, rng: Random) -> bytes:
    at, _ = _place(data, rng)
    return data[:at] + rng.choice(RUNS) + data[at:]


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: _place(data, rng)[0]]


def _encoding(data: bytes, rng: Random) -> bytes:
    """Another encoding declared, or used, or both."""
    name = rng.choice(ENCODINGS)
    declared = data.replace(b"UTF-8", name, 1) if rng.random() < 0.7 else data
    if rng.random() < 0.5 and name in (b"UTF-16", b"UTF-32", b"ISO-8859-1"):
        return declared.decode("utf-8", errors="replace").encode(name.decode(), errors="replace")
    return declared


def _value(data: bytes, rng: Random) -> bytes:
    """Another value where one stands: planted, posing or hard to check."""
    found = [one.span() for one in _VALUE.finditer(data)]
    if not found:
        return data
    start, end = rng.choice(found)
    pose = rng.choice(POSES).replace("{}", MARK).replace("{{", "{").replace("}}", "}")
    value = rng.choice((pose, pose, rng.choice(HARD), rng.choice(HARD) + MARK))
    return data[:start] + value.replace("<", "&lt;").replace('"', "&quot;").encode() + data[end:]


_STEPS: Sequence[Mutate] = (
    _flip,
    _insert,
    _delete,
    _repeat,
    _splice,
    _token,
    _token,
    _run,
    _cut,
    _encoding,
    _value,
    _value,
)


def planted(data: bytes, rng: Random) -> bytes:
    """A document with the mark in some of its values."""
    share = rng.choice((0.05, 0.3, 1.0))

    def plant(found: re.Match[bytes]) -> bytes:
        value = found[0]
        if rng.random() > share or value.startswith((b"urn:", b"1.", b"UTF", b"ISO")) or not value.strip():
            return value
        at = rng.randint(0, len(value))
        return value[:at] + MARK.encode() + value[at:]

    return _VALUE.sub(plant, data)


def mutated(data: bytes, rng: Random) -> bytes:
    """A document after some mutations."""
    if rng.random() < 0.6:
        data = planted(data, rng)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 5, 8))):
        data = rng.choice(_STEPS)(data, rng)
    return data[:_LARGEST]


@dataclass(slots=True)
class Fuzz:
    """One run over many documents.

    Attributes:
        validator: what is tried.
        failures: what went wrong, by what it is; the first document that showed it.
        slowest: seconds of the slowest document.
        inputs: how many were checked.
    """

    validator: Validator
    failures: dict[str, bytes] = field(default_factory=dict)
    slowest: float = 0.0
    inputs: int = 0
    _batch: list[tuple[bytes, CheckedDocument]] = field(default_factory=list)

    def check(self, data: bytes) -> Report | None:
        """Check one document, and everything that is said about it."""
        self.inputs += 1
        started = time.process_time()  # other processes may keep us waiting
        report = self._report(data)
        took = time.process_time() - started
        self.slowest = max(self.slowest, took)
        if took > SECONDS:
            self._fail(f"took more than {SECONDS} s", data)
        if report is None:
            return None
        if _is_told(_said(report)) and not _is_name(data):
            self._fail(f"a value is told by {'+'.join(sorted({one.rule for one in report.findings}))}", data)
        name = f"dokument-{self.inputs}.xml"
        decision = decide(report, AcceptanceWindow(), as_of=_DAY)
        self._batch.append((data, CheckedDocument(name=name, report=report, decision=decision, from_store=False)))
        if len(self._batch) == _BATCH:
            self.flush()
        return report

    def flush(self) -> None:
        """Write the reports on what was checked in all formats; the languages take turns."""
        language = list(Language)[self.inputs // _BATCH % len(Language)]
        if _is_told("".join(_written([one for _, one in self._batch], language))):
            for data, one in self._batch:
                if _is_told("".join(_written([one], language))) and not _is_name(data):
                    self._fail("a value is told by a format", data)
        self._batch.clear()

    def _report(self, data: bytes) -> Report | None:
        # Whatever escapes is what we are here to find, so it is told apart by place and looked at.
        try:
            return self.validator.check(data)
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError) as error:
            self._fail(_where(error), data)
        except (OSError, RuntimeError, MemoryError, StopIteration, etree.LxmlError) as error:
            self._fail(_where(error), data)
        return None

    def _fail(self, what: str, data: bytes) -> None:
        self.failures.setdefault(what, data)


def _where(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "ozgflow" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__} at {place}"


def _said(report: Report) -> str:
    """All sentences, hints and paths in both languages, and the report itself."""
    wordings = [Wording.load(language) for language in Language]
    sentences = (
        wording.render(finding.message) + wording.render(finding.hint) + finding.path
        for finding in report.findings
        for wording in wordings
    )
    return "".join(sentences) + repr(report)


def _written(documents: Sequence[CheckedDocument], language: Language) -> Iterator[str]:
    batch = ValidationReport(created_at=datetime(2026, 11, 22, tzinfo=UTC), as_of=_DAY, documents=tuple(documents))
    for write in WRITERS.values():
        yield write(batch, Wording.load(language))


def _is_told(text: str) -> bool:
    return MARK.lower() in text.lower()


def _is_name(data: bytes) -> bool:
    """Whether the mark is part of a name of an element, an attribute, or a prefix."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return False
    if root is None:
        return False
    names = (name for one in root.iter("*") for name in (str(one.tag), *map(str, one.attrib), str(one.prefix)))
    return any(_is_told(name.rpartition("}")[2]) for name in names)


class BlockedSocket:
    """Stands in for every socket: asking the network is an error."""

    def __init__(self, *_arguments: object, **_named: object) -> None:
        raise OSError("the network was asked")


def block_network() -> None:
    """From now on, nobody in this process gets a socket."""
    socket.socket = BlockedSocket  # type: ignore[assignment,misc]
    socket.create_connection = BlockedSocket  # type: ignore[assignment]
    socket.getaddrinfo = BlockedSocket  # type: ignore[assignment]


def _validator(shared: Path | None, home: Path) -> tuple[Validator, tuple[bytes, ...]]:
    """The validator for our bundles, and for published ones that lie beside the project, with documents of all."""
    if shared is None:
        return Validator.for_folder(ROOT / "schemas", LIMITS), EXAMPLES
    for source in ("xwasser", "xdomea"):
        add_bundles(shared / source, schemas=ROOT / "schemas", added=home, wishes=Wishes())
    published = tuple(path.read_bytes() for path in sorted(shared.glob("x[wd]*/instances/**/*.xml")))
    return Validator.for_folder(ROOT / "schemas", LIMITS, added=home), EXAMPLES + published


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print what it came to as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--mib", type=int, default=0)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--home", type=Path, default=Path("bundles"))
    wanted = parser.parse_args(arguments)
    if wanted.mib:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted.mib * 1024 * 1024,) * 2)
    block_network()
    validator, documents = _validator(wanted.shared, wanted.home)
    fuzz = Fuzz(validator)
    started = time.perf_counter()
    for number in range(wanted.count):
        rng = Random(f"{wanted.seed} {number}")  # noqa: S311 - not for secrets
        fuzz.check(mutated(rng.choice(documents), rng))
    fuzz.flush()
    told = {
        "inputs": fuzz.inputs,
        "seconds": round(time.perf_counter() - started, 1),
        "slowest": round(fuzz.slowest, 3),
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "failures": {what: base64.b64encode(data).decode() for what, data in fuzz.failures.items()},
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
