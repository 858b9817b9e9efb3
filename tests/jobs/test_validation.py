"""Checking documents that somebody points at."""

from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, Verdict
from ozgflow.errors import UsageError
from ozgflow.jobs.validation import FileReport, check_files, count_verdicts, find_documents
from ozgflow.jobs.workspace import Workspace
from ozgflow.standards.validator import Validator
from ozgflow.storage.database import Database
from tests.conftest import NOW, ROOT
from tests.jobs.examples import KEY, message_text
from tests.storage.rows import all_rows

EXAMPLES = ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0"


def _check(validator: Validator, paths: list[Path], database: Database | None) -> list[FileReport]:
    return list(check_files(validator, paths, database=database, now=NOW))


def _verdicts(reports: list[FileReport]) -> list[Verdict]:
    return [entry.report.verdict for entry in reports]


def test_a_folder_stands_for_all_xml_files_below_it_and_a_file_for_itself(tmp_path: Path) -> None:
    for name in ("b/2.xml", "b/1.xml", "a/x.txt", "c.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = find_documents([tmp_path / "c.dat", tmp_path, tmp_path / "b" / "1.xml"])

    assert found == [tmp_path / "c.dat", tmp_path / "b" / "1.xml", tmp_path / "b" / "2.xml"]


def test_a_path_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        find_documents([tmp_path, tmp_path / "gone.xml"])

    assert refused.value.code in ("documents.no-path", "documents.none")


def test_a_folder_without_documents_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        find_documents([tmp_path])

    assert refused.value.code == "documents.none"


@pytest.mark.parametrize(("folder", "allowed"), [("valid", {Verdict.VALID}), ("invalid", set(Verdict))])
def test_the_examples_are_checked_in_order(validator: Validator, folder: str, allowed: set[Verdict]) -> None:
    paths = find_documents([EXAMPLES / folder])

    reports = _check(validator, paths, None)

    assert [entry.path for entry in reports] == paths
    assert set(_verdicts(reports)) <= allowed
    assert not any(entry.from_store for entry in reports)


def test_results_are_known_the_second_time(workspace: Workspace) -> None:
    paths = find_documents([EXAMPLES / "valid"])
    first = _check(workspace.validator, paths, workspace.database)
    before = all_rows(workspace.database)

    second = _check(workspace.validator, paths, workspace.database)

    assert not any(entry.from_store for entry in first)
    assert all(entry.from_store for entry in second)
    assert [entry.report for entry in second] == [entry.report for entry in first]
    assert all_rows(workspace.database) == before


def test_a_kept_result_says_the_same_as_a_fresh_one(workspace: Workspace) -> None:
    paths = find_documents([EXAMPLES / "invalid"])
    fresh = _check(workspace.validator, paths, workspace.database)

    known = _check(workspace.validator, paths, workspace.database)

    assert any(entry.from_store for entry in known)
    assert [entry.report for entry in known] == [entry.report for entry in fresh]


def test_a_changed_document_is_not_taken_for_the_old_one(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "antrag.xml"
    path.write_text(message_text(KEY, 1), encoding="utf-8")
    _check(workspace.validator, [path], workspace.database)
    path.write_text(message_text(KEY, 1, "fehlendes-element"), encoding="utf-8")

    (entry,) = _check(workspace.validator, [path], workspace.database)

    assert (entry.report.verdict, entry.from_store) == (Verdict.INVALID, False)


def test_without_a_database_nothing_is_kept(workspace: Workspace) -> None:
    _check(workspace.validator, find_documents([EXAMPLES / "valid"]), None)

    assert all_rows(workspace.database)["document_check"] == []


def test_a_file_that_cannot_be_read_is_unchecked_and_holds_up_nothing(workspace: Workspace, tmp_path: Path) -> None:
    good, unreadable = tmp_path / "a.xml", tmp_path / "b.xml"
    good.write_text(message_text(KEY, 1), encoding="utf-8")
    unreadable.mkdir()

    reports = _check(workspace.validator, [unreadable, good], workspace.database)

    assert _verdicts(reports) == [Verdict.UNCHECKED, Verdict.VALID]
    assert [finding.rule for finding in reports[0].report.findings] == ["file.unreadable"]


def test_more_documents_than_a_batch_are_all_checked_in_order(workspace: Workspace, tmp_path: Path) -> None:
    paths = []
    for number in range(450):
        path = tmp_path / f"{number:03}.xml"
        path.write_text(f"<falsch>{number}</falsch>", encoding="utf-8")
        paths.append(path)

    reports = _check(workspace.validator, paths, workspace.database)

    assert [entry.path for entry in reports] == paths


def test_verdicts_are_counted_with_those_that_did_not_occur() -> None:
    reports = [Report(verdict=Verdict.VALID), Report(verdict=Verdict.VALID), Report(verdict=Verdict.UNCHECKED)]

    assert count_verdicts(reports) == {Verdict.VALID: 2, Verdict.INVALID: 0, Verdict.UNCHECKED: 1}
