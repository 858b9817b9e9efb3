"""``ozgflow``: all commands, and the one place where errors become sentences and exit codes.

Exit codes: 0 fine, 1 findings or closed gates where success was asked for, 2 wrong use, 3 trouble on our side.
"""

import io
import os
import sys
import traceback
from types import TracebackType

import typer
from typer import rich_utils

from ozgflow.cli import (
    approval,
    board,
    bundles,
    catalogue,
    contact,
    database,
    demo,
    evidence,
    grant,
    maturity,
    obstacle,
    programme,
    readiness,
    reference,
    rollout,
    step,
    today,
    ui,
    undertaking,
    validate,
)
from ozgflow.cli.console import complain
from ozgflow.domain.messages import Message
from ozgflow.errors import OzgflowError, UsageError

WRONG_USE = 2
OUR_TROUBLE = 3

rich_utils.ARGUMENTS_PANEL_TITLE = "Angaben"
rich_utils.OPTIONS_PANEL_TITLE = "Optionen"
rich_utils.COMMANDS_PANEL_TITLE = "Befehle"
rich_utils.ERRORS_PANEL_TITLE = "Fehler"

app = typer.Typer(
    name="ozgflow",
    help="Bringt eine Verwaltungsleistung in jeder Kommune durch dieselben Stufen der Nachnutzung – "
    "mit Nachweis für jeden Schritt.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    epilog="Exit-Codes: 0 in Ordnung, 1 Befunde oder verschlossene Prüfbedingungen, 2 falscher Aufruf, "
    "3 Störung bei uns.",
)
app.command("today")(today.today_)
app.command("validate")(validate.validate)
app.command("board")(board.board)
app.command("readiness")(readiness.readiness)
app.command("approve")(approval.approve)
app.command("audit")(approval.audit)
app.command("demo")(demo.demo)
app.command("ui")(ui.ui)
app.add_typer(rollout.app, name="rollout")
app.add_typer(evidence.app, name="evidence")
app.add_typer(programme.app, name="programme")
app.add_typer(undertaking.app, name="undertaking")
app.add_typer(contact.app, name="contact")
app.add_typer(step.app, name="step")
app.add_typer(grant.app, name="grant")
app.add_typer(obstacle.app, name="obstacle")
app.add_typer(maturity.app, name="maturity")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(bundles.app, name="bundles")
app.add_typer(database.app, name="db")
app.add_typer(reference.app, name="docs")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows another one, rather than nothing at all.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with _UnexpectedIsOurs():
            app()
    except UsageError as error:
        complain(Message(error.code, error.params))
        sys.exit(WRONG_USE)
    except OzgflowError as error:
        complain(Message(error.code, error.params))
        sys.exit(OUR_TROUBLE)
    except BrokenPipeError:
        # The reader of JSON has gone; see also console.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


class _UnexpectedIsOurs:
    """Lets an error that nobody foresaw end with our exit code; Python's own would read as "findings"."""

    _FORESEEN = (OzgflowError, BrokenPipeError, SystemExit, KeyboardInterrupt)

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show what happened, for the report to the developers, and leave."""
        if kind is not None and not issubclass(kind, self._FORESEEN):
            # The exception's own text may quote what it was working on, so only its kind and its place are shown.
            traceback.print_tb(trace)
            complain(Message("unexpected", {"kind": kind.__name__}))
            sys.exit(OUR_TROUBLE)
