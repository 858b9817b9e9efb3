"""The catalogue in the database, so that rollouts and evidence can refer to it."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import insert, update
from sqlmodel import Session, SQLModel, select

from ozgflow.domain.catalogue import Catalogue, Municipality, Service
from ozgflow.storage.tables import MunicipalityRow, ServiceRow

Row = TypeVar("Row", bound=SQLModel)


def store_catalogue(session: Session, catalogue: Catalogue) -> int:
    """Write the catalogue; rows that are the same stay untouched, rows that left the catalogue stay too.

    Returns:
        How many rows were added or changed.
    """
    # Parents first: longer keys hang below shorter ones, and a parent's key sorts before its members'.
    municipalities = sorted(
        {**catalogue.others, **catalogue.municipalities}.values(),
        key=lambda entry: (entry.parent is not None, entry.ars),
    )
    return _store(session, MunicipalityRow, "ars", map(_municipality, municipalities)) + _store(
        session, ServiceRow, "key", map(_service, catalogue.services.values())
    )


def _store(session: Session, table: type[Row], key: str, wanted: Iterable[dict[str, Any]]) -> int:
    # Plain rows: as objects the five thousand of them would take most of the time of a short command.
    columns = table.__table__  # type: ignore[attr-defined]
    held = {row[key]: dict(row) for row in session.connection().execute(select(columns)).mappings()}
    new, changed = [], []
    for values in wanted:
        if values[key] not in held:
            new.append(values)
        elif held[values[key]] != values:
            changed.append(values)
    connection = session.connection()
    if new:
        connection.execute(insert(table), new)
    for values in changed:
        connection.execute(update(table).where(getattr(table, key) == values[key]).values(**values))
    return len(new) + len(changed)


def _municipality(entry: Municipality) -> dict[str, Any]:
    return {
        "ars": str(entry.ars),
        "ags": str(entry.ags) if entry.ags else None,
        "name": entry.name,
        "kind": entry.kind.value,
        "parent": str(entry.parent) if entry.parent else None,
        "population": entry.population,
        "as_of": entry.as_of,
        "source": entry.source,
    }


def _service(entry: Service) -> dict[str, Any]:
    return {
        "key": str(entry.key),
        "title": entry.title,
        "ozg_id": str(entry.ozg_id) if entry.ozg_id else None,
        "field": entry.field,
        "typisation": entry.typisation,
        "as_of": entry.as_of,
        "source": entry.source,
    }
