"""Adding bundles: from a folder, the ZIP of a standard, or a KoSIT configuration."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.messages import Message, message
from ozgflow.errors import UsageError
from ozgflow.standards.archives import opened
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.bundle_folder import Addition, put, rehearse, writing
from ozgflow.standards.bundles import Bundle, BundleCatalogue, KeyPlaces, RuleSet
from ozgflow.standards.declared_names import fit_version, slug
from ozgflow.standards.discovery import Found, discover
from ozgflow.standards.kosit import configuration_in, read_configuration
from ozgflow.standards.rivals import are_rivals
from ozgflow.standards.rule_files import rule_files
from ozgflow.standards.schema_files import SchemaTrouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an operator says about the bundles of a source, over what the source says.

    Attributes:
        entries: entry schemas, as paths within the source.
        schematron: rule sets, as paths within the source.
        standard: short name.
        version: version.
        title: name for people.
        licence: licence of the files.
        window: the days on which documents are accepted.
        binding: whether code lists and key rules are confirmed to be in force.
        keys: names of elements that hold keys.
    """

    entries: tuple[str, ...] = ()
    schematron: tuple[str, ...] = ()
    standard: str = ""
    version: str = ""
    title: str = ""
    licence: str = ""
    window: AcceptanceWindow = field(default_factory=AcceptanceWindow)
    binding: bool = False
    keys: KeyPlaces = field(default_factory=KeyPlaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedBundle:
    """What became of one bundle of a source.

    Attributes:
        bundle: the bundle.
        addition: what was done; ``None`` when it was refused, or would have been added in a rehearsal.
        refused: why it was not added, if so.
        unused: names of rule sets that lie with it and that nobody has named.
    """

    bundle: Bundle
    addition: Addition | None = None
    refused: Message | None = None
    unused: tuple[str, ...] = ()


def add_bundles(
    source: Path,
    *,
    schemas: Path,
    added: Path,
    wishes: Wishes | None = None,
    may_replace: bool = False,
    dry_run: bool = False,
) -> tuple[AddedBundle, ...]:
    """Add all bundles of a source. Adding the same again changes nothing.

    Args:
        source: a folder, the ZIP of a standard, or a KoSIT configuration as either.
        schemas: folder of the bundles that come with ozgflow.
        added: folder of the bundles that were added.
        wishes: what the operator says about them.
        may_replace: whether other bundles of the same names may be replaced.
        dry_run: do everything but writing.

    Raises:
        UsageError: the source is not usable at all; what concerns one bundle is in the result.
        DataError: the folder of bundles is faulty or cannot be written to.
    """
    wishes = wishes or Wishes()
    with opened(source) as folder:
        found = [_as_wished(one, folder, wishes) for one in _read(folder, wishes)]
        if dry_run:
            return tuple(_rehearsed(one) for one in _judged(found, schemas, added))
        with writing(added):
            judged = _judged(found, schemas, added)
            return tuple(_put(one, added, may_replace=may_replace) for one in judged)


def installed(schemas: Path, added: Path) -> BundleCatalogue:
    """All bundles of an installation."""
    return load_bundles(schemas, added if added.is_dir() else None)


def is_added(bundle: Bundle, added: Path) -> bool:
    """Whether a bundle was added to the installation, rather than coming with ozgflow."""
    return bundle.folder.resolve().is_relative_to(added.resolve())


def _read(folder: Path, wishes: Wishes) -> tuple[Found, ...]:
    configuration = configuration_in(folder)
    if configuration is not None and not wishes.entries:
        return read_configuration(folder, configuration)
    return discover(folder, wishes.entries)


def _as_wished(found: Found, folder: Path, wishes: Wishes) -> Found:
    """A bundle with what the operator says about it."""
    bundle = found.bundle
    wished = replace(
        bundle,
        standard=slug(wishes.standard) if wishes.standard else bundle.standard,
        version=_version(wishes.version) if wishes.version else bundle.version,
        title=wishes.title or bundle.title,
        licence=wishes.licence or bundle.licence,
        window=wishes.window,
        binding=wishes.binding,
        keys=wishes.keys,
        # The attribute tells versions apart by the version that the schemas fix; another name for it would not.
        version_attribute="" if wishes.version not in ("", bundle.version) else bundle.version_attribute,
    )
    return _with_rule_sets(replace(found, bundle=wished), folder, wishes.schematron)


def _version(text: str) -> str:
    version = fit_version(text)
    if version != text:
        raise UsageError("bundles.version-name")
    return version


def _with_rule_sets(found: Found, folder: Path, names: Sequence[str]) -> Found:
    if not names or found.trouble:
        return found
    sheets = [_rule_set(folder, name) for name in names]
    try:
        files = {path for sheet in sheets for path in rule_files(sheet, folder)}
    except SchemaTrouble as trouble:
        return replace(found, trouble=trouble.reason)
    bundle = found.bundle
    rule_sets = (*bundle.rule_sets, *(RuleSet(file=sheet, title=sheet.stem) for sheet in sheets))
    return replace(
        found,
        bundle=replace(bundle, rule_sets=rule_sets),
        files=tuple(sorted({*found.files, *files})),
        unused=tuple(path for path in found.unused if path not in files),
    )


def _rule_set(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_file() or not path.is_relative_to(folder):
        raise UsageError("bundles.no-rule-set", file=name)
    return path


def _judged(found: Sequence[Found], schemas: Path, added: Path) -> list[Found]:
    """The same bundles, those with a trouble that cannot stand beside the others."""
    known = installed(schemas, added).bundles
    return [
        one if one.trouble else replace(one, trouble=next(_objections(one, found, known, added), None))
        for one in found
    ]


def _objections(one: Found, found: Sequence[Found], known: Sequence[Bundle], added: Path) -> Iterator[Message]:
    bundle = one.bundle
    others = [other.bundle for other in found if other is not one and not other.trouble]
    for other in others:
        if other.name == bundle.name:
            yield message("bundles.same-name", name=bundle.name, one=_entry(bundle), other=_entry(other))
        elif are_rivals(bundle, other):
            yield message("bundles.rivals", one=_entry(bundle), other=_entry(other))
    for other in known:
        if other.name == bundle.name and not is_added(other, added):
            yield message("bundles.name-taken", name=bundle.name)
        elif other.name != bundle.name and are_rivals(bundle, other):
            yield message("bundles.rival-of-known", name=other.name)


def _entry(bundle: Bundle) -> str:
    """What an operator would say after ``--entry``."""
    if not bundle.entries:
        return bundle.title
    return bundle.entries[0].schema.relative_to(bundle.folder).as_posix()


def _rehearsed(found: Found) -> AddedBundle:
    if found.trouble:
        return _refused(found, found.trouble)
    try:
        with tempfile.TemporaryDirectory(prefix="ozgflow-bundle-") as temporary:
            rehearse(found, Path(temporary))
    except SchemaTrouble as trouble:
        return _refused(found, trouble.reason)
    return AddedBundle(bundle=found.bundle, unused=_names(found.unused))


def _put(found: Found, added: Path, *, may_replace: bool) -> AddedBundle:
    if found.trouble:
        return _refused(found, found.trouble)
    try:
        addition = put(found, added, replace=may_replace)
    except SchemaTrouble as trouble:
        return _refused(found, trouble.reason)
    return AddedBundle(bundle=found.bundle, addition=addition, unused=_names(found.unused))


def _refused(found: Found, reason: Message) -> AddedBundle:
    return AddedBundle(bundle=found.bundle, refused=reason)


def _names(files: Sequence[Path]) -> tuple[str, ...]:
    return tuple(file.name for file in files)
