"""Grants as verbs: each one done once, wholly or not at all, and every fact of the programme kept in the database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.grants import GrantApplication, GrantState, Quota
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import ItemCode
from ozgflow.errors import DataError, OzgflowError, UsageError
from ozgflow.jobs import grant_views as views
from ozgflow.jobs import grants as jobs
from ozgflow.jobs.evidence import record
from ozgflow.jobs.grant_checks import grant_programme, refuse_overdrawn
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.database import Database
from ozgflow.storage.evidence import read_evidence
from ozgflow.storage.grants import Payment
from tests.conftest import NOW, TODAY
from tests.domain.grant_examples import BARNIM, CATALOGUE, PROGRAMME, RULES, application, participation
from tests.storage.rows import all_rows

ASKED = application()
PAYMENT = Payment(reference="Beleg 1", amount=Decimal("5000.00"), paid_on=date(2024, 9, 1))
APPLICANTS = CATALOGUE.select_municipalities(["Barnim", "Prignitz", "Uckermark", "Havelland"])
_examples = count(1)


def _quotas(*quotas: tuple[int, int]) -> Programme:
    rows = tuple(Quota(year=year, places=places, line=line) for line, (year, places) in enumerate(quotas, 100))
    return replace(PROGRAMME, grant=replace(RULES, quotas=rows))


def _apply(workspace: Workspace, asked: GrantApplication = ASKED) -> jobs.GrantChange:
    return jobs.apply(workspace, PROGRAMME, asked, by="Erika Mustermann", today=TODAY, now=NOW)


def _decide(
    workspace: Workspace, case: str = ASKED.case, *, programme: Programme = PROGRAMME, reject: bool = False
) -> jobs.GrantChange:
    return jobs.decide(
        workspace,
        programme,
        case,
        by="Max Muster",
        reason="Unterlagen vollständig",
        today=TODAY,
        now=NOW,
        reject=reject,
    )


def _withdraw(workspace: Workspace, case: str = ASKED.case) -> jobs.GrantChange:
    return jobs.withdraw(
        workspace, PROGRAMME, case, by="Erika Mustermann", reason="Kein Bedarf", today=TODAY, now=NOW
    )


def _pay(workspace: Workspace, payment: Payment = PAYMENT) -> jobs.GrantChange:
    return jobs.pay(workspace, PROGRAMME, ASKED.case, payment, by="Kasse", today=TODAY, now=NOW)


def _sentence(error: OzgflowError) -> str:
    return Wording.load().render(Message(error.code, error.params))


@pytest.fixture
def ready(workspace: Workspace) -> Workspace:
    """A workspace in which four Landkreise take part in BUS-BB."""
    record(workspace, [participation(one) for one in APPLICANTS], now=NOW)
    return workspace


@pytest.fixture
def granted(ready: Workspace) -> Workspace:
    """A workspace in which Barnim has a grant of 20,000 euro."""
    _apply(ready)
    _decide(ready)
    return ready


def test_an_application_is_taken_up_once(ready: Workspace) -> None:
    first = _apply(ready)
    before = all_rows(ready.database)
    second = _apply(ready)

    assert (first.changed, second.changed) == (True, False)
    assert all_rows(ready.database) == before


def test_another_application_under_the_same_case_number_is_refused(ready: Workspace) -> None:
    _apply(ready)

    with pytest.raises(UsageError) as refused:
        _apply(ready, replace(ASKED, requested=Decimal(19_000)))

    assert "Landkreis Barnim, 20.000,00 €, 01.03.2024" in _sentence(refused.value)


def test_a_municipality_is_funded_once(granted: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        _apply(granted, application(case="SVA 2/2024"))

    assert "hat schon den Antrag SVA 1/2024 (bewilligt)" in _sentence(refused.value)


def test_after_a_withdrawal_a_municipality_may_apply_again(granted: Workspace) -> None:
    _withdraw(granted)

    assert _apply(granted, application(case="SVA 2/2024")).changed
    assert _decide(granted, "SVA 2/2024").application.holds_place


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"case": " "}, "grant.words"),
        ({"case": "a\nb"}, "grant.words"),
        ({"requested": Decimal(0)}, "money.impossible"),
        ({"requested": Decimal("0.001")}, "money.impossible"),
        ({"applied_on": date(2999, 1, 1)}, "grant.future"),
    ],
)
def test_an_application_that_cannot_be_is_refused(ready: Workspace, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError, match=code.replace(".", r"\.")):
        _apply(ready, replace(ASKED, **wrong))  # type: ignore[arg-type]


def test_a_grant_takes_a_place_and_remembers_who_decided_and_why(granted: Workspace) -> None:
    found = views.shown(granted, PROGRAMME, ASKED.case)

    assert found.application.state is GrantState.GRANTED
    assert found.application.granted == 20_000
    assert found.application.directive == "richtlinie-2021"
    first, second = found.steps
    assert (first.done_by, second.done_by) == ("Erika Mustermann", "Max Muster")
    assert Wording.load().render(second.reason) == "Unterlagen vollständig"
    assert [step.rule for step in second.trace][-1] == "amount"
    assert (2024, 1, 10) in views.listed(granted, PROGRAMME).places


def test_deciding_again_changes_nothing(granted: Workspace) -> None:
    before = all_rows(granted.database)

    again = _decide(granted)

    assert (again.changed, again.application.state) == (False, GrantState.GRANTED)
    assert all_rows(granted.database) == before


def test_what_is_granted_cannot_be_rejected(granted: Workspace) -> None:
    with pytest.raises(UsageError, match=r"grant\.state-wrong"):
        _decide(granted, reject=True)


def test_what_cannot_be_decided_yet_stays_as_it_is(workspace: Workspace) -> None:
    _apply(workspace)
    before = all_rows(workspace.database)

    done = _decide(workspace)

    assert done.decision is not None
    assert (done.changed, done.application.state) == (False, GrantState.REQUESTED)
    assert all_rows(workspace.database) == before
    record(workspace, [participation()], now=NOW)
    assert _decide(workspace).application.state is GrantState.GRANTED


def test_a_rejection_takes_no_place_and_records_no_evidence(ready: Workspace) -> None:
    _apply(ready)

    done = _decide(ready, reject=True)

    assert (done.changed, done.application.state) == (True, GrantState.REJECTED)
    assert _decide(ready).changed is False
    assert (2024, 0, 10) in views.listed(ready, PROGRAMME).places
    assert _proofs(ready) == []


def test_a_granted_application_is_evidence_by_itself_and_opens_the_gate(granted: Workspace) -> None:
    (proof,) = _proofs(granted)

    assert (proof.reference, proof.source, proof.recorded_by) == (ASKED.case, "person", "Max Muster")
    assert proof.answer is Answer.YES
    assert _gate_is_open(granted)


def test_a_withdrawn_one_frees_its_place_and_closes_the_gate(granted: Workspace) -> None:
    done = _withdraw(granted)
    again = _withdraw(granted)

    assert (done.changed, again.changed) == (True, False)
    assert done.application.state is GrantState.WITHDRAWN
    assert [proof.answer for proof in _proofs(granted)] == [Answer.YES, Answer.WITHDRAWN]
    assert (2024, 0, 10) in views.listed(granted, PROGRAMME).places
    assert not _gate_is_open(granted)


def test_a_place_that_is_freed_goes_to_the_next(ready: Workspace) -> None:
    one_place = _quotas((2024, 1))
    for number, municipality in enumerate(APPLICANTS[:3], 1):
        _apply(ready, application(case=f"SVA {number}", municipality=municipality))

    first, second = _decide(ready, "SVA 1", programme=one_place), _decide(ready, "SVA 2", programme=one_place)
    _withdraw(ready, "SVA 1")
    third = _decide(ready, "SVA 3", programme=one_place)

    states = [done.application.state for done in (first, second, third)]
    assert states == [GrantState.GRANTED, GrantState.REJECTED, GrantState.GRANTED]


def test_a_payment_is_booked_once(granted: Workspace) -> None:
    first = _pay(granted)
    before = all_rows(granted.database)
    second = _pay(granted)

    assert (first.changed, second.changed) == (True, False)
    assert second.application.paid == 5000
    assert all_rows(granted.database) == before


def test_a_reference_stands_for_one_payment(granted: Workspace) -> None:
    _pay(granted)

    with pytest.raises(UsageError) as refused:
        _pay(granted, replace(PAYMENT, amount=Decimal(6000)))

    assert "schon 5.000,00 € am 01.09.2024 gebucht" in _sentence(refused.value)


def test_when_all_is_paid_the_application_is_paid(granted: Workspace) -> None:
    _pay(granted)
    _pay(granted, replace(PAYMENT, reference="Beleg 2", amount=Decimal(15_000)))

    found = views.shown(granted, PROGRAMME, ASKED.case)

    assert found.application.state is GrantState.PAID
    assert [one.reference for one in found.payments] == ["Beleg 1", "Beleg 2"]
    with pytest.raises(UsageError, match=r"grant\.overpaid"):
        _pay(granted, replace(PAYMENT, reference="Beleg 3", amount=Decimal("0.01")))


def test_a_payment_that_is_refused_leaves_nothing_behind(granted: Workspace) -> None:
    before = all_rows(granted.database)

    for wrong in (replace(PAYMENT, amount=Decimal("20000.01")), replace(PAYMENT, paid_on=date(2999, 1, 1))):
        with pytest.raises(UsageError):
            _pay(granted, wrong)

    assert all_rows(granted.database) == before


@pytest.mark.parametrize("quotas", [((2024, 0),), ((2023, 10),)])
def test_a_quota_below_what_is_granted_is_refused_with_its_line(
    granted: Workspace, quotas: tuple[tuple[int, int], ...]
) -> None:
    programme = _quotas(*quotas)
    line = 100 if quotas[0][0] == 2024 else RULES.line
    before = all_rows(granted.database)

    with pytest.raises(DataError) as refused:
        refuse_overdrawn(granted, programme)
    with pytest.raises(DataError, match=r"grant\.overdrawn"):
        _decide(granted, "SVA 9", programme=programme)

    assert _sentence(refused.value).startswith(
        f"Programmdatei smart-village-app.toml, Zeile {line}: Für 2024 gibt es 0 Plätze, bewilligt sind aber schon 1"
    )
    assert all_rows(granted.database) == before


def test_a_quota_that_is_just_used_up_is_in_order(granted: Workspace) -> None:
    refuse_overdrawn(granted, _quotas((2024, 1)))
    refuse_overdrawn(granted, load_programme("efa-nachnutzung"))


def test_an_unknown_case_number_is_refused(ready: Workspace) -> None:
    for verb in (_decide, _withdraw, _pay):
        with pytest.raises(UsageError, match=r"grant\.unknown"):
            verb(ready)


def test_the_programme_need_not_be_named_while_one_alone_gives_grants() -> None:
    assert grant_programme(None).code == "smart-village-app"
    assert grant_programme("smart-village-app").code == "smart-village-app"
    with pytest.raises(UsageError) as refused:
        grant_programme("efa-nachnutzung")
    assert "Mit Förderung: smart-village-app." in _sentence(refused.value)


def test_a_grant_that_fails_at_its_last_step_leaves_nothing(ready: Workspace) -> None:
    _apply(ready)
    with ready.database.writing() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    before = all_rows(ready.database)

    with pytest.raises(OzgflowError):
        _decide(ready)

    assert all_rows(ready.database) == before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    quota=st.integers(min_value=0, max_value=3),
    steps=st.lists(
        st.tuples(st.sampled_from(["apply", "decide", "reject", "withdraw", "pay"]), st.integers(0, 3)), max_size=24
    ),
)
def test_places_never_exceed_the_quota_whatever_the_order(
    filled_database: Path, tmp_path: Path, workspace: Workspace, quota: int, steps: list[tuple[str, int]]
) -> None:
    programme = _quotas((2024, quota))
    with _fresh(filled_database, tmp_path, workspace) as fresh:
        for at, (verb, who) in enumerate(steps):
            _try(fresh, programme, verb, who, at)

            found = views.listed(fresh, programme)

            holding = [one for one in found.applications if one.holds_place]
            assert found.places == ((2024, len(holding), quota),)
            assert len(holding) <= quota
            assert all(one.paid <= one.granted <= min(one.requested, RULES.ceiling) for one in found.applications)


@contextmanager
def _fresh(filled: Path, folder: Path, workspace: Workspace) -> Iterator[Workspace]:
    path = Path(shutil.copy(filled, folder / f"{next(_examples)}.db"))
    database = Database(f"sqlite:///{path}")
    fresh = replace(workspace, database=database)
    record(fresh, [participation(one) for one in APPLICANTS], now=NOW)
    yield fresh
    database.close()
    path.unlink()


def _try(workspace: Workspace, programme: Programme, verb: str, who: int, at: int) -> None:
    """Do something with the newest application of a municipality; what the rules refuse is refused."""
    own = [one for one in views.listed(workspace, programme).applications if one.municipality == APPLICANTS[who].ars]
    case = own[-1].case if own else "none"
    try:
        if verb == "apply":
            _apply(workspace, application("25000", case=f"SVA {at:02}", municipality=APPLICANTS[who]))
        elif verb in ("decide", "reject"):
            _decide(workspace, case, programme=programme, reject=verb == "reject")
        elif verb == "withdraw":
            _withdraw(workspace, case)
        else:
            payment = replace(PAYMENT, reference=f"Beleg {at}", amount=Decimal("7000.01"))
            jobs.pay(workspace, programme, case, payment, by="Kasse", today=TODAY, now=NOW)
    except UsageError:
        return


def _proofs(workspace: Workspace) -> list[Evidence]:
    with workspace.database.reading() as session:
        entries = read_evidence(session, [BARNIM.ars]).get(BARNIM.ars, ())
    return [entry for entry in entries if entry.kind == "foerderbescheid"]


def _gate_is_open(workspace: Workspace) -> bool:
    """Whether the gate of the grant is open for Barnim."""
    gate = next(gate for stage in PROGRAMME.stages for gate in stage.gates if gate.code == "foerderung-bewilligt")
    key = RolloutKey(programme=PROGRAMME.code, service=ItemCode(code="app"), municipality=BARNIM.ars)
    with workspace.database.reading() as session:
        entries = read_evidence(session, [BARNIM.ars])[BARNIM.ars]
    return gate.judge(workspace.facts(PROGRAMME, key, entries, today=TODAY)).is_open
