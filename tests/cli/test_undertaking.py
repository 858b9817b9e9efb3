"""``ozgflow undertaking``"""

from datetime import timedelta
from pathlib import Path

import pytest

from ozgflow.cli.console import today
from tests.cli.command import Outcome, run
from tests.cli.steps import stored_rows
from tests.domain.test_undertaking_files import GOOD

BY = ("--by", "Erika Mustermann")
ADD = ("undertaking", "add", "dk-pm", "--title", "Digitalkommune Potsdam-Mittelmark", *BY)
SHOW = ("undertaking", "show", "dk-pm")
pytestmark = pytest.mark.usefixtures("ready")


@pytest.fixture
def begun(ready: Path) -> Path:
    """A home with the undertaking of one Landkreis, three goals and some work."""
    _add("Potsdam-Mittelmark")
    for goal, title in (("antrag", "Anträge online"), ("konto", "Ein Konto"), ("terminal", "Terminals")):
        assert _goal(goal, "--title", title).code == 0
    assert _goal("antrag", "--note", "Formulare vereinheitlicht", "--finished", "Abnahme 3/2026", *BY).code == 0
    return ready


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A good plan."""
    path = tmp_path / "plan.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def _add(*municipalities: str) -> Outcome:
    return run(*ADD, *(word for name in municipalities for word in ("--municipality", name)))


def _goal(*words: str) -> Outcome:
    return run("undertaking", "goal", "dk-pm", *words)


def _transfer(plan: Path, *more: str) -> Outcome:
    return run("undertaking", "transfer", plan, *BY, *more)


def test_an_island_is_begun_with_a_warning_that_says_what_to_do() -> None:
    outcome = _add("Potsdam-Mittelmark")

    assert outcome.code == 0
    assert outcome.text == (
        "Vorhaben „dk-pm“ angelegt; nutzende Kommunen: 1. "
        "Warnung (dk-pm): Insellösung: 1 von mindestens 2 nutzenden Kommunen. "
        "Gewinnen Sie weitere, und nehmen Sie sie mit „ozgflow undertaking add“ auf."
    )


def test_others_join_with_the_same_command_and_the_warning_goes() -> None:
    _add("Potsdam-Mittelmark")

    joined, again = _add("Barnim", "Prignitz"), _add("Barnim")

    assert joined.text == "Vorhaben „dk-pm“: 2 dazugekommen; nutzende Kommunen: 3."
    assert again.text == "Das Vorhaben „dk-pm“ liegt schon so vor; nichts geändert."


def test_planning_that_is_too_old_is_told_in_the_list() -> None:
    long_ago = today() - timedelta(days=91)
    run(*ADD, "--municipality", "Barnim", "--municipality", "Prignitz", "--planned-since", long_ago.isoformat())

    outcome = run("undertaking", "list")

    assert "Planung älter als 90 Tage" in outcome.columns[-1]
    assert outcome.text.endswith("Vorhaben: 1, davon 1 mit Warnung.")


def test_without_undertakings_the_list_says_how_to_begin() -> None:
    assert run("undertaking", "list").text == (
        "Es gibt noch keine Vorhaben. Legen Sie das erste mit „ozgflow undertaking add“ an."
    )
    assert run("undertaking", "list", "--json").data == []


@pytest.mark.usefixtures("begun")
def test_goals_are_shown_with_what_was_done_for_them() -> None:
    table, data = run(*SHOW), run(*SHOW, "--json").data

    assert "antrag Anträge online" in table.columns[0]
    assert f"erreicht am {today():%d.%m.%Y}" in table.columns[1]
    assert "Erika Mustermann: Formulare vereinheitlicht" in table.columns[2]
    assert "1 von 3 Zielen erreicht." in table.text
    assert [goal["code"] for goal in data["goals"]] == ["antrag", "konto", "terminal"]
    assert [entry["kind"] for entry in data["goals"][0]["work"]] == ["note", "finished"]
    assert data["state"] == "under-way"


@pytest.mark.usefixtures("begun")
def test_the_same_goal_and_work_again_change_nothing() -> None:
    title, note = _goal("konto", "--title", "Ein Konto"), _goal("antrag", "--note", "Formulare vereinheitlicht", *BY)

    assert {title.text, note.text} <= {
        "Zum Ziel „konto“ liegt das schon vor; nichts geändert.",
        "Zum Ziel „antrag“ liegt das schon vor; nichts geändert.",
    }


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("konto",), "--title, --note, --reference oder --finished"),
        (("konto", "--note", "x"), "--by"),
        (("anderes", "--note", "x", *BY), "kein Ziel „anderes“"),
        (("antrag", "--finished", "x", *BY), "schon seit"),
        (("konto", "--note", "x", *BY, "--day", "2999-01-01"), "Zukunft"),
    ],
)
def test_what_cannot_be_said_of_a_goal_ends_with_2_and_the_reason(words: tuple[str, ...], told: str) -> None:
    outcome = _goal(*words)

    assert (outcome.code, outcome.output) == (2, "")
    assert told in " ".join(outcome.complaint.split())


@pytest.mark.usefixtures("begun")
def test_a_transfer_is_shown_first_and_then_carried_out_once(plan: Path) -> None:
    tried, done, again = _transfer(plan, "--dry-run"), _transfer(plan), _transfer(plan)

    sentence = "„dk-pm“ geht weiter in dk-antrag, dk-konto; 2 von 3 Zielen weitergeführt, 1 fallen gelassen."
    assert (tried.code, done.code, again.code) == (0, 0, 0)
    assert tried.text.startswith("Probelauf, nichts geschrieben: „dk-pm“ ginge weiter in dk-antrag, dk-konto;")
    assert done.text == f"Übertragen: {sentence}"
    assert again.text == "„dk-pm“ ist schon nach diesem Plan übertragen; nichts geändert."


def test_a_dry_run_writes_nothing(begun: Path, plan: Path) -> None:
    before = stored_rows(begun)

    _transfer(plan, "--dry-run")

    assert stored_rows(begun) == before


@pytest.mark.usefixtures("begun")
def test_links_lead_forward_and_back_and_the_old_one_is_read_only(plan: Path) -> None:
    _transfer(plan)

    old, new = run(*SHOW), run("undertaking", "show", "dk-konto")
    late = _goal("neu", "--title", "Neu")

    assert "Übertragen; es geht weiter in: dk-antrag, dk-konto." in old.text
    assert "fallen gelassen: Niemand braucht mehr Terminals." in " ".join(old.columns)
    assert "Hervorgegangen aus: dk-pm." in new.text
    assert "Abnahme 3/2026 (aus dk-pm)" in " ".join(new.columns)
    assert late.code == 2
    assert "Es geht weiter in: dk-antrag, dk-konto." in " ".join(late.complaint.split())


def test_every_complaint_is_told_with_file_and_line_and_nothing_is_written(begun: Path, plan: Path) -> None:
    faulty = GOOD.replace("Niemand braucht mehr Terminals.", "").replace('["dk-konto"]', '["dk-kontoo"]')
    plan.write_text(faulty.replace('"Barnim", ', '"Atlantis", '), encoding="utf-8")
    before = stored_rows(begun)

    outcome, data = _transfer(plan), _transfer(plan, "--json").data

    assert outcome.code == 1
    lines = [line for line in outcome.output.splitlines() if line.startswith("plan.toml")]
    assert [line.partition(":")[0] for line in lines] == [f"plan.toml, Zeile {number}" for number in (8, 17, 21)]
    assert "Nichts übertragen: 3 Beanstandungen." in outcome.text
    assert [one["line"] for one in data["complaints"]] == [8, 17, 21]
    assert (data["written"], data["successors"]) == (False, [])
    assert stored_rows(begun) == before


@pytest.mark.usefixtures("begun")
def test_a_successor_that_would_be_an_island_is_warned_of_but_not_refused(plan: Path) -> None:
    plan.write_text(GOOD.replace('"Barnim", ', ""), encoding="utf-8")

    outcome = _transfer(plan)

    assert outcome.code == 0
    assert "Warnung (dk-konto): Insellösung: 1 von mindestens 2" in outcome.text


@pytest.mark.usefixtures("begun")
def test_a_plan_that_is_none_ends_with_3_and_a_missing_one_with_2(plan: Path) -> None:
    missing = _transfer(plan.parent / "fehlt.toml")
    plan.write_text("das ist kein TOML", encoding="utf-8")

    assert (missing.code, _transfer(plan).code) == (2, 3)


@pytest.mark.usefixtures("begun")
def test_in_english_the_words_change_and_the_facts_stay(monkeypatch: pytest.MonkeyPatch, plan: Path) -> None:
    german = _transfer(plan, "--dry-run", "--json").data
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    english, told = _transfer(plan, "--dry-run", "--json").data, _transfer(plan, "--dry-run").text

    assert english == german
    assert told.startswith("Dry run, nothing written: “dk-pm” would go on in dk-antrag, dk-konto;")
