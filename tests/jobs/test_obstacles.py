"""Naming and clearing obstacles: checked before they are believed, and reported with denominators."""

from datetime import date, timedelta
from typing import Any

import pytest

from ozgflow.domain.messages import Wording
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.obstacles import clear_obstacle, obstacles, open_obstacles, raise_obstacle, report_obstacles
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.jobs.examples import KEY, KEYS, PROGRAMME, SERVICE, bring, open_three
from tests.storage.rows import all_rows

EARLIER = TODAY - timedelta(days=100)


@pytest.fixture
def opened(workspace: Workspace) -> Workspace:
    """A workspace in which three rollouts are open."""
    open_three(workspace)
    return workspace


def _raise(workspace: Workspace, key: RolloutKey = KEY, **differently: Any) -> bool:
    words: dict[str, Any] = {
        "kind": "kosten",
        "owner": "Kämmerei",
        "by": "Erika Mustermann",
        "day": TODAY,
        "today": TODAY,
        "now": NOW,
    }
    return raise_obstacle(workspace, key, **{**words, **differently})


def _clear(workspace: Workspace, *, day: date = TODAY, kind: str = "kosten") -> bool:
    return clear_obstacle(workspace, KEY, kind=kind, by="Erika Mustermann", day=day, today=TODAY, now=NOW)


def test_an_obstacle_has_owner_day_and_note(opened: Workspace) -> None:
    _raise(opened, owner=" Kämmerei ", day=EARLIER, note=" Haushalt offen ")

    (known,) = obstacles(opened, KEYS, today=TODAY)

    assert (known.kind, known.owner, known.raised_on) == ("kosten", "Kämmerei", EARLIER)
    assert known.note is not None
    assert Wording.load().render(known.note) == "Haushalt offen"


def test_raising_again_changes_nothing(opened: Workspace) -> None:
    _raise(opened)
    before = all_rows(opened.database)

    assert not _raise(opened, owner="Rechtsamt")
    assert all_rows(opened.database) == before


def test_a_cleared_obstacle_is_not_open_any_more_but_was(opened: Workspace) -> None:
    _raise(opened, day=EARLIER)

    assert _clear(opened)

    assert open_obstacles(opened, KEYS, today=TODAY) == {}
    yesterday = open_obstacles(opened, KEYS, today=TODAY - timedelta(days=1))
    assert [one.kind for one in yesterday[KEY]] == ["kosten"]


def test_clearing_what_is_not_open_changes_nothing(opened: Workspace) -> None:
    assert not _clear(opened)


@pytest.mark.parametrize(
    ("differently", "code"),
    [
        ({"kind": "faulheit"}, "obstacle.kind-unknown"),
        ({"owner": "  "}, "obstacle.owner"),
        ({"by": ""}, "obstacle.by"),
        ({"day": TODAY + timedelta(days=1)}, "obstacle.future"),
        ({"note": "zwei\nZeilen"}, "obstacle.unprintable"),
    ],
)
def test_an_impossible_obstacle_is_refused(opened: Workspace, differently: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as refused:
        _raise(opened, **differently)

    assert refused.value.code == code
    assert obstacles(opened, KEYS, today=TODAY) == ()


def test_an_unknown_obstacle_is_told_with_the_list(opened: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        _clear(opened, kind="faulheit")

    assert "kosten, aufwand" in str(refused.value.params["known"])


def test_a_rollout_that_is_not_open_has_no_obstacle(workspace: Workspace) -> None:
    with pytest.raises(UsageError) as refused:
        _raise(workspace)

    assert refused.value.code == "obstacle.rollout-not-open"
    assert refused.value.params["name"] == "Landkreis Barnim"


def test_the_report_counts_those_with_and_those_without_an_obstacle(opened: Workspace) -> None:
    _raise(opened, day=EARLIER)

    found = report_obstacles(opened, PROGRAMME, KEYS, today=TODAY)

    field = opened.catalogue.service(SERVICE).field
    assert (found.total, found.held, found.unnamed, found.unjudged) == (3, 3, tuple(KEYS[1:]), 0)
    assert [(one.field, one.kinds, one.count, one.total) for one in found.fields] == [(field, ("kosten",), 1, 1)]
    assert [one.count for one in found.ages] == [0, 0, 1, 0]


def test_an_obstacle_of_a_rollout_that_can_move_is_told_apart(opened: Workspace) -> None:
    bring(opened, "interesse", KEY.municipality)
    _raise(opened)

    found = report_obstacles(opened, PROGRAMME, KEYS, today=TODAY)

    assert (found.held, [one.key for one in found.elsewhere]) == (2, [KEY])
