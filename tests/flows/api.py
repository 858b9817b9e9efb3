"""Asking Prefect's server the way its own UI does."""

import json
import time
from typing import Any, Literal

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State

_SETTLED_SECONDS = 3
_PATIENCE_SECONDS = 30


def artifacts(state: State[None]) -> dict[str, Any]:
    """Data of all artifacts of a flow run, by key."""
    found = _post("/artifacts/filter", {"flow_runs": _only(state), "limit": 200, "offset": 0})
    return {artifact["key"]: artifact["data"] for artifact in found}


def rows(state: State[None], key: str) -> list[dict[str, Any]]:
    """Rows of a table artifact."""
    found = json.loads(artifacts(state)[key])
    assert isinstance(found, list)
    return found


def count_task_runs(state: State[None]) -> int:
    """Number of task runs of a flow run, once the server has recorded them all."""
    seen, deadline = 0, time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(_SETTLED_SECONDS)
        count = int(_post("/task_runs/count", {"flow_runs": _only(state)}))
        if count == seen and count:
            return count
        seen = count
    return seen


def _only(state: State[None]) -> dict[str, Any]:
    return {"id": {"any_": [str(state.state_details.flow_run_id)]}}


def _post(path: Literal["/artifacts/filter", "/task_runs/count"], body: dict[str, Any]) -> Any:
    with get_client(sync_client=True) as client:
        return client.request("POST", path, json=body).json()
