"""Compiling schemas with libxml2."""

import tempfile
import threading
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, directives

_COMPILING = threading.Lock()


def compile_schema(files: SchemaFiles, roots: Mapping[Path, etree._Element] | None = None) -> etree.XMLSchema:
    """Compile copies of the files in which every address is that of a copy.

    A resolver would be the ordinary way. But lxml keeps one loader for the whole process and puts it back after
    each parse, so that a document parsed in another thread at the wrong moment makes the schema ask for its remote
    addresses. With copies there is nothing to resolve. The lock is for libxml2, which sets up its built-in types
    at the first use without one.

    Args:
        files: the schema.
        roots: other contents for its files.

    Returns:
        The schema. Not for use by two threads at once: libxml2's error log would mix.

    Raises:
        SchemaTrouble: the schema does not compile.
    """
    names = {path: f"{number}-{path.name}" for number, path in enumerate(files.roots)}
    contents = {**files.roots, **(roots or {})}
    with _COMPILING, tempfile.TemporaryDirectory(prefix="ozgflow-schema-") as folder:
        for path, name in names.items():
            (Path(folder) / name).write_bytes(_with_local_addresses(files, path, contents[path], names))
        try:
            return etree.XMLSchema(etree.parse(str(Path(folder) / names[files.entry]), schema_parser()))
        except etree.XMLSchemaParseError as error:
            raise SchemaTrouble(_why_broken(error, files)) from None


def _with_local_addresses(
    files: SchemaFiles, path: Path, content: etree._Element, names: Mapping[Path, str]
) -> bytes:
    root = deepcopy(content)
    for directive in directives(root):
        directive.set("schemaLocation", names[files.targets[path, str(directive.get("schemaLocation"))]])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _why_broken(error: etree.XMLSchemaParseError, files: SchemaFiles) -> Message:
    entry = error.error_log[0] if error.error_log else None
    copy = Path(entry.filename).name if entry and entry.filename else ""
    name = copy.partition("-")[2] or files.entry.name
    return message("schema.broken", file=name, line=entry.line if entry else 0)
