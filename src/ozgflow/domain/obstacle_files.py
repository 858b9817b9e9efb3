"""Reading the list of obstacles: strict, and with file, line, table and key in every complaint."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.obstacles import ObstacleKind
from ozgflow.domain.toml_tables import Table, read_table


@cache
def load_obstacle_kinds() -> Mapping[str, ObstacleKind]:
    """The list that comes with the package, by code, in the order of the file.

    Raises:
        DataError: the file is faulty.
    """
    return read_obstacle_kinds(resources.files("ozgflow") / "data" / "obstacles.toml")


def read_obstacle_kinds(path: Path | Traversable) -> Mapping[str, ObstacleKind]:
    """Read a list of obstacles from any file.

    Raises:
        UsageError: it cannot be read.
        DataError: it is faulty; the message names file, line, table and key.
    """
    top = read_table(path)
    kinds: dict[str, ObstacleKind] = {}
    for table in top.tables("obstacle"):
        kind = _kind(table)
        if kind.code in kinds:
            raise table.fail("obstacle.code-double", "code", code=kind.code)
        kinds[kind.code] = kind
    top.done()
    return kinds


def _kind(table: Table) -> ObstacleKind:
    kind = ObstacleKind(
        code=table.get("code", str),
        title=table.texts("title"),
        means=table.texts("means"),
        source=table.get("source", str),
    )
    table.done()
    return kind
