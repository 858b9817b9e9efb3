"""Checking many documents on all cores, so that no single one can hold up or bring down the rest.

Each worker is a process of its own. Before it turns to a group of documents it notes which ones, and since when,
where the parent can see it. When it dies, or takes longer than a document may, it is replaced. If the group was a
single document, that is the poison, and reported as unchecked; otherwise its documents are checked again, each alone.
The others of the batch are checked again, too.
"""

import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ozgflow.domain.findings import Proof, Report, Verdict
from ozgflow.errors import DataError
from ozgflow.jobs.reading import Content, read_document, unchecked
from ozgflow.jobs.validation import look_up_or_check
from ozgflow.standards.validator import Validator
from ozgflow.storage.database import Database

_BATCH = 64
_LOOK_SECONDS = 0.25
_DEATHS_AT_START = 3
_NONE = -1
_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"

Numbered = tuple[int, Report, bool]
"""Number of a document, its report, and whether the report was known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPlan:
    """How a pool works.

    Attributes:
        make: makes the validator, in each worker anew; importable by name.
        database_url: where known results are looked up; ``None`` checks everything.
        processes: how many workers.
        seconds: how long a single document may take.
    """

    make: Callable[[], Validator]
    database_url: str | None
    processes: int
    seconds: float


def check_in_processes(paths: Sequence[Path], plan: PoolPlan) -> Iterator[Numbered]:
    """Check files on several processes.

    Args:
        paths: the files.
        plan: how.

    Yields:
        Results in the order in which they are made.

    Raises:
        DataError: workers die before they have begun; there is something wrong with the installation.
    """
    size = max(1, min(_BATCH, -(-len(paths) // (plan.processes * 4))))
    numbers = range(len(paths))
    waiting = deque(list(numbers[start : start + size]) for start in numbers[::size])
    workers = [_Worker(plan) for _ in range(min(plan.processes, len(waiting)))]
    try:
        yield from _supervise(workers, waiting, paths, plan)
    finally:
        for worker in workers:
            worker.stop()


def _supervise(
    workers: list["_Worker"], waiting: deque[list[int]], paths: Sequence[Path], plan: PoolPlan
) -> Iterator[Numbered]:
    deaths_at_start = 0
    while waiting or any(worker.batch for worker in workers):
        for worker in workers:
            if waiting and not worker.batch:
                worker.give(waiting.popleft(), paths)
        wait([worker.connection for worker in workers if worker.batch], timeout=_LOOK_SECONDS)
        for number, worker in enumerate(workers):
            results, end = worker.look()
            yield from results
            if end is None:
                continue
            deaths_at_start = 0 if end.group else deaths_at_start + 1
            if deaths_at_start >= _DEATHS_AT_START:
                raise DataError("validate.workers-die")
            if len(end.group) == 1:
                yield end.group[0], end.report, False
            waiting.extendleft(_again(worker.batch, end.group))
            worker.stop()
            workers[number] = _Worker(plan)


def _again(batch: Sequence[int], group: Sequence[int]) -> Iterator[list[int]]:
    """What is to be checked again after a bad end: the group one by one, unless it was one, and the rest."""
    if len(group) > 1:
        yield from ([number] for number in group)
    rest = [number for number in batch if number not in group]
    if rest:
        yield rest


@dataclass(frozen=True, slots=True)
class _BadEnd:
    """How a worker ended.

    Attributes:
        group: the documents at hand; none when it had not begun.
        report: what is said of a document that was alone in its group.
    """

    group: list[int]
    report: Report


class _Worker:
    """One process, seen from the parent."""

    def __init__(self, plan: PoolPlan) -> None:
        context: Any = multiprocessing.get_context(_METHOD)
        self.batch: list[int] = []
        self._seconds = plan.seconds
        # How many documents are at hand, the moment at which the worker turned to them in nanoseconds, their numbers.
        self._now = context.RawArray("q", [0, 0, *[_NONE] * _BATCH])
        self.connection, other = context.Pipe()
        target: Callable[..., None] = _work
        self._process: BaseProcess = context.Process(target=target, args=(other, self._now, plan), daemon=True)
        self._process.start()
        other.close()

    def give(self, batch: list[int], paths: Sequence[Path]) -> None:
        """Hand over documents."""
        self.batch = batch
        self._now[0] = 0
        with suppress(OSError):  # it may be dead already, which is seen when it is looked at
            self.connection.send([(number, paths[number]) for number in batch])

    def look(self) -> tuple[list[Numbered], _BadEnd | None]:
        """What is finished, and how it ended, if it ended badly."""
        if not self.batch:
            return [], None
        try:
            if self.connection.poll():
                packed = self.connection.recv()
                self.batch = []
                return [(number, _unpacked(data), known) for number, data, known in packed], None
        except (EOFError, OSError):
            return [], _BadEnd(self._group(), unchecked("file.crashed"))
        if not self._process.is_alive():
            return [], _BadEnd(self._group(), unchecked("file.crashed"))
        if self._now[0] and time.monotonic_ns() - self._now[1] > self._seconds * 1e9:
            return [], _BadEnd(self._group(), unchecked("file.timeout", seconds=f"{self._seconds:g}"))
        return [], None

    def _group(self) -> list[int]:
        return list(self._now[2 : 2 + self._now[0]])

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def _work(connection: Connection, now: Any, plan: PoolPlan) -> None:  # noqa: ANN401 - an array of ctypes
    """The worker: check batch after batch until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    validator = plan.make()
    database = Database(plan.database_url) if plan.database_url else None
    # What is there now stays; looking through it again and again would cost a tenth of the time.
    gc.collect()
    gc.freeze()
    while True:
        try:
            batch: list[tuple[int, Path]] = connection.recv()
        except EOFError:
            return
        connection.send(list(_checked(batch, now, validator, database)))


def _checked(
    batch: Sequence[tuple[int, Path]],
    now: Any,  # noqa: ANN401 - an array of ctypes
    validator: Validator,
    database: Database | None,
) -> Iterator[tuple[int, tuple[Any, ...] | Report, bool]]:
    def announce(numbers: Sequence[int]) -> None:
        now[0] = 0
        now[2 : 2 + len(numbers)] = numbers
        now[1], now[0] = time.monotonic_ns(), len(numbers)

    contents: dict[int, Content] = {}
    for number, path in batch:
        announce([number])
        try:
            contents[number] = read_document(path, validator.limits)
        except OSError:
            contents[number] = unchecked("file.unreadable")
    for number, report, known in look_up_or_check(validator, contents, database, announce):
        yield number, _packed(report), known


def _packed(report: Report) -> tuple[Any, ...] | Report:
    """A report in the form that costs least on its way: most have no finding."""
    if report.findings or report.counts or report.verdict is not Verdict.VALID:
        return report
    proof = report.proof
    return proof.document, proof.engine, proof.bundle, proof.bundle_hash, proof.steps, report.declared


def _unpacked(data: tuple[Any, ...] | Report) -> Report:
    if isinstance(data, Report):
        return data
    document, engine, bundle, bundle_hash, steps, declared = data
    proof = Proof(document=document, engine=engine, bundle=bundle, bundle_hash=bundle_hash, steps=steps)
    return Report(verdict=Verdict.VALID, proof=proof, declared=declared)
