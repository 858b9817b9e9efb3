"""Every check of the table with an example that opens, one that does not, and one that cannot be told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from ozgflow.domain.catalogue import ExecutionLevel
from ozgflow.domain.evidence import Answer, EvidenceSource
from ozgflow.domain.gates import CHECKS, Facts, GateState
from ozgflow.domain.messages import Language, Wording, message
from tests.domain.facts import entry, facts

YESTERDAY = date(2026, 11, 21)
DOCUMENTS = {"kind": "nachricht", "minimum": 2}
ONE, TWO = entry("nachricht", subject="1.xml"), entry("nachricht", subject="2.xml")
BAD = entry("nachricht", subject="3.xml", answer=Answer.NO, note=message("note.free", text="Zeile 4"))
LOST = entry("nachricht", subject="4.xml", answer=Answer.UNKNOWN)
UNLESS = {"kind": "bezahlkomponente", "unless": "gebuehrenfrei"}
ANY = {"kinds": ["fitconnect-zustellpunkt", "dvdv-eintrag"]}

OPEN: list[tuple[str, Mapping[str, object], Facts]] = [
    ("competent", {}, facts()),
    ("evidence", {"kind": "avv"}, facts([entry("avv")])),
    ("evidence", {"kind": "avv"}, facts([entry("avv", valid_until=date(2026, 11, 22))])),
    ("evidence", {"kind": "avv"}, facts([entry("avv", answer=Answer.NO), entry("avv")])),
    ("any-evidence", ANY, facts([entry("dvdv-eintrag")])),
    ("any-evidence", ANY, facts([entry("fitconnect-zustellpunkt", answer=Answer.NO), entry("dvdv-eintrag")])),
    ("evidence-unless", UNLESS, facts([entry("bezahlkomponente")])),
    ("evidence-unless", UNLESS, facts([entry("gebuehrenfrei")])),
    ("documents", DOCUMENTS, facts([ONE, TWO])),
    ("documents", DOCUMENTS, facts([ONE, TWO, BAD, entry("nachricht", subject="3.xml", answer=Answer.WITHDRAWN)])),
]
SAME = [replace(ONE, subject=f"{number}.xml") for number in range(3)]
SAID = [replace(ONE, source=EvidenceSource.PERSON), replace(TWO, source=EvidenceSource.PERSON)]
CLOSED: list[tuple[str, Mapping[str, object], Facts]] = [
    ("competent", {}, facts(competent=False)),
    ("evidence", {"kind": "avv"}, facts()),
    ("evidence", {"kind": "avv"}, facts([entry("dsfa")])),
    ("evidence", {"kind": "avv"}, facts([entry("avv"), entry("avv", answer=Answer.NO)])),
    ("evidence", {"kind": "avv"}, facts([entry("avv"), entry("avv", answer=Answer.WITHDRAWN)])),
    ("evidence", {"kind": "avv"}, facts([entry("avv", observed_on=date(2026, 12, 1))])),
    ("any-evidence", ANY, facts()),
    ("any-evidence", ANY, facts([entry("dvdv-eintrag", answer=Answer.NO)])),
    ("evidence-unless", UNLESS, facts()),
    ("evidence-unless", UNLESS, facts([entry("gebuehrenfrei", answer=Answer.NO)])),
    ("documents", DOCUMENTS, facts()),
    ("documents", DOCUMENTS, facts([ONE])),
    ("documents", DOCUMENTS, facts(SAME)),
    ("documents", DOCUMENTS, facts(SAID)),
    ("documents", DOCUMENTS, facts([ONE, TWO, BAD])),
    ("documents", DOCUMENTS, facts([ONE, TWO, BAD, LOST])),
]
UNKNOWN: list[tuple[str, Mapping[str, object], Facts]] = [
    ("competent", {}, facts(level=ExecutionLevel.OFFEN, competent=False)),
    ("evidence", {"kind": "avv"}, facts([entry("avv", answer=Answer.UNKNOWN)])),
    ("evidence", {"kind": "avv"}, facts([entry("avv", valid_until=YESTERDAY)])),
    ("any-evidence", ANY, facts([entry("dvdv-eintrag", valid_until=YESTERDAY)])),
    ("evidence-unless", UNLESS, facts([entry("bezahlkomponente", answer=Answer.UNKNOWN)])),
    ("documents", DOCUMENTS, facts([ONE, TWO, LOST])),
]


@pytest.mark.parametrize(
    ("state", "check", "parameters", "known"),
    [(GateState.OPEN, *case) for case in OPEN]
    + [(GateState.CLOSED, *case) for case in CLOSED]
    + [(GateState.UNKNOWN, *case) for case in UNKNOWN],
)
def test_the_check_answers_as_its_example_says(
    state: GateState, check: str, parameters: Mapping[str, object], known: Facts
) -> None:
    result = CHECKS[check].run(known, parameters)

    assert result.state is state
    for language in Language:
        assert Wording.load(language).render(result.reason)


def test_every_check_has_an_example_for_each_answer() -> None:
    for cases in (OPEN, CLOSED, UNKNOWN):
        assert {check for check, _, _ in cases} == set(CHECKS)


def test_every_check_is_documented_for_operators() -> None:
    for check in CHECKS.values():
        assert (check.run.__doc__ or "").startswith("Open when ")


def test_an_expired_fact_says_until_when_it_held() -> None:
    result = CHECKS["evidence"].run(facts([entry("avv", valid_until=YESTERDAY)]), {"kind": "avv"})

    assert Wording.load().render(result.reason) == "unbestätigt: der Nachweis galt bis 21.11.2026"


def test_a_faulty_message_is_named_with_its_place() -> None:
    result = CHECKS["documents"].run(facts([ONE, TWO, BAD]), DOCUMENTS)

    assert Wording.load().render(result.reason) == "1 von 3 Nachrichten fehlerhaft, zuerst 3.xml: Zeile 4"


def test_a_date_alone_opens_nothing() -> None:
    closed = [(check, parameters, known) for check, parameters, known in CLOSED if known.evidence == {}]

    for check, parameters, known in closed:
        later = facts(today=date(2099, 1, 1), competent=known.competent)
        assert not CHECKS[check].run(later, parameters).is_open
