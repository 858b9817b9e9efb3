"""The register of all Länder: real rows with their traps."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.municipalities import Municipality, MunicipalityKind
from ozgflow.errors import DataError
from ozgflow.sources.gv100 import AreaLeftOut, Register, read_municipalities

HEADER = (
    "ags,ars,name,gemeindetyp_code,kreis_schluessel,kreis_name,verband_schluessel,verband_name,"
    "verband_typ_code,bevoelkerung"
)
KIEL = (
    '01002000,010020000000,"Kiel, Landeshauptstadt",61,01002,"Kiel, Landeshauptstadt",'
    '010020000,"Kiel, Landeshauptstadt",50,247717'
)
HAMBURG = (
    '02000000,020000000000,"Hamburg, Freie und Hansestadt",61,02000,"Hamburg, Freie und Hansestadt",'
    '020000000,"Hamburg, Freie und Hansestadt",50,1892122'
)
KOBLENZ = (
    '07111000,071110000000,"Koblenz, Stadt",61,07111,"Koblenz, kreisfreie Stadt",071110000,"Koblenz, Stadt",50,115268'
)
ULM = (
    '08421000,084210000000,"Ulm, Universitätsstadt",62,08421,"Ulm, Stadtkreis",'
    '084210000,"Ulm, Universitätsstadt",50,128928'
)
ROETGEN = (
    '05334024,053340024024,"Roetgen, Tor zur Eifel",64,05334,Städteregion Aachen,'
    '053340024,"Roetgen, Tor zur Eifel",50,8727'
)
AACHEN = '05334002,053340002002,"Aachen, Stadt",63,05334,Städteregion Aachen,053340002,"Aachen, Stadt",50,252136'
LOHHEIDE = '03351501,033519501501,"Lohheide, gemfr. Bezirk",65,03351,Celle,033519501,"Lohheide, gemfr. Bezirk",50,748'
CELLE = '03351006,033510006006,"Celle, Stadt",63,03351,Celle,033510006,"Celle, Stadt",50,70138'
JOINT_RULE = (
    "07000999,070009999999,Gemeinsames deutsch-luxemburgisches Hoheitsgebiet,66,07000,,"
    "070009999,Gemeinsames deutsch-luxemburgisches Hoheitsgebiet,50,0"
)
GOLZOW = "12069216,120695904216,Golzow,64,12069,Potsdam-Mittelmark,120695904,Brück,51,1405"


def read(tmp_path: Path, *lines: str) -> Register:
    path = tmp_path / "gv100.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return read_municipalities(path, as_of=date(2023, 11, 30), source="GV100AD")


def rows(register: Register) -> list[tuple[str, str, str, int]]:
    return [(str(one.ars), one.name, one.kind.value, one.population) for one in register.entries]


def test_a_kreisfreie_stadt_elsewhere_is_one_row_by_whatever_name(tmp_path: Path) -> None:
    register = read(tmp_path, KIEL, HAMBURG, KOBLENZ, ULM)

    assert rows(register) == [
        ("010020000000", "Kiel, Landeshauptstadt", "kreisfreie_stadt", 247717),
        ("020000000000", "Hamburg, Freie und Hansestadt", "kreisfreie_stadt", 1892122),
        ("071110000000", "Koblenz, Stadt", "kreisfreie_stadt", 115268),
        ("084210000000", "Ulm, Universitätsstadt", "kreisfreie_stadt", 128928),
    ]
    assert (register.read, register.made, register.left_out) == (4, 0, {})


def test_the_municipalities_of_another_land_are_counted_in_their_kreis_and_left_out(tmp_path: Path) -> None:
    register = read(tmp_path, ROETGEN, AACHEN)

    assert rows(register) == [("053340000000", "Städteregion Aachen", "landkreis", 252136 + 8727)]
    assert register.left_out == {AreaLeftOut.OTHER_LAND: 2}


def test_the_inhabitants_of_unincorporated_areas_count_in_their_landkreis(tmp_path: Path) -> None:
    register = read(tmp_path, LOHHEIDE, CELLE)

    assert rows(register) == [("033510000000", "Celle", "landkreis", 70138 + 748)]
    assert register.left_out == {AreaLeftOut.OTHER_LAND: 1, AreaLeftOut.UNINCORPORATED: 1}


def test_an_area_without_a_landkreis_makes_none(tmp_path: Path) -> None:
    register = read(tmp_path, JOINT_RULE)

    assert register.entries == ()
    assert register.left_out == {AreaLeftOut.UNINCORPORATED: 1}


def test_a_municipality_without_a_landkreis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read(tmp_path, JOINT_RULE.replace(",66,", ",64,"))


def test_the_home_land_is_taken_in_full(tmp_path: Path) -> None:
    register = read(tmp_path, GOLZOW, ROETGEN)

    kinds = [one.kind for one in register.entries]
    assert kinds == [
        MunicipalityKind.LANDKREIS,
        MunicipalityKind.LANDKREIS,
        MunicipalityKind.AMT,
        MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    ]
    assert register.entries[-1].name == "Golzow"


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    register = read(tmp_path, KIEL, ROETGEN, AACHEN, LOHHEIDE, CELLE, JOINT_RULE, GOLZOW)

    assert len(register.entries) == register.read + register.made - Counter(register.left_out).total()


def test_a_landkreis_with_two_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read(tmp_path, ROETGEN, AACHEN.replace("Städteregion Aachen", "Aachen"))


def test_every_entry_names_its_source(tmp_path: Path) -> None:
    register = read(tmp_path, KIEL, ROETGEN)

    assert {_origin(one) for one in register.entries} == {("GV100AD", date(2023, 11, 30))}


def _origin(one: Municipality) -> tuple[str, date]:
    return one.source, one.as_of
