"""Maturity ratings in the database: appended once, read by service and municipality."""

from datetime import timedelta

import pytest

from ozgflow.domain.maturity import WHOLE, MaturityRating, RatingAnswer
from ozgflow.storage.database import Database
from ozgflow.storage.maturity import add_ratings, read_ratings
from tests.conftest import NOW
from tests.domain.ratings import DAY, SERVICE, rating
from tests.storage.rows import BARNIM, all_rows, store_small_catalogue


@pytest.fixture
def ready(database: Database) -> Database:
    """A database that knows a few services."""
    with database.writing() as session:
        store_small_catalogue(session)
    return database


def _add(database: Database, *ratings: MaturityRating) -> int:
    with database.writing() as session:
        return add_ratings(session, ratings, now=NOW)


def test_what_was_written_is_read_again(ready: Database) -> None:
    entries = [
        rating(WHOLE, 2),
        rating("bezahlprozess", None),
        rating("nutzerkonto", 3, municipality=BARNIM, valid_until=DAY),
        rating("nutzerkonto", None, municipality=BARNIM, answer=RatingAnswer.WITHDRAWN),
    ]

    added = _add(ready, *entries)

    with ready.reading() as session:
        found = read_ratings(session, "1.1")
    assert added == 4
    assert found == {SERVICE: {None: tuple(entries[:2]), BARNIM: tuple(entries[2:])}}


def test_the_same_rating_a_second_time_changes_nothing(ready: Database) -> None:
    _add(ready, rating("nutzerkonto", 3))
    before = all_rows(ready)

    assert _add(ready, rating("nutzerkonto", 3)) == 0
    assert all_rows(ready) == before


def test_a_changed_rating_is_appended(ready: Database) -> None:
    later = rating("nutzerkonto", 3, rated_on=DAY + timedelta(days=1))

    assert _add(ready, rating("nutzerkonto", 1), later) == 2
    assert len(all_rows(ready)["maturity_rating"]) == 2


def test_only_the_model_and_the_services_that_were_asked_for_are_read(ready: Database) -> None:
    _add(ready, rating("nutzerkonto", 3), rating("kriterium-1", 5, model="2.0"))

    with ready.reading() as session:
        assert set(read_ratings(session, "1.1", [SERVICE])) == {SERVICE}
        assert read_ratings(session, "1.1", []) == {}
        assert read_ratings(session, "3.0") == {}
