"""Law 7: any job may be killed at any instant and started again, and the result is that of an undisturbed run."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.end_to_end.dump import content, files

ROOT = Path(__file__).parents[2]
WORK = [sys.executable, "-m", "tests.end_to_end.work"]
DEMO = [str(Path(sys.executable).parent / "ozgflow"), "demo"]


def _start(command: Sequence[str], home: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "OZGFLOW_HOME": str(home)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def _run(command: Sequence[str], home: Path) -> float:
    """Run to the end. Returns the seconds it took."""
    started = time.monotonic()
    process = _start(command, home)
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - started


def _kill(command: Sequence[str], home: Path, after: float) -> bool:
    """Start and kill -9 the one process after some seconds. Returns whether it was still at work."""
    process = _start(command, home)
    time.sleep(after)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive


def _kill_at_random(command: Sequence[str], home: Path, *, times: int, seconds: float, earliest: float) -> None:
    """Kill so many times, each somewhere within the seconds of a whole run, but not before a part of it.

    What is done already makes a run shorter, and so does a machine with less to do: one that came to its end was not
    killed, and the next is killed earlier.
    """
    chance = random.Random(20261122)  # noqa: S311 - not for secrets
    for _ in range(times * 5):
        if _kill(command, home, chance.uniform(earliest, 0.95) * seconds):
            times -= 1
        else:
            seconds *= 0.7
        if not times:
            return
    pytest.fail("the command was always faster than the one who was to kill it")


@pytest.mark.parametrize("times", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_work_killed_at_random_moments_ends_like_work_undisturbed(tmp_path: Path, times: int) -> None:
    seconds = _run(WORK, tmp_path / "undisturbed")

    _kill_at_random(WORK, tmp_path / "killed", times=times, seconds=seconds, earliest=0.3)
    _run(WORK, tmp_path / "killed")

    assert content(tmp_path / "killed") == content(tmp_path / "undisturbed")
    assert files(tmp_path / "killed/demo/nachrichten") == files(tmp_path / "undisturbed/demo/nachrichten")


def test_a_second_time_changes_no_row_not_even_its_time(tmp_path: Path) -> None:
    _run(WORK, tmp_path)
    before = (tmp_path / "ozgflow.db").read_bytes(), content(tmp_path)

    _run(WORK, tmp_path)

    assert content(tmp_path) == before[1]


def test_two_at_the_same_time_end_like_one(tmp_path: Path) -> None:
    _run(WORK, tmp_path / "alone")

    pair = [_start(WORK, tmp_path / "together") for _ in range(2)]
    outcomes = [process.communicate(timeout=120)[1] for process in pair]

    codes = [process.returncode for process in pair]
    if any(codes):
        # One may be told to repeat the call (a conflict is transient), and repeating is enough.
        assert all(b"database.conflict" in error for code, error in zip(codes, outcomes, strict=True) if code)
        _run(WORK, tmp_path / "together")
    assert content(tmp_path / "together") == content(tmp_path / "alone")


@pytest.mark.slow
def test_the_demo_killed_ten_times_ends_like_the_demo_undisturbed(tmp_path: Path) -> None:
    seconds = _run(DEMO, tmp_path / "undisturbed")

    _kill_at_random(DEMO, tmp_path / "killed", times=10, seconds=seconds, earliest=0.03)
    _run(DEMO, tmp_path / "killed")

    assert content(tmp_path / "killed") == content(tmp_path / "undisturbed")


@pytest.mark.slow
def test_nothing_is_left_running_when_the_demo_is_killed(tmp_path: Path) -> None:
    assert _kill(DEMO, tmp_path, after=6)

    deadline = time.monotonic() + 20
    while _ours(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.5)

    assert _ours(tmp_path) == []


def _ours(home: Path) -> list[str]:
    """Processes whose environment names the home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"OZGFLOW_HOME={home}".encode() in environment and "flows." in command:
            found.append(command)
    return found
