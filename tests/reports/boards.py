"""Boards made by hand on a real programme, so that a test can count on its fingers."""

from collections.abc import Iterable
from datetime import date

from ozgflow.domain.board import Board, BoardRow
from ozgflow.domain.catalogue import ExecutionLevel, Municipality, MunicipalityKind, Service
from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, current
from ozgflow.domain.gates import Facts
from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START
from ozgflow.domain.rollouts import assess

TODAY = date(2026, 3, 2)
PROGRAMME = load_programme("efa-nachnutzung")
UP_TO_TEST = [
    "interessensbekundung",
    "ansprechpersonen",
    "bus-bb-teilnahme",
    "fachverfahren-unterstuetzt",
    "nachnutzungsvertrag",
    "avv",
    "dsfa",
    "haushaltsmittel",
    "mandant",
    "gebuehrenfrei",
    "fitconnect-zustellpunkt",
    "zertifikat",
    "integrationstest",
]
TO_THE_END = [
    *UP_TO_TEST,
    "fachliche-freigabe",
    "rueckkanal",
    "golive-freigabe",
    "onlinedienst-veroeffentlicht",
    "betriebsuebergabe",
]


def make_service(key: str = "99010003001000", title: str = "Aufenthaltserlaubnis zum Zweck des Studiums") -> Service:
    """A service with what the page shows."""
    return Service(
        key=LeikaKey.parse(key),
        title=title,
        ozg_id=None,
        field="Ein- & Auswanderung",
        typisation="2/3",
        as_of=TODAY,
        source="Test",
    )


def make_municipality(number: int, name: str = "") -> Municipality:
    """A municipality; the number makes its key."""
    ars = Ars.parse(f"12{number:010}")
    return Municipality(
        ars=ars,
        ags=None,
        name=name or f"Ort {number}",
        kind=MunicipalityKind.AMTSFREIE_GEMEINDE,
        parent=None,
        population=10_000,
        as_of=TODAY,
        source="Test",
    )


def make_evidence(kind: str, municipality: Municipality, *, subject: str = "", until: date | None = None) -> Evidence:
    """A fact that says yes."""
    return Evidence(
        kind=kind,
        municipality=municipality.ars,
        service=None,
        subject=subject,
        answer=Answer.YES,
        source=EvidenceSource.DOCUMENT if kind == DOCUMENT_KIND else EvidenceSource.PERSON,
        reference=f"Az. 1 {subject}",
        observed_on=date(2026, 1, 5),
        valid_until=until,
        recorded_by="Test",
    )


def make_row(
    municipality: Municipality,
    service: Service,
    *,
    stage: str = START,
    kinds: Iterable[str] = (),
    expired: str = "",
) -> BoardRow:
    """One rollout, judged on the facts of these kinds and three good messages; one fact may have run out."""
    facts = [
        make_evidence(
            kind,
            municipality,
            subject="Lieschen Müller" if kind.endswith("freigabe") else "",
            until=date(2026, 2, 1) if kind == expired else None,
        )
        for kind in kinds
    ]
    if facts:
        facts += [make_evidence("nachricht", municipality, subject=f"{number}.xml") for number in range(3)]
    assessment = assess(
        PROGRAMME,
        stage,
        Facts(
            today=TODAY,
            municipality=municipality,
            service=service,
            level=ExecutionLevel.KREIS,
            competent=True,
            evidence=current(facts, today=TODAY),
        ),
    )
    return BoardRow(municipality=municipality, service=service, stage=stage, assessment=assessment)


def make_board(rows: Iterable[BoardRow]) -> Board:
    """A board of the day."""
    return Board(programme=PROGRAMME, as_of=TODAY, rows=tuple(rows))


def mixed_rows(service: Service) -> list[BoardRow]:
    """Six rollouts: one at the end, one ready, one unconfirmed, three held (two of them at the start)."""
    return [
        make_row(make_municipality(1, "Anfang"), service),
        make_row(make_municipality(2, "Baruth/Mark, Stadt"), service),
        make_row(
            make_municipality(3, "Cottbus/Chóśebuz, Stadt"),
            service,
            stage="anbindung",
            kinds=[kind for kind in UP_TO_TEST if kind != "integrationstest"],
        ),
        make_row(make_municipality(4, "Dahme"), service, stage="pruefung", kinds=UP_TO_TEST),
        make_row(
            make_municipality(5, "Erkner, Stadt"),
            service,
            stage="test",
            kinds=[*UP_TO_TEST, "fachliche-freigabe"],
            expired="zertifikat",
        ),
        make_row(make_municipality(6, "Forst"), service, stage="betrieb", kinds=TO_THE_END),
    ]
