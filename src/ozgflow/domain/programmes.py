"""Programmes: rollout procedures as data. The engine knows no stage and no gate by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ozgflow.domain.checks import CHECKS
from ozgflow.domain.evidence import EvidenceKind
from ozgflow.domain.gates import Dimension, Facts, GateResult, GateState
from ozgflow.domain.grants import GrantRules
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.programme_parts import Competence, Item, Origin, Staleness, Sum, Term
from ozgflow.domain.service_keys import ItemCode, ServiceKey
from ozgflow.domain.undertakings import UndertakingRules
from ozgflow.errors import UsageError

START = "start"
"""Reserved code: the rollout is open and has reached no stage yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A named check that must be open before a stage is reached.

    Attributes:
        code: unique within the programme.
        title: name by language.
        dimension: organisational, legal, financial or technical.
        check: name of an entry of ``checks.CHECKS``.
        parameters: what the check needs.
        staleness: what evidence that has to be confirmed again does to it.
    """

    code: str
    title: Mapping[str, str]
    dimension: Dimension
    check: str
    parameters: Mapping[str, object]
    staleness: Staleness = Staleness.SHOWS

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of evidence that it asks for."""
        named = [self.parameters[name] for name in CHECKS[self.check].kinds]
        return tuple(str(code) for value in named for code in (value if isinstance(value, list) else [value]))

    def judge(self, facts: Facts) -> GateResult:
        """Run the check, and look whether what opens the gate is fresh."""
        result = CHECKS[self.check].run(facts, self.parameters)
        since = _stale_since(result, facts) if result.is_open else None
        if since is None:
            return result
        if self.staleness is Staleness.CLOSES:
            reason = message("gate.evidence.stale", since=since)
            return replace(result, state=GateState.UNKNOWN, reason=reason, stale_since=since)
        return replace(result, stale_since=since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a programme, reached when all its gates are open.

    Attributes:
        code: unique within the programme; stored with each rollout.
        title: name by language.
        purpose: what the step is for, by language.
        gates: what must be open, at least one.
        weight: its share of the whole way, as a fraction of 1; ``None`` when the programme gives none.
    """

    code: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    gates: tuple[Gate, ...]
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A rollout procedure: its stages in order, and who may take part.

    Attributes:
        code: the file's name without ending.
        title: name by language.
        purpose: one sentence by language.
        source: where the procedure is described.
        stages: in the order in which they are reached.
        kinds: the kinds of evidence that its gates ask for, by code.
        counted_from: the stage from which a rollout counts as success; the numerator of every sum.
        conditions: what must hold before a rollout is opened.
        items: what municipalities take up; empty when they take up services of the catalogue.
        whole: how the items of one municipality add up.
        competences: who is competent for an item in the whole Land.
        origin: where the solution comes from.
        term: when it runs; ``None`` for always.
        expected: how many municipalities of a kind are expected. Others are not refused for it; who looks at the
            programme is told the difference.
        lead: who leads it.
        undertaking: what it asks of undertakings; ``None`` when it has none.
        grant: the rules for its money; ``None`` when it gives none.
    """

    code: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    source: str
    stages: tuple[Stage, ...]
    kinds: Mapping[str, EvidenceKind]
    counted_from: str
    conditions: tuple[Gate, ...] = ()
    items: Mapping[ItemCode, Item]
    whole: Sum | None = None
    competences: tuple[Competence, ...] = ()
    origin: Origin | None = None
    term: Term | None = None
    expected: Mapping[MunicipalityKind, int] = field(default_factory=dict)
    lead: tuple[str, ...] = ()
    undertaking: UndertakingRules | None = None
    grant: GrantRules | None = None

    @property
    def codes(self) -> Sequence[str]:
        """All places a rollout can stand at, in order, beginning with ``START``."""
        return (START, *(stage.code for stage in self.stages))

    @property
    def asks_for_others(self) -> bool:
        """Whether a gate looks at what other municipalities have reached."""
        gates = (*self.conditions, *(gate for stage in self.stages for gate in stage.gates))
        return any(CHECKS[gate.check].looks_at_others for gate in gates)

    def position(self, code: str) -> int:
        """Number of stages reached at ``code``: 0 for ``START``.

        Raises:
            UsageError: the programme has no such stage.
        """
        if code not in self.codes:
            raise UsageError("programme.no-stage", programme=self.code, stage=code)
        return self.codes.index(code)

    def counts(self, code: str) -> bool:
        """Whether a rollout that stands at a stage counts as success."""
        return self.position(code) >= self.position(self.counted_from)

    def progress(self, code: str) -> Decimal | None:
        """The share of the way behind a rollout, from 0 to 1; ``None`` when the programme weighs no stages."""
        done = self.stages[: self.position(code)]
        weights = [stage.weight for stage in done if stage.weight is not None]
        return sum(weights, Decimal(0)) if self.stages[0].weight is not None else None

    def item(self, key: ServiceKey) -> Item:
        """One of the programme's items.

        Raises:
            UsageError: it has no such item.
        """
        if not isinstance(key, ItemCode) or key not in self.items:
            known = ", ".join(str(code) for code in self.items) or "–"
            raise UsageError("programme.no-item", programme=self.code, item=str(key), known=known)
        return self.items[key]

    def competence(self, key: ServiceKey, day: date) -> Competence | None:
        """Who is competent for an item in the whole Land on a day, if it is one municipality alone."""
        found = [one for one in self.competences if key in one.items and one.since <= day]
        return max(found, key=lambda one: one.since, default=None)

    def whole_stage(self, stages: Collection[str]) -> str:
        """Where the whole stands when its items stand at these stages; ``START`` when there are none."""
        positions = [self.position(code) for code in stages]
        if not positions:
            return START
        return self.codes[max(positions) if self.whole is Sum.HIGHEST else min(positions)]

    def is_origin(self, municipality: Ars) -> bool:
        """Whether the solution comes from this municipality."""
        return self.origin is not None and self.origin.municipality == municipality


def _stale_since(result: GateResult, facts: Facts) -> date | None:
    """The latest day on which something that opens the gate ran out of confirmation; ``None`` when all is fresh."""
    days = [
        facts.kinds[entry.kind].stale_since(entry, facts.today)
        for entry in result.evidence
        if entry.kind in facts.kinds
    ]
    return min((day for day in days if day is not None), default=None)
