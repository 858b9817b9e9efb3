"""Every check of the table with an example that opens, one that does not, and one that cannot be told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from ozgflow.domain.catalogue import ExecutionLevel
from ozgflow.domain.checks import CHECKS
from ozgflow.domain.evidence import Answer, EvidenceSource
from ozgflow.domain.gates import Facts, GateState
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Language, Wording, message
from tests.domain.facts import entry, facts

YESTERDAY = date(2026, 11, 21)
DOCUMENTS = {"kind": "nachricht", "minimum": 2}
ONE, TWO = entry("nachricht", subject="1.xml"), entry("nachricht", subject="2.xml")
BAD = entry("nachricht", subject="3.xml", answer=Answer.NO, note=message("note.free", text="Zeile 4"))
LOST = entry("nachricht", subject="4.xml", answer=Answer.UNKNOWN)
UNLESS = {"kind": "bezahlkomponente", "unless": "gebuehrenfrei"}
ANY = {"kinds": ["fitconnect-zustellpunkt", "dvdv-eintrag"]}
GUESTS = {"kind": "workshop-teilnahme", "minimum": 2}
APPROVAL = {"kind": "golive-freigabe"}
BOTH = [entry("golive-freigabe", subject=name) for name in ("E. M.", "M. M.")]
PLACE = {"stage": "live", "total": 1}
OTHERS = {"stage": "live", "minimum": 1}
OTHER = Ars.parse("120600000000")

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
    ("competent", {}, facts(sole="Landkreis Elbe-Elster")),
    ("evidence-count", GUESTS, facts([entry("workshop-teilnahme", subject=name) for name in ("A", "B")])),
    ("approval", APPROVAL, facts(BOTH)),
    ("municipality-kind", {"kinds_of_municipality": ["landkreis"]}, facts()),
    ("population-at-most", {"kinds_of_municipality": ["landkreis"], "limit": 1_000_000}, facts()),
    ("population-at-most", {"kinds_of_municipality": ["kreisfreie_stadt"], "limit": 1}, facts()),
    ("in-land", {"land": "12"}, facts()),
    ("others-reached", OTHERS, facts(others={OTHER: frozenset({"interesse", "live"})})),
    ("place-free", PLACE, facts()),
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
    ("competent", {}, facts(sole="Landkreis Dahme-Spreewald", competent=False)),
    ("evidence-count", GUESTS, facts()),
    ("evidence-count", GUESTS, facts([entry("workshop-teilnahme", subject="A")] * 2)),
    ("approval", APPROVAL, facts()),
    ("approval", APPROVAL, facts([entry("golive-freigabe", subject="E. M.")] * 2)),
    ("approval", APPROVAL, facts([*BOTH, entry("golive-freigabe", subject="E. M.", answer=Answer.NO)])),
    ("municipality-kind", {"kinds_of_municipality": ["amt", "kreisfreie_stadt"]}, facts()),
    ("population-at-most", {"kinds_of_municipality": ["landkreis"], "limit": 1}, facts()),
    ("in-land", {"land": "11"}, facts()),
    ("others-reached", OTHERS, facts(others={OTHER: frozenset({"interesse"})})),
    ("place-free", PLACE, facts(others={OTHER: frozenset({"live"})})),
]
UNKNOWN: list[tuple[str, Mapping[str, object], Facts]] = [
    ("competent", {}, facts(level=ExecutionLevel.OFFEN, competent=False)),
    ("evidence", {"kind": "avv"}, facts([entry("avv", answer=Answer.UNKNOWN)])),
    ("evidence", {"kind": "avv"}, facts([entry("avv", valid_until=YESTERDAY)])),
    ("any-evidence", ANY, facts([entry("dvdv-eintrag", valid_until=YESTERDAY)])),
    ("evidence-unless", UNLESS, facts([entry("bezahlkomponente", answer=Answer.UNKNOWN)])),
    ("documents", DOCUMENTS, facts([ONE, TWO, LOST])),
    (
        "evidence-count",
        GUESTS,
        facts([entry("workshop-teilnahme", subject=one, valid_until=YESTERDAY) for one in "AB"]),
    ),
    ("approval", APPROVAL, facts([replace(one, valid_until=YESTERDAY) for one in BOTH])),
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
        # What the register says of a municipality is always known.
        needed = {name for name, check in CHECKS.items() if check.kinds or name == "competent"}
        assert {check for check, _, _ in cases} >= (needed if cases is UNKNOWN else set(CHECKS))


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
        later = replace(known, today=date(2099, 1, 1))
        assert not CHECKS[check].run(later, parameters).is_open
