"""Hashes of bundles: they change with whatever decides about documents, and with nothing else."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.rules import Severity
from ozgflow.standards.bundles import AcceptanceTest, Bundle, Entry, KeyPlaces, RuleSet
from ozgflow.standards.digests import bundle_digest, verify
from ozgflow.standards.schema_files import SchemaTrouble
from tests.standards.published import code_list
from tests.standards.schemas import element, write

ADDRESS = "https://schemata.example/teil.xsd"


def _bundle(folder: Path) -> Bundle:
    """A bundle with something of everything."""
    write(folder / "teile", "teil.xsd", element("a", "xs:int"))
    schema = write(folder, "haupt.xsd", f'<xs:include schemaLocation="{ADDRESS}"/>')
    for name in ("r.sch", "basis.xsl", "bericht.xslt"):
        (folder / "regeln").mkdir(exist_ok=True)
        (folder / "regeln" / name).write_text("<x/>", encoding="utf-8")
    return Bundle(
        standard="probe",
        version="1.0",
        title="Probe",
        folder=folder,
        entries=(Entry(schema=schema, namespace="", roots=("a",)),),
        locations={ADDRESS: folder / "teile" / "teil.xsd"},
        code_lists=(code_list(folder, "farbe", "1", "rot"),),
        rule_sets=(RuleSet(file=folder / "regeln" / "r.sch", levels={"R1": Severity.NOTE}),),
        acceptance=AcceptanceTest(expression="true()", stylesheet=folder / "regeln" / "bericht.xslt"),
    )


def test_the_hash_is_that_of_the_same_bundle_anywhere(tmp_path: Path) -> None:
    here, there = _bundle(tmp_path / "hier"), _bundle(tmp_path / "dort" / "tief" / "unten")

    assert bundle_digest(here) == bundle_digest(there)
    assert len(bundle_digest(here)) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: replace(bundle, title="Anders"),
        lambda bundle: replace(bundle, licence="CC0-1.0", source="Musterbehörde"),
        lambda bundle: replace(bundle, window=AcceptanceWindow(accepted_until=date(2026, 1, 1))),
        lambda bundle: replace(bundle, rule_sets=(replace(bundle.rule_sets[0], title="Regeln"),)),
    ],
    ids=["title", "licence", "days", "title of rules"],
)
def test_what_decides_about_no_document_does_not_change_the_hash(
    tmp_path: Path, change: Callable[[Bundle], Bundle]
) -> None:
    bundle = _bundle(tmp_path)

    assert bundle_digest(change(bundle)) == bundle_digest(bundle)


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: replace(bundle, version="1.1"),
        lambda bundle: replace(bundle, standard="probe2"),
        lambda bundle: replace(bundle, entries=(replace(bundle.entries[0], roots=("a", "b")),)),
        lambda bundle: replace(bundle, entries=(replace(bundle.entries[0], namespace="urn:b"),)),
        lambda bundle: replace(bundle, version_attribute="stand"),
        lambda bundle: replace(bundle, match="/a"),
        lambda bundle: replace(bundle, namespaces={"p": "urn:p"}),
        lambda bundle: replace(bundle, binding=True),
        lambda bundle: replace(bundle, keys=KeyPlaces(ars=("a",))),
        lambda bundle: replace(bundle, keys=KeyPlaces(ags=("a",))),
        lambda bundle: replace(bundle, code_lists=()),
        lambda bundle: replace(bundle, rule_sets=(replace(bundle.rule_sets[0], phase="fein"),)),
        lambda bundle: replace(bundle, rule_sets=(replace(bundle.rule_sets[0], levels={}),)),
        lambda bundle: replace(bundle, rule_sets=()),
        lambda bundle: replace(bundle, acceptance=None),
        lambda bundle: replace(bundle, acceptance=replace(bundle.acceptance, expression="false()")),
        lambda bundle: replace(bundle, acceptance=replace(bundle.acceptance, namespaces={"p": "urn:p"})),
    ],
)
def test_what_decides_about_documents_changes_the_hash(tmp_path: Path, change: Callable[[Bundle], Bundle]) -> None:
    bundle = _bundle(tmp_path)

    assert bundle_digest(change(bundle)) != bundle_digest(bundle)


@pytest.mark.parametrize(
    "name", ["haupt.xsd", "teile/teil.xsd", "farbe_1.xml", "regeln/r.sch", "regeln/basis.xsl", "regeln/bericht.xslt"]
)
def test_every_byte_of_every_file_counts(tmp_path: Path, name: str) -> None:
    bundle = _bundle(tmp_path)
    before = bundle_digest(bundle)

    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert bundle_digest(bundle) != before


def test_files_that_belong_to_nothing_do_not_count(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    before = bundle_digest(bundle)

    for name in ("LIESMICH.txt", "anderes.xsd", "regeln/notiz.txt", "catalog.toml"):
        (tmp_path / name).write_text("x", encoding="utf-8")

    assert bundle_digest(bundle) == before


def test_a_stylesheet_that_is_added_beside_the_rules_counts(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    before = bundle_digest(bundle)

    (tmp_path / "regeln" / "neu.xsl").write_text("<x/>", encoding="utf-8")

    assert bundle_digest(bundle) != before


@pytest.mark.parametrize(
    "name", ["haupt.xsd", "teile/teil.xsd", "farbe_1.xml", "regeln/r.sch", "regeln/bericht.xslt"]
)
def test_a_file_that_is_missing_is_trouble_with_its_name(tmp_path: Path, name: str) -> None:
    bundle = _bundle(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(SchemaTrouble) as raised:
        bundle_digest(bundle)

    assert raised.value.reason.params["file"] == Path(name).name


def test_a_bundle_of_our_own_has_the_same_hash_in_a_copy(tmp_path: Path) -> None:
    home = Path(__file__).parents[2] / "schemas" / "aufenthalt-antrag" / "1.0"
    copy = shutil.copytree(home, tmp_path / "kopie")
    table = {f"https://schemata.ozgflow.example/{name}": name.rpartition("/")[2] for name in BLOCKS}
    bundles = [
        Bundle(
            standard="a",
            version="1",
            title="",
            folder=folder,
            entries=(Entry(schema=folder / "aufenthalt-antrag.xsd", namespace=None),),
            locations={address: folder / file for address, file in table.items()},
        )
        for folder in (home, copy)
    ]

    assert bundle_digest(bundles[0]) == bundle_digest(bundles[1])


BLOCKS = (
    "basisnachricht/1.0/basisnachricht-g2g.xsd",
    "code/1.0/code.xsd",
    "din-91379/2022-08/din-91379-datentypen.xsd",
)


def _with_hashes(bundle: Bundle) -> Bundle:
    names = ("haupt.xsd", "teile/teil.xsd")
    return replace(
        bundle, hashes={name: hashlib.sha256((bundle.folder / name).read_bytes()).hexdigest() for name in names}
    )


def test_files_that_are_as_they_were_added_are_verified(tmp_path: Path) -> None:
    verify(_with_hashes(_bundle(tmp_path)))
    verify(_bundle(tmp_path))


@pytest.mark.parametrize(("spoil", "code"), [("change", "schema.changed"), ("remove", "schema.missing")])
def test_a_file_that_is_another_one_now_is_trouble_with_its_name(tmp_path: Path, spoil: str, code: str) -> None:
    bundle = _with_hashes(_bundle(tmp_path))
    path = tmp_path / "teile" / "teil.xsd"
    path.write_text("<x/>", encoding="utf-8") if spoil == "change" else path.unlink()

    with pytest.raises(SchemaTrouble) as raised:
        verify(bundle)

    assert raised.value.reason.code == code
    assert str(raised.value.reason.params["file"]).endswith("teil.xsd")
