"""Deciding grants: rules that are looked at one by one, and the trace that says what each came to.

To add a rule: write a function that yields steps, enter it in ``RULES_OF_DECISION``, and put its name and its
sentences into ``data/wording/grants.toml``. All rules are looked at whatever an earlier one has found, so that a
municipality learns all reasons at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ozgflow.domain.checks import judge_entry
from ozgflow.domain.evidence import Evidence
from ozgflow.domain.gates import GateState
from ozgflow.domain.grants import GrantApplication, GrantRules, GrantState
from ozgflow.domain.laender import LAENDER
from ozgflow.domain.messages import Message, message
from ozgflow.domain.money import NOTHING, require_amount
from ozgflow.domain.municipalities import Municipality
from ozgflow.errors import UsageError

BY_PERSON = "person"
"""The rule that stands in a trace for a rejection that a person has given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """What the rules may look at beside application and programme.

    Attributes:
        today: the day of the decision; evidence is judged for it.
        municipality: the applicant as the catalogue has it.
        evidence: what counts on that day, by kind (see ``evidence.current``).
        taken: how many places of the application's year are taken.
        is_origin: whether the solution was made in this municipality, which then reuses nothing.
    """

    today: date
    municipality: Municipality
    evidence: Mapping[str, tuple[Evidence, ...]]
    taken: int
    is_origin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One rule in a decision.

    Attributes:
        rule: name of the rule.
        given: what it looked at.
        state: open when it allows the grant, closed when it forbids it, unknown when it cannot tell.
        reason: why.
        directive: code of the directive under which it was applied; ``None`` when none was in force.
    """

    rule: str
    given: Message
    state: GateState
    reason: Message
    directive: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDecision:
    """What an application came to.

    Attributes:
        state: granted, rejected, or still requested when something cannot be told yet.
        granted: the amount in euro; nothing unless granted.
        directive: code of the directive; ``None`` when none was in force.
        trace: the rules in the order in which they were looked at.
    """

    state: GrantState
    granted: Decimal
    directive: str | None
    trace: tuple[TraceStep, ...]

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why it was not granted; empty when it was."""
        return tuple(step.reason for step in self.trace if step.state is not GateState.OPEN)

    def applied(self, application: GrantApplication) -> GrantApplication:
        """The application after this decision."""
        return replace(application, state=self.state, granted=self.granted, directive=self.directive)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hearing:
    application: GrantApplication
    rules: GrantRules
    facts: GrantFacts
    directive: str | None
    refusal: str

    def step(self, rule: str, given: Message, state: GateState, reason: Message) -> TraceStep:
        return TraceStep(rule=rule, given=given, state=state, reason=reason, directive=self.directive)

    def verdict(self, rule: str, given: Message, reason: Message, *, is_open: bool) -> TraceStep:
        return self.step(rule, given, GateState.OPEN if is_open else GateState.CLOSED, reason)


def decide(
    application: GrantApplication,
    rules: GrantRules,
    facts: GrantFacts,
    *,
    award: Decimal | None = None,
    refusal: str = "",
) -> GrantDecision:
    """Decide an application by the rules of its programme.

    Args:
        application: an application that is not decided yet.
        rules: what the programme file says.
        facts: what else counts.
        award: how much a person wants to grant, in euro; ``None`` for as much as the rules allow.
        refusal: why a person rejects it whatever the rules say; empty to let the rules decide.

    Raises:
        UsageError: the application is decided already, or ``award`` is no amount or above what the rules allow.
    """
    if application.state is not GrantState.REQUESTED:
        present = message(f"grant-state.{application.state}")
        raise UsageError("grant.state-wrong", case=application.case, state=present)
    directive = rules.directive(application.applied_on)
    hearing = _Hearing(
        application=application,
        rules=rules,
        facts=facts,
        directive=directive.code if directive else None,
        refusal=refusal,
    )
    trace = tuple(step for rule in RULES_OF_DECISION for step in rule(hearing))
    state = _state({step.state for step in trace})
    granted = _amount(application, rules, award)
    return GrantDecision(
        state=state,
        granted=granted if state is GrantState.GRANTED else NOTHING,
        directive=hearing.directive,
        trace=(*trace, *_award(hearing, granted, state)),
    )


def _state(found: set[GateState]) -> GrantState:
    """Law and money: one certain no rejects, what cannot be told grants nothing and rejects nothing."""
    if GateState.CLOSED in found:
        return GrantState.REJECTED
    return GrantState.REQUESTED if GateState.UNKNOWN in found else GrantState.GRANTED


def _amount(application: GrantApplication, rules: GrantRules, award: Decimal | None) -> Decimal:
    most = min(application.requested, rules.ceiling)
    if award is not None:
        require_amount(award)
    if award is not None and award > most:
        raise UsageError("grant.award-impossible", award=award, most=most)
    return most if award is None else award


def _directive(hearing: _Hearing) -> Iterator[TraceStep]:
    day = hearing.application.applied_on
    in_force = [one for one in hearing.rules.directives if one.in_force(day)]
    given = message("grant-given.day", day=day)
    if not in_force:
        yield hearing.verdict("directive", given, message("grant.no-directive", day=day), is_open=False)
        return
    names = [one.code for one in in_force]
    reason = message("grant.directive", directive=hearing.directive)
    if len(names) > 1:
        boundary = message(f"grant-boundary.{hearing.rules.boundary}")
        reason = message("grant.directive-of", directive=hearing.directive, all=names, boundary=boundary)
    yield hearing.verdict("directive", given, reason, is_open=True)


def _applicant(hearing: _Hearing) -> Iterator[TraceStep]:
    municipality, rules = hearing.facts.municipality, hearing.rules
    kind = message(f"municipality-kind.{municipality.kind}")
    given = message("grant-given.applicant", name=municipality.label, kind=kind)
    if hearing.facts.is_origin:
        reason = message("grant.applicant-origin", name=municipality.label)
        yield hearing.verdict("applicant", given, reason, is_open=False)
        return
    if municipality.land != rules.land:
        reason = message("grant.applicant-land", name=municipality.label, land=LAENDER[rules.land].name)
        yield hearing.verdict("applicant", given, reason, is_open=False)
        return
    is_open = municipality.kind in rules.applicants
    kinds = [message(f"municipality-kind.{one}") for one in rules.applicants]
    reason = message("grant.applicant" if is_open else "grant.applicant-kind", kind=kind, kinds=kinds)
    yield hearing.verdict("applicant", given, reason, is_open=is_open)


def _purposes(hearing: _Hearing) -> Iterator[TraceStep]:
    asked, allowed = hearing.application.purposes, hearing.rules.purposes
    strange = [message(f"grant-purpose.{one}") for one in asked if one not in allowed]
    given = message("grant-given.purposes", purposes=[message(f"grant-purpose.{one}") for one in asked])
    reason = message("grant.purposes-strange", purposes=strange) if strange else message("grant.purposes")
    yield hearing.verdict("purposes", given, reason, is_open=not strange)


def _preconditions(hearing: _Hearing) -> Iterator[TraceStep]:
    for kind in hearing.rules.preconditions:
        given = message("grant-given.evidence", kind=kind, day=hearing.facts.today)
        entries = hearing.facts.evidence.get(kind, ())
        results = [judge_entry(entry, hearing.facts.today) for entry in entries]
        best = next((result for result in results if result.is_open), results[0] if results else None)
        # Nobody has looked yet: that is not a no, and a rejection would be for good.
        state = best.state if best else GateState.UNKNOWN
        reason = best.reason if best else message("gate.evidence.missing")
        yield hearing.step("precondition", given, state, message("grant.precondition", kind=kind, why=reason))


def _quota(hearing: _Hearing) -> Iterator[TraceStep]:
    year, taken = hearing.application.year, hearing.facts.taken
    quota = hearing.rules.quota(year)
    given = message("grant-given.quota", year=year, taken=taken)
    if quota is None:
        reason = message("grant.no-quota", year=year, file=hearing.rules.file)
        yield hearing.verdict("quota", given, reason, is_open=False)
        return
    is_open = taken < quota.places
    code = "grant.place-free" if is_open else "grant.places-gone"
    reason = message(code, year=year, left=quota.places - taken, places=quota.places)
    yield hearing.verdict("quota", given, reason, is_open=is_open)


def _by_person(hearing: _Hearing) -> Iterator[TraceStep]:
    if hearing.refusal:
        reason = message("note.free", text=hearing.refusal)
        yield hearing.verdict(BY_PERSON, message("grant-given.person"), reason, is_open=False)


def _award(hearing: _Hearing, granted: Decimal, state: GrantState) -> Iterator[TraceStep]:
    if state is GrantState.GRANTED:
        requested, ceiling = hearing.application.requested, hearing.rules.ceiling
        given = message("grant-given.amount", requested=requested, ceiling=ceiling)
        code = "grant.amount-whole" if granted == requested else "grant.amount-less"
        yield hearing.verdict("amount", given, message(code, granted=granted), is_open=True)


RULES_OF_DECISION: tuple[Callable[[_Hearing], Iterator[TraceStep]], ...] = (
    _directive,
    _applicant,
    _purposes,
    _preconditions,
    _quota,
    _by_person,
)
"""The rules, in the order of the trace."""
