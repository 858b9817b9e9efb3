"""``ozgflow ui``: start Prefect's server and say where to look."""

import os
import sys
from typing import Annotated

import typer

from ozgflow.cli.console import say
from ozgflow.cli.local_prefect import prefect_environment


def ui(
    host: Annotated[str, typer.Option(help="Adresse, unter der der Server erreichbar ist")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port")] = 4200,
) -> None:
    """Startet die Prefect-Oberfläche mit allen bisherigen Läufen; Strg+C beendet sie."""
    say("ui.starting", url=f"http://{host}:{port}")
    address = f"http://{host}:{port}/api"
    environment = {**prefect_environment(), "PREFECT_API_URL": address, "PREFECT_UI_API_URL": address}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter, no shell
