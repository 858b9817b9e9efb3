"""From ratings to the maturity of a service, and of the OZG-Leistung to which it belongs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.maturity import (
    RULES,
    WHOLE,
    MaturityModel,
    MaturityRating,
    RatingAnswer,
    Ternary,
    Threshold,
)


class MaturityBasis(StrEnum):
    """What the level of a service rests on."""

    DERIVED = "derived"
    """All aspects are rated; the rule of the model gave the level."""
    STATED = "stated"
    """Somebody has said the level as a whole, and no rating of an aspect contradicts."""
    NONE = "none"
    """The level is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityResult:
    """What the ratings of a day mean for one service, everywhere or in one municipality.

    Attributes:
        service: which service.
        municipality: where; ``None`` when the service itself is meant.
        level: the level; ``None`` when it is unknown.
        basis: what the level rests on.
        at_most: what the level cannot exceed, whatever the aspects not rated turn out to be.
        held_by: codes of the aspects that hold it down to ``at_most``.
        missing: codes of the aspects without a rating that counts.
        stated: the level that somebody has said as a whole; ``None`` when nobody has.
        rated: how many aspects are rated or need not be.
        total: the denominator: how many aspects the model has.
    """

    service: LeikaKey
    municipality: Ars | None
    level: int | None
    basis: MaturityBasis
    at_most: int
    held_by: tuple[str, ...]
    missing: tuple[str, ...]
    stated: int | None
    rated: int
    total: int

    @property
    def contradicts(self) -> bool:
        """Whether the level that was said as a whole cannot be that of the aspects."""
        if self.stated is None:
            return False
        return self.stated > self.at_most or (self.basis is MaturityBasis.DERIVED and self.stated != self.level)

    def reaches(self, threshold: Threshold | None) -> Ternary:
        """Whether the level suffices. Unknown when the level is, or when nobody has said what suffices."""
        if threshold is None:
            return Ternary.UNKNOWN
        if self.level is not None:
            return Ternary.YES if self.level >= threshold.level else Ternary.NO
        return Ternary.NO if self.at_most < threshold.level else Ternary.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMaturity:
    """All results about one service.

    Attributes:
        service: which service.
        everywhere: the result for the service itself.
        municipal: the results for single municipalities, those that have been rated.
        by_federation: whether the Bund carries the service out, so that it is available everywhere once it is online.
    """

    service: LeikaKey
    everywhere: MaturityResult
    municipal: tuple[MaturityResult, ...] = ()
    by_federation: bool = False

    def online(self, threshold: Threshold | None) -> Ternary:
        """Whether the service makes its OZG-Leistung count as online.

        It has to reach the threshold, and to be available in at least one municipality unless the Bund carries it
        out. A municipality in which it reaches the threshold shows both; that it is available nowhere is never
        known here.
        """
        if any(result.reaches(threshold) is Ternary.YES for result in self.municipal):
            return Ternary.YES
        reached = self.everywhere.reaches(threshold)
        return reached if reached is Ternary.NO or self.by_federation else Ternary.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineAnswer:
    """Whether an OZG-Leistung counts as online.

    Attributes:
        answer: yes when one service suffices; no when none can; else unknown.
        services: the services that suffice.
        unknown: how many services there are of which it is not known.
        total: the denominator: how many services the OZG-Leistung has.
    """

    answer: Ternary
    services: tuple[LeikaKey, ...]
    unknown: int
    total: int


def current(ratings: Iterable[MaturityRating], day: date) -> dict[str, MaturityRating]:
    """The ratings that count on a day, by aspect.

    Args:
        ratings: of one service, everywhere or in one municipality, each aspect in the order of recording.
        day: ratings of a later day are left out, and so are those that have expired or were withdrawn.
    """
    newest: dict[str, MaturityRating] = {}
    for rating in ratings:
        held = newest.get(rating.aspect)
        if rating.rated_on <= day and (held is None or held.rated_on <= rating.rated_on):
            newest[rating.aspect] = rating
    return {
        aspect: rating
        for aspect, rating in newest.items()
        if rating.answer is not RatingAnswer.WITHDRAWN and (rating.valid_until is None or day <= rating.valid_until)
    }


def rate(
    model: MaturityModel,
    service: LeikaKey,
    ratings: Mapping[str, MaturityRating],
    municipality: Ars | None = None,
) -> MaturityResult:
    """What ratings mean for a service.

    Args:
        model: the model.
        service: which service.
        ratings: those that count, by aspect (see ``current``).
        municipality: where; ``None`` for the service itself.
    """
    codes = [aspect.code for aspect in model.aspects]
    missing = tuple(code for code in codes if code not in ratings)
    levels = {code: level for code in codes if code in ratings and (level := ratings[code].level) is not None}
    at_most = RULES[model.rule](levels.values()) if levels else model.highest
    stated = ratings[WHOLE].level if WHOLE in ratings else None
    level, basis = _level(at_most if levels and not missing else None, stated, at_most)
    return MaturityResult(
        service=service,
        municipality=municipality,
        level=level,
        basis=basis,
        at_most=at_most,
        held_by=tuple(code for code, found in levels.items() if found == at_most),
        missing=missing,
        stated=stated,
        rated=len(codes) - len(missing),
        total=len(codes),
    )


def counts_as_online(model: MaturityModel, services: Collection[ServiceMaturity]) -> OnlineAnswer:
    """Whether an OZG-Leistung counts as online: at least one of its services has to suffice.

    Args:
        model: the model; it says from which level.
        services: all services of the OZG-Leistung, rated or not.
    """
    answers = {one.service: one.online(model.counts_as_online_from) for one in services}
    unknown = sum(answer is Ternary.UNKNOWN for answer in answers.values())
    suffice = tuple(sorted(service for service, answer in answers.items() if answer is Ternary.YES))
    answer = Ternary.UNKNOWN if unknown or not answers else Ternary.NO
    return OnlineAnswer(
        answer=Ternary.YES if suffice else answer, services=suffice, unknown=unknown, total=len(answers)
    )


def _level(derived: int | None, stated: int | None, at_most: int) -> tuple[int | None, MaturityBasis]:
    if derived is not None:
        return derived, MaturityBasis.DERIVED
    if stated is not None and stated <= at_most:
        return stated, MaturityBasis.STATED
    return None, MaturityBasis.NONE
