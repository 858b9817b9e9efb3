"""Rollouts move as far as their evidence carries them, once, and no further."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ozgflow.domain.messages import Wording
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import Move, RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.documents import check_documents
from ozgflow.jobs.opening import start
from ozgflow.jobs.rollout import AdvanceSummary, advance, board, history, open_keys, require_open
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.rollouts import move_rollout
from tests.conftest import NOW, TODAY
from tests.jobs.examples import (
    BARNIM,
    KEY,
    KEYS,
    PRIGNITZ,
    PROGRAMME,
    SERVICE,
    UCKERMARK,
    bring,
    closed_gates,
    open_three,
    stages,
    supply,
)
from tests.storage.rows import all_rows

LATER = NOW + timedelta(days=60)
WORDS = Wording.load()


def _advance(workspace: Workspace, *, today: date = TODAY, dry_run: bool = False) -> AdvanceSummary:
    return advance(workspace, PROGRAMME, KEYS, today=today, now=NOW, by="Frau Probe", dry_run=dry_run)


def _messages(workspace: Workspace, folder: Path) -> None:
    for key in KEYS:
        supply(folder, key, "", "", "")
    check_documents(workspace, folder, KEYS, now=NOW)


def test_starting_twice_opens_once(workspace: Workspace) -> None:
    first = start(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW)
    before = all_rows(workspace.database)

    second = start(workspace, PROGRAMME, KEYS, today=TODAY, now=LATER)

    assert (first.count, second.count) == (3, 0)
    assert all_rows(workspace.database) == before


def test_without_evidence_nobody_moves(workspace: Workspace) -> None:
    open_three(workspace)

    summary = _advance(workspace)

    assert summary == AdvanceSummary(stayed=3)
    assert set(stages(workspace).values()) == {START}


def test_each_moves_as_far_as_its_evidence_carries_it(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", BARNIM)
    bring(workspace, "interesse", PRIGNITZ)

    summary = _advance(workspace)

    assert [(step.key, step.origin, step.target) for step in summary.moved] == [
        (KEYS[0], START, "anbindung"),
        (KEYS[1], START, "interesse"),
    ]
    assert summary.stayed == 1
    assert stages(workspace) == {BARNIM: "anbindung", PRIGNITZ: "interesse", UCKERMARK: START}


def test_with_messages_the_way_leads_to_the_end(workspace: Workspace, tmp_path: Path) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", BARNIM)
    _messages(workspace, tmp_path)

    _advance(workspace)

    (row,) = board(workspace, PROGRAMME, [KEY], today=TODAY).rows
    assert row.stage == "betrieb"
    assert row.assessment.next_gates == ()


def test_a_second_run_moves_nothing(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", BARNIM, PRIGNITZ)
    _advance(workspace)
    before = all_rows(workspace.database)

    summary = _advance(workspace)

    assert summary == AdvanceSummary(stayed=3)
    assert all_rows(workspace.database) == before


def test_the_history_names_every_step_with_its_gates_and_their_evidence(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "vereinbarung", BARNIM)

    _advance(workspace)

    entries = history(workspace, KEYS)
    assert [(one.number, one.origin, one.target) for one in entries] == [
        (1, START, "interesse"),
        (2, "interesse", "eignung"),
        (3, "eignung", "vereinbarung"),
    ]
    assert [tuple(gate.gate for gate in one.gates) for one in entries] == [
        tuple(gate.code for gate in stage.gates) for stage in PROGRAMME.stages[:3]
    ]
    (interest,) = entries[0].gates
    assert [" ".join(one.split()) for one in interest.evidence] == [
        "interessensbekundung Demo-Akte 12060/interessensbekundung"
    ]
    assert WORDS.render(interest.reason) == "nachgewiesen am 15.09.2026 (Demo-Akte 12060/interessensbekundung)"
    assert {(one.moved_by, one.moved_at) for one in entries} == {("Frau Probe", NOW)}


def test_a_dry_run_tells_the_same_and_writes_nothing(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "eignung", BARNIM)
    before = all_rows(workspace.database)

    rehearsed = _advance(workspace, dry_run=True)

    assert all_rows(workspace.database) == before
    assert rehearsed == _advance(workspace)


def test_a_dry_run_judges_what_is_not_open_yet_from_the_beginning(workspace: Workspace) -> None:
    bring(workspace, "eignung", BARNIM)

    rehearsed = _advance(workspace, dry_run=True)

    assert [(step.key, step.target) for step in rehearsed.moved] == [(KEY, "eignung")]
    assert rehearsed.stayed == 2


def test_a_dry_run_takes_the_documents_of_the_same_run_as_recorded(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, "betrieb", BARNIM)
    supply(tmp_path, KEY, "", "", "")
    checked = check_documents(workspace, tmp_path, KEYS, now=NOW, dry_run=True)

    rehearsed = advance(
        workspace, PROGRAMME, KEYS, today=TODAY, now=NOW, by="x", dry_run=True, assumed=checked.evidence
    )

    assert [(step.key, step.target) for step in rehearsed.moved] == [(KEY, "betrieb")]


def test_what_is_not_open_does_not_move(workspace: Workspace) -> None:
    bring(workspace, "betrieb", BARNIM)

    summary = _advance(workspace)

    assert summary == AdvanceSummary()


def test_no_stage_is_left_when_evidence_runs_out_but_it_is_unconfirmed(workspace: Workspace, tmp_path: Path) -> None:
    last_day = TODAY + timedelta(days=30)
    open_three(workspace)
    bring(workspace, "test", BARNIM, expired={"zertifikat": last_day})
    _messages(workspace, tmp_path)
    _advance(workspace)
    bring(workspace, "betrieb", BARNIM, expired={"zertifikat": last_day})

    the_day_after = last_day + timedelta(days=1)
    summary = _advance(workspace, today=the_day_after)

    assert summary == AdvanceSummary(stayed=3)
    assert stages(workspace)[BARNIM] == "test"
    assert closed_gates(workspace, today=the_day_after) == ["zertifikat-gueltig"]
    (row, *_) = board(workspace, PROGRAMME, KEYS, today=the_day_after).data(WORDS)
    assert row["confirmed"] is False
    assert row["reasons"] == [
        "nicht mehr bestätigt – Zertifikat gültig: unbestätigt: der Nachweis galt bis 22.12.2026"
    ]


def test_evidence_holds_through_its_last_day(workspace: Workspace, tmp_path: Path) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", BARNIM, expired={"zertifikat": TODAY})
    _messages(workspace, tmp_path)

    _advance(workspace)

    assert stages(workspace)[BARNIM] == "betrieb"


def test_fresh_evidence_sets_an_unconfirmed_rollout_going_again(workspace: Workspace, tmp_path: Path) -> None:
    open_three(workspace)
    bring(workspace, "test", BARNIM, expired={"zertifikat": TODAY})
    _messages(workspace, tmp_path)
    _advance(workspace)
    later = TODAY + timedelta(days=1)
    bring(workspace, "betrieb", BARNIM)

    summary = _advance(workspace, today=later)

    assert [step.target for step in summary.moved] == ["betrieb"]


def test_a_rollout_that_cannot_be_judged_holds_up_nobody_else(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", BARNIM, PRIGNITZ)
    with workspace.database.writing() as session:
        gone = Move(origin=START, target="abgeschaffte-stufe", gates=(), reached_on=NOW.date())
        move_rollout(session, KEY, [gone], by="an older version", now=NOW)

    summary = _advance(workspace)

    assert [step.key for step in summary.moved] == [KEYS[1]]
    (failure,) = summary.failures
    assert failure.key == KEY
    assert "abgeschaffte-stufe" in WORDS.render(failure.reason)


def test_a_municipality_that_left_the_catalogue_holds_up_nobody_else(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", BARNIM, PRIGNITZ)
    left = {ars: one for ars, one in workspace.catalogue.municipalities.items() if ars != BARNIM}
    newer = replace(workspace, catalogue=replace(workspace.catalogue, municipalities=left))

    summary = _advance(newer)

    assert [step.key for step in summary.moved] == [KEYS[1]]
    assert [failure.key for failure in summary.failures] == [KEY]
    assert WORDS.render(summary.failures[0].reason)


def test_the_board_says_where_everybody_stands_and_what_is_missing(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "eignung", BARNIM, lacks=("ansprechpersonen",))
    _advance(workspace)
    bring(workspace, "interesse", UCKERMARK)

    shown = board(workspace, PROGRAMME, list(reversed(KEYS)), today=TODAY)

    assert [(row["name"], row["stage"], row["position"]) for row in shown.data(WORDS)] == [
        ("Landkreis Barnim", "interesse", 1),
        ("Landkreis Prignitz", START, 0),
        ("Landkreis Uckermark", START, 0),
    ]
    assert [row["reasons"] for row in shown.data(WORDS)] == [
        ["Ansprechpersonen benannt: Nachweis fehlt"],
        ["Interesse schriftlich bekundet: Nachweis fehlt"],
        ["bereit für „Interessensbekundung“: beim nächsten Lauf rückt die Nachnutzung vor"],
    ]
    assert shown.count_by_stage() == {code: {START: 2, "interesse": 1}.get(code, 0) for code in PROGRAMME.codes}
    assert shown.as_of == TODAY


def test_the_board_leaves_out_what_is_not_open(workspace: Workspace) -> None:
    start(workspace, PROGRAMME, KEYS[:1], today=TODAY, now=NOW)

    assert len(board(workspace, PROGRAMME, KEYS, today=TODAY).rows) == 1


def test_open_rollouts_are_found_by_programme_and_service(workspace: Workspace) -> None:
    open_three(workspace)

    assert open_keys(workspace, PROGRAMME.code) == KEYS
    assert open_keys(workspace, PROGRAMME.code, [str(SERVICE)]) == KEYS
    assert require_open(workspace, KEYS[:2]) == KEYS[:2]


@pytest.mark.parametrize("services", [[], [str(SERVICE)]])
def test_asking_for_rollouts_before_any_is_open_is_wrong_use(workspace: Workspace, services: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        open_keys(workspace, PROGRAMME.code, services)

    assert refused.value.code == "rollout.none-open"


@pytest.mark.parametrize("keys", [[], KEYS])
def test_advancing_before_any_is_open_is_wrong_use(workspace: Workspace, keys: list[RolloutKey]) -> None:
    with pytest.raises(UsageError) as refused:
        require_open(workspace, keys)

    assert refused.value.code == "rollout.none-open"
