"""What several migrations do: let the database itself refuse to change what is append-only."""

from alembic import op


def is_postgresql() -> bool:
    """Whether the tables are those of PostgreSQL; otherwise of SQLite."""
    return op.get_bind().dialect.name == "postgresql"


def protect(table: str) -> None:
    """Refuse to change or delete rows of a table; on PostgreSQL by the function of the first migration."""
    if is_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
