"""Building the files of the catalogue from the public raw files. Facts are taken over, not files.

The same input gives the same bytes. ``domain.catalogue`` reads the files back.
"""

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ozgflow.domain.catalogue_files import (
    MUNICIPALITIES_FILE,
    MUNICIPALITY_COLUMNS,
    OZG_SERVICE_COLUMNS,
    OZG_SERVICES_FILE,
    SERVICE_COLUMNS,
    SERVICES_FILE,
)
from ozgflow.domain.municipalities import Municipality
from ozgflow.domain.services import OzgService, Service
from ozgflow.errors import UsageError
from ozgflow.sources.gv100 import read_municipalities
from ozgflow.sources.leika import read_ozg_services, read_services

PROVENANCE_FILE = "catalogue.toml"

_DESTATIS_LICENCE = "Datenlizenz Deutschland – Namensnennung – Version 2.0 (dl-de/by-2-0)"
_OZG_LICENCE = "as published; the file names no licence"
_HEAD = """\
# Where the files of the catalogue come from: what was read, made, left out and written.
# Written by ozgflow.sources.catalogue_build; do not edit. written = read + made - left out.
# read       rows of the raw file, whose hash is given
# made       rows made from others: Landkreise and associations from their members
# left_out   rows by reason: no-leika (the catalogue gives no key), malformed-key (test rows),
#            other-land (a municipality outside Brandenburg, counted in its Kreis), unincorporated (no municipality)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """What became of one raw file. ``written`` is ``read`` plus ``made`` minus all that was left out.

    Attributes:
        file: name of the file written.
        source: where the facts come from.
        licence: under which terms they were published.
        as_of: the day for which they hold.
        sha256: hash of the raw file, hexadecimal.
        read: rows read.
        made: rows made from others: Landkreise and associations.
        left_out: rows left out, by reason (``leika.LeftOut``, ``gv100.AreaLeftOut``).
        written: rows written.
    """

    file: str
    source: str
    licence: str
    as_of: date
    sha256: str
    read: int
    made: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one build read, wrote and left out."""

    municipalities: FileSummary
    services: FileSummary
    ozg_services: FileSummary


def build(
    *,
    municipalities: Path,
    services: Path,
    ozg_services: Path,
    into: Path,
    municipalities_as_of: date,
    services_as_of: date,
) -> Summary:
    """Write ``municipalities.csv``, ``services.csv``, ``ozg_services.csv`` and ``catalogue.toml``.

    Everything is read and checked before the first file is written, and each file is replaced whole.

    Args:
        municipalities: GV100 as CSV, see ``gv100.COLUMNS``.
        services: LeiKa as CSV, see ``leika.SERVICE_COLUMNS``.
        ozg_services: OZG-Leistungen as CSV, see ``leika.OZG_SERVICE_COLUMNS``.
        into: an existing folder.
        municipalities_as_of: the day for which GV100 speaks.
        services_as_of: the day for which the other two speak; the first of the month when only the month is
            known, so that nothing looks newer than it is.

    Raises:
        UsageError: a raw file or the folder is missing.
        DataError: a raw file is faulty; the message names file, line and column.
    """
    if not into.is_dir():
        raise UsageError("catalogue.no-folder", folder=into.name)
    municipalities_text, municipalities_summary = _municipalities(municipalities, municipalities_as_of)
    services_text, services_summary = _services(services, services_as_of)
    ozg_services_text, ozg_services_summary = _ozg_services(ozg_services, services_as_of)
    summary = Summary(
        municipalities=municipalities_summary,
        services=services_summary,
        ozg_services=ozg_services_summary,
    )
    _replace(into / MUNICIPALITIES_FILE, municipalities_text)
    _replace(into / SERVICES_FILE, services_text)
    _replace(into / OZG_SERVICES_FILE, ozg_services_text)
    _replace(into / PROVENANCE_FILE, _provenance(summary))
    return summary


def _municipalities(path: Path, as_of: date) -> tuple[str, FileSummary]:
    source = f"Destatis GV100AD {as_of:%d.%m.%Y}"
    register = read_municipalities(path, as_of=as_of, source=source)
    summary = FileSummary(
        file=MUNICIPALITIES_FILE,
        source=source,
        licence=_DESTATIS_LICENCE,
        as_of=as_of,
        sha256=_hash(path),
        read=register.read,
        made=register.made,
        left_out={reason.value: register.left_out[reason] for reason in sorted(register.left_out)},
        written=len(register.entries),
    )
    return _csv(MUNICIPALITY_COLUMNS, map(_municipality_cells, register.entries)), summary


def _services(path: Path, as_of: date) -> tuple[str, FileSummary]:
    source = _ozg_source(as_of)
    read, entries, left_out = read_services(path, as_of=as_of, source=source)
    summary = FileSummary(
        file=SERVICES_FILE,
        source=source,
        licence=_OZG_LICENCE,
        as_of=as_of,
        sha256=_hash(path),
        read=read,
        left_out={reason.value: left_out[reason] for reason in sorted(left_out)},
        written=len(entries),
    )
    return _csv(SERVICE_COLUMNS, map(_service_cells, entries)), summary


def _ozg_services(path: Path, as_of: date) -> tuple[str, FileSummary]:
    read, entries = read_ozg_services(path)
    summary = FileSummary(
        file=OZG_SERVICES_FILE,
        source=_ozg_source(as_of),
        licence=_OZG_LICENCE,
        as_of=as_of,
        sha256=_hash(path),
        read=read,
        written=len(entries),
    )
    return _csv(OZG_SERVICE_COLUMNS, map(_ozg_service_cells, entries)), summary


def _ozg_source(as_of: date) -> str:
    return f"OZG-Katalog/LeiKa {as_of:%m/%Y}"


def _municipality_cells(entry: Municipality) -> Sequence[object]:
    ags, parent = entry.ags or "", entry.parent or ""
    return entry.ars, ags, entry.name, entry.kind, parent, entry.population, entry.as_of, entry.source


def _service_cells(entry: Service) -> Sequence[object]:
    ozg_id = entry.ozg_id or ""
    return entry.key, entry.title, ozg_id, entry.field, entry.typisation, entry.as_of, entry.source


def _ozg_service_cells(entry: OzgService) -> Sequence[object]:
    return entry.ozg_id, entry.title, entry.field


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _provenance(summary: Summary) -> str:
    files = (summary.municipalities, summary.services, summary.ozg_services)
    return "\n".join((_HEAD, *map(_table, files)))


def _table(summary: FileSummary) -> str:
    left_out = ", ".join(f"{reason} = {count}" for reason, count in summary.left_out.items())
    table = f"{{ {left_out} }}" if left_out else "{}"
    return (
        "[[file]]\n"
        f'name = "{summary.file}"\n'
        f'source = "{summary.source}"\n'
        f'licence = "{summary.licence}"\n'
        f"as_of = {summary.as_of.isoformat()}\n"
        f'sha256 = "{summary.sha256}"\n'
        f"read = {summary.read}\n"
        f"made = {summary.made}\n"
        f"left_out = {table}\n"
        f"written = {summary.written}\n"
    )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _replace(path: Path, text: str) -> None:
    """Write beside the file and move over it, so that no reader ever sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
