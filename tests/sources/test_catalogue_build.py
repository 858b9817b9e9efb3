"""Building the catalogue from the raw files: the same bytes every time, and no half files."""

import os
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.messages import Language, Wording
from ozgflow.errors import DataError, UsageError
from ozgflow.sources.catalogue_build import Summary, build
from ozgflow.sources.gv100 import AreaLeftOut
from ozgflow.sources.leika import LeftOut

FILES = ("municipalities.csv", "services.csv", "ozg_services.csv", "catalogue.toml")
GV100_HEADER = (
    "ags,ars,name,gemeindetyp_code,gemeindetyp,kreis_schluessel,kreis_name,"
    "verband_schluessel,verband_name,verband_typ_code,bevoelkerung"
)
COTTBUS = (
    '12052000,120520000000,"Cottbus/Chóśebuz, Stadt",61,Kreisfreie Stadt,12052,"Cottbus, Stadt",'
    '120520000,"Cottbus/Chóśebuz, Stadt",50,99515'
)
SCHWEDT = (
    '12073532,120735051532,"Schwedt/Oder, Stadt",63,Stadt,12073,Uckermark,120735051,"Schwedt/Oder, Stadt",51,100'
)
PINNOW = '12073440,120735051440,Pinnow ,64,Gemeinde,12073,Uckermark,120735051,"Schwedt/Oder, Stadt",51,10'
PRENZLAU = '12073452,120730452452,"Prenzlau, Stadt",63,Stadt,12073,Uckermark,120730452,"Prenzlau, Stadt",50,1000'
LIEBENWERDA = '12062024,120625031024,"Bad Liebenwerda, Stadt",63,Stadt,12062,Elbe-Elster,120625031,Liebenwerda,53,5'
LEIKA = """\
leika_schluessel,bezeichnung,typ,ozg_id,ozg_leistung,themenfeld,lage
99010001020000,"Aufenthaltserlaubnis
 Verlängerung ",2/3,10255,Aufenthaltstitel,Ein- & Auswanderung ,Einwanderung
99010001001000,Aufenthaltserlaubnis  Erteilung,2/3,10255,Aufenthaltstitel,Ein- & Auswanderung ,Einwanderung
nicht im LeiKa,Abmeldung,4,,,,
25323525,Test 124,2,10255,Aufenthaltstitel,Ein- & Auswanderung ,Einwanderung
,ohne,4,,,,
"""
OZG = "ozg_id,bezeichnung,themenfeld,lage\n10255,Aufenthaltstitel,Ein- & Auswanderung ,Einwanderung\n"


def build_from(raw: Path, into: Path) -> Summary:
    return build(
        municipalities=raw / "gv100.csv",
        services=raw / "leika.csv",
        ozg_services=raw / "ozg.csv",
        into=into,
        municipalities_as_of=date(2023, 11, 30),
        services_as_of=date(2019, 10, 1),
    )


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    write(folder / "gv100.csv", GV100_HEADER, SCHWEDT, COTTBUS, PINNOW, PRENZLAU, LIEBENWERDA)
    write(folder / "leika.csv", LEIKA)
    write(folder / "ozg.csv", OZG)
    return folder


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def complaint(raw: Path, into: Path) -> str:
    with pytest.raises((DataError, UsageError)) as caught:
        build_from(raw, into)
    assert list(into.iterdir()) == []
    error = caught.value
    assert Wording.load(Language.ENGLISH).text(error.code, **error.params)
    return Wording.load().text(error.code, **error.params)


def rows(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


# From small raw files


def test_larger_units_are_made_from_their_members(raw: Path, into: Path) -> None:
    build_from(raw, into)
    origin = "2023-11-30,Destatis GV100AD 30.11.2023"
    ortsgemeinde = "verbandsangehoerige_gemeinde"
    assert rows(into / "municipalities.csv") == [
        f'120520000000,12052000,"Cottbus/Chóśebuz, Stadt",kreisfreie_stadt,,99515,{origin}',
        f"120620000000,12062000,Elbe-Elster,landkreis,,5,{origin}",
        f"120625031000,,Liebenwerda,verbandsgemeinde,120620000000,5,{origin}",
        f'120625031024,12062024,"Bad Liebenwerda, Stadt",{ortsgemeinde},120625031000,5,{origin}',
        f"120730000000,12073000,Uckermark,landkreis,,1110,{origin}",
        f'120730452452,12073452,"Prenzlau, Stadt",amtsfreie_gemeinde,120730000000,1000,{origin}',
        f'120735051000,,"Schwedt/Oder, Stadt",mitverwaltung,120730000000,110,{origin}',
        f"120735051440,12073440,Pinnow,amtsangehoerige_gemeinde,120735051000,10,{origin}",
        f'120735051532,12073532,"Schwedt/Oder, Stadt",amtsangehoerige_gemeinde,120735051000,100,{origin}',
    ]


def test_services_are_sorted_and_cleaned_and_dirt_is_left_out(raw: Path, into: Path) -> None:
    build_from(raw, into)
    origin = "2019-10-01,OZG-Katalog/LeiKa 10/2019"
    assert rows(into / "services.csv") == [
        f"99010001001000,Aufenthaltserlaubnis  Erteilung,10255,Ein- & Auswanderung,2/3,{origin}",
        f"99010001020000,Aufenthaltserlaubnis Verlängerung,10255,Ein- & Auswanderung,2/3,{origin}",
    ]
    assert rows(into / "ozg_services.csv") == ["10255,Aufenthaltstitel,Ein- & Auswanderung"]


def test_the_summary_accounts_for_every_row(raw: Path, into: Path) -> None:
    summary = build_from(raw, into)
    assert (summary.municipalities.read, summary.municipalities.made) == (5, 4)
    assert summary.services.left_out == {LeftOut.MALFORMED_KEY: 1, LeftOut.NO_LEIKA: 2}
    for file in (summary.municipalities, summary.services, summary.ozg_services):
        assert file.written == file.read + file.made - sum(file.left_out.values())
        assert file.written == len(rows(into / file.file))


def test_the_provenance_says_what_the_summary_says(raw: Path, into: Path) -> None:
    summary = build_from(raw, into)
    provenance = tomllib.loads((into / "catalogue.toml").read_text(encoding="utf-8"))
    files = {table.pop("name"): table for table in provenance["file"]}
    assert files["services.csv"]["left_out"] == summary.services.left_out
    assert files["services.csv"]["as_of"] == date(2019, 10, 1)
    assert files["municipalities.csv"]["written"] == 9
    assert "Namensnennung" in files["municipalities.csv"]["licence"]
    assert set(files) == {"municipalities.csv", "services.csv", "ozg_services.csv"}


def test_every_reason_for_leaving_out_can_be_worded() -> None:
    assert all(Wording.load().text(f"catalogue.left-out.{reason}") for reason in (*LeftOut, *AreaLeftOut))


def test_what_was_built_can_be_loaded(raw: Path, into: Path) -> None:
    build_from(raw, into)
    (into / "execution_levels.toml").write_text("rule = []", encoding="utf-8")
    catalogue = load_catalogue(into)
    assert len(catalogue.municipalities) == 9
    assert len(catalogue.services) == 2


def test_building_twice_gives_the_same_bytes_and_leaves_nothing_behind(raw: Path, into: Path) -> None:
    build_from(raw, into)
    first = {path.name: path.read_bytes() for path in into.iterdir()}
    build_from(raw, into)
    assert {path.name: path.read_bytes() for path in into.iterdir()} == first
    assert set(first) == set(FILES)
    assert all(b"\r" not in content and content.endswith(b"\n") for content in first.values())


def test_the_order_of_the_raw_rows_does_not_matter(raw: Path, into: Path) -> None:
    build_from(raw, into)
    first = (into / "municipalities.csv").read_bytes()
    write(raw / "gv100.csv", GV100_HEADER, LIEBENWERDA, PINNOW, PRENZLAU, COTTBUS, SCHWEDT)
    build_from(raw, into)
    assert (into / "municipalities.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (PINNOW.replace("12073440,", "12073441,"), "Zeile 2, Spalte „ags“: der Schlüssel passt nicht"),
        (
            PINNOW.replace(",12073,", ",12072,"),
            "Zeile 2, Spalte „kreis_schluessel“: der Schlüssel passt nicht",
        ),
        (PINNOW.replace(",51,10", ",52,10"), "Zeile 2, Spalte „verband_typ_code“: diese Verbindung"),
        (PINNOW.replace(",64,", ",61,"), "Zeile 2, Spalte „verband_typ_code“: diese Verbindung"),
        (PINNOW.replace(",51,10", ",51,"), "Zeile 2, Spalte „bevoelkerung“: hier muss eine Zahl"),
        (PINNOW + "\n" + PINNOW, "Zeile 3, Spalte „ars“: dieser Schlüssel steht schon"),
        (
            PINNOW + "\n" + SCHWEDT.replace("Uckermark", "Barnim"),
            "Zeile 3, Spalte „kreis_name“: diese Einheit",
        ),
        (
            PINNOW + "\n" + SCHWEDT.replace('51,"Schwedt', '51,"Schwed'),
            "Spalte „verband_name“: diese Einheit",
        ),
    ],
)
def test_a_faulty_raw_line_is_named_and_nothing_is_written(raw: Path, into: Path, line: str, expected: str) -> None:
    write(raw / "gv100.csv", GV100_HEADER, line)
    found = complaint(raw, into)
    assert found.startswith("Datei gv100.csv, Zeile")
    assert expected in found


def test_a_key_that_stands_twice_is_refused(raw: Path, into: Path) -> None:
    write(raw / "leika.csv", LEIKA.replace("99010001020000", "99010001001000"))
    assert "Spalte „leika_schluessel“: dieser Schlüssel steht schon" in complaint(raw, into)


def test_a_missing_raw_file_is_named(raw: Path, into: Path) -> None:
    (raw / "ozg.csv").unlink()
    assert "Die Datei ozg.csv fehlt" in complaint(raw, into)


def test_a_missing_folder_is_named(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        build_from(raw, tmp_path / "nowhere")
    assert Wording.load().text(caught.value.code, **caught.value.params) == "Den Ordner nowhere gibt es nicht."


# From the public raw files


@pytest.fixture
def shared() -> Path:
    """The folder with the public raw files, beside the repository or where OZGFLOW_SHARED says."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    folder = Path(os.environ.get("OZGFLOW_SHARED", beside)) / "data"
    if not folder.is_dir():
        pytest.skip("the public raw files are not there: neither ../shared nor OZGFLOW_SHARED")
    return folder


def build_from_public(shared: Path, into: Path) -> Summary:
    return build(
        municipalities=shared / "ags" / "deutschland_gemeinden_gv100_2023-11-30.csv",
        services=shared / "ozg_katalog" / "leika_leistungen_2019-10.csv",
        ozg_services=shared / "ozg_katalog" / "ozg_leistungen_2019-10.csv",
        into=into,
        municipalities_as_of=date(2023, 11, 30),
        services_as_of=date(2019, 10, 1),
    )


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_the_package_are_built_from_the_public_ones(shared: Path, into: Path, name: str) -> None:
    build_from_public(shared, into)
    packaged = resources.files("ozgflow") / "data" / name
    assert (into / name).read_bytes() == packaged.read_bytes()


def test_all_rows_of_the_public_files_are_accounted_for(shared: Path, into: Path) -> None:
    summary = build_from_public(shared, into)
    municipalities, services, ozg_services = summary.municipalities, summary.services, summary.ozg_services
    assert (municipalities.read, municipalities.made, municipalities.written) == (10981, 346, 861)
    assert municipalities.left_out == {"other-land": 10258, "unincorporated": 208}
    assert (services.read, services.written) == (5251, 4813)
    assert services.left_out == {"no-leika": 436, "malformed-key": 2}
    assert (ozg_services.read, ozg_services.written) == (557, 557)
