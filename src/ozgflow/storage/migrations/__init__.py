"""Alembic migrations, run by ``ozgflow db upgrade``."""
