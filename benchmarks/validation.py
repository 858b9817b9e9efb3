"""Validation against the bare loop and against the engines it is built on, side by side in one run.

The bare loop is what nobody can beat without a faster engine: ``lxml`` parses a document and ``XMLSchema`` validates
the tree. The ladder does this and more: it hashes the document, refuses what is hostile, finds the bundle, looks at
characters, checks identities, codes, keys and the header, and makes a report. Ratios are of processor time, or of
time on the clock where several processes work; above 1, the ladder is faster.

Run with ``python -m benchmarks.validation``.
"""

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from lxml import etree

from benchmarks.documents import SCHEMAS, every, message, wrong
from benchmarks.measuring import ratio, wall_seconds
from ozgflow.domain.findings import Verdict
from ozgflow.jobs.pool import PoolPlan, check_in_processes
from ozgflow.jobs.validation import check_files
from ozgflow.jobs.validation_run import ValidatorPlan
from ozgflow.standards.bundles import BundleCatalogue, bundle_for_schema
from ozgflow.standards.compiled import CompiledSchema
from ozgflow.standards.validator import GROUP_DOCUMENTS, Validator
from ozgflow.storage.database import Database

DOCUMENTS = 400
ROUNDS = 7
_REFEREED_BYTES = 1_000_000  # xmlschema takes too long for more


def main() -> None:
    """Measure and print."""
    validator = Validator.for_folder(SCHEMAS)
    bundle = validator.catalogue.bundles[0]
    schema = CompiledSchema(bundle.entries[0], bundle)
    small = [message(number) for number in range(DOCUMENTS)]
    if any(report.verdict is not Verdict.VALID for report in validator.check_all(small)):
        sys.exit("the documents of the benchmark are not valid")
    gc.collect()
    gc.freeze()  # as the workers do; what is there now is not looked through again and again
    print(f"{DOCUMENTS} messages of {len(small[0]) / 1000:.1f} kB, one core, {ROUNDS} rounds")
    _small(validator, schema, small)
    _sizes(validator, schema)
    _long_texts()
    _errors()
    _processes(small)


def _small(validator: Validator, schema: CompiledSchema, documents: list[bytes]) -> None:
    bare, ladder = every(documents, _bare(schema)), _grouped(validator, documents)
    ratio("bare loop / ladder with report", bare, ladder)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.xml" for number in range(len(documents))]
        for path, data in zip(paths, documents, strict=True):
            path.write_bytes(data)
        ratio(
            "bare loop over files / ladder over files, result stored",
            lambda: [schema.full.validate(etree.parse(str(path))) for path in paths],
            _stored(validator, paths, Path(folder)),
        )
    few = documents[:20]
    label = f"xmlschema alone / ladder with report, messages of {len(few[0]) / 1000:.1f} kB"
    ratio(label, every(few, schema.referee.schema.is_valid), _grouped(validator, few), rounds=3)
    mixed = [wrong(data) if number % 10 == 0 else data for number, data in enumerate(documents)]
    ratio("10 % invalid / all valid", _grouped(validator, mixed), ladder)


def _sizes(validator: Validator, schema: CompiledSchema) -> None:
    for label, size, count in (("100 kB", 100_000, 20), ("5 MB", 5_000_000, 1)):
        documents = [message(number, size) for number in range(count)]
        ladder = every(documents, validator.check)
        ratio(
            f"bare loop / ladder with report, messages of {label}", every(documents, _bare(schema)), ladder, rounds=5
        )
        if size <= _REFEREED_BYTES:
            second = every(documents, schema.referee.schema.is_valid)
            ratio(f"xmlschema alone / ladder with report, messages of {label}", second, ladder, rounds=3)


def _long_texts() -> None:
    """Texts of the type for free text, whose pattern costs libxml2 most of its time."""
    with tempfile.TemporaryDirectory() as folder:
        types = SCHEMAS / "aufenthalt-antrag" / "1.0" / "din-91379-datentypen.xsd"
        (Path(folder) / types.name).write_bytes(types.read_bytes())
        path = Path(folder) / "texte.xsd"
        path.write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
            ' xmlns:d="urn:ozgflow:baukasten:din-91379:2022-08">'
            f'<xs:import namespace="urn:ozgflow:baukasten:din-91379:2022-08" schemaLocation="{types.name}"/>'
            '<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="text" type="d:DatentypC"'
            ' maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
            encoding="utf-8",
        )
        bundle = bundle_for_schema(path)
        validator, schema = Validator(BundleCatalogue(bundles=(bundle,))), CompiledSchema(bundle.entries[0], bundle)
        text = "Ein längerer Bescheidtext über Fristen, Gebühren und Unterlagen. " * 30
        documents = [f"<r>{f'<text>{text} {number}</text>' * 10}</r>".encode() for number in range(20)]
        label = f"bare loop / ladder with report, long texts, {len(documents[0]) / 1000:.0f} kB"
        ratio(label, every(documents, _bare(schema)), every(documents, validator.check))


def _errors() -> None:
    """A flood of errors against the same file without."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zahlen.xsd"
        path.write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>'
            '<xs:sequence><xs:element name="z" type="xs:int" maxOccurs="unbounded"/></xs:sequence>'
            "</xs:complexType></xs:element></xs:schema>",
            encoding="utf-8",
        )
        validator = Validator.for_schema(path)
        clean, faulty = (b"<r>" + b"<z>%s</z>\n" % value * 100_000 + b"</r>" for value in (b"1", b"x"))
        label = "a file with 100,000 errors / the same without"
        ratio(label, every([faulty], validator.check), every([clean], validator.check), rounds=5)


def _processes(documents: Sequence[bytes]) -> None:
    """Two workers against one, by the clock, with what it takes to start them."""
    if len(os.sched_getaffinity(0)) < 2:
        print("two processes / one process: not measured, there is only one core")
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(4_000):
            paths.append(Path(folder) / f"{number}.xml")
            paths[-1].write_bytes(documents[number % len(documents)])

        def work(processes: int) -> Callable[[], object]:
            plan = PoolPlan(make=ValidatorPlan(schemas=SCHEMAS), database_url=None, processes=processes, seconds=60)
            return lambda: sum(1 for _ in check_in_processes(paths * 5, plan))

        ratio("one process / two processes, 20,000 messages", work(1), work(2), rounds=3, seconds=wall_seconds)


def _bare(schema: CompiledSchema) -> Callable[[bytes], object]:
    validate, parse = schema.full.validate, etree.fromstring
    return lambda data: validate(parse(data))


def _grouped(validator: Validator, documents: Sequence[bytes]) -> Callable[[], object]:
    """As batches are checked: some documents together."""

    def run() -> None:
        waiting = iter(documents)
        while group := list(islice(waiting, GROUP_DOCUMENTS)):
            validator.check_all(group)

    return run


def _stored(validator: Validator, paths: Sequence[Path], folder: Path) -> Callable[[], object]:
    """The whole way of a batch into an empty database: read the files, look them up, check, keep the reports."""
    empty = [Database(f"sqlite:///{folder / f'{number}.db'}") for number in range(ROUNDS + 1)]
    for database in empty:
        database.upgrade()

    def run() -> None:
        database = empty.pop()
        for _ in check_files(validator, paths, database=database, now=datetime.now(UTC)):
            pass
        database.close()

    return run


if __name__ == "__main__":
    main()
