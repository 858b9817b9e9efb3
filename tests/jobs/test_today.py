"""The start view answers: who is blocked and why, what to do next, what runs out, what changed last night."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from ozgflow.domain.evidence import Evidence, EvidenceSource
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.domain.start_view import ChangeKind, StartView, held_groups
from ozgflow.jobs.evidence import record
from ozgflow.jobs.house import add_step, finish_step, set_contact
from ozgflow.jobs.rollout import advance
from ozgflow.jobs.today import start_view
from ozgflow.jobs.undertakings import begin
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.rollouts import open_rollouts
from tests.conftest import NOW, TODAY
from tests.jobs.examples import BARNIM, KEYS, PRIGNITZ, PROGRAMME, UCKERMARK, bring, open_three
from tests.storage.rows import all_rows

NIGHT = datetime(2026, 11, 21, 18, tzinfo=NOW.tzinfo)
WORDS = Wording.load()


def _view(workspace: Workspace, *municipalities: str, today: date = TODAY, now: datetime = NOW) -> StartView:
    return start_view(workspace, WORDS, today=today, now=now, municipalities=municipalities)


def _told(view: StartView) -> list[str]:
    return [WORDS.render(change.sentence) for change in view.changes]


def _open(workspace: Workspace, programme: str) -> None:
    with workspace.database.writing() as session:
        open_rollouts(session, [replace(KEYS[0], programme=programme)], now=NOW)


def _certificate(
    workspace: Workspace,
    *,
    kind: str = "zertifikat",
    observed_on: date = date(2026, 1, 5),
    valid_until: date | None,
    recorded_at: datetime = NOW,
) -> None:
    entry = Evidence(
        kind=kind,
        municipality=BARNIM,
        service=None,
        source=EvidenceSource.PERSON,
        reference="Az. 1",
        observed_on=observed_on,
        valid_until=valid_until,
        recorded_by="Erika Mustermann",
    )
    record(workspace, [entry], now=recorded_at)


def test_with_nothing_entered_there_is_nothing_to_show(workspace: Workspace) -> None:
    assert _view(workspace).is_empty


def test_looking_changes_nothing(workspace: Workspace) -> None:
    open_three(workspace)
    before = all_rows(workspace.database)

    _view(workspace)

    assert all_rows(workspace.database) == before


def test_who_is_blocked_is_told_by_reason_with_the_denominator(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", PRIGNITZ)

    view = _view(workspace)

    (group,) = held_groups(view.boards)
    assert group.gate.code == "interesse-bekundet"
    assert [row.municipality.ars for row in group.rows] == [BARNIM, UCKERMARK]
    assert (len(view.held), len(view.rows), group.total) == (2, 3, 3)


def test_several_programmes_are_shown_side_by_side(workspace: Workspace) -> None:
    open_three(workspace)
    _open(workspace, "digitalkommune")

    view = _view(workspace)

    assert [board.programme.code for board in view.boards] == ["digitalkommune", "efa-nachnutzung"]


def test_a_programme_that_is_gone_is_told_and_keeps_no_other_from_being_shown(workspace: Workspace) -> None:
    open_three(workspace)
    _open(workspace, "verschwunden")

    view = _view(workspace)

    assert len(view.rows) == 3
    assert [(one.name, one.reason.code) for one in view.unjudged] == [("Landkreis Barnim", "programme.unknown")]


def test_next_step_and_contact_are_told_for_each_who_takes_part(workspace: Workspace) -> None:
    open_three(workspace)
    set_contact(workspace, municipality="Barnim", person="Erika Mustermann", by="Leitung", now=NOW)
    add_step(workspace, municipality="Prignitz", text="Vertrag zeichnen", by="Max Mustermann", now=NOW)

    view = _view(workspace)

    assert view.taking_part == (BARNIM, PRIGNITZ, UCKERMARK)
    assert view.contacts[BARNIM].person == "Erika Mustermann"
    assert view.steps[PRIGNITZ].text == "Vertrag zeichnen"


def test_what_runs_out_within_thirty_days_is_told(workspace: Workspace) -> None:
    _certificate(workspace, valid_until=TODAY + timedelta(days=30))

    (expiry,) = _view(workspace).expiring

    assert (expiry.evidence.kind, expiry.last_day, expiry.by_age) == (
        "zertifikat",
        TODAY + timedelta(days=30),
        False,
    )
    assert _view(workspace, today=TODAY - timedelta(days=1)).expiring == ()


def test_what_has_to_be_confirmed_again_is_told_by_its_age(workspace: Workspace) -> None:
    half_life = load_evidence_kinds()["bus-bb-teilnahme"].half_life_days
    assert half_life is not None
    observed = TODAY - timedelta(days=half_life - 10)
    _certificate(workspace, kind="bus-bb-teilnahme", observed_on=observed, valid_until=None)

    (expiry,) = _view(workspace).expiring

    assert (expiry.last_day, expiry.by_age) == (TODAY + timedelta(days=10), True)


def test_what_changed_since_the_evening_before_is_told_in_its_order(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", PRIGNITZ)
    advance(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW, by="ozgflow rollout")
    set_contact(workspace, municipality="Barnim", person="Erika Mustermann", by="Leitung", now=NIGHT)
    add_step(workspace, municipality="Barnim", text="Vertrag zeichnen", by="Max Mustermann", now=NIGHT)
    finish_step(workspace, municipality="Barnim", by="Max Mustermann", now=NOW)

    view = _view(workspace)

    assert view.since == NIGHT
    assert {change.kind for change in view.changes} == set(ChangeKind)
    assert _told(view)[:2] == ["Ansprechperson ist jetzt Erika Mustermann", "nächster Schritt: Vertrag zeichnen"]
    assert "Leistung 99010001001009: noch nicht begonnen → Interessensbekundung" in _told(view)
    assert "erledigt: Vertrag zeichnen" in _told(view)
    assert "Nachweis „Interessensbekundung“ erfasst" in " ".join(_told(view))


def test_what_changed_before_the_night_is_not_told(workspace: Workspace) -> None:
    just_before = NIGHT - timedelta(seconds=1)
    _certificate(workspace, valid_until=TODAY + timedelta(days=300), recorded_at=just_before)
    set_contact(workspace, municipality="Barnim", person="Erika Mustermann", by="Leitung", now=just_before)
    add_step(workspace, municipality="Barnim", text="x", by="x", now=just_before)

    assert _view(workspace).changes == ()


def test_of_a_step_added_before_and_done_in_the_night_only_the_end_is_told(workspace: Workspace) -> None:
    add_step(workspace, municipality="Barnim", text="Vertrag zeichnen", by="x", now=NIGHT - timedelta(hours=1))
    finish_step(workspace, municipality="Barnim", by="x", now=NIGHT)

    assert _told(_view(workspace)) == ["erledigt: Vertrag zeichnen"]


def test_for_a_day_that_has_been_nothing_is_told_that_came_after(workspace: Workspace) -> None:
    set_contact(workspace, municipality="Barnim", person="Erika Mustermann", by="Leitung", now=NOW)

    view = _view(workspace, today=TODAY - timedelta(days=1))

    assert view.since == NIGHT - timedelta(days=1)
    assert view.changes == ()


def test_for_a_day_that_has_been_rollouts_stand_where_they_stood(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", PRIGNITZ)
    advance(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW, by="ozgflow rollout")

    before = _view(workspace, "Prignitz", today=date(2026, 9, 1))

    assert [row.stage for row in _view(workspace, "Prignitz").rows] == ["interesse"]
    assert [row.stage for row in before.rows] != ["interesse"]


def test_one_may_look_at_some_municipalities_only(workspace: Workspace) -> None:
    open_three(workspace)
    for name in ("Barnim", "Prignitz"):
        set_contact(workspace, municipality=name, person="Erika Mustermann", by="Leitung", now=NOW)

    view = _view(workspace, "Prignitz")

    assert view.taking_part == (PRIGNITZ,)
    assert [row.municipality.ars for row in view.rows] == [PRIGNITZ]
    assert {change.municipality for change in view.changes} == {PRIGNITZ}


def test_undertakings_that_are_warned_of_are_named(workspace: Workspace) -> None:
    for code, users in (("eins", ["Barnim"]), ("zwei", ["Barnim", "Prignitz"])):
        begin(
            workspace,
            code=code,
            programme="digitalkommune",
            title="x",
            municipalities=users,
            planned_since=TODAY,
            by="x",
            today=TODAY,
            now=NOW,
        )

    view = _view(workspace)

    assert view.undertakings == 2
    assert [one.undertaking.code for one in view.warned] == ["eins"]
    assert view.taking_part == (BARNIM, PRIGNITZ)


def test_what_changed_is_told_in_english_too(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "interesse", PRIGNITZ)
    advance(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW, by="ozgflow rollout")

    english = start_view(workspace, Wording.load(Language.ENGLISH), today=TODAY, now=NOW)

    sentences = [Wording.load(Language.ENGLISH).render(change.sentence) for change in english.changes]
    assert "service 99010001001009: not begun → Expression of interest" in sentences
