"""The verdict of the schema on a document that streams, and how many errors of which rule there are.

The log of libxml2 grows with every error, and with the values that its messages quote. So counting ends somewhere.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from ozgflow.standards.libxml2 import GAVE_UP, Enough, ErrorTrace, Silent
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
        faulty: numbers of the pieces in which errors came up, from 0.
    """

    counts: Counter[str] = field(default_factory=Counter)
    counted: bool = True
    gave_up: bool = False
    read: bool = True
    faulty: frozenset[int] = frozenset()

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return self.read and not self.gave_up and not self.counts


def judge(pieces: Iterable[bytes], schema: etree.XMLSchema, *, counts: bool = True) -> Judgement:
    """Validate a document while it streams.

    Args:
        pieces: the document.
        schema: compiled schema; must not be in use by another thread.
        counts: whether to go on behind the first piece that is wrong, and count all errors.
    """
    parser = document_parser(target=Silent(), schema=schema)
    log, faulty = _Log(parser), set()
    try:
        for number, piece in enumerate(pieces):
            parser.feed(piece)
            if log.read():
                faulty.add(number)
            if log.is_full or log.gave_up or (log.counts and not counts):
                return log.judgement(faulty, counted=log.gave_up)
        parser.close()
    except etree.XMLSyntaxError:
        return Judgement(read=False)
    if log.read():
        faulty.add(number)
    return log.judgement(faulty, counted=True)


def trace(
    pieces: Iterable[bytes], schema: etree.XMLSchema, wanted: int, faulty: Collection[int]
) -> list[tuple[int, str, str]]:
    """Tie the first errors of a document to elements, as ``libxml2.trace_errors``, looking at faulty pieces alone.

    Args:
        pieces: the document, in the pieces in which it was judged.
        schema: compiled schema.
        wanted: stop after this many errors.
        faulty: the pieces in which errors came up.

    Returns:
        Number of the element in document order, kind and message of each error, without noise.
    """
    target = _PartialTrace(wanted)
    parser = target.parser = document_parser(target=target, schema=schema)
    with suppress(Enough, etree.XMLSyntaxError):
        for number, piece in enumerate(pieces):
            target.looks = number in faulty
            parser.feed(piece)
            target.take()
        parser.close()
    return target.errors


class _PartialTrace(ErrorTrace):
    """Ties errors to elements, and looks for some only when it is told to: looking is what takes most of the time."""

    looks = False

    def take(self) -> None:
        if self.looks:
            super().take()


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

    def judgement(self, faulty: Collection[int], *, counted: bool) -> Judgement:
        """What the log comes to."""
        return Judgement(counts=self.counts, counted=counted, gave_up=self.gave_up, faulty=frozenset(faulty))

    def read(self) -> bool:
        """Take up what is new. Returns whether there was something."""
        log = cast("Sequence[etree._LogEntry]", self._parser.feed_error_log)
        for entry in log[self._seen :] if len(log) > self._seen else ():
            kind, text = entry.type_name, entry.message
            self._characters += len(text)
            self.gave_up = self.gave_up or kind == GAVE_UP
            if not is_noise(kind, text):
                self.counts[rule_of(kind, text)] += 1
        is_new = len(log) > self._seen
        self._seen = len(log)
        return is_new
