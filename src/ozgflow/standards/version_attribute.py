"""Telling versions apart by an attribute of the root, where a standard keeps its namespace for all of them."""

from collections.abc import Iterator, Sequence

from lxml import etree

from ozgflow.standards.bundles import Bundle
from ozgflow.standards.declared_names import carries_version
from ozgflow.standards.identity import XS
from ozgflow.standards.schema_graph import SchemaFile

_DEEPEST = 20


def version_attribute(bundle: Bundle, parts: Sequence[Sequence[SchemaFile]]) -> str:
    """The attribute by which documents of this version are known.

    Args:
        bundle: the bundle.
        parts: for each of its entries, the schema files of the entry's namespace.

    Returns:
        Its name; empty when a namespace carries the version, or when not every root has the attribute with the
        bundle's version as its fixed value.
    """
    if any(carries_version(entry.namespace or "", bundle.version) for entry in bundle.entries):
        return ""
    common: set[str] | None = None
    for entry, files in zip(bundle.entries, parts, strict=True):
        for root in entry.roots:
            names = {name for name, value in _fixed(files, root) if value == bundle.version}
            common = names if common is None else common & names
    return min(common or {""})


def _fixed(files: Sequence[SchemaFile], root: str) -> Iterator[tuple[str, str]]:
    """Attributes of a root element that are named after a version and have a fixed value."""
    element = _declared(files, "element", root)
    if element is None:
        return
    for attribute in _attributes(files, element, _DEEPEST):
        name = attribute.get("name") or ""
        if name.lower().endswith("version") and attribute.get("fixed") and attribute.get("use") == "required":
            yield name, str(attribute.get("fixed"))


def _attributes(files: Sequence[SchemaFile], element: etree._Element, depth: int) -> Iterator[etree._Element]:
    """The attributes of an element, also those that its type has from another one."""
    kind = element.find(f"{XS}complexType")
    if kind is None:
        kind = _declared(files, "complexType", _local(element.get("type")))
    while kind is not None and depth:
        derived = next(iter(kind.iterfind(f"{XS}*/{XS}extension")), None)
        holder = kind if derived is None else derived
        yield from holder.iterchildren(f"{XS}attribute")
        kind = None if derived is None else _declared(files, "complexType", _local(derived.get("base")))
        depth -= 1


def _declared(files: Sequence[SchemaFile], kind: str, name: str) -> etree._Element | None:
    found = (one for file in files for one in file.root.iterchildren(f"{XS}{kind}") if one.get("name") == name)
    return next(found, None)


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
