"""Files of an installation: what is read, and how exactly a faulty one is complained about."""

from pathlib import Path

import pytest

from ozgflow.domain.catalogue import Catalogue, ExecutionLevel, load_catalogue
from ozgflow.domain.messages import Language, Wording
from ozgflow.errors import DataError, UsageError

MUNICIPALITIES = """\
ars,ags,name,kind,parent,population,as_of,source
120540000000,12054000,"Potsdam, Stadt",kreisfreie_stadt,,185750,2023-11-30,test
120640000000,12064000,Märkisch-Oderland,landkreis,,5,2023-11-30,test
120645404000,,Golzow,amt,120640000000,5,2023-11-30,test
120645404172,12064172,Golzow,amtsangehoerige_gemeinde,120645404000,5,2023-11-30,test
"""
SERVICES = """\
key,title,ozg_id,field,typisation,as_of,source
99010001001000,Aufenthaltserlaubnis Erteilung,10255,Ein- & Auswanderung,2/3,2019-10-01,test
99089003000000,Anzeige,,,2/3,2019-10-01,test
"""
OZG_SERVICES = """\
ozg_id,title,field
10255,Aufenthaltstitel,Ein- & Auswanderung
"""
RULE = """\
[[rule]]
level = "kreis"
fields = ["Ein- & Auswanderung"]
reason = { de = "weil", en = "because" }
source = "a law"
confirmed = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "municipalities.csv", MUNICIPALITIES)
    write(tmp_path, "services.csv", SERVICES)
    write(tmp_path, "ozg_services.csv", OZG_SERVICES)
    write(tmp_path, "execution_levels.toml", RULE)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def complaint(folder: Path) -> str:
    """The German sentence with which loading fails; the English one must exist as well."""
    with pytest.raises((DataError, UsageError)) as caught:
        load_catalogue(folder)
    error = caught.value
    assert Wording.load(Language.ENGLISH).text(error.code, **error.params)
    return Wording.load().text(error.code, **error.params)


def test_an_installation_may_keep_its_own_files(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert isinstance(catalogue, Catalogue)
    assert [one.label for one in catalogue.competent(ExecutionLevel.VERWALTUNG)] == ["Potsdam", "Amt Golzow"]
    assert catalogue.execution_level(catalogue.service("99010001001000"))[0] is ExecutionLevel.KREIS
    assert catalogue.service("99089003000000").ozg_id is None


def test_a_byte_order_mark_does_not_disturb(folder: Path) -> None:
    (folder / "municipalities.csv").write_text(MUNICIPALITIES, encoding="utf-8-sig")
    assert len(load_catalogue(folder).municipalities) == 4


def test_without_rules_of_its_own_those_of_the_package_are_read(folder: Path) -> None:
    (folder / "execution_levels.toml").unlink()
    # The small catalogue lacks what the rules of the package name, and a rule must name what exists.
    assert "„ozg_ids“ nennt „10110“, das im Katalog nicht vorkommt" in complaint(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "services.csv").unlink()
    assert complaint(folder) == (
        "Die Datei services.csv fehlt oder lässt sich nicht lesen. Prüfen Sie Pfad und Rechte."
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "120645404172,",
            "12064540417,",
            "Zeile 5, Spalte „ars“: Der Regionalschlüssel (ARS) hat 11 Stellen",
        ),
        ("12064172,", "1206417x,", "Zeile 5, Spalte „ags“: Der Gemeindeschlüssel (AGS) enthält an Stelle 8"),
        ("12064172,", "12064173,", "Zeile 5, Spalte „ags“: der Gemeindeschlüssel passt nicht"),
        ("404000,,", "404000,12064000,", "Zeile 4, Spalte „ags“: der Gemeindeschlüssel passt nicht"),
        ("12064172,Golzow", "12064172, ", "Zeile 5, Spalte „name“: die Angabe fehlt"),
        (",amt,", ",Amt,", "Zeile 4, Spalte „kind“: dieser Wert ist unbekannt; möglich sind: landkreis"),
        ("120645404000,5", "120645405000,5", "Zeile 5, Spalte „parent“: diese übergeordnete Kommune"),
        (",185750,", ",185.750,", "Zeile 2, Spalte „population“: hier muss eine Zahl"),
        (",185750,", ",-1,", "Zeile 2, Spalte „population“: hier muss eine Zahl"),
        ("185750,2023-11-30", "185750,30.11.2023", "Zeile 2, Spalte „as_of“: hier muss ein Datum"),
        ("120640000000,12064000,", "120540000000,12054000,", "Zeile 3, Spalte „ars“: dieser Schlüssel steht"),
        ("185750,2023-11-30,test", "185750,2023-11-30", "Zeile 2: 7 Spalten statt 8"),
        ('"Potsdam, Stadt"', "Potsdam, Stadt", "Zeile 2: 9 Spalten statt 8"),
        ('"Potsdam, Stadt"', '"Potsdam" Stadt', "Zeile 2: kein gültiges CSV"),
        ("population,", "inhabitants,", "Die erste Zeile muss diese Spalten nennen: ars, ags, name"),
    ],
)
def test_a_faulty_municipality_is_complained_about_by_line_and_column(
    folder: Path, before: str, after: str, expected: str
) -> None:
    assert MUNICIPALITIES.count(before) == 1
    write(folder, "municipalities.csv", MUNICIPALITIES.replace(before, after))
    found = complaint(folder)
    assert "municipalities.csv" in found
    assert expected in found


def test_a_complaint_does_not_repeat_the_cell(folder: Path) -> None:
    write(folder, "municipalities.csv", MUNICIPALITIES.replace("12064172,", "geheim,"))
    assert "geheim" not in complaint(folder)


def test_an_empty_file_lacks_its_header(folder: Path) -> None:
    write(folder, "ozg_services.csv", "")
    assert "Die erste Zeile muss diese Spalten nennen: ozg_id, title, field" in complaint(folder)


def test_another_encoding_is_refused(folder: Path) -> None:
    (folder / "municipalities.csv").write_text(MUNICIPALITIES, encoding="latin-1")
    assert "nicht in UTF-8 gespeichert" in complaint(folder)


def test_a_service_must_belong_to_a_known_bundle(folder: Path) -> None:
    write(folder, "services.csv", SERVICES.replace("10255", "10256"))
    assert "Zeile 2, Spalte „ozg_id“: diese OZG-ID steht nicht in ozg_services.csv" in complaint(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[rule", "kein gültiges TOML"),
        ("", "besteht nur aus Tabellen [[rule]]"),
        ("rule = [1]", "Regel 1: Die Datei besteht nur aus Tabellen"),
        (RULE + "[other]\n", "besteht nur aus Tabellen"),
        (RULE.replace('"kreis"', '"offen"'), "Die Vollzugsebene ist unbekannt. Möglich sind: kreis"),
        (RULE.replace("level", "ebene"), "Der Schlüssel „ebene“ ist unbekannt"),
        (RULE.replace('source = "a law"\n', ""), "Der Schlüssel „source“ fehlt"),
        (RULE.replace('"a law"', '" "'), "Der Schlüssel „source“ fehlt"),
        (RULE.replace("confirmed = true", 'confirmed = "yes"'), "Der Schlüssel „confirmed“ fehlt"),
        (RULE.replace(', en = "because"', ""), "Der Schlüssel „reason.en“ fehlt"),
        (RULE.replace('{ de = "weil", en = "because" }', '"weil"'), "Der Schlüssel „reason“ fehlt"),
        (RULE.replace("fields = [", "# ["), "Es fehlt ein Merkmal"),
        (RULE.replace('["Ein- & Auswanderung"]', '"Ein"'), "Der Schlüssel „fields“ fehlt"),
        (RULE.replace("Ein- & Aus", "Ein- und Aus"), "„fields“ nennt „Ein- und Auswanderung“, das"),
        (RULE.replace("fields", "ozg_ids"), "Regel 1: Die OZG-ID enthält an Stelle 1"),
        (RULE + 'typisations = ["2-3"]\n', "„typisations“ nennt „2-3“, das im Katalog"),
        (RULE + RULE, "Die Regeln 1 und 2 können für dieselbe Leistung gelten"),
    ],
)
def test_a_faulty_rule_is_complained_about_by_number_and_key(folder: Path, text: str, expected: str) -> None:
    write(folder, "execution_levels.toml", text)
    found = complaint(folder)
    assert "execution_levels.toml" in found
    assert expected in found


def test_rules_of_the_same_kind_for_different_services_get_along(folder: Path) -> None:
    first, second = RULE + 'typisations = ["2/3"]\n', RULE + 'typisations = ["1, 2/3"]\n'
    write(folder, "execution_levels.toml", first + second)
    assert len(load_catalogue(folder).rules) == 2


def test_a_single_service_may_be_declared_by_its_key(folder: Path) -> None:
    single = RULE.replace('"kreis"', '"land"').replace(
        'fields = ["Ein- & Auswanderung"]', 'services = ["99010001001000"]'
    )
    write(folder, "execution_levels.toml", RULE + single)
    catalogue = load_catalogue(folder)
    level, rule = catalogue.execution_level(catalogue.service("99010001001000"))
    assert level is ExecutionLevel.LAND
    assert rule is catalogue.rules[1]
