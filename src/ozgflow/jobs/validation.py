"""Checking documents that somebody points at, with the results kept by hash."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ozgflow.domain.findings import Report, Verdict
from ozgflow.errors import UsageError
from ozgflow.jobs.reading import read_document, unchecked, xml_files
from ozgflow.standards.validator import ENGINE, Validator
from ozgflow.storage.checks import find_reports, keep_reports
from ozgflow.storage.database import Database

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


def find_documents(paths: Sequence[Path]) -> list[Path]:
    """Files to check: files as they are, folders with all XML files below them, sorted.

    Raises:
        UsageError: a path does not exist, or there is nothing to check.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError("documents.no-path", path=path)
        found += xml_files(path, below=True) if path.is_dir() else [path]
    if not found:
        raise UsageError("documents.none", paths=", ".join(str(path) for path in paths))
    return list(dict.fromkeys(found))


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
    for batch in _batches(paths, validator.limits.document_bytes):
        yield from _check_batch(validator, batch, database, now)


def _batches(paths: Iterable[Path], limit: int) -> Iterator[dict[Path, bytes | Report]]:
    """Contents of the files, a handful at a time: as many as need one question to the database, and little memory."""
    batch: dict[Path, bytes | Report] = {}
    size = 0
    for path in paths:
        batch[path] = content = _read(path, limit)
        size += len(content) if isinstance(content, bytes) else 0
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def count_verdicts(reports: Iterable[Report]) -> dict[Verdict, int]:
    """Number of reports by verdict, all verdicts named."""
    counted = dict.fromkeys(Verdict, 0)
    for report in reports:
        counted[report.verdict] += 1
    return counted


def look_up_or_check(
    validator: Validator, contents: Mapping[Name, bytes | Report], database: Database | None
) -> Iterator[tuple[Name, Report, bool]]:
    """The report on each document, kept from earlier or made now.

    Args:
        validator: what to check with.
        contents: documents by any name; one that never got as far as being read comes with its report.
        database: where results are looked up; ``None`` checks everything.

    Yields:
        Name, report, and whether the report was known already.
    """
    hashes = {name: sha256(data).hexdigest() for name, data in contents.items() if isinstance(data, bytes)}
    known: dict[str, Report] = {}
    if database is not None and hashes:
        with database.reading() as session:
            bundles = validator.bundle_hashes()
            known = find_reports(session, set(hashes.values()), engine=ENGINE, bundles=bundles)
    for name, data in contents.items():
        if not isinstance(data, bytes):
            yield name, data, False
        elif hashes[name] in known:
            yield name, known[hashes[name]], True
        else:
            yield name, validator.check(data), False


def _check_batch(
    validator: Validator, contents: Mapping[Path, bytes | Report], database: Database | None, now: datetime
) -> Iterator[FileReport]:
    fresh: list[Report] = []
    for path, report, known in look_up_or_check(validator, contents, database):
        if not known:
            fresh.append(report)
        yield FileReport(path=path, report=report, from_store=known)
    if database is not None and fresh:
        with database.writing() as session:
            keep_reports(session, fresh, now=now)


def _read(path: Path, limit: int) -> bytes | Report:
    try:
        return read_document(path, limit)
    except OSError:
        return unchecked("file.unreadable")
