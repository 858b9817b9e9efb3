"""Applied changes in the database: append-only, closing the rollouts of old keys, on both kinds of database."""

from datetime import date

import pytest

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.municipality_changes import MunicipalityChange, MunicipalityChangeKind
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import DataError, TransientError
from ozgflow.storage.database import Database
from ozgflow.storage.municipality_changes import (
    CARRIED_GATE,
    carry_rollout,
    hold_everything,
    read_applied,
    read_rollouts_of,
    read_whole_history,
    record_applied,
)
from ozgflow.storage.rollouts import list_rollouts, open_rollouts, read_stages
from tests.conftest import NOW
from tests.storage.rows import BARNIM, PERMIT, PRIGNITZ, PROGRAMME, store_small_catalogue

DAY = date(2026, 7, 1)
CHANGE = MunicipalityChange(day=DAY, kind=MunicipalityChangeKind.MERGER, old=BARNIM, new=PRIGNITZ, source="GVBl.")
_STEP = """
INSERT INTO move (programme, service, municipality, number, origin, target, gates, moved_by, moved_at, reached_on)
VALUES ('efa', 'app', '120600000000', 2, 'eignung', 'interesse', '[]', 'x', '2026-07-01', '2026-07-01')
"""
OLD, NEW = (RolloutKey(programme=PROGRAMME, service=PERMIT, municipality=ars) for ars in (BARNIM, PRIGNITZ))


@pytest.fixture
def opened(database: Database) -> Database:
    """Rollouts of both municipalities are open."""
    with database.writing() as session:
        store_small_catalogue(session)
        open_rollouts(session, [OLD, NEW], now=NOW)
    return database


def apply(database: Database) -> None:
    with database.writing() as session:
        record_applied(session, [CHANGE], by="test", now=NOW)


def carry(database: Database, key: RolloutKey, origin: str | None, target: str) -> None:
    with database.writing() as session:
        hold_everything(session)
        carry_rollout(
            session,
            key,
            origin=origin,
            target=target,
            reason=message("municipality-change.move.merger", day=DAY, names=["Barnim"]),
            stood=[f"{BARNIM} {target}"],
            day=DAY,
            by="test",
            now=NOW,
        )


def test_what_was_applied_is_read_back(opened: Database) -> None:
    apply(opened)

    with opened.reading() as session:
        assert read_applied(session) == (CHANGE,)


def test_a_closed_rollout_is_not_listed_any_more_but_on_days_before(opened: Database) -> None:
    apply(opened)

    with opened.reading() as session:
        assert list_rollouts(session) == [NEW]
        assert list_rollouts(session, day=DAY) == [NEW]
        assert list_rollouts(session, day=date(2026, 6, 30)) == [OLD, NEW]
        assert read_rollouts_of(session, [BARNIM]) == {OLD: START}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rollout SET stage = 'betrieb' WHERE municipality = '120600000000'",
        "DELETE FROM rollout WHERE municipality = '120600000000'",
        "INSERT INTO rollout VALUES ('efa', 'app', '120600000000', 'start', '2026-07-01', '2026-07-01')",
        _STEP,
        "UPDATE municipality_change SET day = '2026-08-01'",
        "DELETE FROM municipality_change",
    ],
)
def test_the_database_itself_refuses_to_write_what_is_closed(opened: Database, statement: str) -> None:
    carry(opened, OLD, START, "eignung")
    apply(opened)

    with pytest.raises(DataError), opened.writing() as session:
        session.connection().exec_driver_sql(statement)


def test_rollouts_of_others_can_be_written_as_before(opened: Database) -> None:
    apply(opened)

    carry(opened, NEW, START, "eignung")

    with opened.reading() as session:
        assert read_stages(session, [NEW]) == {NEW: "eignung"}


def test_a_step_names_the_change_in_place_of_gates(opened: Database) -> None:
    carry(opened, NEW, START, "eignung")

    with opened.reading() as session:
        (move,) = read_whole_history(session, [NEW])
    assert (move.origin, move.target, move.number, move.reached_on) == (START, "eignung", 1, DAY)
    assert [gate.gate for gate in move.gates] == [CARRIED_GATE]


def test_the_history_begins_with_that_of_the_predecessors(opened: Database) -> None:
    carry(opened, OLD, START, "eignung")
    carry(opened, NEW, START, "interesse")
    apply(opened)

    with opened.reading() as session:
        steps = [(move.key, move.target) for move in read_whole_history(session, [NEW])]
    assert steps == [(OLD, "eignung"), (NEW, "interesse")]


def test_a_rollout_that_was_moved_meanwhile_is_not_carried(opened: Database) -> None:
    with pytest.raises(TransientError):
        carry(opened, NEW, "eignung", "interesse")

    with opened.reading() as session:
        assert read_stages(session, [NEW]) == {NEW: START}
        assert read_whole_history(session, [NEW]) == []


def test_a_key_that_is_not_in_the_catalogue_is_refused(opened: Database) -> None:
    other = MunicipalityChange(
        day=DAY, kind=MunicipalityChangeKind.RENAMING, old=BARNIM, new=Ars.parse("120990000000"), source="GVBl."
    )

    with pytest.raises(DataError), opened.writing() as session:
        record_applied(session, [other], by="test", now=NOW)
