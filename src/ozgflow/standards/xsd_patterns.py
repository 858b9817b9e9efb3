"""What a pattern of XSD accepts among the texts over a small alphabet, worked out from the pattern's structure.

Restricting a regular expression to an alphabet is exact and needs no search: every class loses the characters
outside, a class without characters accepts nothing, and what needs such a class accepts nothing either. What is left
of the patterns of DIN 91379 and String.Latin is very simple, since all their sequences need a combining character.
So only simple remains are kept track of; everything else is ``OTHER``, and nothing is claimed about it.

The reader is strict: what engines might read differently is not understood at all.

Source: XML Schema Part 2: Datatypes, second edition, appendix F.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""First and last code point of a range of characters."""

_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"} | {mark: mark for mark in r"\|.-^?*+{}()[]"}
_NEVER_PLAIN = frozenset(r".?*+{}]^$")
_WRITTEN = {"\n": r"\n", "\r": r"\r", "\t": r"\t"} | {mark: "\\" + mark for mark in r"\-^[]"}
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSet:
    """The texts over an alphabet that a pattern accepts.

    Attributes:
        singles: the characters that stand as a text of their own.
        many: whether any number of them, at least one, may follow each other.
        empty: whether the empty text is accepted.
        known: ``False`` when the texts do not have this shape and nothing is said about them.
    """

    singles: frozenset[str] = frozenset()
    many: bool = False
    empty: bool = False
    known: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether no text is accepted at all."""
        return self.known and not self.singles and not self.empty

    def or_else(self, other: "TextSet") -> "TextSet":
        """The texts of either."""
        repeated = (self.many or other.many) and self.singles and other.singles
        if repeated or not (self.known and other.known):
            return OTHER
        return TextSet(
            singles=self.singles | other.singles, many=self.many or other.many, empty=self.empty or other.empty
        )

    def followed_by(self, other: "TextSet") -> "TextSet":
        """The texts of one and then the other."""
        if self.is_nothing or other.is_nothing:
            return NOTHING
        if self == EMPTY:
            return other
        return self if other == EMPTY else OTHER

    def quantified(self, quantifier: str) -> "TextSet":
        """The texts under ``?``, ``*``, ``+`` or no quantifier."""
        if not self.known:
            return OTHER
        return TextSet(
            singles=self.singles,
            many=self.many or (quantifier in ("*", "+") and bool(self.singles)),
            empty=self.empty or quantifier in ("?", "*"),
        )


NOTHING = TextSet()
"""No text."""
EMPTY = TextSet(empty=True)
"""The empty text alone."""
OTHER = TextSet(known=False)
"""Texts of a shape that is not kept track of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A pattern that was understood.

    Attributes:
        language: the texts over the alphabet that it accepts.
        mentioned: every character that occurs in it, within the alphabet or not.
        misread: whether an engine reads it wrongly. libxml2 does not know ranges that begin with an escaped
            character (from an escaped bracket to the backtick it misses the underscore), nor xmlschema those that
            end with an escaped control character.
    """

    language: TextSet
    mentioned: tuple[Span, ...]
    misread: bool


def read_pattern(pattern: str, alphabet: Iterable[str]) -> Reading | None:
    """Work out which texts over an alphabet a pattern accepts.

    Returns:
        The reading, or ``None`` when the pattern uses anything but groups, alternatives, classes of characters and
        ranges, escaped characters, and the quantifiers ``?``, ``*`` and ``+``.
    """
    reader = _Reader(pattern, sorted(alphabet))
    try:
        language = reader.alternatives()
        if not reader.is_at_end:
            return None
    except _NotUnderstoodError:
        return None
    return Reading(language=language, mentioned=merged(reader.mentioned), misread=reader.misread)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters in as few ranges as possible, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def without(spans: Iterable[Span], characters: Iterable[str]) -> tuple[Span, ...]:
    """Ranges without single characters."""
    left: list[Span] = []
    excluded = sorted(map(ord, characters))
    for first, last in spans:
        start = first
        for code in excluded[bisect_left(excluded, first) : bisect_right(excluded, last)]:
            left.append((start, code - 1))
            start = code + 1
        left.append((start, last))
    return tuple((first, last) for first, last in left if first <= last)


def classes(span: Span) -> list[str]:
    """A range as classes of an XSD pattern: one, or more where it begins or ends with an escaped character."""
    first, last = span
    before, after = [], []
    while first <= last and chr(first) in _WRITTEN:
        before.append(f"[{_WRITTEN[chr(first)]}]")
        first += 1
    while first <= last and chr(last) in _WRITTEN:
        after.append(f"[{_WRITTEN[chr(last)]}]")
        last -= 1
    middle = [f"[{chr(first)}]" if first == last else f"[{chr(first)}-{chr(last)}]"] if first <= last else []
    return [*before, *middle, *reversed(after)]


class _NotUnderstoodError(Exception):
    """The pattern is not in the part of the language that is read."""


class _Reader:
    """Recursive descent over one pattern; the language is put together on the way up."""

    def __init__(self, pattern: str, alphabet: Sequence[str]) -> None:
        self._pattern = pattern
        self._alphabet = alphabet
        self._place = 0
        self._depth = 0
        self.mentioned: list[Span] = []
        self.misread = False

    @property
    def is_at_end(self) -> bool:
        return self._place >= len(self._pattern)

    @property
    def _next(self) -> str:
        """The character to be read, or an empty text at the end."""
        return self._pattern[self._place : self._place + 1]

    def _take(self) -> str:
        if self.is_at_end:
            raise _NotUnderstoodError
        self._place += 1
        return self._pattern[self._place - 1]

    def alternatives(self) -> TextSet:
        language = self._branch()
        while self._next == "|":
            self._take()
            language = language.or_else(self._branch())
        return language

    def _branch(self) -> TextSet:
        language = EMPTY
        while self._next not in ("", "|", ")"):
            language = language.followed_by(self._piece())
        return language

    def _piece(self) -> TextSet:
        language = self._atom()
        if self._next in ("?", "*", "+"):
            language = language.quantified(self._take())
        return language

    def _atom(self) -> TextSet:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            character = self._escaped()
        elif character in _NEVER_PLAIN:
            raise _NotUnderstoodError
        return self._characters(ord(character), ord(character))

    def _group(self) -> TextSet:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstoodError
        language = self.alternatives()
        if self._take() != ")":
            raise _NotUnderstoodError
        self._depth -= 1
        return language

    def _class(self) -> TextSet:
        if self._next == "]":
            raise _NotUnderstoodError
        language = NOTHING
        while self._next != "]":
            first, last = self._range()
            language = language.or_else(self._characters(ord(first), ord(last)))
        self._take()
        return language

    def _range(self) -> tuple[str, str]:
        """A member of a class: a character, or a range."""
        is_escaped = self._next == "\\"
        first = last = self._member()
        if self._next == "-":
            self._take()
            is_control = self._pattern[self._place : self._place + 2] in ("\\n", "\\r", "\\t")
            self.misread |= is_escaped or is_control
            last = self._member()
        if last < first:
            raise _NotUnderstoodError
        return first, last

    def _member(self) -> str:
        """A character of a class. Bare hyphens, carets and brackets mean different things to engines."""
        character = self._take()
        if character == "\\":
            return self._escaped()
        if character in "-^[]":
            raise _NotUnderstoodError
        return character

    def _escaped(self) -> str:
        character = self._take()
        if character not in _ESCAPED:
            raise _NotUnderstoodError
        return _ESCAPED[character]

    def _characters(self, first: int, last: int) -> TextSet:
        self.mentioned.append((first, last))
        start, end = bisect_left(self._alphabet, chr(first)), bisect_right(self._alphabet, chr(last))
        return TextSet(singles=frozenset(self._alphabet[start:end]))
