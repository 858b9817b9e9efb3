"""The content of a database, timestamps aside, for comparison."""

import sqlite3
from pathlib import Path


def content(home: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, sorted, without columns of moments (``…_at``) and those named."""
    connection = sqlite3.connect(home / "ozgflow.db")
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _rows(connection, name, without) for name in sorted(names)}
    finally:
        connection.close()


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _rows(connection: sqlite3.Connection, table: str, without: tuple[str, ...]) -> list[tuple[object, ...]]:
    described = connection.execute(f"PRAGMA table_info({table})")
    columns = [row[1] for row in described if not row[1].endswith("_at") and row[1] not in without]
    found = connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - our own names
    return sorted(found, key=repr)
