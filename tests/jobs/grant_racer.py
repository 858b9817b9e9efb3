"""Two processes that decide two applications for the last place of a year at the same moment, round after round.

``python -m tests.jobs.grant_racer <url> <case>`` makes itself ready, says so, and decides its application in the
programme of each round that it is told.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from ozgflow.domain.grants import Quota
from ozgflow.domain.messages import Wording
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import Programme
from ozgflow.errors import OzgflowError
from ozgflow.jobs.grants import decide
from ozgflow.jobs.workspace import Workspace, open_workspace

CASES = ("SVA 1/2024", "SVA 2/2024")
# Nothing is taken from conftest: a racer is to start fast.
_ROOT = Path(__file__).parents[2]
_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_TODAY = date(2026, 11, 22)


def programme_of(number: int) -> Programme:
    """The programme of a round: that of the Smart Village App with a single place."""
    programme = load_programme("smart-village-app")
    assert programme.grant is not None
    quota = Quota(year=2024, places=1, line=1)
    return replace(programme, code=f"round-{number}", grant=replace(programme.grant, quotas=(quota,)))


@contextmanager
def racers(url: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """One process for each of the two applications, ready to go."""
    command = [sys.executable, "-m", "tests.jobs.grant_racer", url]
    processes = [
        subprocess.Popen([*command, case], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for case in CASES
    ]
    try:
        assert [_heard(process) for process in processes] == ["ready", "ready"]
        yield processes
    finally:
        for process in processes:
            process.communicate(timeout=60)


def race_round(processes: list["subprocess.Popen[str]"], number: int) -> list[str]:
    """Let both decide in the programme of a round. Returns what each of them said."""
    # Who hears first takes turns.
    for process in processes if number % 2 else processes[::-1]:
        assert process.stdin is not None
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
    return [_heard(process) for process in processes]


def _heard(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _decided(workspace: Workspace, number: int, case: str) -> str:
    try:
        done = decide(
            workspace, programme_of(number), case, by="Max Muster", reason="vollständig", today=_TODAY, now=_NOW
        )
    except OzgflowError as error:
        return str(error)
    assert done.decision is not None
    reasons = [Wording.load().render(reason) for reason in done.decision.reasons]
    return " ".join([done.application.state, *reasons])


def main() -> None:
    """Decide in every round that standard input names."""
    url, case = sys.argv[1:]
    with open_workspace(database_url=url, schemas=_ROOT / "schemas") as workspace:
        print("ready", flush=True)  # noqa: T201 - this is a program
        for line in sys.stdin:
            print(_decided(workspace, int(line), case), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
