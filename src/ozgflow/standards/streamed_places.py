"""Places and findings of a document that is never in memory as a whole.

The path of an element is put together while the elements around it are still there. One thing is not known by then:
whether a first child will have siblings of its name, which shows as ``[1]``. The path is asked for at the end only.

Elements that stay open for long are shown after what is in them. So findings are sorted by the element's number, and
of each kind the first in document order are kept, as many as are shown.
"""

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from lxml import etree

from ozgflow.domain.rules import Severity
from ozgflow.standards.collected import Collected
from ozgflow.standards.parsing import Limits
from ozgflow.standards.paths import Place, line_of, local_name, shortened
from ozgflow.standards.streamed_window import Level, Window

_NOWHERE = etree.Element("nowhere")
LAST_CERTAIN_LINE = 65_534
"""libxml2 guesses the lines of elements behind this one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path.

    Attributes:
        name: local name of the element.
        position: among the siblings of its name, from 1; 0 for an element that is known to be the only one.
        level: what is remembered of its parent, as long as siblings may follow.
    """

    name: str
    position: int
    level: Level | None

    def __str__(self) -> str:
        is_alone = not self.position or (self.level is not None and self.level.gone[self.name] == 1)
        return shortened(self.name) if is_alone else f"{shortened(self.name)}[{self.position}]"


@dataclass(frozen=True, slots=True)
class StreamedPlace(Place):
    """A place whose element has left the memory.

    Attributes:
        number: number of the element in document order, from 0.
        known_line: the line as libxml2 has it.
        steps: the path.
        lines: by number of an element its line, as far as somebody has looked it up.
    """

    number: int = 0
    known_line: int = 0
    steps: tuple[Step, ...] = ()
    lines: Mapping[int, int] | None = None

    @property
    def path(self) -> str:
        """The path that people read."""
        return "/" + "/".join(map(str, self.steps)) + (f"/@{self.attribute}" if self.attribute else "")

    @property
    def line(self) -> int:
        """Line of the element's start tag."""
        return (self.lines or {}).get(self.number, self.known_line)


class Places:
    """Makes the places of elements while they are in a window."""

    def __init__(self) -> None:
        self.window: Window | None = None
        self.lines: dict[int, int] = {}

    def __call__(self, element: etree._Element, attribute: str = "") -> StreamedPlace:
        """The place of an element, or of its attribute."""
        window = self.window
        if window is None:
            return StreamedPlace(attribute or local_name(element), _NOWHERE, attribute)
        above = [element, *element.iterancestors()]
        return StreamedPlace(
            name=attribute or local_name(element),
            element=_NOWHERE,
            attribute=attribute,
            number=window.number_of(element),
            known_line=line_of(element),
            steps=tuple(_step(here, window) for here in reversed(above)),
            lines=self.lines,
        )


def _step(element: etree._Element, window: Window) -> Step:
    name, parent = etree.QName(element).localname, element.getparent()
    level = None if parent is None else window.levels.get(parent)
    before = sum(1 for _ in element.itersiblings(f"{{*}}{name}", preceding=True))
    before += level.gone[name] if level else 0
    if level or before:
        return Step(name, before + 1, level)
    return Step(name, 0 if next(element.itersiblings(f"{{*}}{name}"), None) is None else 1, None)


Kind = tuple[str, Severity | None, str]
"""Rule, level and reference; of each of these, only so many findings are shown."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A finding on a place."""

    order: tuple[int, int]
    place: Place
    params: Mapping[str, object]


class Recorder(Collected):
    """The findings of one step while a document streams."""

    __slots__ = ("_arrived", "_most", "_of_kind", "_places", "_sorts", "_takes_all")

    def __init__(self, limits: Limits, places: Places, *, sorts: bool = True, takes_all: bool = False) -> None:
        """Begin.

        Args:
            limits: how many findings are shown.
            places: makes places.
            sorts: by the number of the element; otherwise findings stay in the order in which they come.
            takes_all: whether findings come in any order, so that the place of each has to be seen.
        """
        super().__init__(limits, places)
        self._places = places
        self._sorts = sorts
        self._takes_all = takes_all
        self._most = max(limits.findings_per_rule, 1)
        self._of_kind: dict[Kind, list[_Recorded]] = {}
        self._arrived = 0

    def report(
        self,
        rule: str,
        element: etree._Element,
        attribute: str = "",
        *,
        level: Severity | None = None,
        **params: object,
    ) -> None:
        """Take a finding on an element, or on its attribute."""
        window = self._places.window
        is_late = self._sorts and window is not None and element in window.levels
        if self.wants(rule, level) or is_late:
            self.keep(rule, self._places(element, attribute), level=level, params=params)

    def wants(self, rule: str, level: Severity | None = None, reference: str = "") -> bool:
        """Count a finding. Returns whether it is to be kept."""
        self.reported += 1
        self.counts[rule] = self.counts.get(rule, 0) + 1
        return self._takes_all or len(self._of_kind.get((rule, level, reference), ())) < self._most

    def keep(
        self,
        rule: str,
        place: Place,
        *,
        level: Severity | None = None,
        reference: str = "",
        params: Mapping[str, object],
    ) -> None:
        """Keep a finding that was counted, if it is among the first of its kind."""
        self._arrived += 1
        number = place.number if self._sorts and isinstance(place, StreamedPlace) else 0
        kept = self._of_kind.setdefault((rule, level, reference), [])
        insort(kept, _Recorded((number, self._arrived), place, params), key=attrgetter("order"))
        del kept[self._most :]

    @property
    def places(self) -> list[StreamedPlace]:
        """The places of all findings that are kept."""
        places = (recorded.place for kept in self._of_kind.values() for recorded in kept)
        return [place for place in places if isinstance(place, StreamedPlace)]

    def hand_over(self, into: Collected) -> None:
        """Give everything to the findings on the document, in document order."""
        rest = dict(self.counts)
        every = [(recorded, kind) for kind, kept in self._of_kind.items() for recorded in kept]
        for recorded, (rule, level, reference) in sorted(every, key=lambda one: one[0].order):
            rest[rule] -= 1
            if into.wants(rule, level, reference):
                into.keep(rule, recorded.place, level=level, reference=reference, params=recorded.params)
        for rule, count in rest.items():
            into.counts[rule] = into.counts.get(rule, 0) + count
