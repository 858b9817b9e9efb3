"""Run one flow beside a temporary Prefect server: ``python -m flows.local rollout '{"parameters": {…}}'``.

For the demo and for machines without a Prefect server. The run and its artifacts stay in Prefect's database, so
``ozgflow ui`` shows them afterwards. Ends when the parent ends.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time

import requests
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State
from prefect.client.schemas.sorting import TaskRunSort
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows.rollout import rollout
from flows.validate import validate

FLOWS: dict[str, Flow[..., State[None]]] = {"rollout": rollout, "validate": validate}
_START_SECONDS = 90
_DRAIN_SECONDS = 20
_QUIET_SECONDS = 1.5  # longer than the recorder's flush interval
_MAX_TASK_RUNS = 200


def main() -> int:
    """Run the flow that the arguments name; returns the exit code."""
    name, parameters = sys.argv[1], json.loads(sys.argv[2])
    if not sys.stdin.isatty():
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    server, url = start_server()
    with temporary_settings({PREFECT_API_URL: url}):
        state: State[None] = FLOWS[name](**parameters, return_state=True)
        _wait_until_recorded(state)
    if server.poll() is not None:
        return 1
    print(state.message or state.type.value)  # noqa: T201 - the parent shows it
    return 0 if state.is_completed() else 1


def start_server() -> tuple["subprocess.Popen[bytes]", str]:
    """Start a temporary server and wait for it.

    It is not stopped by us: it leaves when this process has ended, because Prefect's own threads still send logs
    and events while the interpreter shuts down. Whoever calls keeps the process object: when that is collected,
    its pipe closes and the server leaves.

    Returns:
        The process, and the URL of its API.

    Raises:
        RuntimeError: it did not answer in time.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    environment = {**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"}
    command = [sys.executable, "-m", "flows.local_server", str(port)]
    with (PREFECT_HOME.value() / "server.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
        )
    _wait_until_healthy(url, process)
    return process, url


def _leave_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError("Prefect's temporary server did not start")


def _wait_until_recorded(state: State[None]) -> None:
    """Wait until the server has recorded the ends of all task runs and has been quiet for a while.

    It writes task runs in batches, with a delay; a server that leaves before loses them.
    """
    run_id = state.state_details.flow_run_id
    if run_id is None:
        return
    mine = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
    deadline = time.monotonic() + _DRAIN_SECONDS
    seen, since = -1, time.monotonic()
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            runs = client.read_task_runs(flow_run_filter=mine, limit=_MAX_TASK_RUNS, sort=TaskRunSort.ID_DESC)
            ended = sum(1 for run in runs if run.state is not None and run.state.is_final())
            if ended != seen:
                seen, since = ended, time.monotonic()
            elif ended == len(runs) and time.monotonic() - since > _QUIET_SECONDS:
                return
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
