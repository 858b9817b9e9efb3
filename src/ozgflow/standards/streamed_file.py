"""A large document as a file that is read in pieces, and what can be told of it before it is checked."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO, cast

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.standards.libxml2 import Silent
from ozgflow.standards.parsing import document_parser, explain_refusal, finding_on_xml, names_types
from ozgflow.standards.plain_patterns import PlainScan

_LOOK_BYTES = 262_144
_DECLARATION = re.compile(rb"(?:\xEF\xBB\xBF)?<\?xml\s[^?]*\?>|\xEF\xBB\xBF|")
_DECLARATION_BYTES = 1024
_MEGABYTE = 1024 * 1024
_STRETCH = 2048
_MANY = 400
_LONGEST_NAME = 64
_UTF_32 = re.compile(rb"\xFF\xFE\0\0|\0\0\xFE\xFF|<\0\0\0|\0\0\0<")


class Crowded(Exception):
    """An element has so many attributes that some checks would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """What can be told of a document without parsing it.

    Attributes:
        plain: whether all its characters are plain.
        names_types: whether elements may have another type than their name says: ``xsi:type`` may be in it.
        crowded: whether an element may have so many attributes that libxml2 would take minutes.
    """

    plain: bool
    names_types: bool
    crowded: bool


class StreamedFile:
    """A document that is read in pieces.

    Attributes:
        path: the file.
        chunk_bytes: how much is handed to a parser at a time.
        size: its bytes.
    """

    def __init__(self, path: Path, chunk_bytes: int) -> None:
        self.path = path
        self.chunk_bytes = chunk_bytes
        self._at_first = self._state()
        self.size = self._at_first[0]

    @property
    def has_changed(self) -> bool:
        """Whether somebody has written to the file since we began."""
        return self._state() != self._at_first

    def chunks(self, size: int = 0) -> Iterator[bytes]:
        """The document in pieces.

        Args:
            size: how large they are; all but the first, which holds the XML declaration and no more.
        """
        with self.path.open("rb") as file:
            beginning = file.read(_DECLARATION_BYTES)
            length = declaration_length(beginning)
            # A parser has to see four bytes to tell the encoding.
            file.seek(max(length, 4))
            yield beginning[: max(length, 4)]
            while chunk := file.read(size or self.chunk_bytes):
                yield chunk

    def digest(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def first_look(self, alphabet: frozenset[str]) -> FirstLook:
        """Look at all bytes once.

        Args:
            alphabet: the characters that count as plain.
        """
        certain = self.is_ascii_based()
        scan = PlainScan(alphabet)
        types, crowded, before = not certain, not certain, b""
        for chunk in self.chunks(_LOOK_BYTES):
            scan.feed(chunk)
            cut = before + chunk[:_LONGEST_NAME]
            types = types or names_types(chunk, certain=True) or names_types(cut, certain=True)
            crowded = crowded or may_be_crowded(chunk)
            before = chunk[-_LONGEST_NAME:]
        return FirstLook(plain=scan.plain, names_types=types, crowded=crowded)

    def is_simple(self) -> bool:
        """Whether it is certain to consist of elements and texts alone, with lines that end as in Unix."""
        if not self.is_ascii_based():
            return False
        chunks, before = self.chunks(_LOOK_BYTES), b""
        next(chunks)
        for chunk in chunks:
            # One byte is found ten times as fast as two, so it is looked for first.
            if (b"!" in chunk or b"?" in chunk or before == b"<") and _is_marked(before + chunk):
                return False
            if b"\r" in chunk:  # libxml2 may lose white space before it
                return False
            before = chunk[-1:]
        return True

    def is_ascii_based(self) -> bool:
        """Whether the document is certain to be in UTF-8, so that its markup can be seen in its bytes."""
        with self.path.open("rb") as file:
            beginning = file.read(_DECLARATION_BYTES)
        scan = PlainScan()
        scan.feed(beginning[: max(declaration_length(beginning), 4)])
        return scan.plain

    def refusal(self, parser: "etree.XMLPullParser | None" = None) -> Finding:
        """Why a document that was refused is not well-formed, in the words for small documents.

        Args:
            parser: a parser that has refused the document while it was handed to it in pieces.
        """
        if _UTF_32.match(self._opening()):
            return self._unreadable()  # what is parsed in pieces cannot be in UTF-32
        # Only while a tree is built, libxml2 minds faulty namespaces, and texts without end.
        log = [] if parser is None else [one for one in parser.feed_error_log if one.level_name != "WARNING"]
        if log and (log[0].domain_name == NAMESPACE or log[0].type_name in _LIMITS):
            return explain_refusal(self._opening(), cast("etree.XMLParser", SimpleNamespace(error_log=log)))
        whole = document_parser(target=Silent())
        try:
            with self.path.open("rb") as file:
                etree.parse(cast("BinaryIO", _Unnamed(file)), whole)
        except etree.XMLSyntaxError:
            return explain_refusal(self._opening(), whole)
        return self._unreadable()

    def _unreadable(self) -> Finding:
        """The finding on a document that could only be read as a whole, and is too large for that."""
        limit = self.size // _MEGABYTE
        return finding_on_xml("xml.too-large", limit=limit)

    def _opening(self) -> bytes:
        """The beginning of the file, up to a piece that is not empty."""
        with self.path.open("rb") as file:
            while chunk := file.read(_LOOK_BYTES):
                if chunk.strip():
                    return chunk
        return b""

    def _state(self) -> tuple[int, int, int]:
        state = self.path.stat()
        return state.st_size, state.st_mtime_ns, state.st_ino


class _Unnamed:
    """A file without its name. When lxml knows one, it takes some errors in a document for errors of the machine."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return self._file.read(size)


_LIMITS = frozenset({"ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG"})
NAMESPACE = "NAMESPACE"
"""libxml2's name for what is wrong with namespaces."""


def declaration_length(beginning: bytes) -> int:
    """How many bytes byte order mark and XML declaration take."""
    found = _DECLARATION.match(beginning)
    return found.end() if found else 0


def _is_marked(text: bytes) -> bool:
    return b"<!" in text or b"<?" in text


def may_be_crowded(chunk: bytes) -> bool:
    """Whether a piece holds part of a start tag with very many attributes: a long stretch with many equals signs."""
    start = 0
    while start < len(chunk):
        if chunk.find(b"<", start, start + _STRETCH) >= 0:
            start += _STRETCH
            continue
        first, last = chunk.rfind(b"<", 0, start), chunk.find(b"<", start)
        end = last if last >= 0 else len(chunk)
        if chunk.count(b"=", max(first, 0), end) > _MANY:
            return True
        start = end
    return False
