"""Processes that do the same thing to one database at the same moment.

``python -m tests.storage.racer <task> <url>`` makes itself ready, says so, waits for a line, and does the task.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from ozgflow.domain.evidence import Evidence, EvidenceSource
from ozgflow.domain.house import Contact
from ozgflow.domain.obstacles import ObstacleEvent, ObstacleFact
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import Move
from ozgflow.errors import OzgflowError, TransientError
from ozgflow.storage.database import Database
from ozgflow.storage.evidence import add_evidence
from ozgflow.storage.house import add_step, set_contact
from ozgflow.storage.obstacles import add_fact
from ozgflow.storage.rollouts import move_rollout
from ozgflow.storage.undertakings import hold_undertaking, transfer_undertaking
from tests.domain.undertakings import PLAN, UNDERTAKING, USERS
from tests.storage.rows import BARNIM, PROGRAMME, fifty_rollouts

STEPS = 3
# Nothing is taken from conftest: a racer is to start fast.
_ROOT = Path(__file__).parents[2]
_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def race(task: str, url: str, *, racers: int) -> list[str]:
    """Run a task in several processes at once.

    Returns:
        What each of them printed.
    """
    command = [sys.executable, "-m", "tests.storage.racer", task, url]
    processes = [
        subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(racers)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    outputs = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        outputs.append(output.strip())
    return outputs


def _upgrade(database: Database) -> object:
    try:
        return database.upgrade()
    except TransientError:
        return "busy"


def _move(database: Database) -> object:
    """Walk fifty rollouts three steps, each step in a transaction of its own; count the steps that were ours."""
    codes = load_programme(PROGRAMME).codes
    won = 0
    for origin, target in pairwise(codes[: STEPS + 1]):
        step = Move(origin=origin, target=target, gates=(), reached_on=_NOW.date())
        keys = fifty_rollouts()
        random.shuffle(keys)
        for key in keys:
            with database.writing() as session:
                won += move_rollout(session, key, [step], by="x", now=_NOW)
    return won


def _record(database: Database) -> object:
    """Record the same fifty statements, again and again until nobody is in the way; count those that were ours."""
    statements = [
        Evidence(
            kind="avv",
            municipality=key.municipality,
            service=key.service,
            source=EvidenceSource.PERSON,
            reference="Az. 1",
            observed_on=_NOW.date(),
            recorded_by="x",
        )
        for key in fifty_rollouts()
    ]
    while True:
        try:
            with database.writing() as session:
                return add_evidence(session, statements, now=_NOW)
        except TransientError:
            continue


def _step(database: Database) -> object:
    """Add the next step of one municipality."""
    try:
        with database.writing() as session:
            add_step(session, BARNIM, "Vertrag zeichnen", by="x", now=_NOW)
    except TransientError:
        return "refused"
    return "won"


def _contact(database: Database) -> object:
    """Name twenty contacts of one municipality, one after another; count those that were named."""
    named = 0
    for number in range(20):
        contact = Contact(municipality=BARNIM, person=f"{os.getpid()} {number}", named_by="x", named_at=_NOW)
        try:
            with database.writing() as session:
                named += set_contact(session, contact)
        except TransientError:
            continue
    return named


def _transfer(database: Database) -> object:
    """Carry over the undertaking of the tests."""
    try:
        with database.writing() as session:
            hold_undertaking(session, UNDERTAKING.code)
            transfer_undertaking(session, UNDERTAKING, PLAN, USERS, by="x", now=_NOW)
    except OzgflowError:
        return "refused"
    return "won"


def _raise(database: Database) -> object:
    """Raise the same obstacle of fifty rollouts, each in a transaction of its own; count those that were ours."""
    won = 0
    keys = fifty_rollouts()
    random.shuffle(keys)
    for key in keys:
        fact = ObstacleFact(
            key=key, kind="kosten", event=ObstacleEvent.RAISED, day=_NOW.date(), owner="Kämmerei", by="x"
        )
        with database.writing() as session:
            won += add_fact(session, fact, now=_NOW)
    return won


_TASKS: Mapping[str, Callable[[Database], object]] = {
    "upgrade": _upgrade,
    "move": _move,
    "record": _record,
    "step": _step,
    "contact": _contact,
    "transfer": _transfer,
    "raise": _raise,
}


def main() -> None:
    """Do the task that the command line names."""
    task, url = sys.argv[1:]
    database = Database(url)
    print("ready", flush=True)  # noqa: T201 - this is a program
    sys.stdin.readline()
    print(_TASKS[task](database), flush=True)  # noqa: T201
    database.close()


if __name__ == "__main__":
    main()
