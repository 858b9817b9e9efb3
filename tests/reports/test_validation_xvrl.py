"""The report in XVRL, held against the grammar of the XProc community's schema."""

import re
from datetime import datetime
from typing import Any

import pytest
from lxml import etree

from ozgflow.domain.messages import Language, Wording
from ozgflow.reports.validation import ValidationReport
from ozgflow.reports.validation_xvrl import to_xvrl

from .batches import ALL_GOOD, EMPTY, INTERRUPTED, MIXED, SHOWN, WRONG, make_batch
from .validation_readers import XVRL

GERMAN = Wording.load()
COMMON = {"xml:lang"}
CHILDREN = {
    "reports": {"metadata", "report", "digest"},
    "report": {"metadata", "detection", "digest"},
    "metadata": {"timestamp", "validator", "creator", "document", "schema", "supplemental"},
    "detection": {"location", "category", "message", "supplemental"},
}
"""What may stand in what; other elements of XVRL hold text or elements of others."""
ATTRIBUTES = {
    "detection": {"severity", "code"},
    "location": {"xpath", "href", "line", "column"},
    "digest": {f"{word}-{kind}" for word in ("error", "warning", "info") for kind in ("count", "codes")}
    | {"valid", "worst"},
    "document": {"href"},
    "schema": {"href", "schematypens"},
    "validator": {"name", "version"},
    "creator": {"name", "version"},
    "category": {"vocabulary"},
}
REQUIRED = {"schema": {"schematypens"}, "validator": {"name"}, "creator": {"name"}}


def read(batch: ValidationReport, wording: Wording = GERMAN) -> Any:
    return etree.fromstring(to_xvrl(batch, wording).encode())


def own(element: Any) -> bool:
    return bool(etree.QName(element).namespace == XVRL["x"])


every_batch = pytest.mark.parametrize("batch", [MIXED, SHOWN, EMPTY, INTERRUPTED, ALL_GOOD])


class TestGrammar:
    @every_batch
    def test_elements_stand_where_they_may(self, batch: ValidationReport) -> None:
        for element in (element for element in read(batch).iter() if own(element)):
            name = etree.QName(element).localname
            children = {etree.QName(child).localname for child in element if own(child)}
            assert children <= CHILDREN.get(name, set())
            assert name in {"supplemental", *CHILDREN} or len(element) == 0

    @every_batch
    def test_elements_have_the_attributes_they_may_and_must(self, batch: ValidationReport) -> None:
        for element in (element for element in read(batch).iter() if own(element)):
            name = etree.QName(element).localname
            plain = {key for key in element.attrib if not key.startswith("{")}
            assert plain <= ATTRIBUTES.get(name, set()) | COMMON
            assert REQUIRED.get(name, set()) <= plain

    @every_batch
    def test_a_report_is_metadata_then_detections_then_the_digest(self, batch: ValidationReport) -> None:
        root = read(batch)

        order = [etree.QName(child).localname for child in root]
        assert order == ["metadata", *["report"] * len(batch.documents), "digest"]
        for report in root.findall("x:report", XVRL):
            names = [etree.QName(child).localname for child in report]
            assert re.fullmatch("metadata( detection)* digest", " ".join(names))

    @every_batch
    def test_words_and_numbers_are_those_of_the_schema(self, batch: ValidationReport) -> None:
        root = read(batch)

        assert set(root.xpath("//x:detection/@severity", namespaces=XVRL)) <= {"error", "warning", "info"}
        digests = set(root.xpath("//x:digest/@valid", namespaces=XVRL))
        assert digests <= {"true", "false", "undetermined"}
        assert all(int(line) > 0 for line in root.xpath("//x:location/@line", namespaces=XVRL))
        assert all(int(column) > 0 for column in root.xpath("//x:location/@column", namespaces=XVRL))
        assert all(href.isascii() and " " not in href for href in root.xpath("//@href"))
        assert datetime.fromisoformat(root.findtext("x:metadata/x:timestamp", namespaces=XVRL)).tzinfo

    @every_batch
    def test_digests_count_the_detections_beside_them(self, batch: ValidationReport) -> None:
        for parent in [*read(batch).findall("x:report", XVRL), read(batch)]:
            digest = parent.find("x:digest", XVRL)
            severities = parent.xpath(".//x:detection/@severity", namespaces=XVRL)
            for word in ("error", "warning", "info"):
                assert int(digest.get(f"{word}-count")) == severities.count(word)
            worst = [word for word in ("error", "warning", "info") if word in severities]
            assert digest.get("worst") == (worst[0] if worst else "nothing")


class TestContents:
    def test_a_detection_in_full(self) -> None:
        detection = read(make_batch(WRONG)).find("x:report/x:detection", XVRL)

        assert dict(detection.attrib) == {
            "severity": "error",
            "code": "xsd.value-length",
            f"{{{XVRL['ozg']}}}reference": "BR-DE-15",
        }
        assert dict(detection.find("x:location", XVRL).attrib) == {
            "href": "eingang/falsch.xml",
            "line": "47",
            "column": "9",
            "xpath": "/antrag/antragsteller/name",
        }
        assert detection.findtext("x:supplemental/ozg:hint", namespaces=XVRL) == "Kürzen oder ergänzen Sie den Wert."

    def test_steps_acceptance_and_what_is_not_listed_are_told_in_our_own_words(self) -> None:
        told = read(make_batch(WRONG)).find("x:report/x:metadata/x:supplemental/ozg:document", XVRL)

        assert told.get("verdict") == "invalid"
        assert told.find("ozg:acceptance", XVRL).get("state") == "refused"
        assert [step.get("state") for step in told.findall("ozg:step", XVRL)].count("absent") == 1
        assert dict(told.find("ozg:unlisted", XVRL).attrib) == {"rule": "xsd.value-length", "count": "1200"}

    @pytest.mark.parametrize(
        ("batch", "valid"),
        [(ALL_GOOD, "true"), (make_batch(WRONG), "false"), (MIXED, "false"), (EMPTY, "undetermined")],
    )
    def test_the_batch_is_as_valid_as_its_documents(self, batch: ValidationReport, valid: str) -> None:
        assert read(batch)[-1].get("valid") == valid

    def test_says_its_language(self) -> None:
        english = read(MIXED, Wording.load(Language.ENGLISH))

        assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
