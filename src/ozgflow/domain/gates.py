"""Gates: what they may look at, and what they answer.

A gate is open, closed or unknown, and always says why. Unknown is not open: what could not be checked moves
no stage. The checks themselves are in ``domain.checks``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ozgflow.domain.catalogue import ExecutionLevel, Municipality, Service
from ozgflow.domain.evidence import Evidence, EvidenceKind
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message


class GateState(StrEnum):
    """Three values: a check that could not run is neither open nor closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Dimension(StrEnum):
    """The four dimensions of the OZG guide to reuse (OZG-Leitfaden, Nachnutzung)."""

    ORGANISATIONAL = "organisational"
    LEGAL = "legal"
    FINANCIAL = "financial"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a gate may look at.

    Attributes:
        today: the day for which the question is asked.
        municipality: who wants to go on.
        service: with which service.
        level: which kind of municipality is competent for the service.
        competent: whether this municipality is among them.
        sole: who is competent in the whole Land, where it is one municipality alone; otherwise empty.
        evidence: what counts on that day, by kind (see ``evidence.current``).
        kinds: what is declared of each kind of evidence.
        others: the stages that other municipalities have reached under the same programme with the same service.
    """

    today: date
    municipality: Municipality
    service: Service
    level: ExecutionLevel
    competent: bool
    evidence: Mapping[str, tuple[Evidence, ...]]
    sole: str = ""
    kinds: Mapping[str, EvidenceKind] = field(default_factory=dict)
    others: Mapping[Ars, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The state of one gate with its reason.

    Attributes:
        state: open, closed or unknown.
        reason: the sentence that says why.
        evidence: the facts that were looked at.
        stale_since: the day since which one of them would have to be confirmed again; ``None`` when all are fresh.
    """

    state: GateState
    reason: Message
    evidence: tuple[Evidence, ...] = ()
    stale_since: date | None = None

    @property
    def is_open(self) -> bool:
        """Only an open gate lets a rollout pass."""
        return self.state is GateState.OPEN
