"""OASIS catalogues: which local file stands for a remote address.

Understood are ``system``, ``uri`` and ``public`` entries, ``rewriteSystem`` and ``rewriteURI``, ``group`` with
``xml:base``, and ``nextCatalog``. The nearest catalogue above the file that asks is asked first.

Source: XML Catalogs, OASIS Standard V1.1, sections 6 and 7.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

from lxml import etree

from ozgflow.standards.parsing import schema_parser

_NAMESPACE = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
_EXACT = {f"{_NAMESPACE}system": "systemId", f"{_NAMESPACE}uri": "name", f"{_NAMESPACE}public": "publicId"}
_REWRITING = {
    f"{_NAMESPACE}rewriteSystem": ("systemIdStartString", "rewritePrefix"),
    f"{_NAMESPACE}rewriteURI": ("uriStartString", "rewritePrefix"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OasisCatalogue:
    """One catalogue file with all that it refers to.

    Attributes:
        folder: where it lies.
        exact: file by address or public identifier.
        rewrites: local prefix by prefix of an address.
    """

    folder: Path
    exact: Mapping[str, Path]
    rewrites: Mapping[str, str]

    def find(self, address: str) -> Path | None:
        """The file that stands for an address, whether it exists or not."""
        if address in self.exact:
            return self.exact[address]
        for start in sorted(self.rewrites, key=len, reverse=True):
            if address.startswith(start):
                return _file(self.rewrites[start] + address[len(start) :])
        return None


def read_catalogues(files: Iterable[Path]) -> list[OasisCatalogue]:
    """The catalogues among some files; those that are not well-formed are no catalogues."""
    named = (file for file in files if file.suffix.lower() == ".xml" and "catalog" in file.name.lower())
    return [read for file in named if (read := _read(file)) is not None]


def find_in(catalogues: Iterable[OasisCatalogue], address: str, base: Path) -> Path | None:
    """The file for an address; where several catalogues know it, the one nearest to the file that asks counts."""
    found = [(one.folder, file) for one in catalogues if (file := one.find(address)) is not None]
    return max(found, key=lambda pair: nearness(pair[0], base))[1] if found else None


def nearness(folder: Path, base: Path) -> tuple[int, int]:
    """How near a folder is to a file: the more they share, and the less the folder goes elsewhere, the nearer."""
    shared = len(Path(os.path.commonpath((folder, base))).parts)
    return shared, shared - len(folder.parts)


def _read(file: Path) -> OasisCatalogue | None:
    exact: dict[str, Path] = {}
    rewrites: dict[str, str] = {}
    waiting, seen = [file.resolve()], set[Path]()
    while waiting:
        path = waiting.pop(0)
        root = None if path in seen else _parsed(path)
        seen.add(path)
        if root is None:
            continue
        for entry in root.iter(*_EXACT):
            exact.setdefault(str(entry.get(_EXACT[str(entry.tag)])), _file(_address(entry, "uri")))
        for entry in root.iter(*_REWRITING):
            start, prefix = _REWRITING[str(entry.tag)]
            rewrites.setdefault(str(entry.get(start)), _address(entry, prefix))
        waiting += _following(root)
    return OasisCatalogue(folder=file.resolve().parent, exact=exact, rewrites=rewrites) if exact or rewrites else None


def _following(root: etree._Element) -> Iterator[Path]:
    for entry in root.iter(f"{_NAMESPACE}nextCatalog"):
        yield _file(_address(entry, "catalog"))


def _parsed(path: Path) -> etree._Element | None:
    try:
        root = etree.fromstring(path.read_bytes(), schema_parser(), base_url=path.as_uri())
    except (OSError, etree.XMLSyntaxError):
        return None
    return root if root.tag == f"{_NAMESPACE}catalog" else None


def _address(entry: etree._Element, attribute: str) -> str:
    return urljoin(str(entry.base or ""), str(entry.get(attribute)))


def _file(address: str) -> Path:
    return Path(os.path.normpath(unquote(urlparse(address).path)))
