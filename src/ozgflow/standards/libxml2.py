"""Schema validation with libxml2: fast, streaming, and every error tied to its element.

``XMLSchema.validate(tree)`` walks the path of every error, which is quadratic: 100,000 errors in one file take
minutes. So only small documents are validated as trees; of these, each entry of the log names its element by a path.
A large document is validated while it streams, which counts all errors; and only if there are any, it is traced: a
parser target counts the start tags, so that each error belongs to the n-th element of the document. Tracing stops
early, and needs to: reading the log copies it each time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from lxml import etree

from ozgflow.standards.libxml2_messages import is_noise, rule_of
from ozgflow.standards.parsing import document_parser
from ozgflow.standards.paths import element_at

_SMALL_BYTES = 32_768
CHUNK_BYTES = 65_536
"""How much of a document is handed to a parser at a time."""
TRACED = 1_000
"""Only among this many errors, findings are chosen; the others are counted."""

GAVE_UP = "SCHEMAV_INTERNAL"
"""libxml2's name for an error of its own: it came to no end."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One entry of libxml2's error log, tied to an element.

    Attributes:
        element: the element concerned.
        kind: libxml2's name of the error.
        text: libxml2's message. It may hold values of the document: never show it.
    """

    element: etree._Element
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaErrors:
    """What libxml2 says of a document.

    Attributes:
        valid: whether it finds nothing wrong.
        errors: what it finds wrong, in document order. May be empty for an invalid document: a double ``xs:ID`` shows
            in the tree only, not in the stream from which the errors are taken.
        counts: how many errors there are, by rule; empty when all of them are in ``errors``.
        gave_up: whether libxml2 came to no end: some texts take a pattern more steps than it allows itself.
    """

    valid: bool
    errors: tuple[SchemaError, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    gave_up: bool = False


VALID = SchemaErrors(valid=True)
"""What libxml2 says of a document without errors."""


class Enough(Exception):
    """Nothing more is to be traced."""


class Silent:
    """Parser target that builds nothing."""

    def close(self) -> None:
        """The document has ended."""
        return


class ErrorTrace:
    """Parser target that ties each new entry of the error log to the number of the element at hand.

    libxml2 calls the target before it validates the same event, so entries that are new at one event belong to
    the event before.
    """

    def __init__(self, wanted: int) -> None:
        self.errors: list[tuple[int, str, str]] = []
        self.parser: etree.XMLParser | None = None
        self._wanted = wanted
        self._count = -1
        self._open: list[int] = []
        self._last = 0
        self._seen = 0

    def start(self, _tag: str, _attributes: object) -> None:
        """An element begins."""
        self.take()
        self._count += 1
        self._open.append(self._count)
        self._last = self._count

    def end(self, _tag: str) -> None:
        """An element ends."""
        self.take()
        self._last = self._open.pop()

    def data(self, _text: str) -> None:
        """Text; what is wrong with it concerns the element around it."""
        self.take()
        self._last = self._open[-1]

    def close(self) -> None:
        """The document has ended."""
        self.take()

    def take(self) -> None:
        """Tie errors that are new to the last event."""
        log = self.parser.feed_error_log if self.parser is not None else ()
        if len(log) == self._seen:
            return
        for entry in log[self._seen :]:
            if not is_noise(entry.type_name, entry.message):
                self.errors.append((self._last, entry.type_name, entry.message))
        self._seen = len(log)
        if len(self.errors) >= self._wanted:
            raise Enough


def schema_errors(data: bytes, root: etree._Element, schema: etree.XMLSchema) -> SchemaErrors:
    """Validate a well-formed document.

    Args:
        data: the document's bytes.
        root: the same document, parsed.
        schema: compiled schema; must not be in use by another thread, the error log would mix.
    """
    try:
        return _schema_errors(data, root, schema)
    except etree.XMLSchemaValidateError:
        return SchemaErrors(valid=False, gave_up=True)


def is_valid(data: bytes, root: etree._Element, schema: etree.XMLSchema) -> bool:
    """Whether libxml2 finds nothing wrong with a well-formed document; it stops at the first error.

    Args:
        data: the document's bytes.
        root: the same document, parsed.
        schema: compiled schema; must not be in use by another thread.
    """
    try:
        if len(data) <= _SMALL_BYTES:
            return bool(schema.validate(root))
        parser = document_parser(target=Silent(), schema=schema)
        for chunk in chunks(data):
            parser.feed(chunk)
            if len(parser.feed_error_log):
                return False
        parser.close()
    except (etree.XMLSyntaxError, etree.XMLSchemaValidateError):
        return False  # what cannot be told here is left to ``schema_errors``
    return not len(parser.feed_error_log)


def _schema_errors(data: bytes, root: etree._Element, schema: etree.XMLSchema) -> SchemaErrors:
    if len(data) <= _SMALL_BYTES:
        return _of_tree(root, schema)
    counted = count_errors(chunks(data), schema)
    if counted is None:
        return _of_tree(root, schema)  # some encodings (UTF-32) can be parsed as a whole only
    if not counted:
        return VALID
    total = sum(counted.values())
    traced = trace_errors(chunks(data), schema, min(total, TRACED))
    wanted = {number for number, _, _ in traced}
    seen = enumerate(islice(root.iter("*"), max(wanted, default=0) + 1))
    elements = {number: element for number, element in seen if number in wanted}
    ordered = sorted(traced, key=lambda error: error[0])
    errors = tuple(SchemaError(elements[number], kind, text) for number, kind, text in ordered)
    return SchemaErrors(valid=False, errors=errors, counts=counted if total > len(errors) else {})


def _of_tree(root: etree._Element, schema: etree.XMLSchema) -> SchemaErrors:
    if schema.validate(root):
        return VALID
    log = cast("Sequence[etree._LogEntry]", schema.error_log)  # the stubs know no iteration
    found = [(element_at(root, entry.path), entry) for entry in log]
    if len(found) > 1:
        order = {element: number for number, element in enumerate(root.iter("*"))}
        found.sort(key=lambda pair: order[pair[0]])
    errors = [
        SchemaError(element, entry.type_name, entry.message)
        for element, entry in found
        if not is_noise(entry.type_name, entry.message)
    ]
    return SchemaErrors(valid=False, errors=tuple(errors))


def count_errors(data: Iterable[bytes], schema: etree.XMLSchema) -> Counter[str] | None:
    """Validate a document while it streams, and count its errors by rule.

    Args:
        data: the document, piece by piece.
        schema: compiled schema.

    Returns:
        The counts, empty for a valid document; ``None`` when it cannot be parsed piece by piece.

    Raises:
        etree.XMLSchemaValidateError: libxml2 came to no end; while a document streams, lxml itself does not say so.
    """
    parser = document_parser(target=Silent(), schema=schema)
    try:
        for chunk in data:
            parser.feed(chunk)
        parser.close()
    except etree.XMLSyntaxError:
        return None
    log = cast("Sequence[etree._LogEntry]", parser.feed_error_log)
    # Many errors are often one, again and again, and each entry is made anew whenever it is asked for.
    entries = Counter((one.type_name, one.message) for one in log)
    if any(kind == GAVE_UP for kind, _ in entries):
        raise etree.XMLSchemaValidateError(GAVE_UP)
    counts: Counter[str] = Counter()
    for (kind, text), number in entries.items():
        if not is_noise(kind, text):
            counts[rule_of(kind, text)] += number
    return counts


def trace_errors(data: Iterable[bytes], schema: etree.XMLSchema, wanted: int) -> list[tuple[int, str, str]]:
    """Validate a document while it streams, and tie its first errors to elements.

    Args:
        data: the document, piece by piece.
        schema: compiled schema.
        wanted: stop after this many errors.

    Returns:
        Number of the element in document order, kind and message of each error, without noise.
    """
    trace = ErrorTrace(wanted)
    parser = document_parser(target=trace, schema=schema)
    trace.parser = parser
    try:
        for chunk in data:
            parser.feed(chunk)
        parser.close()
    except (Enough, etree.XMLSyntaxError):
        pass
    return trace.errors


def chunks(data: bytes) -> Iterator[bytes]:
    """A document in the pieces in which it is handed to a parser."""
    for start in range(0, len(data), CHUNK_BYTES):
        yield data[start : start + CHUNK_BYTES]
