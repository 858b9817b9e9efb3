"""Smart Village App – Nachnutzung und Förderung: one test for each fact of the programme that is no rule of money.

Those of money are in ``tests/domain/test_grants.py`` and ``tests/jobs/test_grants.py``.
"""

from datetime import date, timedelta

import pytest

from ozgflow.jobs.workspace import Workspace
from tests.programmes.story import Story

DAY = date(2024, 3, 1)
UP_TO_ADAPTATION = ("interessensbekundung", "bus-bb-teilnahme", "foerderbescheid", "app-eingerichtet")


@pytest.fixture
def story(workspace: Workspace) -> Story:
    return Story(workspace, "smart-village-app")


def _live(story: Story, *names: str) -> None:
    for kind in (*UP_TO_ADAPTATION, "app-veroeffentlicht", "bus-bb-verknuepfung"):
        story.bring(kind, *names, day=DAY)
    story.advance(DAY)


def test_the_app_comes_from_bad_belzig_and_has_been_live_there_since_13_08_2019(story: Story) -> None:
    origin = story.programme.origin

    assert origin is not None
    assert origin.municipality == story.ars("Bad Belzig")
    assert origin.since == date(2019, 8, 13)


def test_the_origin_is_never_counted_as_a_reuser(story: Story) -> None:
    opened = story.open("Bad Belzig", "Falkensee", day=DAY)
    _live(story, "Falkensee")

    assert [one.reason.code for one in opened.refused] == ["rollout.origin"]
    assert story.board(DAY).counted == 1
    assert story.board(DAY).reached() == {story.ars("Falkensee")}


def test_a_landkreis_adopts_with_tenants_and_each_gemeinde_keeps_its_own_stage(story: Story) -> None:
    story.open("Elbe-Elster", "Finsterwalde", "Doberlug-Kirchhain", day=DAY)
    _live(story, "Elbe-Elster")
    for kind in UP_TO_ADAPTATION:
        story.bring(kind, "Finsterwalde", day=DAY)
    story.bring("interessensbekundung", "Doberlug-Kirchhain", day=DAY)
    story.advance(DAY)

    stages = [story.stage(name, DAY) for name in ("Elbe-Elster", "Finsterwalde", "Doberlug-Kirchhain")]
    assert stages == ["live", "anpassung", "interesse"]


def test_without_a_bus_bb_link_that_answers_the_app_is_not_live(story: Story) -> None:
    story.open("Falkensee", day=DAY)
    for kind in (*UP_TO_ADAPTATION, "app-veroeffentlicht"):
        story.bring(kind, "Falkensee", day=DAY)
    story.advance(DAY)

    assert story.stage("Falkensee", DAY) == "anpassung"
    assert story.blockers("Falkensee", DAY) == ["bus-bb-antwortet"]


def test_a_link_that_nobody_has_seen_answering_for_a_month_confirms_nothing(story: Story) -> None:
    story.open("Falkensee", day=DAY)
    _live(story, "Falkensee")

    assert story.board(DAY + timedelta(days=30)).counted == 1
    assert story.board(DAY + timedelta(days=31)).counted == 0
    story.bring("bus-bb-verknuepfung", "Falkensee", day=DAY + timedelta(days=31))
    assert story.board(DAY + timedelta(days=31)).counted == 1


def test_without_participation_in_bus_bb_nobody_gets_to_the_grant(story: Story) -> None:
    story.open("Falkensee", day=DAY)
    for kind in ("interessensbekundung", "foerderbescheid"):
        story.bring(kind, "Falkensee", day=DAY)
    story.advance(DAY)

    assert story.stage("Falkensee", DAY) == "interesse"


def test_only_municipalities_of_brandenburg_take_part(story: Story) -> None:
    opened = story.open("Schwerin MV", day=DAY)

    assert opened.count == 0
    assert [one.reason.code for one in opened.refused] == ["rollout.condition"]
