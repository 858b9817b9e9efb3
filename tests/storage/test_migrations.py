"""Bringing the tables up to date: from nothing, twice, at once, half-way, and back."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlmodel import SQLModel

from ozgflow.errors import DataError, OzgflowError
from ozgflow.storage.database import Database
from tests.storage import grant_rows, undertaking_rows
from tests.storage.racer import race
from tests.storage.rows import all_rows


def test_the_tables_come_from_nothing(database_url: str) -> None:
    database = Database(database_url)

    changed = database.upgrade()

    assert changed
    tables = {"municipality", "service", "rollout", "move", "evidence", "audit", "document_check"}
    own = {*tables, "obstacle", "maturity_rating", "municipality_change"}
    assert set(all_rows(database)) == own | undertaking_rows.GOOD.keys() | grant_rows.GOOD.keys()
    database.require_current()
    database.close()


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    changed = database.upgrade()

    assert not changed


def test_two_upgrades_at_once_make_the_tables_once(database_url: str) -> None:
    outcomes = race("upgrade", database_url, racers=2)

    assert sorted(outcomes) in (["False", "True"], ["True", "busy"])
    Database(database_url).require_current()


def test_tables_that_are_missing_are_told_so(database_url: str) -> None:
    with pytest.raises(DataError) as refused:
        Database(database_url).require_current()

    assert refused.value.code == "database.outdated"


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_tables_of_an_unknown_version_are_refused_and_left_alone(
    database: Database, database_url: str, version: str
) -> None:
    _execute(database_url, "UPDATE alembic_version SET version_num = :version", version=version)
    before = all_rows(database)

    with pytest.raises(DataError):
        database.require_current()
    with pytest.raises(DataError):
        database.upgrade()

    assert all_rows(database) == before


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    _execute(database_url, "CREATE TABLE evidence (in_the_way INTEGER)")

    with pytest.raises(OzgflowError):
        Database(database_url).upgrade()

    assert _tables(database_url) == {"evidence"}


def test_the_migrations_know_nothing_that_the_tables_do_not(database: Database, database_url: str) -> None:
    with create_engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []


def test_the_migrated_tables_are_those_that_the_code_declares(database_url: str) -> None:
    engine = create_engine(database_url)

    with engine.begin() as connection:
        _migrate(connection, "head")
        migrated = _description(connection)
        _migrate(connection, "base")
        SQLModel.metadata.create_all(connection)
        declared = _description(connection)

    assert migrated == declared


def test_the_way_back_leads_to_nothing_and_up_again(database_url: str) -> None:
    Database(database_url).upgrade()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        before = _description(connection)

    with engine.begin() as connection:
        _migrate(connection, "base")
        emptied = _description(connection)
    again = Database(database_url).upgrade()

    assert emptied == []
    assert again
    with engine.begin() as connection:
        assert _description(connection) == before


def test_rollouts_and_their_history_outlive_the_rebuilding_of_their_tables(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        _migrate(connection, "0001")
        for statement in _OLD_ROWS.split(";"):
            connection.execute(text(statement))

    Database(database_url).upgrade()

    with engine.begin() as connection:
        assert connection.execute(text("SELECT service, stage FROM rollout")).all() == [("99010001001009", "eignung")]
        moves = connection.execute(text("SELECT number, target, CAST(reached_on AS VARCHAR) FROM move")).all()
    assert moves == [(1, "interesse", "2026-11-20"), (2, "eignung", "2026-11-21")]
    engine.dispose()


_OLD_ROWS = """
INSERT INTO municipality VALUES ('120600000000', NULL, 'Barnim', 'landkreis', NULL, 0, '2023-11-30', 'x');
INSERT INTO service VALUES ('99010001001009', 'x', NULL, 'x', '2', '2019-10-01', 'x');
INSERT INTO rollout VALUES
 ('efa-nachnutzung', '99010001001009', '120600000000', 'eignung', '2026-11-20 09:00:00', '2026-11-21 09:00:00');
INSERT INTO move VALUES ('efa-nachnutzung', '99010001001009', '120600000000', 1,
 'start', 'interesse', '[]', 'x', '2026-11-20 09:00:00');
INSERT INTO move VALUES ('efa-nachnutzung', '99010001001009', '120600000000', 2,
 'interesse', 'eignung', '[]', 'x', '2026-11-21 09:00:00')
"""


def _execute(url: str, statement: str, **parameters: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement), parameters)
    engine.dispose()


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def _migrate(connection: Connection, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", "ozgflow:storage/migrations")
    config.attributes["connection"] = connection
    if target == "base":
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def _description(connection: Connection) -> list[str]:
    """Columns, keys, references, indexes and check constraints of all our tables, one line each."""
    inspector = inspect(connection)
    lines: list[str] = []
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        lines += [f"{table}.{one['name']} {one['type']} {one['nullable']}" for one in inspector.get_columns(table)]
        lines.append(f"{table} key {inspector.get_pk_constraint(table)['constrained_columns']}")
        lines += [
            f"{table} {one['constrained_columns']} -> {one['referred_table']} {one['referred_columns']}"
            for one in inspector.get_foreign_keys(table)
        ]
        lines += [f"{table} index {one['name']} {one['column_names']}" for one in inspector.get_indexes(table)]
        lines += [f"{table} {one['name']} {one['sqltext']}" for one in inspector.get_check_constraints(table)]
    return sorted(lines)
