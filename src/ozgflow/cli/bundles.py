"""``ozgflow bundles``: which standards can be checked, and where they come from."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli import bundle_text
from ozgflow.cli.console import DAY, complain, parse_day, print_json, print_table, progress, say, settings, wording
from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.messages import message
from ozgflow.errors import UsageError
from ozgflow.jobs.bundle_adding import Wishes, add_bundles, installed, is_added
from ozgflow.jobs.bundles import check_bundle, compare_bundles, find_bundle, removable, remove_bundle
from ozgflow.standards.bundles import KeyPlaces

app = typer.Typer(
    help="Schemapakete hinzufügen, zeigen und vergleichen.", no_args_is_help=True, rich_markup_mode="rich"
)
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
Name = Annotated[str, typer.Argument(help="Standard und Version, zum Beispiel xdomea/3.0.0", metavar="NAME")]
Elements = typer.Option(help="Elemente, die einen solchen Schlüssel enthalten", metavar="ELEMENT")


@app.command()
def add(
    source: Annotated[Path, typer.Argument(help="Ordner, ZIP-Datei oder KoSIT-Konfiguration", metavar="ZIP|ORDNER")],
    entry: Annotated[
        list[str] | None, typer.Option(help="Einstiegsschema, als Pfad innerhalb der Quelle", metavar="XSD")
    ] = None,
    schematron: Annotated[
        list[str] | None, typer.Option(help="Regelsatz, als Pfad innerhalb der Quelle", metavar="DATEI")
    ] = None,
    standard: Annotated[str, typer.Option(help="Kurzname statt des erkannten")] = "",
    version: Annotated[str, typer.Option(help="Version statt der erkannten")] = "",
    title: Annotated[str, typer.Option(help="Titel statt des erkannten")] = "",
    licence: Annotated[str, typer.Option(help="Lizenz der Dateien")] = "",
    accepted_from: Annotated[str, typer.Option(help="erster Tag der Annahme", metavar=DAY)] = "",
    accepted_until: Annotated[str, typer.Option(help="letzter Tag der Annahme", metavar=DAY)] = "",
    effective_on: Annotated[str, typer.Option(help="anzuwenden ab", metavar=DAY)] = "",
    binding: Annotated[
        bool, typer.Option("--binding", help="Verstöße gegen Codelisten und Schlüsselregeln sind Fehler")
    ] = False,
    ars: Annotated[list[str] | None, Elements] = None,
    ags: Annotated[list[str] | None, Elements] = None,
    leika: Annotated[list[str] | None, Elements] = None,
    replace: Annotated[bool, typer.Option("--replace", help="gleichnamiges anderes Paket ersetzen")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="nur zeigen, was geschähe")] = False,
    as_json: AsJson = False,
) -> None:
    """Fügt Schemapakete hinzu, wie sie im XRepository oder für das Prüftool der KoSIT veröffentlicht sind."""
    wishes = Wishes(
        entries=tuple(entry or ()),
        schematron=tuple(schematron or ()),
        standard=standard,
        version=version,
        title=title,
        licence=licence,
        window=AcceptanceWindow(
            accepted_from=parse_day(accepted_from) if accepted_from else None,
            accepted_until=parse_day(accepted_until) if accepted_until else None,
            effective_on=parse_day(effective_on) if effective_on else None,
        ),
        binding=binding,
        keys=KeyPlaces(ars=tuple(ars or ()), ags=tuple(ags or ()), leika=tuple(leika or ())),
    )
    config = settings()
    added = add_bundles(
        source, schemas=config.schemas, added=config.bundles, wishes=wishes, may_replace=replace, dry_run=dry_run
    )
    if as_json:
        print_json([bundle_text.added_data(one) for one in added])
    else:
        for one in added:
            bundle_text.say_added(one)
    if any(one.refused for one in added):
        raise typer.Exit(1)


@app.command("list")
def list_bundles(as_json: AsJson = False) -> None:
    """Zeigt alle Schemapakete, die mitgelieferten und die hinzugefügten."""
    bundles = installed(settings().schemas, settings().bundles).bundles
    if as_json:
        print_json([bundle_text.bundle_data(one, added=is_added(one, settings().bundles)) for one in bundles])
        return
    rows = (bundle_text.row(one, added=is_added(one, settings().bundles)) for one in bundles)
    print_table("", bundle_text.HEADINGS, rows)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Zeigt alles über ein Schemapaket: Erkennung, Schemas, Codelisten, Regelsätze, Dateien."""
    bundle = find_bundle(installed(settings().schemas, settings().bundles), name)
    added = is_added(bundle, settings().bundles)
    if as_json:
        print_json(bundle_text.bundle_data(bundle, added=added) | bundle_text.details(bundle))
    else:
        bundle_text.say_bundle(bundle, added=added)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="nur dieses Schemapaket", metavar="[NAME]")] = "",
    as_json: AsJson = False,
) -> None:
    """Prüft, ob Schemapakete unverändert und brauchbar sind."""
    catalogue = installed(settings().schemas, settings().bundles)
    bundles = (find_bundle(catalogue, name),) if name else catalogue.bundles
    troubles = [
        trouble for one in progress("bundles.progress", bundles, len(bundles)) for trouble in check_bundle(one)
    ]
    if as_json:
        print_json([{"bundle": one.bundle, "message": wording().render(one.reason)} for one in troubles])
    elif not troubles:
        say("bundles.sound-one" if len(bundles) == 1 else "bundles.sound", count=len(bundles))
    else:
        for one in troubles:
            say("bundles.trouble", name=one.bundle, why=one.reason)
    if troubles:
        raise typer.Exit(1)


@app.command()
def remove(name: Name, yes: Annotated[bool, typer.Option("--yes", help="ohne Rückfrage entfernen")] = False) -> None:
    """Entfernt ein hinzugefügtes Schemapaket."""
    config = settings()
    removable(name, schemas=config.schemas, added=config.bundles)
    if not yes and not _confirmed(name):
        say("bundles.kept")
        return
    remove_bundle(name, schemas=config.schemas, added=config.bundles)
    say("bundles.removed", name=name)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="das ältere Schemapaket", metavar="A")],
    new: Annotated[str, typer.Argument(help="das neuere Schemapaket", metavar="B")],
    as_json: AsJson = False,
) -> None:
    """Zeigt, was sich zwischen zwei Schemapaketen geändert hat, das Schwerwiegende zuerst."""
    catalogue = installed(settings().schemas, settings().bundles)
    before, after = find_bundle(catalogue, old), find_bundle(catalogue, new)
    found = compare_bundles(before, after)
    if as_json:
        print_json([bundle_text.difference_data(one) for one in found])
    else:
        bundle_text.say_differences(before, after, found)


def _confirmed(name: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("bundles.needs-yes", name=name)
    complain(message("bundles.ask-remove", name=name))
    return typer.confirm("")
