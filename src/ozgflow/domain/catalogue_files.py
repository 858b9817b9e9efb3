"""Reading the files of the catalogue: strict, each row checked by itself and against the others."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.csv_files import Row, by_key, read_rows
from ozgflow.domain.keys import Ags, Ars, LeikaKey, OzgId
from ozgflow.domain.level_rules import parse_rules
from ozgflow.domain.messages import message
from ozgflow.domain.municipalities import Municipality, MunicipalityKind
from ozgflow.domain.services import ExecutionLevelRule, OzgService, Service
from ozgflow.errors import DataError, UsageError

MUNICIPALITIES_FILE = "municipalities.csv"
FORMER_FILE = "former_municipalities.csv"
SERVICES_FILE = "services.csv"
OZG_SERVICES_FILE = "ozg_services.csv"
RULES_FILE = "execution_levels.toml"

MUNICIPALITY_COLUMNS = ("ars", "ags", "name", "kind", "parent", "population", "as_of", "source")
SERVICE_COLUMNS = ("key", "title", "ozg_id", "field", "typisation", "as_of", "source")
OZG_SERVICE_COLUMNS = ("ozg_id", "title", "field")

Folder = Path | Traversable


def package_folder() -> Traversable:
    """The folder of the files that come with the package."""
    return resources.files("ozgflow") / "data"


def read_municipalities(folder: Folder) -> Mapping[Ars, Municipality]:
    """Read ``municipalities.csv``.

    Raises:
        UsageError: the file is missing.
        DataError: a row is faulty, stands twice, has an AGS that does not fit its ARS, or an unknown parent.
    """
    rows = read_rows(folder / MUNICIPALITIES_FILE, MUNICIPALITY_COLUMNS)
    entries = by_key(rows, "ars", Ars.parse, _municipality)
    former = read_former(folder)
    for row, entry in zip(rows, entries.values(), strict=True):
        if entry.parent is not None and entry.parent not in entries and entry.parent not in former:
            raise row.fault("parent", message("catalogue.parent-unknown"))
    return mark_namesakes(entries)


def read_former(folder: Folder) -> Mapping[Ars, Municipality]:
    """Read ``former_municipalities.csv``: what older registers said. A folder without the file has none.

    Raises:
        DataError: a row is faulty, stands twice, or has an AGS that does not fit its ARS.
    """
    path = folder / FORMER_FILE
    rows = read_rows(path, MUNICIPALITY_COLUMNS) if path.is_file() else []
    return by_key(rows, "ars", Ars.parse, _municipality)


def mark_namesakes(entries: Mapping[Ars, Municipality]) -> dict[Ars, Municipality]:
    """The same entries; those whose label is also that of another one know it."""
    plain = {ars: replace(entry, has_namesake=False) for ars, entry in entries.items()}
    labels = Counter(entry.label for entry in plain.values())
    return {ars: replace(entry, has_namesake=labels[entry.label] > 1) for ars, entry in plain.items()}


def read_services(folder: Folder, ozg_services: Mapping[OzgId, OzgService]) -> Mapping[LeikaKey, Service]:
    """Read ``services.csv``.

    Raises:
        UsageError: the file is missing.
        DataError: a row is faulty, stands twice, or has an OZG-ID that ``ozg_services`` lacks.
    """
    rows = read_rows(folder / SERVICES_FILE, SERVICE_COLUMNS)
    entries = by_key(rows, "key", LeikaKey.parse, _service)
    for row, entry in zip(rows, entries.values(), strict=True):
        if entry.ozg_id is not None and entry.ozg_id not in ozg_services:
            raise row.fault("ozg_id", message("catalogue.ozg-unknown"))
    return entries


def read_ozg_services(folder: Folder) -> Mapping[OzgId, OzgService]:
    """Read ``ozg_services.csv``.

    Raises:
        UsageError: the file is missing.
        DataError: a row is faulty or stands twice.
    """
    rows = read_rows(folder / OZG_SERVICES_FILE, OZG_SERVICE_COLUMNS)
    return by_key(rows, "ozg_id", OzgId.parse, _ozg_service)


def read_rules(
    folder: Folder, services: Mapping[LeikaKey, Service], ozg_services: Mapping[OzgId, OzgService]
) -> tuple[ExecutionLevelRule, ...]:
    """Read ``execution_levels.toml`` of the folder, or of the package when the folder has none.

    Raises:
        UsageError: the file cannot be read.
        DataError: it is not TOML, a rule is faulty, or two rules contradict each other.
    """
    path = folder / RULES_FILE
    if not path.is_file():
        path = package_folder() / RULES_FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("catalogue.not-toml", file=path.name, why=str(error)) from error
    except OSError as error:
        raise UsageError("csv.no-file", file=path.name) from error
    return parse_rules(data, path.name, services, ozg_services)


def _municipality(row: Row, ars: Ars) -> Municipality:
    ags = row.key_or_none("ags", Ags.parse)
    if ags != ars.ags:
        raise row.fault("ags", message("catalogue.ags-mismatch"))
    return Municipality(
        ars=ars,
        ags=ags,
        name=row.text("name"),
        kind=row.choice("kind", MunicipalityKind),
        parent=row.key_or_none("parent", Ars.parse),
        population=row.number("population"),
        as_of=row.day("as_of"),
        source=row.text("source"),
    )


def _service(row: Row, key: LeikaKey) -> Service:
    return Service(
        key=key,
        title=row.text("title"),
        ozg_id=row.key_or_none("ozg_id", OzgId.parse),
        field=row.cells["field"],
        typisation=row.cells["typisation"],
        as_of=row.day("as_of"),
        source=row.text("source"),
    )


def _ozg_service(row: Row, ozg_id: OzgId) -> OzgService:
    return OzgService(ozg_id=ozg_id, title=row.text("title"), field=row.text("field"))
