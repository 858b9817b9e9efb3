"""The style of the house, as far as ruff and import-linter do not see it."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.repository import PROGRAM, ROOT, name, parsed, sources, texts

MAX_LINES = 300
DOMAIN_MAY_IMPORT = ("ozgflow.domain", "ozgflow.errors")
BROAD = frozenset({"Exception", "BaseException"})

# Put together from parts, so that this file holds none of the words that it forbids.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
MACHINE = {
    "a path of one machine": re.compile(
        "|".join(rf"(?<![\w.:/])/{top}/" for top in ("wo" + "rk", "ro" + "ot", "o" + "pt"))
    ),
    "somebody's home": re.compile(r"(?<![\w.:/])/(?:ho" + r"me|Users)/\w+/"),
    "a registry of packages": re.compile(
        r"--(?:extra-)?ind" + r"ex-url|artif" + r"actory|nex" + r"us\.", re.IGNORECASE
    ),
    "a host without a public name": re.compile(
        r"https?://(?!localhost|127\.)(?:[\w-]+(?=[:/])|(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.)"
    ),
}
BESIDE = "../" + "shared"
SKIPS = re.compile(r"pytest\.(?:skip|mark\.skipif)\b")


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    faults = [
        f"{name(path)} imports {module}"
        for path in sources("src/ozgflow/domain")
        for module in imported(parsed(path))
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not f"{module}.".startswith(tuple(f"{allowed}." for allowed in DOMAIN_MAY_IMPORT))
    ]

    assert faults == []


def test_every_module_has_a_docstring() -> None:
    faults = [name(path) for path in sources(*PROGRAM) if not ast.get_docstring(parsed(path))]

    assert faults == []


def test_no_source_file_is_longer_than_the_limit() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in program_without_migrations()}

    assert {name(path): length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_nobody_catches_everything() -> None:
    faults = [
        f"{name(path)}:{handler.lineno}"
        for path in sources(*PROGRAM, "tests", "benchmarks")
        for handler in ast.walk(parsed(path))
        if isinstance(handler, ast.ExceptHandler) and (handler.type is None or BROAD & names_in(handler.type))
    ]

    assert faults == []


def test_nothing_is_left_for_later() -> None:
    folders = (*PROGRAM, "tests", "benchmarks", "schemas", "docs", "deployments")

    faults = [
        f"{name(path)}:{number}"
        for path, text in texts()
        if name(path).startswith(folders)
        for number, line in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]

    assert faults == []


def test_nothing_speaks_of_one_machine_or_network() -> None:
    faults = [
        f"{name(path)}:{number}: {what}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in MACHINE.items()
        if pattern.search(line)
    ]

    assert faults == []


def test_files_beside_the_project_are_named_only_where_a_test_does_without_them() -> None:
    faults = [
        name(path)
        for path, text in texts()
        if BESIDE in text and not (name(path).startswith("tests/") and SKIPS.search(text))
    ]

    assert faults == []


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_in(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def program_without_migrations() -> list[Path]:
    migrations = ROOT / "src/ozgflow/storage/migrations/versions"
    return [path for path in sources(*PROGRAM) if migrations not in path.parents]
