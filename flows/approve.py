"""Flow ``approve``: an approval given through a form. It waits for nobody: it records what is said, and ends."""

from datetime import datetime

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.parameters import ApproveParameters
from flows.run import opened_workspace
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.roles import read_roles
from ozgflow.errors import UsageError
from ozgflow.jobs.approvals import Approval
from ozgflow.jobs.approvals import approve as give
from ozgflow.jobs.workspace import refresh_catalogue
from ozgflow.settings import LOCAL_TIME, load_settings


def _run_name() -> str:
    parameters = ApproveParameters.model_validate(flow_run.parameters["parameters"])
    return f"approve · {parameters.kind} · {parameters.municipality}"


@flow(name="approve", flow_run_name=_run_name, persist_result=False)
def approve(parameters: ApproveParameters) -> State[None]:
    """Eine Freigabe erteilen oder ablehnen."""
    now, settings = datetime.now(LOCAL_TIME), load_settings()
    words = Wording.load(settings.language)
    wanted = Approval(**parameters.model_dump())
    with opened_workspace() as workspace:
        refresh_catalogue(workspace)
        try:
            done = give(workspace, read_roles(settings.roles), wanted, today=now.date(), now=now)
        except UsageError as error:
            return Failed(message=words.render(Message(error.code, error.params)))
        name = workspace.catalogue.name_of(done.entry.municipality)
    title = done.kind.title
    if parameters.is_refusal:
        return Completed(message=words.text("approval.refused", title=title, name=name, person=wanted.by))
    if done.missing:
        return Completed(message=words.text("approval.more", title=title, name=name, missing=done.missing))
    return Completed(message=words.text("approval.done", title=title, name=name, people=", ".join(done.people)))
