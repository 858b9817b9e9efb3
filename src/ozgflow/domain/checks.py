"""The checks that gates are made of: one small function each, entered in ``CHECKS``.

Programme files name a check and give its parameters; ``docs/stages.md`` is generated from both.

To add a check: write a function ``(Facts, parameters) -> GateResult`` with a docstring that an operator
understands, enter it in ``CHECKS``, put its sentences into ``data/wording/gates.toml``, and add one example that
opens and one that does not to ``tests/domain/test_checks.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource
from ozgflow.domain.gates import Facts, GateResult, GateState
from ozgflow.domain.messages import Message, message
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.services import ExecutionLevel

Parameters = Mapping[str, object]


def _opened(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.OPEN, reason=reason, evidence=evidence)


def _closed(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.CLOSED, reason=reason, evidence=evidence)


def _unknown(reason: Message, *evidence: Evidence) -> GateResult:
    return GateResult(state=GateState.UNKNOWN, reason=reason, evidence=evidence)


def judge_entry(entry: Evidence, today: date) -> GateResult:
    """What one fact means on a day for a gate, or for whatever else asks for it."""
    if entry.answer is Answer.UNKNOWN:
        return _unknown(message("gate.evidence.unknown", reference=entry.note or entry.reference), entry)
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
    results = [judge_entry(entry, facts.today) for entry in entries]
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
    if facts.sole:
        return (_opened if facts.competent else _closed)(message("gate.competent.sole", name=facts.sole))
    if facts.level is ExecutionLevel.OFFEN:
        return _unknown(message("gate.competent.unknown"))
    level = message(f"level.{facts.level}")
    if facts.competent:
        return _opened(message("gate.competent.yes", level=level))
    return _closed(message("gate.competent.no", level=level))


def evidence_count(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when the fact `kind` holds for at least `minimum` different subjects, for example attendees."""
    minimum = int(str(parameters["minimum"]))
    held, open_to_doubt = _sorted_out(facts, str(parameters["kind"]))
    count = len({entry.subject for entry in held})
    if count >= minimum:
        return _opened(message("gate.evidence-count.enough", count=count, minimum=minimum), *held)
    reason = message("gate.evidence-count.too-few", count=count, minimum=minimum)
    if count + len(open_to_doubt) >= minimum:
        return _unknown(reason, *held, *open_to_doubt)
    return _closed(reason, *held)


def approval(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when as many different people as the kind of approval asks for have approved, and nobody has refused."""
    kind = str(parameters["kind"])
    entries = facts.evidence.get(kind, ())
    rule = facts.kinds[kind].approval if kind in facts.kinds else None
    people = rule.people if rule else 1
    refused = [entry for entry in entries if entry.answer is Answer.NO]
    if refused:
        why = refused[0].note or refused[0].reference
        return _closed(message("gate.approval.refused", who=refused[0].subject, why=why), *refused)
    given, run_out = _sorted_out(facts, kind)
    names = ", ".join(sorted(entry.subject for entry in given))
    if len(given) >= people:
        return _opened(message("gate.approval.given", who=names), *given)
    if run_out and len(given) + len(run_out) >= people:
        return _unknown(judge_entry(run_out[0], facts.today).reason, *given, *run_out)
    if given:
        return _closed(message("gate.approval.more", who=names, count=len(given), people=people), *given)
    return _closed(message("gate.approval.missing", people=people))


def municipality_kind(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when the municipality is of one of the `kinds_of_municipality`."""
    allowed = _municipality_kinds(parameters)
    named = [message(f"municipality-kind.{one}") for one in allowed]
    if facts.municipality.kind in allowed:
        return _opened(message("gate.kind.yes", kind=message(f"municipality-kind.{facts.municipality.kind}")))
    return _closed(message("gate.kind.no", kinds=named))


def population_at_most(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when a municipality of the `kinds_of_municipality` has at most `limit` inhabitants; others pass."""
    limit, here = int(str(parameters["limit"])), facts.municipality
    if here.kind not in _municipality_kinds(parameters):
        return _opened(message("gate.population.other", kind=message(f"municipality-kind.{here.kind}")))
    facts_of = {"population": here.population, "limit": limit, "day": here.as_of, "source": here.source}
    if here.population <= limit:
        return _opened(message("gate.population.yes", **facts_of))
    return _closed(message("gate.population.no", **facts_of))


def in_land(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when the municipality lies in the Land whose two digits are `land`."""
    land = str(parameters["land"])
    if facts.municipality.ars.land == land:
        return _opened(message("gate.land.yes", land=land))
    return _closed(message("gate.land.no", land=land))


def others_reached(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when at least `minimum` other municipalities have reached the `stage`. Interest alone is not enough."""
    stage, minimum = str(parameters["stage"]), int(str(parameters["minimum"]))
    count = sum(stage in reached for reached in facts.others.values())
    if count < minimum:
        return _closed(message("gate.others.too-few", count=count, minimum=minimum))
    return _opened(message("gate.others.enough", count=count, minimum=minimum))


def place_free(facts: Facts, parameters: Parameters) -> GateResult:
    """Open when fewer than `total` other municipalities have reached the `stage`: there is a place left."""
    stage, total = str(parameters["stage"]), int(str(parameters["total"]))
    taken = sum(stage in reached for reached in facts.others.values())
    if taken < total:
        return _opened(message("gate.place.free", taken=taken, total=total))
    return _closed(message("gate.place.taken", total=total))


def _sorted_out(facts: Facts, kind: str) -> tuple[list[Evidence], list[Evidence]]:
    """The facts of a kind with a subject that hold, and those of which nobody knows whether they do."""
    entries = [entry for entry in facts.evidence.get(kind, ()) if entry.subject]
    states = [(entry, judge_entry(entry, facts.today).state) for entry in entries]
    held = [entry for entry, state in states if state is GateState.OPEN]
    return held, [entry for entry, state in states if state is GateState.UNKNOWN]


def _municipality_kinds(parameters: Parameters) -> list[MunicipalityKind]:
    kinds = parameters["kinds_of_municipality"]
    return [MunicipalityKind(str(kind)) for kind in kinds] if isinstance(kinds, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One entry of the table of checks.

    Attributes:
        run: the function; its docstring is the documentation.
        parameters: names and types that a programme file must give.
        kinds: those of them that name a kind of evidence (or a list of kinds).
        looks_at_others: whether it asks for what other municipalities have reached.
    """

    run: Callable[[Facts, Parameters], GateResult]
    parameters: Mapping[str, type]
    kinds: tuple[str, ...] = ()
    looks_at_others: bool = False


CHECKS: Mapping[str, Check] = {
    "competent": Check(run=competent, parameters={}),
    "evidence": Check(run=evidence, parameters={"kind": str}, kinds=("kind",)),
    "any-evidence": Check(run=any_evidence, parameters={"kinds": list}, kinds=("kinds",)),
    "evidence-unless": Check(run=evidence_unless, parameters={"kind": str, "unless": str}, kinds=("kind", "unless")),
    "evidence-count": Check(run=evidence_count, parameters={"kind": str, "minimum": int}, kinds=("kind",)),
    "documents": Check(run=documents, parameters={"kind": str, "minimum": int}, kinds=("kind",)),
    "approval": Check(run=approval, parameters={"kind": str}, kinds=("kind",)),
    "municipality-kind": Check(run=municipality_kind, parameters={"kinds_of_municipality": list}),
    "population-at-most": Check(run=population_at_most, parameters={"kinds_of_municipality": list, "limit": int}),
    "in-land": Check(run=in_land, parameters={"land": str}),
    "others-reached": Check(run=others_reached, parameters={"stage": str, "minimum": int}, looks_at_others=True),
    "place-free": Check(run=place_free, parameters={"stage": str, "total": int}, looks_at_others=True),
}
