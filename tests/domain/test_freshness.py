"""Evidence ages: after its half-life it shows as unconfirmed, and closes gates where the programme says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.evidence import EvidenceSource
from ozgflow.domain.gates import GateState
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme
from ozgflow.domain.programme_parts import Staleness
from ozgflow.domain.programmes import Gate
from ozgflow.domain.rollouts import assess
from tests.domain.facts import entry, facts

SEEN = date(2026, 1, 1)
KIND = load_evidence_kinds()["ansprechpersonen"]
HALF_LIFE = timedelta(days=KIND.half_life_days or 0)
FIRST_STALE = SEEN + HALF_LIFE + timedelta(days=1)


def _gate(staleness: Staleness) -> Gate:
    programme = load_programme("efa-nachnutzung")
    gates = {gate.code: gate for stage in programme.stages for gate in stage.gates}
    return replace(gates["ansprechpersonen-benannt"], staleness=staleness)


def test_on_the_last_day_of_its_half_life_a_fact_is_fresh_and_on_the_next_it_is_not() -> None:
    fact = entry("ansprechpersonen", observed_on=SEEN)

    assert KIND.stale_since(fact, FIRST_STALE - timedelta(days=1)) is None
    assert KIND.stale_since(fact, FIRST_STALE) == FIRST_STALE
    assert KIND.stale_since(fact, FIRST_STALE + timedelta(days=500)) == FIRST_STALE


def test_a_stale_fact_leaves_the_gate_open_where_the_programme_only_shows_it() -> None:
    known = facts([entry("ansprechpersonen", observed_on=SEEN)], today=FIRST_STALE)

    result = _gate(Staleness.SHOWS).judge(known)

    assert result.state is GateState.OPEN
    assert result.stale_since == FIRST_STALE


def test_a_stale_fact_closes_the_gate_where_the_programme_says_so() -> None:
    known = facts([entry("ansprechpersonen", observed_on=SEEN)], today=FIRST_STALE)

    result = _gate(Staleness.CLOSES).judge(known)

    assert result.state is GateState.UNKNOWN
    assert Wording.load(Language.GERMAN).render(result.reason) == f"unbestätigt seit {FIRST_STALE:%d.%m.%Y}"


def test_a_document_does_not_age() -> None:
    kind = replace(KIND, half_life_days=1)
    document = replace(entry("ansprechpersonen", observed_on=SEEN), source=EvidenceSource.DOCUMENT)

    assert kind.stale_since(document, date(2099, 1, 1)) is None
    assert kind.ends_on(document) is None


def test_a_fact_ends_with_its_expiry_or_its_half_life_whichever_comes_first() -> None:
    open_ended = entry("ansprechpersonen", observed_on=SEEN)
    short = replace(open_ended, valid_until=SEEN + timedelta(days=3))
    long = replace(open_ended, valid_until=date(2099, 1, 1))

    assert KIND.ends_on(open_ended) == KIND.ends_on(long) == SEEN + HALF_LIFE
    assert KIND.ends_on(short) == SEEN + timedelta(days=3)


def test_a_rollout_with_stale_proof_is_unconfirmed_and_moves_on_all_the_same() -> None:
    programme = load_programme("efa-nachnutzung")
    kinds = ("interessensbekundung", "ansprechpersonen", "bus-bb-teilnahme", "fachverfahren-unterstuetzt")
    known = facts([entry(kind, observed_on=SEEN) for kind in kinds], today=FIRST_STALE)

    outcome = assess(programme, "interesse", known)

    assert outcome.stage == "eignung"
    assert {judged.gate.code for judged in outcome.unconfirmed} == {
        "ansprechpersonen-benannt",
        "zustaendigkeiten-gepflegt",
    }


@given(days=st.integers(0, 4_000))
def test_the_clock_alone_moves_no_stage(days: int) -> None:
    programme = load_programme("efa-nachnutzung")
    known = facts([entry("interessensbekundung", observed_on=SEEN)], today=SEEN + timedelta(days=days))

    assert assess(programme, "interesse", known).stage == "interesse"


@pytest.mark.parametrize("kind", load_evidence_kinds().values(), ids=lambda kind: kind.code)
def test_a_warning_is_due_before_a_fact_ends_and_not_from_the_first_day(kind: object) -> None:
    declared = load_evidence_kinds()[kind.code]  # type: ignore[attr-defined]

    assert declared.half_life_days is None or declared.warn_days < declared.half_life_days
