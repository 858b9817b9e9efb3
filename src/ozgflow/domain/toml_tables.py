"""Reading our own TOML files: strict, and with file, line, table and key in every complaint.

``tomllib`` keeps no line numbers, so the lines of tables and keys are looked up in the text. They serve complaints
alone; what a file means is decided by ``tomllib``.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from ozgflow.domain.messages import Language, Message
from ozgflow.errors import DataError, InvalidKey, UsageError

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)
Place = tuple[str | int, ...]
"""Where a table stands: names, and from 1 the numbers of those that stand in an array."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\- ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")
_LONG_TEXT = re.compile(r'"""|\'\'\'')


class Table:
    """One table of a file, with its place for complaints; every key must be used.

    Attributes:
        file: name of the file.
        place: what to call the table in a complaint; empty for the file as a whole.
    """

    def __init__(
        self, data: Mapping[str, object], file: str, lines: Mapping[Place, int], path: Place = (), place: str = ""
    ) -> None:
        self.file, self.place = file, place
        self._data, self._lines, self._path = data, lines, path
        self._used: set[str] = set()

    def fail(self, complaint: str, key: str, /, **params: object) -> DataError:
        """The complaint about a key of this table, to be raised."""
        line = self.line(key)
        return DataError(complaint, file=self.file, line=line, table=self.place or "–", key=key, **params)

    def line(self, key: str = "") -> int:
        """Where a key stands, from 1; where its table begins when it is missing."""
        return self._lines.get((*self._path, key), self._lines.get(self._path, 1))

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def is_empty(self, key: str) -> bool:
        """Whether a key is missing or holds nothing, for those to whom this is no fault."""
        self._used.add(key)
        return self._data.get(key) in (None, "", [])

    def get(self, key: str, kind: type[Value]) -> Value:
        """The value of a key that has to be there and must not be empty.

        Raises:
            DataError: it is missing, empty or of another type.
        """
        self._used.add(key)
        if key not in self._data:
            raise self.fail("toml.key-missing", key)
        value = self._data[key]
        # For Python a truth value is a number, too.
        if not isinstance(value, kind) or value in ("", []) or (kind is int and isinstance(value, bool)):
            raise self.fail("toml.key-type", key, expected=kind.__name__)
        return value

    def optional(self, key: str, kind: type[Value], otherwise: Value) -> Value:
        """The value of a key that may be missing."""
        return self.get(key, kind) if key in self._data else otherwise

    def texts(self, key: str) -> Mapping[str, str]:
        """A text in every language.

        Raises:
            DataError: a language is missing.
        """
        texts = self.get(key, dict)
        for language in Language:
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                raise self.fail("toml.text-missing", key, language=language)
        return texts

    def list_of_texts(self, key: str) -> list[str]:
        """Texts, at least one.

        Raises:
            DataError: one of them is none.
        """
        values = self.get(key, list)
        if not all(isinstance(value, str) and value for value in values):
            raise self.fail("toml.key-type", key, expected="list[str]")
        return values

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """One of the values of an enumeration.

        Raises:
            DataError: it is none of them.
        """
        value = self.get(key, str)
        if value not in list(choices):
            raise self.fail("toml.value-unknown", key, known=", ".join(choices))
        return choices(value)

    def day(self, key: str) -> date:
        """A day, written without quotation marks: ``2020-04-06``."""
        day = self.get(key, date)
        # For Python a point in time is a day, too, but the two cannot be compared.
        if isinstance(day, datetime):
            raise self.fail("toml.key-type", key, expected="date")
        return day

    def amount(self, key: str) -> Decimal:
        """A number without rounding: money or a share. It may be written with or without a point."""
        self._used.add(key)
        value = self._data.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return self.get(key, Decimal)

    def parsed(self, key: str, parse: Callable[[str], Value]) -> Value:
        """A key of an area or service.

        Raises:
            DataError: the text is none.
        """
        try:
            return parse(self.get(key, str))
        except InvalidKey as error:
            raise self.fail("toml.key-faulty", key, why=Message(error.code, error.params)) from error

    def table(self, key: str) -> "Table":
        """The table below a key."""
        place = f"{self.place} / {key}" if self.place else key
        return Table(self.get(key, dict), self.file, self._lines, (*self._path, key), place)

    def tables(self, key: str, *, needed: bool = True) -> list["Table"]:
        """The tables of an array, in order.

        Args:
            key: name of the array.
            needed: whether there must be one at least.
        """
        if not needed and key not in self._data:
            return []
        rows = self.get(key, list)
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise self.fail("toml.key-type", key, expected="table", number=number)
        return [self._row(key, row, number) for number, row in enumerate(rows, 1)]

    def _row(self, key: str, row: Mapping[str, object], number: int) -> "Table":
        name = f"{key} {number} ({row['code']})" if "code" in row else f"{key} {number}"
        place = f"{self.place} / {name}" if self.place else name
        return Table(row, self.file, self._lines, (*self._path, key, number), place)

    def done(self) -> None:
        """Refuse keys that nobody has asked for.

        Raises:
            DataError: there is one; it is most likely misspelt.
        """
        unknown = sorted(set(self._data) - self._used)
        if unknown:
            raise self.fail("toml.key-unknown", unknown[0])


def read_table(path: Path | Traversable) -> Table:
    """Read a file. Numbers with a point are ``Decimal``.

    Raises:
        UsageError: it cannot be read.
        DataError: it is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("toml.not-toml", file=path.name, why=str(error)) from error
    except OSError as error:
        raise UsageError("toml.no-file", file=path.name) from error
    return Table(data, path.name, _lines_of(text))


def _lines_of(text: str) -> Mapping[Place, int]:
    """The line, from 1, of each table and each key."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    here: Place = ()
    in_text = False
    for number, line in enumerate(text.splitlines(), 1):
        was_in_text, in_text = in_text, in_text ^ bool(len(_LONG_TEXT.findall(line)) % 2)
        header = None if was_in_text else _HEADER.match(line)
        key = None if was_in_text else _KEY.match(line)
        if header:
            here = _resolved(header[2].split("."), counts, is_array=header[1] == "[[")
            lines.setdefault(here, number)
        elif key:
            lines.setdefault((*here, key[1]), number)
    return lines


def _resolved(names: list[str], counts: dict[Place, int], *, is_array: bool) -> Place:
    """The place that a header names: arrays on the way stand for their latest table."""
    place: Place = ()
    for position, name in enumerate(names, 1):
        place = (*place, name.strip())
        if is_array and position == len(names):
            counts[place] = counts.get(place, 0) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
