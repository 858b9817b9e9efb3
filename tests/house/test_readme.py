"""What the documents promise exists: commands with their options, make targets, settings, files and headings."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import typer

from ozgflow.cli.main import app
from ozgflow.settings import Settings
from tests.house.repository import ROOT, code_spans, fenced_lines, name, pages, prose

PROGRAM = typer.main.get_command(app)
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
OF_TESTS = frozenset({"OZGFLOW_TEST_POSTGRES", "OZGFLOW_SHARED"})
"""Variables that only the tests read."""

_END_OF_COMMAND = frozenset({"|", "&&", ";", ">", "2>", "…", "..."})
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_every_command_in_a_document_exists_with_its_options() -> None:
    faults = [
        f"{name(page)}: ozgflow {shlex.join(words)}: {complaint}"
        for page in pages()
        for words in commands(page.read_text(encoding="utf-8"))
        for complaint in complaints(PROGRAM, words)
    ]

    assert faults == []


def test_the_readme_names_every_command() -> None:
    named = {" ".join(path_of(PROGRAM, words)) for words in commands(README)}

    assert set(all_paths(PROGRAM)) - named == set()


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))

    named = {(name(page), target) for page in pages() for target in make_targets(page.read_text(encoding="utf-8"))}

    assert {(page, target) for page, target in named if target not in targets} == set()


def test_settings_and_documents_name_the_same_variables() -> None:
    known = {f"OZGFLOW_{field.upper()}" for field in Settings.model_fields}
    named = {
        (name(page), variable)
        for page in pages()
        for variable in re.findall(r"OZGFLOW_[A-Z_]+", page.read_text(encoding="utf-8"))
    }

    assert {(page, variable) for page, variable in named if variable not in known | OF_TESTS} == set()
    assert known - set(re.findall(r"OZGFLOW_[A-Z_]+", README)) == set()


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    faults = [
        f"{name(page)}: {link}"
        for page in pages()
        for link in _LINK.findall(prose(page.read_text(encoding="utf-8")))
        if not leads_somewhere(page, link)
    ]

    assert faults == []


def test_the_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence
    assert re.findall(r"^(\d+)\. [A-Z]", licence, re.MULTILINE) == [str(number) for number in range(1, 16)]
    assert licence.index("15. Applicable Law") < licence.index("\nAppendix\n")


def commands(text: str) -> Iterator[list[str]]:
    """The words after ``ozgflow`` of every command that a document shows in backticks or in a fenced block."""
    for line in (*fenced_lines(text), *code_spans(text)):
        found = re.match(r"\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?ozgflow (.+)", line)
        if found:
            words = shlex.split(found[1], comments=True)
            end = next((at for at, word in enumerate(words) if word in _END_OF_COMMAND), len(words))
            yield words[:end]


def complaints(command: Any, words: list[str]) -> Iterator[str]:
    """What is wrong with a command line, without running it."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word.startswith("-"):
            option, _, value = word.partition("=")
            found = options(command).get(option)
            if found is None:
                yield f"no option {option}"
            elif not found.is_flag and not value and not waiting.pop(0):
                yield f"{option} needs a value"
        elif subcommands(command):
            if word not in subcommands(command):
                yield f"no command {word}"
                return
            command = subcommands(command)[word]
        elif not any(not parameter.opts or parameter.param_type_name == "argument" for parameter in command.params):
            yield f"takes no {word}"


def path_of(command: Any, words: list[str]) -> Iterator[str]:
    for word in words:
        if word not in subcommands(command):
            return
        yield word
        command = subcommands(command)[word]


def all_paths(command: Any, above: str = "") -> Iterator[str]:
    for word, below in subcommands(command).items():
        path = f"{above} {word}".strip()
        yield from all_paths(below, path) if subcommands(below) else [path]


def options(command: Any) -> dict[str, Any]:
    known = {"--help": _Help}
    known |= {option: one for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return known


class _Help:
    is_flag = True


def subcommands(command: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(command, "commands", {})
    return found


def make_targets(text: str) -> list[str]:
    lines = [*fenced_lines(text), *code_spans(text)]
    return [found[1] for line in lines if (found := re.match(r"\s*(?:\$ )?make ([a-z-]+)", line))]


def leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return link.startswith("https://")
    file, _, anchor = unquote(link).partition("#")
    target = (page.parent / file).resolve() if file else page
    if not target.exists() or ROOT not in (target, *target.parents):
        return False
    return not anchor or anchor in headings(target)


def headings(page: Path) -> set[str]:
    """The anchors that GitHub and GitLab make of headings."""
    found = re.findall(r"^#+ (.+)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
