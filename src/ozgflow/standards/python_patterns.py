r"""Patterns of XSD as Python's regular expressions, for the few constructs that mean the same in both.

Only for documents of plain characters (``plain_patterns``), among which ``\d`` is 0 to 9 in either language. What
either engine might read differently is not translated: escapes for categories, subtraction of classes, ranges that
begin or end with an escaped character. Nor is what could keep Python's engine busy, which tries one way through a
pattern after the other: the ways are counted, and texts are left to libxml2 where there are too many.

Source: XML Schema Part 2: Datatypes, second edition, appendix F.
"""

import re
from dataclasses import dataclass, field, replace

_ESCAPES = {"n": "\\n", "r": "\\r", "t": "\\t", "d": "0-9"} | {mark: re.escape(mark) for mark in r"\|.-^?*+{}()[]"}
_SPACES = " \t\n\r"
_SPECIAL = frozenset(r"\|.-^?*+{}()[]$")
_QUANTIFIER = re.compile(r"[?*+]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_MOST_REPEATED = 1_000
_MOST_WAYS = 4_000_000
"""So many ways take Python a fraction of a second."""
_LONGEST = 1_000
_DEEPEST = 50


class _NotTranslated(Exception):
    """The pattern uses something that is not known to mean the same."""


@dataclass(frozen=True, slots=True)
class PythonPattern:
    """A pattern in Python's language.

    Attributes:
        expression: matched against the whole text.
        takes_space: whether a text that it accepts may hold white space.
        names_space: whether white space is named in it, rather than merely not left out.
        shortest: no shorter text is accepted.
        longest: no longer text should be matched, or it may take long.
    """

    expression: re.Pattern[str]
    takes_space: bool = False
    names_space: bool = False
    shortest: int = 0
    longest: int = _LONGEST


def python_pattern(pattern: str) -> PythonPattern | None:
    """Translate a pattern; ``None`` when it is not certain to mean the same."""
    translator = _Translator(pattern)
    try:
        inside = translator.alternatives()
    except _NotTranslated:
        return None
    if translator.rest:
        return None
    spaces = translator.takes_space, translator.names_space
    return PythonPattern(re.compile(inside.text), *spaces, inside.shortest, inside.longest)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern.

    In a text of n characters, the engine may try ``ways * n ** growth`` ways through it.

    Attributes:
        text: in Python's language.
        shortest: the length of the shortest text.
        ways: how many ways there are, apart from repetitions without an end.
        growth: how many repetitions without an end there are.
        quantified: whether there is a quantifier in it.
    """

    text: str
    shortest: int
    ways: int = 1
    growth: int = 0
    quantified: bool = False

    @property
    def longest(self) -> int:
        """No longer text should be matched."""
        return min(_LONGEST, int((_MOST_WAYS / self.ways) ** (1 / self.growth))) if self.growth else _LONGEST

    def __add__(self, other: "_Part") -> "_Part":
        return _Part(
            self.text + other.text,
            self.shortest + other.shortest,
            _bearable(self.ways * other.ways),
            self.growth + other.growth,
            self.quantified or other.quantified,
        )

    def repeated(self, quantifier: "_Quantifier") -> "_Part":
        """This part with a quantifier behind it."""
        # libxml2 does not take a group several times that may be empty.
        if self.quantified or not self.shortest:
            raise _NotTranslated
        least, most = quantifier.least, quantifier.most
        if most is None and self.ways > 1:
            raise _NotTranslated
        ways = 1 if most is None else self.ways**most * (most - least + 1)
        shortest = self.shortest * least
        return _Part(self.text + quantifier.text, shortest, _bearable(ways), int(most is None), quantified=True)


@dataclass(frozen=True, slots=True)
class _Quantifier:
    """A quantifier; ``most`` is ``None`` where there is no end."""

    text: str
    least: int
    most: int | None


def _bearable(ways: int) -> int:
    if ways > _MOST_WAYS:
        raise _NotTranslated
    return ways


@dataclass(slots=True)
class _Translator:
    """Reads a pattern from left to right."""

    rest: str
    takes_space: bool = field(default=False)
    names_space: bool = field(default=False)
    _depth: int = field(default=0)

    def alternatives(self) -> _Part:
        """Alternatives up to the end or a closing bracket."""
        branches = [self._branch()]
        while self.rest.startswith("|"):
            self.rest = self.rest[1:]
            branches.append(self._branch())
        return _Part(
            "|".join(one.text for one in branches),
            min(one.shortest for one in branches),
            _bearable(sum(one.ways for one in branches)),
            max(one.growth for one in branches),
            any(one.quantified for one in branches),
        )

    def _branch(self) -> _Part:
        branch = _Part("", 0)
        while self.rest and self.rest[0] not in "|)":
            atom, quantifier = self._atom(), self._quantifier()
            branch += atom if quantifier is None else atom.repeated(quantifier)
        return branch

    def _atom(self) -> _Part:
        """One character, class or group."""
        sign, self.rest = self.rest[0], self.rest[1:]
        if sign == "(":
            return self._group()
        if sign == "[":
            return _Part(self._class(), 1)
        if sign == "\\":
            return _Part(f"[{self._escape()}]", 1)
        if sign == ".":
            self.takes_space = True
            return _Part("[^\\n\\r]", 1)
        if sign in _SPECIAL and sign != "-":
            raise _NotTranslated
        self._note(sign)
        return _Part(re.escape(sign), 1)

    def _group(self) -> _Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotTranslated
        inside = self.alternatives()
        if not self.rest.startswith(")"):
            raise _NotTranslated
        self.rest = self.rest[1:]
        self._depth -= 1
        return replace(inside, text=f"(?:{inside.text})")

    def _escape(self) -> str:
        sign, self.rest = self.rest[:1], self.rest[1:]
        if sign not in _ESCAPES:
            raise _NotTranslated
        self._note(_ESCAPES[sign] if sign not in "nrt" else " ")
        return _ESCAPES[sign]

    def _class(self) -> str:
        negated = self.rest.startswith("^")
        inside, self.rest = "", self.rest[negated:]
        before = self.takes_space, self.names_space
        while not self.rest.startswith("]"):
            inside += self._member()
        self.rest = self.rest[1:]
        if not inside:
            raise _NotTranslated
        made = f"[{'^' if negated else ''}{inside}]"
        if negated:
            takes, self.names_space = before
            self.takes_space = takes or any(re.fullmatch(made, space) for space in _SPACES)
        return made

    def _member(self) -> str:
        """One character or range within a class."""
        sign, self.rest = self.rest[:1], self.rest[1:]
        if sign == "\\":
            if self.rest.startswith("s"):
                self.rest = self.rest[1:]
                self._note(" ")
                return self._single(" \\t\\n\\r")
            return self._single(self._escape())
        if not sign or sign in "[^-" or (sign in _SPECIAL and sign not in "|.?*+{}()$"):
            raise _NotTranslated
        if not self.rest.startswith("-"):
            self._note(sign)
            return re.escape(sign)
        last, self.rest = self.rest[1:2], self.rest[2:]
        if not last or last in "\\[]^-" or last < sign:
            raise _NotTranslated
        self._note("".join(space for space in _SPACES if sign <= space <= last))
        return f"{re.escape(sign)}-{re.escape(last)}"

    def _single(self, escape: str) -> str:
        """An escaped character, which must not begin a range."""
        if self.rest.startswith("-"):
            raise _NotTranslated
        return escape

    def _quantifier(self) -> _Quantifier | None:
        found = _QUANTIFIER.match(self.rest)
        if found is None:
            if self.rest.startswith("{"):
                raise _NotTranslated
            return None
        self.rest = self.rest[found.end() :]
        if self.rest[:1] in ("?", "*", "+", "{"):
            raise _NotTranslated
        least = int(found[1] or found[0] == "+")
        most = least if found[1] and not found[2] else int(found[3]) if found[3] else 1 if found[0] == "?" else None
        if max(least, most or 0) > _MOST_REPEATED or (most is not None and most < least):
            raise _NotTranslated
        return _Quantifier(found[0], least, most)

    def _note(self, signs: str) -> None:
        if any(sign in _SPACES for sign in signs):
            self.takes_space = self.names_space = True
