"""``ozgflow validate``: check documents and say in plain words what is wrong."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import (
    DAY,
    available_cores,
    complain,
    limits,
    now,
    parse_day,
    print_text,
    progress,
    settings,
    today,
    wording,
)
from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import Verdict
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.errors import UsageError
from ozgflow.jobs.pool import Numbered
from ozgflow.jobs.reading import STANDARD_INPUT, files_meant, open_documents
from ozgflow.jobs.validation_run import ValidationPlan, ValidatorPlan, run_validation
from ozgflow.reports.files import write_file
from ozgflow.reports.validation import CheckedDocument, ValidationReport
from ozgflow.reports.validation_formats import WRITERS, ReportFormat

INTERRUPTED = 130
_PAUSE_SECONDS = 0.5
_FROM = {
    "error": frozenset[Severity](),
    "warning": frozenset({Severity.WARNING}),
    "note": frozenset({Severity.WARNING, Severity.NOTE}),
}


class FailOn(StrEnum):
    """From what on a run ends with exit code 1. A document that is unchecked always does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    REFUSED = "refused"


def validate(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="XML-Dateien, Ordner, Muster oder ZIP-Dateien; - liest von der Standardeingabe", metavar="DATEI…"
        ),
    ],
    schema: Annotated[
        Path | None,
        typer.Option(help="Gegen dieses Schema prüfen statt gegen die hinterlegten Schemapakete", metavar="XSD"),
    ] = None,
    bundle: Annotated[
        str, typer.Option(help="Gegen dieses Schemapaket prüfen, statt es zu erkennen", metavar="NAME/VERSION")
    ] = "",
    as_of: Annotated[
        str, typer.Option(help="Tag, an dem die Nachrichten als eingegangen gelten (sonst heute)", metavar=DAY)
    ] = "",
    fail_on: Annotated[
        FailOn,
        typer.Option(help="Ab welchem Befund der Exit-Code 1 ist; refused: auch, wenn die Annahme abzulehnen ist"),
    ] = FailOn.ERROR,
    jobs: Annotated[
        int | None,
        typer.Option(help="Wie viele Nachrichten zugleich geprüft werden (sonst eine je Kern)", min=1, max=64),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Höchstens so viele Sekunden je Nachricht", min=0.1)] = 300.0,
    output: Annotated[
        ReportFormat, typer.Option("--format", help="Form des Berichts auf der Standardausgabe")
    ] = ReportFormat.TEXT,
    report: Annotated[
        list[str] | None,
        typer.Option(help="Bericht zusätzlich in eine Datei schreiben; mehrfach möglich", metavar="FORM=DATEI"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Kurz für --format json")] = False,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Werte aus den Nachrichten zeigen – Vorsicht, personenbezogene Daten"),
    ] = False,
    second_opinion: Annotated[
        bool,
        typer.Option(
            "--second-opinion", help="Jede Nachricht zusätzlich von einem zweiten Programm prüfen; viel langsamer"
        ),
    ] = False,
    store: Annotated[bool, typer.Option(help="Ergebnisse nach Prüfsumme aufbewahren und wiederverwenden")] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Weiterlaufen und nach jeder Änderung erneut prüfen")
    ] = False,
) -> None:
    """Prüft XML-Nachrichten gegen ihren Standard, ohne Netz, und nennt jeden Befund mit Zeile und Pfad."""
    config = settings()
    plan = ValidationPlan(
        validator=ValidatorPlan(
            schemas=config.schemas,
            bundles=config.bundles,
            catalogue=config.catalogue,
            limits=limits(),
            schema=schema,
            bundle=bundle,
            second_opinion=second_opinion,
        ),
        database_url=config.database if store else None,
        processes=jobs or available_cores(),
        seconds=timeout,
        as_of=parse_day(as_of) if as_of else today(),
        now=now(),
        show_values=show_values,
    )
    chosen = ReportFormat.JSON if as_json else output
    files = _report_files(report or [])
    batch = _run(paths, plan, chosen, files)
    if watch:
        _watch(paths, plan, chosen, files)
    elif batch.interrupted:
        code = "validate.interrupted" if store else "validate.interrupted-unkept"
        complain(message(code, done=len(batch.documents)))
        raise typer.Exit(INTERRUPTED)
    elif any(_fails(document, fail_on) for document in batch.documents):
        raise typer.Exit(1)


def _run(
    paths: Sequence[str], plan: ValidationPlan, output: ReportFormat, files: Mapping[Path, ReportFormat]
) -> ValidationReport:
    with open_documents(paths, sys.stdin.buffer) as documents:
        batch = run_validation(documents, plan, _progress)
    for path, form in files.items():
        write_file(path, WRITERS[form](batch, wording()))
    print_text(WRITERS[output](batch, wording()))
    return batch


def _progress(results: Iterable[Numbered], total: int) -> Iterator[Numbered]:
    return progress("progress.validate", results, total)


def _report_files(words: Sequence[str]) -> dict[Path, ReportFormat]:
    """What ``--report FORM=DATEI`` asks for."""
    found = {}
    for word in words:
        form, _, file = word.partition("=")
        if form not in set(ReportFormat) or not file:
            raise UsageError("validate.report-option", known=", ".join(ReportFormat))
        found[Path(file)] = ReportFormat(form)
    return found


def _fails(document: CheckedDocument, fail_on: FailOn) -> bool:
    report = document.report
    if report.verdict is not Verdict.VALID:
        return True
    if fail_on is FailOn.REFUSED:
        return document.decision.acceptance is not Acceptance.ACCEPTED
    return any(finding.severity in _FROM[fail_on] for finding in report.findings)


def _watch(
    paths: Sequence[str], plan: ValidationPlan, output: ReportFormat, files: Mapping[Path, ReportFormat]
) -> None:
    """Look for changes until somebody ends it, and check what has changed."""
    if STANDARD_INPUT in paths:
        raise UsageError("validate.watch-stdin")
    complain(message("validate.watching"))
    seen = _states(paths)
    while True:
        try:
            time.sleep(_PAUSE_SECONDS)
        except KeyboardInterrupt:
            return
        found = _states(paths)
        changed = sorted(path for path, state in found.items() if seen.get(path) != state)
        seen = found
        if changed:
            _run(changed, replace(plan, now=now()), output, files)


def _states(paths: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file that is meant; one that vanishes meanwhile is left out."""
    states = {}
    for file in (file for word in paths for file in files_meant(word)):
        try:
            status = file.stat()
        except OSError:
            continue
        states[str(file)] = (status.st_size, status.st_mtime_ns)
    return states
