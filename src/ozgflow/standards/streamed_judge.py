"""The verdict of the schema on a document that streams, and how many errors of which rule there are.

The log of libxml2 grows with every error, and with the values that its messages quote. So counting ends somewhere.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from ozgflow.standards.libxml2 import GAVE_UP, Silent
from ozgflow.standards.libxml2_messages import is_noise, rule_of
from ozgflow.standards.parsing import document_parser

MOST_ERRORS = 100_000
"""Errors behind these are not counted."""

_MOST_CHARACTERS = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the schema says of a document.

    Attributes:
        counts: errors by rule; empty for a valid document.
        counted: whether these are all of them.
        gave_up: whether libxml2 came to no end: some texts take a pattern more steps than it allows itself.
        read: whether the document could be read in pieces.
    """

    counts: Counter[str] = field(default_factory=Counter)
    counted: bool = True
    gave_up: bool = False
    read: bool = True

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return self.read and not self.gave_up and not self.counts


def judge(pieces: Iterable[bytes], schema: etree.XMLSchema) -> Judgement:
    """Validate a document while it streams.

    Args:
        pieces: the document.
        schema: compiled schema; must not be in use by another thread.
    """
    parser = document_parser(target=Silent(), schema=schema)
    log = _Log(parser)
    try:
        for piece in pieces:
            parser.feed(piece)
            log.read()
            if log.is_full or log.gave_up:
                return Judgement(counts=log.counts, counted=log.gave_up, gave_up=log.gave_up)
        parser.close()
    except etree.XMLSyntaxError:
        return Judgement(read=False)
    log.read()
    return Judgement(counts=log.counts, gave_up=log.gave_up)


class _Log:
    """The error log of a parser at work."""

    def __init__(self, parser: etree.XMLParser) -> None:
        self.counts: Counter[str] = Counter()
        self.gave_up = False
        self._parser = parser
        self._seen = 0
        self._characters = 0

    @property
    def is_full(self) -> bool:
        return self._seen > MOST_ERRORS or self._characters > _MOST_CHARACTERS

    def read(self) -> None:
        """Take up what is new."""
        log = cast("Sequence[etree._LogEntry]", self._parser.feed_error_log)
        for entry in log[self._seen :] if len(log) > self._seen else ():
            kind, text = entry.type_name, entry.message
            self._characters += len(text)
            self.gave_up = self.gave_up or kind == GAVE_UP
            if not is_noise(kind, text):
                self.counts[rule_of(kind, text)] += 1
        self._seen = len(log)
