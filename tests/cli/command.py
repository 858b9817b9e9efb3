"""Running ``ozgflow`` as an operator does: within this process where that is enough, else in one of its own."""

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ozgflow.cli import console
from ozgflow.cli.main import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command came to."""

    code: int
    output: str
    complaint: str

    @property
    def data(self) -> Any:
        """The output read as JSON."""
        return json.loads(self.output)

    @property
    def text(self) -> str:
        """The output without line breaks, which depend on the width."""
        return " ".join(self.output.split())

    @property
    def columns(self) -> list[str]:
        """The columns of the table that was printed, each as one text from top to bottom."""
        lines = [
            line.replace("┃", "│").strip("│").split("│") for line in self.output.splitlines() if line[:1] in "│┃"
        ]
        return [" ".join(" ".join(cells).split()) for cells in zip(*lines, strict=True)]


def run(*arguments: object) -> Outcome:
    """Run a command here, from ``main`` on, with settings read anew."""
    for kept in (console.settings, console.wording, console.console):
        kept.cache_clear()
    output, complaint, before = StringIO(), StringIO(), sys.argv[:]
    sys.argv[:] = ["ozgflow", *map(str, arguments)]
    code = 0
    try:
        with redirect_stdout(output), redirect_stderr(complaint):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv[:] = before
    return Outcome(code=code, output=output.getvalue(), complaint=complaint.getvalue())


def run_process(*arguments: object, standard_input: bytes | None = None) -> Outcome:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from ozgflow.cli.main import main; main()", *map(str, arguments)],
        capture_output=True,
        input=standard_input,
        timeout=60,
        check=False,
    )
    return Outcome(code=done.returncode, output=done.stdout.decode(), complaint=done.stderr.decode())
