"""Steps that an operator takes in several tests of the command line."""

from pathlib import Path

from ozgflow.storage.database import Database
from tests.cli.command import Outcome, run
from tests.storage.rows import all_rows

SERVICE = ("--service", "99010001001009")
THREE = ("--municipality", "Barnim", "--municipality", "Prignitz", "--municipality", "Uckermark")
FOR_BARNIM = ("--municipality", "Barnim")


def prove(kind: str, municipality: str = "Barnim") -> Outcome:
    """Record evidence of one kind."""
    return run(
        "evidence", "add", "--kind", kind, "--municipality", municipality, *SERVICE, "--reference", f"Az. {kind}",
        "--by", "Frau Probe", "--observed-on", "2024-01-15",
    )  # fmt: skip


def stored_rows(home: Path) -> dict[str, list[str]]:
    """All rows of the database in a home."""
    database = Database(f"sqlite:///{home / 'ozgflow.db'}")
    rows = all_rows(database)
    database.close()
    return rows
