"""Modellkommune E-Government (BMI, 2014–2016): one test for each fact of the programme."""

from dataclasses import replace
from datetime import date

import pytest

from ozgflow.domain.evidence import Answer
from ozgflow.domain.gates import Facts
from ozgflow.domain.municipalities import Municipality, MunicipalityKind
from ozgflow.domain.programmes import Programme
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Workspace
from tests.domain.facts import MUNICIPALITY, facts
from tests.programmes.story import Story

DAY = date(2014, 6, 1)
EIGHT = ("Cottbus", "Brandenburg an der Havel", "Barnim", "Prignitz", "Uckermark", "Rathenow", "Forst", "Guben")
REPORTS = ("bericht-stand", "bericht-konzept", "bericht-umsetzung", "bericht-ergebnis")


@pytest.fixture
def story(workspace: Workspace) -> Story:
    told = Story(workspace, "modellkommune-e-government")
    told.open("Cottbus", day=DAY)
    told.bring("auswahl-1", "Cottbus", day=DAY)
    return told


def _may_take_part(programme: Programme, kind: MunicipalityKind, population: int) -> bool:
    here: Municipality = replace(MUNICIPALITY, kind=kind, population=population)
    known: Facts = replace(facts(), municipality=here)
    return all(gate.judge(known).is_open for gate in programme.conditions)


def test_a_town_of_300000_inhabitants_may_take_part_and_one_of_300001_may_not(story: Story) -> None:
    town = MunicipalityKind.KREISFREIE_STADT

    assert _may_take_part(story.programme, town, 300_000)
    assert not _may_take_part(story.programme, town, 300_001)


def test_a_landkreis_above_the_limit_may_take_part(story: Story) -> None:
    assert _may_take_part(story.programme, MunicipalityKind.LANDKREIS, 300_001)


def test_three_landkreise_are_expected(story: Story) -> None:
    assert story.programme.expected == {MunicipalityKind.LANDKREIS: 3}


def test_there_were_two_competitions(story: Story) -> None:
    story.open("Barnim", day=DAY)
    story.bring("auswahl-2", "Barnim", day=DAY)
    story.advance(DAY)

    assert story.stage("Cottbus", DAY) == story.stage("Barnim", DAY) == "ausgewaehlt"


def test_there_are_eight_places_and_no_ninth(story: Story) -> None:
    nine = (*EIGHT, "Spremberg")
    story.open(*nine, day=DAY)
    story.bring("auswahl-2", *nine, day=DAY)
    story.advance(DAY)

    assert [story.stage(name, DAY) for name in nine].count("ausgewaehlt") == 8


def test_the_four_reports_are_owed_in_order(story: Story) -> None:
    codes = [stage.code for stage in story.programme.stages]
    assert codes[1:5] == ["statusbericht", "konzept", "umsetzungsbericht", "ergebnisbeitrag"]

    for kind in ("bericht-konzept", "bericht-konzept-angenommen"):
        story.bring(kind, "Cottbus", day=DAY)
    story.advance(DAY)

    assert story.stage("Cottbus", DAY) == "ausgewaehlt"


def test_a_report_that_is_handed_in_is_not_a_duty_fulfilled(story: Story) -> None:
    story.bring("bericht-stand", "Cottbus", day=DAY)
    story.advance(DAY)
    handed_in = story.stage("Cottbus", DAY)

    story.bring("bericht-stand-angenommen", "Cottbus", day=DAY)
    story.advance(DAY)

    assert (handed_in, story.stage("Cottbus", DAY)) == ("ausgewaehlt", "statusbericht")


def _all_reports(story: Story) -> None:
    for kind in REPORTS:
        story.bring(kind, "Cottbus", day=DAY)
        story.bring(f"{kind}-angenommen", "Cottbus", day=DAY)


def test_the_other_seven_have_to_attend_the_workshop(story: Story) -> None:
    _all_reports(story)
    story.bring("workshop-teilnahme", "Cottbus", day=DAY, subjects=EIGHT[1:7])
    story.advance(DAY)
    with_six = story.stage("Cottbus", DAY)

    story.bring("workshop-teilnahme", "Cottbus", day=DAY, subjects=EIGHT[7:])
    story.advance(DAY)

    assert (with_six, story.stage("Cottbus", DAY)) == ("ergebnisbeitrag", "erfuellt")


def test_full_realisation_is_not_the_measure_of_success(story: Story) -> None:
    _all_reports(story)
    story.bring("workshop-teilnahme", "Cottbus", day=DAY, subjects=EIGHT[1:])
    story.bring("pilot-in-betrieb", "Cottbus", day=DAY, answer=Answer.NO)
    story.advance(DAY)

    assert story.board(DAY).counted == 1


def test_membership_of_the_network_continues_after_the_end(story: Story) -> None:
    term = story.programme.term
    assert term is not None
    assert term.members_from == "ausgewaehlt"
    assert term.is_member(has_joined=True, day=date(2030, 1, 1))
    assert not term.is_member(has_joined=False, day=date(2015, 1, 1))


def test_after_the_end_nobody_is_taken_in(story: Story) -> None:
    with pytest.raises(UsageError) as refused:
        story.open("Barnim", day=date(2017, 1, 1))

    assert refused.value.code == "rollout.term"
