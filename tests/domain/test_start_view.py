"""The start view: what holds rollouts, grouped so that hundreds of them stay readable."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ozgflow.domain.board import Board
from ozgflow.domain.start_view import StartView, held_groups, is_held
from tests.domain.undertakings import BARNIM
from tests.reports.boards import TODAY, UP_TO_TEST, make_board, make_municipality, make_row, make_service, mixed_rows

SERVICE = make_service()


def _view(*boards: Board) -> StartView:
    return StartView(
        as_of=TODAY,
        since=datetime(2026, 3, 1, 18, tzinfo=ZoneInfo("Europe/Berlin")),
        warning_days=30,
        taking_part=(BARNIM,) if boards else (),
        boards=boards,
        unjudged=(),
        contacts={},
        steps={},
        expiring=(),
        changes=(),
        undertakings=0,
        warned=(),
    )


def test_who_is_ready_or_has_arrived_is_not_held() -> None:
    held = {row.municipality.name for row in mixed_rows(SERVICE) if is_held(row)}

    assert held == {"Anfang", "Baruth/Mark, Stadt", "Dahme", "Erkner, Stadt"}


def test_rollouts_held_for_the_same_reason_are_one_group_with_its_denominator() -> None:
    groups = held_groups([make_board(mixed_rows(SERVICE))])

    first = groups[0]
    assert (first.gate.code, first.stage.code) == ("interesse-bekundet", "interesse")
    assert (len(first.rows), first.total) == (2, 6)
    assert [reason.code for reason in first.reasons] == ["gate.evidence.missing"]


def test_what_is_no_longer_confirmed_is_a_group_of_its_own() -> None:
    groups = held_groups([make_board(mixed_rows(SERVICE))])

    (unconfirmed,) = [group for group in groups if group.is_unconfirmed]
    assert unconfirmed.gate.code == "zertifikat-gueltig"
    assert [row.municipality.name for row in unconfirmed.rows] == ["Erkner, Stadt"]


@pytest.mark.parametrize("count", [1, 400])
def test_four_hundred_rollouts_with_one_reason_are_one_line(count: int) -> None:
    rows = [make_row(make_municipality(number), SERVICE) for number in range(1, count + 1)]

    (group,) = held_groups([make_board(rows)])

    assert (len(group.rows), group.total) == (count, count)


def test_a_rollout_that_several_gates_hold_is_in_several_groups() -> None:
    kinds = ["interessensbekundung", *UP_TO_TEST[1:4]]
    row = make_row(make_municipality(1), SERVICE, stage="eignung", kinds=kinds)

    groups = held_groups([make_board([row])])

    assert {group.gate.code for group in groups} == {
        "vertrag-geschlossen",
        "avv-geschlossen",
        "datenschutz-geprueft",
        "mittel-freigegeben",
    }
    assert {group.total for group in groups} == {1}


def test_the_largest_group_stands_first() -> None:
    counts = [len(group.rows) for group in held_groups([make_board(mixed_rows(SERVICE))])]

    assert counts == sorted(counts, reverse=True)


def test_without_rollouts_undertakings_evidence_and_changes_there_is_nothing_to_show() -> None:
    assert _view().is_empty
    assert not _view(make_board(mixed_rows(SERVICE))).is_empty


def test_the_view_counts_over_all_programmes() -> None:
    view = _view(make_board(mixed_rows(SERVICE)), make_board(mixed_rows(SERVICE)))

    assert (len(view.held), len(view.rows)) == (8, 12)
