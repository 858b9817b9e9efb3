"""``ozgflow maturity``: maturity models, and how far services are."""

from datetime import date
from typing import Annotated

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.cli.maturity_text import (
    aspect_row,
    level_row,
    model_data,
    model_row,
    overview_data,
    print_overview,
    rating_data,
    say_thresholds,
)
from ozgflow.domain.maturity import WHOLE, RatingAnswer, model_of_version
from ozgflow.domain.maturity_files import load_models
from ozgflow.errors import UsageError
from ozgflow.jobs import maturity as jobs
from ozgflow.jobs.workspace import refresh_catalogue

app = typer.Typer(
    help="Reifegradmodelle ansehen, Leistungen bewerten.", no_args_is_help=True, rich_markup_mode="rich"
)

Version = Annotated[
    str | None,
    typer.Option("--model", help="Version des Reifegradmodells; ohne Angabe das am Tag gültige", metavar="VERSION"),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Stichtag; ohne Angabe heute", metavar=DAY)]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]

_WORDS = {
    "entfällt": RatingAnswer.WAIVED,
    "waived": RatingAnswer.WAIVED,
    "zurückgezogen": RatingAnswer.WITHDRAWN,
    "withdrawn": RatingAnswer.WITHDRAWN,
}


@app.command()
def models(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Zeigt die Reifegradmodelle; mit Stichtag nur das an diesem Tag gültige."""
    shown = load_models() if as_of is None else (jobs.chosen_model(None, parse_day(as_of)),)
    if as_json:
        print_json([model_data(model) for model in shown])
        return
    headings = (
        "label.maturity-version",
        "label.name",
        "label.maturity-valid",
        "label.maturity-levels",
        "label.maturity-aspects",
        "label.source",
    )
    print_table("", headings, (model_row(model) for model in shown))


@app.command()
def show(version: Annotated[str, typer.Argument(help="Version, zum Beispiel 2.0")], as_json: AsJson = False) -> None:
    """Zeigt ein Reifegradmodell: Stufen, Kriterien, Regel, Schwellen, und was davon belegt ist."""
    model = model_of_version(load_models(), version)
    if as_json:
        print_json(model_data(model))
        return
    headings = ("label.maturity-level", "label.name", "label.means", "label.source")
    print_table(model.title[wording().language], headings, (level_row(level) for level in model.levels))
    headings = ("label.code", "label.name", "label.maturity-asks", "label.source")
    print_table("", headings, (aspect_row(aspect) for aspect in model.aspects))
    say_thresholds(model)


@app.command()
def rate(
    service: Annotated[str, typer.Option("--service", help="LeiKa-Schlüssel, 14 Ziffern", metavar="LEIKA")],
    source: Annotated[str, typer.Option("--source", help="Wer das sagt, zum Beispiel Selbsteinschätzung")],
    reference: Annotated[str, typer.Option("--reference", help="Fundstelle: Aktenzeichen, Seite")],
    by: Annotated[str, typer.Option("--by", help="Wer die Bewertung erfasst")],
    aspect: Annotated[
        list[str],
        typer.Option(
            "--aspect",
            help="Kriterium mit Stufe; statt der Stufe auch entfällt oder zurückgezogen; mehrfach möglich",
            metavar="KRITERIUM=STUFE",
        ),
    ] = [],  # noqa: B006 - typer reads the default and never changes it
    level: Annotated[
        str | None, typer.Option("--level", help="Stufe der Leistung als Ganzes", metavar="STUFE")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option("--municipality", help="wenn die Bewertung nur dort gilt: Kommune")
    ] = None,
    model: Version = None,
    rated_on: Annotated[
        str | None, typer.Option("--rated-on", help="Tag der Bewertung; ohne Angabe heute", metavar=DAY)
    ] = None,
    valid_until: Annotated[str | None, typer.Option(help="letzter Tag der Gültigkeit", metavar=DAY)] = None,
    as_json: AsJson = False,
) -> None:
    """Bewertet eine Leistung; dieselbe Bewertung ein zweites Mal ändert nichts."""
    day = _day(rated_on)
    chosen = jobs.chosen_model(model, day)
    statements = [_statement(*_split(text)) for text in aspect]
    statements += [] if level is None else [_statement(WHOLE, level)]
    with workspace() as opened:
        ratings = jobs.by_person(
            opened,
            chosen,
            statements,
            service=service,
            municipality=municipality,
            source=source,
            reference=reference,
            by=by,
            rated_on=day,
            today=today(),
            valid_until=parse_day(valid_until) if valid_until else None,
        )
        refresh_catalogue(opened)
        added = jobs.record(opened, ratings, now=now())
    if as_json:
        print_json({"added": added, "ratings": [rating_data(rating) for rating in ratings]})
    else:
        say("maturity.added", added=added, total=len(ratings), title=chosen.title[wording().language])


@app.command()
def status(
    service: Annotated[
        list[str], typer.Option("--service", help="LeiKa-Schlüssel; mehrfach möglich", metavar="LEIKA")
    ] = [],  # noqa: B006
    ozg: Annotated[
        str | None, typer.Option("--ozg", help="OZG-ID: ob die OZG-Leistung als online zählt", metavar="OZG-ID")
    ] = None,
    model: Version = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt, auf welcher Stufe Leistungen stehen, was sie begrenzt, und ob sie OZG-konform sind."""
    day = _day(as_of)
    chosen = jobs.chosen_model(model, day)
    with workspace() as opened:
        found = jobs.overview(opened, chosen, day=day, services=service, ozg=ozg)
    if as_json:
        print_json(overview_data(found))
    else:
        print_overview(found, opened.catalogue)


def _day(text: str | None) -> date:
    return parse_day(text) if text else today()


def _split(text: str) -> tuple[str, str]:
    code, _, said = text.partition("=")
    if not code.strip():
        raise UsageError("maturity.statement", text=text)
    return code.strip(), said.strip()


def _statement(aspect: str, said: str) -> jobs.Statement:
    if said in _WORDS:
        return jobs.Statement(aspect=aspect, answer=_WORDS[said])
    if not (said.isascii() and said.isdigit()):
        raise UsageError("maturity.statement", text=f"{aspect}={said}" if aspect else said)
    return jobs.Statement(aspect=aspect, level=int(said))
