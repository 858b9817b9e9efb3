"""The layers hold, and breaking one on purpose is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run import-linter on a copy of the code, not on the installed one."""
    program = "import sys; sys.path[:0] = ['src', '.']; from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", folder / "src")
    shutil.copytree(ROOT / "flows", folder / "flows")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_all_contracts_are_kept(copied: Path) -> None:
    outcome = _lint(copied)

    assert outcome.returncode == 0, outcome.stdout
    assert "0 broken" in outcome.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("src/ozgflow/domain/gates.py", "import ozgflow.storage.tables", "flows and cli on top"),
        ("src/ozgflow/errors.py", "import ozgflow.domain.keys", "flows and cli on top"),
        ("src/ozgflow/jobs/plan.py", "import ozgflow.cli.console", "flows and cli on top"),
        ("src/ozgflow/cli/ui.py", "import flows.rollout", "flows and cli on top"),
        ("src/ozgflow/standards/paths.py", "import ozgflow.storage.tables", "flows and cli on top"),
        ("src/ozgflow/jobs/plan.py", "import ozgflow.settings", "only flows and cli read settings"),
        ("src/ozgflow/cli/ui.py", "import prefect", "Prefect stays at the rim"),
        ("src/ozgflow/jobs/plan.py", "import rich", "only cli knows typer and rich"),
        ("src/ozgflow/jobs/plan.py", "import lxml", "only standards know lxml"),
        ("src/ozgflow/jobs/plan.py", "import sqlmodel", "only storage knows SQL"),
        ("src/ozgflow/jobs/plan.py", "import requests", "only sources and delivery talk to the world"),
        ("src/ozgflow/jobs/plan.py", "import jinja2", "only reports know templates"),
        ("src/ozgflow/domain/keys.py", "import pydantic", "domain decides on the standard library alone"),
    ],
)
def test_breaking_a_layer_is_reported(copied: Path, file: str, line: str, contract: str) -> None:
    path = copied / file
    original = path.read_text(encoding="utf-8")
    path.write_text(original + f"\n{line}\n", encoding="utf-8")

    outcome = _lint(copied)

    path.write_text(original, encoding="utf-8")
    assert outcome.returncode != 0
    report = " ".join(outcome.stdout.split())
    assert any(f"{contract}" in part for part in report.split("BROKEN")[:-1]), outcome.stdout
