"""The section on grants of a programme file: ours says what it should, and a faulty one is refused with its line."""

from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from ozgflow.domain.grants import BoundaryRule, GrantPurpose, GrantRules
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.programme_files import load_programme, read_programme
from ozgflow.errors import DataError
from tests.domain.grant_examples import RULES

TEXT = (resources.files("ozgflow") / "data" / "programmes" / "smart-village-app.toml").read_text(encoding="utf-8")
LAST_QUOTA = "[[grant.quota]]\nyear = 2024\nplaces = 10\n"
FIRST_DIRECTIVE = TEXT[
    TEXT.index("[[grant.directive]]") : TEXT.index('[[grant.directive]]\ncode = "richtlinie-2021"')
]


def _read(folder: Path, text: str) -> GrantRules:
    path = folder / "smart-village-app.toml"
    path.write_text(text, encoding="utf-8")
    rules = read_programme(path).grant
    assert rules is not None
    return rules


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_stages_of_the_smart_village_app() -> None:
    assert load_programme("smart-village-app").codes[1:] == (
        "interesse",
        "voraussetzung",
        "foerderung",
        "anpassung",
        "live",
        "betrieb",
    )


def test_its_money() -> None:
    assert RULES.ceiling == Decimal(20_000)
    assert RULES.preconditions == ("bus-bb-teilnahme",)
    assert RULES.records == "foerderbescheid"
    assert load_programme("smart-village-app").is_origin(Ars.parse("120690020020"))
    assert RULES.boundary is BoundaryRule.NEWEST
    assert {quota.year: quota.places for quota in RULES.quotas} == {2020: 20, 2023: 10, 2024: 10}
    assert [(one.code, one.valid_from, one.valid_until) for one in RULES.directives] == [
        ("richtlinie-2020", date(2020, 4, 6), date(2021, 12, 31)),
        ("richtlinie-2021", date(2021, 11, 12), None),
    ]


def test_a_programme_without_the_section_gives_no_grants() -> None:
    assert load_programme("efa-nachnutzung").grant is None


def test_each_quota_remembers_its_line() -> None:
    lines = TEXT.splitlines()

    assert RULES.file == "smart-village-app.toml"
    for quota in RULES.quotas:
        assert lines[quota.line - 1] == "[[grant.quota]]"
        assert lines[quota.line] == f"year = {quota.year}"


def test_what_may_be_left_out(tmp_path: Path) -> None:
    text = TEXT.replace('preconditions = ["bus-bb-teilnahme"]\n', "")

    rules = _read(
        tmp_path, text.replace("until = 2021-12-31", "until = 2021-11-11").replace('boundary = "newest"', "")
    )

    assert (rules.preconditions, rules.boundary) == ((), None)


def test_a_quota_of_zero_is_a_quota(tmp_path: Path) -> None:
    rules = _read(tmp_path, TEXT.replace(LAST_QUOTA, LAST_QUOTA.replace("10", "0")))

    assert rules.quotas[-1].places == 0


def test_a_ceiling_may_have_cents(tmp_path: Path) -> None:
    assert _read(tmp_path, TEXT.replace("ceiling = 20000", "ceiling = 19999.99")).ceiling == Decimal("19999.99")


@pytest.mark.parametrize(
    ("right", "wrong", "place", "told"),
    [
        (LAST_QUOTA, LAST_QUOTA.replace("10", "-1"), "places = -1", "kleiner als null"),
        (LAST_QUOTA, LAST_QUOTA.replace("2024", "2023") + "#", "year = 2023\nplaces = 10\n#", "ein zweites Mal"),
        (LAST_QUOTA, LAST_QUOTA.replace("10", '"zehn"'), 'places = "zehn"', "nicht vom Typ int"),
        ("ceiling = 20000", "ceiling = 0", "ceiling = 0", "über null"),
        ("ceiling = 20000", "ceiling = -1.5", "ceiling = -1.5", "über null"),
        ("ceiling = 20000", "ceiling = 1.005", "ceiling = 1.005", "zwei Stellen"),
        ("ceiling = 20000", "ceiling = nan", "ceiling = nan", "über null"),
        ("ceiling = 20000", "ceiling = inf", "ceiling = inf", "über null"),
        ("ceiling = 20000", "ceiling = 1e400", "ceiling = 1e400", "über null"),
        ('"werbung"', '"buffet"', "purposes = [", "anpassung, werbung, betrieb-erstes-jahr"),
        ('land = "12"\n#', 'land = "99"\n#', 'land = "99"', "Möglich sind: 01, 02"),
        ('"amt"', '"bistum"', "applicants = [", "Möglich sind: landkreis"),
        ('["bus-bb-teilnahme"]', '["orakel"]', "preconditions = [", "evidence.toml"),
        ('["bus-bb-teilnahme"]', '["avv"]', "preconditions = [", "je Leistung"),
        ('"foerderbescheid"\n# From', '"orakel"\n# From', "records = ", "evidence.toml"),
        ('"foerderbescheid"\n# From', '"mandant"\n# From', "records = ", "je Leistung"),
        ('boundary = "newest"', "", "from = 2021-11-12", "Ergänzen Sie boundary"),
        ('boundary = "newest"', 'boundary = "dice"', "boundary = ", "newest, oldest"),
        ("until = 2021-12-31", "until = 2021-11-10", "from = 2021-11-12", "keine Richtlinie gilt"),
        ("until = 2021-12-31", "until = 2020-01-01", "until = 2020-01-01", "vor ihrem ersten Tag"),
        ("from = 2021-11-12", "from = 2020-04-06", 'from = 2020-04-06\nsource = "Förder', "geordnet"),
        ("from = 2021-11-12", "from = 2019-04-06", "from = 2019-04-06", "geordnet"),
        ("from = 2021-11-12", "from = 2021-11-12\nuntil = 2021-12-30", "from = 2021-11-12", "geordnet"),
        ("from = 2021-11-12", "from = 2021-11-12T00:00:00", "from = 2021-11-12T", "nicht vom Typ date"),
        ('code = "richtlinie-2021"', 'code = "richtlinie-2020"', "from = 2021-11-12", "eigenem Code"),
        (FIRST_DIRECTIVE, FIRST_DIRECTIVE + 'colour = "red"\n\n', "colour = ", "unbekannt"),
        ("boundary = ", "color = 1\nboundary = ", "color = 1", "unbekannt"),
        (LAST_QUOTA, LAST_QUOTA + "spare = 1\n", "spare = 1", "unbekannt"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_file_and_line(
    tmp_path: Path, right: str, wrong: str, place: str, told: str
) -> None:
    assert TEXT.count(right) == 1
    text = TEXT.replace(right, wrong)

    with pytest.raises(DataError) as refused:
        _read(tmp_path, text)

    sentence = Wording.load().render(Message(refused.value.code, refused.value.params))
    assert told in sentence
    assert f"smart-village-app.toml, Zeile {_line(text, place)}," in sentence


def test_all_purposes_of_the_programme_are_known() -> None:
    assert set(RULES.purposes) == set(GrantPurpose)
