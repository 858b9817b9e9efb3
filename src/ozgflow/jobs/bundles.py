"""The jobs behind ``ozgflow bundles`` beside adding: find, check, remove and compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ozgflow.domain.code_lists import CodeList
from ozgflow.domain.messages import Message, message
from ozgflow.errors import UsageError
from ozgflow.jobs.bundle_adding import installed, is_added
from ozgflow.standards.bundle_diff import Difference, bundle_diff
from ozgflow.standards.bundle_folder import compile_all, compile_rules, file_hash, take_away, writing
from ozgflow.standards.bundles import Bundle, BundleCatalogue
from ozgflow.standards.genericode import read_code_lists
from ozgflow.standards.schema_files import SchemaTrouble


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleTrouble:
    """One thing wrong with an installed bundle."""

    bundle: str
    reason: Message


def find_bundle(catalogue: BundleCatalogue, name: str) -> Bundle:
    """The bundle called ``standard/version``.

    Raises:
        UsageError: there is none; the message names the known ones.
    """
    bundle = catalogue.get(name)
    if bundle is None:
        raise UsageError("bundles.unknown", name=name, known=", ".join(one.name for one in catalogue.bundles))
    return bundle


def check_bundle(bundle: Bundle) -> tuple[BundleTrouble, ...]:
    """See whether a bundle is what it was when it was added, and still works.

    Args:
        bundle: the bundle.
    """
    return tuple(BundleTrouble(bundle=bundle.name, reason=reason) for reason in _troubles(bundle))


def code_lists_of(bundle: Bundle) -> tuple[CodeList, ...] | Message:
    """The code lists of a bundle, or why they cannot be read."""
    try:
        lists = read_code_lists(bundle.code_lists).lists
    except SchemaTrouble as trouble:
        return trouble.reason
    return tuple(one for versions in lists.values() for one in versions.values())


def remove_bundle(name: str, *, schemas: Path, added: Path) -> None:
    """Remove a bundle that was added.

    Raises:
        UsageError: there is no such bundle, or it comes with ozgflow.
        DataError: the folder of bundles is faulty or cannot be written to.
    """
    removable(name, schemas=schemas, added=added)
    with writing(added):
        take_away(removable(name, schemas=schemas, added=added), added)


def removable(name: str, *, schemas: Path, added: Path) -> Bundle:
    """The bundle of a name, if it may be removed.

    Raises:
        UsageError: there is no such bundle, or it comes with ozgflow.
    """
    bundle = find_bundle(installed(schemas, added), name)
    if not is_added(bundle, added):
        raise UsageError("bundles.comes-with", name=name)
    return bundle


def compare_bundles(old: Bundle, new: Bundle) -> tuple[Difference, ...]:
    """What has changed between two bundles.

    Raises:
        UsageError: a file of one of them is missing or unreadable.
    """
    try:
        return bundle_diff(old, new)
    except SchemaTrouble as trouble:
        raise UsageError("bundles.not-comparable", why=trouble.reason) from trouble


def _troubles(bundle: Bundle) -> Iterator[Message]:
    for name, digest in bundle.hashes.items():
        path = bundle.folder / name
        if not path.is_file():
            yield message("bundles.file-gone", file=name)
        elif file_hash(path) != digest:
            yield message("bundles.file-changed", file=name)
    for work in (compile_all, code_lists_of, compile_rules):
        try:
            reason = work(bundle)
        except SchemaTrouble as trouble:
            reason = trouble.reason
        if isinstance(reason, Message):
            yield reason
