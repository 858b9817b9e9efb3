"""KoSIT configurations: each scenario is a bundle, recognised, checked and accepted as it declares."""

from pathlib import Path

import pytest
from lxml import etree

from ozgflow.domain.messages import Wording
from ozgflow.domain.rules import Severity
from ozgflow.errors import UsageError
from ozgflow.standards.discovery import Found
from ozgflow.standards.kosit import configuration_in, read_configuration
from ozgflow.standards.xpath_one import as_xpath_one
from tests.standards.published import configuration, scenario, standard

GERMAN = Wording.load()
RULES = (
    "<validateWithSchematron><resource><name>Regeln</name><location>regeln.xsl</location></resource>"
    '<customLevel level="information">P-03</customLevel></validateWithSchematron>'
)
REPORT = (
    "<createReport><resource><name>Bericht</name><location>bericht.xsl</location></resource>"
    '<customLevel level="warning">P-01 P-02</customLevel><customLevel level="error">P-03</customLevel></createReport>'
)
ACCEPT = "<acceptMatch>count(//p:abgelehnt) = 0</acceptMatch>"
SHEET = '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="2.0">{}</xsl:stylesheet>'


def _sheet(folder: Path, name: str, content: str = "") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(SHEET.format(content), encoding="utf-8")


def _read(folder: Path) -> tuple[Found, ...]:
    file = configuration_in(folder)
    assert file is not None
    return read_configuration(folder.resolve(), file.resolve())


def _why(found: Found) -> str:
    assert found.trouble is not None
    return GERMAN.render(found.trouble)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A configuration with everything that a scenario may have."""
    standard(tmp_path)
    _sheet(tmp_path, "regeln.xsl", '<xsl:include href="teile/mehr.xsl"/>')
    _sheet(tmp_path, "teile/mehr.xsl", '<xsl:variable name="codes" select="document(\'codes.xml\')"/>')
    _sheet(tmp_path, "bericht.xsl")
    (tmp_path / "teile" / "codes.xml").write_text("<codes/>", encoding="utf-8")
    configuration(tmp_path, scenario("Probe (Antrag) 1.0", more=RULES + REPORT + ACCEPT))
    return tmp_path


def test_a_scenario_is_a_bundle_with_all_that_it_declares(whole: Path) -> None:
    (found,) = _read(whole)

    bundle = found.bundle
    assert found.trouble is None
    assert (bundle.standard, bundle.version, bundle.title) == ("probe-antrag", "1.0", "Probe (Antrag) 1.0")
    assert (bundle.match, bundle.namespaces) == ("/p:probe", {"p": "urn:probe:xprobe:1.0"})
    assert [(entry.schema.name, entry.roots) for entry in bundle.entries] == [("xprobe.xsd", ("probe",))]
    assert bundle.source == "Musterbehörde"


def test_levels_of_the_rule_set_go_before_those_of_the_report(whole: Path) -> None:
    (found,) = _read(whole)

    (rules,) = found.bundle.rule_sets
    assert (rules.file.name, rules.title) == ("regeln.xsl", "Regeln")
    assert rules.levels == {"P-01": Severity.WARNING, "P-02": Severity.WARNING, "P-03": Severity.NOTE}


def test_acceptance_is_the_expression_on_the_report(whole: Path) -> None:
    (found,) = _read(whole)

    test = found.bundle.acceptance
    assert test is not None
    assert test.expression == "count(//p:abgelehnt) = 0"
    assert test.stylesheet is not None
    assert test.stylesheet.name == "bericht.xsl"
    assert test.namespaces == found.bundle.namespaces


def test_all_files_that_stylesheets_read_belong_to_the_bundle(whole: Path) -> None:
    (found,) = _read(whole)

    assert sorted(path.name for path in found.files) == [
        *("bericht.xsl", "codes.xml", "mehr.xsl", "regeln.xsl", "xprobe.xsd"),
    ]


def test_a_scenario_without_report_and_acceptance_has_neither(tmp_path: Path) -> None:
    standard(tmp_path)
    configuration(tmp_path, scenario())

    (found,) = _read(tmp_path)

    assert found.bundle.acceptance is None
    assert found.bundle.rule_sets == ()


def test_the_day_of_the_configuration_stands_in_for_a_version(tmp_path: Path) -> None:
    standard(tmp_path)
    configuration(tmp_path, scenario("Antrag"))

    assert [found.bundle.name for found in _read(tmp_path)] == ["antrag/2026-02-03"]


def test_scenarios_of_one_name_are_numbered(tmp_path: Path) -> None:
    standard(tmp_path)
    configuration(tmp_path, scenario(match="/p:probe[1]"), scenario(match="/p:probe[2]"))

    assert [found.bundle.name for found in _read(tmp_path)] == ["probe/1.0", "probe-2/1.0"]


@pytest.mark.parametrize("folder", [".", "repository", "tief/drin"])
def test_resources_are_found_beside_in_the_repository_or_where_they_are(tmp_path: Path, folder: str) -> None:
    schema = standard(tmp_path / folder)
    configuration(tmp_path, scenario())

    (found,) = _read(tmp_path)

    assert [entry.schema for entry in found.bundle.entries] == [schema.resolve()]


@pytest.mark.parametrize(
    ("missing", "wanted_by"), [("xprobe.xsd", "Probe (Antrag) 1.0"), ("teile/mehr.xsl", "regeln.xsl")]
)
def test_a_missing_resource_is_named_with_what_wants_it(whole: Path, missing: str, wanted_by: str) -> None:
    (whole / missing).unlink()

    (found,) = _read(whole)

    assert Path(missing).name in _why(found)
    assert wanted_by in _why(found)


def test_a_stylesheet_that_reads_from_outside_is_refused(whole: Path) -> None:
    _sheet(whole, "teile/mehr.xsl", '<xsl:include href="../../fremd.xsl"/>')

    (found,) = _read(whole)

    assert "außerhalb" in _why(found)


def test_a_stylesheet_that_reads_from_the_network_is_refused(whole: Path) -> None:
    _sheet(whole, "teile/mehr.xsl", '<xsl:import href="https://regeln.example/a.xsl"/>')

    (found,) = _read(whole)

    assert "https://regeln.example/a.xsl" in _why(found)


def test_one_scenario_with_a_fault_leaves_the_others_alone(tmp_path: Path) -> None:
    standard(tmp_path)
    configuration(tmp_path, scenario("Gut 1.0"), scenario("Schlecht 1.0", match="/p:probe[matches(., 'x')]"))

    good, bad = _read(tmp_path)

    assert good.trouble is None
    assert "XPath 1.0" in _why(bad)


def test_another_version_of_the_framework_is_refused(tmp_path: Path) -> None:
    configuration(tmp_path, scenario(), namespace="http://www.xoev.de/de/validator/framework/2/scenarios")

    with pytest.raises(UsageError, match=r"bundles\.kosit-version"):
        _read(tmp_path)


def test_a_configuration_without_scenarios_is_refused(tmp_path: Path) -> None:
    configuration(tmp_path)

    with pytest.raises(UsageError, match=r"bundles\.kosit-empty"):
        _read(tmp_path)


def test_a_file_called_like_a_configuration_that_is_none_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "scenarios.xml").write_text("<scenarios/>", encoding="utf-8")

    assert configuration_in(tmp_path) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("/p:probe", "/p:probe"),
        ("exists(/p:probe)", "boolean(/p:probe)"),
        ("exists (/p:probe[p:art = 'exists(x)'])", "boolean(/p:probe[p:art = 'exists(x)'])"),
        ("empty(//p:fehlt) and not(false())", "not(//p:fehlt) and not(false())"),
        ('/p:probe[starts-with(@art, "a\'b")]', '/p:probe[starts-with(@art, "a\'b")]'),
        ("//*[self::p:probe or child::node()]", "//*[self::p:probe or child::node()]"),
    ],
)
def test_expressions_that_mean_the_same_in_xpath_one_are_taken(expression: str, expected: str) -> None:
    assert as_xpath_one(expression, {"p": "urn:p"}) == expected


@pytest.mark.parametrize(
    "expression",
    [
        *("", "/q:probe", "/p:probe[matches(., 'a')]", "for $x in /p:probe return $x", "/p:probe eq 1", "/p:probe["),
        *("some $x in //p:a satisfies $x", "/*:probe", "p:eigene(.)", "'a' || 'b'", "/p:probe/string-join(*, '')"),
    ],
)
def test_expressions_that_xpath_one_does_not_know_are_refused(expression: str) -> None:
    assert as_xpath_one(expression, {"p": "urn:p"}) is None


def test_an_expression_taken_over_tells_documents_apart() -> None:
    expression = as_xpath_one("exists(/p:probe[p:art = 'urn:a#b'])", {"p": "urn:p"})

    assert expression is not None
    matches = etree.XPath(expression, namespaces={"p": "urn:p"})
    assert matches(etree.fromstring(b'<probe xmlns="urn:p"><art>urn:a#b</art></probe>'))
    assert not matches(etree.fromstring(b'<probe xmlns="urn:p"><art>urn:a</art></probe>'))
