"""The rollout flow on 413 municipalities × 100 services: task runs, and the share of time spent in Prefect.

Both ways do the same work on fresh SQLite databases in one run: first the jobs alone, then the flow with a temporary
Prefect server. The share is what the flow takes longer, divided by what it takes.

Run with ``python -m benchmarks.rollout [SERVICES]``.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.sorting import TaskRunSort
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows.local import start_server
from flows.parameters import RolloutParameters
from flows.rollout import rollout
from flows.run import opened_workspace
from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.jobs import rollout as jobs
from ozgflow.jobs.opening import start
from ozgflow.jobs.plan import plan_rollouts
from ozgflow.jobs.workspace import refresh_catalogue

SERVICES = 100
KINDS = [
    MunicipalityKind.KREISFREIE_STADT,
    MunicipalityKind.AMTSFREIE_GEMEINDE,
    MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SERVICES
    services = [str(key) for key in sorted(load_catalogue().services)[:count]]
    with _home("jobs"):
        started = time.perf_counter()
        total = _jobs_alone(services)
        alone = time.perf_counter() - started
    with _home("flow") as home, temporary_settings({PREFECT_HOME: home}):
        server, url = start_server()
        with temporary_settings({PREFECT_API_URL: url}):
            started = time.perf_counter()
            state = rollout(RolloutParameters(services=services, kinds=KINDS), return_state=True)
            with_prefect = time.perf_counter() - started
            runs = _task_runs(state.state_details.flow_run_id)
        server.terminate()
    if not state.is_completed():
        sys.exit(f"the flow failed: {state.message}")
    share = max(0.0, (with_prefect - alone) / with_prefect)
    print(f"rollouts                           {total} (413 municipalities x {count} services)")
    print(f"task runs of the flow              {runs} (at most 150)")
    print(f"flow / jobs alone                  {with_prefect / alone:.2f}")
    print(f"share of the flow spent in Prefect {share:.0%}")


def _jobs_alone(services: list[str]) -> int:
    """The same work as the flow, without Prefect."""
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    with opened_workspace() as workspace:
        plan = plan_rollouts(
            workspace.catalogue, programme="efa-nachnutzung", services=services, kinds=KINDS, today=now.date()
        )
        refresh_catalogue(workspace)
        start(workspace, plan.programme, plan.keys, today=now.date(), now=now)
        jobs.advance(workspace, plan.programme, plan.keys, today=now.date(), now=now, by="benchmark")
        jobs.board(workspace, plan.programme, plan.keys, today=now.date())
        return len(plan.keys)


@contextmanager
def _home(name: str) -> Iterator[Path]:
    """A fresh home for one of the two ways."""
    with tempfile.TemporaryDirectory(prefix=f"ozgflow-{name}-") as folder:
        os.environ["OZGFLOW_HOME"] = folder
        yield Path(folder)


def _task_runs(flow_run_id: object) -> int:
    mine = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))  # type: ignore[list-item]
    seen = -1
    with get_client(sync_client=True) as client:
        while True:
            time.sleep(2)
            runs = client.read_task_runs(flow_run_filter=mine, limit=200, sort=TaskRunSort.ID_DESC)
            if len(runs) == seen:
                return seen
            seen = len(runs)


if __name__ == "__main__":
    main()
