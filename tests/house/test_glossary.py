"""The glossary and the code use the same words."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path

import pytest

from tests.house.repository import PROGRAM, ROOT, name, parsed, sources, tables

TABLES = tables((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
AGREED = "Agreed, not in the code yet"
FORBIDDEN = "Words that are not used"

_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)]+)\)")


def entries() -> list[tuple[str, str]]:
    """Every name of the glossary with the file that is said to hold it."""
    rows = [row for heading, table in TABLES.items() if heading not in (AGREED, FORBIDDEN) for row in table]
    return [(code, _LINK.findall(where)[0]) for _, names, _, where in rows for code in _CODE.findall(names)]


@pytest.mark.parametrize(("code", "file"), entries())
def test_every_name_is_a_class_or_a_documented_constant_of_its_module(code: str, file: str) -> None:
    tree = parsed(ROOT / file)

    assert code in {*classes(tree), *documented_constants(tree)}


def test_no_name_stands_twice() -> None:
    codes = [code for code, _ in entries()]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_public_value_of_the_domain_is_in_the_glossary() -> None:
    assert {value.__name__ for value in domain_values()} - {code for code, _ in entries()} == set()


def test_agreed_names_are_really_not_in_the_code_yet() -> None:
    agreed = {code for row in TABLES[AGREED] for code in _CODE.findall(row[1])}

    assert agreed
    assert agreed & {found for _, found in all_classes()} == set()


def test_no_class_is_called_by_a_forbidden_word() -> None:
    forbidden = {word for row in TABLES[FORBIDDEN] for word in _CODE.findall(row[0])}

    faults = [f"{name(path)}: {found}" for path, found in all_classes() if last_word(found) in forbidden]

    assert forbidden
    assert faults == []


def test_service_is_never_a_layer_or_a_helper() -> None:
    known = {code for code, _ in entries()}

    assert [found for _, found in all_classes() if last_word(found) == "Service" and found not in known] == []


def classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def documented_constants(tree: ast.Module) -> Iterator[str]:
    """Names of the module that are followed by a text which explains them."""
    for node, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def domain_values() -> Iterator[type]:
    for path in sources("src/ozgflow/domain"):
        module = importlib.import_module(f"ozgflow.domain.{path.stem}".removesuffix(".__init__"))
        own = (found for found in vars(module).values() if getattr(found, "__module__", "") == module.__name__)
        for found in own:
            if inspect.isclass(found) and not found.__name__.startswith("_") and is_value(found):
                yield found


def is_value(found: type) -> bool:
    return is_dataclass(found) or issubclass(found, Enum)


def all_classes() -> list[tuple[Path, str]]:
    return [(path, found.lstrip("_")) for path in sources(*PROGRAM) for found in classes(parsed(path))]


def last_word(camel: str) -> str:
    words: list[str] = re.findall(r"[A-Z][a-z0-9]*", camel)
    return words[-1]
