"""Adding, checking and removing bundles: whole or not at all, and never twice."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.messages import Message, Wording
from ozgflow.errors import DataError, UsageError
from ozgflow.jobs.bundle_adding import AddedBundle, Wishes, add_bundles, installed
from ozgflow.jobs.bundles import check_bundle, find_bundle, remove_bundle
from ozgflow.standards.bundle_folder import Addition
from ozgflow.standards.bundles import Bundle, BundleCatalogue, KeyPlaces, Recognised
from ozgflow.standards.parsing import Limits, parse_document
from tests.standards.published import code_list, configuration, everything, scenario, standard, zipped
from tests.standards.schemas import element, root_of, write

GERMAN = Wording.load()
SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A standard with a code list and rules that nobody has named."""
    folder = tmp_path / "quelle"
    standard(folder / "xsd")
    code_list(folder / "codelisten")
    (folder / "regeln.sch").write_text('<schema xmlns="http://purl.oclc.org/dsdl/schematron"/>', encoding="utf-8")
    (folder / "beispiel.xml").write_text("<probe/>", encoding="utf-8")
    return folder


@pytest.fixture
def added(tmp_path: Path) -> Path:
    """The folder of added bundles, not made yet."""
    return tmp_path / "home" / "bundles"


def _add(source: Path, added: Path, wishes: Wishes | None = None, *, may_replace: bool = False) -> list[AddedBundle]:
    return list(add_bundles(source, schemas=SCHEMAS, added=added, wishes=wishes, may_replace=may_replace))


def _additions(source: Path, added: Path, *, may_replace: bool = False) -> list[Addition | None]:
    return [one.addition for one in _add(source, added, may_replace=may_replace)]


def _refusals(found: list[AddedBundle]) -> list[str]:
    return [GERMAN.render(one.refused) for one in found if one.refused]


def _bundle(added: Path, name: str = "xprobe/1.0") -> Bundle:
    return find_bundle(installed(SCHEMAS, added), name)


def _why(bundle: Bundle) -> list[str]:
    return [GERMAN.render(trouble.reason) for trouble in check_bundle(bundle)]


def test_a_bundle_is_added_with_its_files_and_their_hashes_and_nothing_else(source: Path, added: Path) -> None:
    (one,) = _add(source, added)

    home = added / "xprobe" / "1.0"
    assert one.addition is Addition.ADDED
    assert one.unused == ("regeln.sch",)
    assert set(everything(home)) == {"catalog.toml", "xsd/xprobe.xsd", "codelisten/farbe_1.xml"}
    assert _bundle(added).hashes == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in everything(home).items()
        if name != "catalog.toml"
    }


def test_documents_of_an_added_bundle_are_recognised(source: Path, added: Path) -> None:
    _add(source, added)

    recognised = installed(SCHEMAS, added).recognise(
        etree.fromstring(b'<probe xmlns="urn:probe:xprobe:1.0">1</probe>')
    )

    assert isinstance(recognised, Recognised)
    assert recognised.bundle.name == "xprobe/1.0"


def test_a_zip_is_added_like_the_folder_in_it(source: Path, added: Path, tmp_path: Path) -> None:
    path = zipped(source, tmp_path / "xprobe_1.0.zip")

    assert _additions(source, added) == [Addition.ADDED]
    assert _additions(path, added) == [Addition.PRESENT]


def test_adding_the_same_again_changes_nothing(source: Path, added: Path) -> None:
    _add(source, added)
    before = {path: path.stat().st_mtime_ns for path in added.rglob("*") if path.is_file()}

    assert _additions(source, added) == [Addition.PRESENT]
    assert {path: path.stat().st_mtime_ns for path in added.rglob("*") if path.is_file()} == before


def test_another_content_under_the_same_name_is_refused_unless_it_may_replace(source: Path, added: Path) -> None:
    _add(source, added)
    before = everything(added)
    code_list(source / "codelisten", "farbe", "1", "rot", "gelb")

    refused = _refusals(_add(source, added))

    assert "--replace" in refused[0]
    assert everything(added) == before
    assert _additions(source, added, may_replace=True) == [Addition.REPLACED]
    assert b"gelb" in everything(added)["xprobe/1.0/codelisten/farbe_1.xml"]
    assert sorted(path.name for path in added.iterdir()) == [".ozgflow-lock", "xprobe"]


def test_a_bundle_harmed_since_is_not_taken_for_the_same(source: Path, added: Path) -> None:
    _add(source, added)
    (added / "xprobe" / "1.0" / "xsd" / "xprobe.xsd").write_text("<harm/>", encoding="utf-8")

    assert _additions(source, added, may_replace=True) == [Addition.REPLACED]
    assert _why(_bundle(added)) == []


def test_a_rehearsal_writes_nothing(source: Path, added: Path) -> None:
    (one,) = add_bundles(source, schemas=SCHEMAS, added=added, dry_run=True)

    assert (one.bundle.name, one.addition, one.refused) == ("xprobe/1.0", None, None)
    assert not added.exists()


def test_a_rehearsal_says_what_would_be_refused(tmp_path: Path, added: Path) -> None:
    standard(tmp_path / "quelle", body=element("r", "gibt-es-nicht"))

    (one,) = add_bundles(tmp_path / "quelle", schemas=SCHEMAS, added=added, dry_run=True)

    assert one.refused is not None
    assert one.refused.code == "schema.broken"


def test_what_the_operator_says_goes_before_what_the_source_says(source: Path, added: Path) -> None:
    wishes = Wishes(
        standard="Eigene Probe",
        version="2.0",
        title="Unsere Probe",
        licence="CC0-1.0",
        window=AcceptanceWindow(accepted_from=date(2026, 5, 1), accepted_until=date(2026, 6, 1)),
        binding=True,
        keys=KeyPlaces(ars=("ars",)),
        schematron=("regeln.sch",),
    )

    (one,) = _add(source, added, wishes)

    bundle = _bundle(added, "eigene-probe/2.0")
    assert (bundle.title, bundle.licence, bundle.binding) == ("Unsere Probe", "CC0-1.0", True)
    assert (bundle.window, bundle.keys) == (wishes.window, wishes.keys)
    assert [(rules.file.name, rules.title) for rules in bundle.rule_sets] == [("regeln.sch", "regeln")]
    assert one.unused == ()


def test_without_anybody_saying_it_the_licence_is_unknown_and_nothing_is_binding(source: Path, added: Path) -> None:
    _add(source, added)

    assert (_bundle(added).licence, _bundle(added).binding) == ("unbekannt", False)


@pytest.mark.parametrize("version", ["..", "1/2", "eins zwei", "."])
def test_a_version_that_is_no_name_of_a_folder_is_wrong_use(source: Path, added: Path, version: str) -> None:
    with pytest.raises(UsageError, match=r"bundles\.version-name"):
        _add(source, added, Wishes(version=version))


def test_a_rule_set_outside_the_source_is_wrong_use(source: Path, added: Path) -> None:
    (source.parent / "fremd.sch").write_text("<x/>", encoding="utf-8")

    with pytest.raises(UsageError, match=r"bundles\.no-rule-set"):
        _add(source, added, Wishes(schematron=("../fremd.sch",)))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (element("r", "gibt-es-nicht"), "xprobe.xsd"),
        (root_of(element("a", "xs:int"), attributes='<xs:assert test="true()"/>'), "XSD 1.1"),
        ('<xs:include schemaLocation="fehlt.xsd"/>' + element("r", "xs:int"), "fehlt.xsd"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_and_nothing_is_left(
    tmp_path: Path, added: Path, body: str, told: str
) -> None:
    standard(tmp_path / "quelle", body=body)

    refused = _refusals(_add(tmp_path / "quelle", added))

    assert told in refused[0]
    assert [path.name for path in added.iterdir()] == [".ozgflow-lock"]


def test_a_code_list_that_cannot_be_read_is_refused(source: Path, added: Path) -> None:
    path = source / "codelisten" / "farbe_1.xml"
    path.write_text(path.read_text("utf-8").replace("Identification>", "Fremd>"), encoding="utf-8")

    assert "farbe_1.xml" in _refusals(_add(source, added))[0]


def test_two_bundles_for_the_same_documents_are_refused_and_the_others_added(tmp_path: Path, added: Path) -> None:
    for folder in ("basis", "erweitert"):
        write(tmp_path / "q" / folder, "probe.xsd", element("p", "xs:int"), 'targetNamespace="urn:p" version="1.0"')
    standard(tmp_path / "q" / "anders")

    found = _add(tmp_path / "q", added)

    assert [one.bundle.name for one in found if one.addition] == ["xprobe/1.0"]
    assert len(_refusals(found)) == 2
    for sentence in _refusals(found):
        assert "basis/probe.xsd" in sentence
        assert "erweitert/probe.xsd" in sentence
        assert "--entry" in sentence


def test_one_of_two_rivals_is_added_when_it_is_named(tmp_path: Path, added: Path) -> None:
    for folder in ("basis", "erweitert"):
        write(tmp_path / "q" / folder, "probe.xsd", element("p", "xs:int"), 'targetNamespace="urn:p" version="1.0"')

    found = _add(tmp_path / "q", added, Wishes(entries=("basis/probe.xsd",)))

    assert [one.bundle.name for one in found if one.addition] == ["basis/1.0"]
    assert "basis/1.0" in _refusals(_add(tmp_path / "q" / "erweitert", added))[0]


def test_several_bundles_cannot_be_given_one_name(tmp_path: Path, added: Path) -> None:
    for version in ("1.0", "2.0"):
        standard(tmp_path / "q" / version, version=version)

    found = _add(tmp_path / "q", added, Wishes(version="3.0"))

    assert len(_refusals(found)) == 2
    assert not (added / "xprobe").exists()


def test_what_comes_with_ozgflow_is_not_added_again(added: Path) -> None:
    found = _add(SCHEMAS / "aufenthalt-antrag" / "1.0", added)

    assert "mitgeliefert" in _refusals(found)[0]


def test_scenarios_of_one_root_are_told_apart_by_their_expressions(tmp_path: Path, added: Path) -> None:
    standard(tmp_path / "q", body=element("probe", "xs:int"))
    configuration(
        tmp_path / "q", scenario("Eins 1.0", match="/p:probe = 1"), scenario("Zwei 1.0", match="/p:probe = 2")
    )
    _add(tmp_path / "q", added)

    document = etree.fromstring(b'<probe xmlns="urn:probe:xprobe:1.0">2</probe>')
    recognised = installed(SCHEMAS, added).recognise(document)

    assert isinstance(recognised, Recognised)
    assert recognised.bundle.name == "zwei/1.0"


def test_remote_addresses_lead_to_files_within_the_bundle(tmp_path: Path, added: Path) -> None:
    address = "https://schemata.example/fremd.xsd"
    kind = '<xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>'
    write(tmp_path / "q" / "teile", "fremd.xsd", kind, 'targetNamespace="urn:fremd"')
    imported = f'<xs:import namespace="urn:fremd" schemaLocation="{address}"/>'
    standard(tmp_path / "q" / "xsd", body=imported + '<xs:element name="r" type="f:T" xmlns:f="urn:fremd"/>')

    _add(tmp_path / "q", added)

    bundle = _bundle(added)
    assert [path.relative_to(bundle.folder).as_posix() for path in bundle.locations.values()] == ["teile/fremd.xsd"]
    assert _why(bundle) == []


def test_what_a_killed_process_left_is_cleared_away(source: Path, added: Path) -> None:
    (added / ".ozgflow-0123456789abcdef" / "xsd").mkdir(parents=True)

    _add(source, added)

    assert sorted(path.name for path in added.iterdir()) == [".ozgflow-lock", "xprobe"]


@pytest.mark.parametrize("moment", range(6))
def test_adding_may_be_killed_at_any_instant_and_run_again(
    source: Path, added: Path, tmp_path: Path, moment: int
) -> None:
    for number in range(40):
        code_list(source / "codelisten", f"liste{number}")
    script = (
        "from pathlib import Path; from ozgflow.jobs.bundle_adding import add_bundles; print(1, flush=True)\n"
        f"add_bundles(Path({str(source)!r}), schemas=Path({str(SCHEMAS)!r}), added=Path({str(added)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(1)
    time.sleep(moment * 0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    known = [bundle.name for bundle in installed(SCHEMAS, added).bundles if bundle.standard == "xprobe"]
    assert known == [] or _why(_bundle(added)) == []
    _add(source, added)

    assert _why(_bundle(added)) == []
    assert sorted(path.name for path in added.iterdir()) == [".ozgflow-lock", "xprobe"]


def test_a_folder_that_cannot_be_written_is_our_trouble(source: Path, tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("", encoding="utf-8")

    with pytest.raises(DataError, match=r"bundles\.unwritable"):
        _add(source, tmp_path / "datei" / "bundles")


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_file_that_has_changed_or_is_gone_is_found(source: Path, added: Path, harm: str) -> None:
    _add(source, added)
    path = added / "xprobe" / "1.0" / "codelisten" / "farbe_1.xml"
    if harm == "changed":
        path.write_bytes(path.read_bytes() + b"\n")
    else:
        path.unlink()

    why = _why(_bundle(added))

    assert "codelisten/farbe_1.xml" in why[0]


def test_a_sound_bundle_has_no_trouble() -> None:
    assert [_why(bundle) for bundle in installed(SCHEMAS, Path("fehlt")).bundles] == [[], []]


def test_rules_that_no_longer_compile_are_told(source: Path, added: Path) -> None:
    _add(source, added, Wishes(schematron=("regeln.sch",)))
    rules = next(added.rglob("regeln.sch"))
    rules.write_text("<schema", encoding="utf-8")

    troubles = check_bundle(_bundle(added))

    assert troubles[0].reason == Message("bundles.file-changed", {"file": "regeln.sch"})
    assert len(troubles) == 2


def test_rules_that_do_not_compile_are_not_added(source: Path, added: Path) -> None:
    rules = next(source.rglob("regeln.sch"))
    rules.write_text("<schema", encoding="utf-8")

    (refused,) = _add(source, added, Wishes(schematron=("regeln.sch",)))

    assert refused.refused is not None
    assert not list(added.rglob("catalog.toml"))


def test_a_removed_bundle_is_gone_with_its_folder(source: Path, added: Path) -> None:
    _add(source, added)

    remove_bundle("xprobe/1.0", schemas=SCHEMAS, added=added)

    assert [path.name for path in added.iterdir()] == [".ozgflow-lock"]
    assert installed(SCHEMAS, added).get("xprobe/1.0") is None


def test_removing_one_version_leaves_the_others(source: Path, added: Path, tmp_path: Path) -> None:
    _add(source, added)
    standard(tmp_path / "zwei", version="2.0")
    _add(tmp_path / "zwei", added)

    remove_bundle("xprobe/1.0", schemas=SCHEMAS, added=added)

    assert _bundle(added, "xprobe/2.0").version == "2.0"


def test_what_comes_with_ozgflow_is_not_removed(added: Path) -> None:
    with pytest.raises(UsageError, match=r"bundles\.comes-with"):
        remove_bundle("aufenthalt-antrag/1.0", schemas=SCHEMAS, added=added)


def test_an_unknown_name_is_answered_with_the_known_ones(added: Path) -> None:
    with pytest.raises(UsageError) as wrong:
        remove_bundle("gibtsnicht/1", schemas=SCHEMAS, added=added)

    assert wrong.value.params["known"] == "aufenthalt-antrag/1.0, aufenthalt-antrag/1.1"


PUBLISHED = ("xwasser", "xdomea", "xrechnung/xsd/ubl-2.1", "xrechnung/xsd/cii-facturx-extended")


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> BundleCatalogue:
    """The published standards, each added from its folder without any option."""
    folder = shared / "xoev"
    if not folder.is_dir():
        pytest.skip("the reference standards (../shared/xoev) are not beside the project")
    added = tmp_path_factory.mktemp("real") / "bundles"
    for name in PUBLISHED:
        assert all(one.addition for one in _add(folder / name, added))
    return installed(SCHEMAS, added)


def test_every_reference_document_is_recognised_without_being_told(shared: Path, real: BundleCatalogue) -> None:
    cases = json.loads((shared / "xoev" / "manifest.json").read_text("utf-8"))

    for case in cases:
        root = parse_document((shared / "xoev" / case["instance"]).read_bytes(), Limits())
        assert isinstance(root, etree._Element)
        recognised = real.recognise(root)
        assert isinstance(recognised, Recognised)
        assert recognised.entry is not None
        assert case["root"] in recognised.entry.roots
        assert case["standard"].lower() in (recognised.bundle.standard, "xrechnung")
    assert len(cases) == 50


def test_added_standards_need_nothing_of_what_they_came_from(real: BundleCatalogue) -> None:
    assert [_why(bundle) for bundle in real.bundles] == [[]] * len(real.bundles)
    for bundle in real.bundles:
        paths = [entry.schema for entry in bundle.entries] + [*bundle.locations.values(), *bundle.code_lists]
        assert all(path.resolve().is_relative_to(bundle.folder.resolve()) for path in paths)


def test_of_a_folder_with_two_profiles_of_one_invoice_the_rest_is_added(shared: Path, tmp_path: Path) -> None:
    folder = shared / "xoev" / "xrechnung"
    if not folder.is_dir():
        pytest.skip("the reference standards (../shared/xoev) are not beside the project")

    found = _add(folder, tmp_path / "bundles")

    assert [one.bundle.name for one in found if one.addition] == ["ubl/2.1"]
    assert all("Factur-X_EXTENDED.xsd" in sentence for sentence in _refusals(found))
