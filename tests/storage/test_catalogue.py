"""The catalogue in the database."""

from dataclasses import replace

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.storage.catalogue import store_catalogue
from ozgflow.storage.database import Database
from tests.storage.rows import BARNIM, all_rows, small_catalogue


def test_the_whole_catalogue_goes_in_at_once_and_nothing_the_second_time(database: Database) -> None:
    catalogue = load_catalogue()

    with database.writing() as session:
        first = store_catalogue(session, catalogue)
    with database.writing() as session:
        second = store_catalogue(session, catalogue)

    assert first == len(catalogue.municipalities) + len(catalogue.services) == 861 + 4813
    assert second == 0


def test_a_name_that_changed_is_the_only_row_that_is_written(database: Database) -> None:
    catalogue = small_catalogue()
    renamed = replace(catalogue.municipalities[BARNIM], name="Oberbarnim")
    with database.writing() as session:
        store_catalogue(session, catalogue)
    before = all_rows(database)["municipality"]

    with database.writing() as session:
        changed = store_catalogue(
            session, replace(catalogue, municipalities={**catalogue.municipalities, BARNIM: renamed})
        )

    assert changed == 1
    after = all_rows(database)["municipality"]
    (row,) = set(after) - set(before)
    assert "'Oberbarnim'" in row
    assert len(after) == len(before)


def test_what_left_the_catalogue_stays_because_rollouts_may_refer_to_it(database: Database) -> None:
    catalogue = small_catalogue()
    with database.writing() as session:
        store_catalogue(session, catalogue)
    before = all_rows(database)

    with database.writing() as session:
        changed = store_catalogue(session, replace(catalogue, municipalities={}, services={}))

    assert changed == 0
    assert all_rows(database) == before
