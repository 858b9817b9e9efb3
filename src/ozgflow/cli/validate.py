"""``ozgflow validate``: check documents and say in plain words what is wrong."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import console, harmless, limits, now, print_json, progress, say, settings, wording
from ozgflow.domain.findings import Finding, Verdict
from ozgflow.errors import UsageError
from ozgflow.jobs.validation import FileReport, check_files, count_verdicts, find_documents
from ozgflow.jobs.workspace import open_database
from ozgflow.standards.validator import Validator


def validate(
    paths: Annotated[list[Path], typer.Argument(help="XML-Dateien oder Ordner", metavar="DATEI|ORDNER…")],
    schema: Annotated[
        Path | None,
        typer.Option(help="Gegen dieses Schema prüfen statt gegen die hinterlegten Schemapakete", metavar="XSD"),
    ] = None,
    store: Annotated[bool, typer.Option(help="Ergebnisse nach Prüfsumme aufbewahren und wiederverwenden")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Prüft XML-Nachrichten gegen ihren Standard, ohne Netz, und nennt jeden Befund mit Zeile und Pfad."""
    validator = _validator(schema)
    files = find_documents(paths)
    with open_database(settings().database) if store else nullcontext() as database:
        checked = check_files(validator, files, database=database, now=now())
        reports = list(progress("progress.validate", checked, len(files)))
    if as_json:
        print_json([_data(entry) for entry in reports])
    else:
        for entry in reports:
            _print(entry)
        _print_sum(reports)
    if any(entry.report.verdict is not Verdict.VALID for entry in reports):
        raise typer.Exit(1)


def _validator(schema: Path | None) -> Validator:
    if schema is None:
        return Validator.for_folder(settings().schemas, limits())
    if not schema.is_file():
        raise UsageError("documents.no-schema", path=schema)
    return Validator.for_schema(schema, limits())


def _print(entry: FileReport) -> None:
    words, report = wording(), entry.report
    verdict = words.text(f"verdict.{report.verdict}")
    bundle = report.proof.bundle or "–"
    name = harmless(str(entry.path)).replace("\n", "\N{REPLACEMENT CHARACTER}")
    console().print(f"{name}: {verdict} ({bundle})", markup=False, soft_wrap=True)
    for finding in report.findings:
        for line in _lines(finding):
            console().print(harmless(line), markup=False, soft_wrap=True)
    if report.capped:
        say("validate.capped", count=len(report.findings))


def _lines(finding: Finding) -> list[str]:
    words = wording()
    severity = words.text(f"severity.{finding.severity}")
    place = words.text("validate.place", line=finding.line, path=finding.path or "/")
    return [
        f"  {severity} {finding.rule}, {place}",
        f"    {words.render(finding.message)}",
        f"    → {words.render(finding.hint)}",
    ]


def _print_sum(reports: list[FileReport]) -> None:
    verdicts = count_verdicts(entry.report for entry in reports)
    say(
        "validate.sum",
        total=len(reports),
        known=sum(entry.from_store for entry in reports),
        **{verdict.value: count for verdict, count in verdicts.items()},
    )


def _data(entry: FileReport) -> dict[str, object]:
    words, report = wording(), entry.report
    proof = report.proof
    return {
        "file": str(entry.path),
        "verdict": report.verdict,
        "from_store": entry.from_store,
        "capped": report.capped,
        "proof": {
            "document_sha256": proof.document,
            "bundle": proof.bundle,
            "bundle_sha256": proof.bundle_hash,
            "engine": proof.engine,
            "steps": list(proof.steps),
        },
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "line": finding.line,
                "path": finding.path,
                "message": words.render(finding.message),
                "hint": words.render(finding.hint),
            }
            for finding in report.findings
        ],
    }
