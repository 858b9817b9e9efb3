"""Running Prefect's programs from here without importing Prefect: as processes, with the right environment.

The environment switches telemetry off, keeps Prefect's files within our home, and sets batch sizes under which the
server takes less than a third of the processor time per task run (see docs/decisions/0001).
"""

import os
import subprocess
import sys

from ozgflow.cli.console import settings
from ozgflow.errors import PermanentError

_ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
    # The terminal shows what needs attention; everything else is in the UI.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
}


def prefect_environment() -> dict[str, str]:
    """The environment for Prefect's processes; what the operator has set wins."""
    home = settings().home.resolve() / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
        **_ENVIRONMENT,
        "PREFECT_HOME": str(home),
        "OZGFLOW_HOME": str(settings().home.resolve()),
        **os.environ,
    }


def run_flow(name: str, parameters: str) -> None:
    """Run a flow in a process of its own beside a temporary Prefect server, and wait for it.

    The process ends when we end, however we end: it watches its standard input, which we hold open.

    Args:
        name: name of the flow.
        parameters: its parameters as JSON.

    Raises:
        PermanentError: the flow failed.
    """
    command = [sys.executable, "-m", "flows.local", name, parameters]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=prefect_environment()) as process:  # noqa: S603
        code = process.wait()
    if code != 0:
        raise PermanentError("flow.failed", flow=name)
