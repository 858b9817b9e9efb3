"""Services and OZG-Leistungen from the published catalogue of OZG and LeiKa.

A real catalogue holds dirt: test rows, services without a key, blanks at the end of names. What cannot be a
service is left out and counted with the reason.
"""

from collections import Counter
from datetime import date
from enum import StrEnum
from pathlib import Path

from ozgflow.domain.csv_files import Row, by_key, read_rows
from ozgflow.domain.keys import LeikaKey, OzgId
from ozgflow.domain.services import OzgService, Service
from ozgflow.errors import InvalidKey

SERVICE_COLUMNS = ("leika_schluessel", "bezeichnung", "typ", "ozg_id", "themenfeld")
OZG_SERVICE_COLUMNS = ("ozg_id", "bezeichnung", "themenfeld")

_NO_KEY = "nicht im LeiKa"


class LeftOut(StrEnum):
    """Why a row did not become a service."""

    NO_LEIKA = "no-leika"
    """The catalogue itself says that the service has no key."""
    MALFORMED_KEY = "malformed-key"
    """The key is not one; in the catalogue of 10/2019 these are test rows."""


def read_services(path: Path, *, as_of: date, source: str) -> tuple[int, tuple[Service, ...], Counter[LeftOut]]:
    """Read the services.

    Args:
        path: CSV with at least ``SERVICE_COLUMNS``.
        as_of: the day for which the catalogue speaks.
        source: what to write as source of each fact.

    Returns:
        The number of rows read, the services by key, and how many rows were left out for which reason.

    Raises:
        UsageError: the file is missing.
        DataError: a row with a key is faulty, or a key stands twice.
    """
    rows = read_rows(path, SERVICE_COLUMNS, exact=False)
    reasons = [_reason(row) for row in rows]
    kept = (row for row, reason in zip(rows, reasons, strict=True) if reason is None)
    services = by_key(kept, "leika_schluessel", LeikaKey.parse, lambda row, key: _service(row, key, as_of, source))
    ordered = tuple(service for _, service in sorted(services.items()))
    return len(rows), ordered, Counter(reason for reason in reasons if reason)


def read_ozg_services(path: Path) -> tuple[int, tuple[OzgService, ...]]:
    """Read the OZG-Leistungen.

    Args:
        path: CSV with at least ``OZG_SERVICE_COLUMNS``.

    Returns:
        The number of rows read, and the OZG-Leistungen by OZG-ID.

    Raises:
        UsageError: the file is missing.
        DataError: a row is faulty or stands twice.
    """
    rows = read_rows(path, OZG_SERVICE_COLUMNS, exact=False)
    services = by_key(rows, "ozg_id", OzgId.parse, _ozg_service)
    return len(rows), tuple(service for _, service in sorted(services.items()))


def _reason(row: Row) -> LeftOut | None:
    key = row.cells["leika_schluessel"]
    if key in ("", _NO_KEY):
        return LeftOut.NO_LEIKA
    try:
        LeikaKey.parse(key)
    except InvalidKey:
        return LeftOut.MALFORMED_KEY
    return None


def _service(row: Row, key: LeikaKey, as_of: date, source: str) -> Service:
    return Service(
        key=key,
        title=_line(row.text("bezeichnung")),
        ozg_id=row.key_or_none("ozg_id", OzgId.parse),
        field=_line(row.cells["themenfeld"]),
        typisation=row.cells["typ"].strip(),
        as_of=as_of,
        source=source,
    )


def _ozg_service(row: Row, ozg_id: OzgId) -> OzgService:
    return OzgService(ozg_id=ozg_id, title=_line(row.text("bezeichnung")), field=_line(row.text("themenfeld")))


def _line(text: str) -> str:
    """The text on one line, without blanks at its ends; blanks inside stay as published."""
    return " ".join(part.strip() for part in text.splitlines()).strip()
