"""Telling what happens under a programme: who brings what on which day, and where everybody stands then."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ozgflow.domain.board import Board
from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, Scope
from ozgflow.domain.keys import Ars
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.domain.service_keys import parse_service_key
from ozgflow.jobs.evidence import record
from ozgflow.jobs.opening import Opened, start
from ozgflow.jobs.rollout import advance, board, open_keys
from ozgflow.jobs.workspace import Workspace

PEOPLE = ("Lieschen Müller", "Otto Normalverbraucher")


class Story:
    """One programme in one workspace."""

    def __init__(self, workspace: Workspace, programme: str, item: str = "") -> None:
        self.workspace = workspace
        self.programme: Programme = load_programme(programme)
        self.item = item or str(next(iter(self.programme.items), "99010001001009"))

    def ars(self, name: str) -> Ars:
        """The key of a municipality."""
        return self.workspace.catalogue.select_municipalities([name])[0].ars

    def open(self, *names: str, day: date, item: str = "") -> Opened:
        """Open rollouts."""
        keys = [self._key(name, item) for name in names]
        return start(self.workspace, self.programme, keys, today=day, now=_moment(day))

    def bring(
        self,
        kind: str,
        *names: str,
        day: date,
        item: str = "",
        subjects: Sequence[str] = ("",),
        answer: Answer = Answer.YES,
        until: date | None = None,
    ) -> None:
        """Record a fact for some municipalities; an approval by as many people as it takes."""
        declared = load_evidence_kinds()[kind]
        if declared.approval and tuple(subjects) == ("",):
            subjects = PEOPLE[: declared.approval.people]
        entries = [
            Evidence(
                kind=kind,
                municipality=self.ars(name),
                service=parse_service_key(item or self.item) if declared.scope is Scope.SERVICE else None,
                subject=subject,
                answer=answer,
                source=EvidenceSource.DOCUMENT if kind == DOCUMENT_KIND else EvidenceSource.PERSON,
                reference=f"Az. {kind} {subject}".strip(),
                observed_on=day,
                valid_until=until,
                recorded_by="Test",
            )
            for name in names
            for subject in subjects
        ]
        record(self.workspace, entries, now=_moment(day))

    def advance(self, day: date) -> None:
        """Move all rollouts as far as their evidence carries them."""
        keys = open_keys(self.workspace, self.programme.code)
        advance(self.workspace, self.programme, keys, today=day, now=_moment(day), by="Test")

    def board(self, day: date, *, looking_back: bool = False) -> Board:
        """The board of a day."""
        keys = open_keys(self.workspace, self.programme.code)
        return board(self.workspace, self.programme, keys, today=day, looking_back=looking_back)

    def stage(self, name: str, day: date, *, item: str = "", looking_back: bool = False) -> str:
        """Where a municipality stands."""
        wanted = (parse_service_key(item or self.item), self.ars(name))
        rows = self.board(day, looking_back=looking_back).rows
        return next(row.stage for row in rows if (row.service.key, row.municipality.ars) == wanted)

    def blockers(self, name: str, day: date) -> list[str]:
        """Codes of the gates that hold a municipality."""
        rows = self.board(day).rows
        row = next(row for row in rows if row.municipality.ars == self.ars(name))
        return [judged.gate.code for judged in row.assessment.blockers]

    def _key(self, name: str, item: str) -> RolloutKey:
        service = parse_service_key(item or self.item)
        return RolloutKey(programme=self.programme.code, service=service, municipality=self.ars(name))


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZoneInfo("Europe/Berlin"))
