"""How the terminal shows the board and the history."""

from ozgflow.cli.console import print_table, say, wording
from ozgflow.domain.board import Board, stage_title
from ozgflow.domain.programmes import Programme
from ozgflow.settings import LOCAL_TIME
from ozgflow.storage.rollouts import RecordedMove


def board_data(board: Board) -> dict[str, object]:
    """The board as JSON-ready data."""
    return {
        "programme": board.programme.code,
        "as_of": board.as_of.isoformat(),
        "by_stage": board.count_by_stage(),
        "rows": board.data(wording()),
        "failures": [
            {"service": str(one.service), "name": one.name, "reason": wording().render(one.reason)}
            for one in board.unjudged
        ],
    }


def print_board(board: Board) -> None:
    """Print the board as a table, and the sum with its denominator."""
    words = wording()
    several = len({row.service.key for row in board.rows}) > 1
    rows = []
    for row, data in zip(board.rows, board.data(words), strict=True):
        stage = words.text("board.stage", position=data["position"], stages=data["stages"], title=data["stage_title"])
        name = f"{row.municipality.label}\n{row.service.key}" if several else row.municipality.label
        rows.append((name, stage, "\n".join(f"• {reason}" for reason in board.reasons(row, words))))
    title = words.text("board.title", programme=board.programme.title[words.language], day=board.as_of)
    print_table(title, ("label.municipality", "label.stage", "label.missing"), rows)
    for code, count in board.count_by_stage().items():
        if count:
            say("board.count", count=count, total=len(board.rows), stage=board.stage_title(code, words))
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
    proof = "\n".join(f"• {titles.get(gate.gate, gate.gate)}: {words.render(gate.reason)}" for gate in move.gates)
    return name, f"{move.moved_at.astimezone(LOCAL_TIME):%d.%m.%Y %H:%M}\n{move.moved_by}", step, proof
