"""What must not become evidence: words about checks, invented facts beside real ones, faults of our own."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ozgflow.domain.findings import Verdict
from ozgflow.errors import UsageError
from ozgflow.jobs import demo
from ozgflow.jobs.documents import check_documents
from ozgflow.jobs.evidence import by_person, record
from ozgflow.jobs.workspace import Workspace
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import Validator
from tests.conftest import NOW, ROOT, TODAY
from tests.jobs.examples import KEY, KEYS, supply
from tests.storage.rows import all_rows


def test_nobody_can_say_that_a_message_was_checked(workspace: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        by_person(
            workspace,
            kind="nachricht",
            municipality="Barnim",
            service=str(KEY.service),
            reference="Anruf",
            by="Test",
            observed_on=TODAY,
            today=TODAY,
        )

    assert refused.value.code == "evidence.by-check"


@pytest.mark.parametrize("field", ["reference", "by", "note"])
@pytest.mark.parametrize("text", ["a\x1b[31mb", "zwei\nZeilen", "\u200b", "a\udcffb"])
def test_what_could_steer_a_terminal_is_refused(workspace: Workspace, field: str, text: str) -> None:
    given = {"reference": "Az. 1", "by": "Test", "note": "", field: text}

    with pytest.raises(UsageError):
        by_person(
            workspace,
            kind="avv",
            municipality="Barnim",
            service=str(KEY.service),
            observed_on=TODAY,
            today=TODAY,
            reference=given["reference"],
            by=given["by"],
            note=given["note"],
        )


def test_the_demo_stays_out_of_a_database_in_earnest(workspace: Workspace, tmp_path: Path) -> None:
    real = by_person(
        workspace,
        kind="avv",
        municipality="Barnim",
        service=str(KEY.service),
        reference="Az. 1",
        by="Test",
        observed_on=TODAY,
        today=TODAY,
    )
    record(workspace, [real], now=NOW)
    before = all_rows(workspace.database)

    with pytest.raises(UsageError) as refused:
        demo.prepare(workspace, tmp_path / "nachrichten", now=NOW)

    assert refused.value.code == "demo.in-earnest"
    assert all_rows(workspace.database) == before


def test_a_bundle_of_ours_that_is_broken_is_a_failure_and_no_evidence(workspace: Workspace, tmp_path: Path) -> None:
    schemas = shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    (schemas / "aufenthalt-antrag" / "1.0" / "code.xsd").write_text("<broken", encoding="utf-8")
    supply(tmp_path / "nachrichten", KEY, "", "")
    broken = replace(workspace, validator=Validator.for_folder(schemas))
    before = all_rows(workspace.database)

    summary = check_documents(broken, tmp_path / "nachrichten", KEYS, now=NOW)

    assert [failure.key for failure in summary.failures] == [KEY]
    assert summary.recorded == 0
    assert all_rows(workspace.database) == before


def test_a_document_above_the_limit_is_unchecked_and_hardly_read(workspace: Workspace, tmp_path: Path) -> None:
    (path,) = supply(tmp_path, KEY, "")
    with path.open("ab") as file:
        file.truncate(1_000_000_000)
    small = replace(workspace, validator=Validator.for_folder(ROOT / "schemas", Limits(document_bytes=10_000)))

    summary = check_documents(small, tmp_path, KEYS, now=NOW)

    assert summary.verdicts[Verdict.UNCHECKED] == 1


def test_an_ending_in_capitals_hides_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (path,) = supply(tmp_path, KEY, "")
    path.with_name("ZWEITE.XML").write_text("<kaputt", encoding="utf-8")

    summary = check_documents(workspace, tmp_path, KEYS, now=NOW)

    assert summary.verdicts[Verdict.INVALID] == 1
