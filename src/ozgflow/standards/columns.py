"""Columns of start tags. lxml knows lines only, and many messages are written in one line."""

import re
from collections.abc import Callable, Iterable

from lxml import etree

from ozgflow.standards.paths import Place, line_of

_LARGE_BYTES = 256 * 1024


def column_finder(data: bytes) -> Callable[[Place], int]:
    """A function that tells the column of a place.

    The start tags of an element's name are counted in its line. Where their number is not that of the elements, for
    example because a comment holds something like a tag, the column is unknown.

    Args:
        data: the document's bytes; in a large document, columns are unknown.
    """
    if len(data) > _LARGE_BYTES:
        return lambda _place: 0
    lines: list[str] = []
    # A document may have two trees: one with all its white space, for Schematron or the second engine.
    by_name: dict[tuple[etree._Element, str], dict[int, list[etree._Element]]] = {}

    def column_of(place: Place) -> int:
        if not lines:
            lines.extend(_lines(data))
        line = place.line
        if not 0 < line <= len(lines):
            return 0
        name = f"{place.element.prefix}:" if place.element.prefix else ""
        name += etree.QName(place.element).localname
        tags = [found.start() for found in re.finditer(rf"<{re.escape(name)}(?=[\s/>])", lines[line - 1])]
        tree, tag = place.element.getroottree(), str(place.element.tag)
        key = (tree.getroot(), tag)
        if key not in by_name:
            by_name[key] = _by_line(tree.iter(tag))
        same = by_name[key].get(line, [])
        return tags[same.index(place.element)] + 1 if len(tags) == len(same) else 0

    return column_of


def _by_line(elements: Iterable[etree._Element]) -> dict[int, list[etree._Element]]:
    found: dict[int, list[etree._Element]] = {}
    for element in elements:
        found.setdefault(line_of(element), []).append(element)
    return found


def _lines(data: bytes) -> list[str]:
    """The lines of a document; none where they cannot be told."""
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return [""]
