"""Writing ``catalog.toml`` for one bundle; ``bundle_files`` reads it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ozgflow.standards.bundles import Bundle, RuleSet


def catalogue_text(bundle: Bundle, base: Path, hashes: Mapping[str, str]) -> str:
    """The ``catalog.toml`` of one bundle.

    Args:
        bundle: the bundle; its paths begin with ``base``.
        base: becomes the folder of the bundle.
        hashes: SHA-256 of its files by path.
    """
    return "\n".join(_lines(bundle, base, hashes)) + "\n"


def _lines(bundle: Bundle, base: Path, hashes: Mapping[str, str]) -> Iterator[str]:
    yield "[[bundle]]"
    yield from _pairs(_own_keys(bundle, base))
    for entry in bundle.entries:
        yield "[[bundle.entries]]"
        schema = _inside(entry.schema, base)
        yield from _pairs({"schema": schema, "namespace": entry.namespace or "", "roots": list(entry.roots)})
    yield from _table("bundle.namespaces", bundle.namespaces)
    yield from _table("bundle.locations", {name: _inside(file, base) for name, file in bundle.locations.items()})
    for rule_set in bundle.rule_sets:
        yield from _rule_set(rule_set, base)
    keys = {"ars": list(bundle.keys.ars), "ags": list(bundle.keys.ags), "leika": list(bundle.keys.leika)}
    yield from _table("bundle.keys", {name: names for name, names in keys.items() if names})
    if bundle.acceptance is not None:
        sheet = bundle.acceptance.stylesheet
        named = {"stylesheet": _inside(sheet, base)} if sheet else {}
        yield from _table("bundle.acceptance", {"expression": bundle.acceptance.expression, **named})
        yield from _table("bundle.acceptance.namespaces", bundle.acceptance.namespaces)
    yield from _table("bundle.files", hashes)


def _own_keys(bundle: Bundle, base: Path) -> Mapping[str, object]:
    keys: dict[str, object] = {
        "standard": bundle.standard,
        "version": bundle.version,
        "title": bundle.title,
        "folder": ".",
        "version_attribute": bundle.version_attribute,
        "match": bundle.match,
        "code_lists": [_inside(file, base) for file in bundle.code_lists],
        "binding": bundle.binding,
        "accepted_from": bundle.window.accepted_from,
        "accepted_until": bundle.window.accepted_until,
        "effective_on": bundle.window.effective_on,
        "licence": bundle.licence,
        "source": bundle.source,
    }
    return {key: value for key, value in keys.items() if value not in ("", None, [], False)}


def _rule_set(rule_set: RuleSet, base: Path) -> Iterator[str]:
    yield "[[bundle.schematron]]"
    keys = {"file": _inside(rule_set.file, base), "title": rule_set.title, "phase": rule_set.phase}
    yield from _pairs({key: value for key, value in keys.items() if value})
    yield from _table("bundle.schematron.levels", rule_set.levels)


def _table(name: str, table: Mapping[str, object]) -> Iterator[str]:
    if table:
        yield f"[{name}]"
        yield from _pairs(table)


def _pairs(table: Mapping[str, object]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else _value(key)


def _value(value: object) -> str:
    """A value as TOML writes it; its basic strings are those of JSON, but for one character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _inside(file: Path, base: Path) -> str:
    return file.relative_to(base).as_posix()
