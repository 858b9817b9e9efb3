"""Which schema file of a source refers to which other one, with every address resolved inside the source.

A remote address is resolved by an OASIS catalogue, or by the one file of the source that it can mean: of the same
name, or else of the namespace that is imported. The network is never asked, and nothing outside the source is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlparse

from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.standards.identity import XS
from ozgflow.standards.oasis_catalogues import OasisCatalogue, find_in, nearness, read_catalogues
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaTrouble, directives, is_remote

_OF_ONE_NAMESPACE = frozenset({"include", "redefine", "override"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One include, import or redefine.

    Attributes:
        kind: name of the directive.
        address: what it says.
        target: the file that is meant; ``None`` when the source has none.
        missing: the sentence for that case.
    """

    kind: str
    address: str
    target: Path | None
    missing: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFile:
    """One schema file.

    Attributes:
        path: where it is.
        root: its root element.
        references: what it refers to.
    """

    path: Path
    root: etree._Element
    references: tuple[Reference, ...]

    @property
    def namespace(self) -> str:
        """Its target namespace, or empty."""
        return self.root.get("targetNamespace") or ""

    @property
    def elements(self) -> tuple[str, ...]:
        """Names of the elements that it declares at the top."""
        return tuple(str(one.get("name")) for one in self.root.iterchildren(f"{XS}element"))


@dataclass(frozen=True, kw_only=True)
class SchemaGraph:
    """The schema files of a source.

    Attributes:
        files: by path.
        broken: why a file could not be read, by path.
    """

    files: Mapping[Path, SchemaFile]
    broken: Mapping[Path, Message]

    @cached_property
    def referred(self) -> frozenset[Path]:
        """The files that another one refers to."""
        return frozenset(
            reference.target
            for file in self.files.values()
            for reference in file.references
            if reference.target is not None and reference.target != file.path
        )

    def parts(self, entry: Path) -> list[SchemaFile]:
        """The entry and all files that it includes: together they are one namespace."""
        found: dict[Path, SchemaFile] = {}
        waiting = [entry]
        while waiting:
            file = self.files.get(waiting.pop(0))
            if file is not None and file.path not in found:
                found[file.path] = file
                targets = (one.target for one in file.references if one.kind in _OF_ONE_NAMESPACE)
                waiting += [target for target in targets if target is not None]
        return list(found.values())

    def needed(self, entry: Path) -> list[SchemaFile]:
        """The entry and all files that it cannot do without.

        Raises:
            SchemaTrouble: one of them is missing or not well-formed; the reason names it and who wants it.
        """
        found: dict[Path, SchemaFile] = {}
        waiting = [entry]
        while waiting:
            path = waiting.pop()
            if path in self.broken:
                raise SchemaTrouble(self.broken[path])
            if path in found:
                continue
            file = found[path] = self.files[path]
            for reference in file.references:
                if reference.target is None:
                    raise SchemaTrouble(reference.missing)
                waiting.append(reference.target)
        return sorted(found.values(), key=lambda file: file.path)

    def locations(self, files: Sequence[SchemaFile]) -> dict[str, Path]:
        """The files behind addresses that are not paths beside the file that gives them."""
        return {
            one.address: one.target
            for file in files
            for one in file.references
            if one.target is not None and one.target != _beside(file.path, one.address)
        }


def read_graph(folder: Path, files: Sequence[Path]) -> SchemaGraph:
    """Read all schema files of a source, and those that they refer to.

    Args:
        folder: the source; nothing outside is read.
        files: all its files.
    """
    reader = _Reader(folder, files)
    return SchemaGraph(files={file.path: file for file in reader.all()}, broken=reader.broken)


def _beside(path: Path, address: str) -> Path | None:
    return None if is_remote(address) else (path.parent / unquote(address)).resolve()


class _Reader:
    """Reads each file once, and resolves its references when all are known."""

    def __init__(self, folder: Path, files: Sequence[Path]) -> None:
        self._folder = folder
        self._all = files
        self._catalogues: list[OasisCatalogue] = read_catalogues(files)
        self.roots: dict[Path, etree._Element] = {}
        self.broken: dict[Path, Message] = {}
        for path in files:
            if path.suffix.lower() == ".xsd":
                self._read(path)

    def all(self) -> Iterator[SchemaFile]:
        waiting = list(self.roots)
        for path in waiting:
            found = tuple(self._reference(path, one) for one in directives(self.roots[path]))
            for one in found:
                if one.target is not None and one.target not in self.roots and one.target not in self.broken:
                    self._read(one.target)
                    waiting += [one.target] if one.target in self.roots else []
            yield SchemaFile(path=path, root=self.roots[path], references=found)

    def _read(self, path: Path) -> None:
        try:
            root = etree.fromstring(path.read_bytes(), schema_parser(), base_url=path.as_uri())
        except OSError:
            self.broken[path] = message("schema.missing", file=path.name, by=path.name)
        except etree.XMLSyntaxError as error:
            self.broken[path] = message("schema.not-xml", file=path.name, line=error.lineno or 0)
        else:
            if root.tag == f"{XS}schema":
                self.roots[path] = root
            else:
                self.broken[path] = message("bundles.no-schema-file", file=path.name)

    def _reference(self, path: Path, directive: etree._Element) -> Reference:
        address = str(directive.get("schemaLocation")).strip()
        target, why = self._target(path, address, directive.get("namespace") or "")
        return Reference(kind=etree.QName(directive).localname, address=address, target=target, missing=why)

    def _target(self, base: Path, address: str, namespace: str) -> tuple[Path | None, Message]:
        mapped = find_in(self._catalogues, address, base) or _beside(base, address)
        if mapped is None:
            guessed = self._by_name(base, address, namespace) or self._by_namespace(namespace)
            return guessed, message("schema.unresolved", address=address, by=base.name)
        mapped = mapped.resolve()
        if not mapped.is_relative_to(self._folder):
            return None, message("bundles.outside", file=mapped.name, by=base.name)
        why = message("schema.missing", file=mapped.name, by=base.name)
        return (mapped if mapped.is_file() else None), why

    def _by_name(self, base: Path, address: str, namespace: str) -> Path | None:
        """The nearest file of the same name; of the imported namespace, if there is one of it."""
        name = Path(unquote(urlparse(address).path)).name
        named = [path for path in self._all if name and path.name == name]
        fitting = [path for path in named if path in self.roots and self._namespace(path) == namespace]
        return max(fitting or named, key=lambda path: nearness(path.parent, base), default=None)

    def _by_namespace(self, namespace: str) -> Path | None:
        """The only file of a namespace; of several nobody can tell which one is meant."""
        fitting = [path for path in self.roots if namespace and self._namespace(path) == namespace]
        return fitting[0] if len(fitting) == 1 else None

    def _namespace(self, path: Path) -> str:
        return self.roots[path].get("targetNamespace") or ""
