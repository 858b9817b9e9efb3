"""Reading bundles from ``catalog.toml``: those that come with ozgflow, and those that an installation has added.

Both have the same form; ``schemas/README.md`` explains the keys. The catalogue of an added bundle lies in the
folder of the bundle itself.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.rules import Severity
from ozgflow.errors import DataError
from ozgflow.standards.bundles import AcceptanceTest, Bundle, BundleCatalogue, Entry, KeyPlaces, RuleSet

CATALOGUE = "catalog.toml"
"""Name of the file that names bundles."""


def load_bundles(folder: Path, added: Path | None = None) -> BundleCatalogue:
    """Read ``catalog.toml`` in the folder of schemas, and the catalogue of each bundle that was added.

    Args:
        folder: the bundles that are maintained by hand.
        added: folder with one folder ``<standard>/<version>`` for each bundle that was added; need not exist.

    Raises:
        DataError: a catalogue is missing or faulty, or two bundles have one name; the message names table and key.
    """
    places = [folder, *(file.parent for file in sorted(added.glob(f"*/*/{CATALOGUE}")))] if added else [folder]
    bundles = [bundle for place in places for bundle in read_catalogue(place)]
    names = [bundle.name for bundle in bundles]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError("bundles.twice", names=", ".join(twice))
    return BundleCatalogue(bundles=tuple(bundles))


def read_catalogue(folder: Path) -> tuple[Bundle, ...]:
    """Read one ``catalog.toml``.

    Raises:
        DataError: the file is missing or faulty; the message names table and key.
    """
    path = folder / CATALOGUE
    try:
        catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError("bundles.no-catalogue", folder=folder) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("bundles.not-toml", file=path, why=str(error)) from error
    _Table(catalogue, 1).knows_only({"bundle"})
    tables = catalogue.get("bundle", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DataError("bundles.key", file=CATALOGUE, number=1, key="[[bundle]]")
    return tuple(_bundle(_Table(table, number), folder) for number, table in enumerate(tables, 1))


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with its place for complaints."""

    table: Mapping[str, Any]
    number: int

    def fail(self, key: str) -> DataError:
        return DataError("bundles.key", file=CATALOGUE, number=self.number, key=key)

    def knows_only(self, keys: Collection[str]) -> None:
        """Refuse other keys: one of them may be a slip of the pen, and what it was for would not be checked."""
        unknown = sorted(self.table.keys() - keys)
        if unknown:
            raise self.fail(unknown[0])

    def text(self, key: str, default: str | None = None) -> str:
        value = self.table.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.fail(key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fail(key)
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, str]:
        value = self.table.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.fail(key)
        return value

    def below(self, key: str) -> Sequence["_Table"]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fail(key)
        return [_Table(one, self.number) for one in value]

    def one_below(self, key: str) -> "_Table | None":
        value = self.table.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.fail(key)
        return None if value is None else _Table(value, self.number)

    def flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(key)
        return value

    def day(self, key: str) -> date | None:
        value = self.table.get(key)
        if value is None or type(value) is date:
            return value
        raise self.fail(key)


_KEYS = frozenset(
    {
        *("standard", "version", "title", "folder", "entry", "namespace", "roots", "entries", "version_attribute"),
        *("match", "namespaces", "locations", "code_lists", "schematron", "keys", "binding", "accepted_from"),
        *("accepted_until", "effective_on", "acceptance", "licence", "source", "files"),
    }
)


def _bundle(table: _Table, folder: Path) -> Bundle:
    table.knows_only(_KEYS)
    home = folder / table.text("folder")
    window = AcceptanceWindow(
        accepted_from=table.day("accepted_from"),
        accepted_until=table.day("accepted_until"),
        effective_on=table.day("effective_on"),
    )
    if (window.accepted_from or date.min) > (window.accepted_until or date.max):
        raise table.fail("accepted_until")
    bundle = Bundle(
        standard=table.text("standard"),
        version=table.text("version"),
        title=table.text("title"),
        folder=home,
        entries=_entries(table, home),
        version_attribute=table.text("version_attribute", ""),
        match=table.text("match", ""),
        namespaces=table.mapping("namespaces"),
        locations={address: home / file for address, file in table.mapping("locations").items()},
        code_lists=_code_lists(table, home),
        rule_sets=tuple(_rule_set(one, home) for one in table.below("schematron")),
        keys=_keys(table.one_below("keys")),
        binding=table.flag("binding"),
        window=window,
        acceptance=_acceptance(table.one_below("acceptance"), home),
        licence=table.text("licence"),
        source=table.text("source", ""),
        hashes=table.mapping("files"),
    )
    return _checked(bundle, table)


def _checked(bundle: Bundle, table: _Table) -> Bundle:
    """The bundle, if its own XPath can be used."""
    if "" in bundle.namespaces:
        raise table.fail("namespaces")
    try:
        if bundle.matches is not None:
            bundle.matches(etree.Element("any"))  # some faults are seen by running it only
    except etree.XPathError:
        raise table.fail("match") from None
    if not bundle.entries and not bundle.matches:
        raise table.fail("entries")
    return bundle


def _entries(table: _Table, home: Path) -> tuple[Entry, ...]:
    """The schemas: a list of tables, or the keys of a single one."""
    if "entry" in table.table:
        schema, namespace = table.text("entry"), table.text("namespace")
        return (Entry(schema=home / schema, namespace=namespace, roots=table.texts("roots")),)
    tables = table.below("entries")
    for one in tables:
        one.knows_only({"schema", "namespace", "roots"})
    return tuple(
        Entry(schema=home / one.text("schema"), namespace=one.text("namespace", ""), roots=one.texts("roots"))
        for one in tables
    )


def _code_lists(table: _Table, home: Path) -> tuple[Path, ...]:
    """Files, or patterns such as ``codelisten/*.xml``."""
    found: list[Path] = []
    for pattern in table.texts("code_lists"):
        try:
            files = sorted(home.glob(pattern)) if "*" in pattern else [home / pattern]
        except (NotImplementedError, ValueError):
            raise table.fail(f"code_lists: {pattern}") from None
        if not files:
            raise table.fail(f"code_lists: {pattern}")
        found += files
    return tuple(dict.fromkeys(found))


def _rule_set(table: _Table, home: Path) -> RuleSet:
    table.knows_only({"file", "title", "phase", "levels"})
    try:
        levels = {rule: Severity(level) for rule, level in table.mapping("levels").items()}
    except ValueError:
        raise table.fail("levels") from None
    return RuleSet(
        file=home / table.text("file"), title=table.text("title", ""), phase=table.text("phase", ""), levels=levels
    )


def _keys(table: _Table | None) -> KeyPlaces:
    if table is None:
        return KeyPlaces()
    table.knows_only({"ars", "ags", "leika"})
    return KeyPlaces(ars=table.texts("ars"), ags=table.texts("ags"), leika=table.texts("leika"))


def _acceptance(table: _Table | None, home: Path) -> AcceptanceTest | None:
    if table is None:
        return None
    table.knows_only({"expression", "stylesheet", "namespaces"})
    stylesheet = table.text("stylesheet", "")
    return AcceptanceTest(
        expression=table.text("expression"),
        stylesheet=home / stylesheet if stylesheet else None,
        namespaces=table.mapping("namespaces"),
    )
