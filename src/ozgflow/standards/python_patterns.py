r"""Patterns of XSD as Python's regular expressions, for the few constructs that mean the same in both.

Only for documents of plain characters (``plain_patterns``), among which ``\d`` is 0 to 9 in either language. What
either engine might read differently is not translated: escapes for categories, subtraction of classes, ranges that
begin or end with an escaped character. Nor is what could keep Python's engine busy: a quantifier within a quantified
group.

Source: XML Schema Part 2: Datatypes, second edition, appendix F.
"""

import re
from dataclasses import dataclass, field

_ESCAPES = {"n": "\\n", "r": "\\r", "t": "\\t", "d": "0-9"} | {mark: re.escape(mark) for mark in r"\|.-^?*+{}()[]"}
_SPACES = " \t\n\r"
_SPECIAL = frozenset(r"\|.-^?*+{}()[]$")
_QUANTIFIER = re.compile(r"[?*+]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_MOST_REPEATED = 1_000


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
    """

    expression: re.Pattern[str]
    takes_space: bool = False
    names_space: bool = False
    shortest: int = 0


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
    return PythonPattern(re.compile(inside.text), *spaces, inside.shortest)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern: translated, the length of its shortest text, whether there is a quantifier in it."""

    text: str
    shortest: int
    quantified: bool


@dataclass(slots=True)
class _Translator:
    """Reads a pattern from left to right."""

    rest: str
    takes_space: bool = field(default=False)
    names_space: bool = field(default=False)

    def alternatives(self) -> _Part:
        """Alternatives up to the end or a closing bracket."""
        branches = [self._branch()]
        while self.rest.startswith("|"):
            self.rest = self.rest[1:]
            branches.append(self._branch())
        return _Part(
            "|".join(one.text for one in branches),
            min(one.shortest for one in branches),
            any(one.quantified for one in branches),
        )

    def _branch(self) -> _Part:
        text, shortest, quantified = "", 0, False
        while self.rest and self.rest[0] not in "|)":
            atom = self._atom()
            quantifier, least = self._quantifier()
            if atom.quantified and quantifier:
                raise _NotTranslated
            text += atom.text + quantifier
            shortest += atom.shortest * least
            quantified |= atom.quantified or bool(quantifier)
        return _Part(text, shortest, quantified)

    def _atom(self) -> _Part:
        """One character, class or group."""
        sign, self.rest = self.rest[0], self.rest[1:]
        if sign == "(":
            return self._group()
        if sign == "[":
            return _Part(self._class(), 1, quantified=False)
        if sign == "\\":
            return _Part(f"[{self._escape()}]", 1, quantified=False)
        if sign == ".":
            self.takes_space = True
            return _Part("[^\\n\\r]", 1, quantified=False)
        if sign in _SPECIAL and sign != "-":
            raise _NotTranslated
        self._note(sign)
        return _Part(re.escape(sign), 1, quantified=False)

    def _group(self) -> _Part:
        inside = self.alternatives()
        if not self.rest.startswith(")"):
            raise _NotTranslated
        self.rest = self.rest[1:]
        return _Part(f"(?:{inside.text})", inside.shortest, inside.quantified)

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

    def _quantifier(self) -> tuple[str, int]:
        """A quantifier, or an empty text, and how often it asks for at least."""
        found = _QUANTIFIER.match(self.rest)
        if found is None:
            if self.rest.startswith("{"):
                raise _NotTranslated
            return "", 1
        self.rest = self.rest[found.end() :]
        if self.rest[:1] in ("?", "*", "+", "{"):
            raise _NotTranslated
        if any(int(number) > _MOST_REPEATED for number in (found[1], found[3]) if number):
            raise _NotTranslated
        return found[0], int(found[1]) if found[1] else int(found[0] == "+")

    def _note(self, signs: str) -> None:
        if any(sign in _SPACES for sign in signs):
            self.takes_space = self.names_space = True
