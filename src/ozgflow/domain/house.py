"""The rule of the house: every municipality has exactly one contact, and at most one open next step.

It holds over all programmes. With one contact nobody has to ask around; with one next step everybody knows what to do
next. The numbers stand in ``data/house.toml``; the database holds to them by its keys, whatever the order of writing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from ozgflow.domain.evidence import Answer, Evidence, EvidenceKind, current
from ozgflow.domain.keys import Ars


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRule:
    """The numbers of the rule.

    Attributes:
        contacts_per_municipality: always 1.
        open_next_steps: at most so many in a municipality, always 1.
        warning_days: what runs out within so many days is shown.
        night_begins: since when "last night" counts, on the day before, local time.
    """

    contacts_per_municipality: int
    open_next_steps: int
    warning_days: int
    night_begins: time

    def last_night(self, day: date, zone: tzinfo) -> datetime:
        """The moment in a time zone at which the night before a day began."""
        return datetime.combine(day - timedelta(days=1), self.night_begins, tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who is responsible for a municipality at the KAZ.

    Attributes:
        municipality: for whom.
        person: a person's name or a function, as the operator typed it.
        named_by: who said so.
        named_at: when.
    """

    municipality: Ars
    person: str
    named_by: str
    named_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What is to be done next in a municipality.

    Attributes:
        municipality: where.
        number: counts the steps of a municipality, from 1.
        text: what is to be done.
        added_by: who said so.
        added_at: when.
        done_by: who did it; ``None`` while it is open.
        done_at: when; ``None`` while it is open.
    """

    municipality: Ars
    number: int
    text: str
    added_by: str
    added_at: datetime
    done_by: str | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Evidence that holds today, and how long it still does.

    Attributes:
        evidence: the fact.
        last_day: the last day on which it counts.
        by_age: whether it is only too old after that day, though it names no end itself.
    """

    evidence: Evidence
    last_day: date
    by_age: bool


def without(everybody: Iterable[Ars], served: Collection[Ars]) -> tuple[Ars, ...]:
    """Those of a number of municipalities that lack a contact or a next step, in the order given."""
    return tuple(ars for ars in everybody if ars not in served)


def expiring(
    entries: Iterable[Evidence], *, today: date, days: int, kinds: Mapping[str, EvidenceKind]
) -> tuple[Expiry, ...]:
    """The evidence that counts and says yes today, and will no longer do so within some days; the first to end first.

    Args:
        entries: evidence, each chain in the order in which it was recorded.
        today: the day.
        days: how far to look ahead.
        kinds: the kinds of evidence by code; they say how long it is believed without being confirmed again.
    """
    counting = (entry for found in current(entries, today=today).values() for entry in found)
    ends = [expiry for entry in counting if (expiry := _expiry(entry, kinds.get(entry.kind)))]
    limit = today + timedelta(days=days)
    soon = (expiry for expiry in ends if today <= expiry.last_day <= limit)
    return tuple(sorted(soon, key=lambda expiry: (expiry.last_day, expiry.evidence.chain)))


def _expiry(entry: Evidence, kind: EvidenceKind | None) -> Expiry | None:
    """When evidence ends, by its own date or by its age, whichever comes first; ``None`` when it does not."""
    last_day = entry.valid_until if kind is None else kind.ends_on(entry)
    if entry.answer is not Answer.YES or last_day is None:
        return None
    return Expiry(evidence=entry, last_day=last_day, by_age=last_day != entry.valid_until)
