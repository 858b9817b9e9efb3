"""Approvals: by name, by those who may, by two where two are asked for, and every attempt in the log."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from ozgflow.domain.evidence import Answer
from ozgflow.domain.roles import Roles
from ozgflow.errors import OzgflowError, UsageError
from ozgflow.jobs.approvals import Approval, Approved, approve, audit_log
from ozgflow.jobs.evidence import by_person
from ozgflow.jobs.readiness import readiness
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.jobs.examples import KEY, PROGRAMME, bring, open_three
from tests.storage.rows import all_rows

LIESCHEN, OTTO, ERIKA = "Lieschen Müller", "Otto Normalverbraucher", "Erika Mustermann"
ROLES = Roles(people={"golive": frozenset({LIESCHEN, OTTO}), "fachverantwortung": frozenset({ERIKA})})
WANTED = {
    "kind": "golive-freigabe",
    "municipality": "Barnim",
    "service": "99010001001009",
    "reason": "Test bestanden",
}


def _approve(
    workspace: Workspace, by: str, *, answer: Answer = Answer.YES, changes: Mapping[str, str] | None = None
) -> Approved:
    wanted = Approval(**{**WANTED, **(changes or {})}, by=by, answer=answer)
    return approve(workspace, ROLES, wanted, today=TODAY, now=NOW)


def test_two_different_people_approve_going_live(workspace: Workspace) -> None:
    first = _approve(workspace, LIESCHEN)
    second = _approve(workspace, OTTO)

    assert (first.missing, second.missing) == (1, 0)
    assert second.people == (LIESCHEN, OTTO)


def test_the_same_person_twice_is_not_four_eyes(workspace: Workspace) -> None:
    _approve(workspace, LIESCHEN)

    with pytest.raises(UsageError) as refused:
        _approve(workspace, LIESCHEN)

    assert refused.value.code == "approval.twice"


def test_who_lacks_the_role_is_refused_and_logged(workspace: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        _approve(workspace, ERIKA)

    assert refused.value.code == "approval.role"
    entry = audit_log(workspace)[-1]
    assert (entry.who, entry.outcome, entry.reason.code) == (ERIKA, "refused", "approval.role")
    assert entry.before == entry.after == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "avv"}, "approval.kind"),
        ({"municipality": "Atlantis"}, "catalogue.municipality-unknown"),
        ({"reason": "  "}, "approval.words"),
        ({"service": "99000000000000"}, "catalogue.service-unknown"),
        ({"service": "gibt-es-nicht"}, "evidence.item-unknown"),
    ],
)
def test_every_attempt_is_logged_also_one_that_makes_no_sense(
    workspace: Workspace, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(OzgflowError) as refused:
        _approve(workspace, LIESCHEN, changes=changes)

    assert refused.value.code == code
    assert [entry.outcome for entry in audit_log(workspace)] == ["refused"]


def test_the_log_says_who_when_what_before_and_after(workspace: Workspace) -> None:
    _approve(workspace, LIESCHEN)
    _approve(workspace, OTTO)

    entry = audit_log(workspace)[-1]
    assert entry.who == OTTO
    assert entry.at == NOW
    assert entry.target == "golive-freigabe 120600000000 99010001001009"
    assert (entry.before, entry.after) == ([LIESCHEN], [LIESCHEN, OTTO])


def test_the_log_cannot_be_rewritten(workspace: Workspace) -> None:
    _approve(workspace, LIESCHEN)

    with pytest.raises((OzgflowError, DBAPIError)), workspace.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM audit")
    assert len(audit_log(workspace)) == 1


def test_a_refusal_closes_the_gate_until_the_same_person_approves(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "betrieb", KEY.municipality, lacks=["golive-freigabe"])
    _approve(workspace, LIESCHEN, answer=Answer.NO)

    assert "golive-freigegeben" in _closed_at_the_end(workspace)
    _approve(workspace, LIESCHEN)
    _approve(workspace, OTTO)
    assert "golive-freigegeben" not in _closed_at_the_end(workspace)


def _closed_at_the_end(workspace: Workspace) -> list[str]:
    """Gates of the whole programme that are closed for Barnim."""
    found = readiness(workspace, PROGRAMME, municipality="Barnim", service=str(KEY.service), today=TODAY)
    return [row.judged.gate.code for row in found.prerequisites if not row.judged.result.is_open]


def test_nobody_records_an_approval_as_plain_evidence(workspace: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        by_person(
            workspace,
            kind="golive-freigabe",
            municipality="Barnim",
            service="99010001001009",
            reference="Az. 1",
            by=LIESCHEN,
            observed_on=TODAY,
            today=TODAY,
        )

    assert refused.value.code == "evidence.by-approval"


def test_a_refused_attempt_changes_nothing_but_the_log(workspace: Workspace) -> None:
    before = all_rows(workspace.database)

    with pytest.raises(UsageError):
        _approve(workspace, ERIKA)

    after = all_rows(workspace.database)
    assert [table for table in before if before[table] != after[table]] == ["audit"]


def test_an_approval_for_a_programmes_own_item_can_be_given(workspace: Workspace) -> None:
    roles = Roles(people={"programmleitung": frozenset({ERIKA})})
    wanted = Approval(
        kind="bericht-stand-angenommen", municipality="Cottbus", service="e-government", by=ERIKA, reason="angenommen"
    )

    done = approve(workspace, roles, wanted, today=TODAY, now=NOW + timedelta(days=1))

    assert done.missing == 0
