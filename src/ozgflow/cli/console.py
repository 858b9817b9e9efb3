"""What all commands share: settings, wording, tables, JSON, progress."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Workspace, open_workspace
from ozgflow.settings import LOCAL_TIME, Settings, load_settings
from ozgflow.standards.parsing import Limits

Item = TypeVar("Item")
DAY = "JJJJ-MM-TT"


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load_settings()


@cache
def wording() -> Wording:
    """The sentences in the operator's language."""
    return Wording.load(settings().language)


class _Output(Console):
    """Standard output. A reader that has gone (`ozgflow … | head`) is no trouble."""

    def on_broken_pipe(self) -> None:
        """Leave without a word, also from the interpreter's last flush."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


@cache
def console() -> Console:
    """Standard output. Without a terminal the lines are wide, so that nothing is cut."""
    return _Output(highlight=False, width=None if sys.stdout.isatty() else 160)


def now() -> datetime:
    """The present moment in local time."""
    return datetime.now(LOCAL_TIME)


def today() -> date:
    """The present day in local time."""
    return now().date()


@contextmanager
def workspace() -> Iterator[Workspace]:
    """The workspace that the settings describe."""
    config = settings()
    with open_workspace(
        database_url=config.database,
        schemas=config.schemas,
        bundles=config.bundles,
        catalogue=config.catalogue,
        limits=limits(),
        today=today(),
    ) as opened:
        yield opened


def limits() -> Limits:
    """The limits for documents that the settings give."""
    return Limits(document_bytes=settings().max_document_bytes)


def parse_day(text: str) -> date:
    """A day as operators type it: JJJJ-MM-TT.

    Raises:
        UsageError: it is not one.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise UsageError("day.malformed") from error


def say(code: str, /, **params: object) -> None:
    """Print one sentence."""
    console().print(harmless(wording().text(code, **params)), markup=False)


def complain(sentence: Message) -> None:
    """Print one sentence on standard error; in German when the setting for the language is itself wrong."""
    try:
        words = wording()
    except UsageError:
        words = Wording.load(Language.GERMAN)
    Console(stderr=True, highlight=False, soft_wrap=True).print(harmless(words.render(sentence)), markup=False)


def print_json(data: object) -> None:
    """Print data as JSON for programs, names unescaped."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()


def print_text(text: str) -> None:
    """Print a text that is fit to be shown as it is."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table that fits the width; long texts are wrapped, never cut."""
    table = Table(title=title or None, title_justify="left", header_style="bold", expand=False)
    for heading in headings:
        table.add_column(wording().text(heading), overflow="fold")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    console().print(table)


def progress(label: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """Pass items on and show a progress bar with the time left, if standard error is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    errors = Console(stderr=True)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(wording().text(label), total=total)
        for item in items:
            yield item
            bar.advance(task)


def harmless(text: str) -> str:
    """Text without control characters: file names and references must not steer the terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
