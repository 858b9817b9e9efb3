"""Grants: one story for each fact of the programme "Smart Village App – Nachnutzung und Förderung"."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.gates import GateState
from ozgflow.domain.grants import BoundaryRule, GrantApplication, GrantPurpose, GrantState
from ozgflow.domain.messages import Language, Message, Wording, message, pack, unpack
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.errors import UsageError
from tests.domain.grant_examples import (
    BARNIM,
    CATALOGUE,
    PROGRAMME,
    RULES,
    application,
    decided,
    participation,
    sentences,
)

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(50_000), places=2)


def _granted(amount: str = "20000") -> GrantApplication:
    asked = application(amount)
    return decided(asked).applied(asked)


def _sentence(error: UsageError) -> str:
    return Wording.load().render(Message(error.code, error.params))


def test_a_grant_is_at_most_20000_euro_for_a_municipality() -> None:
    assert decided(application("20000.00")).granted == 20_000
    assert decided(application("20000.01")).granted == 20_000
    assert decided(application("19999.99")).granted == Decimal("19999.99")


def test_a_grant_is_for_adaptation_advertising_at_the_launch_and_the_first_year() -> None:
    assert set(RULES.purposes) == set(GrantPurpose)
    assert decided(application(purposes=list(GrantPurpose))).state is GrantState.GRANTED


def test_a_purpose_that_the_programme_does_not_name_is_not_funded() -> None:
    rules = replace(RULES, purposes=(GrantPurpose.ADAPTATION,))

    decision = decided(application(purposes=list(GrantPurpose)), rules=rules)

    assert decision.state is GrantState.REJECTED
    assert sentences(decision) == "Nicht förderfähig: Werbung zum Start; Betrieb im ersten Jahr."


@pytest.mark.parametrize("kind", MunicipalityKind)
def test_all_from_landkreis_to_amt_may_apply_and_members_of_an_amt_may_not(kind: MunicipalityKind) -> None:
    one = next(
        entry
        for entry in CATALOGUE.municipalities.values()
        if entry.kind is kind and not PROGRAMME.is_origin(entry.ars) and str(entry.ars).startswith("12")
    )
    members = (MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE, MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE)

    decision = decided(application(municipality=one))

    assert decision.state is (GrantState.REJECTED if kind in members else GrantState.GRANTED)


def test_who_may_not_apply_is_told_who_may() -> None:
    member = next(
        entry
        for entry in CATALOGUE.municipalities.values()
        if entry.kind is MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE
    )

    decision = decided(application(municipality=member))

    assert "Als amtsangehörige Gemeinde ist die Kommune nicht antragsberechtigt" in sentences(decision)
    assert "Landkreis; kreisfreie Stadt; amtsfreie Gemeinde; Amt;" in sentences(decision)


def test_only_municipalities_of_brandenburg_may_apply() -> None:
    away = next(
        entry
        for entry in CATALOGUE.municipalities.values()
        if entry.kind is MunicipalityKind.LANDKREIS and entry.land == "03"
    )

    decision = decided(application(municipality=away))

    assert decision.state is GrantState.REJECTED
    assert "liegt nicht in Brandenburg" in sentences(decision)


def test_bad_belzig_where_the_app_comes_from_is_no_reuser() -> None:
    belzig = CATALOGUE.select_municipalities(["120690020020"])[0]

    decision = decided(application(municipality=belzig))

    assert belzig.label == "Bad Belzig"
    assert decision.state is GrantState.REJECTED
    assert "Die Lösung kommt aus Bad Belzig; wer sie gemacht hat, nutzt sie nicht nach." in sentences(decision)


def test_who_takes_part_in_bus_bb_meets_the_precondition() -> None:
    assert decided(application(), evidence=[participation()]).state is GrantState.GRANTED


def test_who_does_not_take_part_in_bus_bb_is_rejected() -> None:
    decision = decided(application(), evidence=[participation(answer=Answer.NO)])

    assert decision.state is GrantState.REJECTED
    assert "bus-bb-teilnahme" in sentences(decision)


@pytest.mark.parametrize(
    "evidence",
    [
        [],
        [participation(answer=Answer.UNKNOWN)],
        [participation(valid_until=date(2026, 11, 21))],
        [participation(), participation(answer=Answer.WITHDRAWN)],
    ],
)
def test_what_is_not_known_of_bus_bb_neither_grants_nor_rejects(evidence: list[Evidence]) -> None:
    decision = decided(application(), evidence=evidence)

    assert decision.state is GrantState.REQUESTED
    assert decision.granted == 0


@pytest.mark.parametrize(("year", "places"), [(2020, 20), (2023, 10), (2024, 10)])
def test_each_year_has_its_number_of_places(year: int, places: int) -> None:
    asked = application(on=date(year, 6, 1))

    assert decided(asked, taken=places - 1).state is GrantState.GRANTED
    assert decided(asked, taken=places).state is GrantState.REJECTED


def test_who_comes_after_the_last_place_is_told_so() -> None:
    assert sentences(decided(application(), taken=10)) == "Der letzte Platz des Jahres 2024 ist vergeben (10 von 10)."


@pytest.mark.parametrize("year", [2021, 2022, 2025])
def test_a_year_without_a_quota_has_no_places_and_that_is_said(year: int) -> None:
    decision = decided(application(on=date(year, 12, 31)))

    assert decision.state is GrantState.REJECTED
    assert sentences(decision) == f"Für {year} nennt smart-village-app.toml keine Plätze; also gibt es keine."


@pytest.mark.parametrize(
    ("day", "directive"),
    [
        (date(2020, 4, 5), None),
        (date(2020, 4, 6), "richtlinie-2020"),
        (date(2021, 11, 11), "richtlinie-2020"),
        (date(2021, 11, 12), "richtlinie-2021"),
        (date(2021, 12, 31), "richtlinie-2021"),
        (date(2022, 1, 1), "richtlinie-2021"),
        (date(2024, 7, 1), "richtlinie-2021"),
    ],
)
def test_the_day_of_the_application_chooses_the_directive(day: date, directive: str | None) -> None:
    decision = decided(application(on=day))

    assert decision.directive == directive
    assert {step.directive for step in decision.trace} == {directive}


@pytest.mark.parametrize(
    ("boundary", "directive"), [(BoundaryRule.NEWEST, "richtlinie-2021"), (BoundaryRule.OLDEST, "richtlinie-2020")]
)
def test_where_two_directives_are_in_force_the_declared_rule_decides(boundary: BoundaryRule, directive: str) -> None:
    rules = replace(RULES, boundary=boundary)

    decision = decided(application(on=date(2021, 12, 1)), rules=rules)

    assert decision.directive == directive
    reason = Wording.load().render(decision.trace[0].reason)
    assert "In Kraft sind richtlinie-2020; richtlinie-2021" in reason


def test_before_the_first_directive_nothing_is_granted() -> None:
    assert "Am 05.04.2020 war keine Förderrichtlinie in Kraft." in sentences(
        decided(application(on=date(2020, 4, 5)))
    )


def test_all_reasons_are_told_at_once() -> None:
    belzig = CATALOGUE.select_municipalities(["120690020020"])[0]

    decision = decided(application(municipality=belzig, on=date(2021, 3, 1)), evidence=[])

    assert len(decision.reasons) == 3
    assert decision.state is GrantState.REJECTED


def test_the_trace_names_every_rule_with_what_it_saw_and_what_it_said() -> None:
    decision = decided(application("25000"), taken=3)
    words = Wording.load()

    told = [(step.rule, words.render(step.given), words.render(step.reason)) for step in decision.trace]

    assert [rule for rule, _, _ in told] == ["directive", "applicant", "purposes", "precondition", "quota", "amount"]
    assert told[0] == ("directive", "Antrag vom 01.03.2024", "Es gilt richtlinie-2021.")
    assert told[1][1] == "Landkreis Barnim (Landkreis)"
    assert told[4][1:] == ("3 Plätze des Jahres 2024 vergeben", "Frei sind 7 von 10 Plätzen des Jahres 2024.")
    assert told[5][1:] == (
        "beantragt 25.000,00 €, höchstens 20.000,00 €",
        "Bewilligt wird weniger als beantragt: 20.000,00 €.",
    )
    assert {step.state for step in decision.trace} == {GateState.OPEN}


def test_a_person_may_reject_what_the_rules_allow() -> None:
    decision = decided(application(), refusal="Unterlagen fehlen.")

    assert decision.state is GrantState.REJECTED
    assert sentences(decision) == "Unterlagen fehlen."
    assert decision.trace[-1].rule == "person"


def test_a_person_may_grant_less_and_never_more() -> None:
    assert decided(application("18000"), award="15000").granted == 15_000
    for award in ("18000.01", "0", "-1", "0.001"):
        with pytest.raises(UsageError, match=r"grant\.award-impossible|money\.impossible"):
            decided(application("18000"), award=award)


@pytest.mark.parametrize("state", [state for state in GrantState if state is not GrantState.REQUESTED])
def test_what_is_decided_is_not_decided_again(state: GrantState) -> None:
    with pytest.raises(UsageError, match=r"grant\.state-wrong"):
        decided(replace(application(), state=state))


def test_money_is_paid_in_parts_until_all_of_it_is() -> None:
    first = _granted().after_payment(Decimal("5000.50"))
    second = first.after_payment(Decimal("14999.50"))

    assert (first.state, first.paid) == (GrantState.GRANTED, Decimal("5000.50"))
    assert (second.state, second.paid) == (GrantState.PAID, Decimal(20_000))


def test_more_than_was_granted_is_never_paid() -> None:
    with pytest.raises(UsageError) as refused:
        _granted().after_payment(Decimal(5000)).after_payment(Decimal("15000.01"))

    assert _sentence(refused.value) == (
        "Von den für SVA 1/2024 bewilligten 20.000,00 € sind noch 15.000,00 € offen; "
        "15.000,01 € lassen sich nicht auszahlen."
    )


@pytest.mark.parametrize("amount", ["0", "-5", "0.005", "NaN"])
def test_a_payment_is_above_zero(amount: str) -> None:
    with pytest.raises(UsageError, match=r"money\.impossible"):
        _granted().after_payment(Decimal(amount))


def test_nothing_is_paid_before_it_is_granted() -> None:
    for state in (GrantState.REQUESTED, GrantState.REJECTED, GrantState.WITHDRAWN):
        with pytest.raises(UsageError, match=r"grant\.state-wrong"):
            replace(application(), state=state).after_payment(Decimal(1))


def test_rejected_and_withdrawn_hold_no_place() -> None:
    holding = {state for state in GrantState if replace(application(), state=state).holds_place}

    assert holding == {GrantState.GRANTED, GrantState.PAID}
    assert not _granted().withdrawn().holds_place
    assert _granted().withdrawn().granted == 0


def test_what_has_been_paid_for_cannot_be_withdrawn() -> None:
    with pytest.raises(UsageError) as refused:
        _granted().after_payment(Decimal(5000)).withdrawn()

    assert "5.000,00 €" in _sentence(refused.value)


def test_what_is_rejected_cannot_be_withdrawn() -> None:
    with pytest.raises(UsageError, match=r"grant\.state-wrong"):
        replace(application(), state=GrantState.REJECTED).withdrawn()


@given(requested=AMOUNTS, award=st.none() | AMOUNTS, payments=st.lists(AMOUNTS, max_size=8))
def test_paid_is_never_above_granted_nor_granted_above_requested_and_ceiling(
    requested: Decimal, award: Decimal | None, payments: list[Decimal]
) -> None:
    asked = application(str(requested))
    try:
        now = decided(asked, award=str(award) if award else None).applied(asked)
    except UsageError:
        assert award is not None
        assert award > min(requested, RULES.ceiling)
        return
    booked = Decimal(0)
    for payment in payments:
        try:
            now = now.after_payment(payment)
            booked += payment
        except UsageError:
            assert booked + payment > now.granted
        assert booked == now.paid <= now.granted <= min(requested, RULES.ceiling)
        assert (now.state is GrantState.PAID) == (now.paid == now.granted)


def test_amounts_are_written_as_the_language_writes_them_and_survive_being_kept() -> None:
    sentence = message("grant.amount-whole", granted=Decimal("1234567.5"))

    kept = unpack(pack(sentence))

    assert kept == sentence
    assert Wording.load().render(kept).endswith("1.234.567,50 €.")
    assert Wording.load(Language.ENGLISH).render(kept).endswith("€1,234,567.50.")


def test_the_municipality_of_the_examples_is_one_of_brandenburg() -> None:
    assert BARNIM.kind is MunicipalityKind.LANDKREIS
