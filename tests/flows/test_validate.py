"""The flow ``validate`` on a real Prefect server."""

from pathlib import Path
from typing import cast

from prefect.client.schemas.objects import State

from flows.parameters import ValidateParameters
from flows.validate import validate
from tests.flows import api

EXAMPLES = Path(__file__).parents[1] / "examples" / "aufenthalt-antrag-1.1"


def _run(folder: Path) -> State[None]:
    return cast("State[None]", validate(ValidateParameters(folder=folder), return_state=True))


def test_a_folder_is_checked_and_the_wrong_ones_come_first(home: Path) -> None:
    state = _run(EXAMPLES)

    assert state.is_completed()
    valid, total = len(list(EXAMPLES.glob("valid/*.xml"))), len(list(EXAMPLES.glob("*/*.xml")))
    assert state.message is not None
    assert state.message.startswith(f"Nachrichten: {total}, davon {valid} gültig")
    rows = api.rows(state, "validation")
    assert len(rows) == total
    assert rows[0]["Ergebnis"] == "fehlerhaft"
    assert rows[0]["Erster Befund"].startswith("Zeile ")
    assert rows[-1]["Ergebnis"] == "gültig"


def test_results_are_kept_for_the_next_run(home: Path) -> None:
    first = _run(EXAMPLES)

    second = _run(EXAMPLES)

    assert second.message == first.message
    assert (home / "ozgflow.db").is_file()
