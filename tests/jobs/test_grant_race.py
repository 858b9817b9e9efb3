"""Two approvals for the last place at the same moment, in two processes: exactly one wins."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.grants import GrantState
from ozgflow.domain.messages import message
from ozgflow.jobs.workspace import Workspace, open_workspace, refresh_catalogue
from ozgflow.storage import grants as storage
from ozgflow.storage.database import Database
from ozgflow.storage.evidence import add_evidence, read_evidence
from tests.conftest import NOW, ROOT
from tests.domain.grant_examples import application, participation
from tests.jobs.grant_racer import CASES, programme_of, race_round, racers

GONE = "Der letzte Platz des Jahres 2024 ist vergeben (1 von 1)."
APPLICANTS = load_catalogue().select_municipalities(["Barnim", "Prignitz"])


@pytest.fixture
def both(database: Database, database_url: str) -> Iterator[Workspace]:
    """A workspace on an empty database with the catalogue, once of each kind; both applicants take part in BUS-BB."""
    with open_workspace(database_url=database_url, schemas=ROOT / "schemas") as workspace:
        refresh_catalogue(workspace)
        with workspace.database.writing() as session:
            add_evidence(session, [participation(one) for one in APPLICANTS], now=NOW)
        yield workspace


def test_of_two_approvals_for_the_last_place_exactly_one_wins(both: Workspace, database_url: str) -> None:
    _race(both, database_url, rounds=3)


@pytest.mark.slow
def test_of_two_approvals_for_the_last_place_exactly_one_wins_two_hundred_times(
    both: Workspace, database_url: str
) -> None:
    winners = _race(both, database_url, rounds=200)

    # Both had their chance; otherwise nothing has been raced.
    assert set(winners) == set(CASES)


def _race(workspace: Workspace, url: str, *, rounds: int) -> list[str]:
    with workspace.database.writing() as session:
        for number in range(rounds):
            _apply(session, number)
    winners = []
    with racers(url) as processes:
        for number in range(rounds):
            said = race_round(processes, number)
            assert sorted(said) == ["granted", f"rejected {GONE}"]
            winners.append(CASES[said.index("granted")])
            _look(workspace, number, winners[-1])
    return winners


def _apply(session: Session, number: int) -> None:
    for municipality, case in zip(APPLICANTS, CASES, strict=True):
        one = application(municipality=municipality, case=case, programme=programme_of(number).code)
        storage.add_application(session, one, by="Erika Mustermann", reason=message("grant-state.requested"), now=NOW)


def _look(workspace: Workspace, number: int, winner: str) -> None:
    """What the database holds after a round: one place, one proof, two whole histories."""
    code = programme_of(number).code
    with workspace.database.reading() as session:
        found = storage.list_applications(session, code)
        steps = {one.case: storage.read_steps(session, one) for one in found}
        taken = storage.taken_places(session, code)
        evidence = read_evidence(session, [one.ars for one in APPLICANTS])
    proofs = [entry for entries in evidence.values() for entry in entries if entry.subject == code]
    assert taken == {2024: 1}
    assert [proof.reference for proof in proofs] == [winner]
    for one in found:
        state = GrantState.GRANTED if one.case == winner else GrantState.REJECTED
        assert one.state is state
        assert [step.state for step in steps[one.case]] == [GrantState.REQUESTED, state]
        assert steps[one.case][-1].trace
