"""``ozgflow step``: what is to be done next in a municipality, one thing at a time."""

from datetime import datetime
from typing import Annotated

import typer

from ozgflow.cli.console import now, print_json, print_table, say, workspace
from ozgflow.domain.house import NextStep
from ozgflow.jobs import house as jobs
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.settings import LOCAL_TIME

app = typer.Typer(
    help="Nächste Schritte: in jeder Kommune ist höchstens einer offen.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Municipality = Annotated[str, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel")]
By = Annotated[str, typer.Option("--by", help="Wer das festhält")]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command()
def add(
    municipality: Municipality,
    text: Annotated[str, typer.Option("--text", help="was zu tun ist, in einem Satz")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Hält den nächsten Schritt einer Kommune fest; ein zweiter offener wird abgelehnt."""
    with workspace() as opened:
        refresh_catalogue(opened)
        is_new = jobs.add_step(opened, municipality=municipality, text=text, by=by, now=now())
        name = opened.catalogue.select_municipalities([municipality])[0].label
    if as_json:
        print_json({"added": is_new, "text": text.strip()})
        return
    say("step.added" if is_new else "step.known", name=name, text=text.strip())


@app.command()
def done(municipality: Municipality, by: By, as_json: AsJson = False) -> None:
    """Erledigt den offenen Schritt einer Kommune; ist keiner offen, ändert das nichts."""
    with workspace() as opened:
        step = jobs.finish_step(opened, municipality=municipality, by=by, now=now())
        name = opened.catalogue.select_municipalities([municipality])[0].label
    if as_json:
        print_json({"done": step is not None, "text": step.text if step else None})
    elif step is None:
        say("step.none-open", name=name)
    else:
        say("step.done", name=name, text=step.text)


@app.command("list")
def list_(
    municipality: Annotated[
        list[str],
        typer.Option("--municipality", help="Kommune nach Name oder Schlüssel; mehrfach möglich", metavar="NAME|ARS"),
    ] = [],  # noqa: B006 - typer reads the default and never changes it
    everything: Annotated[bool, typer.Option("--all", help="auch die erledigten")] = False,
    as_json: AsJson = False,
) -> None:
    """Zeigt die offenen nächsten Schritte."""
    with workspace() as opened:
        found = jobs.steps(opened, municipalities=municipality, done=everything)
    if as_json:
        print_json([step_data(opened, step) for step in found])
        return
    rows = [_row(opened, step) for step in found]
    print_table("", ("label.municipality", "label.next-step", "label.since", "label.done"), rows)
    say("step.count", total=len(found), count=sum(step.is_open for step in found))


def step_data(opened: Workspace, step: NextStep) -> dict[str, object]:
    """One next step as JSON-ready data."""
    return {
        "municipality": str(step.municipality),
        "name": opened.catalogue.name_of(step.municipality),
        "number": step.number,
        "text": step.text,
        "added_by": step.added_by,
        "added_at": step.added_at.isoformat(),
        "done_by": step.done_by,
        "done_at": step.done_at.isoformat() if step.done_at else None,
    }


def _row(opened: Workspace, step: NextStep) -> tuple[str, ...]:
    done_cell = f"{_day(step.done_at)}\n{step.done_by}" if step.done_at else "–"
    added_cell = f"{_day(step.added_at)}\n{step.added_by}"
    return opened.catalogue.name_of(step.municipality), step.text, added_cell, done_cell


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_TIME):%d.%m.%Y}"
