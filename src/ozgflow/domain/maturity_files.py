"""Reading maturity models: strict, and with file, line, table and key in every complaint."""

from collections.abc import Collection
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from ozgflow.domain.maturity import (
    RULES,
    MaturityAspect,
    MaturityDemand,
    MaturityLevel,
    MaturityModel,
    Threshold,
)
from ozgflow.domain.toml_tables import Table, read_table
from ozgflow.errors import DataError


@cache
def load_models() -> tuple[MaturityModel, ...]:
    """All models that come with the package, the oldest first.

    Raises:
        DataError: a file is faulty, or two models are valid on the same day.
    """
    return read_models(resources.files("ozgflow") / "data" / "maturity")


def read_models(folder: Path | Traversable) -> tuple[MaturityModel, ...]:
    """Read all models of a folder, the oldest first.

    Raises:
        DataError: a file is faulty, or two models are valid on the same day.
    """
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    models = sorted((read_model(file) for file in files), key=lambda model: model.valid_from)
    for older, newer in pairwise(models):
        if older.valid_on(newer.valid_from):
            raise DataError("maturity.overlap", older=older.version, newer=newer.version, day=newer.valid_from)
    return tuple(models)


def read_model(path: Path | Traversable) -> MaturityModel:
    """Read one model from any file.

    Raises:
        UsageError: it cannot be read.
        DataError: it is faulty; the message names file, line, table and key.
    """
    top = read_table(path)
    levels = _levels(top)
    rule = top.table("rule")
    model = MaturityModel(
        version=top.get("version", str),
        title=top.texts("title"),
        valid_from=top.day("valid_from"),
        valid_until=top.day("valid_until") if "valid_until" in top else None,
        source=top.get("source", str),
        levels=levels,
        aspects=_aspects(top, levels),
        rule=_rule_name(rule),
        rule_source=rule.get("source", str),
        rule_confirmed=rule.get("confirmed", bool),
        conform_from=_threshold(top, "conform_from", levels),
        counts_as_online_from=_threshold(top, "counts_as_online_from", levels),
    )
    rule.done()
    _check_whole(top, model, path.name)
    top.done()
    return model


def _check_whole(top: Table, model: MaturityModel, name: str) -> None:
    if f"{model.version}.toml" != name:
        raise top.fail("maturity.version-file", "version", version=model.version)
    if model.valid_until is not None and model.valid_until < model.valid_from:
        raise top.fail("maturity.days", "valid_until", until=model.valid_until, day=model.valid_from)
    expected = top.get("aspect_count", int)
    if len(model.aspects) != expected:
        raise top.fail("maturity.aspect-count", "aspect_count", expected=expected, found=len(model.aspects))


def _levels(top: Table) -> tuple[MaturityLevel, ...]:
    levels = []
    for expected, table in enumerate(top.tables("level")):
        level = MaturityLevel(
            number=table.get("number", int),
            title=table.texts("title"),
            means=table.texts("means"),
            source=table.get("source", str),
            confirmed=table.get("confirmed", bool),
        )
        if level.number != expected:
            raise table.fail("maturity.level-gap", "number", expected=expected, found=level.number)
        table.done()
        levels.append(level)
    return tuple(levels)


def _aspects(top: Table, levels: Collection[MaturityLevel]) -> tuple[MaturityAspect, ...]:
    aspects: dict[str, MaturityAspect] = {}
    for table in top.tables("aspect"):
        aspect = MaturityAspect(
            code=table.get("code", str),
            title=table.texts("title"),
            waivable=table.get("waivable", bool),
            asks=_demands(table, levels),
            source=table.get("source", str),
            confirmed=table.get("confirmed", bool),
        )
        if aspect.code in aspects:
            raise table.fail("maturity.aspect-double", "code", code=aspect.code)
        table.done()
        aspects[aspect.code] = aspect
    return tuple(aspects.values())


def _demands(aspect: Table, levels: Collection[MaturityLevel]) -> dict[int, MaturityDemand]:
    demands: dict[int, MaturityDemand] = {}
    for table in aspect.tables("asks", needed=False):
        level = _level(table, levels)
        if level in demands:
            raise table.fail("maturity.level-double", "level", level=level)
        demands[level] = MaturityDemand(text=table.texts("text"), source=table.get("source", str))
        table.done()
    return demands


def _threshold(top: Table, key: str, levels: Collection[MaturityLevel]) -> Threshold | None:
    if key not in top:
        return None
    table = top.table(key)
    threshold = Threshold(
        level=_level(table, levels), source=table.get("source", str), confirmed=table.get("confirmed", bool)
    )
    table.done()
    return threshold


def _level(table: Table, levels: Collection[MaturityLevel]) -> int:
    number, known = table.get("level", int), [level.number for level in levels]
    if number not in known:
        raise table.fail("toml.value-unknown", "level", known=", ".join(map(str, known)))
    return number


def _rule_name(table: Table) -> str:
    name = table.get("name", str)
    if name not in RULES:
        raise table.fail("toml.value-unknown", "name", known=", ".join(RULES))
    return name
