"""What a municipality takes over from its predecessors: never more than is true for all of them.

Rules (decision 0019):

* Where one municipality goes on under another key, everything goes on as it was.
* Where several become one, a rollout stands at the lowest of their stages, and of each fact the weakest version
  counts. What one of them lacks has to be confirmed.
* Where one becomes several, each part starts at its stage. What held for the municipality as a whole has to be
  confirmed for each part.
* A predecessor that could not have a rollout of the service does not lower the stage.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, current
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.domain.municipality_changes import MunicipalityChangeKind, Succession
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.service_keys import ServiceKey

Chain = tuple[str, str, str]
_STRENGTH = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}


def inherited_stage(programme: Programme, stages: Iterable[str], *, own: str | None = None) -> str:
    """Where the heir's rollout stands.

    Args:
        programme: the rollout's programme.
        stages: where the predecessors stand; ``START`` for those that could have a rollout and have none.
        own: how far the heir itself has come since the change; ``None`` when it has no rollout of its own.

    Raises:
        UsageError: the programme has no such stage.
    """
    lowest = min(stages, key=programme.position)
    return max((lowest, own or START), key=programme.position)


def inherited_evidence(
    succession: Succession,
    entries: Mapping[Ars, Sequence[Evidence]],
    counted: Callable[[ServiceKey | None], Collection[Ars]],
    *,
    by: str,
) -> list[Evidence]:
    """What counts for the heir from the day of the change on.

    Args:
        succession: who takes over from whom.
        entries: all evidence of the predecessors, each chain in the order of recording.
        counted: the predecessors that have a say in a service, or in the municipality as a whole.
        by: who carries it over.
    """
    facts = {ars: _newest(entries.get(ars, ()), succession) for ars in succession.predecessors}
    chains = sorted({chain for held in facts.values() for chain in held})
    services = {chain: entry.service for held in facts.values() for chain, entry in held.items()}
    found: list[Evidence] = []
    for chain in chains:
        asked = [ars for ars in succession.predecessors if ars in counted(services[chain])]
        parts = {ars: facts[ars].get(chain) for ars in asked}
        if any(parts.values()):
            found.append(_joined(succession, parts, _lacking(chain, parts, facts), by))
    return found


def _newest(entries: Iterable[Evidence], succession: Succession) -> dict[Chain, Evidence]:
    """The facts that count, by service, kind and subject; after a split those of the whole need confirming."""
    newest = {}
    for held in current(entries, today=date.max).values():
        for entry in held:
            parted = succession.kind is MunicipalityChangeKind.SPLIT and entry.municipality != succession.heir
            if parted and entry.service is None:
                entry = _to_confirm(succession, entry)  # noqa: PLW2901 - the same fact, weaker
            newest[str(entry.service or ""), entry.kind, entry.subject] = entry
    return newest


def _lacking(
    chain: Chain, parts: Mapping[Ars, Evidence | None], facts: Mapping[Ars, Mapping[Chain, Evidence]]
) -> list[Ars]:
    """Who has no such fact. Of documents any is enough: those of one municipality are not those of another."""
    if chain[1] != DOCUMENT_KIND:
        return [ars for ars, entry in parts.items() if entry is None]
    return [ars for ars in parts if not any(held[:2] == chain[:2] for held in facts[ars])]


def _joined(
    succession: Succession, parts: Mapping[Ars, Evidence | None], lacking: Sequence[Ars], by: str
) -> Evidence:
    weakest = min((entry for entry in parts.values() if entry is not None), key=_strength)
    if lacking and weakest.answer is not Answer.NO:
        weakest = _to_confirm(succession, weakest)
    if weakest.municipality == succession.heir:
        own = parts[succession.heir]
        return weakest if weakest == own else replace(weakest, recorded_by=by)
    note = message("municipality-change.evidence", old=str(weakest.municipality), day=succession.day)
    if weakest.note is not None:
        note = message("municipality-change.evidence-noted", carried=note, note=weakest.note)
    return replace(weakest, municipality=succession.heir, recorded_by=by, note=note)


def _strength(entry: Evidence) -> tuple[int, date, date]:
    return _STRENGTH[entry.answer], entry.valid_until or date.max, entry.observed_on


def _to_confirm(succession: Succession, entry: Evidence) -> Evidence:
    """The same fact, of which nobody knows whether it holds from now on. A document stays one."""
    is_document = entry.source is EvidenceSource.DOCUMENT
    return replace(
        entry,
        answer=Answer.NO if entry.answer is Answer.NO else Answer.UNKNOWN,
        source=entry.source if is_document else EvidenceSource.INFERRED,
        observed_on=max(succession.day, entry.observed_on),
        valid_until=None,
        note=message("municipality-change.confirm", day=succession.day),
    )
