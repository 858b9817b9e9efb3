"""Modellkommune Online-Interaktion: one test for each fact of the programme."""

from datetime import date

import pytest

from ozgflow.domain.programmes import START
from ozgflow.jobs.workspace import Workspace
from tests.programmes.story import Story

DAY = date(2020, 1, 15)
SEVEN = ("Bad Belzig", "Falkensee", "Oranienburg", "Eberswalde", "Wittstock/Dosse", "Luckenwalde", "Senftenberg")


@pytest.fixture
def story(workspace: Workspace) -> Story:
    told = Story(workspace, "online-interaktion")
    told.open(*SEVEN, day=DAY)
    told.bring("interessensbekundung", *SEVEN, day=DAY)
    return told


def test_interest_is_no_commitment(story: Story) -> None:
    story.advance(DAY)

    assert {story.stage(name, DAY) for name in SEVEN} == {"interesse"}


def test_there_are_six_model_municipalities_and_no_seventh(story: Story) -> None:
    story.bring("teilnahme-zugesagt", *SEVEN, day=DAY)
    story.advance(DAY)

    stages = [story.stage(name, DAY) for name in SEVEN]
    assert stages.count("teilnahme") == 6
    left_out = SEVEN[stages.index("interesse")]
    assert story.blockers(left_out, DAY) == ["platz"]


def test_those_who_have_a_place_keep_it_while_others_wait(story: Story) -> None:
    story.bring("teilnahme-zugesagt", *SEVEN, day=DAY)
    story.advance(DAY)
    before = [story.stage(name, DAY) for name in SEVEN]
    story.advance(DAY)

    assert [story.stage(name, DAY) for name in SEVEN] == before
    assert story.board(DAY).unconfirmed == 0


def test_a_pilot_that_nobody_else_has_taken_over_is_not_complete(story: Story) -> None:
    for kind in ("teilnahme-zugesagt", "pilot-in-betrieb"):
        story.bring(kind, "Bad Belzig", day=DAY)
    story.advance(DAY)

    assert story.stage("Bad Belzig", DAY) == "pilot"
    assert story.blockers("Bad Belzig", DAY) == ["uebernommen"]


def test_a_pilot_is_complete_when_another_municipality_runs_it_too(story: Story) -> None:
    for kind in ("teilnahme-zugesagt", "pilot-in-betrieb"):
        story.bring(kind, "Bad Belzig", "Falkensee", day=DAY)
    story.advance(DAY)
    story.advance(DAY)

    assert story.stage("Bad Belzig", DAY) == "abgeschlossen"


def test_only_municipalities_of_brandenburg_take_part(story: Story) -> None:
    assert [gate.parameters for gate in story.programme.conditions] == [{"land": "12"}]


def test_without_an_answer_to_the_survey_nothing_begins(workspace: Workspace) -> None:
    story = Story(workspace, "online-interaktion")
    story.open("Potsdam", day=DAY)
    story.bring("teilnahme-zugesagt", "Potsdam", day=DAY)
    story.advance(DAY)

    assert story.stage("Potsdam", DAY) == START
