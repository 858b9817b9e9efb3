"""``ozgflow undertaking``: begin undertakings, work on their goals, look at them, transfer them."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, say, today, workspace
from ozgflow.cli.undertaking_text import (
    print_transfer,
    print_undertaking,
    print_undertakings,
    transfer_data,
    undertaking_data,
)
from ozgflow.domain.undertaking_files import read_transfer
from ozgflow.domain.undertakings import WorkKind
from ozgflow.errors import UsageError
from ozgflow.jobs import undertakings as jobs
from ozgflow.jobs.transfer import transfer as carry_out
from ozgflow.jobs.workspace import Workspace, refresh_catalogue

PROGRAMME = "digitalkommune"

app = typer.Typer(
    help="Vorhaben: anlegen, Ziele verfolgen, an Nachfolger übertragen.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Code = Annotated[str, typer.Argument(help="Code des Vorhabens, zum Beispiel antrag-online", metavar="VORHABEN")]
By = Annotated[str, typer.Option("--by", help="Wer das festhält")]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command()
def add(
    code: Code,
    title: Annotated[str, typer.Option("--title", help="Name des Vorhabens")],
    municipality: Annotated[
        list[str],
        typer.Option("--municipality", help="nutzende Kommune; mehrfach möglich", metavar="NAME|ARS"),
    ],
    by: By,
    programme: Annotated[str, typer.Option("--programme", help="Programm, unter dem es steht")] = PROGRAMME,
    planned_since: Annotated[
        str | None, typer.Option(help="Beginn der Planung; ohne Angabe heute", metavar=DAY)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Legt ein Vorhaben an; gibt es das schon, kommen die genannten Kommunen dazu."""
    with workspace() as opened:
        refresh_catalogue(opened)
        begun = jobs.begin(
            opened,
            code=code,
            programme=programme,
            title=title,
            municipalities=municipality,
            planned_since=_day(planned_since),
            by=by,
            today=today(),
            now=now(),
        )
    if as_json:
        data = {"added": begun.is_new, "joined": [str(ars) for ars in begun.joined]}
        print_json({**data, "undertaking": undertaking_data(opened, begun.undertaking)})
        return
    answer = "undertaking.begun" if begun.is_new else "undertaking.joined" if begun.joined else "undertaking.known"
    say(answer, undertaking=code, users=len(begun.undertaking.users), joined=len(begun.joined))
    for warning in jobs.warned(begun.undertaking, today=today()):
        say("undertaking.warning", undertaking=code, warning=warning)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Zeigt alle Vorhaben mit Zielen, nutzenden Kommunen und Warnungen."""
    with workspace() as opened:
        found = jobs.listed(opened)
    if as_json:
        print_json([undertaking_data(opened, one) for one in found])
    else:
        print_undertakings(found)


@app.command()
def show(code: Code, as_json: AsJson = False) -> None:
    """Zeigt ein Vorhaben mit jedem Ziel, dem Getanen und den Nachfolgern."""
    with workspace() as opened:
        found = jobs.find(opened, code)
    if as_json:
        print_json(undertaking_data(opened, found))
    else:
        print_undertaking(opened, found)


@app.command()
def goal(
    code: Code,
    goal_code: Annotated[str, typer.Argument(help="Code des Ziels", metavar="ZIEL")],
    title: Annotated[str | None, typer.Option("--title", help="legt das Ziel mit diesem Namen an")] = None,
    note: Annotated[str | None, typer.Option("--note", help="hält fest, was getan ist")] = None,
    reference: Annotated[str | None, typer.Option("--reference", help="Fundstelle eines Nachweises")] = None,
    finished: Annotated[str | None, typer.Option("--finished", help="Ziel erreicht; woran man es sieht")] = None,
    by: Annotated[str, typer.Option("--by", help="Wer das festhält; außer bei --title nötig")] = "",
    day: Annotated[str | None, typer.Option("--day", help="für welchen Tag; ohne Angabe heute", metavar=DAY)] = None,
) -> None:
    """Legt ein Ziel an und hält fest, was dafür getan ist."""
    work = {WorkKind.NOTE: note, WorkKind.REFERENCE: reference, WorkKind.FINISHED: finished}
    given = {kind: text for kind, text in work.items() if text is not None}
    if title is None and not given:
        raise UsageError("undertaking.goal-what")
    with workspace() as opened:
        if title is not None:
            is_new = jobs.set_goal(opened, undertaking=code, goal=goal_code, title=title, now=now())
            say("undertaking.goal-added" if is_new else "undertaking.goal-known", goal=goal_code)
        for kind, text in given.items():
            is_new = _record(opened, code, goal_code, kind, text, by, _day(day))
            say("undertaking.work-recorded" if is_new else "undertaking.goal-known", goal=goal_code)


@app.command()
def transfer(
    plan: Annotated[Path, typer.Argument(help="Plan als TOML-Datei", metavar="PLAN")],
    by: By,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="nur prüfen, nichts schreiben")] = False,
    as_json: AsJson = False,
) -> None:
    """Überträgt ein Vorhaben nach einem Plan an seine Nachfolger, ganz oder gar nicht."""
    wanted = read_transfer(plan)
    with workspace() as opened:
        summary = carry_out(opened, wanted, by=by, now=now(), dry_run=dry_run)
    if as_json:
        print_json(transfer_data(opened, summary))
    else:
        print_transfer(summary, plan.name)
    if summary.complaints:
        raise typer.Exit(1)


def _record(opened: Workspace, code: str, goal_code: str, kind: WorkKind, text: str, by: str, day: date) -> bool:
    return jobs.record_work(
        opened, undertaking=code, goal=goal_code, kind=kind, text=text, by=by, day=day, today=today(), now=now()
    )


def _day(text: str | None) -> date:
    return parse_day(text) if text else today()
