"""Rollouts in the database: opened once, moved by compare-and-set, with a history without gaps."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlmodel import col, select

from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import Move, RolloutKey
from ozgflow.storage.database import Database
from ozgflow.storage.rollouts import (
    list_rollouts,
    move_rollout,
    open_rollouts,
    read_history,
    read_stages,
)
from ozgflow.storage.tables import MoveRow
from tests.conftest import NOW
from tests.storage.racer import STEPS, race
from tests.storage.rows import (
    BARNIM,
    PERMIT,
    PRIGNITZ,
    PROGRAMME,
    all_rows,
    fifty_rollouts,
    small_catalogue,
    store_small_catalogue,
)

KEY = RolloutKey(programme=PROGRAMME, service=PERMIT, municipality=BARNIM)
LATER = NOW + timedelta(hours=1)


def _move(origin: str, target: str) -> Move:
    return Move(origin=origin, target=target, gates=(), reached_on=NOW.date())


@pytest.fixture
def opened(database: Database) -> Database:
    """A database in which fifty rollouts are open."""
    with database.writing() as session:
        store_small_catalogue(session)
        open_rollouts(session, fifty_rollouts(), now=NOW)
    return database


def _walk(database: Database, key: RolloutKey, *moves: Move) -> bool:
    with database.writing() as session:
        return move_rollout(session, key, moves, by="Frau Probe", now=LATER)


def _stages(database: Database, *keys: RolloutKey) -> dict[RolloutKey, str]:
    with database.reading() as session:
        return read_stages(session, keys)


def test_a_rollout_opens_at_the_start(opened: Database) -> None:
    assert _stages(opened, KEY) == {KEY: START}


def test_opening_again_opens_nothing_and_moves_nothing_back(opened: Database) -> None:
    _walk(opened, KEY, _move(START, "interesse"))
    before = all_rows(opened)

    with opened.writing() as session:
        count = open_rollouts(session, fifty_rollouts(), now=LATER)

    assert count == 0
    assert all_rows(opened) == before


def test_only_those_not_open_yet_are_opened(opened: Database) -> None:
    other = replace(KEY, programme="another")

    with opened.writing() as session:
        count = open_rollouts(session, [KEY, other], now=LATER)

    assert count == 1
    assert _stages(opened, KEY, other) == {KEY: START, other: START}


def test_a_key_that_is_not_open_is_missing_from_the_answer(opened: Database) -> None:
    other = replace(KEY, programme="another")

    assert _stages(opened, other) == {}


def test_combinations_that_nobody_asked_for_are_not_answered(opened: Database) -> None:
    """Service and municipality of two keys also make two other rollouts, which are open too."""
    first, second = KEY, RolloutKey(programme=PROGRAMME, service=_other_service(), municipality=PRIGNITZ)

    assert set(_stages(opened, first, second)) == {first, second}


def test_rollouts_are_listed_by_programme_and_service(opened: Database) -> None:
    with opened.writing() as session:
        open_rollouts(session, [replace(KEY, programme="another")], now=NOW)

    with opened.reading() as session:
        everything = list_rollouts(session)
        of_programme = list_rollouts(session, programme=PROGRAMME)
        of_service = list_rollouts(session, programme=PROGRAMME, services=[PERMIT])

    assert len(everything) == 51
    assert of_programme == sorted(fifty_rollouts())
    assert of_service == [key for key in of_programme if key.service == PERMIT]


def test_a_move_is_remembered_with_who_and_when(opened: Database) -> None:
    moved = _walk(opened, KEY, _move(START, "interesse"))

    assert moved
    assert _stages(opened, KEY) == {KEY: "interesse"}
    with opened.reading() as session:
        (entry,) = read_history(session, [KEY])
    assert (entry.key, entry.number, entry.origin, entry.target) == (KEY, 1, START, "interesse")
    assert entry.moved_by == "Frau Probe"
    assert entry.moved_at == LATER
    assert entry.moved_at.tzinfo is UTC


def test_several_steps_at_once_are_remembered_one_by_one(opened: Database) -> None:
    _walk(opened, KEY, _move(START, "interesse"), _move("interesse", "eignung"))
    _walk(opened, KEY, _move("eignung", "vereinbarung"))

    with opened.reading() as session:
        history = read_history(session, [KEY])

    assert [(entry.number, entry.target) for entry in history] == [
        (1, "interesse"),
        (2, "eignung"),
        (3, "vereinbarung"),
    ]


def test_a_mover_with_a_stale_origin_changes_nothing(opened: Database) -> None:
    _walk(opened, KEY, _move(START, "interesse"))
    before = all_rows(opened)

    moved = _walk(opened, KEY, _move(START, "interesse"))

    assert not moved
    assert all_rows(opened) == before


def test_a_rollout_that_is_not_open_cannot_be_moved(opened: Database) -> None:
    before = all_rows(opened)

    moved = _walk(opened, replace(KEY, programme="another"), _move(START, "interesse"))

    assert not moved
    assert all_rows(opened) == before


def test_a_move_leaves_all_other_rollouts_where_they_are(opened: Database) -> None:
    others = [key for key in fifty_rollouts() if key != KEY]

    _walk(opened, KEY, _move(START, "interesse"))

    assert set(_stages(opened, *others).values()) == {START}
    with opened.reading() as session:
        assert read_history(session, others) == []


def test_racing_processes_make_each_step_exactly_once(opened: Database, database_url: str) -> None:
    steps = len(fifty_rollouts()) * STEPS

    won = [int(output) for output in race("move", database_url, racers=2)]

    assert sum(won) == steps
    with opened.reading() as session:
        rows = session.exec(select(MoveRow).order_by(col(MoveRow.number))).all()
    by_rollout: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        by_rollout.setdefault((row.service, row.municipality), []).append(row.number)
    assert len(rows) == steps
    assert all(numbers == [1, 2, 3] for numbers in by_rollout.values())


def _other_service() -> LeikaKey:
    return next(key for key in small_catalogue().services if key != PERMIT)
