"""How far evidence carries a rollout."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import assess
from tests.domain.facts import TODAY, entry, facts
from tests.thoroughness import examples

PROGRAMME = load_programme("efa-nachnutzung")
ALL_KINDS = sorted(PROGRAMME.kinds)
DOCUMENTS = [entry("nachricht", subject=f"{number}.xml") for number in range(3)]
APPROVALS = [
    entry(kind.code, subject=person)
    for kind in PROGRAMME.kinds.values()
    if kind.approval
    for person in ("Lieschen Müller", "Otto Normalverbraucher")[: kind.approval.people]
]
SUBJECTLESS = [kind.code for kind in PROGRAMME.kinds.values() if not kind.approval and kind.code != "nachricht"]
EVERYTHING = [*(entry(kind) for kind in SUBJECTLESS), *APPROVALS, *DOCUMENTS]


def _up_to(programme: Programme, stage: str) -> list[Evidence]:
    """Evidence for all gates up to a stage."""
    reached = programme.position(stage)
    wanted = {
        str(kind)
        for one in programme.stages[:reached]
        for gate in one.gates
        for key in ("kind", "kinds")
        for kind in _as_list(gate.parameters.get(key, []))
    }
    return [one for one in EVERYTHING if one.kind in wanted]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def test_without_evidence_nothing_begins() -> None:
    outcome = assess(PROGRAMME, START, facts())

    assert outcome.stage == START
    assert [judged.gate.code for judged in outcome.blockers] == ["interesse-bekundet"]


def test_with_all_evidence_every_stage_is_walked_in_order() -> None:
    outcome = assess(PROGRAMME, START, facts(EVERYTHING))

    assert [move.target for move in outcome.moves] == [stage.code for stage in PROGRAMME.stages]
    assert outcome.blockers == ()


def test_it_stops_before_the_first_stage_with_a_closed_gate() -> None:
    known = [one for one in EVERYTHING if one.kind != "haushaltsmittel"]

    outcome = assess(PROGRAMME, START, facts(known))

    assert outcome.stage == "eignung"
    assert [judged.gate.code for judged in outcome.blockers] == ["mittel-freigegeben"]


def test_a_stage_never_moves_because_a_date_was_reached() -> None:
    known = _up_to(PROGRAMME, "anbindung")

    stages = {
        assess(PROGRAMME, "anbindung", facts(known, today=TODAY + timedelta(days=days))).stage
        for days in range(0, 4000, 100)
    }

    assert stages == {"anbindung"}


def test_expired_evidence_leaves_the_stage_but_not_its_confirmation() -> None:
    known = [*EVERYTHING, entry("zertifikat", valid_until=date(2026, 10, 31), observed_on=date(2026, 9, 2))]

    outcome = assess(PROGRAMME, "test", facts(known))

    assert outcome.stage == "test"
    assert [judged.gate.code for judged in outcome.unconfirmed] == ["zertifikat-gueltig"]
    assert outcome.moves == ()


def test_a_new_certificate_confirms_and_moves_again() -> None:
    expired = entry("zertifikat", valid_until=date(2026, 10, 31), observed_on=date(2026, 9, 2))
    renewed = entry("zertifikat", observed_on=date(2026, 11, 20), reference="neu")

    outcome = assess(PROGRAMME, "test", facts([*EVERYTHING, expired, renewed]))

    assert outcome.unconfirmed == ()
    assert outcome.stage == "betrieb"


ENTRIES = st.builds(
    entry,
    st.sampled_from(ALL_KINDS),
    answer=st.sampled_from(Answer),
    subject=st.sampled_from(["", "1.xml", "2.xml", "3.xml"]),
    observed_on=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    valid_until=st.none() | st.dates(date(2027, 7, 1), date(2027, 12, 31)),
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))


@given(walk=st.lists(st.tuples(st.lists(ENTRIES, max_size=25), DAYS), max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_no_walk_of_evidence_reaches_a_stage_whose_gates_are_not_all_open(
    walk: list[tuple[list[Evidence], date]],
) -> None:
    stage, known = START, list(EVERYTHING[:10])
    for added, today in walk:
        known += added
        outcome = assess(PROGRAMME, stage, facts(known, today=today))
        for move in outcome.moves:
            assert all(judged.result.is_open for judged in move.gates)
            assert PROGRAMME.position(move.target) == PROGRAMME.position(move.origin) + 1
        if outcome.moves:
            behind = PROGRAMME.stages[: PROGRAMME.position(outcome.stage)]
            judged = [gate.judge(facts(known, today=today)) for one in behind for gate in one.gates]
            assert all(result.is_open for result in judged)
        assert PROGRAMME.position(outcome.stage) >= PROGRAMME.position(stage)
        stage = outcome.stage


@given(known=st.lists(ENTRIES, max_size=30), today=DAYS)
@settings(max_examples=examples(100), deadline=None)
def test_a_second_judgement_of_the_same_facts_moves_nothing(known: list[Evidence], today: date) -> None:
    first = assess(PROGRAMME, START, facts([*EVERYTHING, *known], today=today))

    second = assess(PROGRAMME, first.stage, facts([*EVERYTHING, *known], today=today))

    assert second.moves == ()
    assert second.stage == first.stage
