"""Obstacles: why a rollout is held, from a fixed list, with owner and date.

That an obstacle was raised and that it was cleared are two facts; neither is ever changed. The facts about one
obstacle of one rollout alternate: raised, cleared, raised again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.rollouts import RolloutKey


class ObstacleEvent(StrEnum):
    """What happened to an obstacle."""

    RAISED = "raised"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleKind:
    """One entry of the list, as declared in ``data/obstacles.toml``.

    Attributes:
        code: how the command line names it, for example ``kosten``.
        title: name by language.
        means: what belongs here, by language.
        source: where this obstacle was found.
    """

    code: str
    title: Mapping[str, str]
    means: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleFact:
    """One fact: an obstacle was raised or cleared.

    Attributes:
        key: the rollout.
        kind: code of an ``ObstacleKind``.
        event: what happened.
        day: on which day.
        owner: who is to clear it; empty when the fact is that it was cleared.
        by: who recorded it.
        note: a remark for operators. Never a value taken from a document.
    """

    key: RolloutKey
    kind: str
    event: ObstacleEvent
    day: date
    owner: str = ""
    by: str
    note: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why one rollout is or was held.

    Attributes:
        key: the rollout.
        kind: code of an ``ObstacleKind``.
        owner: who is to clear it.
        raised_on: the day on which it was raised.
        raised_by: who recorded that.
        note: a remark for operators.
        cleared_on: the day on which it was cleared; ``None`` as long as it is open.
        cleared_by: who recorded that; empty as long as it is open.
        cleared_note: a remark on how it was cleared.
    """

    key: RolloutKey
    kind: str
    owner: str
    raised_on: date
    raised_by: str
    note: Message | None = None
    cleared_on: date | None = None
    cleared_by: str = ""
    cleared_note: Message | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not been cleared, as far as was known on the day for which it was put together."""
        return self.cleared_on is None

    def days_open(self, today: date) -> int:
        """For how many days it has been open on a day, or was until it was cleared. 0 on the day it was raised."""
        return ((self.cleared_on or today) - self.raised_on).days


def known_on(facts: Iterable[ObstacleFact], today: date) -> tuple[Obstacle, ...]:
    """Put obstacles together from their facts.

    Args:
        facts: those about each obstacle of each rollout in the order of recording.
        today: facts of a later day are left out.
    """
    done: list[Obstacle] = []
    standing: dict[tuple[RolloutKey, str], Obstacle] = {}
    for fact in facts:
        place = (fact.key, fact.kind)
        if fact.day > today:
            continue
        if fact.event is ObstacleEvent.RAISED:
            standing[place] = _raised(fact)
        elif place in standing:
            done.append(_cleared(standing.pop(place), fact))
    return tuple(sorted((*done, *standing.values()), key=_order))


def open_by_rollout(
    obstacles: Iterable[Obstacle], keys: Collection[RolloutKey]
) -> Mapping[RolloutKey, tuple[Obstacle, ...]]:
    """The open obstacles of each of some rollouts, the oldest first; rollouts without one are left out."""
    found: dict[RolloutKey, tuple[Obstacle, ...]] = {}
    wanted = set(keys)
    for obstacle in sorted(obstacles, key=lambda one: (one.raised_on, one.kind)):
        if obstacle.is_open and obstacle.key in wanted:
            found[obstacle.key] = (*found.get(obstacle.key, ()), obstacle)
    return found


def obstacle_title(kinds: Mapping[str, ObstacleKind], code: str, wording: Wording) -> str:
    """Name of an obstacle; the code itself when the list no longer has it."""
    return kinds[code].title[wording.language] if code in kinds else code


def obstacle_line(obstacle: Obstacle, kinds: Mapping[str, ObstacleKind], wording: Wording) -> str:
    """One obstacle as a sentence for the board: what, since when, with whom."""
    return wording.text(
        "obstacle.line",
        title=obstacle_title(kinds, obstacle.kind, wording),
        day=obstacle.raised_on,
        owner=obstacle.owner,
    )


def _raised(fact: ObstacleFact) -> Obstacle:
    return Obstacle(
        key=fact.key, kind=fact.kind, owner=fact.owner, raised_on=fact.day, raised_by=fact.by, note=fact.note
    )


def _cleared(obstacle: Obstacle, fact: ObstacleFact) -> Obstacle:
    return replace(obstacle, cleared_on=fact.day, cleared_by=fact.by, cleared_note=fact.note)


def _order(obstacle: Obstacle) -> tuple[RolloutKey, date, str]:
    return obstacle.key, obstacle.raised_on, obstacle.kind
