"""Which copy of a schema judges a document that streams.

The copies differ in what they leave to others: patterns of values, and constraints on doubles. The thread that looks
at the elements may come to doubt one of these at any time; then a slower copy judges anew, which leaves less to
others. An error that any copy finds is an error; all of them are told by the schema as published.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from threading import Event

from lxml import etree

from ozgflow.standards.compiled import CompiledSchema
from ozgflow.standards.parsing import is_crowded
from ozgflow.standards.streamed_file import Crowded, FirstLook, StreamedFile
from ozgflow.standards.streamed_judge import Judgement, judge
from ozgflow.standards.streamed_window import NOT_STREAMED, Window

JUDGED_BYTES = 1024 * 1024
"""How much of a document is validated together."""


@dataclass(slots=True, kw_only=True)
class Doubts:
    """What is, or may be, wrong in a document, of that which is left out of a copy of its schema.

    Attributes:
        patterns: a value that may not match its pattern.
        uniqueness: a value that may be there twice, or a key without one.
    """

    patterns: bool = False
    uniqueness: bool = False


class SchemaJudge:
    """Comes to the verdict of the schema on one document.

    Attributes:
        doubts: what others have come to doubt; they write, and we read.
        look: what the first look at all bytes has shown; ``None`` before it is done.
        digest: SHA-256 of the document, hexadecimal; empty when it was not read to its end.
        stop: set by others when nobody needs a verdict any more.
    """

    def __init__(self, file: StreamedFile, schema: CompiledSchema | None, *, is_simple: bool) -> None:
        """Begin.

        Args:
            file: the document.
            schema: judges; ``None`` for a bundle without one.
            is_simple: whether the document consists of elements and texts alone.
        """
        self.doubts = Doubts()
        self.look: FirstLook | None = None
        self.digest = ""
        self.stop = Event()
        self._file, self._schema, self._is_simple = file, schema, is_simple
        self._trusts = Doubts()

    @property
    def is_in_doubt(self) -> bool:
        """Whether the copy at work has left out what is now in doubt."""
        of_patterns = self._trusts.patterns and self.doubts.patterns
        return of_patterns or (self._trusts.uniqueness and self.doubts.uniqueness)

    def run(self) -> Judgement:
        """Validate.

        Returns:
            What the schema says. *Valid* holds unless there is doubt, now or later; then it takes another run.

        Raises:
            Crowded: an element has too many attributes.
        """
        schema = self._schema
        if schema is None:
            return Judgement()
        while (fast := self._fastest(schema)) is not schema.full:
            judgement = judge(self._pieces(), fast, counts=False)
            if judgement.valid or self.stop.is_set():
                return judgement
            if not self.is_in_doubt:
                break
        return judge(self._pieces(), schema.full)

    def _fastest(self, schema: CompiledSchema) -> etree.XMLSchema:
        """The fastest copy whose *valid* is certain, as far as can be told by now."""
        look, doubts = self._first_look(schema), self.doubts
        bare = self._is_simple and look.plain and not look.names_types and not doubts.patterns
        copy = schema.bare if bare else schema.plain if look.plain else schema.full
        lean = copy if doubts.uniqueness else schema.lean(copy)
        self._trusts = Doubts(patterns=bare and schema.bare is not schema.plain, uniqueness=lean is not copy)
        return lean

    def _first_look(self, schema: CompiledSchema) -> FirstLook:
        if self.look is None:
            look = self._file.first_look(schema.alphabet)
            if look.crowded and self._is_crowded():
                raise Crowded
            self.look = look
        return self.look

    def _pieces(self) -> Iterator[bytes]:
        """The document in pieces, and a hash taken of them on the way, as long as that is of use."""
        taken = hashlib.sha256()
        for piece in takewhile(self._is_needed, self._file.chunks(JUDGED_BYTES)):
            taken.update(piece)
            yield piece
        self.digest = taken.hexdigest() if self._is_needed() else ""

    def _is_needed(self, _piece: bytes = b"") -> bool:
        return not self.stop.is_set() and not self.is_in_doubt

    def _is_crowded(self) -> bool:
        """Whether an element has too many attributes."""
        try:
            return any(is_crowded(window.found) for window in Window(self._file.chunks()))
        except NOT_STREAMED:
            return False
