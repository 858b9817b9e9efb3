"""The demo's scenario: from ``data/demo.toml`` to evidence and messages."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources

from ozgflow.domain.catalogue import Catalogue
from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceKind, EvidenceSource, Scope
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.messages import message
from ozgflow.domain.programmes import Gate, Programme
from ozgflow.sandbox.messages import FLAWS, application

RECORDED_BY = "ozgflow demo"
APPROVERS = ("Lieschen Müller", "Petra Probe")
"""Invented persons who give the demo's approvals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What one authority brings with it; see the head of ``data/demo.toml``."""

    ars: Ars
    until: str
    documents: Sequence[str]
    lacks: Sequence[str] = ()
    denied: Mapping[str, str] = field(default_factory=dict)
    expired: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The whole scenario.

    Attributes:
        seed: of all that is made up.
        programme: code of the programme.
        service: the service that is rolled out.
        observed_on: the day on which all evidence is said to have been seen.
        authorities: who takes part.
    """

    seed: int
    programme: str
    service: LeikaKey
    observed_on: date
    authorities: tuple[Authority, ...]


def load_scenario() -> Scenario:
    """Read the scenario that comes with the package."""
    text = (resources.files("ozgflow") / "data" / "demo.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Scenario(
        seed=data["seed"],
        programme=data["programme"],
        service=LeikaKey.parse(data["service"]),
        observed_on=data["observed_on"],
        authorities=tuple(Authority(**{**table, "ars": Ars.parse(table["ars"])}) for table in data["authority"]),
    )


def messages(scenario: Scenario, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """All messages as ``(path, text)``; paths follow the layout ``<ARS>/<LeiKa key>/<name>.xml``."""
    for authority in scenario.authorities:
        name = catalogue.municipalities[authority.ars].label
        for number, flaw in enumerate(authority.documents, 1):
            text = application(
                seed=scenario.seed,
                ars=str(authority.ars),
                authority=name,
                service=str(scenario.service),
                number=number,
            )
            wrong = FLAWS.get(flaw)
            yield f"{authority.ars}/{scenario.service}/antrag-{number}.xml", wrong(text) if wrong else text


def evidence(scenario: Scenario, programme: Programme) -> Iterator[Evidence]:
    """All evidence but that of the messages, which has to be earned by checking them."""
    for authority in scenario.authorities:
        reached = programme.position(authority.until)
        gates = [gate for stage in programme.stages[:reached] for gate in stage.gates]
        brought = dict.fromkeys(kind for gate in gates for kind in _kinds(gate))
        # Nobody brings what the way chosen makes unnecessary.
        spared = {kind for gate in gates for kind in _kinds(gate) if gate.parameters.get("unless") in brought}
        for kind in (kind for kind in brought if kind not in spared):
            if kind not in authority.lacks:
                yield from _entries(scenario, authority, programme.kinds[kind])


def _kinds(gate: Gate) -> Iterator[str]:
    """What an authority would bring for a gate: the first kind that the check names."""
    if gate.kinds and gate.kinds[0] != DOCUMENT_KIND:
        yield gate.kinds[0]


def _entries(scenario: Scenario, authority: Authority, kind: EvidenceKind) -> Iterator[Evidence]:
    """One fact; for an approval one of each person that it takes."""
    entry = _entry(scenario, authority, kind)
    if kind.approval is None:
        yield entry
        return
    for person in APPROVERS[: kind.approval.people]:
        yield replace(entry, subject=person)


def _entry(scenario: Scenario, authority: Authority, kind: EvidenceKind) -> Evidence:
    why_not = authority.denied.get(kind.code)
    return Evidence(
        kind=kind.code,
        municipality=authority.ars,
        service=scenario.service if kind.scope is Scope.SERVICE else None,
        answer=Answer.NO if why_not else Answer.YES,
        source=EvidenceSource.PERSON,
        reference=f"Demo-Akte {authority.ars.district}/{kind.code}",
        observed_on=scenario.observed_on,
        valid_until=authority.expired.get(kind.code),
        recorded_by=RECORDED_BY,
        note=message("note.free", text=why_not) if why_not else None,
    )
