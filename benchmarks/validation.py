"""Validation against the bare loop and against the tools it is built on, side by side in one run.

The bare loop is what nobody can beat without a faster parser: ``lxml`` parses a document and ``XMLSchema`` validates
the tree. The ladder does this and more: it hashes the document, refuses what is hostile, finds the bundle, checks
identities and makes a report. The two take turns, and medians of the pairs' ratios are printed, so that a machine
that slows down in between slows both. Small documents are the hard case: what the ladder adds costs the same for all.

Run with ``python -m benchmarks.validation``.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from ozgflow.domain.findings import Verdict
from ozgflow.jobs.validation import check_files
from ozgflow.sandbox.messages import FLAWS, application
from ozgflow.standards.bundles import load_bundles
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.validator import Validator
from ozgflow.storage.database import Database

ROOT = Path(__file__).parents[1]
ROUNDS = 7
DOCUMENTS = 400
ERRORS = 100_000


def main() -> None:
    """Measure and print."""
    validator = Validator.for_folder(ROOT / "schemas")
    compiled = CompiledBundle(load_bundles(ROOT / "schemas").bundles[0])
    valid = [_document(number) for number in range(DOCUMENTS)]
    mixed = [FLAWS["fehlendes-element"](text) if number % 10 == 0 else text for number, text in enumerate(valid)]
    good, some_bad = [text.encode() for text in valid], [text.encode() for text in mixed]
    if any(validator.check(data).verdict is not Verdict.VALID for data in good):
        sys.exit("the documents of the benchmark are not valid")
    few = good[:20]
    print(f"documents of {statistics.median(map(len, good)):.0f} bytes, {ROUNDS} rounds, ratios of speed, one core")
    bare = _all(lambda data: compiled.schema.validate(etree.fromstring(data)), good)
    ladder = _all(validator.check, good)
    _print("ladder with report / bare lxml loop", bare, ladder)
    with tempfile.TemporaryDirectory() as folder:
        _print("ladder with stored result / bare lxml loop", bare, _stored(validator, good, Path(folder)))
    referee = compiled.referee
    _print(
        "ladder / xmlschema alone",
        _all(lambda d: referee.is_valid(etree.fromstring(d)), few),
        _all(validator.check, few),
    )
    _print("10 % invalid / all valid", ladder, _all(validator.check, some_bad))
    _errors()


def _errors() -> None:
    """A flood of errors against the same file without: time, not speed."""
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "zahlen.xsd"
        schema.write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>'
            '<xs:sequence><xs:element name="z" type="xs:int" maxOccurs="unbounded"/></xs:sequence>'
            "</xs:complexType></xs:element></xs:schema>",
            encoding="utf-8",
        )
        validator = Validator.for_schema(schema)
        clean = b"<r>" + b"<z>1</z>\n" * ERRORS + b"</r>"
        wrong = b"<r>" + b"<z>x</z>\n" * ERRORS + b"</r>"
        _print(f"time of {ERRORS} errors / none", _all(validator.check, [wrong]), _all(validator.check, [clean]))


def _document(number: int) -> str:
    return application(seed=1, ars="120620000000", authority="Elbe-Elster", service="99010001001009", number=number)


def _all(check: Callable[[bytes], object], documents: Sequence[bytes]) -> Callable[[], None]:
    def run() -> None:
        for data in documents:
            check(data)

    return run


def _stored(validator: Validator, documents: Sequence[bytes], folder: Path) -> Callable[[], None]:
    """The whole way of ``ozgflow validate`` into an empty database: read the file, look it up, check, keep it."""
    paths = []
    for number, data in enumerate(documents):
        paths.append(folder / f"{number}.xml")
        paths[-1].write_bytes(data)
    empty = [Database(f"sqlite:///{folder / f'{number}.db'}") for number in range(ROUNDS + 1)]
    for database in empty:
        database.upgrade()

    def run() -> None:
        database = empty.pop()
        for _ in check_files(validator, paths, database=database, now=datetime.now(UTC)):
            pass
        database.close()

    return run


def _print(label: str, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Take turns and print how much faster the second is, pair by pair."""
    first()
    second()
    ratios = []
    for _ in range(ROUNDS):
        ratios.append(_seconds(first) / _seconds(second))
    print(f"{label:<44} {statistics.median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")


def _seconds(run: Callable[[], None]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main()
