"""The steps of the ladder, for a document of which only a window is in memory."""

import re

from lxml import etree

from ozgflow.domain.messages import Message
from ozgflow.standards.characters import check_characters
from ozgflow.standards.code_check import CodeCheck
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.header_check import Keys
from ozgflow.standards.parsing import Limits
from ozgflow.standards.plain_patterns import PlainScan, Repertoire
from ozgflow.standards.streamed_places import Places, Recorder
from ozgflow.standards.streamed_window import HELD_BYTES, Window
from ozgflow.standards.walk import Walked

_HEADER = "{*}nachrichtenkopf.g2g"
_MEGABYTE = 1024 * 1024
_NO_HEADER = etree.Element("none")
_LONGEST_TOKEN = 12
_LONG_TAILS = 65_536
_SEGMENT = re.compile(r"[\x00-\u02ff]?[^\x00-\u02ff]*")


class StreamedCharacters:
    """The check of characters. Pieces with nothing but plain characters are passed over.

    Attributes:
        recorder: what was found.
    """

    def __init__(
        self, alphabet: frozenset[str], repertoire: Repertoire | None, recorder: Recorder, *, visible: bool
    ) -> None:
        """Begin.

        Args:
            alphabet: the characters that count as plain.
            repertoire: characters that the bundle's standard allows; ``None`` when it names none.
            recorder: takes the findings.
            visible: whether the document is in UTF-8, so that its characters can be seen in its bytes.
        """
        self.recorder = recorder
        self._alphabet = alphabet
        self._repertoire = repertoire
        self._visible = visible
        self._open = b""
        self._strange = not visible
        self._waiting = False
        self._total = -1

    def feed(self, chunk: bytes) -> None:
        """See whether a piece holds strange characters."""
        scan = PlainScan(self._alphabet)
        text = self._open + chunk
        scan.feed(text)
        self._strange = self._strange or not scan.plain
        end = text[-_LONGEST_TOKEN:]
        cut = max(end.rfind(b"&"), end.rfind(b"<"))
        self._open = end[cut:] if cut >= 0 else b""

    def look_at(self, window: Window) -> None:
        """Look at what is shown."""
        # What was strange in the piece before may have had to wait for the end of its tag or text.
        strange = self._strange or self._waiting
        is_stuck = window.total == self._total
        self._waiting, self._total = self._strange or (self._waiting and is_stuck), window.total
        self._strange = not self._visible
        for node in window.finished():
            if window.levels[node].tails:
                tails = etree.Comment("")  # only its tail is looked at
                tails.tail = window.levels[node].tails
                node.insert(0, tails)
        for level, children in window.leaving():
            for child in children if strange else children[:1]:
                if child.tail and not (child.tail.isascii() and "\x7f" not in child.tail):
                    level.tails = _shortest(level.tails + child.tail)
        elements = window.iter("*") if strange else window.finished()
        check_characters(elements, self._repertoire, self.recorder)


def _shortest(text: str) -> str:
    """A text that breaks the same rules, and is short if there are few different characters.

    Before each of the characters up to U+02FF, a text may be cut without a change to its composition.
    """
    if len(text) < _LONG_TAILS:
        return text
    segments = [str(segment) for segment in _SEGMENT.findall(text) if segment]
    return min(text, "".join(dict.fromkeys(segments)) + segments[-1], key=len)


class StreamedRest:
    """Codes, keys and the header.

    Attributes:
        codes: how many codes were compared with a list.
        keys: how many rules about header and keys applied.
        lost: whether the header is so long that its rules could not be applied.
    """

    def __init__(self, compiled: CompiledBundle, limits: Limits, places: Places) -> None:
        self.codes = 0
        self.keys = 0
        self._compiled = compiled
        self.lost = False
        self._is_past = False
        self._in_keys, self._in_codes, self._in_coded_keys, self._broken = (
            Recorder(limits, places) for _ in range(4)
        )
        self._in_head = Recorder(limits, places, sorts=False)

    @property
    def recorders(self) -> list[Recorder]:
        """What was found."""
        return [self._in_head, self._in_keys, self._in_codes, self._in_coded_keys, self._broken]

    def look_at(self, window: Window, walked: Walked) -> None:
        """Look at what the walk has set aside."""
        header, codes = self._compiled.header, self._compiled.codes
        if codes is not None:
            checked, keys = codes.walk(walked.odd_codes, self._in_codes)
            self.codes += walked.codes + checked
            self.keys += len(keys)
            self._check_coded(codes, keys)
        applied, odd = header.check_odd(self._head_in(window), walked.odd_values, self._in_head)
        self.keys += walked.keys + applied + header.check_keys(odd, self._in_keys)

    def finish(self, root: etree._Element) -> None:
        """Say what concerns the document as a whole."""
        if self._compiled.codes is not None and isinstance(self._compiled.code_lists, Message):
            self._broken.report("codes.broken", root, why=self._compiled.code_lists)

    def _check_coded(self, codes: CodeCheck, keys: Keys) -> None:
        for kind, code in keys:
            before = self._in_coded_keys.reported
            self._compiled.header.check_keys([(kind, code)], self._in_coded_keys)
            if self._in_coded_keys.reported == before:
                codes.remember(code, compared=False)

    def _head_in(self, window: Window) -> etree._Element:
        """The document while its header is shown, and otherwise one without."""
        root = window.found
        head = None if self._is_past else next(root.iterchildren(_HEADER), None)
        if head is None:
            return _NO_HEADER
        self._is_past = window.is_last or head.getnext() is not None
        if not self._is_past and window.innermost not in (root, head):
            self._is_past = self.lost = True
            self._in_head.report("header.too-large", head, limit=HELD_BYTES // _MEGABYTE)
        return root if self._is_past and not self.lost else _NO_HEADER
