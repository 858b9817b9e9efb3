"""The board as a page: one static HTML file for a steering group, complete in itself.

The page loads nothing and runs nothing; its content security policy allows its own style sheet, by hash, and
forbids the rest. It names no moment but the board's day, so the same board always gives the same bytes.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from ozgflow.domain.board import Board, BoardRow
from ozgflow.domain.catalogue import Service
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.obstacle_lines import OpenObstacles, row_lines
from ozgflow.domain.programmes import START, Gate, Stage

ROW_LIMIT = 2000
"""Above this number of rollouts the page shows one line per service instead of one per rollout."""
HURDLE_LIMIT = 5
"""How many of the most frequent hurdles are listed."""
_NONE: OpenObstacles = MappingProxyType({})


class Standing(StrEnum):
    """The four fields in which the page counts; each rollout is in exactly one."""

    FINISHED = "finished"
    READY = "ready"
    HELD = "held"
    UNCONFIRMED = "unconfirmed"
    """A proof of a stage reached no longer holds. Such a rollout counts nowhere as having reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _StageCount:
    """One stage in numbers.

    Attributes:
        position: 0 for ``START``.
        code: of the stage.
        here: rollouts that stand at it.
        unconfirmed: those of them that are no longer confirmed.
        reached: confirmed rollouts that stand at it or beyond.
    """

    position: int
    code: str
    here: int
    unconfirmed: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hurdle:
    """A gate and how many rollouts it holds."""

    stage: Stage
    gate: Gate
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overview:
    """The counts over some rollouts; ``total`` is the denominator of them all."""

    total: int
    standings: Mapping[Standing, int]
    stages: tuple[_StageCount, ...]
    hurdles: tuple[_Hurdle, ...]

    @property
    def half(self) -> _StageCount | None:
        """The highest stage that at least half of the rollouts have reached."""
        stages = [stage for stage in self.stages[1:] if stage.reached * 2 >= self.total]
        return stages[-1] if stages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The rollouts of one service."""

    service: Service
    overview: _Overview
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """Numbers as the language writes them: ``count(41300)`` is 41.300, ``count.of(6, 18)`` is 6 von 18."""

    wording: Wording

    def __call__(self, number: int) -> str:
        grouped = f"{number:,}"
        return grouped.replace(",", ".") if self.wording.language is Language.GERMAN else grouped

    def of(self, number: int, total: int) -> str:
        return self.wording.text("report.of", count=self(number), total=self(total))


def board_page(board: Board, wording: Wording, named: OpenObstacles = _NONE) -> str:
    """The board as one self-contained HTML page in the language of the wording.

    Args:
        board: who stands where. Above ``ROW_LIMIT`` rows, the page sums them up by service.
        wording: the sentences.
        named: the open obstacles; each row shows its own.
    """
    style = _environment().get_template("page.css.j2").render()
    return (
        _environment()
        .get_template("board.html.j2")
        .render(
            board=board,
            language=wording.language,
            t=wording.text,
            count=_Count(wording),
            style=style,
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            overview=_overview(board, board.rows),
            groups=_groups(board),
            summed_up=len(board.rows) > ROW_LIMIT,
            row_limit=ROW_LIMIT,
            hurdle_limit=HURDLE_LIMIT,
            start=START,
            reasons=lambda row: row_lines(board, row, named, wording),
            stage_title=lambda code: board.stage_title(code, wording),
            next_title=lambda row: board.next_title(row, wording) or wording.text("report.last-stage"),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("ozgflow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _groups(board: Board) -> tuple[_Group, ...]:
    by_service: dict[Service, list[BoardRow]] = {}
    for row in board.rows:
        by_service.setdefault(row.service, []).append(row)
    return tuple(
        _Group(service=service, overview=_overview(board, rows), rows=tuple(rows))
        for service, rows in by_service.items()
    )


def _overview(board: Board, rows: Sequence[BoardRow]) -> _Overview:
    standings = Counter(_standing(row) for row in rows)
    return _Overview(
        total=len(rows),
        standings={standing: standings[standing] for standing in Standing},
        stages=_stage_counts(board, rows),
        hurdles=_hurdles(board, rows),
    )


def _standing(row: BoardRow) -> Standing:
    if row.assessment.unconfirmed:
        return Standing.UNCONFIRMED
    if row.assessment.moves:
        return Standing.READY
    return Standing.HELD if row.assessment.next_gates else Standing.FINISHED


def _stage_counts(board: Board, rows: Sequence[BoardRow]) -> tuple[_StageCount, ...]:
    here = Counter(row.stage for row in rows)
    unconfirmed = Counter(row.stage for row in rows if row.assessment.unconfirmed)
    codes = board.programme.codes
    return tuple(
        _StageCount(
            position=position,
            code=code,
            here=here[code],
            unconfirmed=unconfirmed[code],
            reached=sum(here[later] - unconfirmed[later] for later in codes[position:]),
        )
        for position, code in enumerate(codes)
    )


def _hurdles(board: Board, rows: Sequence[BoardRow]) -> tuple[_Hurdle, ...]:
    """The gates that hold most, the most frequent first, then in the programme's order.

    A rollout that is about to move is not held yet by what will stop it after that.
    """
    held = (row.assessment for row in rows if not row.assessment.moves)
    counted = Counter(judged.gate.code for assessment in held for judged in assessment.blockers)
    gates = [
        _Hurdle(stage=stage, gate=gate, count=counted[gate.code])
        for stage in board.programme.stages
        for gate in stage.gates
        if counted[gate.code]
    ]
    return tuple(sorted(gates, key=lambda hurdle: -hurdle.count)[:HURDLE_LIMIT])
