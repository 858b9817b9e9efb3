"""``ozgflow rollout … --expect``: the exit code says whether a stage was reached, and never more than is known."""

from pathlib import Path

import pytest

from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import Move
from ozgflow.storage.database import Database
from ozgflow.storage.rollouts import move_rollout
from tests.cli.command import run
from tests.cli.steps import FOR_BARNIM, THREE, prove, stored_rows
from tests.conftest import NOW
from tests.jobs.examples import KEY


@pytest.mark.parametrize("command", ["advance", "status"])
@pytest.mark.parametrize(
    ("municipality", "stage", "code"),
    [
        ("Barnim", "start", 0),
        ("Barnim", "interesse", 0),
        ("Barnim", "eignung", 1),
        ("Prignitz", "start", 0),
        ("Prignitz", "interesse", 1),
        ("Barnim", "quatsch", 2),
    ],
)
def test_expecting_a_stage_decides_the_exit_code(
    on_the_way: Path, command: str, municipality: str, stage: str, code: int
) -> None:
    outcome = run("rollout", command, "--municipality", municipality, "--expect", stage)

    assert outcome.code == code


def test_expecting_a_stage_that_does_not_exist_is_refused_before_anything_is_written(started: Path) -> None:
    prove("interessensbekundung")
    before = stored_rows(started)

    outcome = run("rollout", "advance", *THREE, "--expect", "quatsch")

    assert (outcome.code, outcome.output) == (2, "")
    assert "quatsch" in outcome.complaint
    assert stored_rows(started) == before


@pytest.mark.parametrize("stage", ["start", "betrieb"])
def test_expecting_a_stage_of_those_who_have_no_rollout_is_not_fulfilled(on_the_way: Path, stage: str) -> None:
    outcome = run("rollout", "status", "--municipality", "Cottbus", "--expect", stage)

    assert outcome.code in (1, 2)


def test_expecting_a_stage_that_not_even_a_dry_run_reaches_is_not_fulfilled(ready: Path) -> None:
    """Nobody is open yet, so nobody has reached anything."""
    prove("interessensbekundung")

    outcome = run("rollout", "advance", *FOR_BARNIM, "--dry-run", "--expect", "eignung")

    assert outcome.code == 1


@pytest.mark.parametrize("command", ["status", "advance"])
def test_a_rollout_that_cannot_be_judged_is_named_and_ends_with_3(started: Path, command: str) -> None:
    database = Database(f"sqlite:///{started / 'ozgflow.db'}")
    with database.writing() as session:
        gone = Move(origin=START, target="abgeschaffte-stufe", gates=(), reached_on=NOW.date())
        move_rollout(session, KEY, [gone], by="an older version", now=NOW)
    database.close()

    outcome = run("rollout", command, *THREE)

    assert outcome.code == 3
    assert "Landkreis Barnim" in outcome.text
