"""Obstacles in the database: open at most once, never changed, also when two processes write at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from ozgflow.domain.messages import message
from ozgflow.domain.obstacles import ObstacleEvent, ObstacleFact, known_on
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import OzgflowError, UsageError
from ozgflow.storage.database import Database
from ozgflow.storage.obstacle_tables import ObstacleRow
from ozgflow.storage.obstacles import add_fact, read_facts
from ozgflow.storage.rollouts import open_rollouts
from tests.conftest import NOW, TODAY
from tests.storage.racer import race
from tests.storage.rows import BARNIM, PERMIT, PRIGNITZ, PROGRAMME, all_rows, fifty_rollouts, store_small_catalogue

KEY = RolloutKey(programme=PROGRAMME, service=PERMIT, municipality=BARNIM)
OTHER = RolloutKey(programme=PROGRAMME, service=PERMIT, municipality=PRIGNITZ)
EARLIER = TODAY - timedelta(days=40)


@pytest.fixture
def opened(database: Database) -> Database:
    """A database in which fifty rollouts are open."""
    with database.writing() as session:
        store_small_catalogue(session)
        open_rollouts(session, fifty_rollouts(), now=NOW)
    return database


def _raised(day: date = TODAY, *, key: RolloutKey = KEY, kind: str = "kosten") -> ObstacleFact:
    return ObstacleFact(
        key=key,
        kind=kind,
        event=ObstacleEvent.RAISED,
        day=day,
        owner="Kämmerei",
        by="Erika Mustermann",
        note=message("note.free", text="Haushalt"),
    )


def _cleared(day: date = TODAY, *, kind: str = "kosten") -> ObstacleFact:
    return ObstacleFact(key=KEY, kind=kind, event=ObstacleEvent.CLEARED, day=day, by="Max Mustermann")


def _add(database: Database, fact: ObstacleFact) -> bool:
    with database.writing() as session:
        return add_fact(session, fact, now=NOW)


def _read(database: Database, *keys: RolloutKey, until: date = TODAY) -> list[ObstacleFact]:
    with database.reading() as session:
        return read_facts(session, keys, until=until)


def test_what_was_written_is_read_again(opened: Database) -> None:
    facts = [_raised(EARLIER), _cleared()]

    written = [_add(opened, fact) for fact in facts]

    assert written == [True, True]
    assert _read(opened, KEY) == facts


def test_an_obstacle_is_open_at_most_once(opened: Database) -> None:
    _add(opened, _raised(EARLIER))
    before = all_rows(opened)

    again = _add(opened, _raised())

    assert not again
    assert all_rows(opened) == before


def test_what_is_not_open_cannot_be_cleared(opened: Database) -> None:
    assert not _add(opened, _cleared())
    assert _read(opened, KEY) == []


def test_what_was_cleared_can_be_raised_again(opened: Database) -> None:
    for fact in (_raised(EARLIER), _cleared(EARLIER), _raised()):
        assert _add(opened, fact)

    assert [one.is_open for one in known_on(_read(opened, KEY), TODAY)] == [False, True]


def test_different_obstacles_of_one_rollout_are_open_side_by_side(opened: Database) -> None:
    assert _add(opened, _raised())
    assert _add(opened, _raised(kind="recht"))
    assert [fact.kind for fact in _read(opened, KEY)] == ["kosten", "recht"]


def test_facts_go_forward_in_time(opened: Database) -> None:
    _add(opened, _raised())

    with pytest.raises(UsageError, match=r"obstacle\.day-order"):
        _add(opened, _cleared(EARLIER))


def test_only_the_rollouts_and_days_that_were_asked_for_are_read(opened: Database) -> None:
    _add(opened, _raised(EARLIER))
    _add(opened, _cleared())
    _add(opened, _raised(key=OTHER))

    assert [fact.event for fact in _read(opened, KEY, until=EARLIER)] == [ObstacleEvent.RAISED]
    assert [fact.key for fact in _read(opened, OTHER)] == [OTHER]
    assert _read(opened) == []


def test_an_obstacle_of_a_rollout_that_is_not_open_is_refused(opened: Database) -> None:
    with pytest.raises(OzgflowError):
        _add(opened, _raised(key=RolloutKey(programme="another", service=PERMIT, municipality=BARNIM)))


def test_the_database_itself_refuses_to_open_an_obstacle_twice(opened: Database) -> None:
    _add(opened, _raised())
    with opened.reading() as session:
        (row,) = session.exec(select(ObstacleRow)).all()
        values = row.model_dump()

    for number, follows in ((1, None), (2, 1), (3, 2), (3, 1)):
        with pytest.raises((OzgflowError, IntegrityError)), opened.writing() as session:
            session.connection().execute(
                insert(ObstacleRow), [{**values, "recorded_at": NOW, "number": number, "follows": follows}]
            )

    assert len(_read(opened, KEY)) == 1


def test_of_two_processes_one_raises_each_obstacle(opened: Database, database_url: str) -> None:
    won = [int(output) for output in race("raise", database_url, racers=2)]

    assert sum(won) == 50
    assert len(_read(opened, *fifty_rollouts())) == 50
