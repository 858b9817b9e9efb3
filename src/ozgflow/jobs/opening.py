"""Opening rollouts: only for those who may take part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.messages import Message, message
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Failure, Workspace
from ozgflow.storage.database import Session
from ozgflow.storage.evidence import read_evidence
from ozgflow.storage.rollouts import open_rollouts, read_stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of opening rollouts.

    Attributes:
        count: how many were opened; those that were open already are not among them.
        refused: those that may not take part, with the reason.
    """

    count: int = 0
    refused: tuple[Failure, ...] = ()


def start(
    workspace: Workspace, programme: Programme, keys: Sequence[RolloutKey], *, today: date, now: datetime
) -> Opened:
    """Open rollouts that are not open yet.

    Args:
        workspace: the workspace.
        programme: the procedure.
        keys: the rollouts.
        today: the day for which it is judged who may take part.
        now: the moment that is recorded.

    Raises:
        UsageError: the programme does not take anybody in on that day.
    """
    if programme.term is not None and not programme.term.takes_in(today):
        raise UsageError("rollout.term", programme=programme.code, day=today)
    with workspace.database.writing() as session:
        present = read_stages(session, keys)
        fit, refused = _judge(workspace, session, programme, [key for key in keys if key not in present], today)
        count = open_rollouts(session, fit, now=now)
    return Opened(count=count, refused=tuple(refused))


def _judge(
    workspace: Workspace, session: Session, programme: Programme, keys: Sequence[RolloutKey], today: date
) -> tuple[list[RolloutKey], list[Failure]]:
    """Those who may take part, and those who may not."""
    if not programme.conditions and programme.origin is None:
        return list(keys), []
    evidence = read_evidence(session, {key.municipality for key in keys}, {key.service for key in keys})
    fit: list[RolloutKey] = []
    refused: list[Failure] = []
    for key in keys:
        facts = workspace.facts(programme, key, evidence.get(key.municipality, ()), today=today)
        reasons = [
            message("rollout.condition", gate=gate.title, reason=result.reason)
            for gate in programme.conditions
            if not (result := gate.judge(facts)).is_open
        ]
        if programme.is_origin(key.municipality):
            reasons.insert(0, message("rollout.origin"))
        if reasons:
            refused.append(Failure(key=key, reason=_all(reasons)))
        else:
            fit.append(key)
    return fit, refused


def _all(reasons: list[Message]) -> Message:
    return reasons[0] if len(reasons) == 1 else message("rollout.reasons", reasons=reasons)
