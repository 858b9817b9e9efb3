"""The files of a schema: found offline, named when missing, hashed together.

Real standards import their building blocks by remote addresses. An address is resolved, in this order, by the
bundle's own table, by an OASIS catalogue (``catalog.xml``) in the folder of the schema or in one of two folders
above it, and by a file of the same name beside the schema or in a neighbouring folder. The network is never asked.

Source: XML Catalogs, OASIS Standard V1.1, sections 6.5 (system) and 6.8 (uri).
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.standards.identity import XS
from ozgflow.standards.parsing import schema_parser

_CATALOG = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
_CATALOG_FOLDERS = 3


class SchemaTrouble(Exception):
    """A schema cannot be used. Caught within this package and turned into a finding.

    Attributes:
        reason: the sentence for the finding.
    """

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFiles:
    """All files that a schema consists of.

    Attributes:
        entry: the file that is compiled.
        roots: parsed root element of each file.
        targets: the file that is meant, by the file that asks and the address it gives.
        digest: SHA-256 over names and contents of all files, hexadecimal.
    """

    entry: Path
    roots: Mapping[Path, etree._Element]
    targets: Mapping[tuple[Path, str], Path]
    digest: str


def collect(entry: Path, locations: Mapping[str, Path]) -> SchemaFiles:
    """Follow all includes, imports and redefines from the entry schema.

    Args:
        entry: the schema to begin with.
        locations: remote address to local file.

    Raises:
        SchemaTrouble: a file is missing, unreadable or not well-formed; the reason names it and who wants it.
    """
    table = {**_catalogue(entry), **locations}
    roots: dict[Path, etree._Element] = {}
    targets: dict[tuple[Path, str], Path] = {}
    waiting = [(entry.resolve(), entry.name)]
    while waiting:
        path, wanted_by = waiting.pop()
        if path in roots:
            continue
        roots[path] = _read(path, wanted_by)
        for address in (str(directive.get("schemaLocation")) for directive in directives(roots[path])):
            targets[path, address] = _locate(address, path, table, entry)
            waiting.append((targets[path, address], path.name))
    return SchemaFiles(entry=entry.resolve(), roots=roots, targets=targets, digest=_digest(entry, roots))


def _read(path: Path, wanted_by: str) -> etree._Element:
    try:
        return etree.fromstring(path.read_bytes(), schema_parser(), base_url=path.as_uri())
    except OSError as error:
        raise SchemaTrouble(message("schema.missing", file=path.name, by=wanted_by)) from error
    except etree.XMLSyntaxError as error:
        raise SchemaTrouble(message("schema.not-xml", file=path.name, line=error.lineno or 0)) from error


def directives(root: etree._Element) -> list[etree._Element]:
    """The includes, imports and redefines of a schema file that name an address."""
    found = root.iterchildren(f"{XS}include", f"{XS}import", f"{XS}redefine", f"{XS}override")
    return [directive for directive in found if directive.get("schemaLocation")]


def is_remote(address: str) -> bool:
    """Whether an address is not a path beside the file that gives it."""
    return urlparse(address).scheme in ("http", "https", "urn", "ftp")


def _locate(address: str, base: Path, table: Mapping[str, Path], entry: Path) -> Path:
    if address in table:
        return table[address].resolve()
    if not is_remote(address):
        return (base.parent / unquote(address)).resolve()
    name = Path(unquote(urlparse(address).path)).name
    for folder in (base.parent, entry.resolve().parent):
        if name and (folder / name).is_file():
            return (folder / name).resolve()
    neighbours = sorted(entry.resolve().parent.parent.glob(f"*/{name}")) if name else []
    if neighbours:
        return neighbours[0].resolve()
    raise SchemaTrouble(message("schema.unresolved", address=address, by=base.name))


def _catalogue(entry: Path) -> Mapping[str, Path]:
    """Read the nearest OASIS catalogue above the entry schema, if there is one."""
    for folder in entry.resolve().parents[:_CATALOG_FOLDERS]:
        file = folder / "catalog.xml"
        if file.is_file():
            root = _read(file, entry.name)
            return {
                str(entry_.get("systemId") or entry_.get("name")): folder / str(entry_.get("uri"))
                for entry_ in root.iter(f"{_CATALOG}system", f"{_CATALOG}uri")
            }
    return {}


def _digest(entry: Path, roots: Mapping[Path, etree._Element]) -> str:
    """Hash over all files, named relative to the entry, so that the folder may lie anywhere."""
    base = entry.resolve().parent
    parts = sorted(
        (Path(os.path.relpath(path, base)).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in roots
    )
    return hashlib.sha256("\n".join(f"{digest} {name}" for name, digest in parts).encode()).hexdigest()
