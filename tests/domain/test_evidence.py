"""Which of several statements counts, and what repeats what is known already."""

from dataclasses import replace
from datetime import date

from ozgflow.domain.evidence import Answer, EvidenceSource, current
from tests.domain.facts import TODAY, entry


def test_the_newest_statement_counts() -> None:
    old = entry("avv", answer=Answer.NO, observed_on=date(2026, 5, 1))
    new = entry("avv", observed_on=date(2026, 6, 1))

    assert current([old, new], today=TODAY) == {"avv": (new,)}


def test_of_two_statements_of_one_day_the_one_recorded_later_counts() -> None:
    first, second = entry("avv", answer=Answer.NO), entry("avv", reference="berichtigt")

    assert current([first, second], today=TODAY)["avv"] == (second,)


def test_an_older_observation_recorded_late_does_not_displace_a_newer_one() -> None:
    newer, late = entry("avv", observed_on=date(2026, 6, 1)), entry("avv", observed_on=date(2026, 5, 1))

    assert current([newer, late], today=TODAY)["avv"] == (newer,)


def test_what_is_observed_tomorrow_does_not_count_today() -> None:
    assert current([entry("avv", observed_on=date(2026, 11, 23))], today=TODAY) == {}


def test_what_was_withdrawn_is_gone() -> None:
    assert current([entry("avv"), entry("avv", answer=Answer.WITHDRAWN)], today=TODAY) == {}


def test_subjects_are_told_apart() -> None:
    one, two = entry("nachricht", subject="1.xml"), entry("nachricht", subject="2.xml")

    assert current([one, two], today=TODAY)["nachricht"] == (one, two)


def test_the_same_statement_again_is_a_repetition() -> None:
    assert entry("avv").repeats(entry("avv"))
    assert not entry("avv").repeats(None)
    assert not entry("avv", observed_on=date(2026, 10, 1)).repeats(entry("avv"))


def test_a_document_does_not_age() -> None:
    checked = entry("nachricht", source=EvidenceSource.DOCUMENT, reference="sha256:00")
    later = replace(checked, observed_on=date(2026, 11, 1))

    assert later.repeats(checked)
    assert not replace(later, reference="sha256:01").repeats(checked)


def test_a_fact_holds_through_its_last_day() -> None:
    certificate = entry("zertifikat", valid_until=TODAY)

    assert not certificate.expired(TODAY)
    assert certificate.expired(date(2026, 11, 23))
