"""Schema validation with libxml2: fast, streaming, capped.

``XMLSchema.validate(tree)`` walks the path of every error, which is quadratic: 100,000 errors in one file take
minutes. So a large document is validated while it streams first, and only a document with errors is traced: a
parser target counts the start tags, so that each error belongs to the n-th element of the document; line and path
then come from the tree. Tracing stops at the cap, and needs it: reading the log copies it each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ozgflow.standards.parsing import document_parser

_SMALL_BYTES = 32_768
_CHUNK_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One entry of libxml2's error log, tied to an element.

    Attributes:
        element: number of the element in document order, from 0.
        kind: libxml2's name of the error.
        text: libxml2's message. It may hold values of the document: never show it.
    """

    element: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaErrors:
    """What libxml2 says of a document.

    Attributes:
        valid: whether it finds nothing wrong.
        errors: what it finds wrong. May be empty for an invalid document: a double ``xs:ID`` shows in the tree only,
            not in the stream from which the errors are taken.
        capped: whether there are more errors.
    """

    valid: bool
    errors: tuple[SchemaError, ...] = ()
    capped: bool = False


class _Enough(Exception):
    """The cap is reached."""


class _Silent:
    """Parser target that builds nothing."""

    def close(self) -> None:
        return None


class _Trace:
    """Parser target that ties each new entry of the error log to the element at hand.

    libxml2 calls the target before it validates the same event, so entries that are new at one event belong to
    the event before.
    """

    def __init__(self, cap: int) -> None:
        self.errors: list[SchemaError] = []
        self.parser: etree.XMLParser | None = None
        self._cap = cap
        self._count = -1
        self._open: list[int] = []
        self._last = 0
        self._seen = 0

    def start(self, _tag: str, _attributes: object) -> None:
        self._take()
        self._count += 1
        self._open.append(self._count)
        self._last = self._count

    def end(self, _tag: str) -> None:
        self._take()
        self._last = self._open.pop()

    def close(self) -> None:
        self._take()

    def _take(self) -> None:
        log = self.parser.feed_error_log if self.parser is not None else ()
        if len(log) == self._seen:
            return
        for entry in log[self._seen :]:
            self.errors.append(SchemaError(self._last, entry.type_name, entry.message))
        self._seen = len(log)
        if self._seen > self._cap:
            raise _Enough


def schema_errors(data: bytes, root: etree._Element, schema: etree.XMLSchema, cap: int) -> SchemaErrors:
    """Validate a well-formed document.

    Args:
        data: the document's bytes.
        root: the same document, parsed.
        schema: compiled schema; must not be in use by another thread, the error log would mix.
        cap: stop after this many errors.

    Returns:
        The outcome, the errors in document order.
    """
    if _is_valid(data, root, schema):
        return SchemaErrors(valid=True)
    trace = _Trace(cap)
    parser = document_parser(target=trace, schema=schema)
    trace.parser = parser
    try:
        for chunk in _chunks(data):
            parser.feed(chunk)
        parser.close()
    except (_Enough, etree.XMLSyntaxError):
        pass
    return SchemaErrors(valid=False, errors=tuple(trace.errors[:cap]), capped=len(trace.errors) > cap)


def _is_valid(data: bytes, root: etree._Element, schema: etree.XMLSchema) -> bool:
    if len(data) <= _SMALL_BYTES:
        return bool(schema.validate(root))
    parser = document_parser(target=_Silent(), schema=schema)
    try:
        for chunk in _chunks(data):
            parser.feed(chunk)
            if len(parser.feed_error_log):
                return False
        parser.close()
    except etree.XMLSyntaxError:
        # Some encodings (UTF-32) can be parsed as a whole only.
        return bool(schema.validate(root))
    return not len(parser.feed_error_log)


def _chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK_BYTES):
        yield data[start : start + _CHUNK_BYTES]
