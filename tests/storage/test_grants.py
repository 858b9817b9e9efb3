"""Grants in the database: applications, places, history and payments, and what the database itself refuses."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from ozgflow.domain.gates import GateState
from ozgflow.domain.grant_decisions import TraceStep
from ozgflow.domain.grants import GrantApplication, GrantPurpose, GrantState, Quota
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.errors import DataError, TransientError
from ozgflow.storage import grants as storage
from ozgflow.storage.database import Database
from tests.conftest import NOW
from tests.storage.rows import BARNIM, PRIGNITZ, all_rows, store_small_catalogue

UCKERMARK = Ars.parse("120730000000")
QUOTA = Quota(year=2024, places=2, line=1)
TRACE = (
    TraceStep(
        rule="quota",
        given=message("grant-given.quota", year=2024, taken=0),
        state=GateState.OPEN,
        reason=message("grant.amount-whole", granted=Decimal("20000.00")),
        directive="richtlinie-2021",
    ),
)
REASON = message("note.free", text="vollständig")
PAYMENT = storage.Payment(reference="Beleg 1", amount=Decimal("5000.50"), paid_on=date(2024, 9, 1))


def _application(case: str = "SVA 1/2024", municipality: Ars = BARNIM) -> GrantApplication:
    return GrantApplication(
        programme="probe",
        case=case,
        municipality=municipality,
        applied_on=date(2024, 3, 1),
        requested=Decimal("20000.00"),
        purposes=(GrantPurpose.ADAPTATION, GrantPurpose.ADVERTISING),
    )


ASKED = _application()
GRANTED = replace(ASKED, state=GrantState.GRANTED, granted=Decimal("20000.00"), directive="richtlinie-2021")


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with three applications of three municipalities."""
    with database.writing() as session:
        store_small_catalogue(session)
        for case, municipality in (("1", BARNIM), ("2", PRIGNITZ), ("3", UCKERMARK)):
            one = replace(_application(case, municipality), applied_on=date(2024, 1, 1))
            storage.add_application(session, one, by="Erika Mustermann", reason=REASON, now=NOW)
    return database


def _apply(database: Database, application: GrantApplication = ASKED) -> None:
    with database.writing() as session:
        store_small_catalogue(session)
        storage.add_application(session, application, by="Erika Mustermann", reason=REASON, now=NOW)


def _change(database: Database, before: GrantApplication, after: GrantApplication) -> None:
    with database.writing() as session:
        storage.change_application(session, before, after, by="Max Muster", reason=REASON, trace=TRACE, now=NOW)


def _read(database: Database, case: str = ASKED.case) -> GrantApplication | None:
    with database.reading() as session:
        return storage.read_application(session, "probe", case)


def _take(database: Database, case: str, municipality: Ars, quota: Quota = QUOTA) -> int:
    with database.writing() as session:
        return storage.take_place(session, _application(case, municipality), quota)


def test_an_application_reads_back_as_it_was_written_to_the_cent(database: Database) -> None:
    odd = replace(ASKED, requested=Decimal("999999999.99"))

    _apply(database, odd)

    assert _read(database) == odd
    assert _read(database, "another") is None


def test_a_change_is_kept_with_its_reasons_and_the_decision_trace(database: Database) -> None:
    _apply(database)
    _change(database, ASKED, GRANTED)

    with database.reading() as session:
        first, second = storage.read_steps(session, ASKED)
    assert _read(database) == GRANTED
    assert (first.number, first.state, first.trace, first.done_by) == (
        1, GrantState.REQUESTED, (), "Erika Mustermann",
    )  # fmt: skip
    assert (second.number, second.state, second.trace) == (2, GrantState.GRANTED, TRACE)
    assert (second.reason, second.done_by, second.done_at) == (REASON, "Max Muster", NOW)


def test_a_change_of_what_is_no_longer_so_changes_nothing(database: Database) -> None:
    _apply(database)
    _change(database, ASKED, GRANTED)
    before = all_rows(database)

    with pytest.raises(TransientError):
        _change(database, ASKED, replace(ASKED, state=GrantState.REJECTED))

    assert all_rows(database) == before


def test_two_payments_from_the_same_state_are_not_both_booked(database: Database) -> None:
    _apply(database)
    _change(database, ASKED, GRANTED)
    _change(database, GRANTED, replace(GRANTED, paid=Decimal(5000)))

    with pytest.raises(TransientError):
        _change(database, GRANTED, replace(GRANTED, paid=Decimal(7000)))


def test_more_than_was_granted_is_refused_by_the_database_too(database: Database) -> None:
    _apply(database)
    _change(database, ASKED, GRANTED)

    with pytest.raises(DataError):
        _change(database, GRANTED, replace(GRANTED, paid=Decimal("20000.01")))

    assert _read(database) == GRANTED


def test_a_municipality_has_one_live_application(database: Database) -> None:
    _apply(database)
    second = replace(ASKED, case="SVA 2/2024")

    with pytest.raises(TransientError):
        _apply(database, second)
    _change(database, ASKED, replace(ASKED, state=GrantState.WITHDRAWN))
    _apply(database, second)

    assert _read(database, "SVA 2/2024") == second


def test_places_are_numbered_from_one_and_the_free_one_is_taken_first(filled: Database) -> None:
    assert (_take(filled, "1", BARNIM), _take(filled, "2", PRIGNITZ)) == (1, 2)

    with filled.writing() as session:
        storage.free_place(session, _application("1", BARNIM))

    assert _take(filled, "3", UCKERMARK) == 1


def test_a_place_beyond_the_quota_is_refused_by_the_database(filled: Database) -> None:
    _take(filled, "1", BARNIM)
    _take(filled, "2", PRIGNITZ)

    with pytest.raises(DataError):
        _take(filled, "3", UCKERMARK)


def test_nobody_has_two_places(filled: Database) -> None:
    _take(filled, "1", BARNIM)

    with pytest.raises(TransientError):
        _take(filled, "1", BARNIM)


def test_a_place_needs_an_application(filled: Database) -> None:
    with pytest.raises(DataError):
        _take(filled, "unknown", BARNIM)


def test_without_any_lock_the_key_alone_keeps_two_from_the_same_place(filled: Database) -> None:
    if filled.embedded:
        pytest.skip("SQLite lets writers queue / SQLite stellt Schreibende an")
    with pytest.raises(TransientError):
        _take_while_another_does(filled)

    with filled.reading() as session:
        assert storage.taken_places(session, "probe") == {2024: 1}


def _take_while_another_does(database: Database) -> None:
    """Take a place that looks free, as it was when the transaction began."""
    with database.writing() as slow:
        slow.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert storage.taken_places(slow, "probe") == {}
        assert _take(database, "1", BARNIM) == 1
        storage.take_place(slow, _application("2", PRIGNITZ), QUOTA)


def test_places_are_counted_by_programme_and_year(filled: Database) -> None:
    _take(filled, "1", BARNIM)
    _take(filled, "2", PRIGNITZ)
    _take(filled, "3", UCKERMARK, Quota(year=2023, places=1, line=1))

    with filled.reading() as session:
        assert storage.taken_places(session, "probe") == {2023: 1, 2024: 2}
        assert storage.taken_places(session, "another") == {}


def test_applications_are_listed_by_day_and_case_number(filled: Database) -> None:
    _apply(filled, replace(_application("0", Ars.parse("120610000000")), applied_on=date(2024, 2, 1)))

    with filled.reading() as session:
        found = storage.list_applications(session, "probe")
        assert storage.list_applications(session, "another") == ()

    assert [one.case for one in found] == ["1", "2", "3", "0"]


def test_payments_read_back_and_a_reference_stands_for_one(database: Database) -> None:
    _apply(database)
    earlier = replace(PAYMENT, reference="Beleg 2", paid_on=date(2024, 8, 1))
    for payment in (PAYMENT, earlier):
        with database.writing() as session:
            storage.add_payment(session, ASKED, payment)

    with pytest.raises(TransientError), database.writing() as session:
        storage.add_payment(session, ASKED, PAYMENT)

    with database.reading() as session:
        assert storage.read_payments(session, ASKED) == (earlier, PAYMENT)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grant_step SET number = 7",
        "UPDATE grant_step SET state = state",
        "DELETE FROM grant_step",
        "UPDATE grant_payment SET amount = 1",
        "DELETE FROM grant_payment",
    ],
)
def test_history_and_payments_can_neither_be_changed_nor_deleted(
    database: Database, database_url: str, change: str
) -> None:
    _apply(database)
    with database.writing() as session:
        storage.add_payment(session, ASKED, PAYMENT)
    before = all_rows(database)
    engine = create_engine(database_url)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))

    engine.dispose()
    assert all_rows(database) == before


def test_an_application_with_a_history_cannot_be_deleted(database: Database) -> None:
    _apply(database)

    with pytest.raises(DataError), database.writing() as session:
        session.connection().execute(text("DELETE FROM grant_application"))
