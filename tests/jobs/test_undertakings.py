"""Undertakings as people begin them: checked before they are believed, the same twice changes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.domain.undertakings import UndertakingState, WorkKind
from ozgflow.errors import UsageError
from ozgflow.jobs.undertakings import Begun, begin, find, listed, record_work, set_goal, undertaking_rules, warned
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.domain.undertakings import BARNIM, MITTELMARK
from tests.storage.rows import all_rows

TOMORROW = TODAY + timedelta(days=1)


def _begin(workspace: Workspace, **differently: Any) -> Begun:
    words: dict[str, Any] = {
        "code": "dk-pm",
        "programme": "digitalkommune",
        "title": "Digitalkommune Potsdam-Mittelmark",
        "municipalities": ["Potsdam-Mittelmark"],
        "planned_since": date(2026, 11, 1),
        "by": "Erika Mustermann",
        "today": TODAY,
        "now": NOW,
    }
    return begin(workspace, **{**words, **differently})


def _work(workspace: Workspace, **differently: Any) -> bool:
    words: dict[str, Any] = {
        "undertaking": "dk-pm",
        "goal": "antrag",
        "kind": WorkKind.NOTE,
        "text": "Formulare vereinheitlicht",
        "by": "Max Mustermann",
        "day": TODAY,
        "today": TODAY,
        "now": NOW,
    }
    return record_work(workspace, **{**words, **differently})


@pytest.fixture
def begun(workspace: Workspace) -> Workspace:
    """A workspace with one undertaking and one goal."""
    _begin(workspace)
    set_goal(workspace, undertaking="dk-pm", goal="antrag", title="Anträge online", now=NOW)
    return workspace


def test_the_digitalkommune_of_one_landkreis_is_an_island(workspace: Workspace) -> None:
    done = _begin(workspace)

    (warning,) = warned(done.undertaking, today=TODAY)
    assert done.is_new
    assert done.undertaking.users == (MITTELMARK,)
    assert Wording.load().render(warning).startswith("Insellösung: 1 von mindestens 2")


def test_beginning_again_lets_others_join_and_the_island_is_none_any_more(workspace: Workspace) -> None:
    _begin(workspace)

    done = _begin(workspace, municipalities=["Potsdam-Mittelmark", "Barnim"])

    assert not done.is_new
    assert done.joined == (BARNIM,)
    assert find(workspace, "dk-pm").users == (BARNIM, MITTELMARK)
    assert warned(done.undertaking, today=TODAY) == ()


def test_beginning_the_same_twice_changes_nothing(workspace: Workspace) -> None:
    _begin(workspace)
    before = all_rows(workspace.database)

    done = _begin(workspace, planned_since=TODAY, by="Max Mustermann")

    assert (done.is_new, done.joined) == (False, ())
    assert all_rows(workspace.database) == before


@pytest.mark.parametrize(
    ("differently", "told"),
    [
        ({"code": "DK PM"}, "Kleinbuchstaben"),
        ({"title": " "}, "--title"),
        ({"by": ""}, "--by"),
        ({"by": "Erika\x1b[31m"}, "druckbare"),
        ({"municipalities": []}, "--municipality"),
        ({"municipalities": ["Atlantis"]}, "Atlantis"),
        ({"planned_since": TOMORROW}, "23.11.2026"),
        ({"programme": "efa-nachnutzung"}, "kennt keine Vorhaben"),
        ({"programme": "anderes"}, "Bekannt sind: digitalkommune"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_nothing_is_written(
    workspace: Workspace, differently: dict[str, Any], told: str
) -> None:
    before = all_rows(workspace.database)

    with pytest.raises(UsageError) as refused:
        _begin(workspace, **differently)

    error = Message(refused.value.code, refused.value.params)
    assert told in Wording.load().render(error)
    assert Wording.load(Language.ENGLISH).render(error)
    assert all_rows(workspace.database) == before


def test_a_code_that_another_undertaking_has_is_refused(workspace: Workspace) -> None:
    _begin(workspace)

    with pytest.raises(UsageError) as refused:
        _begin(workspace, title="Etwas anderes")

    assert refused.value.code == "undertaking.other"


def test_work_on_a_goal_ends_the_planning(begun: Workspace) -> None:
    before = find(begun, "dk-pm").state

    news = _work(begun)

    assert news
    assert (before, find(begun, "dk-pm").state) == (UndertakingState.PLANNED, UndertakingState.UNDER_WAY)


def test_a_goal_is_reached_with_what_shows_it(begun: Workspace) -> None:
    _work(begun, kind=WorkKind.REFERENCE, text="Az. 7/2026")
    _work(begun, kind=WorkKind.FINISHED, text="Abnahme 3/2026")

    found = find(begun, "dk-pm")
    (goal,) = found.goals
    assert goal.finished_on == TODAY
    assert [(entry.kind, entry.text) for entry in goal.work] == [
        (WorkKind.REFERENCE, "Az. 7/2026"),
        (WorkKind.FINISHED, "Abnahme 3/2026"),
    ]
    assert found.state is UndertakingState.FINISHED


def test_the_same_goal_and_the_same_work_again_change_nothing(begun: Workspace) -> None:
    _work(begun)
    before = all_rows(begun.database)

    again = set_goal(begun, undertaking="dk-pm", goal="antrag", title="Anträge online", now=NOW), _work(begun)

    assert again == (False, False)
    assert all_rows(begun.database) == before


@pytest.mark.parametrize(
    ("differently", "code"),
    [
        ({"undertaking": "anderes"}, "undertaking.unknown"),
        ({"goal": "anderes"}, "undertaking.goal-unknown"),
        ({"text": ""}, "words.missing"),
        ({"by": " "}, "words.missing"),
        ({"day": TOMORROW}, "undertaking.future"),
    ],
)
def test_work_that_cannot_be_is_refused(begun: Workspace, differently: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as refused:
        _work(begun, **differently)

    assert refused.value.code == code


def test_a_goal_is_reached_once(begun: Workspace) -> None:
    _work(begun, kind=WorkKind.FINISHED, text="Abnahme 3/2026")

    with pytest.raises(UsageError) as refused:
        _work(begun, kind=WorkKind.FINISHED, text="Abnahme 4/2026")

    assert refused.value.code == "undertaking.goal-finished"


def test_a_goal_keeps_its_title(begun: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        set_goal(begun, undertaking="dk-pm", goal="antrag", title="Etwas anderes", now=NOW)

    assert refused.value.code == "undertaking.goal-other"


def test_undertakings_are_listed_by_code(workspace: Workspace) -> None:
    for code in ("b", "a"):
        _begin(workspace, code=code)

    assert [one.code for one in listed(workspace)] == ["a", "b"]


def test_rules_that_are_gone_are_told_and_keep_nothing_from_being_shown(workspace: Workspace) -> None:
    undertaking = _begin(workspace).undertaking
    orphan = replace(undertaking, programme="verschwunden")

    assert [warning.code for warning in warned(orphan, today=TODAY)] == ["programme.unknown"]
    assert undertaking_rules("digitalkommune").minimum_users == 2
