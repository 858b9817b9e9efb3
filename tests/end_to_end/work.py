"""The demo's work without Prefect, as a program that can be killed: ``python -m tests.end_to_end.work``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ozgflow.domain.programme_files import load_programme
from ozgflow.jobs import demo, opening, rollout
from ozgflow.jobs.documents import check_documents
from ozgflow.jobs.workspace import open_workspace
from ozgflow.settings import load_settings


def main() -> None:
    """Prepare, open, check and advance, one municipality at a time, so that there is much to interrupt."""
    settings = load_settings()
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    folder = settings.home / "demo" / "nachrichten"
    with open_workspace(database_url=settings.database, schemas=settings.schemas) as workspace:
        scenario = demo.prepare(workspace, folder, now=now).scenario
        programme = load_programme(scenario.programme)
        keys = demo.scenario_keys(scenario)
        opening.start(workspace, programme, keys, today=now.date(), now=now)
        for key in keys:
            check_documents(workspace, folder, [key], now=now)
        for key in keys:
            rollout.advance(workspace, programme, [key], today=now.date(), now=now, by="test")


if __name__ == "__main__":
    main()
