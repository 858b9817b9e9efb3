"""``ozgflow board``, and how the terminal shows the board and the history."""

from datetime import date
from typing import Annotated

import typer

from ozgflow.cli.console import DAY, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.cli.obstacle_text import obstacle_data
from ozgflow.domain.board import Board, stage_title
from ozgflow.domain.laender import LAENDER
from ozgflow.domain.obstacle_lines import OpenObstacles, row_lines, row_obstacles
from ozgflow.domain.programme_files import load_programme, programme_codes
from ozgflow.domain.programmes import Programme
from ozgflow.errors import UsageError
from ozgflow.jobs import rollout as jobs
from ozgflow.jobs.obstacles import open_obstacles
from ozgflow.jobs.workspace import Workspace
from ozgflow.settings import LOCAL_TIME
from ozgflow.storage.municipality_changes import CARRIED_GATE
from ozgflow.storage.rollouts import RecordedMove


def board(
    programme: Annotated[
        str | None, typer.Option("--programme", help="Programm; ohne Angabe alle, die Nachnutzungen haben")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Stand am Ende dieses Tages; ohne Angabe heute", metavar=DAY)
    ] = None,
    by_land: Annotated[
        bool, typer.Option("--by-land", help="nach Ländern zählen statt jede Kommune zu zeigen")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Zeigt, wer an einem Tag auf welcher Stufe stand, und wie viele Kommunen am Ziel sind."""
    day = parse_day(as_of) if as_of else today()
    with workspace() as opened:
        begun = frozenset() if programme else jobs.begun_programmes(opened)
        codes = [programme] if programme else [code for code in programme_codes() if code in begun]
        if not codes:
            raise UsageError("board.empty")
        boards = [_board_of(opened, code, day) for code in codes]
    if as_json:
        print_json([board_data(shown, named) for shown, named in boards])
        return
    for shown, named in boards:
        if by_land:
            _print_by_land(shown)
        else:
            print_board(shown, named)


def _board_of(opened: Workspace, code: str, day: date) -> tuple[Board, OpenObstacles]:
    procedure, keys = load_programme(code), jobs.open_keys(opened, code, day=day)
    shown = jobs.board(opened, procedure, keys, today=day, looking_back=day < today())
    return shown, open_obstacles(opened, keys, today=day)


def _print_by_land(board: Board) -> None:
    words = wording()
    title = words.text("board.title", programme=board.programme.title[words.language], day=board.as_of)
    rows = [(LAENDER[land].name, f"{count} / {total}") for land, (count, total) in board.by_land().items()]
    print_table(title, ("label.land", "label.reached"), rows)
    print_sums(board)


def board_data(board: Board, named: OpenObstacles) -> dict[str, object]:
    """The board as JSON-ready data, each row with its open obstacles."""
    return {
        "programme": board.programme.code,
        "as_of": board.as_of.isoformat(),
        "by_stage": board.count_by_stage(),
        "unconfirmed": board.unconfirmed,
        "counted": board.counted,
        "municipalities": len(board.whole()),
        "municipalities_counted": len(board.reached()),
        "by_land": {land: {"counted": count, "total": total} for land, (count, total) in board.by_land().items()},
        "rows": [
            {**data, "obstacles": [obstacle_data(one, board.as_of) for one in row_obstacles(board, row, named)]}
            for row, data in zip(board.rows, board.data(wording()), strict=True)
        ],
        "failures": [
            {"service": str(one.service), "name": one.name, "reason": wording().render(one.reason)}
            for one in board.unjudged
        ],
    }


def print_board(board: Board, named: OpenObstacles) -> None:
    """Print the board as a table with the open obstacles, and the sum with its denominator."""
    words = wording()
    several = len({row.service.key for row in board.rows}) > 1
    rows = []
    for row, data in zip(board.rows, board.data(words), strict=True):
        stage = words.text("board.stage", position=data["position"], stages=data["stages"], title=data["stage_title"])
        name = f"{row.municipality.label}\n{row.service.key}" if several else row.municipality.label
        rows.append((name, stage, "\n".join(f"• {reason}" for reason in row_lines(board, row, named, words))))
    title = words.text("board.title", programme=board.programme.title[words.language], day=board.as_of)
    print_table(title, ("label.municipality", "label.stage", "label.missing"), rows)
    print_sums(board)


def print_sums(board: Board) -> None:
    """Print the sums, each with its denominator, and what could not be judged."""
    words = wording()
    for code, count in board.count_by_stage().items():
        if count:
            say("board.count", count=count, total=len(board.rows), stage=board.stage_title(code, words))
    if board.unconfirmed:
        say("board.unconfirmed-count", count=board.unconfirmed, total=len(board.rows))
    goal = board.stage_title(board.programme.counted_from, words)
    say("board.reached", count=len(board.reached()), total=len(board.whole()), stage=goal, day=board.as_of)
    for one in board.unjudged:
        say("rollout.failed", name=one.name, reason=one.reason)


def move_data(move: RecordedMove) -> dict[str, object]:
    """One step of the history as JSON-ready data."""
    return {
        "service": str(move.key.service),
        "municipality": str(move.key.municipality),
        "number": move.number,
        "origin": move.origin,
        "target": move.target,
        "moved_by": move.moved_by,
        "moved_at": move.moved_at.isoformat(),
        "reached_on": move.reached_on.isoformat(),
        "gates": [
            {"gate": gate.gate, "reason": wording().render(gate.reason), "evidence": list(gate.evidence)}
            for gate in move.gates
        ],
    }


def move_row(move: RecordedMove, name: str, programme: Programme) -> tuple[str, str, str, str]:
    """One step of the history as cells of a table: who, when, from where to where, on what grounds."""
    words = wording()
    step = f"{stage_title(programme, move.origin, words)} → {stage_title(programme, move.target, words)}"
    titles = {gate.code: gate.title[words.language] for stage in programme.stages for gate in stage.gates}
    titles[CARRIED_GATE] = words.text("municipality-change.gate")
    proof = "\n".join(f"• {titles.get(gate.gate, gate.gate)}: {words.render(gate.reason)}" for gate in move.gates)
    return name, f"{move.moved_at.astimezone(LOCAL_TIME):%d.%m.%Y %H:%M}\n{move.moved_by}", step, proof
