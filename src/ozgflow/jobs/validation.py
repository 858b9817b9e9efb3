"""Checking documents that somebody points at, with the results kept by hash."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ozgflow.domain.acceptance import Decision, decide
from ozgflow.domain.findings import Report, Verdict
from ozgflow.jobs.reading import Content, LargeDocument, find_documents, read_document, unchecked
from ozgflow.standards.validator import GROUP_BYTES, GROUP_DOCUMENTS, Validator
from ozgflow.storage.checks import find_reports, keep_reports
from ozgflow.storage.database import Database

__all__ = ["FileReport", "check_files", "count_verdicts", "decide_on", "find_documents", "look_up_or_check"]

Name = TypeVar("Name")
_BATCH_FILES = 200
_BATCH_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """The report on one file.

    Attributes:
        path: the file.
        report: what was found.
        from_store: whether the result was known already.
    """

    path: Path
    report: Report
    from_store: bool = False


def check_files(
    validator: Validator, paths: Iterable[Path], *, database: Database | None, now: datetime
) -> Iterator[FileReport]:
    """Check files one after the other.

    Args:
        validator: what to check with.
        paths: the files.
        database: where results are looked up and kept; ``None`` checks everything and keeps nothing.
        now: the moment that is kept with new results.
    """
    for batch in _batches(paths, validator):
        yield from _check_batch(validator, batch, database, now)


def decide_on(validator: Validator, report: Report, *, as_of: date) -> Decision:
    """Whether a document may be taken on a day."""
    return decide(report, validator.window(report.proof.bundle), as_of=as_of)


def count_verdicts(reports: Iterable[Report]) -> dict[Verdict, int]:
    """Number of reports by verdict, all verdicts named."""
    counted = dict.fromkeys(Verdict, 0)
    for report in reports:
        counted[report.verdict] += 1
    return counted


def look_up_or_check(
    validator: Validator,
    contents: Mapping[Name, Content],
    database: Database | None,
    announce: Callable[[Sequence[Name]], None] = lambda _names: None,
) -> Iterator[tuple[Name, Report, bool]]:
    """The report on each document, kept from earlier or made now.

    Args:
        validator: what to check with.
        contents: documents by any name; one that never got as far as being read comes with its report.
        database: where results are looked up; ``None`` checks everything.
        announce: told which documents are checked next, all at once.

    Yields:
        Name, report, and whether the report was known already; those known come first.
    """
    hashes = {name: _digest(data) for name, data in contents.items() if not isinstance(data, Report)}
    known = _known(validator, set(hashes.values()), database) if database is not None and hashes else {}
    unknown: list[tuple[Name, bytes]] = []
    for name, data in contents.items():
        if isinstance(data, Report):
            yield name, data, False
        elif known and hashes[name] in known:
            yield name, known[hashes[name]], True
        elif isinstance(data, LargeDocument):
            announce([name])
            yield name, validator.check_file(data.path), False
        else:
            unknown.append((name, data))
    for group in _groups(unknown):
        names = [name for name, _ in group]
        announce(names)
        reports = validator.check_all([data for _, data in group], [hashes[name] for name in names])
        for name, report in zip(names, reports, strict=True):
            yield name, report, False


def _known(validator: Validator, hashes: Collection[str], database: Database) -> dict[str, Report]:
    with database.reading() as session:
        return find_reports(session, hashes, engine=validator.engine, bundle_hash=validator.bundle_hash)


def _digest(data: bytes | LargeDocument) -> str:
    return sha256(data).hexdigest() if isinstance(data, bytes) else data.digest


def _groups(documents: Sequence[tuple[Name, bytes]]) -> Iterator[Sequence[tuple[Name, bytes]]]:
    """Documents that are checked together."""
    group: list[tuple[Name, bytes]] = []
    size = 0
    for name, data in documents:
        if group and (len(group) >= GROUP_DOCUMENTS or size + len(data) > GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append((name, data))
        size += len(data)
    if group:
        yield group


def _batches(paths: Iterable[Path], validator: Validator) -> Iterator[list[tuple[Path, Content]]]:
    """Contents of the files, a handful at a time: as many as need one question to the database, and little memory."""
    batch: list[tuple[Path, Content]] = []
    size = 0
    for path in paths:
        content = _read(path, validator)
        batch.append((path, content))
        size += len(content) if isinstance(content, bytes) else 0
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _check_batch(
    validator: Validator, batch: Sequence[tuple[Path, Content]], database: Database | None, now: datetime
) -> Iterator[FileReport]:
    contents = {number: content for number, (_, content) in enumerate(batch)}
    found = {number: (report, known) for number, report, known in look_up_or_check(validator, contents, database)}
    fresh = [report for report, known in found.values() if not known]
    if database is not None and fresh:
        with database.writing() as session:
            keep_reports(session, fresh, now=now)
    for number, (path, _) in enumerate(batch):
        report, known = found[number]
        yield FileReport(path=path, report=report, from_store=known)


def _read(path: Path, validator: Validator) -> Content:
    try:
        return read_document(path, validator.limits)
    except OSError:
        return unchecked("file.unreadable")
