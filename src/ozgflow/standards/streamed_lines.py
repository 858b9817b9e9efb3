"""Lines of elements, exact for documents of any length: libxml2 counts to 65,535 and guesses from there."""

import re
from collections.abc import Collection
from contextlib import suppress
from xml.parsers import expat

from ozgflow.standards.streamed_file import StreamedFile

_CHUNK_BYTES = 262_144
_TAG_BYTES = 65_536
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*""")


class _Enough(Exception):
    """All wanted elements have been met."""


def lines_of(numbers: Collection[int], file: StreamedFile) -> dict[int, int]:
    """Look up the lines in which the start tags of some elements end, as libxml2 counts them.

    Args:
        numbers: numbers of elements in document order, from 0.
        file: a well-formed document without a DOCTYPE.

    Returns:
        Lines by number, as far as they can be told: an encoding that the second parser does not know has none.
    """
    if not numbers:
        return {}
    begins = _begins(frozenset(numbers), file)
    with file.path.open("rb") as bytes_:
        lines = {}
        for number, (line, place) in begins.items():
            bytes_.seek(place)
            tag = _TAG.match(bytes_.read(_TAG_BYTES))
            lines[number] = line + (tag[0].count(b"\n") if tag else 0)
    return lines


def _begins(wanted: frozenset[int], file: StreamedFile) -> dict[int, tuple[int, int]]:
    """Line and byte at which the start tags of elements begin."""
    found: dict[int, tuple[int, int]] = {}
    parser = expat.ParserCreate()
    count, last = -1, max(wanted)

    def start(_name: str, _attributes: object) -> None:
        nonlocal count
        count += 1
        if count in wanted:
            found[count] = parser.CurrentLineNumber, parser.CurrentByteIndex
        if count >= last:
            raise _Enough

    parser.StartElementHandler = start
    with suppress(_Enough, expat.ExpatError, LookupError, ValueError):
        for chunk in file.chunks(_CHUNK_BYTES):
            parser.Parse(chunk)
    return found
