"""Findings as they are made: all are counted, as many are kept as are shown, and paths are worked out at the end.

A path costs: among many siblings it takes as long as there are siblings. A document with 100,000 errors must not take
minutes. And while a large document streams, the path of an element is not settled before its last sibling is seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import Message
from ozgflow.domain.rules import RULES, Severity, Step
from ozgflow.standards.parsing import Limits
from ozgflow.standards.paths import Place, place_of

_YIELDING = frozenset({Step.CODES, Step.HEADER})
"""Steps that say nothing about a place with which the schema has already found fault."""

PlaceOf = Callable[[etree._Element, str], Place]
"""Makes the place of an element, or of its attribute."""


Held = Place | tuple[etree._Element, str]
"""A place that may be needed later: an element with the name of its attribute, as long as elements last."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A finding whose path is not worked out yet."""

    rule: str
    place: Place
    params: Mapping[str, object]
    level: Severity | None
    reference: str


class Collected:
    """The findings on one document.

    Attributes:
        counts: how often each rule is broken.
        reported: a number that grows with every finding.
        place_of: makes places.
    """

    __slots__ = ("_kept", "_limits", "_listed", "counts", "place_of", "reported")

    def __init__(self, limits: Limits, place: PlaceOf = place_of) -> None:
        """Begin with nothing.

        Args:
            limits: how many findings are kept.
            place: makes places; another one while a document streams.
        """
        self.counts: dict[str, int] = {}
        self.reported = 0
        self.place_of = place
        self._limits = limits
        self._kept: list[_Kept] = []
        self._listed: dict[tuple[str, Severity | None, str], int] = {}

    def __bool__(self) -> bool:
        return self.reported > 0

    def hold(self, element: etree._Element, attribute: str) -> Held:
        """Remember a place that will hardly be needed, as cheaply as can be."""
        return (element, attribute) if self.place_of is place_of else self.place_of(element, attribute)

    def place(self, held: Held) -> Place:
        """The place that was held."""
        return held if isinstance(held, Place) else self.place_of(*held)

    def at_least(self, rule: str, count: int) -> None:
        """Say how often a rule is broken in truth, when only some of it was reported."""
        self.reported += 1
        self.counts[rule] = max(self.counts.get(rule, 0), count)

    def report(
        self,
        rule: str,
        element: etree._Element,
        attribute: str = "",
        *,
        level: Severity | None = None,
        **params: object,
    ) -> None:
        """Take a finding on an element, or on its attribute.

        Args:
            rule: code of the rule.
            element: the element.
            attribute: local name of the attribute, or empty.
            level: how grave it is, where the bundle says so.
            params: what the sentence needs besides the name of the place.
        """
        if self.wants(rule, level):
            self.keep(rule, self.place_of(element, attribute), level=level, params=params)

    def wants(self, rule: str, level: Severity | None = None, reference: str = "") -> bool:
        """Count a finding. Returns whether it is to be kept.

        The first of each kind always is: the verdict is taken from what was kept.
        """
        self.reported += 1
        self.counts[rule] = self.counts.get(rule, 0) + 1
        return self.has_room(rule, level, reference)

    def has_room(self, rule: str, level: Severity | None = None, reference: str = "") -> bool:
        """Whether one more finding of a kind would be kept."""
        listed = self._listed.get((rule, level, reference), 0)
        is_room = listed < self._limits.findings_per_rule and len(self._kept) < self._limits.findings
        return not listed or is_room

    def keep(
        self,
        rule: str,
        place: Place,
        *,
        level: Severity | None = None,
        reference: str = "",
        params: Mapping[str, object],
    ) -> None:
        """Keep a finding that was counted."""
        key = (rule, level, reference)
        self._listed[key] = self._listed.get(key, 0) + 1
        self._kept.append(_Kept(rule, place, params, level, reference))

    def findings(self, meanings: Mapping[str, str], column_of: Callable[[Place], int]) -> list[Finding]:
        """All that were kept, with their paths; one rule at one place is told once.

        Args:
            meanings: what elements and attributes are for, by local name.
            column_of: column of a place, 0 where unknown.
        """
        told: dict[tuple[str, str, str], Finding] = {}
        faulty: set[str] = set()
        for kept in self._kept:
            path, step = kept.place.path, RULES[kept.rule].step
            key = (kept.rule, path, kept.reference)
            if key in told or (step in _YIELDING and path in faulty):
                self.counts[kept.rule] -= 1
                continue
            if step is Step.SCHEMA:
                faulty.update((path, path.partition("/@")[0]))
            told[key] = Finding(
                rule=kept.rule,
                path=path,
                line=kept.place.line,
                column=column_of(kept.place),
                message=Message(f"finding.{kept.rule}", {"name": kept.place.name, **kept.params}),
                level=kept.level,
                reference=kept.reference,
                meaning=meanings.get(kept.place.name, ""),
            )
        return list(told.values())
