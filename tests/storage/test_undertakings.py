"""Undertakings in the database: nothing is lost in a transfer, and the old one can no longer be changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from ozgflow.domain.undertakings import Goal, Undertaking, Work
from ozgflow.errors import OzgflowError, TransientError
from ozgflow.storage.database import Database
from ozgflow.storage.undertaking_tables import UndertakingRow, WorkRow
from ozgflow.storage.undertakings import (
    add_goal,
    add_undertaking,
    add_users,
    add_work,
    read_undertakings,
    transfer_undertaking,
)
from tests.conftest import NOW
from tests.domain.undertakings import ACCOUNT, APPLICATION, BARNIM, FLAEMING, PLAN, UNDERTAKING, USERS, work
from tests.storage.racer import race
from tests.storage.rows import all_rows, store_small_catalogue

LATER = NOW + timedelta(hours=1)
NEW_GOAL = Goal(code="neu", title="Neu")


@pytest.fixture
def begun(database: Database) -> Database:
    """A database with the undertaking of one Landkreis."""
    with database.writing() as session:
        store_small_catalogue(session)
        add_undertaking(session, UNDERTAKING, by="Erika Mustermann", now=NOW)
    return database


@pytest.fixture
def transferred(begun: Database) -> Database:
    """A database in which it was carried over to two."""
    _transfer(begun)
    return begun


def _transfer(database: Database) -> None:
    with database.writing() as session:
        transfer_undertaking(session, UNDERTAKING, PLAN, USERS, by="Max Mustermann", now=LATER)


def _read(database: Database) -> dict[str, Undertaking]:
    with database.reading() as session:
        return read_undertakings(session)


def test_what_was_written_is_read_as_it_was(begun: Database) -> None:
    assert _read(begun) == {"dk-pm": UNDERTAKING}


def test_some_are_read_by_code(transferred: Database) -> None:
    with transferred.reading() as session:
        assert read_undertakings(session, ["dk-konto", "anderes"]).keys() == {"dk-konto"}


def test_users_goals_and_work_are_added_one_after_another(begun: Database) -> None:
    with begun.writing() as session:
        add_users(session, "dk-pm", [BARNIM], now=LATER)
        add_goal(session, "dk-pm", NEW_GOAL, now=LATER)
        add_work(session, "dk-pm", "antrag", [work(text="eins"), work(text="zwei")], now=LATER)

    found = _read(begun)["dk-pm"]
    assert found.users == (BARNIM, *UNDERTAKING.users)
    assert found.goal("neu") == NEW_GOAL
    assert found.goal("antrag") == replace(
        APPLICATION, work=(*APPLICATION.work, work(text="eins"), work(text="zwei"))
    )


def test_in_a_transfer_goals_and_work_go_along_and_links_lead_both_ways(transferred: Database) -> None:
    found = _read(transferred)

    assert set(found) == {"dk-pm", "dk-antrag", "dk-konto"}
    assert found["dk-antrag"].goals == (APPLICATION,)
    assert found["dk-konto"].goals == (APPLICATION, ACCOUNT)
    assert found["dk-antrag"].users == tuple(sorted(USERS["dk-antrag"]))
    assert found["dk-pm"].successors == ("dk-antrag", "dk-konto")
    assert {found[code].predecessor for code in found["dk-pm"].successors} == {"dk-pm"}
    assert {found[code].planned_since for code in found["dk-pm"].successors} == {UNDERTAKING.planned_since}


def test_the_old_one_keeps_all_that_it_had(transferred: Database) -> None:
    assert _read(transferred)["dk-pm"] == replace(UNDERTAKING, fates=PLAN.fates)


def test_work_says_in_which_undertaking_it_was_done(transferred: Database) -> None:
    with transferred.reading() as session:
        rows = session.exec(select(WorkRow).where(WorkRow.undertaking == "dk-antrag")).all()

    assert [row.done_in for row in rows] == ["dk-pm"] * len(APPLICATION.work)


def test_a_successor_can_be_transferred_in_its_turn(transferred: Database) -> None:
    successor = _read(transferred)["dk-konto"]
    first, second = PLAN.successors
    again = replace(
        PLAN,
        undertaking="dk-konto",
        successors=(replace(first, code="dk-drei"),),
        goals=tuple(replace(plan, carried_to=("dk-drei",)) for plan in PLAN.goals[:2]),
    )

    with transferred.writing() as session:
        transfer_undertaking(session, successor, again, {"dk-drei": (FLAEMING,)}, by="x", now=LATER)

    found = _read(transferred)
    assert found["dk-drei"].predecessor == "dk-konto"
    assert found["dk-drei"].goal("antrag") == APPLICATION
    assert second.code in found["dk-pm"].successors


def test_a_second_transfer_changes_nothing(transferred: Database) -> None:
    before = all_rows(transferred)

    with pytest.raises(OzgflowError):
        _transfer(transferred)

    assert all_rows(transferred) == before


def test_a_transfer_that_fails_half_way_leaves_nothing_behind(begun: Database) -> None:
    before = all_rows(begun)
    nobody_goes_on = replace(PLAN, successors=PLAN.successors[:1])

    with pytest.raises(OzgflowError), begun.writing() as session:
        transfer_undertaking(session, UNDERTAKING, nobody_goes_on, USERS, by="x", now=LATER)

    assert all_rows(begun) == before


def test_the_database_refuses_a_transfer_that_forgets_a_goal(begun: Database) -> None:
    before = all_rows(begun)
    forgetful = replace(PLAN, goals=PLAN.goals[:2])

    with pytest.raises(OzgflowError), begun.writing() as session:
        transfer_undertaking(session, UNDERTAKING, forgetful, USERS, by="x", now=LATER)

    assert all_rows(begun) == before


def test_who_comes_late_is_told_to_try_again(begun: Database) -> None:
    empty = replace(UNDERTAKING, code="anderes", goals=())
    nothing = replace(PLAN, successors=(), goals=())

    with pytest.raises(TransientError), begun.writing() as session:
        transfer_undertaking(session, empty, nothing, {}, by="x", now=LATER)


@pytest.mark.parametrize(
    "change",
    [
        lambda session: add_users(session, "dk-pm", [BARNIM], now=LATER),
        lambda session: add_goal(session, "dk-pm", NEW_GOAL, now=LATER),
        lambda session: add_work(session, "dk-pm", "antrag", [_late_work()], now=LATER),
    ],
    ids=["user", "goal", "work"],
)
def test_nothing_is_added_to_what_was_transferred(transferred: Database, change: Callable[[Session], None]) -> None:
    before = all_rows(transferred)

    with pytest.raises(OzgflowError) as refused, transferred.writing() as session:
        change(session)

    assert refused.value.code == "database.refused"
    assert all_rows(transferred) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE undertaking SET title = 'x' WHERE code = 'dk-pm'",
        "UPDATE undertaking SET transferred_at = NULL, transferred_by = NULL WHERE code = 'dk-pm'",
        "DELETE FROM undertaking WHERE code = 'dk-pm'",
        "UPDATE undertaking_goal SET title = 'x' WHERE undertaking = 'dk-pm'",
        "UPDATE undertaking_user SET undertaking = 'dk-pm' WHERE municipality = '120600000000'",
        "DELETE FROM undertaking_user WHERE undertaking = 'dk-pm'",
        "UPDATE goal_work SET text = 'x'",
        "DELETE FROM goal_work WHERE undertaking = 'dk-antrag'",
        "UPDATE goal_fate SET reason = 'x' WHERE successor IS NULL",
        "DELETE FROM goal_fate",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_transferred(
    transferred: Database, database_url: str, statement: str
) -> None:
    before = all_rows(transferred)
    engine = create_engine(database_url)

    with pytest.raises(DBAPIError, match=r"transferred|append-only"), engine.begin() as connection:
        connection.execute(text(statement))

    engine.dispose()
    assert all_rows(transferred) == before


def test_successors_can_be_changed(transferred: Database) -> None:
    with transferred.writing() as session:
        add_goal(session, "dk-antrag", NEW_GOAL, now=LATER)
        add_users(session, "dk-antrag", [BARNIM], now=LATER)

    assert _read(transferred)["dk-antrag"].goal("neu") == NEW_GOAL


def test_of_racing_transfers_exactly_one_is_carried_out(begun: Database, database_url: str) -> None:
    outcomes = race("transfer", database_url, racers=2)

    assert sorted(outcomes) == ["refused", "won"]
    found = _read(begun)
    assert set(found) == {"dk-pm", "dk-antrag", "dk-konto"}
    with begun.reading() as session:
        assert len(session.exec(select(UndertakingRow)).all()) == 3


def _late_work() -> Work:
    return work(text="zu spät")
