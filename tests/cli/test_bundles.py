"""``ozgflow bundles``"""

from pathlib import Path

import pytest

from tests.cli.command import Outcome, run
from tests.standards.published import code_list, configuration, everything, scenario, standard, zipped
from tests.standards.schemas import element, write

SHIPPED = ["aufenthalt-antrag/1.0", "aufenthalt-antrag/1.1"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A standard with a code list."""
    standard(tmp_path / "quelle" / "xsd")
    code_list(tmp_path / "quelle" / "codelisten", "farbe", "1", "rot", "gelb")
    return tmp_path / "quelle"


def _names() -> list[str]:
    return [entry["name"] for entry in run("bundles", "list", "--json").data]


def _add(*arguments: object) -> Outcome:
    return run("bundles", "add", *arguments)


def test_a_folder_is_added_and_told_in_one_sentence(source: Path, home: Path) -> None:
    outcome = _add(source)

    assert outcome.code == 0
    assert outcome.text == (
        "xprobe/1.0: hinzugefügt (Probe; Einstiegsschemas: 1, Nachrichten: 1, Codelisten: 1, Regelsätze: 0)."
    )
    assert (home / "bundles" / "xprobe" / "1.0" / "catalog.toml").is_file()
    assert _names() == [*SHIPPED, "xprobe/1.0"]


def test_adding_twice_says_that_nothing_changed(source: Path) -> None:
    _add(source)

    again = _add(source)

    assert (again.code, again.text) == (0, "xprobe/1.0: schon da, nichts geändert.")


def test_a_zip_is_added(source: Path, tmp_path: Path) -> None:
    assert _add(zipped(source, tmp_path / "a.zip")).code == 0
    assert "xprobe/1.0" in _names()


def test_a_kosit_configuration_is_added(tmp_path: Path) -> None:
    standard(tmp_path / "q")
    configuration(tmp_path / "q", scenario("Antrag (Probe) 1.0"))

    assert _add(tmp_path / "q").code == 0
    assert "XPath zutreffen: /p:probe" in run("bundles", "show", "antrag-probe/1.0").text


def test_what_is_refused_is_told_with_the_reason_and_exit_code_one(tmp_path: Path) -> None:
    write(tmp_path / "q", "a.xsd", '<xs:include schemaLocation="b.xsd"/>' + element("r", "xs:int"), 'version="1.0"')

    outcome = _add(tmp_path / "q")

    assert outcome.code == 1
    assert outcome.text == (
        "q/1.0: nicht hinzugefügt, denn die Datei b.xsd, die a.xsd braucht, fehlt oder ist nicht lesbar."
    )


def test_rules_that_nobody_named_are_told(source: Path) -> None:
    (source / "regeln.sch").write_text('<schema xmlns="http://purl.oclc.org/dsdl/schematron"/>', encoding="utf-8")

    assert "--schematron benennen: regeln.sch" in _add(source).text
    assert "Nicht verwendet" not in _add(source, "--schematron", "regeln.sch", "--replace").text


def test_a_file_that_is_no_zip_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("kein Archiv", encoding="utf-8")

    outcome = _add(tmp_path / "a.zip")

    assert outcome.code == 2
    assert "ist keine ZIP-Datei" in outcome.complaint


def test_a_day_that_is_none_is_wrong_use(source: Path) -> None:
    assert _add(source, "--accepted-from", "gestern").code == 2


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(source: Path, home: Path) -> None:
    outcome = _add(source, "--dry-run")

    assert "xprobe/1.0: würde hinzugefügt" in outcome.text
    assert not (home / "bundles").exists()


def test_the_result_of_adding_is_told_as_json(source: Path) -> None:
    (entry,) = _add(source, "--json").data

    assert entry == {
        "name": "xprobe/1.0",
        "title": "Probe",
        "outcome": "added",
        "why": None,
        "entries": ["xsd/xprobe.xsd"],
        "unused": [],
    }


def test_the_table_of_bundles_says_the_same_as_the_json(source: Path) -> None:
    _add(source, "--accepted-from", "2026-05-01", "--binding")

    table, data = run("bundles", "list"), run("bundles", "list", "--json").data

    names, titles, first, _, binding, lists, _, origins = table.columns
    assert names == " ".join(["Schemapaket", *(entry["name"] for entry in data)])
    assert titles == " ".join(["Titel", *(entry["title"] for entry in data)])
    assert first.endswith("01.05.2026")
    assert binding == "Verbindlich ja ja ja"
    assert lists == " ".join(["Codelisten", *(str(entry["code_lists"]) for entry in data)])
    assert origins == "Herkunft mitgeliefert mitgeliefert hinzugefügt"
    assert [entry["origin"] for entry in data] == ["shipped", "shipped", "added"]


def test_everything_about_a_bundle_is_shown(source: Path) -> None:
    _add(source, "--ars", "regionalschluessel", "--licence", "CC0-1.0")

    text, data = run("bundles", "show", "xprobe/1.0").text, run("bundles", "show", "xprobe/1.0", "--json").data

    assert "Einstiegsschema xsd/xprobe.xsd, Namensraum urn:probe:xprobe:1.0: probe" in text
    assert "Codeliste farbe, Version 1, 2 Codes (urn:probe:farbe)" in text
    assert "ARS regionalschluessel" in text
    assert "CC0-1.0" in text
    assert data["entries"] == [{"schema": "xsd/xprobe.xsd", "namespace": "urn:probe:xprobe:1.0", "roots": ["probe"]}]
    assert data["code_lists"][0]["codes"] == 2
    for file, digest in data["files"].items():
        assert f"{digest} {file}" in text
    assert set(data["files"]) == {"xsd/xprobe.xsd", "codelisten/farbe_1.xml"}


@pytest.mark.parametrize("command", [("show",), ("check",), ("remove", "--yes"), ("diff", "aufenthalt-antrag/1.0")])
def test_an_unknown_name_is_answered_with_the_known_ones(command: tuple[str, ...]) -> None:
    outcome = run("bundles", *command, "gibtsnicht/1")

    assert outcome.code == 2
    assert "„gibtsnicht/1“" in outcome.complaint
    assert ", ".join(SHIPPED) in outcome.complaint


def test_sound_bundles_are_told_with_their_number(source: Path) -> None:
    _add(source)

    assert run("bundles", "check").text == "3 Schemapakete geprüft, ohne Befund."
    assert run("bundles", "check", "xprobe/1.0").text == "Ein Schemapaket geprüft, ohne Befund."


def test_a_changed_file_is_told_with_exit_code_one(source: Path, home: Path) -> None:
    _add(source)
    path = home / "bundles" / "xprobe" / "1.0" / "codelisten" / "farbe_1.xml"
    path.write_bytes(path.read_bytes() + b"\n")

    outcome, data = run("bundles", "check"), run("bundles", "check", "--json").data

    assert outcome.code == 1
    assert outcome.text == "xprobe/1.0: die Datei codelisten/farbe_1.xml ist nicht mehr die, die hinzugefügt wurde."
    assert [entry["bundle"] for entry in data] == ["xprobe/1.0"]


def test_a_bundle_is_removed_when_that_is_confirmed(source: Path) -> None:
    _add(source)

    outcome = run("bundles", "remove", "xprobe/1.0", "--yes")

    assert (outcome.code, outcome.text) == (0, "„xprobe/1.0“ ist entfernt.")
    assert _names() == SHIPPED


def test_nothing_is_removed_without_confirmation(source: Path, home: Path) -> None:
    _add(source)
    before = everything(home)

    outcome = run("bundles", "remove", "xprobe/1.0")

    assert outcome.code == 2
    assert "--yes" in outcome.complaint
    assert everything(home) == before


def test_what_comes_with_ozgflow_is_not_removed() -> None:
    outcome = run("bundles", "remove", SHIPPED[0], "--yes")

    assert outcome.code == 2
    assert "wird mitgeliefert" in outcome.complaint


def test_differences_are_told_with_the_grave_ones_first() -> None:
    outcome, data = run("bundles", "diff", *SHIPPED), run("bundles", "diff", *SHIPPED, "--json").data

    assert outcome.text.startswith("Von aufenthalt-antrag/1.0 zu aufenthalt-antrag/1.1: 11 Unterschiede.")
    assert [entry["impact"] for entry in data] == ["breaking"] * 7 + ["wider"] * 2 + ["other"] * 2
    assert {entry["change"] for entry in data} >= {"namespace", "part-renamed", "part-added-mandatory"}
    for entry in data:
        assert entry["message"] in outcome.text


def test_a_bundle_does_not_differ_from_itself() -> None:
    outcome = run("bundles", "diff", SHIPPED[0], SHIPPED[0])

    assert outcome.text.endswith("unterscheiden sich in Schemas und Codelisten nicht.")


def test_in_english_the_words_change_and_the_facts_stay(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    assert _add(source).text.startswith("xprobe/1.0: added (Probe; entry schemas: 1, messages: 1")
    assert "comes with ozgflow" in run("bundles", "show", SHIPPED[0]).text
