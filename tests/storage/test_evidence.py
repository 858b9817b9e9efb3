"""Evidence in the database: chains that only grow, repeats that add nothing, and who sees what."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from ozgflow.domain.evidence import DOCUMENT_KIND, Answer, Evidence, EvidenceSource, current
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import message
from ozgflow.storage.database import Database
from ozgflow.storage.evidence import add_evidence, read_evidence
from ozgflow.storage.tables import EvidenceRow
from tests.conftest import NOW, TODAY
from tests.storage.racer import race
from tests.storage.rows import BARNIM, PERMIT, PRIGNITZ, all_rows, small_catalogue, store_small_catalogue

TOMORROW = TODAY + timedelta(days=1)
CERTIFICATE = Evidence(
    kind="zertifikat",
    municipality=BARNIM,
    service=None,
    source=EvidenceSource.PERSON,
    reference="Az. 1",
    observed_on=TODAY,
    recorded_by="Frau Probe",
)
DOCUMENT = Evidence(
    kind=DOCUMENT_KIND,
    municipality=BARNIM,
    service=PERMIT,
    subject="antrag-1.xml",
    source=EvidenceSource.DOCUMENT,
    reference="sha256:1 standard/1.0#1",
    observed_on=TODAY,
    recorded_by="ozgflow validate",
)
WITHDRAWN = replace(DOCUMENT, answer=Answer.WITHDRAWN)
_examples = count(1)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with a small catalogue."""
    with database.writing() as session:
        store_small_catalogue(session)
    return database


def _add(database: Database, *entries: Evidence) -> int:
    with database.writing() as session:
        return add_evidence(session, entries, now=NOW)


def _read(database: Database, municipality: Ars = BARNIM) -> tuple[Evidence, ...]:
    with database.reading() as session:
        return read_evidence(session, [municipality]).get(municipality, ())


def test_what_was_written_is_read_as_it_was(filled: Database) -> None:
    rich = replace(
        CERTIFICATE,
        kind="avv",
        service=PERMIT,
        answer=Answer.NO,
        valid_until=TOMORROW,
        note=message("note.free", text="Nachtragshaushalt „offen“ – 100 %"),
    )

    added = _add(filled, CERTIFICATE, rich)

    assert added == 2
    assert sorted(_read(filled), key=lambda entry: entry.kind) == [rich, CERTIFICATE]


def test_the_same_statement_again_adds_nothing(filled: Database) -> None:
    _add(filled, CERTIFICATE, DOCUMENT)
    before = all_rows(filled)

    added = _add(filled, CERTIFICATE, DOCUMENT)

    assert added == 0
    assert all_rows(filled) == before


def test_the_same_statement_twice_in_one_go_is_added_once(filled: Database) -> None:
    assert _add(filled, CERTIFICATE, CERTIFICATE) == 1


@pytest.mark.parametrize(
    "newer",
    [
        replace(CERTIFICATE, answer=Answer.NO),
        replace(CERTIFICATE, reference="Az. 2"),
        replace(CERTIFICATE, observed_on=TOMORROW),
        replace(CERTIFICATE, valid_until=TOMORROW),
        replace(CERTIFICATE, recorded_by="Herr Test"),
        replace(CERTIFICATE, note=message("note.free", text="neu")),
    ],
)
def test_a_newer_statement_is_appended_with_the_next_number(filled: Database, newer: Evidence) -> None:
    _add(filled, CERTIFICATE)

    added = _add(filled, newer)

    assert added == 1
    assert _read(filled) == (CERTIFICATE, newer)
    assert _numbers(filled) == [1, 2]


def test_chains_do_not_disturb_each_other(filled: Database) -> None:
    others = (
        replace(CERTIFICATE, municipality=PRIGNITZ),
        replace(CERTIFICATE, kind="avv", service=PERMIT),
        replace(DOCUMENT, subject="antrag-2.xml"),
        DOCUMENT,
    )

    added = _add(filled, CERTIFICATE, *others)

    assert added == 5
    assert _numbers(filled) == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("day", [TODAY, TOMORROW, TODAY + timedelta(days=400)])
def test_a_document_does_not_age(filled: Database, day: date) -> None:
    _add(filled, DOCUMENT)

    added = _add(filled, replace(DOCUMENT, observed_on=day))

    assert added == 0


def test_a_document_checked_against_another_bundle_is_news(filled: Database) -> None:
    _add(filled, DOCUMENT)

    added = _add(filled, replace(DOCUMENT, reference="sha256:1 standard/1.0#2"))

    assert added == 1


def test_a_document_that_is_withdrawn_counts_no_longer(filled: Database) -> None:
    _add(filled, DOCUMENT)

    added = _add(filled, WITHDRAWN)

    assert added == 1
    assert current(_read(filled), today=TODAY) == {}


def test_a_document_supplied_again_after_its_withdrawal_counts_again(filled: Database) -> None:
    for entry in (DOCUMENT, WITHDRAWN):
        _add(filled, entry)

    added = _add(filled, DOCUMENT)

    assert added == 1
    assert current(_read(filled), today=TODAY) == {DOCUMENT_KIND: (DOCUMENT,)}


def test_only_the_municipalities_asked_for_are_read(filled: Database) -> None:
    _add(filled, CERTIFICATE, replace(CERTIFICATE, municipality=PRIGNITZ))

    with filled.reading() as session:
        found = read_evidence(session, [PRIGNITZ])

    assert found == {PRIGNITZ: (replace(CERTIFICATE, municipality=PRIGNITZ),)}


def test_what_holds_for_the_whole_municipality_is_read_with_every_service(filled: Database) -> None:
    other = next(key for key in small_catalogue().services if key != PERMIT)
    _add(filled, CERTIFICATE, DOCUMENT, replace(DOCUMENT, service=other))

    with filled.reading() as session:
        found = read_evidence(session, [BARNIM], [PERMIT])

    assert set(found[BARNIM]) == {CERTIFICATE, DOCUMENT}


def test_two_thousand_entries_at_once_are_added_and_recognised(filled: Database) -> None:
    many = [replace(DOCUMENT, subject=f"antrag-{number}.xml") for number in range(2_000)]

    added, again = _add(filled, *many), _add(filled, *many)

    assert (added, again) == (2_000, 0)


def test_racing_processes_record_each_statement_exactly_once(filled: Database, database_url: str) -> None:
    added = [int(output) for output in race("record", database_url, racers=2)]

    assert sorted(added) == [0, 50]
    assert _numbers(filled) == [1] * 50


words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)  # what PostgreSQL can keep
entries = st.builds(
    Evidence,
    kind=words,
    municipality=st.sampled_from([BARNIM, PRIGNITZ]),
    service=st.sampled_from([None, PERMIT]),
    subject=words,
    answer=st.sampled_from(Answer),
    source=st.sampled_from(EvidenceSource),
    reference=words,
    observed_on=st.dates(max_value=TODAY),
    valid_until=st.none() | st.dates(min_value=TODAY),
    recorded_by=words,
    note=st.none() | st.builds(message, st.just("note.free"), text=words),
)


# The database keeps all examples of a run, so each gets a chain of its own.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries)
def test_whatever_is_written_is_read_as_it_was_and_adds_nothing_again(filled: Database, entry: Evidence) -> None:
    own = replace(entry, subject=f"{next(_examples)} {entry.subject}")

    added, again = _add(filled, own), _add(filled, own)

    assert (added, again) == (1, 0)
    assert [one for one in _read(filled, own.municipality) if one.chain == own.chain] == [own]


def _numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(session.exec(select(EvidenceRow.number)))
