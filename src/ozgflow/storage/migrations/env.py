"""Alembic's entry point. ``storage.database`` hands over the connection, so there is one way to open a database."""

from alembic import context
from sqlmodel import SQLModel

from ozgflow.storage import (
    grant_tables,
    house_tables,
    maturity_tables,
    obstacle_tables,
    tables,
    undertaking_tables,
)

for module in (tables, grant_tables, undertaking_tables, house_tables, obstacle_tables, maturity_tables):
    assert module  # noqa: S101 - imported so that the metadata knows all tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    # SQLite can roll table changes back; Alembic assumes that it cannot.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
