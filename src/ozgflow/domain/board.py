"""The board: who stands where, and what is missing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ozgflow.domain.catalogue import Municipality, Service
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import Assessment, JudgedGate
from ozgflow.domain.service_keys import ServiceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One rollout as people see it.

    Attributes:
        municipality: who.
        service: with which service.
        stage: code of the stage reached.
        assessment: what the evidence of the day means for it.
    """

    municipality: Municipality
    service: Service
    stage: str
    assessment: Assessment

    @property
    def is_confirmed(self) -> bool:
        """Whether all that carries its stage still holds and is fresh."""
        return not self.assessment.unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A rollout that could not be judged. It is in no row and in no count, and never kept quiet.

    Attributes:
        service: with which service.
        name: who, as far as that is known.
        reason: why not.
    """

    service: ServiceKey
    name: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All rollouts of a programme that were asked for, as of a day.

    Attributes:
        programme: the procedure.
        as_of: the day.
        rows: sorted by service and municipality.
        unjudged: rollouts that could not be judged.
    """

    programme: Programme
    as_of: date
    rows: tuple[BoardRow, ...]
    unjudged: tuple[Unjudged, ...] = ()

    def count_by_stage(self) -> Mapping[str, int]:
        """How many confirmed rollouts stand at each stage, in the programme's order, from ``START`` on."""
        counted = Counter(row.stage for row in self.rows if row.is_confirmed)
        return {code: counted[code] for code in self.programme.codes}

    @property
    def unconfirmed(self) -> int:
        """How many rollouts stand at a stage of which something would have to be confirmed again."""
        return sum(not row.is_confirmed for row in self.rows)

    @property
    def counted(self) -> int:
        """How many rollouts count as success: confirmed, and at the stage that the programme says or beyond."""
        return sum(row.is_confirmed and self.programme.counts(row.stage) for row in self.rows)

    def whole(self) -> Mapping[Ars, str]:
        """For each municipality the stage of the whole: its confirmed rollouts added up as the programme says.

        One whose rollouts are all unconfirmed stands at ``START``: nothing is claimed for it.
        """
        stages: dict[Ars, list[str]] = {row.municipality.ars: [] for row in self.rows}
        for row in self.rows:
            if row.is_confirmed:
                stages[row.municipality.ars].append(row.stage)
        return {ars: self.programme.whole_stage(codes) for ars, codes in stages.items()}

    def reached(self) -> frozenset[Ars]:
        """The municipalities in which the whole counts as success."""
        return frozenset(ars for ars, code in self.whole().items() if code != START and self.programme.counts(code))

    def by_land(self) -> Mapping[str, tuple[int, int]]:
        """For each Land, by its two digits, how many municipalities count as success, and of how many."""
        reached, everybody = self.reached(), {row.municipality.ars for row in self.rows}
        total = Counter(ars.land for ars in everybody)
        return {land: (sum(ars.land == land for ars in reached), total[land]) for land in sorted(total)}

    def stage_title(self, code: str, wording: Wording) -> str:
        """Name of a stage, also of ``START``."""
        return stage_title(self.programme, code, wording)

    def next_title(self, row: BoardRow, wording: Wording) -> str:
        """Name of the stage that the row is held from; empty at the end of the programme."""
        position = self.programme.position(row.stage)
        following = self.programme.codes[position + 1 : position + 2]
        return self.stage_title(following[0], wording) if following else ""

    def reasons(self, row: BoardRow, wording: Wording) -> list[str]:
        """Why the rollout stands where it stands, one sentence per gate."""
        assessment = row.assessment
        if assessment.moves:
            return [wording.text("board.ready", stage=self.stage_title(assessment.stage, wording))]
        lines = [_line("board.unconfirmed", judged, wording) for judged in assessment.unconfirmed]
        lines += [_line("board.blocked", judged, wording) for judged in assessment.blockers]
        return lines or [wording.text("board.finished")]

    def data(self, wording: Wording) -> list[dict[str, object]]:
        """The rows as JSON-ready data, the same facts as in every table."""
        return [
            {
                "service": str(row.service.key),
                "municipality": str(row.municipality.ars),
                "name": row.municipality.label,
                "stage": row.stage,
                "stage_title": self.stage_title(row.stage, wording),
                "position": self.programme.position(row.stage),
                "stages": len(self.programme.stages),
                "confirmed": row.is_confirmed,
                "next_stage_title": self.next_title(row, wording),
                "reasons": self.reasons(row, wording),
            }
            for row in self.rows
        ]


def stage_title(programme: Programme, code: str, wording: Wording) -> str:
    """Name of a stage of a programme, also of ``START``.

    Raises:
        UsageError: the programme has no such stage.
    """
    if code == START:
        return wording.text("stage.start")
    return programme.stages[programme.position(code) - 1].title[wording.language]


def _line(code: str, judged: JudgedGate, wording: Wording) -> str:
    return wording.text(code, gate=judged.gate.title[wording.language], reason=judged.reason)
