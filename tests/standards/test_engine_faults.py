"""The list of the engines' faults: every entry has an example, and both engines still do what the entry says."""

from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from ozgflow.domain.rules import RULES
from ozgflow.standards.engine_faults import Effect, Engine, EngineFault, load_engine_faults
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.schema_files import SchemaTrouble, collect
from tests.standards.engines import Engines

EXAMPLES = Path(__file__).parent / "engine_faults"
FAULTS = load_engine_faults()
BY_CODE = {fault.code: fault for fault in FAULTS}
DOCUMENTS = sorted(EXAMPLES.glob("*/*.xml"))
WHO_ACCEPTS = {"only-libxml2-accepts": Engine.LIBXML2, "only-xmlschema-accepts": Engine.XMLSCHEMA}
ACCEPTED = [document for document in DOCUMENTS if document.stem in WHO_ACCEPTS]
AVOIDED = frozenset({"comments-as-children"})
"""Faults that the way in which xmlschema is asked does not meet."""
EFFECTS = {
    "libxml2-hides": Effect.HIDES,
    "libxml2-gives-up": Effect.GIVES_UP,
    "xmlschema-gives-up": Effect.GIVES_UP,
    "only-libxml2-compiles": Effect.NO_SCHEMA,
    "only-xmlschema-1.1-compiles": Effect.NO_SCHEMA,
}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _effect(document: Path) -> Effect:
    accepts = WHO_ACCEPTS.get(document.stem)
    if accepts is None:
        return EFFECTS[document.stem]
    return Effect.WRONG_VALID if accepts is BY_CODE[document.parent.name].engine else Effect.WRONG_INVALID


def test_every_entry_has_an_example_of_each_of_its_effects() -> None:
    shown = {code: {_effect(one) for one in DOCUMENTS if one.parent.name == code} for code in BY_CODE}

    assert {folder.name for folder in EXAMPLES.iterdir()} == set(BY_CODE)
    assert shown == {fault.code: set(fault.effects) for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_every_entry_is_complete(fault: EngineFault) -> None:
    assert fault.rules <= RULES.keys()
    assert fault.source
    assert f"libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}" in fault.seen
    assert f"xmlschema {xmlschema.__version__}" in fault.seen
    assert {language: text.endswith(".") for language, text in fault.title.items()} == {"de": True, "en": True}


@pytest.mark.parametrize("document", ACCEPTED, ids=_name)
def test_the_engine_still_has_its_fault(document: Path) -> None:
    schema = document.parent / "schema.xsd"
    root = etree.fromstring(document.read_bytes())

    by_libxml2 = etree.XMLSchema(etree.parse(schema)).validate(root)
    by_xmlschema = xmlschema.XMLSchema(schema).is_valid(root)

    assert by_libxml2 is (WHO_ACCEPTS[document.stem] is Engine.LIBXML2)
    assert by_xmlschema is (WHO_ACCEPTS[document.stem] is Engine.XMLSCHEMA)


@pytest.mark.parametrize("document", [one for one in ACCEPTED if BY_CODE[one.parent.name].rules], ids=_name)
def test_the_disagreement_is_recognised_and_the_right_engine_counts(document: Path) -> None:
    fault = BY_CODE[document.parent.name]

    disagreement = Engines(document.parent / "schema.xsd").compare(document.read_bytes())

    assert disagreement is not None
    assert [found.code for found in disagreement.faults] == [fault.code]
    right = None if fault.right is None else fault.right is WHO_ACCEPTS[document.stem]
    assert disagreement.valid is right


@pytest.mark.parametrize(
    "document",
    [one for one in ACCEPTED if not BY_CODE[one.parent.name].rules and one.parent.name not in AVOIDED],
    ids=_name,
)
def test_a_disagreement_that_is_not_recognised_leaves_the_document_unchecked(document: Path) -> None:
    disagreement = Engines(document.parent / "schema.xsd").compare(document.read_bytes())

    assert disagreement is not None
    assert disagreement.valid is None


@pytest.mark.parametrize("code", sorted(AVOIDED))
def test_some_faults_are_avoided_by_the_way_of_asking(code: str) -> None:
    [document] = (EXAMPLES / code).glob("*.xml")

    assert Engines(document.parent / "schema.xsd").compare(document.read_bytes()) is None


def test_libxml2_still_hides_what_comes_after_the_first_error() -> None:
    folder = EXAMPLES / "hidden-errors"
    data = (folder / "libxml2-hides.xml").read_bytes()
    engines = Engines(folder / "schema.xsd")

    found, opinion = engines.libxml2(data), engines.xmlschema(data)

    assert len(found.errors) == 1
    assert [error.rule for error in opinion.errors] == ["xsd.element-unexpected", "xsd.value-type", "xsd.value-type"]


def test_libxml2_still_gives_up_on_a_pattern_with_many_readings() -> None:
    folder = EXAMPLES / "backtracking-limit"
    schema = etree.XMLSchema(etree.parse(folder / "schema.xsd"))

    with pytest.raises(etree.XMLSchemaValidateError):
        schema.validate(etree.parse(folder / "libxml2-gives-up.xml"))


@pytest.mark.parametrize("code", ["very-late-years", "unknown-xsi-type"])
def test_xmlschema_still_gives_up(code: str) -> None:
    folder = EXAMPLES / code
    data = (folder / "xmlschema-gives-up.xml").read_bytes()

    opinion = Engines(folder / "schema.xsd").xmlschema(data)

    assert opinion.valid is None
    assert opinion.reason is not None
    assert opinion.reason.code == "second-opinion.gave-up"


def test_a_schema_that_only_libxml2_takes_leaves_xmlschema_without_one() -> None:
    folder = EXAMPLES / "faulty-patterns"

    opinion = Engines(folder / "schema.xsd").xmlschema(b"<wert>a</wert>")

    assert opinion.valid is None
    assert opinion.reason is not None
    assert opinion.reason.code == "second-opinion.no-schema"


def test_libxml2_still_does_not_know_version_1_1_of_xsd() -> None:
    schema = EXAMPLES / "xsd-1.1" / "schema.xsd"

    with pytest.raises(SchemaTrouble):
        compile_schema(collect(schema, {}))

    assert xmlschema.XMLSchema11(schema).is_valid(schema.with_name("only-xmlschema-1.1-compiles.xml"))
