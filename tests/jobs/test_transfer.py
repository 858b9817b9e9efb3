"""A transfer by a plan: wholly or not at all, and twice the same changes nothing."""

from dataclasses import replace

import pytest

from ozgflow.domain.transfers import Transfer
from ozgflow.errors import UsageError
from ozgflow.jobs.transfer import TransferSummary, transfer
from ozgflow.jobs.undertakings import begin, find, listed, set_goal
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.undertakings import add_undertaking
from tests.conftest import NOW, TODAY
from tests.domain.undertakings import APPLICATION, BARNIM, FLAEMING, MITTELMARK, PLAN, UNDERTAKING
from tests.storage.rows import all_rows


@pytest.fixture
def begun(workspace: Workspace) -> Workspace:
    """A workspace with the undertaking of one Landkreis."""
    with workspace.database.writing() as session:
        add_undertaking(session, UNDERTAKING, by="Erika Mustermann", now=NOW)
    return workspace


def _transfer(workspace: Workspace, plan: Transfer = PLAN, *, dry_run: bool = False) -> TransferSummary:
    return transfer(workspace, plan, by="Max Mustermann", now=NOW, dry_run=dry_run)


def test_what_one_landkreis_did_alone_several_carry_on(begun: Workspace) -> None:
    summary = _transfer(begun)

    assert summary.is_written
    assert find(begun, "dk-pm").successors == ("dk-antrag", "dk-konto")
    assert find(begun, "dk-antrag").users == (MITTELMARK, FLAEMING)
    assert find(begun, "dk-konto").users == (BARNIM, FLAEMING)
    assert find(begun, "dk-konto").goal("antrag") == APPLICATION


def test_a_dry_run_tells_the_same_and_writes_nothing(begun: Workspace) -> None:
    before = all_rows(begun.database)

    summary = _transfer(begun, dry_run=True)

    assert not summary.is_written
    assert all_rows(begun.database) == before
    assert summary.successors == _transfer(begun).successors


def test_the_same_plan_again_is_known_and_changes_nothing(begun: Workspace) -> None:
    _transfer(begun)
    before = all_rows(begun.database)

    again = _transfer(begun)

    assert (again.is_known, again.is_written, again.complaints) == (True, False, ())
    assert all_rows(begun.database) == before


def test_another_plan_for_what_was_transferred_is_refused(begun: Workspace) -> None:
    _transfer(begun)
    before = all_rows(begun.database)
    otherwise = replace(PLAN, goals=(*PLAN.goals[:2], replace(PLAN.goals[2], reason="Zu teuer.")))

    summary = _transfer(begun, otherwise)

    assert [one.sentence.code for one in summary.complaints] == ["transfer.already"]
    assert all_rows(begun.database) == before


def test_a_plan_with_complaints_writes_nothing_and_tells_them_all_by_line(begun: Workspace) -> None:
    before = all_rows(begun.database)
    first, second = PLAN.successors
    faulty = replace(
        PLAN,
        successors=(replace(first, municipalities=("Golzow",)), replace(second, municipalities=("Atlantis",))),
        goals=PLAN.goals[:2],
    )

    summary = _transfer(begun, faulty)

    assert [(one.line, one.sentence.code) for one in summary.complaints] == [
        (0, "transfer.goal-missing"),
        (3, "catalogue.municipality-ambiguous"),
        (8, "catalogue.municipality-unknown"),
    ]
    assert not summary.is_written
    assert all_rows(begun.database) == before


def test_the_transferred_one_can_no_longer_be_changed_and_says_where_it_goes_on(begun: Workspace) -> None:
    _transfer(begun)

    with pytest.raises(UsageError) as late_goal:
        set_goal(begun, undertaking="dk-pm", goal="neu", title="Neu", now=NOW)
    with pytest.raises(UsageError) as late_user:
        begin(
            begun,
            code="dk-pm",
            programme="digitalkommune",
            title=UNDERTAKING.title,
            municipalities=["Prignitz"],
            planned_since=TODAY,
            by="x",
            today=TODAY,
            now=NOW,
        )

    for refused in (late_goal, late_user):
        assert refused.value.code == "undertaking.transferred"
        assert refused.value.params["successors"] == "dk-antrag, dk-konto"


def test_a_plan_for_an_undertaking_that_is_not_there_is_wrong_use(begun: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        _transfer(begun, replace(PLAN, undertaking="anderes"))

    assert refused.value.code == "undertaking.unknown"


def test_somebody_has_to_decide_it(begun: Workspace) -> None:
    with pytest.raises(UsageError):
        transfer(begun, PLAN, by=" ", now=NOW)

    assert [one.code for one in listed(begun)] == ["dk-pm"]
