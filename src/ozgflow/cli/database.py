"""``ozgflow db``: look after the database."""

import typer

from ozgflow.cli.console import say, settings
from ozgflow.storage.database import Database

app = typer.Typer(help="Datenbank pflegen.", no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def group() -> None:
    """Datenbank pflegen."""


@app.command()
def upgrade() -> None:
    """Bringt die Tabellen auf den Stand dieser Version; ein zweiter Aufruf ändert nichts."""
    database = Database(settings().database)
    try:
        changed = database.upgrade()
    finally:
        database.close()
    say("database.upgraded" if changed else "database.current")
