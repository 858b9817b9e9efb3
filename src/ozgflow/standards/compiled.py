"""Compiled bundles: what is needed to check documents, made once per bundle and thread."""

import tempfile
import threading
from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

from ozgflow.domain.messages import Message, message
from ozgflow.standards.bundles import Bundle
from ozgflow.standards.identity import AMBIGUOUS, XS, IdentityNames, identity_names
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, collect, directives, is_remote

_COMPILING = threading.Lock()
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class CompiledBundle:
    """A bundle ready for work. Not for use by two threads at once: libxml2's error log would mix."""

    def __init__(self, bundle: Bundle) -> None:
        """Compile with libxml2.

        Raises:
            SchemaTrouble: a file is missing or the schema does not compile.
        """
        self.bundle = bundle
        self.files = collect(bundle.entry, bundle.locations)
        self.schema = _compile(self.files)
        self._types: dict[tuple[str, str], Any] = {}

    @property
    def digest(self) -> str:
        """SHA-256 over all files of the bundle."""
        return self.files.digest

    @cached_property
    def identities(self) -> IdentityNames:
        """Names that carry ``xs:ID`` and ``xs:IDREF``."""
        return identity_names(self.files.roots.values())

    @cached_property
    def referee(self) -> xmlschema.XMLSchema:
        """The second engine, built when it is first asked.

        Raises:
            SchemaTrouble: xmlschema cannot build the schema that libxml2 has compiled.
        """
        try:
            return xmlschema.XMLSchema(str(self.files.entry), uri_mapper=self._mapped, allow="local", defuse="never")
        except (xmlschema.XMLSchemaException, OSError) as error:
            raise SchemaTrouble(message("schema.referee", file=self.files.entry.name)) from error

    def referee_accepts(self, element: etree._Element, attribute: str) -> bool:
        """Whether the second engine takes a value that libxml2 has refused.

        Only the value is looked at, never the whole document: xmlschema needs minutes for some large ones.

        Args:
            element: an element of a document.
            attribute: local name of one of its attributes, or empty for its content.

        Raises:
            SchemaTrouble: see ``referee``.
        """
        kind = self._type_at(element, attribute)
        value = element.get(attribute) if attribute else element.text
        if kind is None or value is None or len(element):
            return False
        simple = kind if kind.is_simple() else kind.simple_type
        return simple is not None and bool(simple.is_valid(value))

    def identity_kind(self, element: etree._Element, attribute: str) -> str:
        """Which identity type a place has, by the types that the second engine knows.

        Args:
            element: an element of a document.
            attribute: local name of one of its attributes, or empty for its content.

        Returns:
            ``ID``, ``IDREF`` or ``IDREFS``, an empty text where it is none of these, or ``?`` where the type
            cannot be told: the place is unknown, or an ``xsi:type`` above it changes what is declared.

        Raises:
            SchemaTrouble: see ``referee``.
        """
        kind = self._type_at(element, attribute)
        if kind is None:
            return AMBIGUOUS
        names = (name for name in ("ID", "IDREF", "IDREFS") if kind.is_derived(self._built_in(name)))
        return next(names, "")

    def _built_in(self, name: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        return self.referee.maps.types[f"{XS}{name}"]

    def _type_at(self, element: etree._Element, attribute: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        """The type of a place as the second engine knows it, or ``None``."""
        above = [element, *element.iterancestors()]
        if any(here.get(_XSI_TYPE) is not None for here in above):
            return None
        place = "/" + "/".join(str(here.tag) for here in reversed(above))
        if (place, attribute) not in self._types:
            component: Any = self.referee.find(place)
            if attribute and component is not None:
                component = component.attributes.get(attribute)
            self._types[place, attribute] = getattr(component, "type", None)
        return self._types[place, attribute]

    def _mapped(self, address: str) -> str:
        files = (file for (_, wanted), file in self.files.targets.items() if wanted == address)
        file = next(files, None)
        return file.as_uri() if file is not None and is_remote(address) else address


def _compile(files: SchemaFiles) -> etree.XMLSchema:
    """Compile copies of the files in which every address is that of a copy.

    A resolver would be the ordinary way. But lxml keeps one loader for the whole process and puts it back after
    each parse, so that a document parsed in another thread at the wrong moment makes the schema ask for its remote
    addresses. With copies there is nothing to resolve. The lock is for libxml2, which sets up its built-in types
    at the first use without one.
    """
    names = {path: f"{number}-{path.name}" for number, path in enumerate(files.roots)}
    with _COMPILING, tempfile.TemporaryDirectory(prefix="ozgflow-schema-") as folder:
        for path, name in names.items():
            (Path(folder) / name).write_bytes(_with_local_addresses(files, path, names))
        try:
            return etree.XMLSchema(etree.parse(str(Path(folder) / names[files.entry]), schema_parser()))
        except etree.XMLSchemaParseError as error:
            raise SchemaTrouble(_why_broken(error, files)) from None


def _with_local_addresses(files: SchemaFiles, path: Path, names: Mapping[Path, str]) -> bytes:
    root = deepcopy(files.roots[path])
    for directive in directives(root):
        directive.set("schemaLocation", names[files.targets[path, str(directive.get("schemaLocation"))]])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _why_broken(error: etree.XMLSchemaParseError, files: SchemaFiles) -> Message:
    entry = error.error_log[0] if error.error_log else None
    copy = Path(entry.filename).name if entry and entry.filename else ""
    name = copy.partition("-")[2] or files.entry.name
    return message("schema.broken", file=name, line=entry.line if entry else 0)


class CompiledBundles:
    """Compiled bundles by thread. Trouble is remembered too, so that it is not run into again and again."""

    def __init__(self) -> None:
        self._own = threading.local()

    def get(self, bundle: Bundle) -> CompiledBundle:
        """The compiled bundle of the calling thread.

        Raises:
            SchemaTrouble: see ``CompiledBundle``.
        """
        held: dict[Path, CompiledBundle | SchemaTrouble] | None = getattr(self._own, "held", None)
        if held is None:
            held = self._own.held = {}
        if bundle.entry not in held:
            try:
                held[bundle.entry] = CompiledBundle(bundle)
            except SchemaTrouble as trouble:
                held[bundle.entry] = trouble
        found = held[bundle.entry]
        if isinstance(found, SchemaTrouble):
            raise found
        return found
