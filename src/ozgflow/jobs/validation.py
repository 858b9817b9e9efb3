"""Checking documents that somebody points at, with the results kept by hash."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ozgflow.domain.acceptance import Decision, decide
from ozgflow.domain.findings import Report, Verdict
from ozgflow.jobs.reading import Content, LargeDocument, find_documents, read_document, unchecked
from ozgflow.standards.validator import Validator
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
    for batch in _batches(paths, lambda path: _read(path, validator)):
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
    validator: Validator, contents: Mapping[Name, Content], database: Database | None
) -> Iterator[tuple[Name, Report, bool]]:
    """The report on each document, kept from earlier or made now.

    Args:
        validator: what to check with.
        contents: documents by any name; one that never got as far as being read comes with its report.
        database: where results are looked up; ``None`` checks everything.

    Yields:
        Name, report, and whether the report was known already.
    """
    known: dict[str, Report] = {}
    hashes = {name: _digest(data) for name, data in contents.items()} if database is not None else {}
    if database is not None and hashes:
        with database.reading() as session:
            known = find_reports(
                session, set(hashes.values()), engine=validator.engine, bundle_hash=validator.bundle_hash
            )
    for name, data in contents.items():
        report = known.get(hashes.get(name, ""))
        if isinstance(data, Report):
            yield name, data, False
        elif report is not None:
            yield name, report, True
        elif isinstance(data, LargeDocument):
            yield name, validator.check_file(data.path), False
        else:
            yield name, validator.check(data), False


def _digest(data: Content) -> str:
    if isinstance(data, bytes):
        return sha256(data).hexdigest()
    return data.digest if isinstance(data, LargeDocument) else ""


def _batches(paths: Iterable[Path], read: Callable[[Path], Content]) -> Iterator[dict[Path, Content]]:
    """Contents of the files, a handful at a time: as many as need one question to the database, and little memory."""
    batch: dict[Path, Content] = {}
    size = 0
    for path in paths:
        batch[path] = content = read(path)
        size += len(content) if isinstance(content, bytes) else 0
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _check_batch(
    validator: Validator, contents: Mapping[Path, Content], database: Database | None, now: datetime
) -> Iterator[FileReport]:
    fresh: list[Report] = []
    for path, report, known in look_up_or_check(validator, contents, database):
        if not known:
            fresh.append(report)
        yield FileReport(path=path, report=report, from_store=known)
    if database is not None and fresh:
        with database.writing() as session:
            keep_reports(session, fresh, now=now)


def _read(path: Path, validator: Validator) -> Content:
    try:
        return read_document(path, validator.limits)
    except OSError:
        return unchecked("file.unreadable")
