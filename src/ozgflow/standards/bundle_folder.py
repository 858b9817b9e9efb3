"""Putting a bundle into the folder of added bundles, so that it is there as a whole or not at all.

The files are copied into a temporary folder beside, with a ``catalog.toml`` that holds their hashes; renaming it is
the last step. A process that is killed before leaves the temporary folder, which the next one clears away. A lock
keeps two processes apart.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from ozgflow.domain.messages import Message, message
from ozgflow.errors import DataError
from ozgflow.standards.acceptance_test import CompiledAcceptanceTest
from ozgflow.standards.bundle_files import CATALOGUE, read_catalogue
from ozgflow.standards.bundle_writer import catalogue_text
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.discovery import Found
from ozgflow.standards.genericode import read_code_lists
from ozgflow.standards.identity import XS
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, collect
from ozgflow.standards.schematron import CompiledRuleSet

_TEMPORARY = ".ozgflow-"
_LOCK = ".ozgflow-lock"
_XSD_1_1 = (f"{XS}assert", f"{XS}assertion", f"{XS}alternative", f"{XS}openContent", f"{XS}override")


class Addition(StrEnum):
    """What became of a bundle that was to be added."""

    ADDED = "added"
    REPLACED = "replaced"
    PRESENT = "present"
    """The very same is there already; nothing was changed."""


@contextmanager
def writing(bundles: Path) -> Iterator[None]:
    """Hold the folder of added bundles for oneself, and clear away what a killed process has left.

    Raises:
        DataError: nothing can be written there.
    """
    try:
        bundles.mkdir(parents=True, exist_ok=True)
        lock = (bundles / _LOCK).open("ab")
    except OSError as error:
        raise DataError("bundles.unwritable", folder=bundles) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in bundles.glob(f"{_TEMPORARY}*"):
            if leftover.is_dir():
                shutil.rmtree(leftover)
        yield


def put(found: Found, bundles: Path, *, replace: bool = False) -> Addition:
    """Add a bundle. To be called within ``writing``.

    Args:
        found: the bundle, its files still in the source.
        bundles: folder of added bundles.
        replace: whether another bundle of the name may be replaced.

    Raises:
        SchemaTrouble: it does not compile, a code list cannot be read, or another one of its name is there.
        DataError: it cannot be written.
    """
    temporary = bundles / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        return _put(found, bundles, temporary, replace=replace)
    except OSError as error:
        raise DataError("bundles.unwritable", folder=bundles) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def rehearse(found: Found, temporary: Path) -> None:
    """Do all that adding does, in a folder that is thrown away.

    Raises:
        SchemaTrouble: see ``put``.
    """
    _copy(found, temporary)
    prove(temporary)


def take_away(bundle: Bundle, bundles: Path) -> None:
    """Remove an added bundle. To be called within ``writing``.

    Raises:
        DataError: it cannot be removed.
    """
    temporary = bundles / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        bundle.folder.rename(temporary)
        shutil.rmtree(temporary)
        if not any(bundle.folder.parent.iterdir()):
            bundle.folder.parent.rmdir()
    except OSError as error:
        raise DataError("bundles.unwritable", folder=bundles) from error


def prove(folder: Path) -> None:
    """See that the bundle in a folder works: its schemas and rules compile, its code lists can be read.

    Raises:
        SchemaTrouble: it does not; the reason names the file.
    """
    for bundle in read_catalogue(folder):
        compile_all(bundle)
        read_code_lists(bundle.code_lists)
        compile_rules(bundle)


def compile_rules(bundle: Bundle) -> None:
    """Compile all Schematron rules of a bundle, and its acceptance test.

    Raises:
        SchemaTrouble: one of them does not compile.
    """
    for rule_set in bundle.rule_sets:
        CompiledRuleSet(rule_set)
    if bundle.acceptance is not None:
        CompiledAcceptanceTest(bundle.acceptance)


def compile_all(bundle: Bundle) -> None:
    """Compile all schemas of a bundle.

    Raises:
        SchemaTrouble: one does not compile; if it is written in XSD 1.1, the reason says so.
    """
    for entry in bundle.entries:
        files = collect(entry.schema, bundle.locations)
        try:
            compile_schema(files)
        except SchemaTrouble as trouble:
            raise SchemaTrouble(_newer(files) or trouble.reason) from trouble


def _put(found: Found, bundles: Path, temporary: Path, *, replace: bool) -> Addition:
    place = bundles / found.bundle.standard / found.bundle.version
    text = _copy(found, temporary)
    if place.is_dir() and _is_same(place, text):
        return Addition.PRESENT
    if place.exists() and not replace:
        raise SchemaTrouble(message("bundles.other-content", name=found.bundle.name))
    prove(temporary)
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        temporary.rename(place)
        return Addition.ADDED
    old = bundles / f"{_TEMPORARY}{secrets.token_hex(8)}"
    place.rename(old)
    temporary.rename(place)
    shutil.rmtree(old)
    return Addition.REPLACED


def _is_same(place: Path, text: str) -> bool:
    """Whether a bundle of the same description lies there, with all its files unharmed."""
    try:
        if (place / CATALOGUE).read_text(encoding="utf-8") != text:
            return False
        (bundle,) = read_catalogue(place)
        return all(file_hash(place / name) == digest for name, digest in bundle.hashes.items())
    except OSError:
        return False


def _copy(found: Found, target: Path) -> str:
    """Copy the files of a bundle and write its catalogue; returns the catalogue."""
    base = Path(os.path.commonpath([file.parent for file in found.files]))
    hashes = {}
    for file in found.files:
        name = file.relative_to(base)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target / name)
        hashes[name.as_posix()] = file_hash(target / name)
    text = catalogue_text(found.bundle, base, hashes)
    (target / CATALOGUE).write_text(text, encoding="utf-8")
    return text


def file_hash(file: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _newer(files: SchemaFiles) -> Message | None:
    for path, root in files.roots.items():
        if next(root.iter(*_XSD_1_1), None) is not None:
            return message("bundles.xsd-1-1", file=path.name)
    return None
