"""Writing XML by prefixed names: given namespaces, the standard library keeps prefixes for the whole process."""

from xml.etree import ElementTree as ET


def child(parent: ET.Element, tag: str, text: str = "", /, **attributes: object) -> ET.Element:
    """Append an element.

    Args:
        parent: what it goes into.
        tag: its name, with prefix where it has one.
        text: its content.
        attributes: by name, ``_`` for ``-`` and ``__`` for ``:``. Those that are ``None`` or empty are left out.
    """
    element = ET.SubElement(parent, tag, attributes_of(**attributes))
    element.text = text or None
    return element


def attributes_of(**attributes: object) -> dict[str, str]:
    """Attributes in words that XML knows; those that are ``None`` or empty are left out."""
    return {
        name.replace("__", ":").replace("_", "-"): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in attributes.items()
        if value not in (None, "")
    }


def document_text(root: ET.Element) -> str:
    """The whole document, indented."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
