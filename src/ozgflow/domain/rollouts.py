"""Rollouts: how far one service is in one municipality, and how far its evidence carries it."""

from dataclasses import dataclass

from ozgflow.domain.gates import Facts, GateResult
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.programmes import Gate, Programme, Stage


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RolloutKey:
    """What tells one rollout from another: one service in one municipality under one programme."""

    programme: str
    service: LeikaKey
    municipality: Ars


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedGate:
    """A gate with its result."""

    stage: Stage
    gate: Gate
    result: GateResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step forward: from a stage to the next, and the gates that were open."""

    origin: str
    target: str
    gates: tuple[JudgedGate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the evidence of a day means for a rollout.

    Attributes:
        origin: the stage at which it stood before.
        moves: the steps that its evidence carries it, in order; empty when it stays.
        next_gates: the gates of the stage after the last one reached; empty at the end of the programme.
        unconfirmed: gates of stages reached earlier that are no longer open. The stage stays – a rollout
            never falls back by itself – but it no longer counts as confirmed and does not move on.
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
    passed = (judged for done in programme.stages[:reached] for judged in _judge(done, facts))
    unconfirmed = tuple(judged for judged in passed if not judged.result.is_open)
    moves: list[Move] = []
    here = stage
    for ahead in programme.stages[reached:]:
        gates = _judge(ahead, facts)
        if unconfirmed or not all(judged.result.is_open for judged in gates):
            return Assessment(origin=stage, moves=tuple(moves), next_gates=gates, unconfirmed=unconfirmed)
        moves.append(Move(origin=here, target=ahead.code, gates=gates))
        here = ahead.code
    return Assessment(origin=stage, moves=tuple(moves), next_gates=(), unconfirmed=unconfirmed)


def _judge(stage: Stage, facts: Facts) -> tuple[JudgedGate, ...]:
    return tuple(JudgedGate(stage=stage, gate=gate, result=gate.judge(facts)) for gate in stage.gates)
