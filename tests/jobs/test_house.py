"""Contacts and next steps as people type them."""

from datetime import timedelta
from typing import Any

import pytest

from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.errors import UsageError
from ozgflow.jobs.house import (
    add_step,
    contact_history,
    contacts,
    finish_step,
    missing_contacts,
    set_contact,
    steps,
)
from ozgflow.jobs.undertakings import begin
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.domain.undertakings import MITTELMARK
from tests.jobs.examples import BARNIM, PRIGNITZ, UCKERMARK, open_three
from tests.storage.rows import all_rows

LATER = NOW + timedelta(hours=1)


def _set(workspace: Workspace, person: str = "Erika Mustermann", municipality: str = "Barnim") -> bool:
    return set_contact(workspace, municipality=municipality, person=person, by="Leitung", now=NOW)


def _add(workspace: Workspace, text: str = "Vertrag zeichnen", municipality: str = "Barnim") -> bool:
    return add_step(workspace, municipality=municipality, text=text, by="Erika Mustermann", now=NOW)


def test_every_municipality_has_one_contact_and_the_former_ones_are_remembered(workspace: Workspace) -> None:
    _set(workspace, " Erika Mustermann ")
    _set(workspace, "Max Mustermann")

    assert {ars: contact.person for ars, contact in contacts(workspace).items()} == {BARNIM: "Max Mustermann"}
    assert [contact.person for contact in contact_history(workspace)] == ["Erika Mustermann", "Max Mustermann"]


def test_a_function_is_as_good_as_a_name(workspace: Workspace) -> None:
    _set(workspace, "Leitung der Geschäftsstelle")

    assert contacts(workspace)[BARNIM].person == "Leitung der Geschäftsstelle"


def test_those_without_a_contact_are_told_of_all_who_take_part(workspace: Workspace) -> None:
    open_three(workspace)
    _set(workspace)

    coverage = missing_contacts(workspace)

    assert coverage.asked == (BARNIM, PRIGNITZ, UCKERMARK)
    assert coverage.missing == (PRIGNITZ, UCKERMARK)


def test_the_users_of_an_undertaking_take_part_too(workspace: Workspace) -> None:
    begin(
        workspace,
        code="dk-pm",
        programme="digitalkommune",
        title="x",
        municipalities=["Potsdam-Mittelmark"],
        planned_since=TODAY,
        by="x",
        today=TODAY,
        now=NOW,
    )

    assert missing_contacts(workspace).asked == (MITTELMARK,)


def test_one_may_ask_about_all_municipalities_of_the_catalogue(workspace: Workspace) -> None:
    _set(workspace)

    coverage = missing_contacts(workspace, everybody=True)

    assert len(coverage.asked) == len(workspace.catalogue.municipalities)
    assert len(coverage.missing) == len(coverage.asked) - 1


def test_a_second_open_step_is_refused_with_the_one_that_is_open(workspace: Workspace) -> None:
    _add(workspace)

    with pytest.raises(UsageError) as refused:
        _add(workspace, "Schulung planen")

    assert "Vertrag zeichnen" in Wording.load().render(Message(refused.value.code, refused.value.params))
    assert [step.text for step in steps(workspace)] == ["Vertrag zeichnen"]


def test_the_same_step_again_changes_nothing(workspace: Workspace) -> None:
    _add(workspace)
    before = all_rows(workspace.database)

    assert not _add(workspace, " Vertrag zeichnen ")
    assert all_rows(workspace.database) == before


def test_what_is_done_makes_room_for_the_next(workspace: Workspace) -> None:
    _add(workspace)

    done = finish_step(workspace, municipality="Barnim", by="Max Mustermann", now=LATER)
    again = finish_step(workspace, municipality="Barnim", by="Max Mustermann", now=LATER)
    _add(workspace, "Schulung planen")

    assert done is not None
    assert done.text == "Vertrag zeichnen"
    assert again is None
    assert [step.text for step in steps(workspace)] == ["Schulung planen"]
    assert [step.text for step in steps(workspace, done=True)] == ["Vertrag zeichnen", "Schulung planen"]


def test_steps_may_be_asked_for_by_municipality(workspace: Workspace) -> None:
    _add(workspace)
    _add(workspace, municipality="Prignitz")

    assert [step.municipality for step in steps(workspace, municipalities=["Prignitz"])] == [PRIGNITZ]


@pytest.mark.parametrize(
    ("differently", "told"),
    [
        ({"municipality": "Atlantis"}, "Atlantis"),
        ({"municipality": "Golzow"}, "nicht eindeutig"),
        ({"text": " "}, "--text"),
        ({"text": "eins\nzwei"}, "--text"),
        ({"by": ""}, "--by"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    workspace: Workspace, differently: dict[str, Any], told: str
) -> None:
    words: dict[str, Any] = {"municipality": "Barnim", "text": "x", "by": "x", "now": NOW}

    with pytest.raises(UsageError) as refused:
        add_step(workspace, **{**words, **differently})

    error = Message(refused.value.code, refused.value.params)
    assert told in Wording.load().render(error)
    assert Wording.load(Language.ENGLISH).render(error)
