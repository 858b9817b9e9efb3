"""The demo: an invented state of affairs on the real catalogue, the same on every run."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.reports.files import write_file
from ozgflow.sandbox.scenario import RECORDED_BY, Scenario, evidence, load_scenario, messages
from ozgflow.storage.counting import count_rows, is_in_earnest
from ozgflow.storage.evidence import add_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the preparation of the demo changed."""

    scenario: Scenario
    catalogue_rows: int
    documents: int
    evidence: int


def prepare(workspace: Workspace, folder: Path, *, now: datetime) -> Prepared:
    """Load the catalogue, write the messages of all authorities and record their evidence.

    Args:
        workspace: the workspace.
        folder: where the messages go; messages that are there already stay untouched.
        now: the moment of recording.

    Raises:
        UsageError: the database holds evidence, and none of it is the demo's. Invented evidence could never be
            taken out of it again.
    """
    scenario = load_scenario()
    with workspace.database.reading() as session:
        if is_in_earnest(session, RECORDED_BY):
            raise UsageError("demo.in-earnest")
    rows = refresh_catalogue(workspace)
    written = 0
    for path, text in messages(scenario, workspace.catalogue):
        written += _write(folder / path, text)
    with workspace.database.writing() as session:
        added = add_evidence(session, evidence(scenario, load_programme(scenario.programme)), now=now)
    return Prepared(scenario=scenario, catalogue_rows=rows, documents=written, evidence=added)


def scenario_keys(scenario: Scenario) -> list[RolloutKey]:
    """The rollouts of the demo."""
    return [
        RolloutKey(programme=scenario.programme, service=scenario.service, municipality=authority.ars)
        for authority in scenario.authorities
    ]


def rows_in_database(workspace: Workspace) -> int:
    """Number of rows that a run may add, to tell how many it added."""
    with workspace.database.reading() as session:
        return count_rows(session)


def _write(path: Path, text: str) -> int:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    write_file(path, text)
    return 1
