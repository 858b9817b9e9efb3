"""Patterns of XSD matched in linear time, for those that would keep the engines busy.

Python tries the ways to read a text one after the other, and libxml2 does so for some patterns, too. Where a repeated
group can be read in two ways, as in ``(a+)+b`` and in the patterns of DIN 91379, whose sequences begin with letters
that stand alone as well, they need twice the time for each further character: Python takes seconds over 24 letters
with a combining accent before a forbidden sign, and libxml2 ends the check with an internal error after seconds. Here
all ways are followed at once, and each set of them is remembered with what follows it.

What a single character means, a class or an escape, is left to xmlschema's own translation.

Source: XML Schema Part 2: Datatypes, second edition, appendix F; R. Cox, Regular Expression Matching: the Virtual
Machine Approach (2009).
"""

import re
from collections.abc import Iterable
from typing import Any

from elementpath.regex import RegexError, translate_pattern

_REPEATED = re.compile(r"[*+]|\{\d+,(?:\d+)?\}|\{\d{2,}\}")
_QUANTIFIER = re.compile(r"[?*+]|\{(\d+)(?:(,)(\d+)?)?\}")
_ESCAPE = re.compile(r"\\(?:[pP]\{[^{}]*\}|.)", re.DOTALL)
_LIMITS = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_LONGEST_PROGRAM = 50_000
_REMEMBERED = 20_000

Step = tuple[int, ...] | int
"""Where to go without a character, or the number of the class that takes one."""
Ways = frozenset[int]
"""The steps that are reached at the same time."""


class GaveUp(Exception):
    """A pattern is too large, or not understood."""


class SafePattern:
    """Stands in for a compiled pattern of Python's; matches whole texts in linear time."""

    def __init__(self, pattern: str) -> None:
        """Translate a pattern of XSD.

        Raises:
            GaveUp: it is not understood, or too large.
        """
        program = _Program(pattern)
        self._steps, self._classes = program.steps, program.classes
        self._follows: dict[tuple[Ways, str], Ways] = {}
        self._start = self._reached([0])

    def match(self, text: str) -> bool | None:
        """Whether the whole text matches; ``None`` when not, as Python's patterns do it."""
        ways = self._start
        for sign in text:
            known = self._follows.get((ways, sign))
            ways = self._after(ways, sign) if known is None else known
            if not ways:
                return None
        return len(self._steps) in ways or None

    def _after(self, ways: Ways, sign: str) -> Ways:
        takers = [way for way in ways if way < len(self._steps)]
        after = self._reached(way + 1 for way in takers if self._takes(self._steps[way], sign))
        if len(self._follows) >= _REMEMBERED:
            self._follows.clear()
        self._follows[ways, sign] = after
        return after

    def _takes(self, step: Step, sign: str) -> bool:
        return isinstance(step, int) and self._classes[step].match(sign) is not None

    def _reached(self, starts: Iterable[int]) -> Ways:
        """Where one gets to without a character; only steps that take one, and the end."""
        waiting, seen, found = list(starts), set(), set()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            step = self._steps[place] if place < len(self._steps) else place
            if isinstance(step, int):
                found.add(place)
            else:
                waiting += step
        return frozenset(found)


class _Program:
    """Reads a pattern from left to right and writes the steps for it."""

    def __init__(self, pattern: str) -> None:
        self.steps: list[Step] = []
        self.classes: list[re.Pattern[str]] = []
        self._numbers: dict[str, int] = {}
        self._rest = pattern
        self._alternatives()
        if self._rest:
            raise GaveUp

    def _alternatives(self) -> None:
        start, ends = len(self.steps), []
        self._branch()
        while self._rest.startswith("|"):
            self._rest = self._rest[1:]
            self._insert(start)
            ends.append(len(self.steps))
            self.steps.append(())
            self.steps[start] = (start + 1, len(self.steps))
            start = len(self.steps)
            self._branch()
        for end in ends:
            self.steps[end] = (len(self.steps),)

    def _branch(self) -> None:
        while self._rest and self._rest[0] not in "|)":
            start = len(self.steps)
            self._atom()
            found = _QUANTIFIER.match(self._rest)
            if found:
                self._rest = self._rest[found.end() :]
                self._repeat(start, *_bounds(found))

    def _atom(self) -> None:
        if self._rest.startswith("("):
            self._rest = self._rest[1:]
            self._alternatives()
            if not self._rest.startswith(")"):
                raise GaveUp
            self._rest = self._rest[1:]
            return
        length = _length_of_class(self._rest)
        written, self._rest = self._rest[:length], self._rest[length:]
        if written not in self._numbers:
            self._numbers[written] = len(self.classes)
            self.classes.append(_compiled(written))
        self.steps.append(self._numbers[written])

    def _insert(self, place: int) -> None:
        """Make room for a step; those behind move on by one."""
        self.steps.insert(place, ())
        self.steps[place + 1 :] = _moved(self.steps[place + 1 :], 1)

    def _repeat(self, start: int, least: int, most: int | None) -> None:
        """Write the steps from a place on as often as a quantifier says."""
        once = self.steps[start:]
        copies = max(least, 1) if most is None else most
        if start + copies * (len(once) + 2) > _LONGEST_PROGRAM:
            raise GaveUp
        del self.steps[start:]
        for number in range(copies):
            optional = number >= least
            begin = len(self.steps)
            self.steps += [()] if optional else []
            self.steps += _moved(once, len(self.steps) - start)
            if most is None and number == copies - 1:
                self.steps.append((begin, len(self.steps) + 1))
            if optional:
                self.steps[begin] = (begin + 1, len(self.steps))


def _moved(steps: list[Step], by: int) -> list[Step]:
    return [step if isinstance(step, int) else tuple(target + by for target in step) for step in steps]


def _bounds(quantifier: re.Match[str]) -> tuple[int, int | None]:
    if quantifier[0] in _LIMITS:
        return _LIMITS[quantifier[0]]
    least = int(quantifier[1])
    most = least if not quantifier[2] else int(quantifier[3]) if quantifier[3] else None
    return least, most


def _length_of_class(text: str) -> int:
    """How long the character, escape or class is with which a text begins."""
    escape = _ESCAPE.match(text)
    if escape:
        return escape.end()
    place, depth = 0, 0
    while place < len(text):
        escape = _ESCAPE.match(text, place)
        sign = text[place]
        place = escape.end() if escape else place + 1
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if depth <= 0:
            return place
    raise GaveUp


def _compiled(written: str) -> re.Pattern[str]:
    try:
        translated = translate_pattern(written, back_references=False, lazy_quantifiers=False, anchors=False)
        return re.compile(translated)
    except (RegexError, re.error) as error:
        raise GaveUp from error


def is_risky(pattern: str) -> bool:
    """Whether Python may need more than linear time: a repeated group, or more than one repetition without end."""
    outside = _without_classes(pattern)
    repeated = [found.start() for found in _REPEATED.finditer(outside)]
    return len(repeated) > 1 or any(outside[place - 1 : place] == ")" for place in repeated)


def make_safe(schema: Any) -> None:  # noqa: ANN401 - xmlschema's own classes
    """Replace the risky patterns of a schema of xmlschema's, in place.

    Raises:
        GaveUp: one is too large.
    """
    made: dict[str, SafePattern] = {}
    for facets in _pattern_facets(schema):
        for number, pattern in enumerate(facets.regexps):
            if is_risky(pattern):
                made[pattern] = made.get(pattern) or SafePattern(pattern)
                facets.patterns[number] = made[pattern]


def _pattern_facets(schema: Any) -> list[Any]:  # noqa: ANN401 - xmlschema's own classes
    facets = (getattr(component, "patterns", None) for component in schema.maps.iter_components())
    return list({id(one): one for one in facets if hasattr(one, "regexps")}.values())


def _without_classes(pattern: str) -> str:
    """The pattern with each escape and each class written as one neutral character."""
    plain, shorter = "", _ESCAPE.sub("x", pattern)
    while plain != shorter:
        plain, shorter = shorter, re.sub(r"\[[^\[\]]*\]", "x", shorter)
    return plain
