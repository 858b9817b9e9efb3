"""Readiness: what a rollout still needs, the shortest way to its next stage, and what one missing entry holds up.

The shortest way is the smallest set of kinds of evidence with which all gates that hold the rollout would open. It is
found by trying: gates are few, and one entry may open several of them – a FIT-Connect destination, for example, makes
OSCI receiver and DVDV entry unnecessary.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from ozgflow.domain.evidence import DOCUMENT_KIND, Evidence, EvidenceKind, EvidenceSource, Scope
from ozgflow.domain.gates import Facts
from ozgflow.domain.programmes import Programme
from ozgflow.domain.rollouts import Assessment, JudgedGate

_MOST_KINDS = 16
_PEOPLE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """One gate of the programme as a line of the table.

    Attributes:
        judged: the gate with its result.
        kinds: the kinds of evidence that it asks for.
        evidence: the newest fact that it looked at, if any.
        ends_on: the last day on which that fact counts; ``None`` when it has no end, or there is none.
        ends_soon: whether that day is so near that a warning is due.
        is_needed: whether the gate belongs to a stage that is reached, or to the next one.
    """

    judged: JudgedGate
    kinds: tuple[EvidenceKind, ...]
    evidence: Evidence | None
    ends_on: date | None
    ends_soon: bool
    is_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The shortest way to the next stage.

    Attributes:
        stage: code of the next stage; empty at the end of the programme.
        kinds: what has to be evidenced; empty when nothing is missing, or nothing would help.
        beyond: gates that no evidence opens: the municipality is not competent, say, or all places are taken.
    """

    stage: str
    kinds: tuple[EvidenceKind, ...]
    beyond: tuple[JudgedGate, ...]


def prerequisites(programme: Programme, assessment: Assessment, facts: Facts) -> tuple[Prerequisite, ...]:
    """All gates of a programme for one rollout, in the order of the stages."""
    needed = programme.position(assessment.stage) + 1
    return tuple(
        _prerequisite(JudgedGate(stage=stage, gate=gate, result=gate.judge(facts)), facts, is_needed=number <= needed)
        for number, stage in enumerate(programme.stages, 1)
        for gate in stage.gates
    )


def shortest_way(programme: Programme, assessment: Assessment, facts: Facts) -> Way:
    """What has to be evidenced so that the rollout reaches its next stage."""
    position = programme.position(assessment.stage)
    following = programme.stages[position : position + 1]
    held = _held(assessment)
    everything = _with(facts, _candidates(held, facts.kinds))
    beyond = tuple(judged for judged in held if not judged.gate.judge(everything).is_open)
    open_to_evidence = [judged for judged in held if judged not in beyond]
    return Way(
        stage=following[0].code if following else "",
        kinds=_fewest(open_to_evidence, facts),
        beyond=beyond,
    )


def single_keys(assessment: Assessment, facts: Facts) -> tuple[EvidenceKind, ...]:
    """The kinds of which one entry alone would open the next stage."""
    held = _held(assessment)
    if not held:
        return ()
    return tuple(
        kind
        for kind in _candidates(held, facts.kinds)
        if all(judged.gate.judge(_with(facts, [kind])).is_open for judged in held)
    )


def unlock_counts(keys: Iterable[Sequence[EvidenceKind]]) -> Mapping[str, int]:
    """For each kind of evidence the number of rollouts that it alone holds up.

    Args:
        keys: for each rollout what ``single_keys`` says.
    """
    counted = Counter(kind.code for kinds in keys for kind in kinds)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _held(assessment: Assessment) -> list[JudgedGate]:
    """The gates that keep the rollout from its next stage; those behind it that are no longer open come first."""
    return [judged for judged in (*assessment.unconfirmed, *assessment.next_gates) if not judged.result.is_open]


def _prerequisite(judged: JudgedGate, facts: Facts, *, is_needed: bool) -> Prerequisite:
    kinds = tuple(facts.kinds[code] for code in judged.gate.kinds if code in facts.kinds)
    seen = judged.result.evidence
    newest = max(seen, key=lambda entry: entry.observed_on, default=None)
    ends = [(facts.kinds[one.kind].ends_on(one), one) for one in seen if one.kind in facts.kinds]
    dated = [(day, one) for day, one in ends if day is not None]
    ends_on, ending = min(dated, key=lambda pair: pair[0], default=(None, None))
    warn = facts.kinds[ending.kind].warn_days if ending else 0
    return Prerequisite(
        judged=judged,
        kinds=kinds,
        evidence=newest,
        ends_on=ends_on,
        ends_soon=ends_on is not None and facts.today <= ends_on <= facts.today + timedelta(days=warn),
        is_needed=is_needed,
    )


def _candidates(held: Sequence[JudgedGate], kinds: Mapping[str, EvidenceKind]) -> list[EvidenceKind]:
    """The kinds that the gates name, those that are named most often first."""
    counted = Counter(code for judged in held for code in judged.gate.kinds if code in kinds)
    codes = [code for code, _ in sorted(counted.items(), key=lambda pair: -pair[1])]
    return [kinds[code] for code in codes]


def _fewest(held: Sequence[JudgedGate], facts: Facts) -> tuple[EvidenceKind, ...]:
    """The smallest set of kinds that opens all the gates."""
    candidates = _candidates(held, facts.kinds)
    if not held or len(candidates) > _MOST_KINDS:
        return tuple(candidates)
    for size in range(1, len(candidates) + 1):
        for chosen in combinations(candidates, size):
            known = _with(facts, chosen)
            if all(judged.gate.judge(known).is_open for judged in held):
                return chosen
    return tuple(candidates)


def _with(facts: Facts, kinds: Iterable[EvidenceKind]) -> Facts:
    """The facts as they would be if these kinds were evidenced today."""
    assumed = {kind.code: _assumed(kind, facts) for kind in kinds}
    return replace(facts, evidence={**facts.evidence, **assumed})


def _assumed(kind: EvidenceKind, facts: Facts) -> tuple[Evidence, ...]:
    """As many facts as any gate could ask for; they are never written anywhere."""
    is_document = kind.code == DOCUMENT_KIND
    several = is_document or kind.approval is not None
    subjects = [str(number) for number in range(_PEOPLE)] if several else ["", *map(str, range(_PEOPLE))]
    return tuple(
        Evidence(
            kind=kind.code,
            municipality=facts.municipality.ars,
            service=facts.service.key if kind.scope is Scope.SERVICE else None,
            subject=subject,
            source=EvidenceSource.DOCUMENT if is_document else EvidenceSource.INFERRED,
            reference=f"assumed {subject}",
            observed_on=facts.today,
            recorded_by="assumed",
        )
        for subject in subjects
    )
