"""What obstacles come to: how old they are, and which one is the most frequent in each Themenfeld.

Every number has its denominator, and rollouts that are held without a named obstacle are counted like the others.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ozgflow.domain.obstacles import Obstacle, open_by_rollout
from ozgflow.domain.rollouts import Assessment, RolloutKey

AGE_STARTS = (0, 31, 91, 181)
"""The first day of each class of age, in days open: 0–30, 31–90, 91–180, over 180."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeClass:
    """How many obstacles are of about the same age.

    Attributes:
        first: fewest days open.
        last: most days open; ``None`` for the oldest class.
        count: open obstacles of this age.
    """

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldObstacles:
    """The most frequent obstacle of one Themenfeld.

    Attributes:
        field: name of the Themenfeld; empty for services that belong to none.
        kinds: codes of the obstacles that hold most rollouts; several when they hold equally many.
        count: how many held rollouts each of them holds.
        total: the denominator: held rollouts of the Themenfeld with at least one open obstacle.
        unnamed: held rollouts of the Themenfeld without any; they are not in the denominator.
    """

    field: str
    kinds: tuple[str, ...]
    count: int
    total: int
    unnamed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleReport:
    """What the obstacles of a day come to.

    Attributes:
        as_of: the day.
        total: how many rollouts were judged.
        held: how many of them are held.
        unnamed: the held rollouts without an open obstacle.
        unjudged: how many rollouts could not be judged; they are in no other number but the ages.
        elsewhere: open obstacles of rollouts that are not held (any more).
        open: how many obstacles are open, whether their rollout is held or not; denominator of the ages.
        ages: the open obstacles by age, every class, the youngest first.
        fields: one entry per Themenfeld in which a rollout is held, by name.
    """

    as_of: date
    total: int
    held: int
    unnamed: tuple[RolloutKey, ...]
    unjudged: int
    elsewhere: tuple[Obstacle, ...]
    open: int
    ages: tuple[AgeClass, ...]
    fields: tuple[FieldObstacles, ...]


def is_held(assessment: Assessment) -> bool:
    """Whether a rollout stands still: it does not move, and a gate ahead or behind is not open."""
    return not assessment.moves and bool(assessment.blockers or assessment.unconfirmed)


def ageing(obstacles: Iterable[Obstacle], today: date) -> tuple[AgeClass, ...]:
    """The open obstacles by age on a day; classes without any are there too."""
    days = [one.days_open(today) for one in obstacles if one.is_open]
    return tuple(
        AgeClass(first=first, last=last, count=sum(first <= age and (last is None or age <= last) for age in days))
        for first, last in _classes()
    )


def report(
    held: Collection[RolloutKey],
    obstacles: Collection[Obstacle],
    fields: Mapping[RolloutKey, str],
    *,
    today: date,
    total: int,
    unjudged: int = 0,
) -> ObstacleReport:
    """Put the report of a day together.

    Args:
        held: the rollouts that are held.
        obstacles: what is known on the day, of these and of other rollouts of the same choice.
        fields: Themenfeld of each held rollout.
        today: the day.
        total: how many rollouts of the choice were judged, whether held or not.
        unjudged: how many rollouts of the choice could not be judged.
    """
    still_open = [one for one in obstacles if one.is_open]
    named = open_by_rollout(still_open, held)
    names = sorted({fields[key] for key in held})
    return ObstacleReport(
        as_of=today,
        total=total,
        held=len(held),
        unnamed=tuple(sorted(key for key in held if key not in named)),
        unjudged=unjudged,
        elsewhere=tuple(one for one in still_open if one.key not in named),
        open=len(still_open),
        ages=ageing(still_open, today),
        fields=tuple(_field(name, [key for key in held if fields[key] == name], named) for name in names),
    )


def _field(
    name: str, held: Collection[RolloutKey], named: Mapping[RolloutKey, tuple[Obstacle, ...]]
) -> FieldObstacles:
    with_one = [key for key in held if key in named]
    # A rollout counts once for a kind, however the obstacle came to be there.
    counted = Counter(kind for key in with_one for kind in {one.kind for one in named[key]})
    most = max(counted.values(), default=0)
    return FieldObstacles(
        field=name,
        kinds=tuple(sorted(kind for kind, count in counted.items() if count == most)),
        count=most,
        total=len(with_one),
        unnamed=len(held) - len(with_one),
    )


def _classes() -> list[tuple[int, int | None]]:
    return [*((first, following - 1) for first, following in pairwise(AGE_STARTS)), (AGE_STARTS[-1], None)]
