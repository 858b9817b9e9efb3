"""Rating services: checked before it is believed, and seen from a day."""

from datetime import date, timedelta
from typing import Any

import pytest

from ozgflow.domain.keys import LeikaKey
from ozgflow.domain.maturity import WHOLE, MaturityRating, RatingAnswer, Ternary
from ozgflow.domain.maturity_rating import MaturityBasis
from ozgflow.errors import UsageError
from ozgflow.jobs.maturity import Statement, by_person, chosen_model, overview, record
from ozgflow.jobs.workspace import Workspace
from tests.conftest import NOW, TODAY
from tests.domain.ratings import CODES, DAY, MODEL
from tests.jobs.examples import SERVICE

AUFENTHALTSTITEL = "10255"
IN_2022 = date(2022, 1, 1)


def _given(workspace: Workspace, *statements: Statement, **differently: Any) -> list[MaturityRating]:
    words: dict[str, Any] = {
        "service": str(SERVICE),
        "municipality": None,
        "source": "Selbsteinschätzung",
        "reference": "Nachnutzung Aufenthaltstitel",
        "by": "Erika Mustermann",
        "rated_on": DAY,
        "today": TODAY,
    }
    return by_person(workspace, MODEL, statements, **{**words, **differently})


def _whole(level: int) -> Statement:
    return Statement(aspect=WHOLE, level=level)


def test_aufenthaltstitel_rated_itself_level_2_in_2021(workspace: Workspace) -> None:
    record(workspace, _given(workspace, _whole(2)), now=NOW)

    found = overview(workspace, MODEL, day=IN_2022)

    (result,) = found.results
    assert (result.service, result.municipality) == (SERVICE, None)
    assert (result.level, result.basis) == (2, MaturityBasis.STATED)
    assert result.reaches(MODEL.conform_from) is Ternary.NO


def test_before_it_was_rated_it_is_unknown(workspace: Workspace) -> None:
    record(workspace, _given(workspace, _whole(2)), now=NOW)

    (result,) = overview(workspace, MODEL, day=DAY - timedelta(days=1)).results

    assert result.level is None


def test_the_lowest_aspect_is_told(workspace: Workspace) -> None:
    statements = [Statement(aspect=code, level=2 if code == "nachweise" else 3) for code in CODES]
    record(workspace, _given(workspace, *statements), now=NOW)

    (result,) = overview(workspace, MODEL, day=IN_2022).results

    assert (result.level, result.held_by) == (2, ("nachweise",))


def test_ratings_of_a_municipality_stand_beside_those_of_the_service(workspace: Workspace) -> None:
    record(workspace, _given(workspace, _whole(2)), now=NOW)
    record(workspace, _given(workspace, _whole(3), municipality="Barnim"), now=NOW)

    levels = [(str(one.municipality or ""), one.level) for one in overview(workspace, MODEL, day=IN_2022).results]

    assert levels == [("", 2), ("120600000000", 3)]


def test_an_ozg_service_counts_as_online_when_one_municipality_offers_one_service(workspace: Workspace) -> None:
    record(workspace, _given(workspace, _whole(2)), now=NOW)
    before = overview(workspace, MODEL, day=IN_2022, ozg=AUFENTHALTSTITEL).online

    record(workspace, _given(workspace, _whole(2), municipality="Barnim"), now=NOW)
    after = overview(workspace, MODEL, day=IN_2022, ozg=AUFENTHALTSTITEL).online

    assert before is not None
    assert after is not None
    assert (before.answer, after.answer) == (Ternary.UNKNOWN, Ternary.YES)
    assert after.services == (SERVICE,)
    assert after.total == sum(str(one.ozg_id) == AUFENTHALTSTITEL for one in workspace.catalogue.services.values())


def test_a_service_that_nobody_rated_is_shown_as_unknown_when_asked_for(workspace: Workspace) -> None:
    (result,) = overview(workspace, MODEL, day=IN_2022, services=[str(SERVICE)]).results

    assert (result.service, result.level, result.rated) == (SERVICE, None, 0)
    assert overview(workspace, MODEL, day=IN_2022).results == ()


def test_the_day_chooses_the_model_unless_one_is_named() -> None:
    assert chosen_model(None, date(2025, 6, 30)).version == "1.1"
    assert chosen_model(None, date(2025, 7, 1)).version == "2.0"
    assert chosen_model("1.1", TODAY).version == "1.1"


def test_a_rating_under_one_model_says_nothing_under_another(workspace: Workspace) -> None:
    record(workspace, _given(workspace, _whole(2)), now=NOW)

    assert overview(workspace, chosen_model("2.0", TODAY), day=TODAY).results == ()


@pytest.mark.parametrize(
    ("statements", "differently", "code"),
    [
        ([], {}, "maturity.nothing-said"),
        ([_whole(5)], {}, "maturity.level-unknown"),
        ([Statement(aspect="schönheit", level=1)], {}, "maturity.aspect-unknown"),
        ([Statement(aspect="antragsprozess", answer=RatingAnswer.WAIVED)], {}, "maturity.not-waivable"),
        ([Statement(aspect=WHOLE, answer=RatingAnswer.WAIVED)], {}, "maturity.whole-waived"),
        ([_whole(1), _whole(2)], {}, "maturity.said-twice"),
        ([_whole(2)], {"rated_on": TODAY + timedelta(days=1)}, "maturity.future"),
        ([_whole(2)], {"valid_until": DAY - timedelta(days=1)}, "maturity.expiry"),
        ([_whole(2)], {"source": " "}, "maturity.proof"),
        ([_whole(2)], {"by": "zwei\nZeilen"}, "maturity.unprintable"),
        ([_whole(2)], {"service": str(LeikaKey.parse("99999999999999"))}, "catalogue.service-unknown"),
    ],
)
def test_an_impossible_rating_is_refused(
    workspace: Workspace, statements: list[Statement], differently: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        _given(workspace, *statements, **differently)

    assert refused.value.code == code


def test_an_unknown_ozg_service_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"maturity\.ozg-unknown"):
        overview(workspace, MODEL, day=IN_2022, ozg="19999")
