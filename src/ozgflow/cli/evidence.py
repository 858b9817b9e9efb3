"""``ozgflow evidence``: record evidence by hand, and list it."""

from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.jobs import evidence as jobs
from ozgflow.jobs.evidence_import import read_evidence_file
from ozgflow.jobs.workspace import refresh_catalogue

app = typer.Typer(help="Nachweise erfassen und ansehen.", no_args_is_help=True, rich_markup_mode="rich")

Municipality = Annotated[str, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel")]
Service = Annotated[str | None, typer.Option("--service", help="LeiKa-Schlüssel, wenn der Nachweis je Leistung gilt")]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command()
def add(
    kind: Annotated[str, typer.Option("--kind", help="Nachweisart, zum Beispiel avv")],
    municipality: Municipality,
    reference: Annotated[str, typer.Option("--reference", help="Fundstelle: Aktenzeichen, Vertragsnummer")],
    by: Annotated[str, typer.Option("--by", help="Wer den Nachweis erfasst")],
    service: Service = None,
    observed_on: Annotated[
        str | None, typer.Option(help="Tag der Beobachtung; ohne Angabe heute", metavar=DAY)
    ] = None,
    valid_until: Annotated[str | None, typer.Option(help="letzter Tag der Gültigkeit", metavar=DAY)] = None,
    answer: Annotated[Answer, typer.Option(help="was der Nachweis sagt")] = Answer.YES,
    subject: Annotated[
        str, typer.Option(help="unterscheidet mehrere Nachweise einer Art, zum Beispiel Teilnehmer")
    ] = "",
    note: Annotated[str, typer.Option(help="Bemerkung, ohne Angaben zu Antragstellern")] = "",
    as_json: AsJson = False,
) -> None:
    """Erfasst einen Nachweis; derselbe Nachweis vom selben Tag ein zweites Mal ändert nichts."""
    with workspace() as opened:
        entry = jobs.by_person(
            opened,
            kind=kind,
            municipality=municipality,
            service=service,
            reference=reference,
            by=by,
            observed_on=parse_day(observed_on) if observed_on else today(),
            today=today(),
            answer=answer,
            valid_until=parse_day(valid_until) if valid_until else None,
            subject=subject,
            note=note,
        )
        refresh_catalogue(opened)
        added = jobs.record(opened, [entry], now=now())
        name = opened.catalogue.municipalities[entry.municipality].label
    if as_json:
        print_json({"added": added, "evidence": _data(entry)})
        return
    title = load_evidence_kinds()[kind].title[wording().language]
    say("evidence.added" if added else "evidence.known", title=title, name=name)


@app.command()
def confirm(
    kind: Annotated[str, typer.Option("--kind", help="Nachweisart, zum Beispiel ansprechpersonen")],
    municipality: Municipality,
    by: Annotated[str, typer.Option("--by", help="wer sich davon überzeugt hat")],
    service: Service = None,
    subject: Annotated[str, typer.Option(help="welcher von mehreren Nachweisen der Art")] = "",
    reference: Annotated[str, typer.Option(help="neue Fundstelle; ohne Angabe die bisherige")] = "",
    as_json: AsJson = False,
) -> None:
    """Bestätigt, dass ein erfasster Nachweis heute noch stimmt."""
    with workspace() as opened:
        entry = jobs.confirm(
            opened,
            kind=kind,
            municipality=municipality,
            service=service,
            by=by,
            today=today(),
            subject=subject,
            reference=reference,
        )
        added = jobs.record(opened, [entry], now=now())
        name = opened.catalogue.name_of(entry.municipality)
    if as_json:
        print_json({"added": added, "evidence": _data(entry)})
        return
    title = load_evidence_kinds()[kind].title[wording().language]
    say("evidence.confirmed" if added else "evidence.known", title=title, name=name)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV-Datei in UTF-8, eine Zeile je Nachweis", metavar="DATEI")],
    by: Annotated[str, typer.Option("--by", help="wer für die Datei einsteht")],
    as_json: AsJson = False,
) -> None:
    """Erfasst die Nachweise einer Tabelle: alle oder, wenn eine Zeile fehlerhaft ist, keinen.

    Spalten: municipality, service, kind, subject, answer, observed_on, valid_until, reference.
    """
    with workspace() as opened:
        found = read_evidence_file(opened, file, by=by, today=today())
        refresh_catalogue(opened)
        added = jobs.record(opened, found.entries, now=now())
    if as_json:
        print_json({"read": len(found.entries), "added": added})
    else:
        say("evidence.imported", count=len(found.entries), added=added)


@app.command("list")
def list_(municipality: Municipality, service: Service = None, as_json: AsJson = False) -> None:
    """Zeigt alle Nachweise einer Kommune in der Reihenfolge, in der sie erfasst wurden."""
    with workspace() as opened:
        entries = jobs.listed(opened, municipality=municipality, service=service)
    if as_json:
        print_json([_data(entry) for entry in entries])
        return
    headings = ("label.kind", "label.answer", "label.observed", "label.until", "label.reference", "label.by")
    print_table("", headings, (_row(entry) for entry in entries))
    say("evidence.count", count=len(entries))


def _row(entry: Evidence) -> tuple[str, ...]:
    words = wording()
    kinds = load_evidence_kinds()
    title = kinds[entry.kind].title[words.language] if entry.kind in kinds else entry.kind
    answer = words.text(f"answer.{entry.answer}")
    until = f"{entry.valid_until:%d.%m.%Y}" if entry.valid_until else "–"
    return (
        f"{title}\n{entry.subject}".strip(),
        f"{answer}\n{words.render(entry.note)}" if entry.note else answer,
        f"{entry.observed_on:%d.%m.%Y}",
        until,
        entry.reference,
        entry.recorded_by,
    )


def _data(entry: Evidence) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "municipality": str(entry.municipality),
        "service": str(entry.service) if entry.service else None,
        "subject": entry.subject,
        "answer": entry.answer,
        "source": entry.source,
        "reference": entry.reference,
        "observed_on": entry.observed_on.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "recorded_by": entry.recorded_by,
        "note": wording().render(entry.note) if entry.note else "",
    }
