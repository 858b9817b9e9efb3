"""Which bundles a source holds: entry schemas, their documents, and all files that belong to them.

An entry schema is one that no other file refers to and that, with what it includes, declares elements. Of several
with the same namespace the fewest are taken that declare all elements. Entries that call themselves by one name and
version are one bundle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.errors import UsageError
from ozgflow.standards.archives import files_below
from ozgflow.standards.bundles import Bundle, Entry
from ozgflow.standards.declared_names import DeclaredNames, declared_names
from ozgflow.standards.genericode import is_code_list
from ozgflow.standards.oasis_catalogues import nearness
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schema_graph import SchemaFile, SchemaGraph, read_graph
from ozgflow.standards.version_attribute import version_attribute

UNKNOWN_LICENCE = "unbekannt"
_STYLESHEETS = frozenset({".sch", ".xsl", ".xslt"})
_LICENCES = ("license", "licence", "lizenz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A bundle as it was found in a source.

    Attributes:
        bundle: what it will be; its paths still point into the source.
        files: all files that it needs.
        unused: rule sets and stylesheets that lie with it and that nobody has named.
        trouble: why it cannot be used, if so.
    """

    bundle: Bundle
    files: tuple[Path, ...] = ()
    unused: tuple[Path, ...] = ()
    trouble: Message | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Entries that are one bundle, and what it is called."""

    names: DeclaredNames
    entries: tuple[Entry, ...]


def discover(folder: Path, entries: Sequence[str] = ()) -> tuple[Found, ...]:
    """Find the bundles in a folder.

    Args:
        folder: the source.
        entries: take these schemas, and no others, as the entries of one bundle.

    Raises:
        UsageError: there is no schema that documents could be checked against, or a named one does not exist.
    """
    files = files_below(folder)
    graph = read_graph(folder, files)
    chosen = [_named(folder, graph, name) for name in entries]
    groups = [_group(folder, graph, chosen)] if chosen else _groups(folder, graph)
    if not groups:
        why = next(iter(graph.broken.values()), message("bundles.no-schema"))
        raise UsageError("bundles.nothing", folder=folder.name, why=why)
    homes = [_home(group) for group in groups]
    shares = _shares(homes, files)
    return tuple(_found(folder, graph, group, share) for group, share in zip(groups, shares, strict=True))


def roots_of(graph: SchemaGraph, entry: Path) -> tuple[str, ...]:
    """Names of all elements of the entry's own namespace that documents may begin with."""
    parts = graph.parts(entry)
    own = {"", parts[0].namespace}
    names = (name for part in parts if part.namespace in own for name in part.elements)
    return tuple(dict.fromkeys(names))


def nearest(homes: Sequence[Path], file: Path) -> list[int]:
    """The bundles that a file lies nearest to: those whose folders share most with its own."""
    shared = [nearness(home, file)[0] for home in homes]
    return [number for number, length in enumerate(shared) if length == max(shared)]


def _named(folder: Path, graph: SchemaGraph, name: str) -> Path:
    path = (folder / name).resolve()
    if path in graph.broken:
        raise UsageError("bundles.nothing", folder=folder.name, why=graph.broken[path])
    if path not in graph.files:
        raise UsageError("bundles.no-entry", entry=name)
    return path


def _groups(folder: Path, graph: SchemaGraph) -> list[_Group]:
    """Entries by folder and version, then joined where they are called the same."""
    declaring = [path for path in sorted(graph.files) if roots_of(graph, path)]
    tops = [path for path in declaring if path not in graph.referred] or declaring
    together: dict[tuple[Path, str], list[Path]] = {}
    for path in tops:
        together.setdefault((path.parent, graph.files[path].root.get("version") or ""), []).append(path)
    named: dict[tuple[str, str], list[Path]] = {}
    for paths in together.values():
        names = _names(folder, graph, paths)
        named.setdefault((names.standard, names.version), []).extend(paths)
    return [_group(folder, graph, paths) for paths in named.values()]


def _names(folder: Path, graph: SchemaGraph, paths: Sequence[Path]) -> DeclaredNames:
    parts = {part.path: part for path in paths for part in graph.parts(path)}
    own = {graph.files[path].namespace for path in paths}
    files = [part for part in parts.values() if part.namespace in own] or list(parts.values())
    return declared_names(files, paths[0].parent, folder)


def _group(folder: Path, graph: SchemaGraph, paths: Sequence[Path]) -> _Group:
    return _Group(names=_names(folder, graph, paths), entries=tuple(_cover(graph, paths)))


def _cover(graph: SchemaGraph, paths: Sequence[Path]) -> Iterator[Entry]:
    """The fewest schemas that declare everything; each element belongs to the first of them that has it."""
    roots = {path: roots_of(graph, path) for path in paths}
    taken: set[tuple[str, str]] = set()
    for path in sorted(paths, key=lambda path: (-len(roots[path]), path)):
        namespace = graph.files[path].namespace
        own = tuple(name for name in roots[path] if (namespace, name) not in taken)
        taken |= {(namespace, name) for name in own}
        if own:
            yield Entry(schema=path, namespace=namespace, roots=own)


def _home(group: _Group) -> Path:
    return group.entries[0].schema.parent


def _shares(homes: Sequence[Path], files: Iterable[Path]) -> list[list[Path]]:
    """The files that lie nearest to each bundle."""
    shares: list[list[Path]] = [[] for _ in homes]
    for file in files:
        for number in nearest(homes, file):
            shares[number].append(file)
    return shares


def _found(folder: Path, graph: SchemaGraph, group: _Group, share: Sequence[Path]) -> Found:
    names = group.names
    bundle = Bundle(
        standard=names.standard,
        version=names.version,
        title=names.title,
        folder=folder,
        entries=group.entries,
        licence=names.licence or UNKNOWN_LICENCE,
    )
    try:
        schemas = needed_schemas(graph, group.entries)
    except SchemaTrouble as trouble:
        return Found(bundle=bundle, trouble=trouble.reason)
    return completed(bundle, graph, schemas, share)


def needed_schemas(graph: SchemaGraph, entries: Iterable[Entry]) -> Mapping[Path, SchemaFile]:
    """All schema files that some entries need.

    Raises:
        SchemaTrouble: one is missing; the reason names it and who wants it.
    """
    return {file.path: file for entry in entries for file in graph.needed(entry.schema)}


def completed(bundle: Bundle, graph: SchemaGraph, schemas: Mapping[Path, SchemaFile], share: Sequence[Path]) -> Found:
    """A bundle with what follows from its files: remote addresses, code lists, version attribute.

    Args:
        bundle: the bundle so far.
        graph: all schemas of the source.
        schemas: those that it needs.
        share: the files of the source that lie with it.
    """
    lists = tuple(file for file in share if _is_code_list(file))
    licences = [file for file in share if file.name.lower().startswith(_LICENCES)]
    parts = [graph.parts(entry.schema) for entry in bundle.entries]
    whole = replace(
        bundle,
        locations=graph.locations(list(schemas.values())),
        code_lists=lists,
        version_attribute=version_attribute(bundle, parts),
    )
    return Found(
        bundle=whole,
        files=tuple(sorted({*schemas, *lists, *licences})),
        unused=tuple(file for file in share if file.suffix.lower() in _STYLESHEETS),
    )


def _is_code_list(file: Path) -> bool:
    """Whether a file is a code list with codes in it; lists may also be published without them."""
    if file.suffix.lower() not in (".xml", ".gc"):
        return False
    try:
        root = etree.fromstring(file.read_bytes(), schema_parser())
    except (OSError, etree.XMLSyntaxError):
        return False
    return is_code_list(root) and root.find("{*}SimpleCodeList") is not None
