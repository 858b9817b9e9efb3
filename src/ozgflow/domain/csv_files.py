"""Reading CSV files strictly: every complaint names file, line and column, and no value."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from ozgflow.domain.messages import Message, message
from ozgflow.errors import DataError, InvalidKey, UsageError

Key = TypeVar("Key")
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a CSV file with its place for complaints.

    Attributes:
        file: name of the file.
        line: line in the file, counted from 1; the header is line 1.
        cells: text by column.
    """

    file: str
    line: int
    cells: Mapping[str, str]

    def fault(self, column: str, why: Message) -> DataError:
        """The complaint about one cell; to be raised by the caller."""
        return DataError("csv.cell", file=self.file, line=self.line, column=column, why=why)

    def text(self, column: str) -> str:
        """A text that must be there.

        Raises:
            DataError: the cell is empty or blank.
        """
        if not self.cells[column].strip():
            raise self.fault(column, message("csv.empty"))
        return self.cells[column]

    def key(self, column: str, parse: Callable[[str], Value]) -> Value:
        """A key, read by its ``parse``.

        Raises:
            DataError: the cell is not such a key.
        """
        try:
            return parse(self.cells[column])
        except InvalidKey as error:
            raise self.fault(column, Message(error.code, error.params)) from error

    def key_or_none(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """A key that may be missing.

        Raises:
            DataError: the cell is neither empty nor such a key.
        """
        return self.key(column, parse) if self.cells[column] else None

    def number(self, column: str) -> int:
        """A count: digits only, no sign and no separators.

        Raises:
            DataError: the cell is something else.
        """
        cell = self.cells[column]
        if not (cell.isascii() and cell.isdigit()):
            raise self.fault(column, message("csv.number"))
        return int(cell)

    def day(self, column: str) -> date:
        """A date written as ``2023-11-30``.

        Raises:
            DataError: the cell is something else.
        """
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError as error:
            raise self.fault(column, message("csv.day")) from error

    def choice(self, column: str, choices: type[Choice]) -> Choice:
        """One of the values of an enumeration.

        Raises:
            DataError: the cell is something else.
        """
        try:
            return choices(self.cells[column])
        except ValueError as error:
            raise self.fault(column, message("csv.choice", known=", ".join(choices))) from error


def read_rows(path: Path | Traversable, columns: Sequence[str], *, exact: bool = True) -> list[Row]:
    """Read a CSV file with a header line, UTF-8 with or without byte order mark. Empty lines do not count.

    Args:
        path: the file.
        columns: columns that must be there.
        exact: whether these must be all, in this order.

    Raises:
        UsageError: the file is missing or cannot be read.
        DataError: not UTF-8, not CSV, wrong header, or a line with too many or too few cells.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_header(path.name, header, columns, exact=exact)
        return [_row(path.name, reader.line_num, header, cells) for cells in reader if cells]
    except csv.Error as error:
        raise DataError("csv.not-csv", file=path.name, line=reader.line_num, why=str(error)) from error


def by_key(
    rows: Iterable[Row], column: str, parse: Callable[[str], Key], build: Callable[[Row, Key], Value]
) -> dict[Key, Value]:
    """Turn rows into values by their key, in the order of the rows.

    Args:
        rows: the rows.
        column: where the key stands.
        parse: reads the key.
        build: makes the value of a row and its key.

    Raises:
        DataError: a key is not one or stands twice, or ``build`` refuses a row.
    """
    values: dict[Key, Value] = {}
    for row in rows:
        key = row.key(column, parse)
        if key in values:
            raise row.fault(column, message("csv.double"))
        values[key] = build(row, key)
    return values


def _text(path: Path | Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("csv.not-utf8", file=path.name, offset=error.start) from error
    except OSError as error:
        raise UsageError("csv.no-file", file=path.name) from error


def _check_header(file: str, header: Sequence[str], columns: Sequence[str], *, exact: bool) -> None:
    fits = list(header) == list(columns) if exact else set(columns) <= set(header)
    if not fits:
        raise DataError("csv.header", file=file, columns=", ".join(columns))


def _row(file: str, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise DataError("csv.cells", file=file, line=line, found=len(cells), expected=len(header))
    return Row(file=file, line=line, cells=dict(zip(header, cells, strict=True)))
