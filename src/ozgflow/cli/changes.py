"""``ozgflow catalogue changes``: changes of municipalities, and carrying rollouts on to new keys."""

from typing import Annotated

import typer

from ozgflow.cli.console import now, print_json, print_table, say, today, wording, workspace
from ozgflow.domain.board import stage_title
from ozgflow.domain.municipality_changes import MunicipalityChange
from ozgflow.domain.programme_files import load_programme
from ozgflow.jobs import municipality_changes as jobs
from ozgflow.jobs.workspace import Workspace

BY = "ozgflow catalogue changes"

app = typer.Typer(
    help="Gebietsänderungen ansehen und Nachnutzungen weiterführen.", no_args_is_help=True, rich_markup_mode="rich"
)
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Zeigt die Gebietsänderungen, die der Katalog kennt, und ob sie übernommen sind."""
    with workspace() as opened:
        found = jobs.list_changes(opened, today=today())
        rows = [_row(opened, change, state) for change, state in found]
    if as_json:
        print_json([{**_data(change), "state": state.value} for change, state in found])
    elif rows:
        headings = ("label.day", "label.kind", "label.old", "label.new", "label.state", "label.source")
        print_table("", headings, rows)
    else:
        say("municipality-change.none")


@app.command()
def apply(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="nur zeigen, nichts schreiben")] = False,
    as_json: AsJson = False,
) -> None:
    """Führt Nachnutzungen und Nachweise unter den neuen Schlüsseln weiter; ein zweites Mal ändert nichts."""
    with workspace() as opened:
        done = jobs.apply_changes(opened, today=today(), now=now(), by=BY, dry_run=dry_run)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "changes": [_data(change) for change in done.changes],
                "carried": [_carried_data(one) for one in done.carried],
                "evidence": done.evidence,
            }
        )
        return
    _print_applied(opened, done, dry_run=dry_run)


def _print_applied(opened: Workspace, done: jobs.ChangeSummary, *, dry_run: bool) -> None:
    if not done.changes:
        say("municipality-change.nothing")
        return
    for one in done.carried:
        say(
            "municipality-change.carried",
            name=opened.catalogue.name_of(one.key.municipality),
            target=stage_title(load_programme(one.key.programme), one.target, wording()),
            names=[opened.catalogue.name_of(ars) for ars in one.stood],
        )
    say(
        "municipality-change.done-dry" if dry_run else "municipality-change.done",
        changes=len(done.changes),
        rollouts=len(done.carried),
        evidence=done.evidence,
    )


def _row(opened: Workspace, change: MunicipalityChange, state: jobs.ChangeState) -> tuple[str, ...]:
    words = wording()
    return (
        words.text("municipality-change.day", day=change.day),
        words.text(f"municipality-change.kind.{change.kind}"),
        f"{opened.catalogue.name_of(change.old)}\n{change.old}",
        f"{opened.catalogue.name_of(change.new)}\n{change.new}",
        words.text(f"municipality-change.state.{state}"),
        change.source,
    )


def _data(change: MunicipalityChange) -> dict[str, object]:
    return {
        "day": change.day.isoformat(),
        "kind": change.kind.value,
        "old": str(change.old),
        "new": str(change.new),
        "source": change.source,
    }


def _carried_data(one: jobs.Carried) -> dict[str, object]:
    return {
        "programme": one.key.programme,
        "service": str(one.key.service),
        "municipality": str(one.key.municipality),
        "origin": one.origin,
        "target": one.target,
        "stood": {str(ars): stage for ars, stage in one.stood.items()},
    }
