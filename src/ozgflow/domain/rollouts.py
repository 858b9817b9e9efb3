"""Rollouts: how far one service is in one municipality, and how far its evidence carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ozgflow.domain.gates import Facts, GateResult
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, message
from ozgflow.domain.programmes import Gate, Programme, Stage
from ozgflow.domain.service_keys import ServiceKey


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RolloutKey:
    """What tells one rollout from another: one service in one municipality under one programme."""

    programme: str
    service: ServiceKey
    municipality: Ars


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedGate:
    """A gate with its result."""

    stage: Stage
    gate: Gate
    result: GateResult

    @property
    def reason(self) -> Message:
        """Why the gate is what it is, or since when its proof would have to be confirmed."""
        if self.result.is_open and self.result.stale_since is not None:
            return message("gate.evidence.stale", since=self.result.stale_since)
        return self.result.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step forward: from a stage to the next, and the gates that were open.

    Attributes:
        origin: the stage before.
        target: the stage after.
        gates: what was open.
        reached_on: the day of the last proof that the step needed.
    """

    origin: str
    target: str
    gates: tuple[JudgedGate, ...]
    reached_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the evidence of a day means for a rollout.

    Attributes:
        origin: the stage at which it stood before.
        moves: the steps that its evidence carries it, in order; empty when it stays.
        next_gates: the gates of the stage after the last one reached; empty at the end of the programme.
        unconfirmed: gates of stages reached that are no longer open, or whose proof would have to be confirmed
            again. The stage stays – a rollout never falls back by itself – but it no longer counts as confirmed.
            While one of them is not open, the rollout does not move on.
    """

    origin: str
    moves: tuple[Move, ...]
    next_gates: tuple[JudgedGate, ...]
    unconfirmed: tuple[JudgedGate, ...]

    @property
    def stage(self) -> str:
        """Where the rollout stands after the moves."""
        return self.moves[-1].target if self.moves else self.origin

    @property
    def blockers(self) -> tuple[JudgedGate, ...]:
        """The gates that hold the rollout where it is."""
        return tuple(judged for judged in self.next_gates if not judged.result.is_open)


def assess(programme: Programme, stage: str, facts: Facts) -> Assessment:
    """Walk from ``stage`` as far as all gates are open, those of the stages behind included.

    Args:
        programme: the procedure.
        stage: code of the stage at which the rollout stands, or ``programmes.START``.
        facts: what is known on the day.

    Raises:
        UsageError: the programme has no such stage.
    """
    reached = programme.position(stage)
    passed = [judged for done in programme.stages[:reached] for judged in _judge(done, facts)]
    barred = not all(judged.result.is_open for judged in passed)
    moves: list[Move] = []
    following: tuple[JudgedGate, ...] = ()
    here = stage
    for ahead in programme.stages[reached:]:
        following = _judge(ahead, facts)
        if barred or not all(judged.result.is_open for judged in following):
            break
        moves.append(
            Move(origin=here, target=ahead.code, gates=following, reached_on=_day_of(following, moves, facts))
        )
        passed += following
        here, following = ahead.code, ()
    unconfirmed = tuple(judged for judged in passed if not judged.result.is_open or judged.result.stale_since)
    return Assessment(origin=stage, moves=tuple(moves), next_gates=following, unconfirmed=unconfirmed)


def _day_of(gates: tuple[JudgedGate, ...], before: Sequence[Move], facts: Facts) -> date:
    """The day of the last proof, not before the step in front of it; without any proof the day of the question."""
    days = [entry.observed_on for judged in gates for entry in judged.result.evidence]
    return max([*days, *(move.reached_on for move in before)], default=facts.today)


def _judge(stage: Stage, facts: Facts) -> tuple[JudgedGate, ...]:
    return tuple(JudgedGate(stage=stage, gate=gate, result=gate.judge(facts)) for gate in stage.gates)
