"""Where the files of the catalogue come from, and what was left out when they were made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of the catalogue, as ``data/catalogue.toml`` accounts for it.

    Attributes:
        name: name of the file.
        source: where its facts come from.
        licence: under which terms they were published.
        as_of: the day for which they hold.
        read: rows of the raw file.
        made: rows made from others, for example Landkreise from their members.
        left_out: rows left out, by reason.
        written: rows of our file: ``read + made`` minus all that was left out.
    """

    name: str
    source: str
    licence: str
    as_of: date
    sha256: str
    read: int
    made: int
    left_out: Mapping[str, int]
    written: int


def load_provenance() -> tuple[SourceFile, ...]:
    """The account of all files of the catalogue that comes with the package."""
    text = (resources.files("ozgflow") / "data" / "catalogue.toml").read_text(encoding="utf-8")
    return tuple(SourceFile(**table) for table in tomllib.loads(text)["file"])
