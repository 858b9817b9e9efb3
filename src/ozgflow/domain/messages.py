"""Sentences for people: a code with parameters, and the catalogue that words it.

German is the language of the house, English the second one. Each file in ``data/wording`` is a TOML file
with one table per code and the keys ``de`` and ``en``; the texts are ``str.format`` templates.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from ozgflow.errors import DataError


class Language(StrEnum):
    """A language the catalogue is kept in."""

    GERMAN = "de"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence before it is worded: the code of its template and the values for the gaps.

    A parameter may itself be a ``Message`` or a list of them; it is worded first, lists are joined by "; ".
    Dates are written as the language writes them; of texts by language the right one is taken. A ``Decimal`` is an
    amount of money in euro, and is written so.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def message(code: str, /, **params: object) -> Message:
    """Shorthand for ``Message(code, params)``."""
    return Message(code, params)


def pack(sentence: Message) -> dict[str, object]:
    """A message as JSON-ready data; ``unpack`` is the way back."""
    return {
        "code": sentence.code,
        "params": {name: _packed(value) for name, value in sentence.params.items()},
    }


def unpack(data: Mapping[str, Any]) -> Message:
    """The message that ``pack`` has packed."""
    return Message(data["code"], {name: _unpacked(value) for name, value in data["params"].items()})


def _packed(value: object) -> object:
    if isinstance(value, Message):
        return pack(value)
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"texts": dict(value)}
    if isinstance(value, Decimal):
        return {"euro": str(value)}
    if isinstance(value, list | tuple):
        return [_packed(item) for item in value]
    return value


def _unpacked(value: object) -> object:
    if isinstance(value, dict):
        return _unpacked_table(value)
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    return value


def _unpacked_table(value: dict[str, Any]) -> object:
    if "texts" in value:
        return value["texts"]
    if "euro" in value:
        return Decimal(value["euro"])
    return date.fromisoformat(value["date"]) if "date" in value else unpack(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """All sentences in one language.

    Attributes:
        language: the language of ``templates``.
        templates: message code to ``str.format`` template.
    """

    language: Language
    templates: Mapping[str, str]

    @staticmethod
    def load(language: Language = Language.GERMAN) -> "Wording":
        """Read the catalogue that comes with the package.

        Raises:
            DataError: a code stands in two files or lacks the language.
        """
        return _load(language)

    def text(self, code: str, /, **params: object) -> str:
        """Word one code.

        Raises:
            DataError: the catalogue has no such code, or the template names a parameter that is missing.
        """
        return self.render(Message(code, params))

    def render(self, sentence: Message) -> str:
        """Word a message and the messages inside its parameters.

        Raises:
            DataError: as for ``text``.
        """
        template = self.templates.get(sentence.code)
        if template is None:
            raise DataError("wording.unknown", missing=sentence.code)
        try:
            return template.format(**{name: self._worded(value) for name, value in sentence.params.items()})
        except KeyError as error:
            raise DataError("wording.parameter", missing=error.args[0], template=sentence.code) from error

    def amount(self, euro: Decimal) -> str:
        """An amount of money: ``20.000,00 €`` in German, ``€20,000.00`` in English."""
        if self.language is Language.ENGLISH:
            return f"€{euro:,.2f}"
        return f"{euro:,.2f} €".translate(str.maketrans(",.", ".,"))

    def _worded(self, value: object) -> object:
        if isinstance(value, Message):
            # A message within another one may come from the database, and its code be gone since.
            return self.render(value) if value.code in self.templates else value.code
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}" if self.language is Language.GERMAN else value.isoformat()
        if isinstance(value, Mapping):
            return value[self.language]
        if isinstance(value, Decimal):
            return self.amount(value)
        if isinstance(value, list | tuple):
            return "; ".join(str(self._worded(item)) for item in value)
        return value


def wording_entries() -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """All entries of the catalogue as ``(file name, code, texts by language)``."""
    folder = resources.files("ozgflow") / "data" / "wording"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                yield file.name, code, texts


@cache
def _load(language: Language) -> Wording:
    templates: dict[str, str] = {}
    for file, code, texts in wording_entries():
        if code in templates or language not in texts:
            raise DataError("wording.faulty", file=file, entry=code)
        templates[code] = texts[language]
    return Wording(language=language, templates=templates)
