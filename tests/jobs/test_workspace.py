"""Opening the workspace: the embedded database looks after itself, a server's does not."""

from pathlib import Path

import pytest

from ozgflow.domain.keys import LeikaKey
from ozgflow.errors import DataError, UsageError
from ozgflow.jobs.workspace import open_database, open_workspace, refresh_catalogue
from ozgflow.storage.database import Database
from tests.conftest import ROOT
from tests.storage.postgres import empty_schema
from tests.storage.rows import all_rows


def test_the_embedded_database_is_made_and_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/ozgflow.db"

    with open_workspace(database_url=url, schemas=ROOT / "schemas") as workspace:
        rows = all_rows(workspace.database)

    assert set(rows) >= {"evidence", "rollout"}
    assert LeikaKey.parse("99010001001009") in workspace.catalogue.services
    assert len(workspace.validator.bundle_hash("aufenthalt-antrag/1.1")) == 64


def test_a_servers_database_is_not_changed_unasked(postgres_server: str) -> None:
    with (
        empty_schema(postgres_server, "unasked") as url,
        pytest.raises(DataError) as refused,
        open_database(url),
    ):
        pass

    assert refused.value.code == "database.outdated"


def test_a_servers_database_is_opened_after_the_upgrade(database: Database, database_url: str) -> None:
    with open_database(database_url) as opened:
        assert all_rows(opened)["evidence"] == []


def test_an_impossible_address_is_wrong_use() -> None:
    with pytest.raises(UsageError), open_database("quatsch"):
        pass


def test_a_folder_without_schemas_is_told_so(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError) as refused,
        open_workspace(database_url=f"sqlite:///{tmp_path}/x.db", schemas=tmp_path),
    ):
        pass

    assert refused.value.code == "bundles.no-catalogue"


def test_refreshing_the_catalogue_twice_writes_it_once(tmp_path: Path) -> None:
    with open_workspace(database_url=f"sqlite:///{tmp_path}/x.db", schemas=ROOT / "schemas") as workspace:
        first, second = refresh_catalogue(workspace), refresh_catalogue(workspace)

    assert (first, second) == (861 + 4813, 0)
