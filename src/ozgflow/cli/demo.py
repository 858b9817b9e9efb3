"""``ozgflow demo``: the main job from beginning to end on invented evidence."""

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.board import board_data, print_board
from ozgflow.cli.console import now, print_json, say, settings, today, wording, workspace
from ozgflow.cli.local_prefect import run_flow
from ozgflow.domain.board import Board
from ozgflow.domain.obstacle_lines import OpenObstacles
from ozgflow.domain.programme_files import load_programme
from ozgflow.jobs import demo as jobs
from ozgflow.jobs.obstacles import open_obstacles
from ozgflow.jobs.rollout import board
from ozgflow.reports.board_page import board_page
from ozgflow.reports.files import write_file


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Zeigt den ganzen Weg: Katalog, Nachrichten, Nachweise, Ablauf in Prefect, Tafel und HTML-Bericht."""
    home = settings().home
    folder, page = home / "demo" / "nachrichten", home / "demo" / "bericht.html"
    with workspace() as opened:
        before = jobs.rows_in_database(opened)
        prepared = jobs.prepare(opened, folder, now=now())
    if not as_json:
        say(
            "demo.prepared",
            rows=prepared.catalogue_rows,
            documents=prepared.documents,
            evidence=prepared.evidence,
            folder=folder,
        )
        say("demo.flow")
    scenario = prepared.scenario
    parameters = {
        "services": [str(scenario.service)],
        "programme": scenario.programme,
        "documents": str(folder.resolve()),
    }
    run_flow("rollout", json.dumps({"parameters": parameters}))
    with workspace() as opened:
        changes = jobs.rows_in_database(opened) - before + prepared.documents + prepared.catalogue_rows
        programme = load_programme(scenario.programme)
        keys = jobs.scenario_keys(scenario)
        shown = board(opened, programme, keys, today=today())
        named = open_obstacles(opened, keys, today=today())
    write_file(page, board_page(shown, wording(), named))
    _show(shown, named, page, changes, as_json=as_json)


def _show(shown: Board, named: OpenObstacles, page: Path, changes: int, *, as_json: bool) -> None:
    if as_json:
        print_json({**board_data(shown, named), "changes": changes, "report": str(page)})
        return
    print_board(shown, named)
    say("demo.changes", changes=changes)
    say("demo.next", page=page.resolve(), program=_program())


def _program() -> str:
    """How the reader can call us: by name if that works, else by the path we were called with."""
    return "ozgflow" if shutil.which("ozgflow") else sys.argv[0]
