"""EfA-Nachnutzung: one test for each fact of the programme."""

from datetime import date

import pytest

from ozgflow.jobs.workspace import Workspace
from tests.programmes.story import Story

DAY = date(2026, 11, 2)
WHO = "Elbe-Elster"
BEFORE_CONNECTION = (
    "interessensbekundung",
    "ansprechpersonen",
    "bus-bb-teilnahme",
    "fachverfahren-unterstuetzt",
    "nachnutzungsvertrag",
    "avv",
    "dsfa",
    "haushaltsmittel",
    "mandant",
)


@pytest.fixture
def story(workspace: Workspace) -> Story:
    told = Story(workspace, "efa-nachnutzung")
    told.open(WHO, day=DAY)
    for kind in BEFORE_CONNECTION:
        told.bring(kind, WHO, day=DAY)
    told.bring("zertifikat", WHO, day=DAY)
    return told


def test_it_has_nine_stages(story: Story) -> None:
    assert len(story.programme.stages) == 9


def test_without_competence_data_in_bus_bb_nobody_is_found_suitable(workspace: Workspace) -> None:
    story = Story(workspace, "efa-nachnutzung")
    story.open(WHO, day=DAY)
    for kind in ("interessensbekundung", "ansprechpersonen", "fachverfahren-unterstuetzt"):
        story.bring(kind, WHO, day=DAY)
    story.advance(DAY)

    assert story.stage(WHO, DAY) == "interesse"
    assert story.blockers(WHO, DAY) == ["zustaendigkeiten-gepflegt"]


def test_a_route_over_osci_needs_receiver_directory_entry_and_specialist_procedure(story: Story) -> None:
    story.bring("gebuehrenfrei", WHO, day=DAY)
    story.bring("dvdv-eintrag", WHO, day=DAY)
    story.advance(DAY)

    assert story.stage(WHO, DAY) == "basisdaten"
    assert story.blockers(WHO, DAY) == ["osci-empfaenger", "fachverfahren-angebunden"]


def test_a_route_over_osci_opens_when_all_three_are_there(story: Story) -> None:
    for kind in ("gebuehrenfrei", "dvdv-eintrag", "osci-empfaenger", "fachverfahren-angebunden"):
        story.bring(kind, WHO, day=DAY)
    story.advance(DAY)

    assert story.stage(WHO, DAY) == "anbindung"


def test_with_a_fit_connect_route_receiver_and_directory_entry_are_not_demanded(story: Story) -> None:
    story.bring("gebuehrenfrei", WHO, day=DAY)
    story.bring("fitconnect-zustellpunkt", WHO, day=DAY)
    story.advance(DAY)

    assert story.stage(WHO, DAY) == "anbindung"


def test_a_payment_component_is_needed_only_where_there_is_a_fee(story: Story) -> None:
    story.bring("fitconnect-zustellpunkt", WHO, day=DAY)
    story.advance(DAY)
    with_fee = story.blockers(WHO, DAY)

    story.bring("gebuehrenfrei", WHO, day=DAY)
    story.advance(DAY)

    assert with_fee == ["bezahlung-moeglich"]
    assert story.stage(WHO, DAY) == "anbindung"


def test_nobody_goes_live_without_a_legally_safe_channel_for_status_and_decision(story: Story) -> None:
    for kind in ("gebuehrenfrei", "fitconnect-zustellpunkt", "integrationstest", "fachliche-freigabe"):
        story.bring(kind, WHO, day=DAY)
    story.bring("nachricht", WHO, day=DAY, subjects=["1.xml", "2.xml", "3.xml"])
    for kind in ("golive-freigabe", "onlinedienst-veroeffentlicht"):
        story.bring(kind, WHO, day=DAY)
    story.advance(DAY)

    assert story.stage(WHO, DAY) == "test"
    assert story.blockers(WHO, DAY) == ["rueckkanal-rechtssicher"]


def test_one_pair_of_eyes_does_not_approve_going_live(story: Story) -> None:
    for kind in ("gebuehrenfrei", "fitconnect-zustellpunkt", "integrationstest", "fachliche-freigabe", "rueckkanal"):
        story.bring(kind, WHO, day=DAY)
    story.bring("nachricht", WHO, day=DAY, subjects=["1.xml", "2.xml", "3.xml"])
    story.bring("onlinedienst-veroeffentlicht", WHO, day=DAY)
    story.bring("golive-freigabe", WHO, day=DAY, subjects=["Lieschen Müller"])
    story.advance(DAY)

    assert story.blockers(WHO, DAY) == ["golive-freigegeben"]
    story.bring("golive-freigabe", WHO, day=DAY, subjects=["Otto Normalverbraucher"])
    story.advance(DAY)
    assert story.stage(WHO, DAY) == "golive"
