"""Evidence as people give it: checked before it is believed, recorded once."""

from datetime import timedelta
from typing import Any

import pytest

from ozgflow.domain.evidence import Answer, Evidence, EvidenceSource
from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.errors import UsageError
from ozgflow.jobs.evidence import by_person, listed, record
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.jobs.examples import BARNIM, SERVICE
from tests.storage.rows import all_rows

TOMORROW = TODAY + timedelta(days=1)


def _given(workspace: Workspace, **differently: Any) -> Evidence:
    words: dict[str, Any] = {
        "kind": "avv",
        "municipality": "Barnim",
        "service": str(SERVICE),
        "reference": "Vertrag 7/2026",
        "by": "Frau Probe",
        "observed_on": TODAY,
        "today": TODAY,
    }
    return by_person(workspace, **{**words, **differently})


def test_what_a_person_says_becomes_evidence(workspace: Workspace) -> None:
    entry = _given(workspace, reference=" Vertrag 7/2026 ", by=" Frau Probe ", valid_until=TOMORROW, note=" geprüft ")

    assert (entry.kind, entry.municipality, entry.service) == ("avv", BARNIM, SERVICE)
    assert (entry.answer, entry.source) == (Answer.YES, EvidenceSource.PERSON)
    assert (entry.reference, entry.recorded_by) == ("Vertrag 7/2026", "Frau Probe")
    assert (entry.observed_on, entry.valid_until) == (TODAY, TOMORROW)
    assert entry.note is not None
    assert Wording.load().render(entry.note) == "geprüft"


def test_what_holds_for_the_whole_municipality_keeps_no_service(workspace: Workspace) -> None:
    assert _given(workspace, kind="zertifikat").service is None
    assert _given(workspace, kind="zertifikat", service=None).service is None


def test_without_a_remark_there_is_no_note(workspace: Workspace) -> None:
    assert _given(workspace, note="  ").note is None


@pytest.mark.parametrize(
    ("differently", "told"),
    [
        ({"kind": "avvv"}, "„avvv“ ist unbekannt"),
        ({"kind": ""}, "„“ ist unbekannt"),
        ({"municipality": "Barnimm"}, "Landkreis Barnim"),
        ({"municipality": "Golzow"}, "nicht eindeutig"),
        ({"service": None}, "--service"),
        ({"service": "99010001001999"}, "99010001001999"),
        ({"service": "990100010010"}, "12 Stellen"),
        ({"reference": " "}, "--reference"),
        ({"by": ""}, "--by"),
        ({"observed_on": TOMORROW}, "23.11.2026"),
        ({"valid_until": TODAY - timedelta(days=1)}, "21.11.2026"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    workspace: Workspace, differently: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError) as refused:
        _given(workspace, **differently)

    error = Message(refused.value.code, refused.value.params)
    assert told in Wording.load(Language.GERMAN).render(error)
    assert Wording.load(Language.ENGLISH).render(error)


def test_recording_the_same_twice_changes_nothing(workspace: Workspace) -> None:
    first = record(workspace, [_given(workspace)], now=NOW)
    before = all_rows(workspace.database)

    second = record(workspace, [_given(workspace)], now=NOW + timedelta(days=1))

    assert (first, second) == (1, 0)
    assert all_rows(workspace.database) == before


def test_evidence_is_listed_by_municipality_and_service_in_the_order_of_recording(workspace: Workspace) -> None:
    contract, revoked = _given(workspace), _given(workspace, answer=Answer.NO)
    certificate, elsewhere = _given(workspace, kind="zertifikat"), _given(workspace, municipality="Prignitz")
    for entry in (contract, certificate, elsewhere, revoked):
        record(workspace, [entry], now=NOW)

    assert listed(workspace, municipality="Barnim") == (contract, revoked, certificate)
    assert listed(workspace, municipality="Barnim", service="99010001001000") == (certificate,)
    assert listed(workspace, municipality="Uckermark") == ()


@pytest.mark.parametrize("words", [{"municipality": "Atlantis"}, {"municipality": "Barnim", "service": "1"}])
def test_listing_what_is_unknown_is_wrong_use(workspace: Workspace, words: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        listed(workspace, **words)
