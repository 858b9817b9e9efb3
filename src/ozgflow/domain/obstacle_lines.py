"""Obstacles beside the rows of a board."""

from collections.abc import Mapping

from ozgflow.domain.board import Board, BoardRow
from ozgflow.domain.messages import Wording
from ozgflow.domain.obstacle_files import load_obstacle_kinds
from ozgflow.domain.obstacles import Obstacle, obstacle_line
from ozgflow.domain.rollouts import RolloutKey

OpenObstacles = Mapping[RolloutKey, tuple[Obstacle, ...]]
"""The open obstacles by rollout; rollouts without one are left out."""


def row_obstacles(board: Board, row: BoardRow, named: OpenObstacles) -> tuple[Obstacle, ...]:
    """The open obstacles of one row, the oldest first."""
    key = RolloutKey(programme=board.programme.code, service=row.service.key, municipality=row.municipality.ars)
    return named.get(key, ())


def row_lines(board: Board, row: BoardRow, named: OpenObstacles, wording: Wording) -> list[str]:
    """Why a row stands where it stands: one sentence per gate, then one per open obstacle."""
    kinds = load_obstacle_kinds()
    return [
        *board.reasons(row, wording),
        *(obstacle_line(one, kinds, wording) for one in row_obstacles(board, row, named)),
    ]
