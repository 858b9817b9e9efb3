"""Columns of start tags. lxml knows lines only, and many messages are written in one line."""

import re
from collections.abc import Callable

from lxml import etree

from ozgflow.standards.paths import Place, line_of

_LARGE_BYTES = 4 * 1024 * 1024


def column_finder(data: bytes) -> Callable[[Place], int]:
    """A function that tells the column of a place.

    The start tags of an element's name are counted in its line. Where their number is not that of the elements, for
    example because a comment holds something like a tag, the column is unknown.

    Args:
        data: the document's bytes.
    """
    lines: list[str] = []

    def column_of(place: Place) -> int:
        if not lines:
            lines.extend(_lines(data))
        line = place.line
        if not 0 < line <= len(lines):
            return 0
        name = f"{place.element.prefix}:" if place.element.prefix else ""
        name += etree.QName(place.element).localname
        tags = [found.start() for found in re.finditer(rf"<{re.escape(name)}(?=[\s/>])", lines[line - 1])]
        same = [one for one in place.element.getroottree().iter(place.element.tag) if line_of(one) == line]
        return tags[same.index(place.element)] + 1 if len(tags) == len(same) else 0

    return column_of


def _lines(data: bytes) -> list[str]:
    """The lines of a document; none where they cannot be told or are too many."""
    if len(data) > _LARGE_BYTES:
        return [""]
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return [""]
