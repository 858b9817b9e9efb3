"""``ozgflow rollout import``: take over where rollouts stand, from a table of dated facts."""

from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import now, print_json, progress, say, today, workspace
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.jobs import rollout as jobs
from ozgflow.jobs.evidence import record
from ozgflow.jobs.evidence_import import read_evidence_file
from ozgflow.jobs.opening import start
from ozgflow.jobs.workspace import refresh_catalogue
from ozgflow.settings import DEFAULT_PROGRAMME


def import_(
    file: Annotated[Path, typer.Argument(help="CSV-Datei mit datierten Nachweisen", metavar="DATEI")],
    by: Annotated[str, typer.Option("--by", help="wer für die Datei einsteht")],
    programme: Annotated[str, typer.Option("--programme", help="Programm")] = DEFAULT_PROGRAMME,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Übernimmt einen Stand: erfasst die Nachweise einer Tabelle, eröffnet ihre Nachnutzungen und rückt sie vor."""
    with workspace() as opened:
        procedure = load_programme(programme)
        found = read_evidence_file(opened, file, by=by, today=today())
        refresh_catalogue(opened)
        added = record(opened, found.entries, now=now())
        keys = found.rollouts(programme)
        done = start(opened, procedure, keys, today=today(), now=now())
        # Day by day, as it happened: what was open once may be closed by now.
        days = [*found.by_day(programme), (today(), keys)]
        moved: set[RolloutKey] = set()
        for day, concerned in progress("progress.days", days, len(days)):
            summary = jobs.advance(opened, procedure, concerned, today=day, now=now(), by=by)
            moved |= {step.key for step in summary.moved}
    data = {"read": len(found.entries), "added": added, "rollouts": len(keys), "opened": done.count}
    if as_json:
        print_json({**data, "moved": len(moved)})
    else:
        say("rollout.imported", moved=len(moved), **data)
