"""Laws that hold for every programme: no stage without its gates, no walk without end, and history repeats itself."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.keys import Ars
from ozgflow.domain.programme_files import load_programme, programme_codes
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import Move, assess
from tests.domain.facts import TODAY, entry, facts

OTHERS = [Ars.parse(f"120{number}0000000") for number in (60, 61, 62)]
Step = tuple[list[Evidence], date, int]


def _steps(programme: Programme) -> st.SearchStrategy[list[Step]]:
    """Evidence that comes in, the day on which it is judged, and how many others have got everywhere."""
    kinds = sorted(programme.kinds)
    entries = st.builds(
        entry,
        st.sampled_from(kinds),
        answer=st.sampled_from(Answer),
        subject=st.sampled_from(["", "1", "2", "3", "4", "5", "6", "7"]),
        observed_on=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
        valid_until=st.none() | st.dates(date(2027, 7, 1), date(2027, 12, 31)),
    )
    everything = st.just(
        [entry(kind, subject=str(number), observed_on=date(2026, 1, 1)) for kind in kinds for number in range(8)]
    )
    brought = st.lists(entries, max_size=12) | everything
    days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
    return st.lists(st.tuples(brought, days, st.integers(0, len(OTHERS))), max_size=5)


def _walk(programme: Programme, steps: list[Step]) -> tuple[str, list[Move]]:
    stage = START
    moves: list[Move] = []
    known: list[Evidence] = []
    for brought, today, others in steps:
        known += brought
        reached = dict.fromkeys(OTHERS[:others], frozenset(programme.codes))
        seen = facts(known, today=today, others=reached)
        outcome = assess(programme, stage, seen)
        for move in outcome.moves:
            target = programme.stages[programme.position(move.target) - 1]
            assert all(gate.judge(seen).is_open for gate in target.gates)
            assert programme.position(move.target) == programme.position(move.origin) + 1
        moves += outcome.moves
        stage = outcome.stage
    return stage, moves


@pytest.mark.parametrize("code", programme_codes())
@given(data=st.data())
@settings(max_examples=25)
def test_no_walk_reaches_a_stage_whose_gates_are_not_all_open_and_every_walk_ends(
    code: str, data: st.DataObject
) -> None:
    programme = load_programme(code)

    stage, moves = _walk(programme, data.draw(_steps(programme)))

    assert len(moves) == programme.position(stage) <= len(programme.stages)


@pytest.mark.parametrize("code", programme_codes())
@given(data=st.data())
@settings(max_examples=25)
def test_replaying_the_history_gives_the_same_state(code: str, data: st.DataObject) -> None:
    programme = load_programme(code)
    stage, moves = _walk(programme, data.draw(_steps(programme)))

    here = START
    for move in moves:
        assert move.origin == here
        here = move.target

    assert here == stage
    assert [move.target for move in moves] == list(programme.codes[1 : len(moves) + 1])


@pytest.mark.parametrize("code", programme_codes())
def test_the_end_of_every_programme_can_be_reached(code: str) -> None:
    programme = load_programme(code)
    known = [entry(kind, subject=str(n), observed_on=TODAY) for kind in programme.kinds for n in range(8)]
    reached = dict.fromkeys(OTHERS, frozenset(programme.codes))

    outcome = assess(programme, START, facts(known, others=reached))

    assert outcome.stage == programme.stages[-1].code
