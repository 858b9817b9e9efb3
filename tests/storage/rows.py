"""Rows for the tests of the database, and a look at all that a database holds."""

from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, SQLModel

import ozgflow.storage.maturity_tables
import ozgflow.storage.obstacle_tables  # noqa: F401 - both fill SQLModel.metadata
from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, load_catalogue
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.storage import grant_tables
from ozgflow.storage.catalogue import store_catalogue
from ozgflow.storage.database import Database

assert grant_tables  # imported so that the metadata knows all tables

PROGRAMME = "efa-nachnutzung"
PERMIT = LeikaKey.parse("99010001001009")
BARNIM = Ars.parse("120600000000")
PRIGNITZ = Ars.parse("120700000000")


def small_catalogue() -> Catalogue:
    """The 18 Landkreise and kreisfreie Städte with three of their services."""
    whole = load_catalogue()
    authorities = whole.competent(ExecutionLevel.KREIS)
    others = [key for key in sorted(whole.services) if key != PERMIT][:2]
    return replace(
        whole,
        municipalities={one.ars: one for one in authorities},
        services={key: whole.services[key] for key in (PERMIT, *others)},
    )


def store_small_catalogue(session: Session) -> None:
    """Write municipalities and services, so that rollouts and evidence can refer to them."""
    store_catalogue(session, small_catalogue())


def fifty_rollouts() -> list[RolloutKey]:
    """Fifty rollouts of the small catalogue."""
    catalogue = small_catalogue()
    keys = [
        RolloutKey(programme=PROGRAMME, service=service, municipality=municipality)
        for service in catalogue.services
        for municipality in catalogue.municipalities
    ]
    return keys[:50]


def all_rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, sorted."""
    with database.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.connection().execute(select(table)))
            for table in SQLModel.metadata.sorted_tables
        }
