"""Which files the house consists of, and how their Markdown is read."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("src", "flows")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "GLOSSARY.md", "SECURITY.md")

_FENCE = re.compile(r"^[ \t]*(?P<fence>```+|~~~+).*?^[ \t]*(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)


@cache
def files() -> tuple[Path, ...]:
    """All files of the repository; what ``.gitignore`` names and the history are left out."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = (".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#")))
    return tuple(sorted(_below(ROOT, ignored)))


def texts() -> Iterator[tuple[Path, str]]:
    """All files that are text, with their content."""
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", errors="replace")


def sources(*folders: str) -> tuple[Path, ...]:
    """The Python files below some folders of the repository."""
    return tuple(path for path in files() if path.suffix == ".py" and name(path).startswith(folders))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The path as people write it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def pages() -> tuple[Path, ...]:
    """The documents that people read: those of the root and all below ``docs``."""
    below = (path for path in files() if path.suffix == ".md" and name(path).startswith("docs/"))
    return (*(ROOT / page for page in PAGES), *below)


def prose(text: str) -> str:
    """Markdown without its fenced blocks."""
    return _FENCE.sub("", text)


def fenced_lines(text: str) -> Iterator[str]:
    """The lines within fenced blocks of Markdown, those that end in a backslash joined with the next."""
    for block in _FENCE.finditer(text):
        inside = block[0].split("\n", 1)[1].rpartition("\n")[0]
        yield from inside.replace("\\\n", " ").splitlines()


def code_spans(text: str) -> list[str]:
    """What stands in backticks within the prose of Markdown."""
    return re.findall(r"`([^`\n]+)`", prose(text))


def tables(text: str) -> dict[str, list[list[str]]]:
    """The rows of all tables of a Markdown document by the heading above them, heads left out."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in prose(text).splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found.setdefault(heading, []).append(cells)
    return {heading: rows[2:] for heading, rows in found.items()}


def _below(folder: Path, ignored: tuple[str, ...]) -> Iterator[Path]:
    for entry in folder.iterdir():
        if any(fnmatch(entry.name, pattern) for pattern in ignored):
            continue
        if entry.is_dir():
            yield from _below(entry, ignored)
        else:
            yield entry
