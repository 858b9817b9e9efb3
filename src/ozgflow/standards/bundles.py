"""Bundles: one version of a standard each, and how to recognise its documents."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.errors import DataError
from ozgflow.standards.paths import line_of, local_name, readable_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One version of a standard.

    Attributes:
        standard: short name, for example ``aufenthalt-antrag``.
        version: version as the standard writes it.
        title: German name.
        entry: the schema file that is compiled.
        namespace: namespace of the documents' root element; ``None`` stands for any.
        roots: local names of the root elements; empty stands for any.
        version_attribute: attribute of the root that repeats the version, or empty.
        locations: remote address to local file.
        accepted_from: first day on which the version is accepted.
        accepted_until: last such day; ``None`` when open.
        licence: licence of the files (SPDX).
    """

    standard: str
    version: str
    title: str
    entry: Path
    namespace: str | None
    roots: tuple[str, ...] = ()
    version_attribute: str = ""
    locations: Mapping[str, Path] = field(default_factory=dict)
    accepted_from: date | None = None
    accepted_until: date | None = None
    licence: str = ""

    @property
    def name(self) -> str:
        """Standard and version, for example ``aufenthalt-antrag/1.0``."""
        return f"{self.standard}/{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCatalogue:
    """All bundles that documents are recognised against."""

    bundles: tuple[Bundle, ...]

    def recognise(self, root: etree._Element) -> Bundle | Finding:
        """Find the bundle by namespace, root element and version attribute.

        Returns:
            The bundle, or the finding that says why there is none.
        """
        namespace, name = etree.QName(root).namespace or "", local_name(root)
        candidates = [
            bundle
            for bundle in self.bundles
            if bundle.namespace in (None, namespace) and (not bundle.roots or name in bundle.roots)
        ]
        for bundle in candidates:
            if not bundle.version_attribute or root.get(bundle.version_attribute) == bundle.version:
                return bundle
        rule = "bundle.version" if candidates else "bundle.unknown"
        place = f"/@{candidates[0].version_attribute}" if candidates else ""
        return Finding(
            rule=rule,
            path=readable_path(root) + place,
            line=line_of(root),
            message=message(
                f"finding.{rule}",
                root=name,
                known=", ".join(bundle.name for bundle in candidates or self.bundles),
            ),
        )


def bundle_for_schema(schema: Path) -> Bundle:
    """A bundle for a single schema file given by hand; it takes any document."""
    return Bundle(standard=schema.stem, version="-", title=schema.name, entry=schema, namespace=None)


def load_bundles(folder: Path) -> BundleCatalogue:
    """Read ``catalog.toml`` in the folder of schemas.

    Raises:
        DataError: the file is missing or faulty; the message names table and key.
    """
    path = folder / "catalog.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("bundle", [])
    except OSError as error:
        raise DataError("bundles.no-catalogue", folder=folder) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("bundles.not-toml", file=path, why=str(error)) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DataError("bundles.key", file="catalog.toml", number=1, key="[[bundle]]")
    return BundleCatalogue(bundles=tuple(_bundle(table, folder, number) for number, table in enumerate(tables, 1)))


def _bundle(table: Mapping[str, object], folder: Path, number: int) -> Bundle:
    def text(key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise DataError("bundles.key", file="catalog.toml", number=number, key=key)
        return value

    home = folder / text("folder")
    roots, locations = table.get("roots", []), table.get("locations", {})
    if not isinstance(roots, list) or not isinstance(locations, dict):
        raise DataError("bundles.key", file="catalog.toml", number=number, key="roots/locations")
    return Bundle(
        standard=text("standard"),
        version=text("version"),
        title=text("title"),
        entry=home / text("entry"),
        namespace=text("namespace"),
        roots=tuple(str(root) for root in roots),
        version_attribute=str(table.get("version_attribute", "")),
        locations={str(address): home / str(file) for address, file in locations.items()},
        accepted_from=_day(table, "accepted_from", number),
        accepted_until=_day(table, "accepted_until", number),
        licence=text("licence"),
    )


def _day(table: Mapping[str, object], key: str, number: int) -> date | None:
    day = table.get(key)
    if day is None or isinstance(day, date):
        return day
    raise DataError("bundles.key", file="catalog.toml", number=number, key=key)
