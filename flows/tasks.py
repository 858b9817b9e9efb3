"""Tasks: batches of work. The one place where anything is retried, and only what may help to be retried."""

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from ozgflow.errors import TransientError
from ozgflow.settings import load_settings

P = ParamSpec("P")
R = TypeVar("R")

MAX_BATCHES = 40
"""Batches per step, so that a flow run stays far below 150 task runs whatever the size of the work."""


async def _may_help(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry a transient error; anything else needs a person."""
    return isinstance(await state.aresult(raise_on_failure=False), TransientError)


def batch_task(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a task under the house's rules: no cache, retries for transient errors only."""

    def decorate(function: Callable[P, R]) -> Task[P, R]:
        return task(
            name=name,
            task_run_name=name + " {_number}",
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=3,
            retry_delay_seconds=[1, 5, 15],
            retry_jitter_factor=0.5,
            retry_condition_fn=_may_help,
        )(function)

    return decorate


def thread_runner() -> TaskRunner[PrefectFuture[Any]]:
    """Threads, few of them: without a limit Prefect starts one for every task."""
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=load_settings().workers)
    return cast("TaskRunner[PrefectFuture[Any]]", runner)


def opaque(value: R) -> R:
    """Hand a value to a task as it is. Prefect would walk through it in search of futures, which is slow."""
    return cast("R", quote(value))


def outcomes(futures: Sequence[PrefectFuture[R]]) -> tuple[list[R], list[BaseException]]:
    """Wait for batches; a failed one does not hide the others.

    Returns:
        The results, and the exceptions of the batches that failed.
    """
    results: list[R] = []
    failed: list[BaseException] = []
    for future in futures:
        outcome = future.result(raise_on_failure=False)
        if isinstance(outcome, BaseException):
            failed.append(outcome)
        else:
            results.append(outcome)
    return results, failed
