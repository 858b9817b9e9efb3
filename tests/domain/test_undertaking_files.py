"""Files about undertakings: the rules of a programme, and plans for a transfer."""

from pathlib import Path

import pytest

from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.toml_tables import read_table
from ozgflow.domain.transfers import Transfer
from ozgflow.domain.undertaking_files import read_transfer, read_undertaking_rules
from ozgflow.domain.undertakings import UndertakingRules
from ozgflow.errors import DataError, UsageError
from tests.domain.undertakings import PLAN

GOOD = """undertaking = "dk-pm"
[[successor]]
code = "dk-antrag"
title = "Digitale Anträge"
municipalities = ["Potsdam-Mittelmark", "Teltow-Fläming"]

[[successor]]
code = "dk-konto"
title = "Ein Konto"
municipalities = ["Barnim", "Teltow-Fläming"]

[[goal]]
code = "antrag"
carried_to = ["dk-antrag", "dk-konto"]

[[goal]]
code = "konto"
carried_to = ["dk-konto"]

[[goal]]
code = "terminal"
dropped = true
reason = "Niemand braucht mehr Terminals."
"""


def _plan(tmp_path: Path, text: str) -> Transfer:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_transfer(path)


def _told(error: UsageError | DataError) -> str:
    return Wording.load().render(Message(error.code, error.params))


def test_digitalkommune_asks_for_two_users_and_for_short_planning() -> None:
    rules = load_programme("digitalkommune").undertaking

    assert rules == UndertakingRules(minimum_users=2, planning_max_age_days=90)


def test_the_stages_of_digitalkommune_lead_from_the_plan_into_regular_work() -> None:
    programme = load_programme("digitalkommune")

    assert [stage.code for stage in programme.stages] == ["vorhaben", "begonnen", "nachgenutzt", "verstetigt"]


def test_a_programme_may_do_without_undertakings() -> None:
    assert load_programme("efa-nachnutzung").undertaking is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("minimum_users = 2", "„planning_max_age_days“ fehlt"),
        ("minimum_users = 0\nplanning_max_age_days = 1", "„minimum_users“"),
        ("minimum_users = true\nplanning_max_age_days = 1", "„minimum_users“"),
        ("minimum_users = 2\nplanning_max_age_days = 1\nfarbe = 3", "„farbe“ ist unbekannt"),
    ],
)
def test_faulty_rules_are_refused_with_file_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "regeln.toml"
    path.write_text(f"[undertaking]\n{text}\n", encoding="utf-8")

    with pytest.raises(DataError) as refused:
        read_undertaking_rules(read_table(path).table("undertaking"))

    assert told in _told(refused.value)
    assert "regeln.toml, Zeile" in _told(refused.value)


def test_a_plan_is_read_with_the_lines_of_its_successors_and_goals(tmp_path: Path) -> None:
    assert _plan(tmp_path, GOOD) == PLAN


def test_what_is_empty_in_a_plan_is_left_for_the_check(tmp_path: Path) -> None:
    text = GOOD.replace('carried_to = ["dk-konto"]', "carried_to = []").replace("Niemand braucht mehr Terminals.", "")

    plan = _plan(tmp_path, text)

    assert plan.goals[1].carried_to == ()
    assert plan.goals[2].reason == ""


def test_a_successor_named_twice_for_a_goal_counts_once(tmp_path: Path) -> None:
    plan = _plan(tmp_path, GOOD.replace('["dk-konto"]', '["dk-konto", "dk-konto"]'))

    assert plan == PLAN


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("", 'undertaking = "dk-pm"', "„undertaking“ fehlt"),
        ('code = "DK Antrag"', 'code = "dk-antrag"', "plan.toml, Zeile 3, Tabelle „successor 1 (DK Antrag)“"),
        ("municipalities = []", 'municipalities = ["Barnim", "Teltow-Fläming"]', "Zeile 10"),
        ("dropped = 1", "dropped = true", "Zeile 22, Tabelle „goal 3 (terminal)“"),
        ('carried = ["dk-konto"]', 'carried_to = ["dk-konto"]', "„carried“ ist unbekannt"),
        ("code = ", 'code = "konto"', "kein gültiges TOML"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_file_and_line(
    tmp_path: Path, wrong: str, right: str, told: str
) -> None:
    with pytest.raises(DataError) as refused:
        _plan(tmp_path, GOOD.replace(right, wrong, 1))

    assert told in _told(refused.value)


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_transfer(tmp_path / "fehlt.toml")
