"""One run of a flow: what was asked for, made ready, and the batches it is worked on in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.orchestration import get_client
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from flows.parameters import RolloutParameters
from flows.tasks import MAX_BATCHES
from ozgflow.domain.messages import Wording
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.jobs.plan import Plan, plan_rollouts, split
from ozgflow.jobs.workspace import Workspace, open_workspace, refresh_catalogue
from ozgflow.settings import LOCAL_TIME, load_settings
from ozgflow.standards.parsing import Limits

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the batches of a rollout run share.

    Attributes:
        workspace: the opened workspace.
        plan: who takes part.
        parameters: what the operator filled in.
        today: the day for which evidence is judged.
        now: the moment that is recorded.
        wording: sentences in the operator's language.
    """

    workspace: Workspace
    plan: Plan
    parameters: RolloutParameters
    today: date
    now: datetime
    wording: Wording

    def batches(self) -> list[tuple[RolloutKey, ...]]:
        """The rollouts in batches of about the same size, at most ``MAX_BATCHES``."""
        return split(self.plan.keys, MAX_BATCHES)


@contextmanager
def opened_workspace() -> Iterator[Workspace]:
    """The workspace that the settings describe."""
    settings = load_settings()
    limits = Limits(document_bytes=settings.max_document_bytes)
    with open_workspace(
        database_url=settings.database,
        schemas=settings.schemas,
        bundles=settings.bundles,
        catalogue=settings.catalogue,
        limits=limits,
        today=datetime.now(LOCAL_TIME).date(),
    ) as workspace:
        yield workspace


@contextmanager
def opened_run(parameters: RolloutParameters) -> Iterator[Run]:
    """Make a run ready: workspace, catalogue, plan and tags."""
    now = datetime.now(LOCAL_TIME)
    with opened_workspace() as workspace:
        plan = plan_rollouts(
            workspace.catalogue,
            programme=parameters.programme,
            services=parameters.services,
            municipalities=parameters.municipalities,
            kinds=parameters.kinds,
            today=parameters.as_of or now.date(),
        )
        if not parameters.dry_run:
            refresh_catalogue(workspace)
        add_tags(plan.programme.code, *(str(service.key) for service in plan.services))
        yield Run(
            workspace=workspace,
            plan=plan,
            parameters=parameters,
            today=parameters.as_of or now.date(),
            now=now,
            wording=Wording.load(load_settings().language),
        )


def add_tags(*tags: str) -> None:
    """Tag the present flow run, so that it is found by service and programme."""
    if flow_run.id:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(str(flow_run.id)), tags={*flow_run.tags, *tags})


def in_batches(
    run: Run, step: str, submit: Callable[[Sequence[RolloutKey], int], PrefectFuture[R]]
) -> list[PrefectFuture[R]]:
    """Submit one task per batch and show the progress as an artifact.

    Args:
        run: the run.
        step: ``open``, ``check`` or ``advance``.
        submit: submits the task for a batch and its number.
    """
    futures = [submit(keys, number) for number, keys in enumerate(run.batches(), 1)]
    artifact = create_progress_artifact(
        progress=0, key=f"progress-{step}", description=run.wording.text(f"flow.step.{step}")
    )
    for done, future in enumerate(futures, 1):
        future.wait()
        update_progress_artifact(UUID(str(artifact)), progress=100 * done / len(futures))
    return futures
