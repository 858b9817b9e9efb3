"""Maturity ratings in the database: append to a chain, read what was recorded."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, tuple_
from sqlmodel import Session, col, select

from ozgflow.domain.keys import Ars, LeikaKey
from ozgflow.domain.maturity import MaturityRating, RatingAnswer
from ozgflow.storage.maturity_tables import MaturityRow
from ozgflow.storage.statements import parts

Chain = tuple[str, str, str, str]


def add_ratings(session: Session, ratings: Iterable[MaturityRating], *, now: datetime) -> int:
    """Append ratings to their chains; one that repeats the newest of its chain is left out.

    Returns:
        How many were added.
    """
    wanted = list(ratings)
    newest = _newest(session, {rating.chain for rating in wanted})
    rows = []
    for rating in wanted:
        number, latest = newest.get(rating.chain, (0, None))
        if rating != latest:
            newest[rating.chain] = (number + 1, rating)
            rows.append(_values(rating, number + 1, now))
    if rows:
        session.connection().execute(insert(MaturityRow), rows)
    return len(rows)


def read_ratings(
    session: Session, model: str, services: Collection[LeikaKey] | None = None
) -> dict[LeikaKey, dict[Ars | None, tuple[MaturityRating, ...]]]:
    """All ratings under a model in the order of recording, by service and municipality.

    Args:
        session: an open session.
        model: version of the model.
        services: only these; ``None`` stands for all.
    """
    query = select(MaturityRow).where(MaturityRow.model == model)
    if services is not None:
        query = query.where(col(MaturityRow.service).in_([str(key) for key in services]))
    order = (MaturityRow.service, MaturityRow.municipality, MaturityRow.aspect)
    found: dict[LeikaKey, dict[Ars | None, tuple[MaturityRating, ...]]] = {}
    for row in session.exec(query.order_by(*order, col(MaturityRow.number))):
        rating = _rating(row)
        places = found.setdefault(rating.service, {})
        places[rating.municipality] = (*places.get(rating.municipality, ()), rating)
    return found


def _newest(session: Session, chains: set[Chain]) -> dict[Chain, tuple[int, MaturityRating]]:
    key = tuple_(
        col(MaturityRow.model), col(MaturityRow.service), col(MaturityRow.municipality), col(MaturityRow.aspect)
    )
    newest: dict[Chain, tuple[int, MaturityRating]] = {}
    for part in parts(sorted(chains)):
        for row in session.exec(select(MaturityRow).where(key.in_(part)).order_by(col(MaturityRow.number))):
            rating = _rating(row)
            newest[rating.chain] = (row.number, rating)
    return newest


def _values(rating: MaturityRating, number: int, now: datetime) -> dict[str, Any]:
    model, service, municipality, aspect = rating.chain
    return {
        "model": model,
        "service": service,
        "municipality": municipality,
        "aspect": aspect,
        "number": number,
        "answer": rating.answer.value,
        "level": rating.level,
        "source": rating.source,
        "reference": rating.reference,
        "rated_on": rating.rated_on,
        "valid_until": rating.valid_until,
        "recorded_by": rating.by,
        "recorded_at": now,
    }


def _rating(row: MaturityRow) -> MaturityRating:
    return MaturityRating(
        model=row.model,
        service=LeikaKey.parse(row.service),
        municipality=Ars.parse(row.municipality) if row.municipality else None,
        aspect=row.aspect,
        answer=RatingAnswer(row.answer),
        level=row.level,
        source=row.source,
        reference=row.reference,
        rated_on=row.rated_on,
        valid_until=row.valid_until,
        by=row.recorded_by,
    )
