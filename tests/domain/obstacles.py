"""Hand-made obstacles for the tests."""

from datetime import date, timedelta

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.obstacles import Obstacle, ObstacleEvent, ObstacleFact
from ozgflow.domain.rollouts import RolloutKey

TODAY = date(2026, 11, 22)
KEYS = [
    RolloutKey(
        programme="efa-nachnutzung",
        service=LeikaKey.parse("99010001001009"),
        municipality=Ars.parse(f"120{district}0000000"),
    )
    for district in (60, 61, 62, 63, 64)
]
KEY = KEYS[0]


def ago(days: int) -> date:
    """A day before the day of the tests."""
    return TODAY - timedelta(days=days)


def raised(kind: str = "kosten", *, key: RolloutKey = KEY, days: int = 0) -> ObstacleFact:
    """The fact that an obstacle was raised some days ago."""
    return ObstacleFact(
        key=key, kind=kind, event=ObstacleEvent.RAISED, day=ago(days), owner="Kämmerei", by="Erika Mustermann"
    )


def cleared(kind: str = "kosten", *, key: RolloutKey = KEY, days: int = 0) -> ObstacleFact:
    """The fact that an obstacle was cleared some days ago."""
    return ObstacleFact(key=key, kind=kind, event=ObstacleEvent.CLEARED, day=ago(days), by="Max Mustermann")


def obstacle(kind: str = "kosten", *, key: RolloutKey = KEY, days: int = 0) -> Obstacle:
    """An obstacle that was raised some days ago and is open."""
    return Obstacle(key=key, kind=kind, owner="Kämmerei", raised_on=ago(days), raised_by="Erika Mustermann")
