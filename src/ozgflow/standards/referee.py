"""The second engine for XSD: xmlschema, slow and exact. It is asked about single values and single places."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import xmlschema
from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.identity import AMBIGUOUS, XS
from ozgflow.standards.schema_files import SchemaFiles, SchemaTrouble, is_remote

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Referee:
    """What xmlschema says. Not for use by two threads at once."""

    def __init__(self, files: SchemaFiles) -> None:
        """Remember the files; the schema is built when it is first asked."""
        self._files = files
        self._types: dict[tuple[str, str], Any] = {}

    @cached_property
    def schema(self) -> xmlschema.XMLSchema:
        """The schema as xmlschema knows it.

        Raises:
            SchemaTrouble: xmlschema cannot build the schema that libxml2 has compiled.
        """
        entry = self._files.entry
        try:
            # Not checked against the schema of schemas: libxml2 has compiled it, and that takes four times as long.
            return xmlschema.XMLSchema(
                str(entry), uri_mapper=self._mapped, allow="local", defuse="never", validation="skip"
            )
        except (xmlschema.XMLSchemaException, OSError) as error:
            raise SchemaTrouble(message("schema.referee", file=entry.name)) from error

    def accepts(self, element: etree._Element, attribute: str) -> bool:
        """Whether xmlschema takes a value that libxml2 has refused.

        Only the value is looked at, never the whole document: xmlschema needs minutes for some large ones.

        Args:
            element: an element of a document.
            attribute: local name of one of its attributes, or empty for its content.

        Raises:
            SchemaTrouble: see ``schema``.
        """
        kind = getattr(self.component_at(element, attribute), "type", None)
        value = element.get(attribute) if attribute else element.text
        if kind is None or value is None or (not attribute and len(element)):
            return False
        simple = kind if kind.is_simple() else kind.simple_type
        try:
            return simple is not None and bool(simple.text_is_valid(value))
        except ArithmeticError:
            return False  # it cannot count to very late years

    def identity_kind(self, element: etree._Element, attribute: str) -> str:
        """Which identity type a place has, by the types that xmlschema knows.

        Args:
            element: an element of a document.
            attribute: local name of one of its attributes, or empty for its content.

        Returns:
            ``ID``, ``IDREF`` or ``IDREFS``, an empty text where it is none of these, or ``?`` where the type
            cannot be told: the place is unknown, or an ``xsi:type`` above it changes what is declared.

        Raises:
            SchemaTrouble: see ``schema``.
        """
        kind = getattr(self.component_at(element, attribute), "type", None)
        if kind is None:
            return AMBIGUOUS
        names = (name for name in ("ID", "IDREF", "IDREFS") if kind.is_derived(self._built_in(name)))
        return next(names, "")

    def fixed_value(self, element: etree._Element, attribute: str) -> str | None:
        """The fixed value that the schema gives to an attribute of an element, or ``None``.

        Raises:
            SchemaTrouble: see ``schema``.
        """
        fixed = getattr(self.component_at(element, attribute), "fixed", None)
        return None if fixed is None else str(fixed)

    def component_at(self, element: etree._Element, attribute: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        """The declaration of a place as xmlschema knows it, or ``None``.

        Raises:
            SchemaTrouble: see ``schema``.
        """
        above = [element, *element.iterancestors()]
        if any(here.get(_XSI_TYPE) is not None for here in above):
            return self._named_component(above[::-1], attribute)
        place = "/" + "/".join(str(here.tag) for here in reversed(above))
        if (place, attribute) not in self._types:
            component: Any = self.schema.find(place)
            if attribute and component is not None:
                component = component.attributes.get(attribute)
            self._types[place, attribute] = component
        return self._types[place, attribute]

    def _named_component(self, way: Sequence[etree._Element], attribute: str) -> Any:  # noqa: ANN401
        """The same where the document names types itself: step by step from the root.

        The declaration of an element that names its own type is not what counts for its content: that place is left
        open. Its attributes, and what stands in it, are those of the type that it names.
        """
        declared: Any = self.schema.maps.elements.get(str(way[0].tag))
        for element, child in zip(way, (*way[1:], None), strict=True):
            if declared is None:
                return None
            kind = self._named_type(element, declared)
            if child is None:
                own = declared if kind is declared.type else None
                return kind.attributes.get(attribute) if attribute and kind is not None else own
            parts = kind.content.iter_elements() if kind is not None and kind.has_complex_content() else ()
            declared = next((one for one in parts if one.name == child.tag), None)
        return None

    def _named_type(self, element: etree._Element, declared: Any) -> Any:  # noqa: ANN401 - xmlschema's own classes
        """The type that an element names, or that it is declared with; ``None`` for one that does not exist."""
        name = element.get(_XSI_TYPE)
        if name is None:
            return declared.type
        prefix, _, local = str(name).strip().rpartition(":")
        namespace = element.nsmap.get(prefix or None)
        return self.schema.maps.types.get(f"{{{namespace}}}{local}" if namespace else local)

    def _built_in(self, name: str) -> Any:  # noqa: ANN401 - xmlschema's own classes
        return self.schema.maps.types[f"{XS}{name}"]

    def _mapped(self, address: str) -> str:
        files = (file for (_, wanted), file in self._files.targets.items() if wanted == address)
        file = next(files, None)
        return file.as_uri() if file is not None and is_remote(address) else address
