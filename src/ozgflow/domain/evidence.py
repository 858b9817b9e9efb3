"""Evidence: the facts that move a stage, each with a source, a date and, where it has one, an expiry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message
from ozgflow.domain.service_keys import ServiceKey

DOCUMENT_KIND = "nachricht"
"""The kind of evidence that comes from checking a document."""


class EvidenceSource(StrEnum):
    """Where a fact comes from."""

    FEED = "feed"
    DOCUMENT = "document"
    RECEIPT = "receipt"
    PERSON = "person"
    INFERRED = "inferred"


class Answer(StrEnum):
    """What a piece of evidence says about the fact that its kind names."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """The check behind the fact could not run. It opens nothing."""
    WITHDRAWN = "withdrawn"
    """The fact no longer stands, for example because a document was taken back."""


class Scope(StrEnum):
    """How far a kind of evidence reaches."""

    MUNICIPALITY = "municipality"
    """Holds for every service of the municipality, for example a certificate."""
    SERVICE = "service"
    """Holds for one service in one municipality, for example a contract."""


class Owner(StrEnum):
    """Who has to see to it that a kind of evidence comes to be. The values are German, transcribed."""

    KOMMUNE = "kommune"
    LAND = "land"
    UMSETZENDES_LAND = "umsetzendes_land"
    """The Land that has made the EfA service."""
    BUND = "bund"
    IT_DIENSTLEISTER = "it_dienstleister"
    FACHVERFAHRENSHERSTELLER = "fachverfahrenshersteller"
    KAZ = "kaz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """What makes a kind of evidence an approval.

    Attributes:
        role: who may give it, by the names of the roles file.
        people: how many different people have to; two for four eyes.
    """

    role: str
    people: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """A kind of fact that gates may ask for, as declared in ``data/evidence.toml``.

    Attributes:
        code: how programmes and the command line name it, for example ``avv``.
        title: name by language.
        scope: whether it is recorded once per municipality or per service.
        owner: who has to see to it.
        half_life_days: after so many days without confirmation it counts as unconfirmed; ``None`` for never.
        warn_days: so many days before it expires a warning is due.
        approval: set when it is an approval; then only those with the role can record it.
    """

    code: str
    title: Mapping[str, str]
    scope: Scope
    owner: Owner = Owner.KOMMUNE
    half_life_days: int | None = None
    warn_days: int = 30
    approval: ApprovalRule | None = None

    def stale_since(self, entry: "Evidence", today: date) -> date | None:
        """The day since which a fact of this kind would have to be confirmed again; ``None`` while it is fresh."""
        if self.half_life_days is None or entry.source is EvidenceSource.DOCUMENT:
            return None
        since = entry.observed_on + timedelta(days=self.half_life_days + 1)
        return since if since <= today else None

    def ends_on(self, entry: "Evidence") -> date | None:
        """The last day on which a fact of this kind counts without another confirmation; ``None`` for no end."""
        fresh = None
        if self.half_life_days is not None and entry.source is not EvidenceSource.DOCUMENT:
            fresh = entry.observed_on + timedelta(days=self.half_life_days)
        return min((day for day in (entry.valid_until, fresh) if day is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact about one municipality, as somebody or something saw it on a day.

    Attributes:
        kind: code of an ``EvidenceKind``.
        municipality: whom it concerns.
        service: which service it concerns; ``None`` when the kind's scope is the municipality.
        subject: tells facts of the same kind apart, for example the file name of a document; else empty.
        answer: what it says.
        source: where it comes from.
        reference: where it can be looked up: a contract number, the hash of a document and its bundle.
        observed_on: the day on which it was seen to be so.
        valid_until: last day on which it holds; ``None`` when it does not expire by itself.
        recorded_by: the person or the job that wrote it down.
        note: a remark for operators. Never a value taken from a document.
    """

    kind: str
    municipality: Ars
    service: ServiceKey | None
    subject: str = ""
    answer: Answer = Answer.YES
    source: EvidenceSource
    reference: str
    observed_on: date
    valid_until: date | None = None
    recorded_by: str
    note: Message | None = None

    @property
    def chain(self) -> tuple[str, str, str, str]:
        """What the fact is about; the newest entry of a chain is the one that counts."""
        return (str(self.municipality), str(self.service or ""), self.kind, self.subject)

    def expired(self, today: date) -> bool:
        """Whether the fact has run out by itself."""
        return self.valid_until is not None and self.valid_until < today

    def repeats(self, latest: "Evidence | None") -> bool:
        """Whether writing this down after ``latest`` would tell nothing new.

        A document does not age: the same bytes under the same bundle give the same verdict on any later day.
        """
        if latest is None:
            return False
        if self.source is EvidenceSource.DOCUMENT and latest.observed_on <= self.observed_on:
            latest = replace(latest, observed_on=self.observed_on)
        return self == latest

    def displaces(self, held: "Evidence") -> bool:
        """Whether this counts instead of ``held``, which was recorded before.

        The newer observation counts. With documents it is the one recorded later: clocks of machines differ, but
        a document was there when it was checked last.
        """
        return self.source is EvidenceSource.DOCUMENT or held.observed_on <= self.observed_on


def current(entries: Iterable[Evidence], *, today: date) -> dict[str, tuple[Evidence, ...]]:
    """The facts that count on a day, by kind.

    Args:
        entries: evidence of one municipality, each chain in the order in which it was recorded.
        today: entries observed later are left out.

    Returns:
        Per kind the newest entry of each chain, without those that were withdrawn.
    """
    newest: dict[tuple[str, str, str, str], Evidence] = {}
    for entry in entries:
        held = newest.get(entry.chain)
        if entry.observed_on <= today and (held is None or entry.displaces(held)):
            newest[entry.chain] = entry
    facts: dict[str, tuple[Evidence, ...]] = {}
    for entry in newest.values():
        if entry.answer is not Answer.WITHDRAWN:
            facts[entry.kind] = (*facts.get(entry.kind, ()), entry)
    return facts
