"""The files that Schematron rules and stylesheets consist of.

Source: ISO/IEC 19757-3 (include, extends); W3C, XSL Transformations (include, import, document).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaTrouble, is_remote

_REFERRING = ("{*}include", "{*}import", "{*}extends")
_DOCUMENT = re.compile(r"\b(?:document|doc|unparsed-text|json-doc)\(\s*['\"]([^'\"#]+)['\"]")


def rule_files(file: Path, top: Path) -> list[Path]:
    """A rule set or stylesheet with all files that it includes or reads by a fixed name.

    Args:
        file: where to begin.
        top: the source; nothing outside is read.

    Raises:
        SchemaTrouble: a file is missing, outside the source or not well-formed; the reason names it and who wants it.
    """
    found: dict[Path, None] = {}
    waiting = [(file.resolve(), file.name)]
    while waiting:
        path, wanted_by = waiting.pop(0)
        if path in found:
            continue
        if not path.is_relative_to(top):
            raise SchemaTrouble(message("bundles.outside", file=path.name, by=wanted_by))
        if not path.is_file():
            raise SchemaTrouble(message("schema.missing", file=path.name, by=wanted_by))
        found[path] = None
        waiting += [((path.parent / unquote(one)).resolve(), path.name) for one in _addresses(path)]
    return list(found)


def _addresses(path: Path) -> Iterator[str]:
    if path.suffix.lower() not in (".sch", ".xsl", ".xslt"):
        return
    try:
        root = etree.fromstring(path.read_bytes(), schema_parser())
    except etree.XMLSyntaxError as error:
        raise SchemaTrouble(message("schema.not-xml", file=path.name, line=error.lineno or 0)) from error
    for element in root.iter(*_REFERRING):
        if address := (element.get("href") or "").partition("#")[0]:
            yield _local(path, address)
    for element in root.iter("*"):
        for value in element.attrib.values():
            yield from (_local(path, address) for address in _DOCUMENT.findall(str(value)))


def _local(path: Path, address: str) -> str:
    if is_remote(address):
        raise SchemaTrouble(message("schema.unresolved", address=address, by=path.name))
    return address
