"""``ozgflow catalogue``: search and show services and municipalities."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli import changes
from ozgflow.cli.console import DAY, parse_day, print_json, print_table, say, settings, today, wording
from ozgflow.domain.catalogue import Catalogue, Municipality, Service, load_catalogue
from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.laender import HOME_LAND, LAENDER, find_land
from ozgflow.domain.messages import message
from ozgflow.domain.provenance import SourceFile, load_provenance
from ozgflow.sources import catalogue_build

app = typer.Typer(help="Leistungen und Kommunen suchen.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(changes.app, name="changes")
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
Limit = Annotated[int, typer.Option("--limit", help="höchstens so viele Zeilen zeigen", min=1)]


@app.command()
def municipalities(
    query: Annotated[str, typer.Argument(help="Name, Schlüssel oder Art; ohne Angabe alle")] = "",
    land: Annotated[
        str | None,
        typer.Option("--land", help="nur dieses Land, zum Beispiel NI; eine Art ohne Land meint Brandenburg"),
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Sucht Kommunen nach Name, ARS, AGS oder Art (zum Beispiel landkreis, amt)."""
    catalogue = load_catalogue(settings().catalogue).as_of(today())
    found = _found(catalogue, query, find_land(land).code if land else None)
    if as_json:
        print_json([_municipality_data(entry) for entry in found])
        return
    headings = (
        "label.ars",
        "label.ags",
        "label.name",
        "label.kind",
        "label.land",
        "label.population",
        "label.belongs",
    )
    print_table("", headings, (_municipality_row(catalogue, entry) for entry in found[:limit]))
    _say_count(len(found), limit)


@app.command()
def services(
    query: Annotated[
        str, typer.Argument(help="Wort, LeiKa-Schlüssel, OZG-ID oder Themenfeld; ohne Angabe alle")
    ] = "",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Sucht Leistungen nach Titel, Schlüssel, OZG-ID oder Themenfeld."""
    catalogue = load_catalogue(settings().catalogue)
    found = catalogue.find_services(query) if query else tuple(catalogue.services.values())
    if as_json:
        print_json([_service_data(catalogue, entry) for entry in found])
        return
    headings = ("label.leika", "label.title", "label.ozg", "label.field", "label.typ", "label.level")
    print_table("", headings, (_service_row(catalogue, entry) for entry in found[:limit]))
    _say_count(len(found), limit)
    _say_source(next(entry for entry in load_provenance(settings().catalogue) if entry.name == "services.csv"))


@app.command()
def sources(as_json: AsJson = False) -> None:
    """Zeigt, woher der Katalog stammt, wie alt er ist und was ausgelassen wurde."""
    files = load_provenance(settings().catalogue)
    if as_json:
        print_json([{**asdict(entry), "as_of": entry.as_of.isoformat()} for entry in files])
        return
    for entry in files:
        _say_source(entry)


@app.command()
def build(
    municipalities: Annotated[Path, typer.Option(help="Gemeinden aus GV100AD (CSV)", metavar="CSV")],
    municipalities_as_of: Annotated[str, typer.Option(help="Stand der Gemeinden", metavar=DAY)],
    services: Annotated[Path, typer.Option(help="Leistungen aus LeiKa und OZG-Katalog (CSV)", metavar="CSV")],
    ozg_services: Annotated[Path, typer.Option(help="OZG-Leistungen (CSV)", metavar="CSV")],
    services_as_of: Annotated[str, typer.Option(help="Stand der Leistungen", metavar=DAY)],
    into: Annotated[Path, typer.Option(help="Ordner für den neuen Katalog", metavar="ORDNER")],
) -> None:
    """Baut den Katalog aus neueren Rohdateien; OZGFLOW_CATALOGUE=ORDNER benutzt ihn."""
    catalogue_build.build(
        municipalities=municipalities,
        services=services,
        ozg_services=ozg_services,
        into=into,
        municipalities_as_of=parse_day(municipalities_as_of),
        services_as_of=parse_day(services_as_of),
    )
    for entry in load_provenance(into):
        _say_source(entry)


def _found(catalogue: Catalogue, query: str, land: str | None) -> tuple[Municipality, ...]:
    if not query:
        everyone = tuple(catalogue.municipalities.values())
    else:
        everyone = catalogue.find_municipalities(query, land or HOME_LAND)
    return tuple(one for one in everyone if land in (None, one.land))


def _say_source(entry: SourceFile) -> None:
    reasons = [
        wording().text("catalogue.left-out", count=count, why=message(f"catalogue.left-out.{why}"))
        for why, count in sorted(entry.left_out.items())
    ]
    left = "; ".join(reasons) or "–"
    say(
        "catalogue.source",
        file=entry.name,
        written=entry.written,
        day=entry.as_of,
        source=entry.source,
        left=left,
    )


def _say_count(total: int, limit: int) -> None:
    say("catalogue.count-cut" if total > limit else "catalogue.count", total=total, shown=min(total, limit))


def _municipality_row(catalogue: Catalogue, entry: Municipality) -> tuple[str, ...]:
    parent = catalogue.name_of(entry.parent) if entry.parent else "–"
    kind = wording().text(f"municipality-kind.{entry.kind}")
    population = f"{entry.population:,}".replace(",", ".")
    land = LAENDER[entry.land].abbreviation
    return str(entry.ars), str(entry.ags or "–"), entry.name, kind, land, population, parent


def _municipality_data(entry: Municipality) -> dict[str, object]:
    return {
        "ars": str(entry.ars),
        "ags": str(entry.ags) if entry.ags else None,
        "name": entry.name,
        "kind": entry.kind,
        "land": entry.land,
        "land_name": LAENDER[entry.land].name,
        "parent": str(entry.parent) if entry.parent else None,
        "population": entry.population,
        "as_of": entry.as_of.isoformat(),
        "source": entry.source,
    }


def _service_row(catalogue: Catalogue, entry: Service) -> tuple[str, ...]:
    level, _ = catalogue.execution_level(entry)
    ozg = str(entry.ozg_id or "–")
    return str(entry.key), entry.title, ozg, entry.field, entry.typisation, wording().text(f"level.{level}")


def _service_data(catalogue: Catalogue, entry: Service) -> dict[str, object]:
    level, rule = catalogue.execution_level(entry)
    return {
        "key": str(entry.key),
        "title": entry.title,
        "ozg_id": str(entry.ozg_id) if entry.ozg_id else None,
        "field": entry.field,
        "typisation": entry.typisation,
        "structure": entry.key.structure if isinstance(entry.key, LeikaKey) else None,
        "level": level,
        "level_source": rule.source if rule else None,
        "level_confirmed": rule.confirmed if rule else False,
        "competent": len(catalogue.competent(level)),
        "as_of": entry.as_of.isoformat(),
        "source": entry.source,
    }
