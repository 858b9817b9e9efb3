"""Schematron to XSLT: one mode for each pattern, and in it one template for each rule, the first one first.

Rules in XPath 1 become a stylesheet of version 1.0, which libxslt can run as well; all others one of version 3.0.

Source: ISO/IEC 19757-3:2020, clause 6.5 and annexes C (binding to XSLT) and D (SVRL).
"""

import re
from copy import deepcopy
from pathlib import Path

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron_expand import SCH, active, fill_in
from ozgflow.standards.svrl import FAILED, FIRED, OUTPUT, REPORTED, SVRL

XSL = "{http://www.w3.org/1999/XSL/Transform}"
"""The namespace of XSLT, as lxml writes it in front of names."""
REFERENCE = "{urn:ozgflow:schematron}reference"
"""Attribute that carries the name of an assertion from here to where stylesheets are read."""
_XSD = "http://www.w3.org/2001/XMLSchema"
_PREFIXES = {"xsl": XSL[1:-1], "svrl": SVRL, "xs": _XSD, "xsd": _XSD}
_BINDING = re.compile(r"(?:(?:xslt|xpath)?([123])?[\d.]*|exslt)")
_OTHER_NODES = re.compile(r"[@(]|attribute::")
_VARIABLE = re.compile(r"('[^']*'|\"[^\"]*\")|\$([^\W\d][\w.\-]*)(?![\w.\-:])")
_FIRST_ON_TOP = (f"{XSL}import", f"{XSL}include")
_PATH = "schematron-path"
_PATHS = f"""
<templates xmlns:xsl="{XSL[1:-1]}">
  <xsl:template match="/|text()|comment()|processing-instruction()" mode="{_PATH}">
    <xsl:apply-templates select="parent::*" mode="{_PATH}"/>
    <xsl:if test="not(parent::*)">/</xsl:if>
  </xsl:template>
  <xsl:template match="*|@*" mode="{_PATH}">
    <xsl:apply-templates select="parent::*" mode="{_PATH}"/>
    <xsl:text>/</xsl:text>
    <xsl:if test="count(.|../@*) = count(../@*)">@</xsl:if>
    <xsl:text>*[local-name()='</xsl:text>
    <xsl:value-of select="local-name()"/>
    <xsl:text>' and namespace-uri()='</xsl:text>
    <xsl:value-of select="namespace-uri()"/>
    <xsl:text>']</xsl:text>
    <xsl:if test="self::*">[<xsl:value-of select="1 + count(preceding-sibling::*[
      local-name() = local-name(current()) and namespace-uri() = namespace-uri(current())])"/>]</xsl:if>
  </xsl:template>
</templates>"""


def compile_schematron(schema: etree._Element, path: Path, phase: str) -> etree._Element:
    """Make a stylesheet of a schema that ``read_schematron`` has read.

    Args:
        schema: the schema; it is filled in on the way.
        path: its file.
        phase: see ``active``.

    Raises:
        SchemaTrouble: it has what is not understood; the reason names it.
    """
    match = _BINDING.fullmatch(schema.get("queryBinding", "xslt").strip().lower())
    if match is None:
        raise SchemaTrouble(message("rule-set.unsupported", what=schema.get("queryBinding", ""), file=path.name))
    fill_in(schema, path.name)
    patterns, lets = active(schema, phase, path.name)
    return _Compiler(schema, modern=match[1] in ("2", "3")).stylesheet(patterns, lets)


class _Compiler:
    """Makes one stylesheet."""

    def __init__(self, schema: etree._Element, *, modern: bool) -> None:
        self._schema = schema
        self._modern = modern
        spaces = {str(one.get("prefix")): str(one.get("uri")) for one in schema.iterchildren(f"{SCH}ns")}
        self._sheet = etree.Element(
            f"{XSL}stylesheet", nsmap={**_PREFIXES, **spaces}, version=("3.0" if modern else "1.0")
        )
        self._spaces = spaces
        self._globals: set[str] = set()

    def stylesheet(self, patterns: list[etree._Element], lets: list[etree._Element]) -> etree._Element:
        foreign = sorted(self._schema.iterchildren(f"{XSL}*"), key=lambda one: one.tag not in _FIRST_ON_TOP)
        self._sheet.extend([deepcopy(one) for one in foreign])
        for let in (*self._schema.iterchildren(f"{SCH}let"), *lets):
            self._global(let)
        output = self._output()
        for number, pattern in enumerate(patterns, 1):
            self._own_names(pattern, number)
            for let in pattern.iterchildren(f"{SCH}let"):
                self._global(let)
            self._pattern(pattern, number, output)
        if not self._modern:
            self._paths()
        return self._sheet

    def _global(self, let: etree._Element) -> None:
        self._globals.add(str(let.get("name")))
        _variable(self._sheet, let)

    def _own_names(self, pattern: etree._Element, number: int) -> None:
        """Rename a pattern's variables where another pattern has some of the same name: XSLT has them all global."""
        names = {str(let.get("name")) for let in pattern.iterchildren(f"{SCH}let")} & self._globals
        if not names:
            return

        def renamed(match: re.Match[str]) -> str:
            return f"${match[2]}.{number}" if match[2] in names else match[0]

        for element in pattern.iter("*"):
            for attribute, text in element.attrib.items():
                element.set(attribute, _VARIABLE.sub(renamed, str(text)))
        for let in pattern.iterchildren(f"{SCH}let"):
            if let.get("name") in names:
                let.set("name", f"{let.get('name')}.{number}")

    def _output(self) -> etree._Element:
        template = etree.SubElement(self._sheet, f"{XSL}template", match="/")
        title = self._schema.findtext(f"{SCH}title", "")
        output = etree.SubElement(template, OUTPUT, title=_literal(title), schemaVersion="")
        for prefix, uri in self._spaces.items():
            etree.SubElement(output, f"{{{SVRL}}}ns-prefix-in-attribute-values", uri=_literal(uri), prefix=prefix)
        return output

    def _pattern(self, pattern: etree._Element, number: int, output: etree._Element) -> None:
        mode, name = f"pattern-{number}", pattern.get("id", f"pattern-{number}")
        etree.SubElement(output, f"{{{SVRL}}}active-pattern", id=_literal(name))
        etree.SubElement(output, f"{XSL}apply-templates", select="/", mode=mode)
        rules = list(pattern.iterchildren(f"{SCH}rule"))
        contexts = [rule.get("context", "") for rule in rules]
        below = "@*|node()" if any(_OTHER_NODES.search(context) for context in contexts) else "*"
        for place, rule in enumerate(rules):
            # The first rule that fits a node is the only one; so each has a higher priority than the next.
            template = etree.SubElement(
                self._sheet, f"{XSL}template", match=contexts[place], mode=mode, priority=str(len(rules) - place)
            )
            for let in rule.iterchildren(f"{SCH}let", f"{XSL}variable"):
                _variable(template, let)
            self._rule(rule, template, rule.get("id") or (name if len(rules) == 1 else f"{name}.{place + 1}"))
            etree.SubElement(template, f"{XSL}apply-templates", select=below, mode=mode)
        rest = etree.SubElement(self._sheet, f"{XSL}template", match="@*|node()|/", mode=mode, priority="-9")
        etree.SubElement(rest, f"{XSL}apply-templates", select=below, mode=mode)

    def _rule(self, rule: etree._Element, template: etree._Element, name: str) -> None:
        etree.SubElement(template, FIRED, _attributes(rule, "context", "id", "role", "flag"))
        for number, check in enumerate(rule.iterchildren(f"{SCH}assert", f"{SCH}report"), 1):
            test = check.get("test", "")
            choose = etree.SubElement(template, f"{XSL}choose")
            when = etree.SubElement(choose, f"{XSL}when", test=test)
            asserts = check.tag == f"{SCH}assert"
            home = etree.SubElement(choose, f"{XSL}otherwise") if asserts else when
            failed = etree.SubElement(
                home, FAILED if asserts else REPORTED, _attributes(check, "test", "id", "role", "flag")
            )
            failed.set(REFERENCE, check.get("id") or f"{name}.{number}")
            location = etree.SubElement(failed, f"{XSL}attribute", name="location")
            if self._modern:
                etree.SubElement(location, f"{XSL}value-of", select="path()")
            else:
                etree.SubElement(location, f"{XSL}apply-templates", select=".", mode=_PATH)
            _text(etree.SubElement(failed, f"{{{SVRL}}}text"), check)

    def _paths(self) -> None:
        """The templates that write the path of a node in XPath 1."""
        self._sheet.extend(list(etree.fromstring(_PATHS)))


def _variable(home: etree._Element, let: etree._Element) -> None:
    if let.tag == f"{XSL}variable":
        home.append(deepcopy(let))
        return
    variable = etree.SubElement(home, f"{XSL}variable", name=let.get("name", ""))
    if let.get("as"):
        variable.set("as", let.get("as", ""))
    if let.get("value") is not None:
        variable.set("select", let.get("value", ""))
    else:
        variable.text = let.text
        variable.extend([deepcopy(one) for one in let])


def _attributes(element: etree._Element, *names: str) -> dict[str, str]:
    return {name: _literal(element.get(name, "")) for name in names if element.get(name) is not None}


def _literal(text: str) -> str:
    """A text as an attribute of an element that XSLT copies: braces would be taken for expressions."""
    return text.replace("{", "{{").replace("}", "}}")


def _text(home: etree._Element, source: etree._Element) -> None:
    """The words of an assertion, with instructions where values go."""
    _say(home, source.text)
    for part in source.iterchildren("*"):
        if part.tag == f"{SCH}value-of":
            etree.SubElement(home, f"{XSL}value-of", select=part.get("select", ""))
        elif part.tag == f"{SCH}name":
            path = part.get("path")
            etree.SubElement(home, f"{XSL}value-of", select=f"name({path})" if path else "name()")
        elif str(part.tag).startswith(XSL):
            copy = deepcopy(part)
            copy.tail = None
            home.append(copy)
        else:
            _text(home, part)
        _say(home, part.tail)


def _say(home: etree._Element, text: str | None) -> None:
    if text:
        etree.SubElement(home, f"{XSL}text").text = text
