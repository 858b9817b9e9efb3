"""Readiness: what is missing, the shortest way, and what one entry alone holds up."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.evidence import Evidence
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START
from ozgflow.domain.readiness import prerequisites, shortest_way, single_keys, unlock_counts
from ozgflow.domain.rollouts import assess
from tests.domain.facts import TODAY, entry, facts

PROGRAMME = load_programme("efa-nachnutzung")
UP_TO_BASICS = (
    "interessensbekundung",
    "ansprechpersonen",
    "bus-bb-teilnahme",
    "fachverfahren-unterstuetzt",
    "nachnutzungsvertrag",
    "avv",
    "dsfa",
    "haushaltsmittel",
    "mandant",
    "gebuehrenfrei",
)


def _codes(kinds: object) -> list[str]:
    return [kind.code for kind in kinds]  # type: ignore[attr-defined]


def test_one_fit_connect_destination_spares_receiver_and_directory_entry() -> None:
    known = facts([entry(kind) for kind in (*UP_TO_BASICS, "zertifikat")])
    assessment = assess(PROGRAMME, "basisdaten", known)

    way = shortest_way(PROGRAMME, assessment, known)

    assert way.stage == "anbindung"
    assert _codes(way.kinds) == ["fitconnect-zustellpunkt"]


def test_the_shortest_way_names_everything_that_is_missing() -> None:
    known = facts([entry(kind) for kind in UP_TO_BASICS])
    assessment = assess(PROGRAMME, "basisdaten", known)

    assert set(_codes(shortest_way(PROGRAMME, assessment, known).kinds)) == {"fitconnect-zustellpunkt", "zertifikat"}
    assert single_keys(assessment, known) == ()


def test_what_no_evidence_opens_is_named_apart() -> None:
    known = facts([entry("interessensbekundung")], competent=False)
    assessment = assess(PROGRAMME, "interesse", known)

    way = shortest_way(PROGRAMME, assessment, known)

    assert [judged.gate.code for judged in way.beyond] == ["zustaendig"]
    assert single_keys(assessment, known) == ()


def test_a_proof_that_has_run_out_behind_the_rollout_is_on_the_way_too() -> None:
    expired = entry("avv", valid_until=date(2026, 10, 1))
    known = facts([*(entry(kind) for kind in UP_TO_BASICS if kind != "avv"), expired])
    assessment = assess(PROGRAMME, "basisdaten", known)

    assert "avv" in _codes(shortest_way(PROGRAMME, assessment, known).kinds)


def test_at_the_end_there_is_no_way_further() -> None:
    last = PROGRAMME.stages[-1].code
    assessment = assess(PROGRAMME, last, facts())

    assert shortest_way(PROGRAMME, assessment, facts()).stage == ""


def test_a_certificate_warns_before_it_ends() -> None:
    known = facts([entry("zertifikat", valid_until=date(2026, 12, 31))])

    rows = prerequisites(PROGRAMME, assess(PROGRAMME, START, known), known)

    certificate = next(row for row in rows if row.judged.gate.code == "zertifikat-gueltig")
    assert certificate.ends_on == date(2026, 12, 31)
    assert certificate.ends_soon
    assert not next(row for row in rows if row.judged.gate.code == "avv-geschlossen").ends_soon


def test_all_four_dimensions_are_in_the_table() -> None:
    rows = prerequisites(PROGRAMME, assess(PROGRAMME, START, facts()), facts())

    assert len({row.judged.gate.dimension for row in rows}) == 4
    assert sum(row.is_needed for row in rows) == len(PROGRAMME.stages[0].gates)


def test_the_unlock_count_counts_rollouts_that_lack_one_entry_alone() -> None:
    known = facts([entry(kind) for kind in UP_TO_BASICS if kind not in ("avv", "mandant")])
    lacks_two_stages = assess(PROGRAMME, "eignung", known)

    keys = single_keys(lacks_two_stages, known)

    assert _codes(keys) == ["avv"]
    assert unlock_counts([keys, keys, ()]) == {"avv": 2}


@given(st.sets(st.sampled_from(sorted(set(PROGRAMME.kinds) - {"nachricht"}))))
def test_the_way_leads_to_the_next_stage_and_no_shorter_one_does(kinds: set[str]) -> None:
    entries: list[Evidence] = [
        entry(kind, subject=subject)
        for kind in kinds
        for subject in (("A", "B") if PROGRAMME.kinds[kind].approval else ("",))
    ]
    known = facts(entries)
    assessment = assess(PROGRAMME, START, known)
    way = shortest_way(PROGRAMME, assessment, known)
    brought = [
        entry(kind.code, subject=subject, observed_on=TODAY)
        for kind in way.kinds
        for subject in (("A", "B", "C") if kind.approval or kind.code == "nachricht" else ("",))
    ]

    after = assess(PROGRAMME, assessment.stage, facts([*entries, *brought]))

    assert way.beyond == ()
    assert not way.stage or PROGRAMME.position(after.stage) > PROGRAMME.position(assessment.stage)
    for left_out in way.kinds:
        fewer = [one for one in brought if one.kind != left_out.code]
        assert assess(PROGRAMME, assessment.stage, facts([*entries, *fewer])).stage == assessment.stage
