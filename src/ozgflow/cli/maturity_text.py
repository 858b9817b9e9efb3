"""How the terminal shows maturity models and results."""

from ozgflow.cli.console import print_table, say, wording
from ozgflow.domain.catalogue import Catalogue, OzgService
from ozgflow.domain.maturity import (
    MaturityAspect,
    MaturityLevel,
    MaturityModel,
    MaturityRating,
    Threshold,
)
from ozgflow.domain.maturity_rating import MaturityResult, OnlineAnswer
from ozgflow.jobs.maturity import MaturityOverview

_HEADINGS = (
    "label.maturity-service",
    "label.municipality",
    "label.maturity-level",
    "label.maturity-held-by",
    "label.maturity-rated",
    "label.maturity-conform",
)


def model_data(model: MaturityModel) -> dict[str, object]:
    """A model as JSON-ready data."""
    language = wording().language
    return {
        "version": model.version,
        "title": model.title[language],
        "valid_from": model.valid_from.isoformat(),
        "valid_until": model.valid_until.isoformat() if model.valid_until else None,
        "source": model.source,
        "rule": {"name": model.rule, "source": model.rule_source, "confirmed": model.rule_confirmed},
        "conform_from": _threshold_data(model.conform_from),
        "counts_as_online_from": _threshold_data(model.counts_as_online_from),
        "levels": [
            {
                "number": level.number,
                "title": level.title[language],
                "means": level.means[language],
                "source": level.source,
                "confirmed": level.confirmed,
            }
            for level in model.levels
        ],
        "aspects": [
            {
                "code": aspect.code,
                "title": aspect.title[language],
                "waivable": aspect.waivable,
                "asks": [
                    {"level": level, "text": demand.text[language], "source": demand.source}
                    for level, demand in aspect.asks.items()
                ],
                "source": aspect.source,
                "confirmed": aspect.confirmed,
            }
            for aspect in model.aspects
        ],
    }


def model_row(model: MaturityModel) -> tuple[str, ...]:
    """A model as cells of a table."""
    words = wording()
    if model.valid_until is None:
        valid = words.text("maturity.valid-from", day=model.valid_from)
    else:
        valid = words.text("maturity.valid-span", day=model.valid_from, until=model.valid_until)
    aspects = words.text("maturity.named-aspects", total=len(model.aspects), count=model.confirmed_aspects)
    return model.version, model.title[words.language], valid, f"0–{model.highest}", aspects, model.source


def level_row(level: MaturityLevel) -> tuple[str, ...]:
    """A level as cells of a table."""
    language = wording().language
    title = _marked(level.title[language], confirmed=level.confirmed)
    return str(level.number), title, level.means[language], level.source


def aspect_row(aspect: MaturityAspect) -> tuple[str, ...]:
    """A criterion as cells of a table. That its name is not confirmed is part of the name."""
    words = wording()
    asks = [
        words.text("maturity.ask", level=level, text=demand.text[words.language])
        for level, demand in aspect.asks.items()
    ]
    if aspect.waivable:
        asks.insert(0, words.text("maturity.waivable"))
    return aspect.code, aspect.title[words.language], "\n".join(asks), aspect.source


def say_thresholds(model: MaturityModel) -> None:
    """Print the rule and the thresholds of a model, or that no source names them."""
    rule = wording().text(f"maturity.rule.{model.rule}")
    say("note.free", text=_marked(rule, confirmed=model.rule_confirmed))
    if model.conform_from:
        say("maturity.conform-from", level=model.conform_from.level)
    else:
        say("maturity.conform-open")
    if model.counts_as_online_from:
        say("maturity.online-from", level=model.counts_as_online_from.level)
    else:
        say("maturity.online-open")


def rating_data(rating: MaturityRating) -> dict[str, object]:
    """A rating as JSON-ready data."""
    return {
        "model": rating.model,
        "service": str(rating.service),
        "municipality": str(rating.municipality) if rating.municipality else None,
        "aspect": rating.aspect or None,
        "answer": rating.answer,
        "level": rating.level,
        "source": rating.source,
        "reference": rating.reference,
        "rated_on": rating.rated_on.isoformat(),
        "valid_until": rating.valid_until.isoformat() if rating.valid_until else None,
        "by": rating.by,
    }


def overview_data(found: MaturityOverview) -> dict[str, object]:
    """Results as JSON-ready data."""
    data: dict[str, object] = {
        "model": found.model.version,
        "as_of": found.as_of.isoformat(),
        "results": [_result_data(result, found.model) for result in found.results],
    }
    if found.ozg and found.online:
        data["online"] = {
            "ozg_id": str(found.ozg.ozg_id),
            "answer": found.online.answer,
            "services": [str(key) for key in found.online.services],
            "unknown": found.online.unknown,
            "total": found.online.total,
        }
    return data


def print_overview(found: MaturityOverview, catalogue: Catalogue) -> None:
    """Print the results as a table, and what the model leaves open."""
    words, model = wording(), found.model
    title = words.text("maturity.title", title=model.title[words.language], day=found.as_of)
    if found.results:
        print_table(title, _HEADINGS, (_result_row(result, model, catalogue) for result in found.results))
    else:
        say("maturity.none-rated", title=model.title[words.language])
    if found.results and not model.rule_confirmed:
        say("maturity.rule-unconfirmed")
    if model.conform_from is None:
        say("maturity.conform-open")
    if found.ozg and found.online:
        _say_online(model, found.ozg, found.online)


def _say_online(model: MaturityModel, ozg: OzgService, online: OnlineAnswer) -> None:
    if model.counts_as_online_from is None:
        say("maturity.online-open")
    sentence = wording().text(
        f"maturity.online.{online.answer}",
        key=ozg.ozg_id,
        title=ozg.title,
        count=len(online.services),
        unknown=online.unknown,
        total=online.total,
    )
    say("note.free", text=sentence)


def _result_data(result: MaturityResult, model: MaturityModel) -> dict[str, object]:
    return {
        "service": str(result.service),
        "municipality": str(result.municipality) if result.municipality else None,
        "level": result.level,
        "basis": result.basis,
        "at_most": result.at_most,
        "held_by": list(result.held_by),
        "missing": list(result.missing),
        "stated": result.stated,
        "contradicts": result.contradicts,
        "rated": result.rated,
        "total": result.total,
        "conform": result.reaches(model.conform_from),
    }


def _result_row(result: MaturityResult, model: MaturityModel, catalogue: Catalogue) -> tuple[str, ...]:
    words = wording()
    place = catalogue.name_of(result.municipality) if result.municipality else words.text("maturity.everywhere")
    return (
        f"{catalogue.service(result.service).title}\n{result.service}",
        place,
        _level(result, model),
        ", ".join(model.aspect(code).title[words.language] for code in result.held_by),
        words.text("maturity.of", rated=result.rated, total=result.total),
        words.text(f"ternary.{result.reaches(model.conform_from)}"),
    )


def _level(result: MaturityResult, model: MaturityModel) -> str:
    words = wording()
    if result.level is None:
        bounded = result.at_most < model.highest
        text = words.text("maturity.at-most", level=result.at_most) if bounded else words.text("maturity.level.none")
    else:
        title = model.levels[result.level].title[words.language]
        text = words.text(f"maturity.level.{result.basis}", level=result.level, title=title)
    if result.contradicts:
        text += "\n" + words.text("maturity.contradicts", level=result.stated)
    return text


def _marked(text: str, *, confirmed: bool) -> str:
    return text if confirmed else wording().text("maturity.unconfirmed", text=text)


def _threshold_data(threshold: Threshold | None) -> dict[str, object] | None:
    if threshold is None:
        return None
    return {"level": threshold.level, "source": threshold.source, "confirmed": threshold.confirmed}
