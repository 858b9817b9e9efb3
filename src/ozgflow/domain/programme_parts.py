"""What a programme may declare besides its stages: items, origin, term, places, competence, how to add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ars, LeikaKey, OzgId
from ozgflow.domain.messages import Language
from ozgflow.domain.service_keys import ItemCode
from ozgflow.domain.services import ExecutionLevel, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that municipalities take up under a programme and that the catalogue does not know as a service.

    Attributes:
        code: unique within the programme.
        title: name by language.
        level: which kind of municipality is competent.
        services: the services of the catalogue that it covers, if any.
        ozg_id: the OZG-Leistung to which it belongs, if any.
        field: the Themenfeld; empty for none.
        as_of: the day for which the programme says so.
        source: where this can be looked up.
    """

    code: ItemCode
    title: Mapping[str, str]
    level: ExecutionLevel
    services: tuple[LeikaKey, ...]
    ozg_id: OzgId | None
    field: str
    as_of: date
    source: str

    def as_service(self) -> Service:
        """The item in the shape of a service, for boards and reports; named in German, as the catalogue's are."""
        return Service(
            key=self.code,
            title=self.title[Language.GERMAN],
            ozg_id=self.ozg_id,
            field=self.field,
            typisation="",
            as_of=self.as_of,
            source=self.source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The municipality in which the solution was made. It is no reuser and is never counted as one.

    Attributes:
        municipality: which.
        since: the first day of its operation there.
        source: where this can be looked up.
    """

    municipality: Ars
    since: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """One municipality is competent for an item in the whole Land, whatever the execution level says.

    Attributes:
        items: for which of the programme's items.
        municipality: who is competent.
        since: the first day.
        source: where this can be looked up.
    """

    items: frozenset[ItemCode]
    municipality: Ars
    since: date
    source: str


class Membership(StrEnum):
    """What becomes of those who take part when a programme ends."""

    ENDS = "ends"
    CONTINUES = "continues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When a programme runs.

    Attributes:
        begins: the first day on which rollouts may be opened.
        ends: the last one; ``None`` when it is open.
        membership: what becomes of those who take part when it has ended.
        members_from: from which stage on a municipality takes part.
    """

    begins: date
    ends: date | None
    membership: Membership
    members_from: str

    def is_member(self, *, has_joined: bool, day: date) -> bool:
        """Whether a municipality that has reached ``members_from`` or beyond takes part on a day."""
        over = self.ends is not None and day > self.ends
        return has_joined and day >= self.begins and (not over or self.membership is Membership.CONTINUES)

    def takes_in(self, day: date) -> bool:
        """Whether rollouts may be opened on a day."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


class Sum(StrEnum):
    """How the stages of several items add up to the stage of the whole in one municipality."""

    LOWEST = "lowest"
    """The whole stands where its last item stands."""
    HIGHEST = "highest"
    """The whole stands where its first item stands."""


class Staleness(StrEnum):
    """What evidence that has to be confirmed again does to the gates of a programme."""

    CLOSES = "closes"
    """The gate is unknown until somebody confirms."""
    SHOWS = "shows"
    """The gate stays open; the rollout shows as unconfirmed and is not counted."""
