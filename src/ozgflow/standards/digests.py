"""Hashes of bundles: a report holds only for the very files that it was made with."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ozgflow.domain.messages import message
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.schema_files import SchemaTrouble, collect

_STYLESHEETS = ("*.sch", "*.xsl", "*.xslt")


def bundle_digest(bundle: Bundle) -> str:
    """SHA-256 over everything that decides about documents of a bundle, hexadecimal.

    Raises:
        SchemaTrouble: a file is missing.
    """
    parts = [collect(entry.schema, bundle.locations).digest for entry in bundle.entries]
    parts += [f"{_hash(file)} {file.name}" for file in _files(bundle)]
    entries = [(entry.schema.name, entry.namespace, entry.roots) for entry in bundle.entries]
    rules = [(rule_set.file.name, rule_set.phase, sorted(rule_set.levels.items())) for rule_set in bundle.rule_sets]
    test = bundle.acceptance
    expression = (test.expression, sorted(test.namespaces.items())) if test else ()
    parts.append(
        repr((bundle.name, entries, bundle.version_attribute, bundle.match, sorted(bundle.namespaces.items())))
    )
    parts.append(repr((rules, bundle.keys, bundle.binding, expression)))
    # Which file an address means decides, too, not only which files there are.
    parts.append(repr(sorted((address, file.name) for address, file in bundle.locations.items())))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def verify(bundle: Bundle) -> None:
    """See that no file has changed since the bundle was added.

    Raises:
        SchemaTrouble: a file is missing or another one; the reason names it.
    """
    for name, digest in bundle.hashes.items():
        if _hash(bundle.folder / name) != digest:
            raise SchemaTrouble(message("schema.changed", file=name))


def _files(bundle: Bundle) -> Iterator[Path]:
    yield from bundle.code_lists
    for rule_set in bundle.rule_sets:
        yield from _beside(rule_set.file)
    if bundle.acceptance and bundle.acceptance.stylesheet:
        yield from _beside(bundle.acceptance.stylesheet)


def _beside(file: Path) -> Iterable[Path]:
    """A stylesheet and all that lie with it: it may include them."""
    return sorted({file, *(path for pattern in _STYLESHEETS for path in file.parent.rglob(pattern))})


def _hash(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise SchemaTrouble(message("schema.missing", file=file.name, by="catalog.toml")) from error
