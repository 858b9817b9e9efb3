"""Evidence from a table: a CSV file with one fact per line, checked as a whole before anything is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from ozgflow.domain.csv_files import Row, read_rows
from ozgflow.domain.evidence import Answer, Evidence
from ozgflow.domain.messages import Message
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs.evidence import by_person
from ozgflow.jobs.workspace import Workspace

COLUMNS = ("municipality", "service", "kind", "subject", "answer", "observed_on", "valid_until", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEvidence:
    """What a file holds.

    Attributes:
        entries: the evidence, in the order of the file.
    """

    entries: tuple[Evidence, ...]

    def by_day(self, programme: str) -> Iterator[tuple[date, list[RolloutKey]]]:
        """The days of the file in order, each with the rollouts of a programme that its facts concern."""
        everywhere = self.rollouts(programme)
        for day, entries in groupby(
            sorted(self.entries, key=lambda one: one.observed_on), lambda one: one.observed_on
        ):
            concerned = {(one.municipality, one.service) for one in entries}
            yield (
                day,
                [
                    key
                    for key in everywhere
                    if (key.municipality, key.service) in concerned or (key.municipality, None) in concerned
                ],
            )

    def rollouts(self, programme: str) -> list[RolloutKey]:
        """The rollouts of a programme that the facts about services concern, sorted."""
        return sorted(
            {
                RolloutKey(programme=programme, service=entry.service, municipality=entry.municipality)
                for entry in self.entries
                if entry.service is not None
            }
        )


def read_evidence_file(workspace: Workspace, path: Path, *, by: str, today: date) -> ImportedEvidence:
    """Read a file of evidence.

    Args:
        workspace: the workspace.
        path: CSV in UTF-8 with the columns ``COLUMNS``.
        by: who answers for it.
        today: no fact may have been observed later.

    Raises:
        UsageError: the file cannot be read.
        DataError: a line is faulty; the message names file, line and column. Nothing has been written.
    """
    rows = read_rows(path, COLUMNS)
    return ImportedEvidence(entries=_entries(workspace, rows, by, today))


def _entries(workspace: Workspace, rows: Sequence[Row], by: str, today: date) -> tuple[Evidence, ...]:
    return tuple(_entry(workspace, row, by, today) for row in rows)


def _entry(workspace: Workspace, row: Row, by: str, today: date) -> Evidence:
    try:
        return by_person(
            workspace,
            kind=row.text("kind"),
            municipality=row.text("municipality"),
            service=row.cells["service"] or None,
            reference=row.text("reference"),
            by=by,
            observed_on=row.day("observed_on"),
            today=today,
            answer=row.choice("answer", Answer) if row.cells["answer"] else Answer.YES,
            valid_until=row.day("valid_until") if row.cells["valid_until"] else None,
            subject=row.cells["subject"],
        )
    except UsageError as error:
        raise row.fault("municipality, service, kind", Message(error.code, error.params)) from error
