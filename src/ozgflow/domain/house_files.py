"""Reading ``data/house.toml``, the numbers of the rule of the house."""

from datetime import time
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.house import HouseRule
from ozgflow.domain.toml_tables import Table, read_table


@cache
def load_house_rule() -> HouseRule:
    """The rule that comes with the package.

    Raises:
        DataError: its file is faulty; the message names file, line and key.
    """
    return read_house_rule(resources.files("ozgflow") / "data" / "house.toml")


def read_house_rule(path: Path | Traversable) -> HouseRule:
    """Read the rule from any file.

    Raises:
        DataError: a number is missing, or is none that the database holds to; the message names file, line and key.
    """
    table = read_table(path)
    rule = HouseRule(
        contacts_per_municipality=_one(table, "contacts_per_municipality"),
        open_next_steps=_one(table, "open_next_steps"),
        warning_days=table.get("warning_days", int),
        night_begins=_time(table, "night_begins"),
    )
    table.done()
    return rule


def _one(table: Table, key: str) -> int:
    """A number that is a key of the database, too, and so cannot be changed by a file."""
    number = table.get(key, int)
    if number != 1:
        raise table.fail("house.only-one", key)
    return number


def _time(table: Table, key: str) -> time:
    text = table.get(key, str)
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise table.fail("toml.key-type", key, expected="HH:MM") from error
