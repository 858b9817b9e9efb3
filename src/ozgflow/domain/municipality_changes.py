"""Changes of municipalities: which keys end, which begin, and who takes over from whom.

A key lives once: it may begin by a change and end by one, and never comes back. So the lineage has no circles, and
on every day each key is valid or not. What does not change a key – a new name alone – is no change here: the next
register simply has the new name.

Source of the kinds: Destatis, Namens-, Grenz- und Schlüsseländerungen der Gemeinden.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ars


class MunicipalityChangeKind(StrEnum):
    """What happened to the key. The values are those of ``municipality_changes.csv``."""

    MERGER = "merger"
    """Into a new municipality, or into one that goes on under its key."""
    SPLIT = "split"
    """Into several, new ones or such that go on."""
    RENAMING = "renaming"
    """The same municipality under another key."""
    REASSIGNMENT = "reassignment"
    """The same municipality in another Amt or Landkreis, and therefore under another key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityChange:
    """One line of the file: a key ends on a day, and another one takes over, alone or with others.

    Attributes:
        day: the first day on which the old key is not valid any more.
        kind: what happened.
        old: the key that ends.
        new: the key that takes over.
        source: where this is announced.
    """

    day: date
    kind: MunicipalityChangeKind
    old: Ars
    new: Ars
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One municipality that takes over from others on a day.

    Attributes:
        day: the day.
        kind: what happened.
        heir: who takes over.
        ended: whose keys end.
        continues: whether the heir was there before; then it is one of those from whom it takes over.
    """

    day: date
    kind: MunicipalityChangeKind
    heir: Ars
    ended: tuple[Ars, ...]
    continues: bool

    @property
    def predecessors(self) -> tuple[Ars, ...]:
        """All from whom the heir takes over, sorted."""
        return tuple(sorted({*self.ended, *((self.heir,) if self.continues else ())}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """All changes that are known, in order of their days.

    Attributes:
        changes: the changes.
        known_since: the day of the oldest register that has a key.
    """

    changes: tuple[MunicipalityChange, ...] = ()
    known_since: Mapping[Ars, date] = field(default_factory=dict)

    def ended_on(self, ars: Ars) -> date | None:
        """The first day on which a key is not valid any more; ``None`` when it has not ended."""
        return next((change.day for change in self.changes if change.old == ars), None)

    def began_on(self, ars: Ars) -> date | None:
        """The first day on which a key is valid; ``None`` when no change has made it."""
        first = next((change for change in self.changes if change.new == ars), None)
        return None if first is None or self._was_there(first) else first.day

    def is_valid(self, ars: Ars, day: date) -> bool:
        """Whether a key of the catalogue is valid on a day."""
        began, ended = self.began_on(ars), self.ended_on(ars)
        return (began is None or began <= day) and (ended is None or day < ended)

    def predecessors(self, ars: Ars) -> tuple[Ars, ...]:
        """The keys that ended when this one took over, sorted."""
        return tuple(sorted({change.old for change in self.changes if change.new == ars}))

    def successors(self, ars: Ars) -> tuple[Ars, ...]:
        """The keys that took over when this one ended, sorted."""
        return tuple(sorted({change.new for change in self.changes if change.old == ars}))

    def origins(self, ars: Ars) -> tuple[Ars, ...]:
        """All keys whose history is that of this one, in the order in which they ended; without itself."""
        found = _closure(ars, self.predecessors)
        return tuple(dict.fromkeys(change.old for change in self.changes if change.old in found))

    def heirs(self, ars: Ars, valid: Collection[Ars]) -> tuple[Ars, ...]:
        """Who stands for a key among the valid ones: itself, or those that took over, however often; sorted."""
        if ars in valid:
            return (ars,)
        return tuple(sorted(key for key in _closure(ars, self.successors) if key in valid))

    def successions(self) -> tuple[Succession, ...]:
        """Who took over from whom, by day and key."""
        pairs = sorted({(change.day, change.new) for change in self.changes})
        return tuple(self._succession(day, heir) for day, heir in pairs)

    def _succession(self, day: date, heir: Ars) -> Succession:
        rows = [change for change in self.changes if change.day == day and change.new == heir]
        return Succession(
            day=day,
            kind=rows[0].kind,
            heir=heir,
            ended=tuple(sorted(change.old for change in rows)),
            continues=self._was_there(rows[0]),
        )

    def _was_there(self, change: MunicipalityChange) -> bool:
        """Whether the key that takes over was there before the change."""
        if self.known_since.get(change.new, change.day) < change.day:
            return True
        if any(other.new == change.new and other.day < change.day for other in self.changes):
            return True
        together = [other for other in self.changes if (other.day, other.new) == (change.day, change.new)]
        # One alone cannot merge: whatever it went into was there.
        return change.kind is MunicipalityChangeKind.MERGER and len(together) == 1


def lineage_of(changes: Iterable[MunicipalityChange], known_since: Mapping[Ars, date] | None = None) -> Lineage:
    """The lineage of changes in whatever order they come."""
    ordered = sorted(changes, key=lambda change: (change.day, change.old, change.new))
    return Lineage(changes=tuple(ordered), known_since=known_since or {})


def _closure(ars: Ars, neighbours: Callable[[Ars], tuple[Ars, ...]]) -> set[Ars]:
    """Everybody who can be reached, without the one at the beginning."""
    found: set[Ars] = set()
    waiting = [ars]
    while waiting:
        for one in neighbours(waiting.pop()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found - {ars}
