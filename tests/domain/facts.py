"""Hand-made facts for the tests of gates and rollouts."""

from collections.abc import Mapping, Sequence
from datetime import date

from ozgflow.domain.catalogue import ExecutionLevel, load_catalogue
from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, current
from ozgflow.domain.gates import Facts
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.programme_files import load_evidence_kinds

TODAY = date(2026, 11, 22)
MUNICIPALITY = load_catalogue().select_municipalities(["Elbe-Elster"])[0]
SERVICE = load_catalogue().service("99010001001009")


def entry(
    kind: str,
    *,
    answer: Answer = Answer.YES,
    subject: str = "",
    observed_on: date = date(2026, 9, 1),
    valid_until: date | None = None,
    source: EvidenceSource = EvidenceSource.PERSON,
    reference: str = "Az. 1",
    note: Message | None = None,
) -> Evidence:
    """A piece of evidence about the municipality of the tests."""
    if kind == DOCUMENT_KIND:
        source, reference = EvidenceSource.DOCUMENT, f"sha256:{subject}"
    return Evidence(
        kind=kind,
        municipality=MUNICIPALITY.ars,
        service=SERVICE.key,
        subject=subject,
        answer=answer,
        source=source,
        reference=reference,
        observed_on=observed_on,
        valid_until=valid_until,
        recorded_by="Test",
        note=note,
    )


def facts(
    entries: Sequence[Evidence] = (),
    *,
    today: date = TODAY,
    competent: bool = True,
    level: ExecutionLevel = ExecutionLevel.KREIS,
    sole: str = "",
    others: Mapping[Ars, frozenset[str]] | None = None,
) -> Facts:
    """What gates see when these entries are recorded, in this order."""
    return Facts(
        today=today,
        municipality=MUNICIPALITY,
        service=SERVICE,
        level=level,
        competent=competent,
        sole=sole,
        evidence=current(entries, today=today),
        kinds=load_evidence_kinds(),
        others=others or {},
    )
