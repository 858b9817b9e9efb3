"""Boards of past days, confirming a fact, and taking over a table of dated facts."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from ozgflow.domain.evidence import Answer
from ozgflow.errors import DataError, UsageError
from ozgflow.jobs.evidence import by_person, confirm, record
from ozgflow.jobs.evidence_import import COLUMNS, read_evidence_file
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.programmes.story import Story
from tests.storage.rows import all_rows

FIRST, SECOND = date(2026, 3, 1), date(2026, 6, 1)
WHO = "Elbe-Elster"


@pytest.fixture
def story(workspace: Workspace) -> Story:
    told = Story(workspace, "ein-und-auswanderung", "erwerbstaetigkeit")
    told.open(WHO, day=FIRST)
    told.bring("interessensbekundung", WHO, day=FIRST)
    told.bring("mandant", WHO, day=SECOND)
    told.advance(TODAY)  # noticed long after it was so
    return told


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (FIRST - timedelta(days=1), None),
        (FIRST, "angemeldet"),
        (SECOND - timedelta(days=1), "angemeldet"),
        (SECOND, "basisdaten"),
        (TODAY, "basisdaten"),
    ],
)
def test_a_stage_is_reached_on_the_day_of_its_last_proof(story: Story, day: date, stage: str | None) -> None:
    rows = story.board(day, looking_back=True).rows

    assert [row.stage for row in rows] == ([stage] if stage else [])


def test_no_stage_is_reached_before_the_one_in_front_of_it(story: Story) -> None:
    story.bring("antragsstrecke-online", WHO, day=FIRST)
    story.advance(TODAY)

    assert story.stage(WHO, FIRST, looking_back=True) == "angemeldet"
    assert story.stage(WHO, SECOND, looking_back=True) == "online"


def test_looking_back_writes_nothing(story: Story) -> None:
    before = all_rows(story.workspace.database)
    story.board(FIRST, looking_back=True)

    assert all_rows(story.workspace.database) == before


def test_advancing_the_clock_changes_the_display_and_not_the_data(story: Story) -> None:
    story.bring("antragsstrecke-online", WHO, day=SECOND)
    story.advance(TODAY)
    before = all_rows(story.workspace.database)
    later = SECOND + timedelta(days=800)

    fresh, stale = story.board(SECOND), story.board(later)

    assert (fresh.counted, fresh.unconfirmed) == (1, 0)
    assert (stale.counted, stale.unconfirmed) == (0, 1)
    assert stale.count_by_stage()["online"] == 0
    assert all_rows(story.workspace.database) == before


def test_one_command_confirms_a_fact_again(story: Story) -> None:
    story.bring("antragsstrecke-online", WHO, day=SECOND)
    story.advance(TODAY)
    later = SECOND + timedelta(days=800)
    fact = confirm(
        story.workspace,
        kind="antragsstrecke-online",
        municipality=WHO,
        service="erwerbstaetigkeit",
        by="Erika Mustermann",
        today=later,
    )
    record(story.workspace, [fact], now=NOW)

    assert story.board(later).counted == 1
    assert fact.reference == "Az. antragsstrecke-online"


def test_a_fact_that_says_no_or_was_never_recorded_cannot_be_confirmed(story: Story) -> None:
    story.bring("antragsstrecke-online", WHO, day=SECOND, answer=Answer.NO)

    for kind in ("antragsstrecke-online", "fachverfahren-angebunden"):
        with pytest.raises(UsageError):
            confirm(
                story.workspace,
                kind=kind,
                municipality=WHO,
                service="erwerbstaetigkeit",
                by="Erika Mustermann",
                today=TODAY,
            )


def _table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "stand.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return path


def test_a_table_is_read_as_the_facts_it_holds(workspace: Workspace, tmp_path: Path) -> None:
    path = _table(tmp_path, "Elbe-Elster,erwerbstaetigkeit,mandant,,,2026-01-02,2026-12-31,Az. 7")

    found = read_evidence_file(workspace, path, by="Erika Mustermann", today=TODAY)

    assert found.entries == (
        by_person(
            workspace,
            kind="mandant",
            municipality="Elbe-Elster",
            service="erwerbstaetigkeit",
            reference="Az. 7",
            by="Erika Mustermann",
            observed_on=date(2026, 1, 2),
            today=TODAY,
            valid_until=date(2026, 12, 31),
        ),
    )
    assert [str(key.service) for key in found.rollouts("ein-und-auswanderung")] == ["erwerbstaetigkeit"]


@pytest.mark.parametrize(
    "line",
    [
        "Atlantis,erwerbstaetigkeit,mandant,,,2026-01-02,,Az. 7",
        "Elbe-Elster,erwerbstaetigkeit,orakel,,,2026-01-02,,Az. 7",
        "Elbe-Elster,erwerbstaetigkeit,mandant,,,2027-01-02,,Az. 7",
        "Elbe-Elster,erwerbstaetigkeit,mandant,,,gestern,,Az. 7",
        "Elbe-Elster,,mandant,,,2026-01-02,,Az. 7",
        "Elbe-Elster,erwerbstaetigkeit,mandant,,maybe,2026-01-02,,Az. 7",
        "Elbe-Elster,erwerbstaetigkeit,golive-freigabe,,,2026-01-02,,Az. 7",
    ],
)
def test_a_faulty_line_is_refused_with_its_number(workspace: Workspace, tmp_path: Path, line: str) -> None:
    path = _table(tmp_path, "Elbe-Elster,erwerbstaetigkeit,mandant,,,2026-01-02,,Az. 7", line)

    with pytest.raises(DataError) as refused:
        read_evidence_file(workspace, path, by="Erika Mustermann", today=TODAY)

    assert refused.value.params["line"] == 3
