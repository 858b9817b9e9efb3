"""Maturity models (Reifegradmodelle): how far a service can be used online.

A model is data with a version and days on which it is the one to use; the code knows no level and no criterion by
name. Its criteria are called aspects here, because a criterion would be a gate. What is not rated is unknown and
not zero; what the model does not say is unknown, too.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.errors import UsageError

WHOLE = ""
"""In place of an aspect: what is rated is the service as a whole, without a reason for each aspect."""

Rule = Callable[[Collection[int]], int]
"""Makes the total of at least one level. Further levels may only lower it, so that it bounds what is unknown."""

RULES: Mapping[str, Rule] = {"lowest": min}
"""The rules that models may name. ``lowest``: the aspect with the lowest level decides."""


class Ternary(StrEnum):
    """Yes, no, or unknown. Unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class RatingAnswer(StrEnum):
    """What a rating says."""

    LEVEL = "level"
    WAIVED = "waived"
    """The service does not need this aspect, for example no payment. It holds nothing down."""
    WITHDRAWN = "withdrawn"
    """The rating before no longer stands; the aspect is unknown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityLevel:
    """One level of a model.

    Attributes:
        number: from 0.
        title: name by language.
        means: what a service of this level can do, by language.
        source: where this can be looked up.
        confirmed: whether the source says so; if not, it is our reading.
    """

    number: int
    title: Mapping[str, str]
    means: Mapping[str, str]
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityDemand:
    """What a level asks of an aspect.

    Attributes:
        text: the demand by language.
        source: where this can be looked up.
    """

    text: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityAspect:
    """One criterion (Kriterium) of a model.

    Attributes:
        code: unique within the model; stored with ratings.
        title: name by language.
        waivable: whether it counts only for services that need it.
        asks: what each level asks; levels about which no source speaks are missing.
        source: where the name can be looked up.
        confirmed: whether the source says so; if not, the name stands in for one that is not known.
    """

    code: str
    title: Mapping[str, str]
    waivable: bool
    asks: Mapping[int, MaturityDemand]
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A level from which something holds.

    Attributes:
        level: the lowest level that suffices.
        source: where this can be looked up.
        confirmed: whether the source says so.
    """

    level: int
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityModel:
    """One version of a maturity model.

    Attributes:
        version: the file's name without ending.
        title: name by language.
        valid_from: the first day on which it is the model to use.
        valid_until: the last one; ``None`` when it has no successor.
        source: where the model is described.
        levels: from 0, in order.
        aspects: in the order of the model.
        rule: name of an entry of ``RULES``.
        rule_source: where the rule can be looked up.
        rule_confirmed: whether that source says so.
        conform_from: from when a service conforms with the OZG; ``None`` when no source says so.
        counts_as_online_from: from when a service lets its OZG-Leistung count as online; ``None`` likewise.
    """

    version: str
    title: Mapping[str, str]
    valid_from: date
    valid_until: date | None
    source: str
    levels: tuple[MaturityLevel, ...]
    aspects: tuple[MaturityAspect, ...]
    rule: str
    rule_source: str
    rule_confirmed: bool
    conform_from: Threshold | None
    counts_as_online_from: Threshold | None

    @property
    def highest(self) -> int:
        """The highest level."""
        return self.levels[-1].number

    @property
    def confirmed_aspects(self) -> int:
        """How many aspects have a name that a source gives; of ``len(aspects)``."""
        return sum(aspect.confirmed for aspect in self.aspects)

    def valid_on(self, day: date) -> bool:
        """Whether this is the model to use on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def aspect(self, code: str) -> MaturityAspect:
        """One aspect.

        Raises:
            UsageError: the model has no such aspect; the message names those that it has.
        """
        for aspect in self.aspects:
            if aspect.code == code:
                return aspect
        known = ", ".join(aspect.code for aspect in self.aspects)
        raise UsageError("maturity.aspect-unknown", aspect=code, version=self.version, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityRating:
    """What somebody says about one aspect of a service, or about the service as a whole.

    Attributes:
        model: version of the model.
        service: which service.
        municipality: where; ``None`` when the service itself is rated, wherever it is used.
        aspect: code of the aspect, or ``WHOLE``.
        answer: whether this is a level at all.
        level: the level; ``None`` when the answer is another one.
        source: who says so, for example ``Selbsteinschätzung``.
        reference: where it can be looked up.
        rated_on: the day for which it was said.
        valid_until: the last day on which it counts; ``None`` when it does not expire by itself.
        by: who recorded it.
    """

    model: str
    service: LeikaKey
    municipality: Ars | None = None
    aspect: str = WHOLE
    answer: RatingAnswer = RatingAnswer.LEVEL
    level: int | None = None
    source: str
    reference: str
    rated_on: date
    valid_until: date | None = None
    by: str

    @property
    def chain(self) -> tuple[str, str, str, str]:
        """What the rating is about; the newest of a chain is the one that counts."""
        return (self.model, str(self.service), str(self.municipality or ""), self.aspect)


def model_of_version(models: Collection[MaturityModel], version: str) -> MaturityModel:
    """The model with a version.

    Raises:
        UsageError: there is none; the message names those that there are.
    """
    for model in models:
        if model.version == version:
            return model
    raise UsageError("maturity.version-unknown", version=version, known=", ".join(one.version for one in models))


def model_on(models: Iterable[MaturityModel], day: date) -> MaturityModel:
    """The model to use on a day.

    Raises:
        UsageError: there was none yet.
    """
    for model in models:
        if model.valid_on(day):
            return model
    raise UsageError("maturity.no-model", day=day)
