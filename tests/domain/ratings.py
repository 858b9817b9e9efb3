"""Hand-made maturity models and ratings for the tests."""

from datetime import date
from typing import Any

from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.maturity import MaturityModel, MaturityRating, RatingAnswer, model_of_version
from ozgflow.domain.maturity_files import load_models

SERVICE = LeikaKey.parse("99010001001009")
OTHER = LeikaKey.parse("99010001001008")
DAY = date(2021, 5, 4)
MODEL: MaturityModel = model_of_version(load_models(), "1.1")
CODES = [aspect.code for aspect in MODEL.aspects]


def rating(aspect: str, level: int | None, **differently: Any) -> MaturityRating:
    """A rating under model 1.1; without a level the aspect is waived."""
    words: dict[str, Any] = {
        "model": "1.1",
        "service": SERVICE,
        "aspect": aspect,
        "answer": RatingAnswer.WAIVED if level is None else RatingAnswer.LEVEL,
        "level": level,
        "source": "Selbsteinschätzung",
        "reference": "Az. 1",
        "rated_on": DAY,
        "by": "Erika Mustermann",
    }
    return MaturityRating(**{**words, **differently})


def ratings(*levels: int | None) -> dict[str, MaturityRating]:
    """Ratings of the first aspects of the model, in its order."""
    return {code: rating(code, level) for code, level in zip(CODES, levels, strict=False)}
