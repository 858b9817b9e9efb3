"""The flow ``rollout`` on a real Prefect server."""

from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from pydantic import ValidationError

from flows.parameters import RolloutParameters
from flows.rollout import rollout
from flows.run import opened_workspace
from ozgflow.domain.programme_files import load_programme, programme_codes
from ozgflow.jobs import demo
from ozgflow.jobs.rollout import board, history
from ozgflow.sandbox.scenario import load_scenario
from tests.flows import api

NOW = datetime.now(ZoneInfo("Europe/Berlin"))


def _prepare(home: Path) -> Path:
    """The demo's evidence and messages."""
    folder = home / "nachrichten"
    with opened_workspace() as workspace:
        demo.prepare(workspace, folder, now=NOW)
    return folder


def _run(**parameters: Any) -> State[None]:
    return cast("State[None]", rollout(RolloutParameters(**parameters), return_state=True))


def _stages() -> dict[str, str]:
    scenario = load_scenario()
    with opened_workspace() as workspace:
        shown = board(workspace, load_programme(scenario.programme), demo.scenario_keys(scenario), today=NOW.date())
        return {str(row.municipality.ars): row.stage for row in shown.rows}


def test_the_demo_ends_at_eight_different_stages(home: Path) -> None:
    folder = _prepare(home)

    state = _run(documents=folder)

    assert state.is_completed()
    assert state.message == (
        "Nachnutzungen: 18, davon 17 vorgerückt, 1 unverändert. "
        "Nachrichten: 42, davon 36 gültig, 5 fehlerhaft, 1 nicht geprüft."
    )
    stages = _stages()
    assert len(stages) == 18
    assert len(set(stages.values())) == 9
    assert stages["120620000000"] == "betrieb"
    assert stages["120730000000"] == "start"


def test_the_artifacts_show_the_board_and_who_is_held_comes_first(home: Path) -> None:
    folder = _prepare(home)

    state = _run(documents=folder)

    rows = api.rows(state, "board-efa-nachnutzung-99010001001009")
    assert len(rows) == 18
    assert all(row["Was fehlt"] for row in rows)
    assert rows[-1]["Was fehlt"] == "alle Stufen erreicht"
    summary = api.artifacts(state)["rollout-efa-nachnutzung-99010001001009"]
    assert "6 von 18: Anbindung des Fachverfahrens" in summary
    assert {"progress-open", "progress-check", "progress-advance"} <= set(api.artifacts(state))


def test_a_second_run_changes_nothing(home: Path) -> None:
    folder = _prepare(home)
    _run(documents=folder)
    before = _stages()

    state = _run(documents=folder)

    assert state.message is not None
    assert state.message.startswith("Nachnutzungen: 18, davon 0 vorgerückt, 18 unverändert.")
    assert _stages() == before
    with opened_workspace() as workspace:
        moves = history(workspace, demo.scenario_keys(load_scenario()))
    assert len({(move.key, move.number) for move in moves}) == len(moves)


def test_a_dry_run_tells_the_same_and_writes_nothing(home: Path) -> None:
    folder = _prepare(home)

    state = _run(documents=folder, dry_run=True)

    assert state.message is not None
    assert "davon würden 17 vorrücken" in state.message
    assert _stages() == {}


def test_one_unreadable_municipality_stops_no_other_and_is_not_hidden(home: Path) -> None:
    folder = _prepare(home)
    (folder / "120620000000" / "99010001001009" / "antrag-9.xml").symlink_to("antrag-9.xml")

    state = _run(documents=folder)

    assert state.is_failed()
    assert state.message is not None
    assert state.message.startswith("Störungen: 1; alles Übrige ist erledigt. Nachnutzungen: 18, davon 17 vorgerückt")
    assert "Elbe-Elster: nicht bearbeitet" in api.artifacts(state)["rollout-efa-nachnutzung-99010001001009"]
    assert _stages()["120510000000"] == "betrieb"


def test_the_run_is_named_and_tagged_for_search(home: Path) -> None:
    _prepare(home)

    state = _run(municipalities=["Elbe-Elster"])

    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(str(state.state_details.flow_run_id)))
    assert run.name == ("rollout · Aufenthaltserlaubnis Erteilung zum Zweck der Beschäftigung · efa-nachnutzung")
    assert {"efa-nachnutzung", "99010001001009"} <= set(run.tags)


def test_many_municipalities_and_services_stay_below_150_task_runs(home: Path) -> None:
    services = ["99010001001009", "99010001001008", "99010001001014"]

    state = _run(services=services, kinds=["amtsfreie_gemeinde", "amtsangehoerige_gemeinde"])

    assert state.is_completed()
    assert api.count_task_runs(state) == 120


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"services": ["99010001001999"]}, "99010001001999"),
        ({"services": ["123"]}, "14"),
        ({"programme": "gibt-es-nicht"}, "efa-nachnutzung"),
        ({"municipalities": ["Elbe-Elstar"]}, "Meinten Sie"),
    ],
)
def test_the_form_refuses_a_wrong_value_in_german(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RolloutParameters(**parameters)

    assert sentence in str(refused.value)


def test_every_field_of_the_form_has_a_german_title_and_description() -> None:
    fields = RolloutParameters.model_json_schema()["properties"]

    assert all(field["title"] and field["description"] for field in fields.values())
    assert fields["programme"]["enum"] == list(programme_codes())
