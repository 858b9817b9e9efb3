"""A bundle's own test of what is accepted, as configurations of the KoSIT validator have it.

The validator describes a check in a document of its own (``createReportInput``), a stylesheet makes a report of it,
and an XPath (``acceptMatch``) on the report decides. All this stays in memory: the report may hold all of the
document.

Source: KoSIT validator, ``createReportInput.xsd`` and ``scenarios.xsd``, framework version 1.
"""

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.standards.bundles import AcceptanceTest, Bundle, RuleSet
from ozgflow.standards.parsing import document_parser
from ozgflow.standards.saxon import SaxonFault
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron_compile import XSL
from ozgflow.standards.schematron_engine import SaxonStylesheet, Subject
from ozgflow.standards.stylesheet_files import Stylesheet, gather_file

INPUT = "http://www.xoev.de/de/validator/framework/1/createreportinput"
"""Namespace of the description of a check."""
SCENARIOS = "http://www.xoev.de/de/validator/framework/1/scenarios"
"""Namespace of the description of a scenario."""
_IN, _S = f"{{{INPUT}}}", f"{{{SCENARIOS}}}"
_FRAMEWORK = "1.0.0"
_ENGINE = "ozgflow"
_EXPRESSION = "acceptMatch"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "information"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRules:
    """A set of rules that has run, with its whole result."""

    rule_set: RuleSet
    svrl: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDocument:
    """A document and what came of its check.

    Attributes:
        data: the document's bytes.
        root: its root element.
        name: what people call the document, for example its file name.
        bundle: the bundle against which it was checked.
        schema_findings: what is wrong by the schema, identities included.
        rules: the sets of rules that have run, in the order of the bundle.
    """

    data: bytes = field(repr=False)
    root: etree._Element = field(repr=False)
    name: str
    bundle: Bundle
    schema_findings: tuple[Finding, ...] = ()
    rules: tuple[CheckedRules, ...] = ()


class CompiledAcceptanceTest:
    """An acceptance test ready for work, in one thread."""

    def __init__(self, test: AcceptanceTest) -> None:
        """Compile expression and stylesheet.

        Raises:
            SchemaTrouble: one of them cannot be used.
        """
        self._report = None if test.stylesheet is None else SaxonStylesheet(gather_file(test.stylesheet))
        self._expression = _compiled_expression(test)

    def accepts(self, checked: JudgedDocument, *, now: datetime) -> bool:
        """Whether the test is passed.

        Args:
            checked: the document and what came of its check.
            now: when it was checked.

        Raises:
            SchemaTrouble: the test gave up.
        """
        description = report_input(checked, now=now)
        subject = Subject(etree.tostring(description, encoding="utf-8"), description)
        if self._report is not None:
            try:
                document = Subject(checked.data, checked.root).node(self._report.engine)
            except SaxonFault:
                raise SchemaTrouble(message("acceptance-test.unread")) from None
            report = self._report.apply(subject, {"input-document": document}).encode()
            subject = Subject(report, _root(report))
        return self._expression.apply(subject).endswith(">true</answer>")


def _root(report: bytes) -> etree._Element:
    with suppress(etree.XMLSyntaxError):
        return etree.fromstring(report, document_parser())
    # Outside of the handler, so that libxml2's words do not travel along as the exception's context.
    raise SchemaTrouble(message("acceptance-test.no-report"))


def _compiled_expression(test: AcceptanceTest) -> SaxonStylesheet:
    """The expression within a stylesheet, so that its faults show before the first document."""
    sheet = etree.Element(f"{XSL}stylesheet", nsmap={"xsl": XSL[1:-1], **test.namespaces}, version="3.0")
    template = etree.SubElement(sheet, f"{XSL}template", match="/")
    answer = etree.SubElement(template, "answer")
    etree.SubElement(answer, f"{XSL}value-of", select=f"boolean({test.expression})")
    place = Path(_EXPRESSION)
    digest = hashlib.sha256(etree.tostring(sheet)).hexdigest()
    return SaxonStylesheet(
        Stylesheet(modules={place.resolve(): sheet}, targets={}, reads=(), assertions=(), digest=digest)
    )


def report_input(checked: JudgedDocument, *, now: datetime) -> etree._Element:
    """The description of a check, as the KoSIT validator writes it.

    Args:
        checked: the document and what came of its check.
        now: when it was checked.
    """
    root = etree.Element(f"{_IN}createReportInput", nsmap={"in": INPUT, "s": SCENARIOS}, frameworkVersion=_FRAMEWORK)
    _add(_add(root, f"{_IN}engine"), f"{_IN}name", _ENGINE)
    _add(root, f"{_IN}timestamp", now.isoformat(timespec="seconds"))
    identification = _add(root, f"{_IN}documentIdentification")
    document_hash = _add(identification, f"{_IN}documentHash")
    _add(document_hash, f"{_IN}hashAlgorithm", "SHA-256")
    _add(document_hash, f"{_IN}hashValue", base64.b64encode(hashlib.sha256(checked.data).digest()).decode())
    _add(identification, f"{_IN}documentReference", checked.name)
    root.append(_scenario(checked.bundle))
    _add(root, f"{_IN}validationResultsWellformedness")
    _schema_results(root, checked)
    for rules in checked.rules:
        results = _add(root, f"{_IN}validationResultsSchematron")
        _resource(results, checked.bundle, rules.rule_set.file, rules.rule_set.title)
        _add(results, f"{_IN}results").append(etree.fromstring(rules.svrl.encode(), document_parser()))
    return root


def _scenario(bundle: Bundle) -> etree._Element:
    scenario = etree.Element(f"{_S}scenario")
    _add(scenario, f"{_S}name", bundle.title)
    for prefix, uri in bundle.namespaces.items():
        _add(scenario, f"{_S}namespace", uri).set("prefix", prefix)
    _add(scenario, f"{_S}match", bundle.match)
    schemas = _add(scenario, f"{_S}validateWithXmlSchema")
    for entry in bundle.entries:
        _resource(schemas, bundle, entry.schema)
    for rule_set in bundle.rule_sets:
        _resource(_add(scenario, f"{_S}validateWithSchematron"), bundle, rule_set.file, rule_set.title)
    if bundle.acceptance is not None:
        _acceptance(scenario, bundle, bundle.acceptance)
    return scenario


def _acceptance(scenario: etree._Element, bundle: Bundle, test: AcceptanceTest) -> None:
    report = _add(scenario, f"{_S}createReport")
    if test.stylesheet is not None:
        _resource(report, bundle, test.stylesheet)
    for severity, word in _LEVELS.items():
        names = [name for rules in bundle.rule_sets for name, level in rules.levels.items() if level is severity]
        if names:
            _add(report, f"{_S}customLevel", " ".join(names)).set("level", word)
    _add(scenario, f"{_S}acceptMatch", test.expression)


def _schema_results(root: etree._Element, checked: JudgedDocument) -> None:
    if not checked.bundle.entries:
        return
    results = _add(root, f"{_IN}validationResultsXmlSchema")
    for entry in checked.bundle.entries:
        _resource(results, checked.bundle, entry.schema)
    for finding in checked.schema_findings:
        error = _add(results, f"{_IN}xmlSyntaxError")
        _add(error, f"{_IN}message", finding.rule)
        grave = finding.severity is Severity.ERROR
        _add(error, f"{_IN}severityCode", "SEVERITY_ERROR" if grave else "SEVERITY_WARNING")
        _add(error, f"{_IN}rowNumber", str(finding.line))
        _add(error, f"{_IN}columnNumber", str(finding.column))


def _resource(home: etree._Element, bundle: Bundle, file: Path, title: str = "") -> None:
    resource = _add(home, f"{_S}resource")
    inside = file.is_relative_to(bundle.folder)
    _add(resource, f"{_S}name", title or file.stem)
    _add(resource, f"{_S}location", file.relative_to(bundle.folder).as_posix() if inside else file.name)


def _add(home: etree._Element, name: str, text: str = "") -> etree._Element:
    added = etree.SubElement(home, name)
    added.text = text or None
    return added
