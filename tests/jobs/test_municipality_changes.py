"""Rollouts and evidence carried on when municipalities merge, split, or get another key."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozgflow.domain.board import BoardRow
from ozgflow.domain.catalogue import Catalogue, load_catalogue
from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.municipality_changes import MunicipalityChange, lineage_of
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import DataError
from ozgflow.jobs.evidence import listed, record
from ozgflow.jobs.municipality_changes import ChangeState, ChangeSummary, apply_changes, list_changes
from ozgflow.jobs.obstacles import open_obstacles, raise_obstacle
from ozgflow.jobs.opening import start
from ozgflow.jobs.rollout import advance, board, history, open_keys
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.standards.validator import Validator
from ozgflow.storage.catalogue import store_catalogue
from ozgflow.storage.database import Database
from ozgflow.storage.rollouts import open_rollouts
from tests.conftest import NOW, TODAY
from tests.domain.successions import DAY, NEW, OTHER, changed, histories, merger, renaming, split
from tests.domain.successions import KEYS as IMAGINED
from tests.jobs.examples import BARNIM, KEYS, PRIGNITZ, PROGRAMME, SERVICE, UCKERMARK, bring
from tests.storage.rows import all_rows

BEFORE = DAY - timedelta(days=1)
EARLIER = datetime.combine(date(2026, 5, 1), NOW.timetz())


def key(ars: Ars) -> RolloutKey:
    return replace(KEYS[0], municipality=ars)


def with_changes(workspace: Workspace, *changes: MunicipalityChange, today: date = TODAY) -> Workspace:
    return replace(workspace, catalogue=changed(*changes, today=today))


def apply(workspace: Workspace, *, dry_run: bool = False) -> ChangeSummary:
    return apply_changes(workspace, today=TODAY, now=NOW, by="test", dry_run=dry_run)


def stand(workspace: Workspace, *, day: date | None = None) -> dict[Ars, str]:
    keys = open_keys(workspace, PROGRAMME.code, day=day)
    shown = board(workspace, PROGRAMME, keys, today=day or TODAY, looking_back=day is not None)
    return {row.municipality.ars: row.stage for row in shown.rows}


def fact(kind: str, ars: Ars, **other: object) -> Evidence:
    base = Evidence(
        kind=kind,
        municipality=ars,
        service=SERVICE,
        source=EvidenceSource.PERSON,
        reference=f"Akte {ars}",
        observed_on=date(2026, 4, 1),
        recorded_by="Vertragsstelle",
    )
    return replace(base, **other)  # type: ignore[arg-type]


@pytest.fixture
def advanced(workspace: Workspace) -> Workspace:
    """Barnim has been checked for suitability, Uckermark has declared its interest, Prignitz has not begun."""
    start(workspace, PROGRAMME, KEYS, today=EARLIER.date(), now=EARLIER)
    bring(workspace, "eignung", BARNIM)
    bring(workspace, "interesse", UCKERMARK)
    advance(workspace, PROGRAMME, KEYS, today=TODAY, now=EARLIER, by="test")
    assert stand(workspace) == {BARNIM: "eignung", PRIGNITZ: START, UCKERMARK: "interesse"}
    return workspace


# Another key


def test_after_a_renaming_the_rollout_stands_where_it_stood(advanced: Workspace) -> None:
    renamed = with_changes(advanced, *renaming(BARNIM))

    summary = apply(renamed)

    assert stand(renamed) == {NEW: "eignung", PRIGNITZ: START, UCKERMARK: "interesse"}
    assert [(one.key, one.origin, one.target) for one in summary.carried] == [(key(NEW), None, "eignung")]


def test_after_a_renaming_all_evidence_counts_as_before(advanced: Workspace) -> None:
    (before,) = (row for row in rows(advanced) if row.municipality.ars == BARNIM)
    renamed = with_changes(advanced, *renaming(BARNIM))

    apply(renamed)

    (after,) = (row for row in rows(renamed) if row.municipality.ars == NEW)
    assert not after.assessment.unconfirmed
    assert [one.gate.code for one in after.assessment.blockers] == [
        one.gate.code for one in before.assessment.blockers
    ]


def test_the_history_of_the_new_key_begins_with_that_of_the_old_one(advanced: Workspace) -> None:
    renamed = with_changes(advanced, *renaming(BARNIM))

    apply(renamed)

    moves = history(renamed, [key(NEW)])
    assert [(move.key.municipality, move.target) for move in moves] == [
        (BARNIM, "interesse"),
        (BARNIM, "eignung"),
        (NEW, "eignung"),
    ]
    (carried,) = moves[-1].gates
    assert Wording.load().render(carried.reason) == (
        "neuer Schlüssel zum 01.07.2026: übernommen von Landkreis Barnim (120600000000)"
    )
    assert carried.evidence == ("120600000000 eignung",)


def test_a_rollout_that_was_opened_under_the_new_key_too_early_is_carried_as_well(advanced: Workspace) -> None:
    renamed = with_changes(advanced, *renaming(BARNIM))
    with renamed.database.writing() as session:
        store_catalogue(session, renamed.catalogue)
    start(renamed, PROGRAMME, [key(NEW)], today=TODAY, now=NOW)

    apply(renamed)

    assert stand(renamed)[NEW] == "eignung"


# Several become one


def test_after_a_merger_the_rollout_stands_at_the_lowest_stage(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))

    apply(merged)

    assert stand(merged) == {NEW: "interesse", PRIGNITZ: START}
    (carried,) = history(merged, [key(NEW)])[-1].gates
    assert carried.evidence == ("120600000000 eignung", "120730000000 interesse")
    assert "niedrigste Stufe von Landkreis Barnim" in Wording.load().render(carried.reason)


def test_a_merged_municipality_does_not_move_on_what_only_one_of_them_had(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))
    apply(merged)

    moved = advance(merged, PROGRAMME, [key(NEW)], today=TODAY, now=NOW, by="test")

    assert moved.moved == ()
    assert stand(merged)[NEW] == "interesse"


def test_what_one_of_them_lacks_has_to_be_confirmed(advanced: Workspace) -> None:
    record(advanced, [fact("avv", BARNIM)], now=EARLIER)
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))

    apply(merged)

    (entry,) = (one for one in listed(merged, municipality=str(NEW)) if one.kind == "avv")
    assert (entry.answer, entry.reference, entry.observed_on) == (Answer.UNKNOWN, f"Akte {BARNIM}", DAY)
    assert entry.note is not None
    assert "neu zu bestätigen" in Wording.load().render(entry.note)


def test_of_facts_that_all_of_them_have_the_weakest_counts(advanced: Workspace) -> None:
    ends = date(2026, 12, 31)
    record(advanced, [fact("avv", BARNIM), fact("avv", UCKERMARK, valid_until=ends)], now=EARLIER)
    record(advanced, [fact("budget", BARNIM), fact("budget", UCKERMARK, answer=Answer.NO)], now=EARLIER)
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))

    apply(merged)

    found = {one.kind: one for one in listed(merged, municipality=str(NEW))}
    assert (found["avv"].answer, found["avv"].valid_until) == (Answer.YES, ends)
    assert found["budget"].answer is Answer.NO


def test_a_municipality_that_takes_one_in_stands_at_the_lower_stage_of_both(advanced: Workspace) -> None:
    grown = with_changes(advanced, *merger(UCKERMARK, new=BARNIM))

    apply(grown)

    assert stand(grown) == {BARNIM: "interesse", PRIGNITZ: START}
    last = history(grown, [key(BARNIM)])[-1]
    assert (last.origin, last.target, last.reached_on >= DAY) == ("eignung", "interesse", True)
    assert advance(grown, PROGRAMME, [key(BARNIM)], today=TODAY, now=NOW, by="test").moved == ()


def test_one_that_could_have_a_rollout_and_has_none_has_not_begun(advanced: Workspace) -> None:
    oder_spree = Ars.parse("120670000000")
    merged = with_changes(advanced, *merger(BARNIM, oder_spree))

    summary = apply(merged)

    assert stand(merged)[NEW] == START
    assert summary.carried[0].stood == {BARNIM: "eignung", oder_spree: START}


def test_one_that_could_not_have_a_rollout_does_not_lower_the_stage(advanced: Workspace) -> None:
    village = advanced.catalogue.select_municipalities(["Kleßen-Görne"])[0].ars
    grown = with_changes(advanced, *merger(village, new=BARNIM))

    summary = apply(grown)

    assert stand(grown)[BARNIM] == "eignung"
    assert summary.carried == ()
    assert not next(row for row in rows(grown) if row.municipality.ars == BARNIM).assessment.unconfirmed


# One becomes several


def test_after_a_split_each_part_starts_where_the_whole_stood(advanced: Workspace) -> None:
    parted = with_changes(advanced, *split(BARNIM, NEW, OTHER))

    apply(parted)

    assert stand(parted) == {NEW: "eignung", OTHER: "eignung", PRIGNITZ: START, UCKERMARK: "interesse"}
    assert [move.key.municipality for move in history(parted, [key(OTHER)])] == [BARNIM, BARNIM, OTHER]


def test_after_a_split_what_held_for_the_whole_municipality_has_to_be_confirmed(advanced: Workspace) -> None:
    whole = fact("zertifikat", BARNIM, service=None)
    record(advanced, [whole, fact("avv", BARNIM)], now=EARLIER)
    parted = with_changes(advanced, *split(BARNIM, NEW, OTHER))

    apply(parted)

    for part in (NEW, OTHER):
        found = {one.kind: one for one in listed(parted, municipality=str(part))}
        assert (found["zertifikat"].answer, found["avv"].answer) == (Answer.UNKNOWN, Answer.YES)


def test_confirming_after_a_split_heals(advanced: Workspace) -> None:
    record(advanced, [fact("zertifikat", BARNIM, service=None)], now=EARLIER)
    parted = with_changes(advanced, *split(BARNIM, NEW, OTHER))
    apply(parted)

    record(parted, [fact("zertifikat", NEW, service=None, observed_on=TODAY)], now=NOW)

    found = {one.kind: one for one in listed(parted, municipality=str(NEW))}
    assert found["zertifikat"].answer is Answer.YES


# Obstacles


def test_what_holds_one_of_them_holds_the_merged_one(advanced: Workspace) -> None:
    raise_obstacle(
        advanced,
        key(BARNIM),
        kind="kosten",
        owner="Kämmerei",
        by="test",
        day=EARLIER.date(),
        today=TODAY,
        now=EARLIER,
    )
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))

    apply(merged)

    ((found,),) = open_obstacles(merged, [key(NEW)], today=TODAY).values()
    assert (found.kind, found.owner, found.raised_on) == ("kosten", "Kämmerei", DAY)


# Whatever happens


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.data())
def test_nothing_is_lost_whatever_happens(
    filled_database: Path,
    tmp_path: Path,
    validator: Validator,
    history_of_keys: tuple[list[Ars], list[MunicipalityChange]],
    data: st.DataObject,
) -> None:
    start_keys, changes = history_of_keys
    database = Database(f"sqlite:///{shutil.copy(filled_database, tmp_path / 'any.db')}")
    catalogue = imagined(start_keys, changes)
    workspace = Workspace(database=database, catalogue=catalogue.as_of(BEFORE), validator=validator)
    refresh_catalogue(workspace)
    opened = [key(ars) for ars in start_keys]
    start(workspace, PROGRAMME, opened, today=EARLIER.date(), now=EARLIER)
    for one in opened:
        if data.draw(st.booleans()):
            bring(workspace, "interesse", one.municipality)
    advance(workspace, PROGRAMME, opened, today=TODAY, now=EARLIER, by="test")

    for day in data.draw(st.permutations([DAY, date(2028, 1, 1), date.max])):
        apply_changes(replace(workspace, catalogue=catalogue.as_of(day)), today=day, now=NOW, by="test")

    living = {one.municipality for one in open_keys(workspace, PROGRAMME.code)}
    origins = {origin for ars in living for origin in (ars, *catalogue.lineage.origins(ars))}
    assert living == {ars for ars in catalogue.as_of(date.max).municipalities if ars in IMAGINED}
    assert origins & set(start_keys) == set(start_keys)
    database.close()


# What stays as it was


def test_the_old_rollout_is_closed_and_nobody_can_write_it(advanced: Workspace) -> None:
    renamed = with_changes(advanced, *renaming(BARNIM))
    apply(renamed)

    with pytest.raises(DataError), renamed.database.writing() as session:
        open_rollouts(session, [replace(key(BARNIM), service=LeikaKey.parse("99010001001000"))], now=NOW)
    with pytest.raises(DataError), renamed.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM rollout")


def test_no_row_of_the_old_key_is_changed(advanced: Workspace) -> None:
    before = all_rows(advanced.database)

    apply(with_changes(advanced, *merger(BARNIM, UCKERMARK)))

    after = all_rows(advanced.database)
    assert all(set(before[table]) <= set(after[table]) for table in before)


def test_a_board_of_a_day_before_shows_the_old_ones(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))
    before = stand(merged, day=BEFORE)

    apply(merged)

    assert stand(merged, day=BEFORE) == before
    assert set(before) == {BARNIM, PRIGNITZ, UCKERMARK}


def test_a_second_time_changes_nothing(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))
    apply(merged)
    before = all_rows(merged.database)

    again = apply(merged)

    assert again == ChangeSummary()
    assert all_rows(merged.database) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))
    before = all_rows(merged.database)

    tried = apply(merged, dry_run=True)

    assert all_rows(merged.database) == before
    assert apply(merged) == tried


def test_a_run_that_fails_half_way_leaves_nothing(advanced: Workspace) -> None:
    merged = with_changes(advanced, *merger(BARNIM, UCKERMARK))
    before = all_rows(merged.database)

    with broken(merged) as damaged, pytest.raises(DataError):
        apply(damaged)

    assert all_rows(merged.database) == before
    apply(merged)
    assert stand(merged)[NEW] == "interesse"


def test_a_change_that_is_not_in_force_yet_waits(advanced: Workspace) -> None:
    ahead = TODAY + timedelta(days=1)
    coming = with_changes(advanced, *renaming(BARNIM, day=ahead))

    assert apply(coming) == ChangeSummary()
    assert [state for _, state in list_changes(coming, today=TODAY)] == [ChangeState.AHEAD]
    assert [state for _, state in list_changes(coming, today=ahead)] == [ChangeState.PENDING]
    assert BARNIM in stand(coming)


def test_one_change_after_another_is_carried_in_one_run(advanced: Workspace) -> None:
    later = date(2026, 9, 1)
    changes = (*renaming(BARNIM), *merger(NEW, UCKERMARK, new=OTHER, day=later))
    both = with_changes(advanced, *changes)

    apply(both)

    assert stand(both) == {OTHER: "interesse", PRIGNITZ: START}
    assert [move.key.municipality for move in history(both, [key(OTHER)])] == [BARNIM, BARNIM, UCKERMARK, NEW, OTHER]
    assert {state for _, state in list_changes(both, today=TODAY)} == {ChangeState.APPLIED}


def test_a_change_that_says_something_else_after_it_was_applied_is_refused(advanced: Workspace) -> None:
    apply(with_changes(advanced, *renaming(BARNIM)))
    other = with_changes(advanced, *renaming(BARNIM, day=date(2026, 8, 1)))

    with pytest.raises(DataError) as refused:
        apply(other)

    assert "schon übernommen" in Wording.load().render(Message(refused.value.code, refused.value.params))


def test_one_that_joins_late_lowers_the_stage_of_the_one_who_took_over(advanced: Workspace) -> None:
    first, second = merger(BARNIM, UCKERMARK), merger(PRIGNITZ)
    apply(with_changes(advanced, *first))
    complete = with_changes(advanced, *first, *second)

    apply(complete)

    assert stand(complete) == {NEW: START}


def imagined(start_keys: Sequence[Ars], changes: Sequence[MunicipalityChange]) -> Catalogue:
    """The catalogue of the package with municipalities of other keys, and their changes."""
    whole = load_catalogue()
    known = dict.fromkeys(start_keys, BEFORE) | {
        one.new: one.day for one in reversed(changes) if one.new not in start_keys
    }
    model = whole.municipalities[BARNIM]
    added = {ars: replace(model, ars=ars, ags=ars.ags, name=f"Kreis {ars}", as_of=day) for ars, day in known.items()}
    return replace(whole, municipalities={**whole.municipalities, **added}, lineage=lineage_of(changes, known))


def rows(workspace: Workspace) -> Sequence[BoardRow]:
    keys = open_keys(workspace, PROGRAMME.code)
    return board(workspace, PROGRAMME, keys, today=TODAY).rows


@contextmanager
def broken(workspace: Workspace) -> Iterator[Workspace]:
    """A workspace whose database refuses to record that a change was applied."""
    trigger = "CREATE TRIGGER in_the_way BEFORE INSERT ON municipality_change BEGIN SELECT RAISE(ABORT, 'no'); END"
    with workspace.database.writing() as session:
        session.connection().exec_driver_sql(trigger)
    yield workspace
    with workspace.database.writing() as session:
        session.connection().exec_driver_sql("DROP TRIGGER in_the_way")
