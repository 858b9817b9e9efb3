"""What is written about a bundle is read as it was meant, whatever characters names have."""

import tomllib
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.rules import Severity
from ozgflow.standards.bundle_files import CATALOGUE, read_catalogue
from ozgflow.standards.bundle_writer import catalogue_text
from ozgflow.standards.bundles import AcceptanceTest, Bundle, Entry, KeyPlaces, RuleSet

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
NAME = st.text(st.characters(codec="utf-8", exclude_characters="/*\0"), min_size=1).filter(
    lambda name: name not in (".", "..")
)


def test_a_bundle_with_everything_is_read_as_it_was_written(tmp_path: Path) -> None:
    bundle = Bundle(
        standard="xprobe",
        version="1.0",
        title="Die „Probe“",
        folder=tmp_path / ".",
        entries=(
            Entry(schema=tmp_path / "xsd" / "a.xsd", namespace="urn:a", roots=("a", "b")),
            Entry(schema=tmp_path / "xsd" / "b.xsd", namespace="urn:b", roots=("c",)),
        ),
        version_attribute="version",
        match="/p:a[@art = 'x']",
        namespaces={"p": "urn:a"},
        locations={"https://schemata.example/f.xsd": tmp_path / "f.xsd"},
        code_lists=(tmp_path / "codelisten" / "größe (neu)_1.xml",),
        rule_sets=(
            RuleSet(file=tmp_path / "r.sch", title="Regeln", phase="alle", levels={"P-1": Severity.NOTE}),
            RuleSet(file=tmp_path / "s.xsl"),
        ),
        keys=KeyPlaces(ars=("ars",), leika=("leistung",)),
        binding=True,
        window=AcceptanceWindow(accepted_from=date(2026, 5, 1), effective_on=date(2026, 6, 1)),
        acceptance=AcceptanceTest(expression="true()", stylesheet=tmp_path / "b.xsl", namespaces={"p": "urn:a"}),
        licence="EUPL-1.2",
        source="Musterbehörde",
        hashes={"xsd/a.xsd": "00"},
    )

    (tmp_path / CATALOGUE).write_text(catalogue_text(bundle, tmp_path, bundle.hashes), encoding="utf-8")

    assert read_catalogue(tmp_path) == (bundle,)


@given(title=TEXT, file=NAME, address=TEXT, namespace=TEXT)
def test_texts_are_read_as_they_were_written(title: str, file: str, address: str, namespace: str) -> None:
    base = Path("basis")
    bundle = Bundle(
        standard="xprobe",
        version="1",
        title=title,
        folder=base,
        entries=(Entry(schema=base / file, namespace=namespace, roots=(title,)),),
        locations={address: base / file},
    )

    (read,) = tomllib.loads(catalogue_text(bundle, base, {file: "00"}))["bundle"]

    assert read["title"] == title
    assert read["entries"] == [{"schema": file, "namespace": namespace, "roots": [title]}]
    assert (read["locations"], read["files"]) == ({address: file}, {file: "00"})
