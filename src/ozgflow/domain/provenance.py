"""Where the files of the catalogue come from, and what was left out when they were made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from ozgflow.errors import DataError, UsageError


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


def load_provenance(folder: Path | None = None) -> tuple[SourceFile, ...]:
    """The account of all files of a catalogue.

    Args:
        folder: where the catalogue is; without a folder the one that comes with the package.

    Raises:
        UsageError: the folder has no account.
        DataError: the account is faulty.
    """
    file = (folder or resources.files("ozgflow") / "data") / "catalogue.toml"
    try:
        return tuple(SourceFile(**table) for table in tomllib.loads(file.read_text(encoding="utf-8"))["file"])
    except OSError as error:
        raise UsageError("csv.no-file", file=file.name) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError("catalogue.not-toml", file=file.name, why=type(error).__name__) from error
