"""The demo's invented state of affairs: the same on every run, with just the flaws that it promises."""

from pathlib import Path

import pytest

from ozgflow.domain.catalogue import ExecutionLevel
from ozgflow.domain.findings import Verdict
from ozgflow.jobs.demo import prepare, rows_in_database, scenario_keys
from ozgflow.jobs.documents import check_documents
from ozgflow.jobs.opening import start
from ozgflow.jobs.rollout import advance, board
from ozgflow.jobs.workspace import Workspace
from ozgflow.sandbox.messages import FLAWS
from ozgflow.sandbox.scenario import load_scenario, messages
from ozgflow.standards.validator import Validator
from tests.conftest import NOW, TODAY
from tests.jobs.examples import PROGRAMME
from tests.storage.rows import all_rows

PROMISED = {
    "gueltig": (Verdict.VALID, set[str]()),
    "fehlendes-element": (Verdict.INVALID, {"xsd.element-unexpected"}),
    "veraltete-codeliste": (Verdict.INVALID, {"xsd.list-version"}),
    "falscher-schluessel": (Verdict.INVALID, {"xsd.value-pattern"}),
    "unbekannte-version": (Verdict.UNCHECKED, {"bundle.version"}),
    "feindliches-xml": (Verdict.INVALID, {"xml.doctype"}),
}


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_competent_authorities_take_part_once(workspace: Workspace) -> None:
    competent = {one.ars for one in workspace.catalogue.competent(ExecutionLevel.KREIS)}

    authorities = [authority.ars for authority in load_scenario().authorities]

    assert len(authorities) == 18
    assert set(authorities) == competent


def test_preparing_twice_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    first = prepare(workspace, tmp_path / "in", now=NOW)
    rows, files = all_rows(workspace.database), _content(tmp_path / "in")

    second = prepare(workspace, tmp_path / "in", now=NOW)

    assert first.documents == sum(len(authority.documents) for authority in first.scenario.authorities)
    assert first.evidence > 100
    assert (second.catalogue_rows, second.documents, second.evidence) == (0, 0, 0)
    assert all_rows(workspace.database) == rows
    assert _content(tmp_path / "in") == files


def test_a_preparation_that_was_cut_short_is_completed(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    prepare(workspace, folder, now=NOW)
    complete = _content(folder)
    lost, damaged = sorted(folder.rglob("*.xml"))[:2]
    lost.unlink()
    damaged.write_text(damaged.read_text(encoding="utf-8")[:500], encoding="utf-8")

    again = prepare(workspace, folder, now=NOW)

    assert (again.documents, again.evidence) == (2, 0)
    assert _content(folder) == complete


def test_the_rows_of_the_database_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    before = rows_in_database(workspace)

    prepared = prepare(workspace, tmp_path, now=NOW)

    assert before == 0
    assert rows_in_database(workspace) == prepared.evidence


def test_every_flaw_is_promised_a_verdict_here() -> None:
    assert set(PROMISED) == {"gueltig", *FLAWS}
    assert {flaw for authority in load_scenario().authorities for flaw in authority.documents} == set(PROMISED)


@pytest.mark.parametrize("flaw", PROMISED)
def test_every_message_has_the_verdict_that_its_flaw_promises(
    workspace: Workspace, validator: Validator, flaw: str
) -> None:
    scenario = load_scenario()
    flaws = [flaw for authority in scenario.authorities for flaw in authority.documents]
    texts = [text for _, text in messages(scenario, workspace.catalogue)]

    reports = [validator.check(text.encode()) for text, one in zip(texts, flaws, strict=True) if one == flaw]

    verdict, rules = PROMISED[flaw]
    assert reports
    for report in reports:
        assert report.verdict is verdict
        assert {finding.rule for finding in report.findings} - {"header.test"} == rules


def test_the_whole_demo_twice_gives_the_same_board_and_the_same_rows(workspace: Workspace, tmp_path: Path) -> None:
    keys = scenario_keys(prepare(workspace, tmp_path, now=NOW).scenario)

    def run() -> dict[str, int]:
        start(workspace, PROGRAMME, keys, today=TODAY, now=NOW)
        check_documents(workspace, tmp_path, keys, now=NOW)
        advance(workspace, PROGRAMME, keys, today=TODAY, now=NOW, by="test")
        return dict(board(workspace, PROGRAMME, keys, today=TODAY).count_by_stage())

    first, rows = run(), all_rows(workspace.database)
    second = run()

    assert sum(first.values()) == 18
    assert sum(count > 0 for count in first.values()) >= 6
    assert second == first
    assert all_rows(workspace.database) == rows
