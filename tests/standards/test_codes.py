"""Codes: the four types of XÖV, versions, lists that are missing, and a memory that makes no wrong code right."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozgflow.domain.code_lists import CodeList
from ozgflow.domain.findings import Report, StepState, Verdict
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.rules import Severity, Step
from ozgflow.standards.bundles import Bundle, BundleCatalogue, bundle_for_schema
from ozgflow.standards.code_places import DeclaredList, declared_lists
from ozgflow.standards.genericode import read_code_list
from ozgflow.standards.schema_files import collect
from ozgflow.standards.validator import Validator
from tests.standards.published import code_list
from tests.standards.schemas import element, root_of, write

WORDING = Wording.load()
URI = "urn:probe:farbe"
MARK = "Geheimnis"
_CODE = '<xs:complexType name="Code"><xs:sequence>{code}</xs:sequence>{uri}{version}</xs:complexType>'
_ENUMERATED = (
    '<xs:element name="code"><xs:simpleType><xs:restriction base="xs:token"><xs:enumeration value="rot"/>'
    '<xs:enumeration value="blau"/></xs:restriction></xs:simpleType></xs:element>'
)
_TOKEN = element("code", "xs:token")


def _attribute(name: str, fixed: str = "") -> str:
    told = f' fixed="{fixed}"' if fixed else ""
    return f'<xs:attribute name="{name}" type="xs:token"{told}/>'


def code_type(number: int, uri: str = URI, version: str = "1", name: str = "Code") -> str:
    """The type of a code as XÖV numbers them."""
    kind = _CODE.replace('name="Code"', f'name="{name}"')
    return kind.format(
        code=_ENUMERATED if number == 1 else _TOKEN,
        uri=_attribute("listURI", uri if number < 4 else ""),
        version=_attribute("listVersionID", version if number < 3 else ""),
    )


def _bundle(folder: Path, body: str, *lists: Path, binding: bool = True) -> Bundle:
    schema = write(folder, "s.xsd", body + root_of('<xs:any maxOccurs="9" processContents="lax"/>'))
    return replace(bundle_for_schema(schema), code_lists=lists, binding=binding)


def _validator(bundle: Bundle, directory: KeyDirectory | None = None) -> Validator:
    return Validator(BundleCatalogue(bundles=(bundle,)), directory=directory or KeyDirectory())


def _of_type(folder: Path, number: int, *, binding: bool = True) -> Validator:
    lists = [code_list(folder, "farbe", version, *codes) for version, codes in LISTS.items()]
    return _validator(_bundle(folder, code_type(number) + element("f", "Code"), *lists, binding=binding))


LISTS = {"1": ("rot", "blau"), "2": ("rot", "gelb")}


def _document(code: str, uri: str | None = None, version: str | None = None) -> bytes:
    told = (f' listURI="{uri}"' if uri else "") + (f' listVersionID="{version}"' if version else "")
    return f"<r><f{told}><code>{code}</code></f></r>".encode()


def _told(report: Report) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in report.findings]


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("number", "uri", "version", "code", "told"),
    [
        (1, None, None, "rot", []),
        (1, URI, "1", "blau", []),
        (1, None, None, "gelb", [("xsd.value-enumeration", E)]),
        (2, None, None, "blau", []),
        (2, URI, "1", "blau", []),
        (2, None, None, "gelb", [("codes.unknown-code", E)]),
        (2, URI, "1", "gelb", [("codes.unknown-code", E)]),
        (2, URI, "2", "gelb", [("xsd.list-version", E)]),
        (3, None, "2", "gelb", []),
        (3, URI, "2", " gelb ", []),
        (3, None, "2", "blau", [("codes.unknown-code", E)]),
        (3, None, "1", "blau", [("codes.stale-version", W)]),
        (3, None, "1", "gelb", [("codes.stale-version", W), ("codes.unknown-code", E)]),
        (3, None, "0", "gelb", [("codes.stale-version", E)]),
        (3, None, "9", "gelb", [("codes.unknown-version", E)]),
        (3, None, None, "gelb", [("codes.no-version", W)]),
        (3, None, None, "grau", [("codes.no-version", W), ("codes.unknown-code", E)]),
        (4, URI, "2", "gelb", []),
        (4, URI, "2", "GELB", [("codes.unknown-code", E)]),
        (4, URI, "2", "", [("codes.unknown-code", E)]),
        (4, "urn:probe:form", "1", "rund", [("codes.no-list", E)]),
        (4, None, None, "irgendwas", []),
        (4, None, "2", "irgendwas", []),
    ],
)
def test_each_type_of_code_is_held_to_its_list(  # noqa: PLR0917 - a table
    tmp_path: Path, number: int, uri: str | None, version: str | None, code: str, told: list[tuple[str, Severity]]
) -> None:
    validator = _of_type(tmp_path, number)
    data = _document(code, uri, version)

    first, second = validator.check(data), validator.check(data)

    assert _told(first) == told
    assert second == first


@pytest.mark.parametrize(
    ("uri", "version", "code", "told", "verdict"),
    [
        (URI, "2", "grau", [("codes.unknown-code", W)], Verdict.VALID),
        (URI, "0", "gelb", [("codes.stale-version", W)], Verdict.VALID),
        (URI, "9", "gelb", [("codes.unknown-version", W)], Verdict.VALID),
        (URI, None, "gelb", [("codes.no-version", W)], Verdict.VALID),
        ("urn:probe:form", "1", "rund", [("codes.no-list", N)], Verdict.VALID),
    ],
)
def test_lists_that_nobody_has_confirmed_make_no_document_invalid(  # noqa: PLR0917 - a table
    tmp_path: Path,
    uri: str,
    version: str | None,
    code: str,
    told: list[tuple[str, Severity]],
    verdict: Verdict,
) -> None:
    report = _of_type(tmp_path, 4, binding=False).check(_document(code, uri, version))

    assert (_told(report), report.verdict) == (told, verdict)


def test_a_list_that_is_missing_leaves_the_document_unchecked(tmp_path: Path) -> None:
    report = _of_type(tmp_path, 4).check(_document("rund", "urn:probe:form", "1"))

    assert report.verdict is Verdict.UNCHECKED


def test_a_list_that_cannot_be_read_leaves_the_document_unchecked(tmp_path: Path) -> None:
    broken = tmp_path / "kaputt.xml"
    broken.write_text("<gc:CodeList", encoding="utf-8")
    validator = _validator(_bundle(tmp_path, code_type(3) + element("f", "Code"), broken, binding=False))

    report = validator.check(_document("rot", None, "1"))

    assert report.verdict is Verdict.UNCHECKED
    assert "codes.broken" in report.counts
    assert {one.step: one.state for one in report.proof.steps}[Step.CODES] is StepState.STOPPED


def test_codes_that_were_compared_are_counted(tmp_path: Path) -> None:
    validator = _of_type(tmp_path, 3)
    data = b"<r>" + b'<f listVersionID="2"><code>rot</code></f>' * 5 + b"<code>frei</code></r>"

    counted = [{one.step: one.checked for one in validator.check(data).proof.steps}[Step.CODES] for _ in range(3)]

    assert counted == [5, 5, 5]


def test_the_schema_asks_for_an_older_version_so_the_document_may_have_it(tmp_path: Path) -> None:
    report = _of_type(tmp_path, 2).check(_document("blau", URI, "1"))

    assert (report.verdict, dict(report.counts)) == (Verdict.VALID, {})


# --- lists of keys --------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 1)
DIRECTORY = KeyDirectory(
    services=frozenset({"99010014001001"}),
    services_as_of=DAY,
    municipalities={"120540000000": "12054000"},
    municipalities_as_of=DAY,
    lands=frozenset({"12"}),
)
LEIKA = "urn:de:fim:leika:leistung"
ARS = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"


@pytest.mark.parametrize(
    ("uri", "code", "rules"),
    [
        (LEIKA, "99010014001001", []),
        (LEIKA, "99010014001002", ["key.leika-unknown"]),
        (LEIKA, "9901", ["key.leika-malformed"]),
        (ARS, "120540000000", []),
        (ARS, "120540000001", ["key.ars-unknown"]),
        (ARS, "x", ["key.ars-malformed"]),
    ],
)
def test_a_code_of_a_list_of_keys_is_a_key(tmp_path: Path, uri: str, code: str, rules: list[str]) -> None:
    validator = _validator(_bundle(tmp_path, code_type(4) + element("f", "Code")), DIRECTORY)
    data = _document(code, uri, "2026-04")

    reports = [validator.check(data) for _ in range(3)]

    assert [finding.rule for finding in reports[0].findings] == rules
    assert reports[0] == reports[1] == reports[2]


def test_a_right_key_of_one_list_is_not_right_in_another(tmp_path: Path) -> None:
    validator = _validator(_bundle(tmp_path, code_type(4) + element("f", "Code")), DIRECTORY)
    validator.check(_document("99010014001001", LEIKA, "1"))

    assert "key.ars-malformed" in validator.check(_document("99010014001001", ARS, "1")).counts


# --- the memory -----------------------------------------------------------------------------------------------------


def _two_lists(folder: Path) -> Validator:
    """Elements of one name under two parents, with a list each; and one whose document names the list."""
    kinds = code_type(3, "urn:probe:farbe", name="Farbe") + code_type(3, "urn:probe:form", name="Form")
    places = "".join(
        f'<xs:element name="{parent}"><xs:complexType><xs:sequence>{element("art", kind)}</xs:sequence>'
        "</xs:complexType></xs:element>"
        for parent, kind in (("p", "Farbe"), ("q", "Form"), ("o", "Code"))
    )
    lists = (code_list(folder, "farbe", "1", "rot", "rund"), code_list(folder, "form", "1", "rund", "eckig"))
    return _validator(_bundle(folder, code_type(4) + kinds + places, *lists))


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document of some codes."""
    text = ""
    for _ in range(draw(st.integers(1, 4))):
        parent = draw(st.sampled_from("pqo"))
        own = {"p": "urn:probe:farbe", "q": "urn:probe:form"}.get(parent)
        uri = draw(st.sampled_from([None, own])) if own else draw(st.sampled_from([None, URI, "urn:probe:form"]))
        version = draw(st.sampled_from([None, "1", "1", "0"]))
        code = draw(st.sampled_from(["rot", "rund", "eckig", "grau", " rot "]))
        told = (f' listURI="{uri}"' if uri else "") + (f' listVersionID="{version}"' if version else "")
        text += f"<{parent}><art{told}><code>{code}</code></art></{parent}>"
    return f"<r>{text}</r>".encode()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(documents(), max_size=4), document=documents())
def test_a_validator_that_has_seen_other_codes_says_what_a_fresh_one_says(
    tmp_path_factory: pytest.TempPathFactory, before: list[bytes], document: bytes
) -> None:
    used = _two_lists(tmp_path_factory.mktemp("used"))
    fresh = Validator(used.catalogue, directory=KeyDirectory())

    used.check_all(before)

    assert used.check(document) == fresh.check(document)


# --- secrecy --------------------------------------------------------------------------------------------------------


def _texts(sentence: Message) -> str:
    return WORDING.render(sentence) + repr(sentence)


@pytest.mark.parametrize("binding", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("place", ["code", "uri", "version"])
def test_no_value_of_the_document_is_told(tmp_path: Path, number: int, place: str, *, binding: bool) -> None:
    values = {"code": "rot", "uri": URI, "version": "2"} | {place: MARK}

    report = _of_type(tmp_path, number, binding=binding).check(_document(**values))

    assert report.findings
    for finding in report.findings:
        assert MARK not in _texts(finding.message) + _texts(finding.hint) + finding.path


def test_a_list_that_only_the_document_names_is_not_named(tmp_path: Path) -> None:
    validator = _of_type(tmp_path, 4)

    (finding,) = validator.check(_document("rot", f"urn:{MARK}", "1")).findings

    assert MARK not in _texts(finding.message)


def test_a_missing_list_that_the_schema_names_is_named(tmp_path: Path) -> None:
    validator = _validator(_bundle(tmp_path, code_type(3) + element("f", "Code")))

    (finding,) = validator.check(_document("rot", None, "1")).findings

    assert (finding.rule, finding.path) == ("codes.no-list", "/r/f")
    assert URI in WORDING.render(finding.message)


# --- what the schema says -------------------------------------------------------------------------------------------


def _declared(folder: Path, body: str) -> dict[str, set[DeclaredList]]:
    found = declared_lists(collect(write(folder, "s.xsd", body), {}).roots.values())
    return {name: set(lists) for name, lists in found.items()}


@pytest.mark.parametrize(
    ("number", "declared"),
    [
        (1, {DeclaredList(uri=URI, version="1", enumerated=True)}),
        (2, {DeclaredList(uri=URI, version="1")}),
        (3, {DeclaredList(uri=URI)}),
        (4, None),
    ],
)
def test_the_schema_says_of_which_list_codes_are(
    tmp_path: Path, number: int, declared: set[DeclaredList] | None
) -> None:
    assert _declared(tmp_path, code_type(number) + element("f", "Code")).get("f") == declared


def test_the_nearest_declaration_counts(tmp_path: Path) -> None:
    closer = (
        '<xs:complexType name="Closer"><xs:complexContent><xs:restriction base="Code"><xs:sequence>'
        f"{_TOKEN}</xs:sequence>{_attribute('listURI', URI)}{_attribute('listVersionID', '2')}"
        "</xs:restriction></xs:complexContent></xs:complexType>"
    )

    found = _declared(tmp_path, code_type(3) + closer + element("f", "Code") + element("g", "Closer"))

    assert (found["f"], found["g"]) == ({DeclaredList(uri=URI)}, {DeclaredList(uri=URI, version="2")})


def test_a_name_that_is_declared_in_two_ways_has_both(tmp_path: Path) -> None:
    kinds = code_type(3, name="A") + code_type(2, "urn:probe:form", name="B")
    inner = root_of(element("f", "B"))

    found = _declared(tmp_path, kinds + element("f", "A") + inner)

    assert found["f"] == {DeclaredList(uri=URI), DeclaredList(uri="urn:probe:form", version="1")}


def test_a_list_is_read_as_it_is_published(tmp_path: Path) -> None:
    path = code_list(tmp_path, "farbe", "1", "rot", "blau")

    assert read_code_list(path) == CodeList(
        uri=URI, version="1", title="farbe", codes=frozenset({"rot", "blau"}), file=path.name
    )


def test_types_of_one_name_in_two_namespaces_keep_their_lists(tmp_path: Path) -> None:
    kinds = code_type(3, "urn:probe:form", name="Art").replace('type="Code"', 'type="b:Code"')
    write(tmp_path, "b.xsd", kinds + element("g", "b:Art"), 'targetNamespace="urn:b" xmlns:b="urn:b"')
    lists = (code_list(tmp_path, "farbe", "1", "rot"), code_list(tmp_path, "form", "1", "rund"))
    body = '<xs:import namespace="urn:b" schemaLocation="b.xsd"/>' + code_type(3, name="Art")
    body += root_of(element("f", "Art"), '<xs:element ref="b:g"/>')
    schema = write(tmp_path, "s.xsd", body, 'xmlns:b="urn:b"')
    validator = _validator(replace(bundle_for_schema(schema), code_lists=lists, binding=True))
    told = 'listVersionID="1"'
    document = f'<r><f {told}><code>{{}}</code></f><b:g xmlns:b="urn:b" {told}><code>{{}}</code></b:g></r>'

    right, wrong = (validator.check(document.format(*codes).encode()) for codes in (("rot", "rund"), ("rund", "rot")))

    assert dict(right.counts) == {}
    assert dict(wrong.counts) == {"codes.unknown-code": 2}
