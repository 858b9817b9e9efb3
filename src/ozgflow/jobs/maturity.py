"""Recording how mature services are, and saying what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ozgflow.domain.catalogue import ExecutionLevel, OzgService
from ozgflow.domain.keys import Ars, LeikaKey, OzgId
from ozgflow.domain.maturity import (
    WHOLE,
    MaturityModel,
    MaturityRating,
    RatingAnswer,
    model_of_version,
    model_on,
)
from ozgflow.domain.maturity_files import load_models
from ozgflow.domain.maturity_rating import (
    MaturityResult,
    OnlineAnswer,
    ServiceMaturity,
    counts_as_online,
    current,
    rate,
)
from ozgflow.errors import UsageError
from ozgflow.jobs.workspace import Workspace
from ozgflow.storage.maturity import add_ratings, read_ratings

Ratings = Mapping[LeikaKey, Mapping[Ars | None, tuple[MaturityRating, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody says about one aspect, before it is checked: a level, or that it is waived or withdrawn.

    Attributes:
        aspect: code of the aspect, or ``WHOLE``.
        answer: whether this is a level at all.
        level: the level; ``None`` when the answer is another one.
    """

    aspect: str
    answer: RatingAnswer = RatingAnswer.LEVEL
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityOverview:
    """The maturity of some services on a day.

    Attributes:
        model: the model that was used.
        as_of: the day.
        results: one per service and municipality that has been rated, and per service that was asked for.
        ozg: the OZG-Leistung that was asked for.
        online: whether it counts as online; ``None`` when no OZG-Leistung was asked for.
    """

    model: MaturityModel
    as_of: date
    results: tuple[MaturityResult, ...]
    ozg: OzgService | None = None
    online: OnlineAnswer | None = None


def chosen_model(version: str | None, day: date) -> MaturityModel:
    """The model with a version, or the one to use on a day.

    Raises:
        UsageError: there is none.
    """
    models = load_models()
    return model_of_version(models, version) if version is not None else model_on(models, day)


def by_person(
    workspace: Workspace,
    model: MaturityModel,
    statements: Sequence[Statement],
    *,
    service: str,
    municipality: str | None,
    source: str,
    reference: str,
    by: str,
    rated_on: date,
    today: date,
    valid_until: date | None = None,
) -> list[MaturityRating]:
    """Ratings as a person gives them, checked.

    Raises:
        UsageError: service, municipality, aspect or level is unknown, an aspect cannot be waived, a day is
            impossible, source, reference or name is missing, nothing is said at all, or two things about one aspect.
    """
    _check_words(source, reference, by)
    if rated_on > today:
        raise UsageError("maturity.future", day=rated_on)
    if valid_until is not None and valid_until < rated_on:
        raise UsageError("maturity.expiry", until=valid_until, day=rated_on)
    if not statements:
        raise UsageError("maturity.nothing-said")
    if len({statement.aspect for statement in statements}) < len(statements):
        raise UsageError("maturity.said-twice")
    key = _known(workspace, service)
    ars = workspace.catalogue.select_municipalities([municipality])[0].ars if municipality else None
    for statement in statements:
        _check_statement(model, statement)
    return [
        MaturityRating(
            model=model.version,
            service=key,
            municipality=ars,
            aspect=statement.aspect,
            answer=statement.answer,
            level=statement.level,
            source=source.strip(),
            reference=reference.strip(),
            rated_on=rated_on,
            valid_until=valid_until,
            by=by.strip(),
        )
        for statement in statements
    ]


def record(workspace: Workspace, ratings: Sequence[MaturityRating], *, now: datetime) -> int:
    """Record ratings. Returns how many were new."""
    with workspace.database.writing() as session:
        return add_ratings(session, ratings, now=now)


def overview(
    workspace: Workspace,
    model: MaturityModel,
    *,
    day: date,
    services: Sequence[str] = (),
    ozg: str | None = None,
) -> MaturityOverview:
    """The maturity of services on a day: of some, of all of an OZG-Leistung, or of all that were ever rated.

    Raises:
        InvalidKey: a text is not the key it should be.
        UsageError: the catalogue has no such service or OZG-Leistung.
    """
    asked = [_known(workspace, text) for text in services]
    asked_ozg = None if ozg is None else _ozg_service(workspace, ozg)
    members = [] if asked_ozg is None else _members(workspace, asked_ozg.ozg_id)
    chosen = None if not asked and asked_ozg is None else [*asked, *members]
    with workspace.database.reading() as session:
        ratings = read_ratings(session, model.version, chosen)
    results = [
        rate(model, key, current(entries, day), ars)
        for key, places in sorted(ratings.items())
        for ars, entries in sorted(places.items(), key=lambda place: str(place[0] or ""))
    ]
    results += [rate(model, key, {}) for key in asked if key not in ratings]
    online = None if asked_ozg is None else counts_as_online(model, _maturities(workspace, model, members, results))
    return MaturityOverview(model=model, as_of=day, results=tuple(results), ozg=asked_ozg, online=online)


def _maturities(
    workspace: Workspace, model: MaturityModel, members: Sequence[LeikaKey], results: Sequence[MaturityResult]
) -> list[ServiceMaturity]:
    by_place = {(one.service, one.municipality): one for one in results}
    return [
        ServiceMaturity(
            service=key,
            everywhere=by_place.get((key, None)) or rate(model, key, {}),
            municipal=tuple(one for one in results if one.service == key and one.municipality is not None),
            by_federation=_level(workspace, key) is ExecutionLevel.BUND,
        )
        for key in members
    ]


def _level(workspace: Workspace, key: LeikaKey) -> ExecutionLevel:
    level, _ = workspace.catalogue.execution_level(workspace.catalogue.service(key))
    return level


def _ozg_service(workspace: Workspace, text: str) -> OzgService:
    key = OzgId.parse(text)
    if key not in workspace.catalogue.ozg_services:
        raise UsageError("maturity.ozg-unknown", key=key)
    return workspace.catalogue.ozg_services[key]


def _members(workspace: Workspace, ozg: OzgId) -> list[LeikaKey]:
    return sorted(key for key, one in workspace.catalogue.services.items() if one.ozg_id == ozg)


def _known(workspace: Workspace, text: str) -> LeikaKey:
    key = LeikaKey.parse(text)
    workspace.catalogue.service(key)  # refuses a key that it does not know
    return key


def _check_words(source: str, reference: str, by: str) -> None:
    words = (source, reference, by)
    if not all(word.strip() for word in words):
        raise UsageError("maturity.proof")
    if not all(word.isprintable() for word in words):
        raise UsageError("maturity.unprintable")


def _check_statement(model: MaturityModel, statement: Statement) -> None:
    waived = statement.answer is RatingAnswer.WAIVED
    if statement.aspect == WHOLE:
        if waived:
            raise UsageError("maturity.whole-waived")
    elif not model.aspect(statement.aspect).waivable and waived:
        raise UsageError("maturity.not-waivable", aspect=statement.aspect, version=model.version)
    if statement.level is not None and not 0 <= statement.level <= model.highest:
        raise UsageError("maturity.level-unknown", level=statement.level, version=model.version, most=model.highest)
