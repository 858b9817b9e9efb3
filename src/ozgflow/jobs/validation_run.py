"""A whole run of checks: many documents on several processes, the results kept, and one report on all of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.findings import Report
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.errors import UsageError
from ozgflow.jobs.pool import Numbered, PoolPlan, check_in_processes
from ozgflow.jobs.reading import DocumentFile
from ozgflow.jobs.validation import decide_on
from ozgflow.jobs.workspace import open_database
from ozgflow.reports.validation import CheckedDocument, ValidationReport
from ozgflow.standards.parsing import Limits
from ozgflow.standards.reveal import value_at
from ozgflow.standards.validator import Validator
from ozgflow.storage.checks import keep_reports
from ozgflow.storage.database import Database

_KEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorPlan:
    """Where a validator comes from. Every worker makes its own.

    Attributes:
        schemas: the bundles that come with ozgflow, or those that an installation keeps instead.
        bundles: the bundles that the installation has added.
        catalogue: folder with a newer catalogue.
        limits: how much of a document is looked at.
        schema: check everything against this schema instead.
        bundle: check everything against this bundle instead of recognising it; empty for recognising.
        second_opinion: whether a second engine is to judge every document, too.
    """

    schemas: Path
    bundles: Path | None = None
    catalogue: Path | None = None
    limits: Limits = field(default_factory=Limits)
    schema: Path | None = None
    bundle: str = ""
    second_opinion: bool = False

    def __call__(self) -> Validator:
        """Make the validator.

        Raises:
            DataError: a catalogue is missing or faulty.
            UsageError: there is no such schema or bundle.
        """
        directory = KeyDirectory.of(load_catalogue(self.catalogue))
        if self.schema is not None:
            if not self.schema.is_file():
                raise UsageError("documents.no-schema", path=self.schema)
            return Validator.for_schema(self.schema, self.limits, second_opinion=self.second_opinion)
        validator = Validator.for_folder(
            self.schemas,
            self.limits,
            added=self.bundles,
            directory=directory,
            second_opinion=self.second_opinion,
        )
        if not self.bundle:
            return validator
        named = validator.catalogue.get(self.bundle)
        if named is None:
            known = ", ".join(bundle.name for bundle in validator.catalogue.bundles)
            raise UsageError("bundles.unknown", name=self.bundle, known=known)
        return validator.for_bundle(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationPlan:
    """What a run is to do.

    Attributes:
        validator: where validators come from.
        database_url: where results are looked up and kept; ``None`` checks everything and keeps nothing.
        processes: how many documents are checked at the same time.
        seconds: how long a single document may take.
        as_of: the day on which the documents count as arrived.
        now: the moment of the run.
        show_values: whether the values at findings are wanted.
    """

    validator: ValidatorPlan
    database_url: str | None
    processes: int
    seconds: float
    as_of: date
    now: datetime
    show_values: bool = False


Watch = Callable[[Iterable[Numbered], int], Iterator[Numbered]]
"""Passes results on while it shows how far the run is."""


def run_validation(
    documents: Sequence[DocumentFile], plan: ValidationPlan, watch: Watch = lambda results, _total: iter(results)
) -> ValidationReport:
    """Check documents and report on all of them, in the order in which they were named.

    A run that is interrupted by hand reports on what is finished, and has kept it: the next one goes on from there.

    Raises:
        DataError: a catalogue or the database is not usable.
        UsageError: there is no such schema or bundle.
    """
    judge = plan.validator()
    if plan.database_url is not None:
        with open_database(plan.database_url) as database:
            results, interrupted = _results(documents, plan, watch, database)
    else:
        results, interrupted = _results(documents, plan, watch, None)
    checked = (_document(documents[number], *results[number], judge, plan) for number in sorted(results))
    return ValidationReport(created_at=plan.now, as_of=plan.as_of, documents=tuple(checked), interrupted=interrupted)


def _results(
    documents: Sequence[DocumentFile], plan: ValidationPlan, watch: Watch, database: Database | None
) -> tuple[dict[int, tuple[Report, bool]], bool]:
    """The reports by number of the document, and whether the run was interrupted."""
    pool = PoolPlan(
        make=plan.validator, database_url=plan.database_url, processes=plan.processes, seconds=plan.seconds
    )
    found: dict[int, tuple[Report, bool]] = {}
    fresh: list[Report] = []
    try:
        for number, report, known in watch(check_in_processes([one.path for one in documents], pool), len(documents)):
            found[number] = report, known
            if not known:
                fresh.append(report)
            if len(fresh) >= _KEPT_AT_ONCE:
                _keep(database, fresh, plan.now)
                fresh = []
    except KeyboardInterrupt:
        return found, True
    finally:
        _keep(database, fresh, plan.now)
    return found, False


def _keep(database: Database | None, reports: Sequence[Report], now: datetime) -> None:
    if database is not None and reports:
        with database.writing() as session:
            keep_reports(session, reports, now=now)


def _document(
    document: DocumentFile,
    report: Report,
    known: bool,  # noqa: FBT001 - of a pair
    judge: Validator,
    plan: ValidationPlan,
) -> CheckedDocument:
    return CheckedDocument(
        name=document.name,
        report=report,
        decision=decide_on(judge, report, as_of=plan.as_of),
        from_store=known,
        values=_values(document.path, report, plan.validator.limits) if plan.show_values else {},
    )


def _values(path: Path, report: Report, limits: Limits) -> dict[int, str]:
    """The values at the findings of a document that fits into memory."""
    if not report.findings or not path.is_file() or path.stat().st_size > limits.streamed_bytes:
        return {}
    data = path.read_bytes()
    found = ((number, value_at(data, finding, limits)) for number, finding in enumerate(report.findings))
    return {number: value for number, value in found if value is not None}
