"""What a standard says about itself in its schemas: name, version, title, licence.

Asked are, in this order, the ``appinfo`` that XÖV standards carry, the schema's ``version``, the version in the
namespace, and the folder.

Source: XÖV-Handbuch, Metadaten in XML Schema.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ozgflow.standards.identity import XS
from ozgflow.standards.schema_graph import SchemaFile

_VERSION = re.compile(r"(?<![A-Za-z0-9.])[vV]?(\d+(?:[._-]\d+)*)(?=[^A-Za-z0-9.]|$)")
_TAIL = re.compile(r"[ _.-]+[vV]?\d+(?:[._-]\d+)*$")
_GENERIC = frozenset(
    {"xsd", "xsds", "xsdrt", "schema", "schemas", "schemata", "maindoc", "common", "src", "xml", "resources", "main"}
)
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNames:
    """What a bundle is called.

    Attributes:
        standard: short name in small letters.
        version: version as the standard writes it.
        title: name for people.
        licence: what the standard says about its licence, or empty.
    """

    standard: str
    version: str
    title: str
    licence: str = ""


def declared_names(files: Sequence[SchemaFile], folder: Path, top: Path) -> DeclaredNames:
    """Work out what a bundle is called.

    Args:
        files: the files of its own namespace, the entry first.
        folder: where the entry lies.
        top: the source; the names of folders above say nothing.
    """
    named = _folder_name(folder, top)
    title = _appinfo(files, "standard", "nameLang")
    technical = _appinfo(files, "standard", "nameTechnisch") or _appinfo(files, "standard", "nameKurz")
    bare = _TAIL.sub("", named) or named
    version = (
        _appinfo(files, "versionStandard", "version")
        or next((found for file in files if (found := file.root.get("version"))), "")
        or version_in(files[0].namespace)
        or version_in(named)
    )
    return DeclaredNames(
        standard=slug(technical or bare),
        version=fit_version(version) or "1",
        title=title or _appinfo(files, "standard", "nameKurz") or bare,
        licence=_appinfo(files, "versionStandard", "lizenz") or _appinfo(files, "standard", "lizenz"),
    )


def version_in(text: str) -> str:
    """The last version number within a namespace or a name, or empty."""
    found = _VERSION.findall(text)
    return re.sub("[_-]", ".", found[-1]) if found else ""


def carries_version(namespace: str, version: str) -> bool:
    """Whether a namespace names the version, so that it tells versions apart by itself."""
    numbers = re.split(r"[._-]", version)
    return re.search(rf"(?<!\d){r'[._-]'.join(map(re.escape, numbers))}(?!\d)", namespace) is not None


def slug(text: str) -> str:
    """A name in small letters, digits and hyphens."""
    return re.sub("[^a-z0-9]+", "-", text.lower().translate(_LETTERS)).strip("-") or "standard"


def fit_version(text: str) -> str:
    """A version that may be the name of a folder."""
    return re.sub("[^A-Za-z0-9._-]+", "-", text.strip()).strip("-.")


def _folder_name(folder: Path, top: Path) -> str:
    """The name of the nearest folder, up to the source, that is not called like any other."""
    for one in (folder, *folder.parents):
        if one.name.lower() not in _GENERIC:
            return one.name
        if one == top:
            break
    return top.parent.name if top.name.lower() in _GENERIC and top.parent.name else folder.name


def _appinfo(files: Sequence[SchemaFile], group: str, name: str) -> str:
    return next((text for file in files for text in _texts(file.root, group, name)), "")


def _texts(root: etree._Element, group: str, name: str) -> Iterator[str]:
    """What the annotation of the schema itself says; those of types and code lists have metadata of their own."""
    for info in root.iterfind(f"{XS}annotation/{XS}appinfo"):
        for found in info.iterfind(f"{{*}}{group}/{{*}}{name}"):
            if text := " ".join((found.text or "").split()):
                yield text
