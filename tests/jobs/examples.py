"""What authorities bring with them in these tests: evidence up to a stage, and messages in a folder."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.jobs.evidence import record
from ozgflow.jobs.opening import start
from ozgflow.jobs.rollout import board
from ozgflow.jobs.workspace import Workspace
from ozgflow.sandbox.messages import FLAWS, application
from ozgflow.sandbox.scenario import Authority, Scenario, evidence
from tests.conftest import NOW, TODAY

PROGRAMME = load_programme("efa-nachnutzung")
SERVICE = LeikaKey.parse("99010001001009")
BARNIM, PRIGNITZ, UCKERMARK = (Ars.parse(digits) for digits in ("120600000000", "120700000000", "120730000000"))
KEYS = [
    RolloutKey(programme=PROGRAMME.code, service=SERVICE, municipality=ars) for ars in (BARNIM, PRIGNITZ, UCKERMARK)
]
KEY = KEYS[0]


def open_three(workspace: Workspace) -> None:
    """Open the rollouts ``KEYS``."""
    start(workspace, PROGRAMME, KEYS, today=TODAY, now=NOW)


def bring(
    workspace: Workspace,
    until: str,
    *municipalities: Ars,
    lacks: Sequence[str] = (),
    expired: Mapping[str, date] | None = None,
) -> None:
    """Record all evidence that the gates up to a stage ask for, messages aside."""
    authorities = tuple(
        Authority(ars=ars, until=until, documents=(), lacks=lacks, expired=expired or {}) for ars in municipalities
    )
    scenario = Scenario(
        seed=1, programme=PROGRAMME.code, service=SERVICE, observed_on=date(2026, 9, 15), authorities=authorities
    )
    record(workspace, list(evidence(scenario, PROGRAMME)), now=NOW)


def supply(folder: Path, key: RolloutKey, *flaws: str) -> list[Path]:
    """Put messages into the folder of an authority: one per flaw, valid ones where the flaw is empty."""
    home = folder / str(key.municipality) / str(key.service)
    home.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, flaw in enumerate(flaws, 1):
        path = home / f"antrag-{number}.xml"
        path.write_text(message_text(key, number, flaw), encoding="utf-8")
        paths.append(path)
    return paths


def message_text(key: RolloutKey, number: int, flaw: str = "") -> str:
    """One message of an authority."""
    text = application(seed=1, ars=str(key.municipality), authority="Amt", service=str(key.service), number=number)
    return FLAWS[flaw](text) if flaw else text


def stages(workspace: Workspace, *, today: date = TODAY) -> dict[Ars, str]:
    """Where the open ones of ``KEYS`` stand."""
    return {row.municipality.ars: row.stage for row in board(workspace, PROGRAMME, KEYS, today=today).rows}


def closed_gates(workspace: Workspace, key: RolloutKey = KEY, *, today: date = TODAY) -> list[str]:
    """Codes of the gates that hold a rollout where it is."""
    (row,) = board(workspace, PROGRAMME, [key], today=today).rows
    return [judged.gate.code for judged in (*row.assessment.unconfirmed, *row.assessment.blockers)]
