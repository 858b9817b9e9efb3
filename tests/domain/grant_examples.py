"""Applications for grants and what is known of those who apply, for the tests of grants."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource, current
from ozgflow.domain.grant_decisions import GrantDecision, GrantFacts, decide
from ozgflow.domain.grants import GrantApplication, GrantPurpose, GrantRules
from ozgflow.domain.messages import Wording
from ozgflow.domain.municipalities import Municipality
from ozgflow.domain.programme_files import load_programme

PROGRAMME = load_programme("smart-village-app")
assert PROGRAMME.grant is not None
RULES: GrantRules = PROGRAMME.grant
CATALOGUE = load_catalogue()
BARNIM = CATALOGUE.select_municipalities(["Barnim"])[0]
TODAY = date(2026, 11, 22)


def application(
    amount: str = "20000",
    *,
    municipality: Municipality = BARNIM,
    on: date = date(2024, 3, 1),
    purposes: Sequence[GrantPurpose] = (GrantPurpose.ADAPTATION,),
    case: str = "SVA 1/2024",
    programme: str = PROGRAMME.code,
) -> GrantApplication:
    """An application that is not decided yet."""
    return GrantApplication(
        programme=programme,
        case=case,
        municipality=municipality.ars,
        applied_on=on,
        requested=Decimal(amount),
        purposes=tuple(purposes),
    )


def participation(
    municipality: Municipality = BARNIM, *, answer: Answer = Answer.YES, valid_until: date | None = None
) -> Evidence:
    """That a municipality takes part in BUS-BB, or does not."""
    return Evidence(
        kind="bus-bb-teilnahme",
        municipality=municipality.ars,
        service=None,
        answer=answer,
        source=EvidenceSource.PERSON,
        reference="BUS-BB 1",
        observed_on=date(2024, 1, 15),
        valid_until=valid_until,
        recorded_by="Erika Mustermann",
    )


def decided(
    asked: GrantApplication,
    *,
    rules: GrantRules = RULES,
    evidence: Sequence[Evidence] | None = None,
    taken: int = 0,
    award: str | None = None,
    refusal: str = "",
) -> GrantDecision:
    """What an application comes to; without other evidence the applicant takes part in BUS-BB."""
    municipality = CATALOGUE.municipality(asked.municipality)
    entries = [participation(municipality)] if evidence is None else evidence
    facts = GrantFacts(
        today=TODAY,
        municipality=municipality,
        evidence=current(entries, today=TODAY),
        taken=taken,
        is_origin=PROGRAMME.is_origin(municipality.ars),
    )
    return decide(asked, rules, facts, award=Decimal(award) if award else None, refusal=refusal)


def sentences(decision: GrantDecision) -> str:
    """Why something was not granted, in German."""
    return " ".join(Wording.load().render(reason) for reason in decision.reasons)
