"""Acceptance: by verdict, by day, by the bundle's own test; what could not be checked is never accepted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.acceptance import Acceptance, AcceptanceWindow, Decision, decide
from ozgflow.domain.findings import Proof, Report, Verdict
from ozgflow.domain.messages import Wording

FIRST, LAST = date(2026, 5, 1), date(2027, 4, 30)
WINDOW = AcceptanceWindow(accepted_from=FIRST, accepted_until=LAST)
ACCEPTED, REFUSED, UNDECIDED = Acceptance.ACCEPTED, Acceptance.REFUSED, Acceptance.UNDECIDED
DAY = timedelta(days=1)

days = st.dates(FIRST - 30 * DAY, LAST + 30 * DAY)
windows = st.builds(
    AcceptanceWindow,
    accepted_from=st.none() | days,
    accepted_until=st.none() | days,
    effective_on=st.none() | days,
)


def _decide(
    verdict: Verdict, day: date = FIRST, window: AcceptanceWindow = WINDOW, *, declared: bool | None = None
) -> Decision:
    proof = Proof(document="", engine="", bundle="probe/1")
    return decide(Report(verdict=verdict, proof=proof, declared=declared), window, as_of=day)


def _code(decision: Decision) -> tuple[Acceptance, str]:
    return decision.acceptance, decision.reason.code


def test_a_valid_document_within_the_days_is_accepted() -> None:
    assert _code(_decide(Verdict.VALID)) == (ACCEPTED, "acceptance.valid")


def test_an_invalid_document_is_refused() -> None:
    assert _code(_decide(Verdict.INVALID)) == (REFUSED, "acceptance.invalid")


def test_of_a_document_that_could_not_be_checked_nothing_is_decided() -> None:
    assert _code(_decide(Verdict.UNCHECKED)) == (UNDECIDED, "acceptance.unchecked")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (FIRST - DAY, "acceptance.too-early"),
        (FIRST, "acceptance.valid"),
        (FIRST + DAY, "acceptance.valid"),
        (LAST - DAY, "acceptance.valid"),
        (LAST, "acceptance.valid"),
        (LAST + DAY, "acceptance.too-late"),
    ],
)
def test_the_first_and_the_last_day_count(day: date, code: str) -> None:
    assert _decide(Verdict.VALID, day).reason.code == code


def test_of_a_document_out_of_its_days_that_could_not_be_checked_nothing_is_decided_either() -> None:
    assert _decide(Verdict.UNCHECKED, LAST + DAY).acceptance is UNDECIDED


def test_an_invalid_document_out_of_its_days_is_refused_for_the_day() -> None:
    assert _decide(Verdict.INVALID, LAST + DAY).reason.code == "acceptance.too-late"


@pytest.mark.parametrize(
    ("verdict", "declared", "expected"),
    [
        (Verdict.VALID, True, (ACCEPTED, "acceptance.declared")),
        (Verdict.VALID, False, (REFUSED, "acceptance.not-declared")),
        (Verdict.INVALID, True, (ACCEPTED, "acceptance.declared")),
        (Verdict.INVALID, False, (REFUSED, "acceptance.not-declared")),
        (Verdict.UNCHECKED, True, (UNDECIDED, "acceptance.unchecked")),
        (Verdict.UNCHECKED, False, (UNDECIDED, "acceptance.unchecked")),
    ],
)
def test_the_test_of_the_bundle_itself_counts_more_than_the_verdict(
    verdict: Verdict, expected: tuple[Acceptance, str], *, declared: bool
) -> None:
    assert _code(_decide(verdict, declared=declared)) == expected


@pytest.mark.parametrize(
    ("day", "code"), [(FIRST - DAY, "acceptance.too-early"), (LAST + DAY, "acceptance.too-late")]
)
def test_the_test_of_the_bundle_itself_counts_less_than_the_day(day: date, code: str) -> None:
    assert _decide(Verdict.VALID, day, declared=True).reason.code == code


@given(day=days)
def test_without_days_every_day_will_do(day: date) -> None:
    assert _decide(Verdict.VALID, day, AcceptanceWindow()).acceptance is ACCEPTED


@given(verdict=st.sampled_from(Verdict), declared=st.none() | st.booleans(), window=windows, day=days)
def test_accepted_is_only_what_was_checked_within_the_days(
    verdict: Verdict, window: AcceptanceWindow, day: date, *, declared: bool | None
) -> None:
    decision = _decide(verdict, day, window, declared=declared)

    in_time = (window.accepted_from or day) <= day <= (window.accepted_until or day)
    fits = verdict is Verdict.VALID if declared is None else declared
    assert (decision.acceptance is ACCEPTED) is (verdict is not Verdict.UNCHECKED and in_time and fits)
    assert (decision.acceptance is UNDECIDED) is (verdict is Verdict.UNCHECKED)


@given(verdict=st.sampled_from(Verdict), window=windows, day=days)
def test_the_day_on_which_senders_are_to_change_refuses_nothing(
    verdict: Verdict, window: AcceptanceWindow, day: date
) -> None:
    without = AcceptanceWindow(accepted_from=window.accepted_from, accepted_until=window.accepted_until)

    assert _decide(verdict, day, window) == _decide(verdict, day, without)


def test_the_reason_names_bundle_and_day() -> None:
    text = Wording.load().render(_decide(Verdict.VALID, LAST + DAY).reason)

    assert "probe/1" in text
    assert "30.04.2027" in text
