"""What each format of the report on checked documents says, read back in a format-neutral way."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from ozgflow.domain.messages import Wording
from ozgflow.reports.validation_formats import ReportFormat

SEVERITIES = ("error", "warning", "note")
VERDICTS = ("valid", "invalid", "unchecked")
XVRL = {"x": "http://www.xproc.org/ns/xvrl", "ozg": "urn:ozgflow:xvrl:1"}


@dataclass(frozen=True, order=True)
class Said:
    """One finding as a format says it."""

    document: str
    rule: str
    line: int
    severity: str


def said(output: str, written: ReportFormat, wording: Wording) -> list[Said]:
    """All findings of a report, sorted."""
    return sorted(_FINDINGS[written](output, wording))


def verdicts(output: str, written: ReportFormat, wording: Wording) -> list[tuple[str, str]]:
    """Each document with its verdict, sorted."""
    return sorted(_VERDICTS[written](output, wording))


def everything(output: str, written: ReportFormat) -> str:
    """All texts of a report, without the signs of its format."""
    if written in (ReportFormat.JSON, ReportFormat.SARIF):
        return "\n".join(_strings(json.loads(output)))
    if written in (ReportFormat.XVRL, ReportFormat.JUNIT):
        elements = list(_tree(output).iter())
        return "\n".join([*(e.text or "" for e in elements), *(v for e in elements for v in e.attrib.values())])
    return str(_page(output).text_content()) if written is ReportFormat.HTML else output


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    else:
        yield str(data)


def _in_lines(name: str, text: str, wording: Wording) -> Iterator[Said]:
    words = {wording.text(f"severity.{severity}"): severity for severity in SEVERITIES}
    line_word = re.escape(wording.text("validation.line", line=0).replace("0", ""))
    pattern = rf"^  ({'|'.join(words)}) ([a-z]+\.[\w.-]+)(?: \([^)]*\))?(?:, {line_word}(\d+))?(?:,.*)?$"
    for severity, rule, line in re.findall(pattern, text, flags=re.MULTILINE):
        yield Said(document=name, rule=rule, line=int(line or 0), severity=words[severity])


def _heads(text: str, wording: Wording) -> list[re.Match[str]]:
    words = "|".join(wording.text(f"verdict.{verdict}") for verdict in VERDICTS)
    return list(re.finditer(rf"^(?P<name>\S.*): (?P<verdict>{words}), .*$", text, flags=re.MULTILINE))


def _text_findings(output: str, wording: Wording) -> Iterator[Said]:
    heads = _heads(output, wording)
    ends = [*(head.start() for head in heads), len(output)][1:]
    for head, end in zip(heads, ends, strict=True):
        yield from _in_lines(head["name"], output[head.end() : end], wording)


def _text_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    words = {wording.text(f"verdict.{verdict}"): verdict for verdict in VERDICTS}
    for head in _heads(output, wording):
        yield head["name"], words[head["verdict"]]


def _json_findings(output: str, wording: Wording) -> Iterator[Said]:
    for document in json.loads(output)["documents"]:
        for finding in document["findings"]:
            yield Said(document["name"], finding["rule"], finding["line"] or 0, finding["severity"])


def _json_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    for document in json.loads(output)["documents"]:
        yield document["name"], document["verdict"]


def _page_findings(output: str, wording: Wording) -> Iterator[Said]:
    line_word = re.escape(wording.text("validation.line", line=0).replace("0", ""))
    rule_word = re.escape(wording.text("validation.rule-of", rule=""))
    for article in _page(output).xpath("//article"):
        for item in article.xpath(".//li"):
            (place,) = (element.text_content() for element in item.xpath("p[@class='place']"))
            line = re.match(rf"{line_word}(\d+)", place)
            rule = re.search(rf"{rule_word}([a-z]+\.[\w.-]+)", place)
            assert rule
            assert item.xpath("string(.//span[@class='severity'])") == wording.text(f"severity.{item.get('class')}")
            name = article.xpath("string(h3)")
            yield Said(name, rule[1], int(line[1]) if line else 0, item.get("class"))


def _page_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    words = {wording.text(f"verdict.{verdict}"): verdict for verdict in VERDICTS}
    root = _page(output)
    for article in root.xpath("//article"):
        yield article.xpath("string(h3)"), words[article.xpath("string(p[@class='state']/span)")]
    for row in root.xpath("//table[contains(@class, 'clean')]/tbody/tr"):
        yield row.xpath("string(th)"), words[row.xpath("string(td[1]/span[1])")]


def _xvrl_findings(output: str, wording: Wording) -> Iterator[Said]:
    severities = {"error": "error", "warning": "warning", "info": "note"}
    for report in _tree(output).xpath("x:report", namespaces=XVRL):
        name = report.xpath("string(x:metadata/x:document)", namespaces=XVRL)
        for detection in report.xpath("x:detection", namespaces=XVRL):
            line = detection.xpath("string(x:location/@line)", namespaces=XVRL)
            yield Said(name, detection.get("code"), int(line or 0), severities[detection.get("severity")])


def _xvrl_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    words = {"true": "valid", "false": "invalid", "undetermined": "unchecked"}
    for report in _tree(output).xpath("x:report", namespaces=XVRL):
        name = report.xpath("string(x:metadata/x:document)", namespaces=XVRL)
        yield name, words[report.xpath("string(x:digest/@valid)", namespaces=XVRL)]


def _junit_findings(output: str, wording: Wording) -> Iterator[Said]:
    for case in _tree(output).iter("testcase"):
        yield from _in_lines(case.get("name") or "", "".join(case.itertext()), wording)


def _junit_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    for case in _tree(output).xpath("//testcase[@file]"):
        kinds = {"failure": "invalid", "error": "unchecked", "system-out": "valid"}
        (child,) = case
        yield case.get("name"), kinds[child.tag]


def _sarif_findings(output: str, wording: Wording) -> Iterator[Said]:
    (run,) = json.loads(output)["runs"]
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        document = run["artifacts"][physical["artifactLocation"]["index"]]
        line = physical.get("region", {}).get("startLine", 0)
        yield Said(document["properties"]["name"], result["ruleId"], line, result["level"])


def _sarif_verdicts(output: str, wording: Wording) -> Iterator[tuple[str, str]]:
    (run,) = json.loads(output)["runs"]
    for artifact in run["artifacts"]:
        yield artifact["properties"]["name"], artifact["properties"]["verdict"]


def _page(output: str) -> Any:
    return html.fromstring(output)


def _tree(output: str) -> Any:
    return etree.fromstring(output.encode())


_FINDINGS: Mapping[ReportFormat, Callable[[str, Wording], Iterator[Said]]] = {
    ReportFormat.TEXT: _text_findings,
    ReportFormat.JSON: _json_findings,
    ReportFormat.HTML: _page_findings,
    ReportFormat.XVRL: _xvrl_findings,
    ReportFormat.JUNIT: _junit_findings,
    ReportFormat.SARIF: _sarif_findings,
}
_VERDICTS: Mapping[ReportFormat, Callable[[str, Wording], Iterator[tuple[str, str]]]] = {
    ReportFormat.TEXT: _text_verdicts,
    ReportFormat.JSON: _json_verdicts,
    ReportFormat.HTML: _page_verdicts,
    ReportFormat.XVRL: _xvrl_verdicts,
    ReportFormat.JUNIT: _junit_verdicts,
    ReportFormat.SARIF: _sarif_verdicts,
}
