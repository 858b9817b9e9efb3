"""Documents of everyday characters, and schemas that are quicker to check for them.

The patterns of DIN 91379 and String.Latin take up to 85 % of the time of a check, for the sake of sequences with
combining marks that most documents never use. So a second copy of a schema has simpler patterns or none, for the
documents in which only plain characters occur. Two things hold for each pattern that is replaced, by its structure
and not by trial:

* both accept the same texts of plain characters;
* the new one accepts whatever the old one accepts, so that default values and enumerations of the schema itself,
  which no document shows, stay allowed.

The decision and its limits: ``docs/decisions/0009-plain-documents.md``.
"""

import codecs
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ozgflow.standards.identity import XS
from ozgflow.standards.xsd_patterns import Reading, Span, classes, merged, read_pattern, without


def _from_to(*spans: Span) -> frozenset[str]:
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))


ASCII: frozenset[str] = frozenset("\t\n\r") | _from_to((0x20, 0x7E))
"""Printable ASCII, tabulator and line ends: the part that no plain alphabet lacks."""

_LATIN_1_LETTERS = _from_to((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0xFF))

PLAIN: frozenset[str] = (
    ASCII
    | _from_to((0xA0, 0xAC), (0xAE, 0xFF))  # Latin-1, all but the soft hyphen
    | _from_to((0x100, 0x17E))  # Latin Extended-A, all but the long s
    | _from_to((0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC), (0x218, 0x21B))  # Vietnamese, Pinyin, Romanian
    | _from_to((0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9))  # the capital sharp s, Vietnamese
    | frozenset(map(chr, (0x2013, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2026, 0x20AC)))
)
"""The plain characters: ASCII, the precomposed letters of European languages, Vietnamese and Pinyin that every type
of DIN 91379 has, and the usual marks. No combining mark is among them, and no control character."""

# Other control characters need no look: they make a document ill-formed. NUL shows UTF-16 that is not declared.
_UNSUSPICIOUS = bytes(range(0x01, 0x7F))
_BYTE_ORDER_MARK = "\ufeff"
_HEAD_BYTES = 256
_HEAD = re.compile(
    rb"""(?!(?:\xEF\xBB\xBF)?<\?xml\s)|(?:\xEF\xBB\xBF)?<\?xml\s+version\s*=\s*(["'])1\.0\1"""
    rb"""(?:\s+encoding\s*=\s*(["'])(?i:utf-8)\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>"""
)
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));|&#")
_LONGEST_TOKEN = 12
_XML_CHARACTERS: tuple[Span, ...] = ((0x9, 0xA), (0xD, 0xD), (0x20, sys.maxunicode))
_MOST_COMMON = "e A0ä\n"
_LATIN_TYPES = ("91379", "latinchars")


class PlainScan:
    """Whether a document that comes in pieces consists of plain characters only, once it is parsed.

    It errs on one side: ``plain`` means certain. Anything that could bring in other characters – another encoding,
    a DOCTYPE, a reference to a character – makes a document not plain.
    """

    def __init__(self, alphabet: frozenset[str] = PLAIN) -> None:
        """Begin a document.

        Args:
            alphabet: the characters that count as plain; those of ``ASCII`` always do.
        """
        self._alphabet = _with_ascii(alphabet)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._head = b""
        self._open = b""
        self._marks = 0
        self._certain = True

    def feed(self, chunk: bytes) -> None:
        """Look at the next piece of the document."""
        if not self._certain:
            return
        self._head += chunk[: _HEAD_BYTES - len(self._head)]
        self._certain = self._has_plain_characters(chunk) and self._has_plain_markup(chunk)

    @property
    def plain(self) -> bool:
        """Whether all that was fed so far, taken as a whole document, is certain to be plain."""
        return (
            self._certain
            and self._marks == self._head.startswith(codecs.BOM_UTF8)
            and not self._decoder.getstate()[0]
            and _has_plain_head(self._head)
            and _has_plain_markup(self._open, self._alphabet)
        )

    def _has_plain_characters(self, chunk: bytes) -> bool:
        try:
            text = self._decoder.decode(_suspicious(chunk))
        except UnicodeDecodeError:
            return False
        self._marks += text.count(_BYTE_ORDER_MARK)
        return self._alphabet.issuperset(text.replace(_BYTE_ORDER_MARK, ""))

    def _has_plain_markup(self, chunk: bytes) -> bool:
        """Look at all but what may go on in the next piece; that is kept."""
        text = self._open + chunk
        start = max(text.rfind(b"&", -_LONGEST_TOKEN), text.rfind(b"<", -_LONGEST_TOKEN))
        self._open = text[start:] if start >= 0 else b""
        return _has_plain_markup(text[:start] if start >= 0 else text, self._alphabet)


def is_plain(data: bytes, alphabet: frozenset[str] = PLAIN) -> bool:
    """Whether a document is certain to consist of plain characters only, once it is parsed.

    What is not well-formed may be called plain: there is no document then.

    Args:
        data: the document as it was received.
        alphabet: the characters that count as plain; those of ``ASCII`` always do.
    """
    known = _with_ascii(alphabet)
    if not (_has_plain_head(data) and _has_plain_markup(data, known)):
        return False
    try:
        text = _suspicious(data).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return known.issuperset(text[1:] if data.startswith(codecs.BOM_UTF8) else text)


@lru_cache(maxsize=64)
def _with_ascii(alphabet: frozenset[str]) -> frozenset[str]:
    """An alphabet and ``ASCII``. Remembered, since putting them together takes longer than looking at a document."""
    return alphabet | ASCII


def _suspicious(data: bytes) -> bytes:
    """The bytes that have to be looked at one by one; finding that there are none is ten times as fast."""
    if data.isascii() and b"\x00" not in data and b"\x7f" not in data:
        return b""
    return data.translate(None, _UNSUSPICIOUS)


def _has_plain_head(head: bytes) -> bool:
    """Whether there is no XML declaration, or one of XML 1.0 in UTF-8."""
    return _HEAD.match(head, 0, _HEAD_BYTES) is not None


def _has_plain_markup(text: bytes, alphabet: frozenset[str]) -> bool:
    """Whether there is no DOCTYPE and no reference to another character."""
    # Both tests look for one byte first, as Python finds a single one ten times as fast.
    if b"!" in text and b"<!DOCTYPE" in text:
        return False
    return b"#" not in text or all(_is_plain_reference(found, alphabet) for found in _REFERENCE.finditer(text))


def _is_plain_reference(found: re.Match[bytes], alphabet: frozenset[str]) -> bool:
    hexadecimal, decimal = found.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal or b"0")
    return code <= sys.maxunicode and chr(code) in alphabet


def plain_pattern(pattern: str, alphabet: frozenset[str] = PLAIN) -> str | None:
    """A quicker pattern that accepts the same texts of plain characters, and no fewer texts in all.

    Args:
        pattern: a pattern of XSD.
        alphabet: the characters that count as plain; those of ``ASCII`` always do.

    Returns:
        The pattern, empty when it would accept every text; or ``None`` when it is not a repetition of single
        characters and sequences that contain a character outside the alphabet, and is better left alone.
    """
    alphabet = _with_ascii(alphabet)
    reading = read_pattern(pattern, alphabet)
    if reading is None or not _is_repetition(reading, alphabet):
        return None
    forbidden = alphabet - reading.language.singles
    if not forbidden and reading.language.empty:
        return ""
    # Alternatives and not one class: libxml2 looks at all ranges of a class, but at alternatives until one fits.
    spans = sorted(without(_XML_CHARACTERS, forbidden), key=_rarity)
    alternatives = "|".join(one for span in spans for one in classes(span))
    return f"({alternatives}){'*' if reading.language.empty else '+'}"


def plain_alphabet(roots: Mapping[Path, etree._Element]) -> frozenset[str]:
    """The plain characters that every type for free text in a schema accepts.

    With these, no pattern is left on long texts. Documents with the others are checked by the full schema.

    Args:
        roots: parsed schema files.
    """
    alphabet = PLAIN
    for pattern in _lone_patterns(roots):
        reading = read_pattern(pattern.get("value", ""), PLAIN)
        if reading and _is_repetition(reading, PLAIN) and reading.language.singles >= ASCII | _LATIN_1_LETTERS:
            alphabet &= reading.language.singles
    return alphabet


def plain_schemas(
    roots: Mapping[Path, etree._Element], alphabet: frozenset[str] = PLAIN
) -> dict[Path, etree._Element] | None:
    """Schema files for documents of plain characters: like the given ones, but with quicker patterns or none.

    Args:
        roots: parsed schema files; they stay as they are.
        alphabet: the characters that count as plain; those of ``ASCII`` always do.

    Returns:
        All files, those with a change as copies; ``None`` when there is nothing to change.
    """
    copies = {path: deepcopy(root) for path, root in roots.items()}
    changed = False
    for pattern in list(_lone_patterns(copies)):
        quicker = plain_pattern(pattern.get("value", ""), alphabet)
        step = pattern.getparent()
        if quicker is None or step is None:
            continue
        changed = True
        if quicker:
            pattern.set("value", quicker)
        else:
            step.remove(pattern)
    return copies if changed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repertoire:
    """A set of characters, kept as ranges.

    Attributes:
        spans: first and last code point of each range, in order and apart from each other.
    """

    spans: tuple[Span, ...]

    def __contains__(self, character: str) -> bool:
        place = bisect_right(self.spans, (ord(character), sys.maxunicode)) - 1
        return place >= 0 and ord(character) <= self.spans[place][1]


def repertoire(roots: Mapping[Path, etree._Element]) -> Repertoire | None:
    """All characters that some type of DIN 91379 or String.Latin in a schema accepts, alone or in a sequence.

    Args:
        roots: parsed schema files; the types are known by the namespace of their file.

    Returns:
        The characters, or ``None`` when there is no such type.
    """
    latin = {
        path: root
        for path, root in roots.items()
        if any(name in root.get("targetNamespace", "") for name in _LATIN_TYPES)
    }
    readings = (read_pattern(pattern.get("value", ""), PLAIN) for pattern in _lone_patterns(latin))
    spans = merged(span for reading in readings if reading and reading.language.many for span in reading.mentioned)
    return Repertoire(spans=spans) if spans else None


def _lone_patterns(roots: Mapping[Path, etree._Element]) -> Iterator[etree._Element]:
    """Patterns of simple types that stand alone in their step: several in one step are alternatives."""
    for root in roots.values():
        for step in root.iterfind(f".//{XS}simpleType/{XS}restriction"):
            patterns = step.findall(f"{XS}pattern")
            if len(patterns) == 1:
                yield patterns[0]


def _is_repetition(reading: Reading, alphabet: frozenset[str]) -> bool:
    """Whether single characters may be repeated, and others than plain ones are accepted, too.

    Plain characters in sequences have to be accepted alone as well: only then does a pattern that takes the single
    ones, and all that is not plain, accept the sequences too.
    """
    language = reading.language
    inside = {character for character in alphabet if character in Repertoire(spans=reading.mentioned)}
    beyond = any(without([span], alphabet) for span in reading.mentioned)
    return language.many and inside <= language.singles and beyond and not reading.misread


def _rarity(span: Span) -> tuple[int, Span]:
    """Sorts ranges by the most common character in them."""
    places = (place for place, mark in enumerate(_MOST_COMMON) if span[0] <= ord(mark) <= span[1])
    return next(places, len(_MOST_COMMON)), span
