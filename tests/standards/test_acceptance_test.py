"""An acceptance test decides on a report of the check, in the form of the KoSIT validator."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.standards.acceptance_test import (
    INPUT,
    SCENARIOS,
    CheckedRules,
    CompiledAcceptanceTest,
    JudgedDocument,
    report_input,
)
from ozgflow.standards.bundles import AcceptanceTest, Bundle, Entry, RuleSet
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron import CompiledRuleSet

FOLDER = Path(__file__).parent / "schematron"
DOCUMENT = (FOLDER / "antrag.xml").read_bytes()
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAMESPACES = {"in": INPUT, "s": SCENARIOS, "svrl": "http://purl.oclc.org/dsdl/svrl", "a": "urn:beispiel:antrag"}
NO_FAILURE = "not(//svrl:failed-assert[not(@role = 'warning')])"
MARK = "GEHEIM-4711"


def bundle(test: AcceptanceTest | None = None) -> Bundle:
    rules = RuleSet(
        file=FOLDER / "antrag-xpath1.sch",
        title="Regeln",
        levels={"PFLICHT": Severity.WARNING, "BETRAG-1": Severity.WARNING, "BETRAG-3": Severity.NOTE},
    )
    return Bundle(
        standard="antrag",
        version="1",
        title="Antrag",
        folder=FOLDER,
        match="/a:antrag",
        namespaces={"a": "urn:beispiel:antrag"},
        entries=(Entry(schema=FOLDER / "unter" / "antrag.xsd", namespace=None),),
        rule_sets=(rules,),
        acceptance=test,
    )


def checked(document: bytes = DOCUMENT, test: AcceptanceTest | None = None) -> JudgedDocument:
    root = etree.fromstring(document)
    wrong = Finding(
        rule="xsd.value-type", path="/antrag", line=5, column=3, message=message("finding.xsd.value-type")
    )
    of = bundle(test)
    results = [(rules, CompiledRuleSet(rules).run(document, root, keep_svrl=True)) for rules in of.rule_sets]
    return JudgedDocument(
        data=document,
        root=root,
        name="antrag.xml",
        bundle=of,
        schema_findings=(wrong,),
        rules=tuple(CheckedRules(rule_set=rules, svrl=result.svrl) for rules, result in results),
    )


def expression(text: str, report: Path | None = None) -> AcceptanceTest:
    return AcceptanceTest(expression=text, stylesheet=report, namespaces=NAMESPACES)


def report_stylesheet(folder: Path, body: str) -> Path:
    file = folder / "bericht.xsl"
    file.write_text(
        '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
        f' xmlns:in="{INPUT}" xmlns:s="{SCENARIOS}" xmlns:svrl="{NAMESPACES["svrl"]}" xmlns:a="{NAMESPACES["a"]}">'
        '<xsl:param name="input-document" as="document-node(element())" required="yes"/>'
        f'<xsl:template match="in:createReportInput">{body}</xsl:template></xsl:stylesheet>',
        encoding="utf-8",
    )
    return file


def test_the_description_of_a_check_has_the_form_of_the_reference() -> None:
    test = expression("true()")

    described = report_input(checked(test=test), now=NOW)

    def text(path: str) -> str:
        return str(described.xpath(f"string({path})", namespaces=NAMESPACES))

    assert [etree.QName(child).localname for child in described] == [
        "engine",
        "timestamp",
        "documentIdentification",
        "scenario",
        "validationResultsWellformedness",
        "validationResultsXmlSchema",
        "validationResultsSchematron",
    ]
    assert text("in:engine/in:name") == "ozgflow"
    assert text("in:timestamp") == "2026-11-22T09:30:00+00:00"
    assert text("*/in:documentHash/in:hashValue") == b64encode(hashlib.sha256(DOCUMENT).digest()).decode()
    assert text("in:documentIdentification/in:documentReference") == "antrag.xml"
    assert text("s:scenario/s:name") == "Antrag"
    assert text("s:scenario/s:createReport/s:customLevel[@level='warning']") == "PFLICHT BETRAG-1"
    assert text("s:scenario/s:acceptMatch") == "true()"
    assert text("in:validationResultsXmlSchema/s:resource/s:location") == "unter/antrag.xsd"
    assert text("in:validationResultsXmlSchema/in:xmlSyntaxError/in:severityCode") == "SEVERITY_ERROR"
    assert text("in:validationResultsXmlSchema/in:xmlSyntaxError/in:rowNumber") == "5"
    assert text("in:validationResultsSchematron/s:resource/s:name") == "Regeln"
    assert text("count(in:validationResultsSchematron/in:results/svrl:schematron-output/svrl:failed-assert)") == "3"


def test_without_a_stylesheet_the_expression_looks_at_the_description() -> None:
    accepting = CompiledAcceptanceTest(expression("count(//in:xmlSyntaxError) eq 1 and exists(//svrl:fired-rule)"))
    refusing = CompiledAcceptanceTest(expression(NO_FAILURE))

    assert accepting.accepts(checked(), now=NOW)
    assert not refusing.accepts(checked(), now=NOW)


def test_a_stylesheet_makes_the_report_that_the_expression_looks_at(tmp_path: Path) -> None:
    report = report_stylesheet(
        tmp_path,
        """<bericht personen="{count($input-document//a:person)}">
        <xsl:for-each select="//svrl:failed-assert[@id = tokenize(//s:customLevel[@level = 'warning'], ' ')]">
        <warnung><xsl:value-of select="@id"/></warnung></xsl:for-each></bericht>""",
    )

    for text, answer in (
        ("/bericht/@personen = '2' and count(/bericht/warnung) = 2", True),
        ("/bericht/warnung = 'BETRAG-2'", False),
        ("/bericht/warnung", True),
        ("/bericht/fehler", False),
    ):
        test = expression(text, report)
        assert CompiledAcceptanceTest(test).accepts(checked(test=test), now=NOW) is answer


def test_one_test_may_be_asked_about_many_documents(tmp_path: Path) -> None:
    report = report_stylesheet(tmp_path, '<b n="{count($input-document//a:person)}"/>')
    test = CompiledAcceptanceTest(expression("/b/@n = '2'", report))
    other = b'<a:antrag xmlns:a="urn:beispiel:antrag"/>'

    answers = [test.accepts(checked(document), now=NOW) for document in (DOCUMENT, other, DOCUMENT)]

    assert answers == [True, False, True]


@pytest.mark.parametrize("text", ["count(", "unbekannt:x", "nix()", "1 +", "true())"])
def test_an_expression_that_cannot_be_used_is_told_before_the_first_document(text: str) -> None:
    with pytest.raises(SchemaTrouble) as caught:
        CompiledAcceptanceTest(expression(text))

    assert caught.value.reason.code == "rule-set.not-compiled"
    assert caught.value.reason.params["file"] == "acceptMatch"


def test_a_stylesheet_that_cannot_be_used_is_told_before_the_first_document(tmp_path: Path) -> None:
    with pytest.raises(SchemaTrouble) as missing:
        CompiledAcceptanceTest(expression("true()", tmp_path / "fehlt.xsl"))
    with pytest.raises(SchemaTrouble) as faulty:
        CompiledAcceptanceTest(expression("true()", report_stylesheet(tmp_path, '<xsl:value-of select="nix()"/>')))

    assert missing.value.reason.code == "schema.missing"
    assert faulty.value.reason.code == "rule-set.not-compiled"


@pytest.mark.parametrize(
    ("body", "text", "code"),
    [
        ('<xsl:value-of select="error((), string($input-document))"/>', "true()", "rule-set.stopped"),
        ("<xsl:value-of select='$input-document'/>", "true()", "acceptance-test.no-report"),
        ("<b><xsl:copy-of select='$input-document'/></b>", "xs:integer(//a:name[1]) = 1", "rule-set.stopped"),
    ],
)
def test_a_test_that_gives_up_is_told_without_values(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], body: str, text: str, code: str
) -> None:
    report = report_stylesheet(tmp_path, body)
    spaces = {**NAMESPACES, "xs": "http://www.w3.org/2001/XMLSchema"}
    test = CompiledAcceptanceTest(AcceptanceTest(expression=text, stylesheet=report, namespaces=spaces))

    with pytest.raises(SchemaTrouble) as caught:
        test.accepts(checked(), now=NOW)

    assert caught.value.reason.code == code
    assert MARK not in repr(caught.value.reason) + repr(caught.value.__context__)
    assert capfd.readouterr() == ("", "")


def test_a_report_may_hold_the_document_and_nobody_sees_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = report_stylesheet(
        tmp_path, "<b><xsl:message select='$input-document'/><xsl:copy-of select='$input-document'/></b>"
    )

    answer = CompiledAcceptanceTest(expression(f"//a:name = 'Mustermann-{MARK}'", report)).accepts(checked(), now=NOW)

    assert answer
    assert MARK not in repr(checked())
    assert capfd.readouterr() == ("", "")
