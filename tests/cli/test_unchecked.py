"""What could not be checked is never valid: it is unchecked, ends with 1, and a sentence says why."""

from pathlib import Path

import pytest

from tests.cli.command import Outcome, run

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:probe:1.0">
  {directive}
  <xs:element name="probe"><xs:complexType><xs:sequence>
    <xs:element name="wert" type="xs:int"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
RULES = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="{language}">
  <ns prefix="p" uri="urn:probe:1.0"/>
  <pattern><rule context="{context}"><assert id="P-1" test="{test}">Der Wert ist positiv.</assert></rule></pattern>
</schema>"""
CATALOGUE = """[[bundle]]
standard = "probe"
version = "1.0"
title = "Probe"
folder = "."
entry = "probe.xsd"
namespace = "urn:probe:1.0"
roots = ["probe"]
licence = "CC0-1.0"
{more}
"""
WITH_RULES = '[[bundle.schematron]]\nfile = "regeln.sch"\n'


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of bundles of this installation."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    monkeypatch.setenv("OZGFLOW_SCHEMAS", str(folder))
    (folder / "probe.xsd").write_text(SCHEMA.format(directive=""), encoding="utf-8")
    (folder / "catalog.toml").write_text(CATALOGUE.format(more=""), encoding="utf-8")
    return folder


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document that is valid as long as everything about the bundle is in order."""
    path = tmp_path / "probe.xml"
    path.write_text('<p:probe xmlns:p="urn:probe:1.0"><wert>1</wert></p:probe>', encoding="utf-8")
    return path


def _with_rules(schemas: Path, text: str) -> None:
    (schemas / "regeln.sch").write_text(text, encoding="utf-8")
    (schemas / "catalog.toml").write_text(CATALOGUE.format(more=WITH_RULES), encoding="utf-8")


def _rules(context: str = "p:probe", test: str = "wert &gt; 0", language: str = "xslt") -> str:
    return RULES.format(context=context, test=test, language=language)


def _is_unchecked(outcome: Outcome, rule: str, *words: str) -> bool:
    assert outcome.code == 1
    assert "probe.xml: nicht geprüft, Annahme offen" in outcome.text
    assert f"Fehler {rule}" in outcome.text
    return all(word in outcome.text for word in words)


def test_with_everything_in_order_the_document_is_valid(schemas: Path, document: Path) -> None:
    _with_rules(schemas, _rules())

    outcome = run("validate", document)

    assert outcome.code == 0
    assert "Schematron (1 Regel ausgelöst)" in outcome.text


@pytest.mark.parametrize("text", ["<schema", "", _rules(test="wert &gt;"), _rules().replace("</pattern>", "")])
def test_corrupted_rules(schemas: Path, document: Path, text: str) -> None:
    _with_rules(schemas, text)

    outcome = run("validate", document)

    assert _is_unchecked(outcome, "schematron.broken", "regeln.sch")


def test_rules_that_give_up_on_the_document(schemas: Path, document: Path) -> None:
    _with_rules(schemas, _rules(test="error()", language="xslt2"))

    assert _is_unchecked(run("validate", document), "schematron.broken", "regeln.sch")


def test_a_set_of_rules_in_which_nothing_fires(schemas: Path, document: Path) -> None:
    _with_rules(schemas, _rules(context="p:anderes"))

    assert _is_unchecked(run("validate", document), "schematron.nothing-fired", "regeln.sch")


def test_a_missing_import_is_named_with_the_file_that_wants_it(schemas: Path, document: Path) -> None:
    directive = '<xs:import namespace="urn:weg" schemaLocation="https://schemata.example/weg.xsd"/>'
    (schemas / "probe.xsd").write_text(SCHEMA.format(directive=directive), encoding="utf-8")

    outcome = run("validate", document)

    assert _is_unchecked(outcome, "bundle.broken", "probe.xsd", "https://schemata.example/weg.xsd")


def test_an_unknown_version(schemas: Path, document: Path) -> None:
    document.write_text(document.read_text("utf-8").replace("1.0", "2.0"), encoding="utf-8")

    assert _is_unchecked(run("validate", document), "bundle.version", "probe/1.0")


def test_two_bundles_that_both_fit(schemas: Path, document: Path) -> None:
    twice = CATALOGUE.format(more="") + CATALOGUE.format(more="").replace('"1.0"', '"1.1"')
    (schemas / "catalog.toml").write_text(twice, encoding="utf-8")

    outcome = run("validate", document)

    assert _is_unchecked(outcome, "bundle.ambiguous", "probe/1.0", "probe/1.1")
    assert run("validate", document, "--bundle", "probe/1.1").code == 0


def test_a_check_that_takes_too_long(schemas: Path, document: Path) -> None:
    endless = "every $a in 1 to 1000000, $b in 1 to 1000000 satisfies $a + $b &gt; 0"
    _with_rules(schemas, _rules(test=endless, language="xslt2"))

    outcome = run("validate", document, "--timeout", "2")

    assert _is_unchecked(outcome, "file.timeout", "2 Sekunden")


def test_code_lists_that_cannot_be_read(schemas: Path, document: Path) -> None:
    (schemas / "liste.xml").write_text("<keine-liste/>", encoding="utf-8")
    (schemas / "catalog.toml").write_text(CATALOGUE.format(more='code_lists = ["liste.xml"]\n'), encoding="utf-8")

    assert _is_unchecked(run("validate", document), "codes.broken", "liste.xml")


def test_a_bundle_whose_file_was_changed_after_it_was_added(tmp_path: Path, schemas: Path, document: Path) -> None:
    other = tmp_path / "quelle"
    other.mkdir()
    text = SCHEMA.format(directive="").replace("urn:probe:1.0", "urn:fremd:3.0")
    (other / "fremd.xsd").write_text(text, encoding="utf-8")
    document.write_text(document.read_text("utf-8").replace("urn:probe:1.0", "urn:fremd:3.0"), encoding="utf-8")
    added = run("bundles", "add", other)
    before = run("validate", document, "--no-store")
    (changed,) = (tmp_path / "home").rglob("fremd.xsd")
    changed.write_text(text.replace("xs:int", "xs:string"), encoding="utf-8")

    after = run("validate", document)

    assert (added.code, before.code) == (0, 0)
    assert _is_unchecked(after, "bundle.broken", "fremd.xsd", "verändert")
