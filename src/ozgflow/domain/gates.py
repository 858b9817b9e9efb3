"""Gates: named checks on evidence. Each check is a small function in ``CHECKS``.

A gate is open, closed or unknown, and always says why. Unknown is not open: what could not be checked moves
no stage. Programme files name a check and give its parameters; ``docs/stages.md`` is generated from both.

To add a check: write a function ``(Facts, parameters) -> GateResult`` with a docstring that an operator
understands, enter it in ``CHECKS``, put its sentences into ``data/wording/gates.toml``, and add one example that
opens and one that does not to ``tests/domain/test_gates.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.catalogue import ExecutionLevel, Municipality, Service
from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource
from ozgflow.domain.messages import Message, message


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
        evidence: what counts on that day, by kind (see ``evidence.current``).
    """

    today: date
    municipality: Municipality
    service: Service
    level: ExecutionLevel
    competent: bool
    evidence: Mapping[str, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The state of one gate with its reason.

    Attributes:
        state: open, closed or unknown.
        reason: the sentence that says why.
        evidence: the facts that were looked at.
    """

    state: GateState
    reason: Message
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_open(self) -> bool:
        """Only an open gate lets a rollout pass."""
        return self.state is GateState.OPEN


Parameters = Mapping[str, object]


def _opened(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.OPEN, reason=reason, evidence=evidence)


def _closed(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.CLOSED, reason=reason, evidence=evidence)


def _unknown(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.UNKNOWN, reason=reason, evidence=evidence)


def _judge(entry: Evidence, today: date) -> GateResult:
    """What one fact means for a gate that asks for it."""
    if entry.answer is Answer.UNKNOWN:
        return _unknown(message("gate.evidence.unknown", reference=entry.reference), entry)
    if entry.expired(today):
        return _unknown(message("gate.evidence.expired", until=entry.valid_until), entry)
    if entry.answer is Answer.NO:
        return _closed(message("gate.evidence.no", note=entry.note or entry.reference), entry)
    return _opened(message("gate.evidence.yes", day=entry.observed_on, reference=entry.reference), entry)


def evidence(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when the fact `kind` is recorded, has not run out and says yes."""
    entries = facts.evidence.get(str(parameters["kind"]), ())
    if not entries:
        return _closed(message("gate.evidence.missing"))
    results = [_judge(entry, facts.today) for entry in entries]
    return next((result for result in results if result.is_open), results[0])


def any_evidence(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when at least one of the facts in `kinds` is recorded, has not run out and says yes."""
    kinds = parameters["kinds"]
    names = kinds if isinstance(kinds, list) else [kinds]
    results = [evidence(facts, {"kind": name}) for name in names]
    recorded = [result for result in results if result.evidence]
    if not recorded:
        return _closed(message("gate.any-evidence.missing", count=len(names)))
    return next((result for result in recorded if result.is_open), recorded[0])


def evidence_unless(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when the fact `kind` holds, or when the fact `unless` shows that it is not needed."""
    waiver = evidence(facts, {"kind": parameters["unless"]})
    if waiver.is_open:
        return _opened(message("gate.evidence-unless.waived", why=waiver.reason), *waiver.evidence)
    return evidence(facts, parameters)


def documents(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when at least `minimum` different documents supplied are valid and none is invalid or unchecked."""
    # What a person says about a document does not count: only the check of its bytes does.
    known = facts.evidence.get(str(parameters["kind"]), ())
    entries = tuple(entry for entry in known if entry.source is EvidenceSource.DOCUMENT)
    minimum = int(str(parameters["minimum"]))
    wrong = tuple(entry for entry in entries if entry.answer is Answer.NO)
    unchecked = tuple(entry for entry in entries if entry.answer is Answer.UNKNOWN)
    total = len(entries)
    if wrong:
        return _closed(_counted("gate.documents.invalid", wrong, total), *wrong)
    if unchecked:
        return _unknown(_counted("gate.documents.unchecked", unchecked, total), *unchecked)
    different = len({entry.reference for entry in entries})
    if different < minimum:
        return _closed(message("gate.documents.too-few", count=different, minimum=minimum), *entries)
    return _opened(message("gate.documents.valid", count=different), *entries)


def _counted(code: str, entries: tuple[Evidence, ...], total: int) -> Message:
    first = min(entries, key=lambda entry: entry.subject)
    return message(code, count=len(entries), total=total, first=first.subject, why=first.note or "–")


def competent(facts: Facts, _parameters: Parameters) -> GateResult:
    """Open when the municipality is competent for the service by its execution level."""
    if facts.level is ExecutionLevel.OFFEN:
        return _unknown(message("gate.competent.unknown"))
    level = message(f"level.{facts.level}")
    if facts.competent:
        return _opened(message("gate.competent.yes", level=level))
    return _closed(message("gate.competent.no", level=level))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of the table of checks.

    Attributes:
        run: the function; its docstring is the documentation.
        parameters: names and types that a programme file must give.
        kinds: those of them that name a kind of evidence (or a list of kinds).
    """

    run: Callable[[Facts, Parameters], GateResult]
    parameters: Mapping[str, type]
    kinds: tuple[str, ...] = ()


CHECKS: Mapping[str, Check] = {
    "competent": Check(run=competent, parameters={}),
    "evidence": Check(run=evidence, parameters={"kind": str}, kinds=("kind",)),
    "any-evidence": Check(run=any_evidence, parameters={"kinds": list}, kinds=("kinds",)),
    "evidence-unless": Check(run=evidence_unless, parameters={"kind": str, "unless": str}, kinds=("kind", "unless")),
    "documents": Check(run=documents, parameters={"kind": str, "minimum": int}, kinds=("kind",)),
}
