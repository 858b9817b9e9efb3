"""OZG-Umsetzung Ein- und Auswanderung: one test for each fact of the programme."""

from datetime import date, timedelta

import pytest

from ozgflow.domain.programmes import START
from ozgflow.domain.service_keys import ItemCode
from ozgflow.jobs.plan import plan_rollouts
from ozgflow.jobs.workspace import Workspace
from tests.programmes.story import Story

DAY = date(2021, 3, 1)
WORK, FAMILY, SKILLED = "erwerbstaetigkeit", "familiaere-gruende", "beschleunigtes-fachkraefteverfahren"


@pytest.fixture
def story(workspace: Workspace) -> Story:
    return Story(workspace, "ein-und-auswanderung", WORK)


def _go_online(story: Story, name: str, item: str, day: date = DAY) -> None:
    for kind in ("interessensbekundung", "mandant", "antragsstrecke-online"):
        story.bring(kind, name, day=day, item=item)


def test_brandenburg_leads_with_the_foreign_office_and_the_ministry_of_the_interior(story: Story) -> None:
    assert story.programme.lead == ("Brandenburg", "Auswärtiges Amt", "Bundesministerium des Innern")


def test_the_unit_is_the_immigration_authority_of_landkreis_or_kreisfreie_stadt(story: Story) -> None:
    opened = story.open("Elbe-Elster", "Potsdam", "Finsterwalde", day=DAY)

    assert opened.count == 2
    assert [one.key.municipality for one in opened.refused] == [story.ars("Finsterwalde")]


def test_in_2021_the_service_had_six_application_routes(story: Story) -> None:
    assert len(story.programme.items) == 6
    assert {str(item.ozg_id) for item in story.programme.items.values()} == {"10255"}


def test_each_route_has_a_stage_of_its_own(story: Story) -> None:
    story.open("Elbe-Elster", day=DAY)
    story.open("Elbe-Elster", day=DAY, item=FAMILY)
    _go_online(story, "Elbe-Elster", WORK)
    story.bring("interessensbekundung", "Elbe-Elster", day=DAY, item=FAMILY)
    story.advance(DAY)

    assert story.stage("Elbe-Elster", DAY, item=WORK) == "online"
    assert story.stage("Elbe-Elster", DAY, item=FAMILY) == "angemeldet"


def test_the_service_stands_where_its_most_advanced_route_stands_because_the_file_says_so(story: Story) -> None:
    story.open("Elbe-Elster", day=DAY)
    story.open("Elbe-Elster", day=DAY, item=FAMILY)
    _go_online(story, "Elbe-Elster", WORK)
    story.advance(DAY)

    assert story.board(DAY).whole() == {story.ars("Elbe-Elster"): "online"}
    assert story.board(DAY).reached() == {story.ars("Elbe-Elster")}


def test_online_does_not_mean_connected_to_the_specialist_procedure(story: Story) -> None:
    story.open("Elbe-Elster", day=DAY)
    _go_online(story, "Elbe-Elster", WORK)
    story.advance(DAY)
    before = story.stage("Elbe-Elster", DAY)

    for kind in ("fitconnect-zustellpunkt", "fachverfahren-angebunden"):
        story.bring(kind, "Elbe-Elster", day=DAY)
    story.bring("nachricht", "Elbe-Elster", day=DAY, subjects=["1.xml"])
    story.advance(DAY)

    assert (before, story.stage("Elbe-Elster", DAY)) == ("online", "angebunden")


def test_for_skilled_workers_one_authority_is_competent_for_the_whole_land(story: Story) -> None:
    plan = plan_rollouts(story.workspace.catalogue, programme="ein-und-auswanderung", services=[SKILLED], today=DAY)

    assert [key.municipality for key in plan.keys] == [story.ars("Dahme-Spreewald")]


def test_any_other_authority_stays_closed_for_skilled_workers(story: Story) -> None:
    story.open("Elbe-Elster", "Dahme-Spreewald", day=DAY, item=SKILLED)
    for name in ("Elbe-Elster", "Dahme-Spreewald"):
        _go_online(story, name, SKILLED)
    story.advance(DAY)

    assert story.stage("Elbe-Elster", DAY, item=SKILLED) == START
    assert story.stage("Dahme-Spreewald", DAY, item=SKILLED) == "online"


def test_before_october_2020_every_authority_was_competent_for_skilled_workers(story: Story) -> None:
    code, first = ItemCode.parse(SKILLED), date(2020, 10, 1)

    assert story.programme.competence(code, first - timedelta(days=1)) is None
    assert story.programme.competence(code, first) is not None


def test_counts_by_land_name_their_denominator_and_their_day(story: Story) -> None:
    story.open("Elbe-Elster", "Potsdam", day=DAY)
    _go_online(story, "Elbe-Elster", WORK)
    story.advance(DAY)

    assert story.board(DAY, looking_back=True).by_land() == {"12": (1, 2)}
    assert story.board(DAY - timedelta(days=1), looking_back=True).reached() == frozenset()
