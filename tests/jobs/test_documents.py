"""Checking what authorities supplied: the verdict becomes evidence, nothing is done twice, nobody holds up others."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource
from ozgflow.domain.findings import Verdict
from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.messages import Wording
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.documents import DocumentSummary, check_documents
from ozgflow.jobs.rollout import advance
from ozgflow.jobs.workspace import Workspace
from ozgflow.sandbox.messages import FLAWS
from ozgflow.standards.validator import Validator
from ozgflow.storage.evidence import read_evidence
from tests.conftest import NOW, ROOT, TODAY
from tests.jobs.examples import (
    BARNIM,
    KEY,
    KEYS,
    PRIGNITZ,
    PROGRAMME,
    bring,
    closed_gates,
    open_three,
    stages,
    supply,
)
from tests.storage.rows import all_rows

GATE = "nachrichten-gueltig"


def _check(workspace: Workspace, folder: Path, *, dry_run: bool = False) -> DocumentSummary:
    return check_documents(workspace, folder, KEYS, now=NOW, dry_run=dry_run)


def _answers(workspace: Workspace, key: RolloutKey = KEY) -> list[tuple[str, Answer]]:
    return [(entry.subject, entry.answer) for entry in _evidence(workspace, key)]


def _evidence(workspace: Workspace, key: RolloutKey = KEY) -> list[Evidence]:
    with workspace.database.reading() as session:
        entries = read_evidence(session, [key.municipality]).get(key.municipality, ())
    return [entry for entry in entries if entry.kind == DOCUMENT_KIND]


def _before_the_check_of_messages(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", BARNIM, PRIGNITZ)
    _advance(workspace)


def _advance(workspace: Workspace) -> None:
    advance(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW, by="test")


@pytest.mark.parametrize(
    ("flaw", "verdict", "answer"),
    [
        ("", Verdict.VALID, Answer.YES),
        ("fehlendes-element", Verdict.INVALID, Answer.NO),
        ("feindliches-xml", Verdict.INVALID, Answer.NO),
        ("unbekannte-version", Verdict.UNCHECKED, Answer.UNKNOWN),
    ],
)
def test_a_verdict_becomes_evidence(
    workspace: Workspace, tmp_path: Path, flaw: str, verdict: Verdict, answer: Answer
) -> None:
    supply(tmp_path, KEY, flaw)

    summary = _check(workspace, tmp_path)

    assert summary.verdicts == {one: int(one is verdict) for one in Verdict}
    assert summary.recorded == 1
    (entry,) = _evidence(workspace)
    assert (entry.subject, entry.answer, entry.source) == ("antrag-1.xml", answer, EvidenceSource.DOCUMENT)
    assert (entry.observed_on, entry.valid_until, entry.service) == (TODAY, None, KEY.service)
    assert summary.evidence == (entry,)


def test_the_evidence_says_which_bytes_were_checked_against_which_bundle(
    workspace: Workspace, tmp_path: Path
) -> None:
    supply(tmp_path, KEY, "")
    bundle = workspace.validator.bundle_hash("aufenthalt-antrag/1.0")

    _check(workspace, tmp_path)

    (entry,) = _evidence(workspace)
    (check,) = all_rows(workspace.database)["document_check"]
    digest = entry.reference.removeprefix("sha256:").partition(" ")[0]
    assert entry.reference == f"sha256:{digest} aufenthalt-antrag/1.0#{bundle[:12]}"
    assert check.startswith(f"('{digest}', '{bundle}'")


def test_the_note_says_line_and_finding_and_how_many_more(workspace: Workspace, tmp_path: Path) -> None:
    (path,) = supply(tmp_path, KEY, "fehlendes-element")
    path.write_text(FLAWS["veraltete-codeliste"](path.read_text(encoding="utf-8")), encoding="utf-8")

    _check(workspace, tmp_path)

    (entry,) = _evidence(workspace)
    assert entry.note is not None
    note = Wording.load().render(entry.note)
    assert note.startswith("Zeile ")
    assert note.endswith("(1 weitere)")


def test_the_second_time_everything_is_known_and_nothing_is_written(workspace: Workspace, tmp_path: Path) -> None:
    supply(tmp_path, KEY, "", "fehlendes-element", "")
    supply(tmp_path, KEYS[1], "")
    first = _check(workspace, tmp_path)
    before = all_rows(workspace.database)

    second = _check(workspace, tmp_path)

    assert (first.from_store, first.recorded) == (0, 4)
    assert (second.from_store, second.recorded) == (4, 0)
    assert second.verdicts == first.verdicts
    assert second.evidence == first.evidence
    assert all_rows(workspace.database) == before


def test_what_could_not_be_checked_is_checked_again(workspace: Workspace, tmp_path: Path) -> None:
    supply(tmp_path, KEY, "unbekannte-version")
    _check(workspace, tmp_path)

    second = _check(workspace, tmp_path)

    assert (second.from_store, second.recorded) == (0, 0)


def test_a_document_is_checked_again_when_its_bundle_has_changed(workspace: Workspace, tmp_path: Path) -> None:
    supply(tmp_path / "in", KEY, "")
    _check(workspace, tmp_path / "in")
    schemas = shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    with (schemas / "aufenthalt-antrag" / "1.0" / "aufenthalt-antrag.xsd").open("a", encoding="utf-8") as file:
        file.write("<!-- a correction -->\n")

    second = _check(replace(workspace, validator=Validator.for_folder(schemas)), tmp_path / "in")

    assert (second.from_store, second.recorded) == (0, 1)
    assert _answers(workspace) == [("antrag-1.xml", Answer.YES), ("antrag-1.xml", Answer.YES)]


def test_a_corrected_document_opens_the_gate(workspace: Workspace, tmp_path: Path) -> None:
    _before_the_check_of_messages(workspace)
    supply(tmp_path, KEY, "", "fehlendes-element", "")
    _check(workspace, tmp_path)
    held = closed_gates(workspace)

    supply(tmp_path, KEY, "", "", "")
    _check(workspace, tmp_path)
    _advance(workspace)

    assert held == [GATE]
    assert stages(workspace)[BARNIM] == "betrieb"


@pytest.mark.parametrize("days", [-30, 1, 30])
def test_a_correction_counts_even_if_a_run_for_another_day_saw_it_first(
    workspace: Workspace, tmp_path: Path, days: int
) -> None:
    """An operator may run a flow for another day; the documents are the same on every day."""
    _before_the_check_of_messages(workspace)
    supply(tmp_path, KEY, "", "fehlendes-element", "")
    _check(workspace, tmp_path)
    supply(tmp_path, KEY, "", "", "")
    check_documents(workspace, tmp_path, KEYS, now=NOW + timedelta(days=days))

    _check(workspace, tmp_path)

    assert closed_gates(workspace) == []


def test_a_document_that_was_taken_away_is_withdrawn(workspace: Workspace, tmp_path: Path) -> None:
    _before_the_check_of_messages(workspace)
    paths = supply(tmp_path, KEY, "", "", "", "fehlendes-element")
    _check(workspace, tmp_path)

    paths[3].unlink()
    summary = _check(workspace, tmp_path)

    assert summary.recorded == 1
    assert _answers(workspace)[-1] == ("antrag-4.xml", Answer.WITHDRAWN)
    assert closed_gates(workspace) == []


def test_a_withdrawal_is_recorded_once(workspace: Workspace, tmp_path: Path) -> None:
    (path,) = supply(tmp_path, KEY, "")
    _check(workspace, tmp_path)
    path.unlink()
    _check(workspace, tmp_path)
    before = all_rows(workspace.database)

    summary = _check(workspace, tmp_path)

    assert summary.recorded == 0
    assert all_rows(workspace.database) == before


def test_a_document_supplied_again_counts_again(workspace: Workspace, tmp_path: Path) -> None:
    (path,) = supply(tmp_path, KEY, "")
    _check(workspace, tmp_path)
    path.unlink()
    _check(workspace, tmp_path)

    supply(tmp_path, KEY, "")
    summary = _check(workspace, tmp_path)

    assert summary.recorded == 1
    assert [answer for _, answer in _answers(workspace)] == [Answer.YES, Answer.WITHDRAWN, Answer.YES]


def test_who_has_no_folder_has_withdrawn_nothing(workspace: Workspace, tmp_path: Path) -> None:
    supply(tmp_path / "one", KEY, "")
    _check(workspace, tmp_path / "one")
    supply(tmp_path / "two", KEYS[1], "")

    summary = _check(workspace, tmp_path / "two")

    assert [entry.municipality for entry in summary.evidence] == [PRIGNITZ]
    assert _answers(workspace) == [("antrag-1.xml", Answer.YES)]


def test_a_document_of_another_service_is_nobodys_business(workspace: Workspace, tmp_path: Path) -> None:
    supply(tmp_path, replace(KEY, service=LeikaKey.parse("99010001001000")), "fehlendes-element")

    summary = _check(workspace, tmp_path)

    assert summary == DocumentSummary()


def _folder_called_xml(path: Path) -> None:
    path.mkdir()


def _link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


@pytest.mark.parametrize("spoil", [_folder_called_xml, _link_to_nowhere])
def test_an_unreadable_file_holds_up_nobody_else(
    workspace: Workspace, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    paths = supply(tmp_path, KEY, "", "")
    supply(tmp_path, KEYS[1], "", "fehlendes-element")
    _check(workspace, tmp_path)
    paths[0].unlink()
    spoil(paths[1].with_name("antrag-3.xml"))
    supply(tmp_path, KEYS[1], "", "")

    summary = _check(workspace, tmp_path)

    (failure,) = summary.failures
    assert failure.key == KEY
    assert Wording.load().render(failure.reason) == "antrag-3.xml lässt sich nicht lesen. Prüfen Sie Rechte und Pfad."
    assert _answers(workspace) == [("antrag-1.xml", Answer.YES), ("antrag-2.xml", Answer.YES)]
    assert _answers(workspace, KEYS[1])[-1] == ("antrag-2.xml", Answer.YES)


def test_a_folder_that_is_not_there_is_wrong_use(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        _check(workspace, tmp_path / "nowhere")

    assert refused.value.code == "documents.no-folder"


def test_a_dry_run_tells_the_same_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    paths = supply(tmp_path, KEY, "", "", "fehlendes-element")
    _check(workspace, tmp_path)
    paths[0].unlink()
    supply(tmp_path, KEYS[1], "", "unbekannte-version")
    before = all_rows(workspace.database)

    rehearsed = _check(workspace, tmp_path, dry_run=True)

    assert all_rows(workspace.database) == before
    performed = _check(workspace, tmp_path)
    assert rehearsed.recorded == 0
    assert performed.recorded == 3
    assert (rehearsed.verdicts, rehearsed.evidence) == (performed.verdicts, performed.evidence)
