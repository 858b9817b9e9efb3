"""``ozgflow docs``: write or check the generated pages of the documentation."""

from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli.console import say
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme, programme_codes
from ozgflow.reports.files import write_file
from ozgflow.reports.reference import rules_markdown, stages_markdown

app = typer.Typer(help="Erzeugte Seiten der Dokumentation.", no_args_is_help=True, rich_markup_mode="rich")
Folder = Annotated[Path, typer.Option("--folder", help="Ordner der Dokumentation")]


@app.command()
def write(folder: Folder = Path("docs")) -> None:
    """Schreibt docs/stages.md und docs/rules.md neu."""
    for name, text in _pages().items():
        write_file(folder / name, text)
        say("docs.written", file=folder / name)


@app.command()
def check(folder: Folder = Path("docs")) -> None:
    """Prüft, ob docs/stages.md und docs/rules.md dem Code entsprechen; Exit-Code 1, wenn nicht."""
    stale = [name for name, text in _pages().items() if _read(folder / name) != text]
    for name in stale:
        say("docs.stale", file=folder / name)
    if stale:
        raise typer.Exit(1)
    say("docs.fresh")


def _pages() -> dict[str, str]:
    words = Wording.load(Language.GERMAN)
    programmes = [load_programme(code) for code in programme_codes()]
    return {
        "stages.md": stages_markdown(programmes, load_evidence_kinds(), words),
        "rules.md": rules_markdown(words),
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
