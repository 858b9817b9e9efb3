"""The rule of the house: its numbers, when the night began, and what runs out."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ozgflow.domain.evidence import Answer, Evidence, EvidenceKind, EvidenceSource, Scope
from ozgflow.domain.house import HouseRule, NextStep, expiring, without
from ozgflow.domain.house_files import load_house_rule, read_house_rule
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, Wording
from ozgflow.errors import DataError
from tests.domain.undertakings import BARNIM, FLAEMING, MITTELMARK

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 22)
CERTIFICATE = Evidence(
    kind="zertifikat",
    municipality=BARNIM,
    service=None,
    source=EvidenceSource.PERSON,
    reference="Az. 1",
    observed_on=date(2026, 1, 1),
    valid_until=TODAY,
    recorded_by="Erika Mustermann",
)
GOOD = """contacts_per_municipality = 1
open_next_steps = 1
warning_days = 30
night_begins = "18:00"
"""


def _last_days(*entries: Evidence, half_life: int | None = None) -> list[tuple[date, bool]]:
    kind = EvidenceKind(code="zertifikat", title={}, scope=Scope.MUNICIPALITY, half_life_days=half_life)
    found = expiring(entries, today=TODAY, days=30, kinds={kind.code: kind})
    return [(one.last_day, one.by_age) for one in found]


def test_one_contact_one_open_step_thirty_days_and_a_night_from_six_in_the_evening() -> None:
    assert load_house_rule() == HouseRule(
        contacts_per_municipality=1, open_next_steps=1, warning_days=30, night_begins=time(18)
    )


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("contacts_per_municipality = 2", "contacts_per_municipality = 1", "haus.toml, Zeile 1: „contacts_per"),
        ("open_next_steps = 0", "open_next_steps = 1", "haus.toml, Zeile 2: „open_next_steps“ muss 1 sein"),
        ("", "warning_days = 30", "„warning_days“ fehlt"),
        ('night_begins = "abends"', 'night_begins = "18:00"', "Zeile 4, Tabelle „–“: Der Schlüssel „night_begins“"),
        ("farbe = 1\nwarning_days = 30", "warning_days = 30", "„farbe“ ist unbekannt"),
    ],
)
def test_numbers_that_the_database_does_not_hold_to_are_refused(
    tmp_path: Path, wrong: str, right: str, told: str
) -> None:
    path = tmp_path / "haus.toml"
    path.write_text(GOOD.replace(right, wrong), encoding="utf-8")

    with pytest.raises(DataError) as refused:
        read_house_rule(path)

    assert told in Wording.load().render(Message(refused.value.code, refused.value.params))


def test_last_night_began_at_six_on_the_evening_before_local_time() -> None:
    assert load_house_rule().last_night(TODAY, BERLIN) == datetime(2026, 11, 21, 18, tzinfo=BERLIN)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_clock_shows_six_also_before_a_night_in_which_it_is_changed(day: date) -> None:
    began = load_house_rule().last_night(day, BERLIN)

    assert (began.date(), began.hour) == (day - timedelta(days=1), 18)


def test_who_lacks_something_is_named_in_the_order_of_asking() -> None:
    assert without([MITTELMARK, BARNIM, FLAEMING], {BARNIM}) == (MITTELMARK, FLAEMING)


def test_a_step_is_open_until_it_is_done() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=BERLIN)
    step = NextStep(municipality=BARNIM, number=1, text="x", added_by="x", added_at=now)

    assert step.is_open
    assert not replace(step, done_at=now, done_by="x").is_open


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True), (30, True), (31, False)])
def test_what_runs_out_within_thirty_days_is_shown_from_today_on(days: int, shown: bool) -> None:  # noqa: FBT001
    last = TODAY + timedelta(days=days)

    assert _last_days(replace(CERTIFICATE, valid_until=last)) == ([(last, False)] if shown else [])


def test_evidence_without_an_end_does_not_run_out() -> None:
    assert _last_days(replace(CERTIFICATE, valid_until=None)) == []


@pytest.mark.parametrize("answer", [Answer.NO, Answer.UNKNOWN, Answer.WITHDRAWN])
def test_only_what_says_yes_can_be_missed(answer: Answer) -> None:
    assert _last_days(replace(CERTIFICATE, answer=answer)) == []


def test_what_was_renewed_does_not_run_out() -> None:
    renewed = replace(CERTIFICATE, observed_on=TODAY, valid_until=TODAY + timedelta(days=365))

    assert _last_days(CERTIFICATE, renewed) == []


def test_what_ends_first_stands_first_in_whichever_municipality() -> None:
    later = replace(CERTIFICATE, valid_until=TODAY + timedelta(days=2))
    sooner = replace(CERTIFICATE, municipality=Ars.parse("120730000000"), valid_until=TODAY + timedelta(days=1))

    assert [day for day, _ in _last_days(later, sooner)] == [TODAY + timedelta(days=1), TODAY + timedelta(days=2)]


def test_evidence_of_a_kind_that_ages_runs_out_by_its_age() -> None:
    old = replace(CERTIFICATE, observed_on=TODAY - timedelta(days=80), valid_until=None)

    assert _last_days(old, half_life=90) == [(TODAY + timedelta(days=10), True)]


def test_evidence_of_a_kind_that_nobody_declares_any_more_ends_on_its_own_last_day() -> None:
    (expiry,) = expiring([CERTIFICATE], today=TODAY, days=30, kinds={})

    assert expiry.last_day == CERTIFICATE.valid_until


def test_of_its_own_end_and_its_age_the_earlier_one_counts() -> None:
    entry = replace(CERTIFICATE, observed_on=TODAY - timedelta(days=80), valid_until=TODAY + timedelta(days=5))

    assert _last_days(entry, half_life=90) == [(TODAY + timedelta(days=5), False)]
    assert _last_days(entry, half_life=82) == [(TODAY + timedelta(days=2), True)]
