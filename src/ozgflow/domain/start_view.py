"""The start view: who is blocked and why, what to do next, what runs out soon, and what changed last night."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ozgflow.domain.board import Board, BoardRow, Unjudged
from ozgflow.domain.house import Contact, Expiry, NextStep
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.programmes import Gate, Programme, Stage
from ozgflow.domain.rollouts import JudgedGate
from ozgflow.domain.undertakings import Undertaking


class ChangeKind(StrEnum):
    """What has changed."""

    MOVE = "move"
    EVIDENCE = "evidence"
    CONTACT = "contact"
    STEP_ADDED = "step-added"
    STEP_DONE = "step-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed.

    Attributes:
        at: when.
        kind: what kind of thing.
        municipality: where.
        sentence: what happened.
        by: who or what did it.
    """

    at: datetime
    kind: ChangeKind
    municipality: Ars
    sentence: Message
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """All rollouts of a programme that one gate holds for the same kind of reason.

    Attributes:
        programme: the procedure.
        stage: the stage that the gate belongs to.
        gate: what holds them.
        is_unconfirmed: whether it was open before and holds them from going on.
        reasons: why, each different sentence once, the first met first.
        rows: the rollouts.
        total: all rollouts of the programme that were looked at.
    """

    programme: Programme
    stage: Stage
    gate: Gate
    is_unconfirmed: bool
    reasons: tuple[Message, ...]
    rows: tuple[BoardRow, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnedUndertaking:
    """An undertaking with what should be changed about it."""

    undertaking: Undertaking
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartView:
    """What an operator should know at the beginning of a day.

    Attributes:
        as_of: the day for which evidence is judged.
        since: when the night before it began.
        warning_days: how far ahead it is looked for what runs out.
        taking_part: the municipalities that are looked at: the denominator of contacts and steps.
        boards: where rollouts stand, one board per programme.
        unjudged: rollouts of programmes that are not known any more.
        contacts: by municipality.
        steps: the open next step by municipality.
        expiring: evidence that runs out soon, the first to end first.
        changes: what changed since the night began, oldest first.
        undertakings: how many undertakings go on.
        warned: those of them that are warned of.
    """

    as_of: date
    since: datetime
    warning_days: int
    taking_part: tuple[Ars, ...]
    boards: tuple[Board, ...]
    unjudged: tuple[Unjudged, ...]
    contacts: Mapping[Ars, Contact]
    steps: Mapping[Ars, NextStep]
    expiring: tuple[Expiry, ...]
    changes: tuple[Change, ...]
    undertakings: int
    warned: tuple[WarnedUndertaking, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody takes part yet, so that there is nothing to show."""
        return not (self.taking_part or self.undertakings or self.expiring or self.changes)

    @property
    def rows(self) -> tuple[BoardRow, ...]:
        """The rollouts of all boards."""
        return tuple(row for board in self.boards for row in board.rows)

    @property
    def held(self) -> tuple[BoardRow, ...]:
        """The rollouts that are held."""
        return tuple(row for row in self.rows if is_held(row))


def is_held(row: BoardRow) -> bool:
    """Whether something holds a rollout where it is; one that moves with the next run, or has arrived, is not."""
    return not row.assessment.moves and bool(_holding(row))


def held_groups(boards: Iterable[Board]) -> tuple[HeldGroup, ...]:
    """The rollouts that are held, by gate and kind of reason, the largest group first.

    A rollout that several gates hold is in several groups.
    """
    groups = [group for board in boards for group in _groups_of(board)]
    return tuple(sorted(groups, key=lambda group: (-len(group.rows), group.programme.code, group.gate.code)))


def _groups_of(board: Board) -> Iterable[HeldGroup]:
    found: dict[tuple[str, bool, str], list[tuple[BoardRow, JudgedGate]]] = {}
    for row in filter(is_held, board.rows):
        for judged, unconfirmed in _holding(row):
            key = (judged.gate.code, unconfirmed, judged.result.reason.code)
            found.setdefault(key, []).append((row, judged))
    for (_, unconfirmed, _), members in found.items():
        first = members[0][1]
        reasons: list[Message] = []
        for _, judged in members:
            if judged.result.reason not in reasons:
                reasons.append(judged.result.reason)
        yield HeldGroup(
            programme=board.programme,
            stage=first.stage,
            gate=first.gate,
            is_unconfirmed=unconfirmed,
            reasons=tuple(reasons),
            rows=tuple(row for row, _ in members),
            total=len(board.rows),
        )


def _holding(row: BoardRow) -> list[tuple[JudgedGate, bool]]:
    """The gates that are not open, with whether they were before."""
    assessment = row.assessment
    return [(judged, True) for judged in assessment.unconfirmed] + [(judged, False) for judged in assessment.blockers]
