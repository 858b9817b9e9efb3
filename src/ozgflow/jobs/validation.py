"""Checking documents that somebody points at, with the results kept by hash."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from ozgflow.domain.findings import Finding, Proof, Report, Verdict
from ozgflow.domain.messages import message
from ozgflow.errors import UsageError
from ozgflow.standards.validator import ENGINE, Validator
from ozgflow.storage.checks import find_reports, keep_reports
from ozgflow.storage.database import Database

_BATCH = 200


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
    """Files to check: files as they are, folders with all ``*.xml`` below them, sorted.

    Raises:
        UsageError: a path does not exist, or there is nothing to check.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError("documents.no-path", path=path)
        found += sorted(path.rglob("*.xml")) if path.is_dir() else [path]
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
    waiting = iter(paths)
    while batch := list(islice(waiting, _BATCH)):
        yield from _check_batch(validator, batch, database, now)


def count_verdicts(reports: Iterable[Report]) -> dict[Verdict, int]:
    """Number of reports by verdict, all verdicts named."""
    counted = dict.fromkeys(Verdict, 0)
    for report in reports:
        counted[report.verdict] += 1
    return counted


def _check_batch(
    validator: Validator, batch: Sequence[Path], database: Database | None, now: datetime
) -> Iterator[FileReport]:
    contents = {path: _read(path) for path in batch}
    hashes = {path: sha256(data).hexdigest() for path, data in contents.items() if isinstance(data, bytes)}
    known: dict[str, Report] = {}
    if database is not None and hashes:
        with database.reading() as session:
            bundles = validator.bundle_hashes()
            known = find_reports(session, set(hashes.values()), engine=ENGINE, bundles=bundles)
    fresh: list[Report] = []
    for path, data in contents.items():
        if not isinstance(data, bytes):
            yield FileReport(path=path, report=data)
        elif hashes[path] in known:
            yield FileReport(path=path, report=known[hashes[path]], from_store=True)
        else:
            fresh.append(validator.check(data))
            yield FileReport(path=path, report=fresh[-1])
    if database is not None and fresh:
        with database.writing() as session:
            keep_reports(session, fresh, now=now)


def _read(path: Path) -> bytes | Report:
    try:
        return path.read_bytes()
    except OSError:
        finding = Finding(rule="file.unreadable", path="", line=0, message=message("finding.file.unreadable"))
        return Report(verdict=Verdict.UNCHECKED, findings=(finding,), proof=Proof(document="", engine=ENGINE))
