"""What bundles a source holds: entries, documents, names, and files, found as a person would find them."""

from pathlib import Path

import pytest

from ozgflow.domain.messages import Message, Wording
from ozgflow.errors import UsageError
from ozgflow.standards.declared_names import carries_version, declared_names, slug, version_in
from ozgflow.standards.discovery import Found, discover
from ozgflow.standards.rivals import are_rivals
from ozgflow.standards.schema_graph import read_graph
from tests.standards.published import about, code_list, standard
from tests.standards.schemas import element, root_of, write

GERMAN = Wording.load()
NAMESPACE = 'targetNamespace="urn:probe:x:1.0" xmlns="urn:probe:x:1.0"'


def _only(folder: Path, *entries: str) -> Found:
    (found,) = discover(folder.resolve(), entries)
    return found


def _include(name: str) -> str:
    return f'<xs:include schemaLocation="{name}"/>'


def _import(address: str, namespace: str = "urn:fremd") -> str:
    return f'<xs:import namespace="{namespace}" schemaLocation="{address}"/>'


def _foreign(folder: Path, name: str, namespace: str = "urn:fremd") -> Path:
    kind = '<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>'
    return write(folder, name, kind, f'targetNamespace="{namespace}"')


def _why(found: Found) -> str:
    assert isinstance(found.trouble, Message)
    return GERMAN.render(found.trouble)


def _entries(found: Found) -> dict[str, tuple[str, ...]]:
    return {entry.schema.name: entry.roots for entry in found.bundle.entries}


def test_the_file_that_nobody_refers_to_is_the_entry(tmp_path: Path) -> None:
    write(tmp_path, "haupt.xsd", _include("teil.xsd"), NAMESPACE)
    write(tmp_path, "teil.xsd", element("probe", "xs:int"), NAMESPACE)

    found = _only(tmp_path)

    assert _entries(found) == {"haupt.xsd": ("probe",)}
    assert found.bundle.entries[0].namespace == "urn:probe:x:1.0"
    assert [path.name for path in found.files] == ["haupt.xsd", "teil.xsd"]


def test_a_file_without_elements_is_no_entry(tmp_path: Path) -> None:
    standard(tmp_path)
    _foreign(tmp_path, "bibliothek.xsd")

    assert _entries(_only(tmp_path)) == {"xprobe.xsd": ("probe",)}


def test_several_message_schemas_of_one_namespace_are_one_bundle(tmp_path: Path) -> None:
    write(tmp_path, "eins.xsd", element("a", "xs:int") + element("b", "xs:int"), NAMESPACE)
    write(tmp_path, "zwei.xsd", element("c", "xs:int"), NAMESPACE)

    assert _entries(_only(tmp_path)) == {"eins.xsd": ("a", "b"), "zwei.xsd": ("c",)}


def test_a_schema_whose_elements_others_have_too_is_left_out(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path, f"{name}.xsd", element(name, "xs:int"), NAMESPACE)
    write(tmp_path, "gross.xsd", _include("a.xsd") + _include("b.xsd"), NAMESPACE)
    write(tmp_path, "klein.xsd", _include("b.xsd"), NAMESPACE)
    write(tmp_path, "quer.xsd", _include("b.xsd") + _include("c.xsd"), NAMESPACE)

    assert _entries(_only(tmp_path)) == {"gross.xsd": ("a", "b"), "quer.xsd": ("c",)}


def test_two_namespaces_of_one_version_in_one_folder_are_one_bundle(tmp_path: Path) -> None:
    for name in ("Rechnung", "Gutschrift"):
        write(
            tmp_path / "probe-2.1" / "maindoc",
            f"{name}.xsd",
            element(name, "xs:int"),
            f'targetNamespace="urn:{name}-2" version="2.1"',
        )

    found = _only(tmp_path)

    assert _entries(found) == {"Gutschrift.xsd": ("Gutschrift",), "Rechnung.xsd": ("Rechnung",)}
    assert found.bundle.name == "probe/2.1"


def test_versions_in_folders_beside_each_other_are_bundles_of_their_own(tmp_path: Path) -> None:
    for version in ("1.0", "2.0"):
        standard(tmp_path / f"xprobe_{version}", version=version)
        code_list(tmp_path / f"xprobe_{version}" / "codelisten", version=version)
    code_list(tmp_path / "gemeinsam", "form")

    found = {one.bundle.name: one for one in discover(tmp_path)}

    assert list(found) == ["xprobe/1.0", "xprobe/2.0"]
    for version in ("1.0", "2.0"):
        lists = [path.name for path in found[f"xprobe/{version}"].bundle.code_lists]
        assert lists == ["form_1.xml", f"farbe_{version}.xml"]


def test_files_of_one_standard_in_several_folders_are_one_bundle(tmp_path: Path) -> None:
    standard(tmp_path / "anfragen", root="frage")
    standard(tmp_path / "antworten", root="antwort")

    assert sorted(root for entry in _only(tmp_path).bundle.entries for root in entry.roots) == ["antwort", "frage"]


def test_an_entry_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    write(tmp_path, "haupt.xsd", _include("teil.xsd") + element("h", "xs:int"), NAMESPACE)
    write(tmp_path, "teil.xsd", element("t", "xs:int"), NAMESPACE)

    assert _entries(_only(tmp_path, "teil.xsd")) == {"teil.xsd": ("t",)}


def test_an_entry_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    standard(tmp_path)

    with pytest.raises(UsageError, match=r"bundles\.no-entry"):
        discover(tmp_path, ["fehlt.xsd"])


def test_a_folder_without_schemas_is_wrong_use(tmp_path: Path) -> None:
    code_list(tmp_path)

    with pytest.raises(UsageError, match=r"bundles\.nothing"):
        discover(tmp_path)


def test_schemas_that_refer_to_each_other_in_a_circle_are_found(tmp_path: Path) -> None:
    write(tmp_path, "a.xsd", _include("b.xsd") + element("a", "xs:int"), NAMESPACE)
    write(tmp_path, "b.xsd", _include("a.xsd") + element("b", "xs:int"), NAMESPACE)

    assert _entries(_only(tmp_path)) == {"a.xsd": ("a", "b")}


def test_what_a_missing_file_is_wanted_by_is_said(tmp_path: Path) -> None:
    write(tmp_path, "haupt.xsd", _include("teil.xsd") + element("h", "xs:int"), NAMESPACE)

    assert _why(_only(tmp_path)) == "die Datei teil.xsd, die haupt.xsd braucht, fehlt oder ist nicht lesbar"


def test_a_file_outside_the_source_is_not_read(tmp_path: Path) -> None:
    _foreign(tmp_path, "fremd.xsd")
    write(tmp_path / "drin", "haupt.xsd", _import("../fremd.xsd") + element("h", "xs:int"), NAMESPACE)

    assert "außerhalb" in _why(_only(tmp_path / "drin"))


def test_a_needed_file_that_is_no_xml_is_named(tmp_path: Path) -> None:
    write(tmp_path, "haupt.xsd", _include("teil.xsd") + element("h", "xs:int"), NAMESPACE)
    (tmp_path / "teil.xsd").write_text("<xs:schema", encoding="utf-8")

    assert "teil.xsd" in _why(_only(tmp_path))


def test_a_broken_file_that_nobody_needs_does_not_matter(tmp_path: Path) -> None:
    standard(tmp_path)
    (tmp_path / "entwurf.xsd").write_text("<xs:schema", encoding="utf-8")

    assert _only(tmp_path).trouble is None


def test_a_remote_import_nobody_has_is_named_with_its_address(tmp_path: Path) -> None:
    address = "https://schemata.example/fremd.xsd"
    write(tmp_path, "haupt.xsd", _import(address) + element("h", "xs:int"), NAMESPACE)

    assert _why(_only(tmp_path)) == f"haupt.xsd braucht {address}; dazu ist keine Datei hinterlegt"


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("bausteine/fremd.xsd", "https://schemata.example/tief/fremd.xsd"),
        ("bausteine/f4711.xsd", "https://schemata.example/fremd.xsd"),
        ("bausteine/f4711.xsd", "urn:fremd:schema"),
    ],
)
def test_a_remote_import_is_found_by_name_or_by_namespace(tmp_path: Path, file: str, address: str) -> None:
    target = _foreign(tmp_path, file)
    write(tmp_path / "xsd", "haupt.xsd", _import(address) + element("h", "xs:int"), NAMESPACE)

    assert _only(tmp_path).bundle.locations == {address: target.resolve()}


def test_of_two_files_of_a_namespace_nobody_guesses(tmp_path: Path) -> None:
    for name in ("f1.xsd", "f2.xsd"):
        _foreign(tmp_path, name)
    write(tmp_path, "haupt.xsd", _import("https://schemata.example/x.xsd") + element("h", "xs:int"), NAMESPACE)

    assert _only(tmp_path).trouble is not None


_CATALOGUE = '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">{}</catalog>'


@pytest.mark.parametrize(
    "entry",
    [
        '<uri name="https://schemata.example/1/a.xsd" uri="lokal/f1.xsd"/>',
        '<system systemId="https://schemata.example/1/a.xsd" uri="lokal/f1.xsd"/>',
        '<public publicId="https://schemata.example/1/a.xsd" uri="lokal/f1.xsd"/>',
        '<rewriteURI uriStartString="https://schemata.example/1/a" rewritePrefix="lokal/f1"/>',
        '<rewriteSystem systemIdStartString="https://schemata.example/1/a" rewritePrefix="lokal/f1"/>',
        '<group xml:base="lokal/"><uri name="https://schemata.example/1/a.xsd" uri="f1.xsd"/></group>',
        '<nextCatalog catalog="lokal/weiter.xml"/>',
    ],
)
def test_oasis_catalogues_are_understood(tmp_path: Path, entry: str) -> None:
    for name in ("f1.xsd", "f2.xsd"):
        _foreign(tmp_path / "lokal", name)
    (tmp_path / "catalog.xml").write_text(_CATALOGUE.format(entry), encoding="utf-8")
    nested = '<uri name="https://schemata.example/1/a.xsd" uri="f1.xsd"/><nextCatalog catalog="../catalog.xml"/>'
    (tmp_path / "lokal" / "weiter.xml").write_text(_CATALOGUE.format(nested), encoding="utf-8")
    address = "https://schemata.example/1/a.xsd"
    write(tmp_path / "xsd", "haupt.xsd", _import(address) + element("h", "xs:int"), NAMESPACE)

    assert _only(tmp_path).bundle.locations == {address: (tmp_path / "lokal" / "f1.xsd").resolve()}


def test_each_version_is_asked_for_its_own_catalogue(tmp_path: Path) -> None:
    address = "https://schemata.example/a.xsd"
    for version in ("1.0", "2.0"):
        folder = tmp_path / version
        _foreign(folder, f"f{version}.xsd", f"urn:fremd:{version}")
        entry = f'<uri name="{address}" uri="f{version}.xsd"/>'
        (folder / "catalog.xml").write_text(_CATALOGUE.format(entry), encoding="utf-8")
        standard(folder, version=version, body=_import(address, f"urn:fremd:{version}") + element("h", "xs:int"))

    found = {one.bundle.version: one.bundle.locations[address].name for one in discover(tmp_path)}

    assert found == {"1.0": "f1.0.xsd", "2.0": "f2.0.xsd"}


def test_documents_stay_behind_and_licences_come_along(tmp_path: Path) -> None:
    standard(tmp_path / "xsd")
    lists = code_list(tmp_path / "codelisten")
    (tmp_path / "LICENSE.txt").write_text("frei", encoding="utf-8")
    (tmp_path / "beispiel.xml").write_text('<probe xmlns="urn:probe:xprobe:1.0">1</probe>', encoding="utf-8")
    (tmp_path / "regeln.sch").write_text("<x/>", encoding="utf-8")

    found = _only(tmp_path)

    assert [path.name for path in found.files] == ["LICENSE.txt", "farbe_1.xml", "xprobe.xsd"]
    assert found.bundle.code_lists == (lists,)
    assert [path.name for path in found.unused] == ["regeln.sch"]


def test_a_list_without_codes_is_no_code_list_for_checks(tmp_path: Path) -> None:
    standard(tmp_path)
    path = code_list(tmp_path)
    path.write_text(path.read_text("utf-8").replace("SimpleCodeList>", "Fremd>"), encoding="utf-8")

    assert _only(tmp_path).bundle.code_lists == ()


def _versioned(fixed: str = 'fixed="3.5"', use: str = 'use="required"') -> str:
    return root_of(element("a", "xs:int"), attributes=f'<xs:attribute name="probeVersion" {fixed} {use}/>')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_versioned(), "probeVersion"),
        (_versioned(use=""), ""),
        (_versioned(fixed=""), ""),
        (_versioned(fixed='fixed="3.4"'), ""),
        (_versioned() + element("ohne", "xs:int"), ""),
    ],
)
def test_the_version_attribute_is_used_where_every_root_has_it(tmp_path: Path, body: str, expected: str) -> None:
    write(tmp_path, "x.xsd", about("xprobe", "3.5") + body, 'targetNamespace="http://probe.example"')

    assert _only(tmp_path).bundle.version_attribute == expected


def test_the_version_attribute_is_found_in_the_type_that_a_root_extends(tmp_path: Path) -> None:
    body = (
        '<xs:complexType name="Basis"><xs:attribute name="version" fixed="3.5" use="required"/></xs:complexType>'
        '<xs:element name="r"><xs:complexType><xs:complexContent><xs:extension base="p:Basis"/></xs:complexContent>'
        "</xs:complexType></xs:element>"
    )
    attributes = 'targetNamespace="http://probe.example" xmlns:p="http://probe.example" version="3.5"'
    write(tmp_path, "x.xsd", body, attributes)

    assert _only(tmp_path).bundle.version_attribute == "version"


def test_a_namespace_with_the_version_needs_no_attribute(tmp_path: Path) -> None:
    write(tmp_path, "x.xsd", about("xprobe", "3.5") + _versioned(), 'targetNamespace="http://probe.example/v3_5"')

    assert _only(tmp_path).bundle.version_attribute == ""


@pytest.mark.parametrize(
    ("namespace", "version"),
    [
        ("urn:xoev-de:xprobe:schema:2.4.0", "2.4.0"),
        ("https://git.example/xprobe/main/V1_0_0", "1.0.0"),
        ("urn:oasis:names:Invoice-2", "2"),
        ("http://www.xprobe.example", ""),
        ("urn:probe:abc16931", ""),
    ],
)
def test_the_version_is_read_from_a_namespace(namespace: str, version: str) -> None:
    assert version_in(namespace) == version
    assert not version or carries_version(namespace, version)


def test_a_longer_number_does_not_carry_a_shorter_version() -> None:
    assert not carries_version("urn:probe:11.0", "1.0")
    assert not carries_version("urn:probe:1.01", "1.0")


def test_names_are_written_small_and_without_umlauts() -> None:
    assert slug("Prüfung der Größe (UBL)") == "pruefung-der-groesse-ubl"


@pytest.mark.parametrize(
    ("head", "attributes", "folder", "expected"),
    [
        (about("xprobe", "1.2", "Die Probe"), 'version="9"', "egal_8", ("xprobe", "1.2", "Die Probe")),
        ("", 'version="9.1"', "probe_8.0", ("probe", "9.1", "probe")),
        ("", 'targetNamespace="urn:probe:7.0"', "probe_8.0", ("probe", "7.0", "probe")),
        ("", "", "probe-8.0/xsd", ("probe", "8.0", "probe")),
        ("", "", "en16931", ("en16931", "1", "en16931")),
    ],
)
def test_names_come_from_the_standard_itself_before_folders(
    tmp_path: Path, head: str, attributes: str, folder: str, expected: tuple[str, str, str]
) -> None:
    path = write(tmp_path / folder, "a.xsd", head + element("a", "xs:int"), attributes)
    graph = read_graph(tmp_path, [path])

    names = declared_names(graph.parts(path), path.parent, tmp_path)

    assert (names.standard, names.version, names.title) == expected


def test_bundles_with_one_root_are_rivals_unless_something_tells_them_apart(tmp_path: Path) -> None:
    for number in (1, 2):
        body = root_of(attributes=f'<xs:attribute name="version" fixed="{number}.0" use="required"/>')
        write(tmp_path / f"mit_{number}.0", "x.xsd", body, f'targetNamespace="urn:p" version="{number}.0"')
        write(tmp_path / f"ohne_{number}.0", "x.xsd", root_of(), f'targetNamespace="urn:p" version="{number}.0"')

    bundles = {one.bundle.name: one.bundle for one in discover(tmp_path)}

    assert not are_rivals(bundles["mit/1.0"], bundles["mit/2.0"])
    assert are_rivals(bundles["ohne/1.0"], bundles["ohne/2.0"])
    assert are_rivals(bundles["mit/1.0"], bundles["ohne/1.0"])
