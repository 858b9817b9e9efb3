"""The rule of the house in the database: one contact, one open next step, in whatever order people write."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ozgflow.domain.house import Contact, NextStep
from ozgflow.domain.keys import Ars
from ozgflow.errors import OzgflowError, TransientError
from ozgflow.storage.database import Database
from ozgflow.storage.house import (
    add_step,
    finish_step,
    open_steps,
    read_contact_changes,
    read_contacts,
    read_steps,
    set_contact,
)
from tests.conftest import NOW
from tests.storage.racer import race
from tests.storage.rows import BARNIM, PRIGNITZ, all_rows, store_small_catalogue

LATER = NOW + timedelta(hours=1)
ERIKA, MAX = "Erika Mustermann", "Max Mustermann"
_minutes = count(1)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with a small catalogue."""
    with database.writing() as session:
        store_small_catalogue(session)
    return database


def _set(database: Database, person: str, municipality: Ars = BARNIM, now: datetime = NOW) -> bool:
    contact = Contact(municipality=municipality, person=person, named_by="Leitung", named_at=now)
    with database.writing() as session:
        return set_contact(session, contact)


def _add(
    database: Database, text_: str = "Vertrag zeichnen", municipality: Ars = BARNIM, now: datetime = NOW
) -> None:
    with database.writing() as session:
        add_step(session, municipality, text_, by=ERIKA, now=now)


def _done(database: Database, municipality: Ars = BARNIM, now: datetime = LATER) -> bool:
    with database.writing() as session:
        return finish_step(session, municipality, by=MAX, now=now)


def _steps(database: Database, since: datetime | None = None) -> list[NextStep]:
    with database.reading() as session:
        return read_steps(session, since=since)


def _persons(database: Database) -> dict[Ars, str]:
    with database.reading() as session:
        return {ars: contact.person for ars, contact in read_contacts(session).items()}


def test_a_contact_is_read_with_who_named_it_and_when(filled: Database) -> None:
    _set(filled, ERIKA)

    with filled.reading() as session:
        assert read_contacts(session) == {
            BARNIM: Contact(municipality=BARNIM, person=ERIKA, named_by="Leitung", named_at=NOW)
        }


def test_a_new_contact_takes_the_place_of_the_old_one_which_stays_in_the_history(filled: Database) -> None:
    _set(filled, ERIKA)
    _set(filled, MAX, now=LATER)

    with filled.reading() as session:
        history = [(contact.person, contact.named_at) for contact in read_contact_changes(session)]
        since = [contact.person for contact in read_contact_changes(session, since=LATER)]
    assert _persons(filled) == {BARNIM: MAX}
    assert history == [(ERIKA, NOW), (MAX, LATER)]
    assert since == [MAX]


def test_naming_the_same_contact_again_changes_nothing(filled: Database) -> None:
    _set(filled, ERIKA)
    before = all_rows(filled)

    assert not _set(filled, ERIKA, now=LATER)
    assert all_rows(filled) == before


def test_contacts_of_municipalities_do_not_disturb_each_other(filled: Database) -> None:
    _set(filled, ERIKA)
    _set(filled, MAX, PRIGNITZ)

    assert _persons(filled) == {BARNIM: ERIKA, PRIGNITZ: MAX}


def test_a_step_is_open_until_it_is_done_and_then_the_next_may_come(filled: Database) -> None:
    _add(filled)
    assert _done(filled)
    _add(filled, "Schulung planen", now=LATER)

    first, second = _steps(filled)
    assert (first.number, first.done_by, first.done_at) == (1, MAX, LATER)
    assert (second.number, second.text, second.is_open) == (2, "Schulung planen", True)


def test_the_database_refuses_a_second_open_step(filled: Database) -> None:
    _add(filled)

    with pytest.raises(TransientError):
        _add(filled, "Schulung planen")

    assert [step.text for step in _steps(filled)] == ["Vertrag zeichnen"]


def test_each_municipality_has_a_step_of_its_own(filled: Database) -> None:
    _add(filled)
    _add(filled, municipality=PRIGNITZ)

    assert open_steps(_steps(filled)).keys() == {BARNIM, PRIGNITZ}


def test_without_an_open_step_there_is_nothing_to_be_done(filled: Database) -> None:
    assert not _done(filled)
    _add(filled)
    assert _done(filled)
    assert not _done(filled)


def test_steps_since_a_moment_are_those_added_or_done_since(filled: Database) -> None:
    _add(filled)
    _add(filled, municipality=PRIGNITZ)
    _done(filled)

    assert [step.municipality for step in _steps(filled, since=LATER)] == [BARNIM]
    assert len(_steps(filled, since=NOW)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE next_step SET text = 'x' WHERE number = 1",
        "UPDATE next_step SET done_at = NULL, done_by = NULL WHERE number = 1",
        "DELETE FROM next_step WHERE number = 2",
        "DELETE FROM contact",
        "UPDATE contact_change SET person = 'x'",
        "DELETE FROM contact_change",
    ],
)
def test_the_database_itself_keeps_what_was_done_and_who_was_named(
    filled: Database, database_url: str, statement: str
) -> None:
    _set(filled, ERIKA)
    _add(filled)
    _done(filled)
    _add(filled, "Schulung planen")
    before = all_rows(filled)
    engine = create_engine(database_url)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))

    engine.dispose()
    assert all_rows(filled) == before


def test_the_index_holds_whoever_writes(filled: Database, database_url: str) -> None:
    _add(filled)
    engine = create_engine(database_url)
    moment = "2026-11-22 09:00:00+00:00"

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            text("INSERT INTO next_step VALUES ('120600000000', 7, 'x', 'x', :moment, NULL, NULL)"),
            {"moment": moment},
        )
    engine.dispose()


def test_of_racing_processes_exactly_one_adds_the_next_step(filled: Database, database_url: str) -> None:
    outcomes = race("step", database_url, racers=3)

    assert sorted(outcomes) == ["refused", "refused", "won"]
    assert len(_steps(filled)) == 1


def test_of_racing_processes_one_contact_remains_and_all_are_in_the_history(
    filled: Database, database_url: str
) -> None:
    won = [int(outcome) for outcome in race("contact", database_url, racers=2)]

    with filled.reading() as session:
        history = [contact.person for contact in read_contact_changes(session)]
    assert len(_persons(filled)) == 1
    assert len(history) == sum(won)


deeds = st.lists(
    st.tuples(
        st.sampled_from(["set", "add", "done"]),
        st.sampled_from([BARNIM, PRIGNITZ]),
        st.sampled_from([ERIKA, MAX]),
    ),
    max_size=12,
)


# The database keeps the rows of all examples: the rule has to hold whatever is there already.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=deeds)
def test_in_whatever_order_people_write_there_are_never_two_contacts_or_two_open_steps(
    filled: Database, deeds: list[tuple[str, Ars, str]]
) -> None:
    persons, waiting = _persons(filled), {ars: step.text for ars, step in open_steps(_steps(filled)).items()}

    for deed, municipality, word in deeds:
        now = NOW + timedelta(minutes=next(_minutes))
        if deed == "set":
            assert _set(filled, word, municipality, now) == (persons.get(municipality) != word)
            persons[municipality] = word
        elif deed == "done":
            assert _done(filled, municipality, now) == (waiting.pop(municipality, None) is not None)
        else:
            assert _tried(filled, word, municipality, now) == (municipality not in waiting)
            waiting.setdefault(municipality, word)

    is_open = [step for step in _steps(filled) if step.is_open]
    assert _persons(filled) == persons
    assert {step.municipality: step.text for step in is_open} == waiting
    assert len(is_open) == len(waiting)


def _tried(database: Database, word: str, municipality: Ars, now: datetime) -> bool:
    try:
        _add(database, word, municipality, now)
    except OzgflowError:
        return False
    return True
