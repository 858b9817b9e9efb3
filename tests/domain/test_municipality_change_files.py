"""The file of changes: what cannot have happened is refused with file and line."""

from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.catalogue_files import FORMER_FILE, MUNICIPALITIES_FILE, MUNICIPALITY_COLUMNS
from ozgflow.domain.keys import Ars
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.municipality_change_files import CHANGES_FILE, read_changes
from ozgflow.domain.municipality_changes import Lineage
from ozgflow.errors import DataError

PACKAGE = Path(__file__).parents[2] / "src/ozgflow/data"
KNOWN = {ars: one.as_of for ars, one in load_catalogue().municipalities.items()}
A, B, C, D = "120600000000", "120700000000", "120740000000", "120750000000"
NEWER = {Ars.parse(C): date(2026, 7, 1), Ars.parse(D): date(2027, 1, 1)}


def read(tmp_path: Path, *lines: str) -> Lineage:
    text = "\n".join(("day,kind,old,new,source", *(f"{line},GVBl." for line in lines))) + "\n"
    (tmp_path / CHANGES_FILE).write_text(text, encoding="utf-8")
    return read_changes(tmp_path, {**KNOWN, **NEWER})


def test_a_folder_without_the_file_knows_no_changes(tmp_path: Path) -> None:
    assert read_changes(tmp_path, KNOWN) == Lineage()


def test_the_changes_are_read_in_order(tmp_path: Path) -> None:
    found = read(tmp_path, f"2026-07-01,merger,{A},{C}", f"2026-07-01,merger,{B},{C}", f"2027-01-01,renaming,{C},{D}")

    assert [one.kind.value for one in found.changes] == ["merger", "merger", "renaming"]
    assert found.origins(Ars.parse(D)) == (Ars.parse(A), Ars.parse(B), Ars.parse(C))


@pytest.mark.parametrize(
    ("lines", "place", "reason"),
    [
        ([f"2026-07-01,merger,{A},{A}"], "Zeile 2, Spalte „new“", "kann nicht in sich selbst übergehen"),
        (
            [f"2026-07-01,renaming,{A},{C}", f"2027-07-01,merger,{C},{A}"],
            "Zeile 3, Spalte „new“",
            "am 01.07.2026 weggefallen und kann nicht wiederkehren",
        ),
        (
            [f"2026-07-01,split,{A},{C}", f"2026-07-01,split,{A},{D}", f"2026-07-01,merger,{A},{B}"],
            "Zeile 4, Spalte „old“",
            "schon am 01.07.2026 weggefallen",
        ),
        (
            [
                f"2026-07-01,split,{A},{C}",
                f"2026-07-01,split,{A},{D}",
                f"2026-07-01,merger,{B},{D}",
            ],
            "Zeile 4, Spalte „kind“",
            "Änderungen verschiedener Art",
        ),
        ([f"2026-07-01,merger,{A},120990000000"], "Zeile 2, Spalte „new“", "kennt der Katalog nicht"),
        ([f"2026-07-01,merger,120990000000,{A}"], "Zeile 2, Spalte „old“", "kennt der Katalog nicht"),
        (
            [f"2026-07-01,renaming,{A},{C}", f"2026-06-30,renaming,{B},{D}"],
            "Zeile 3, Spalte „day“",
            "vor dem der Zeile",
        ),
        ([f"2026-07-01,split,{A},{C}"], "Zeile 2, Spalte „kind“", "mindestens zwei Nachfolger"),
        (
            [f"2026-07-01,renaming,{A},{C}", f"2026-07-01,renaming,{B},{C}"],
            "Zeile 3, Spalte „kind“",
            "mehrere Schlüssel",
        ),
        ([f"2026-07-01,renaming,{A},{B}"], "Zeile 2, Spalte „kind“", "gab es vorher schon"),
        ([f"2026-07-01,renaming,{A},{C}", f"2026-07-01,renaming,{A},{C}"], "Zeile 3, Spalte „new“", "steht schon"),
        ([f"2026-07-01,renaming,{A},{C}", f"2026-07-01,renaming,{C},{D}"], "Zeile 2, Spalte „new“", "wiederkehren"),
        ([f"2026-07-01,umbenennung,{A},{C}"], "Zeile 2, Spalte „kind“", "möglich sind: merger, split"),
        ([f"2026-7-1,renaming,{A},{C}"], "Zeile 2, Spalte „day“", "Datum"),
        ([f"2026-07-01,renaming,12060,{C}"], "Zeile 2, Spalte „old“", "5 Stellen"),
    ],
)
def test_what_cannot_have_happened_is_refused(tmp_path: Path, lines: list[str], place: str, reason: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, *lines)

    sentence = Wording.load().text(caught.value.code, **caught.value.params)
    assert sentence.startswith(f"Datei municipality_changes.csv, {place}")
    assert reason in sentence
    assert Wording.load(Language.ENGLISH).text(caught.value.code, **caught.value.params)


def test_a_catalogue_folder_may_keep_what_older_registers_said(tmp_path: Path) -> None:
    for name in (MUNICIPALITIES_FILE, "services.csv", "ozg_services.csv"):
        (tmp_path / name).write_bytes((PACKAGE / name).read_bytes())
    former = "129990000000,12999000,Ehemals,landkreis,,1000,2010-12-31,GV100"
    header = ",".join(MUNICIPALITY_COLUMNS)
    (tmp_path / FORMER_FILE).write_text(f"{header}\n{former}\n", encoding="utf-8")
    changes = f"day,kind,old,new,source\n2012-01-01,merger,129990000000,{A},GVBl.\n"
    (tmp_path / CHANGES_FILE).write_text(changes, encoding="utf-8")

    catalogue = load_catalogue(tmp_path)

    assert len(catalogue.municipalities) == 861
    assert [str(one.ars) for one in catalogue.select_municipalities(["Ehemals"])] == [A]
    assert len(catalogue.as_of(date(2011, 1, 1)).municipalities) == 862
