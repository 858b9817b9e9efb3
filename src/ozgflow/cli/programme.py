"""``ozgflow programme``: list, show and check programmes."""

from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import print_json, print_table, print_text, say, wording, workspace
from ozgflow.domain.programme_files import load_programme, programme_codes, read_programme
from ozgflow.domain.programmes import Programme
from ozgflow.jobs.grant_checks import refuse_overdrawn
from ozgflow.reports.programmes import programme_data, programme_text

app = typer.Typer(help="Programme ansehen und prüfen.", no_args_is_help=True, rich_markup_mode="rich")
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Zeigt alle Programme mit Zahl der Stufen und Gegenstände."""
    programmes = [load_programme(code) for code in programme_codes()]
    if as_json:
        print_json([{"code": one.code, "title": one.title, "stages": len(one.stages)} for one in programmes])
        return
    headings = ("label.code", "label.name", "label.stages", "label.items", "label.purpose")
    print_table("", headings, (_row(one) for one in programmes))


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="Code des Programms", metavar="PROGRAMM")], as_json: AsJson = False
) -> None:
    """Zeigt ein Programm: wer teilnimmt, welche Stufen es hat und was sie verlangen."""
    programme = load_programme(code)
    if as_json:
        print_json(programme_data(programme, wording()))
    else:
        print_text(programme_text(programme, wording()))


@app.command()
def check(file: Annotated[Path, typer.Argument(help="Programmdatei", metavar="DATEI")]) -> None:
    """Prüft eine Programmdatei, auch gegen das, was schon bewilligt ist; Fehler mit Datei und Zeile."""
    programme = read_programme(file)
    if programme.grant is not None:
        with workspace() as opened:
            refuse_overdrawn(opened, programme)
    gates = sum(len(stage.gates) for stage in programme.stages)
    say("programme.fine", file=file.name, stages=len(programme.stages), gates=gates)


def _row(programme: Programme) -> tuple[str, ...]:
    language = wording().language
    return (
        programme.code,
        programme.title[language],
        str(len(programme.stages)),
        str(len(programme.items) or "–"),
        programme.purpose[language],
    )
