"""Readiness on real rollouts: what is missing, and how many rollouts a single entry holds up."""

from datetime import timedelta

import pytest

from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.opening import start
from ozgflow.jobs.readiness import all_unlocks, readiness
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.jobs.examples import BARNIM, KEY, PRIGNITZ, PROGRAMME, bring, open_three

OTHER = LeikaKey.parse("99010003001000")


def test_a_rollout_that_is_not_open_is_judged_from_the_beginning(workspace: Workspace) -> None:
    found = readiness(workspace, PROGRAMME, municipality="Elbe-Elster", service=str(KEY.service), today=TODAY)

    assert not found.is_open
    assert [kind.code for kind in found.way.kinds] == ["interessensbekundung"]


def test_one_missing_entry_of_a_municipality_holds_up_all_its_rollouts(workspace: Workspace) -> None:
    open_three(workspace)
    key = RolloutKey(programme=PROGRAMME.code, service=OTHER, municipality=BARNIM)
    start(workspace, PROGRAMME, [key], today=TODAY, now=NOW)
    bring(workspace, "eignung", BARNIM, lacks=["ansprechpersonen", "interessensbekundung"])

    found = readiness(workspace, PROGRAMME, municipality="Barnim", service=str(KEY.service), today=TODAY)

    assert found.unlocks == {"interessensbekundung": 2}
    counts, total = all_unlocks(workspace, PROGRAMME, today=TODAY)
    assert (counts, total) == ({"interessensbekundung": 4}, 4)


def test_what_is_expired_shows_as_no_longer_confirmed(workspace: Workspace) -> None:
    open_three(workspace)
    bring(workspace, "anbindung", PRIGNITZ, expired={"zertifikat": TODAY - timedelta(days=1)})

    found = readiness(workspace, PROGRAMME, municipality="Prignitz", service=str(KEY.service), today=TODAY)

    row = next(one for one in found.prerequisites if one.judged.gate.code == "zertifikat-gueltig")
    assert row.ends_on == TODAY - timedelta(days=1)
    assert not row.ends_soon
    assert row.evidence is not None


def test_without_rollouts_nothing_is_counted(workspace: Workspace) -> None:
    with pytest.raises(UsageError):
        all_unlocks(workspace, PROGRAMME, today=TODAY)
