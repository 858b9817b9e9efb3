"""Header and keys: each rule with what is right and what is wrong, and nothing outside of a header."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, StepState, Verdict
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import Severity, Step
from ozgflow.standards.bundles import BundleCatalogue, KeyPlaces, bundle_for_schema
from ozgflow.standards.header_check import DVDV_PREFIXES
from ozgflow.standards.validator import Validator
from tests.standards.published import code_list
from tests.standards.schemas import write

DAY = date(2026, 11, 1)
DIRECTORY = KeyDirectory(
    services=frozenset({"99010014001001"}),
    services_as_of=DAY,
    municipalities={"120540000000": "12054000", "120600005005": "12060005", "120605003003": ""},
    municipalities_as_of=DAY,
    lands=frozenset({"12"}),
)
KEYS = KeyPlaces(ars=("ars", "gebiet"), ags=("ags",), leika=("leistung",))
UUID, TIME, KEY = "5e1415d1-7924-51d3-b1d0-066c9099b3df", "2026-05-04T09:30:00.000+02:00", "azr:120540"
WORDING = Wording.load()
_OPEN = (
    '<xs:element name="r"><xs:complexType><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" '
    'processContents="skip"/></xs:sequence><xs:attribute name="test"/></xs:complexType></xs:element>'
)


def _validator(
    folder: Path, *prefixes: str, directory: KeyDirectory = DIRECTORY, keys: KeyPlaces = KEYS, binding: bool = True
) -> Validator:
    lists: tuple[Path, ...] = ()
    if prefixes:
        path = code_list(folder, "praefix", "1", *prefixes)
        path.write_text(path.read_text("utf-8").replace("urn:probe:praefix", DVDV_PREFIXES), encoding="utf-8")
        lists = (path,)
    bundle = replace(bundle_for_schema(write(folder, "s.xsd", _OPEN)), keys=keys, code_lists=lists, binding=binding)
    return Validator(BundleCatalogue(bundles=(bundle,)), directory=directory)


def _head(
    *, uuid: str = UUID, time: str = TIME, key: str = KEY, where: str = "DVDV", head: str = "nachrichtenkopf.g2g"
) -> str:
    leser = f"<leser><verzeichnisdienst><code>{where}</code></verzeichnisdienst><kennung>{key}</kennung></leser>"
    message = f"<nachrichtenUUID>{uuid}</nachrichtenUUID><erstellungszeitpunkt>{time}</erstellungszeitpunkt>"
    return f"<{head}>{message}{leser}</{head}>"


def _check(validator: Validator, inside: str, attributes: str = "") -> Report:
    data = f"<r{attributes}>{inside}</r>".encode()
    first = validator.check(data)
    assert validator.check(data) == first
    return first


def _told(report: Report) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in report.findings]


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize("uuid", [UUID, UUID.upper(), f" {UUID}\n", "5e1415d1-<!-- x -->7924-51d3-b1d0-066c9099b3df"])
def test_a_uuid_is_a_uuid(tmp_path: Path, uuid: str) -> None:
    assert _told(_check(_validator(tmp_path), _head(uuid=uuid))) == []


@pytest.mark.parametrize(
    "uuid",
    [
        "",
        "x",
        UUID[:-1],
        f"{UUID}0",
        UUID.replace("-", ""),
        f"{{{UUID}}}",
        UUID.replace("5", "g"),
        f"urn:uuid:{UUID}",
    ],
)
def test_anything_else_is_none(tmp_path: Path, uuid: str) -> None:
    assert _told(_check(_validator(tmp_path), _head(uuid=uuid))) == [("header.uuid", E)]


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (TIME, []),
        ("2026-05-04T09:30:00Z", []),
        ("2026-05-04T09:30:00.5-11:00", []),
        (f"\n{TIME} ", []),
        ("2026-05-04T09:30:00", [("header.time-without-zone", W)]),
        ("2026-05-04T09:30:00.000", [("header.time-without-zone", W)]),
        (" 2026-05-04T09:30:00 ", [("header.time-without-zone", W)]),
        ("2026-05-04", []),
        ("gestern", []),
    ],
)
def test_a_time_has_its_zone(tmp_path: Path, time: str, told: list[tuple[str, Severity]]) -> None:
    assert _told(_check(_validator(tmp_path), _head(time=time))) == told


@pytest.mark.parametrize(
    ("key", "where", "rule"),
    [
        ("azr:120540", "DVDV", None),
        (" azr:120540 ", " DVDV ", None),
        ("xyz:1", "DVDV", "header.dvdv-prefix"),
        ("120540", "DVDV", "header.dvdv-key"),
        ("AZR:120540", "DVDV", "header.dvdv-key"),
        ("azr:", "DVDV", "header.dvdv-key"),
        ("azr:12a", "DVDV", "header.dvdv-key"),
        ("", "DVDV", "header.dvdv-key"),
        ("120540", "S.A.F.E.", None),
        ("xyz:1", "", None),
    ],
)
def test_the_key_of_an_authority_in_dvdv_begins_with_a_known_prefix(
    tmp_path: Path, key: str, where: str, rule: str | None
) -> None:
    validator = _validator(tmp_path, "azr", "alp")

    assert _told(_check(validator, _head(key=key, where=where))) == ([(rule, W)] if rule else [])


def test_without_a_list_of_prefixes_any_prefix_will_do(tmp_path: Path) -> None:
    assert _told(_check(_validator(tmp_path), _head(key="xyz:1"))) == []


def test_a_test_message_is_noted(tmp_path: Path) -> None:
    report = _check(_validator(tmp_path), _head(), ' test="true"')

    assert _told(report) == [("header.test", N)]
    assert (report.findings[0].path, report.verdict) == ("/r/@test", Verdict.VALID)


@pytest.mark.parametrize("head", ["kopf", "nachrichtenkopf", "Nachrichtenkopf.g2g"])
def test_outside_of_a_header_nothing_is_said(tmp_path: Path, head: str) -> None:
    report = _check(
        _validator(tmp_path, "azr"), _head(uuid="x", time="2026-05-04T09:30:00", key="x", head=head), ' test="true"'
    )

    assert _told(report) == []
    assert {one.step: one.state for one in report.proof.steps}[Step.HEADER] is StepState.ABSENT


def test_beside_a_header_nothing_is_said_of_names_like_those_within(tmp_path: Path) -> None:
    report = _check(_validator(tmp_path), _head() + _head(uuid="x", key="x", head="anlage"))

    assert _told(report) == []


def test_a_header_of_any_namespace_is_one(tmp_path: Path) -> None:
    head = _head(uuid="x").replace("<nachrichtenkopf.g2g>", '<nachrichtenkopf.g2g xmlns="urn:k">')

    assert _told(_check(_validator(tmp_path), head)) == [("header.uuid", E)]


def test_where_nobody_has_confirmed_the_rules_an_error_is_a_warning(tmp_path: Path) -> None:
    report = _check(
        _validator(tmp_path, binding=False), _head(uuid="x") + "<ars>1</ars><leistung>99010014001002</leistung>"
    )

    assert _told(report) == [("header.uuid", W), ("key.ars-malformed", W), ("key.leika-unknown", W)]
    assert report.verdict is Verdict.VALID


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "rules", "verdict"),
    [
        ("<leistung>99010014001001</leistung>", [], Verdict.VALID),
        ("<leistung> 99010014001001\n</leistung>", [], Verdict.VALID),
        ("<leistung>99010014001002</leistung>", ["key.leika-unknown"], Verdict.UNCHECKED),
        ("<leistung>9901001400100</leistung>", ["key.leika-malformed"], Verdict.INVALID),
        ("<leistung/>", ["key.leika-malformed"], Verdict.INVALID),
        ("<ars>120540000000</ars>", [], Verdict.VALID),
        ("<gebiet>120540000000</gebiet>", [], Verdict.VALID),
        ("<ars>120540009999</ars>", ["key.ars-unknown"], Verdict.INVALID),
        ("<ars>110000000000</ars>", ["key.ars-not-covered"], Verdict.UNCHECKED),
        ("<ars>12054000000</ars>", ["key.ars-malformed"], Verdict.INVALID),
        ("<ars>990540000000</ars>", ["key.ars-malformed"], Verdict.INVALID),
        ("<o><ars>120540000000</ars><ags>12054000</ags></o>", [], Verdict.VALID),
        ("<o><ars>120540000000</ars><ags> 12054000 </ags></o>", [], Verdict.VALID),
        ("<o><ars>120540000000</ars><ags>12060005</ags></o>", ["key.ars-ags-differ"], Verdict.INVALID),
        ("<o><ars>120605003003</ars><ags>12060003</ags></o>", [], Verdict.VALID),
        ("<o><ars>120605003003</ars><ags>12060004</ags></o>", ["key.ars-ags-differ"], Verdict.INVALID),
        ("<o><ars>120540000000</ars><ags>x</ags></o>", ["key.ars-ags-differ"], Verdict.INVALID),
        ("<o><ars>120540000000</ars></o><o><ags>12060005</ags></o>", [], Verdict.VALID),
        ("<ags>12060005</ags>", [], Verdict.VALID),
    ],
)
def test_keys_are_looked_up(tmp_path: Path, inside: str, rules: list[str], verdict: Verdict) -> None:
    report = _check(_validator(tmp_path), f"<e>{inside}</e>")

    assert ([finding.rule for finding in report.findings], report.verdict) == (rules, verdict)


def test_without_a_directory_a_key_is_held_to_its_form_alone(tmp_path: Path) -> None:
    validator = _validator(tmp_path, directory=KeyDirectory())

    report = _check(validator, "<ars>120540009999</ars><leistung>99010014001002</leistung><leistung>x</leistung>")

    assert [finding.rule for finding in report.findings] == ["key.leika-malformed"]


def test_a_bundle_without_key_places_has_no_keys(tmp_path: Path) -> None:
    assert _told(_check(_validator(tmp_path, keys=KeyPlaces()), "<ars>x</ars>")) == []


def test_keys_and_rules_that_applied_are_counted(tmp_path: Path) -> None:
    report = _check(
        _validator(tmp_path), _head() + "<ars>120540000000</ars><ars>x</ars><leistung>99010014001001</leistung>"
    )

    assert {one.step: one.checked for one in report.proof.steps}[Step.HEADER] == 7


def test_an_ags_that_was_right_beside_one_key_is_not_right_beside_another(tmp_path: Path) -> None:
    validator = _validator(tmp_path)
    pair = "<o><ars>{}</ars><ags>12054000</ags></o>"

    right = _check(validator, pair.format("120540000000"))
    wrong = _check(validator, pair.format("120600005005"))

    assert [list(report.counts) for report in (right, wrong)] == [[], ["key.ars-ags-differ"]]


@pytest.mark.parametrize(
    "inside",
    [
        *(_head(uuid="Geheimnis"), _head(key="Geheimnis"), _head(time="2026-05-04T09:30:00Geheimnis")),
        *(
            "<ars>Geheimnis</ars>",
            "<leistung>Geheimnis</leistung>",
            "<o><ars>120540000000</ars><ags>Geheimnis</ags></o>",
        ),
    ],
)
def test_no_value_is_told(tmp_path: Path, inside: str) -> None:
    report = _check(_validator(tmp_path), inside)

    assert report.findings
    for finding in report.findings:
        assert "Geheimnis" not in WORDING.render(finding.message) + WORDING.render(finding.hint) + repr(finding)
