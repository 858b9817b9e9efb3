"""The page about the board: what it says, and that it stands alone."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from itertools import pairwise

import pytest

from ozgflow.domain.messages import Language, Wording
from ozgflow.reports.board_page import ROW_LIMIT, board_page

from .boards import PROGRAMME, make_board, make_municipality, make_row, make_service, mixed_rows
from .pages import Page, StrictReader

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)
STUDY = make_service()
HOUSING = make_service("99108008001000", "Wohngeld")
ONE = make_board(mixed_rows(STUDY))
TWO = make_board([*mixed_rows(STUDY), *mixed_rows(HOUSING)[:3]])
EMPTY = make_board([])


def big_board(*, services: int, municipalities: int) -> str:
    rows = mixed_rows(STUDY)
    places = [make_municipality(number) for number in range(municipalities)]
    return board_page(
        make_board(
            replace(rows[number % 6], service=make_service(f"99{key:03}003001000"), municipality=place)
            for key in range(services)
            for number, place in enumerate(places)
        ),
        GERMAN,
    )


LARGE = big_board(services=214, municipalities=193)
PAGES = {
    "one": board_page(ONE, GERMAN),
    "two": board_page(TWO, GERMAN),
    "empty": board_page(EMPTY, GERMAN),
    "english": board_page(TWO, ENGLISH),
    "large": LARGE,
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


class TestAlone:
    @every_page
    def test_is_well_formed(self, page: str) -> None:
        assert page.startswith("<!DOCTYPE html>\n<html lang=")
        assert StrictReader.read(page).tags.count("html") == 1

    @every_page
    def test_asks_nobody_for_anything(self, page: str) -> None:
        reader = StrictReader.read(page)
        assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(reader.tags)
        assert reader.values("src") == []
        assert all(value.startswith("#") for value in reader.values("href"))
        assert not [name for name, _ in reader.attributes if name.startswith("on")]
        assert not re.search(r"url\(|@import|https?://", page)

    @every_page
    def test_allows_its_own_style_sheet_and_nothing_else(self, page: str) -> None:
        style = page.partition("<style>")[2].partition("</style>")[0]
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        (policy,) = [value for value in StrictReader.read(page).values("content") if "default-src" in value]
        assert policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
        assert "style=" not in page

    def test_same_board_same_bytes(self) -> None:
        assert board_page(TWO, GERMAN) == PAGES["two"]

    def test_takes_names_literally(self) -> None:
        hostile = '<script>alert("x")</script>&amp;'
        service = make_service(title=f"{hostile}Titel")
        row = make_row(make_municipality(1, f"{hostile}Ort"), service)
        programme = replace(PROGRAMME, title={"de": f"{hostile}Programm"})
        page = board_page(replace(make_board([row]), programme=programme), GERMAN)
        assert "<script" not in page
        assert StrictReader.read(page).tags.count("h1") == 1
        for name in ("Titel", "Ort", "Programm"):
            assert f"{hostile}{name}" in Page(page).text()


class TestAccessible:
    @every_page
    def test_one_title_and_ordered_headings(self, page: str) -> None:
        levels = [int(tag[1]) for tag in StrictReader.read(page).tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))

    @every_page
    def test_tables_have_captions_and_scopes(self, page: str) -> None:
        root = Page(page).root
        assert all(len(table.xpath("caption")) == 1 for table in root.xpath("//table"))
        assert all(head.get("scope") == "col" for head in root.xpath("//thead//th"))
        assert all(head.get("scope") == "row" for head in root.xpath("//tbody//th"))
        assert all(len(row.xpath("th")) == 1 for row in root.xpath("//tbody/tr"))

    @every_page
    def test_cards_say_what_their_column_says(self, page: str) -> None:
        for table in Page(page).root.xpath("//table[contains(@class, 'cards')]"):
            heads = [head.text_content() for head in table.xpath("thead//th")][1:]
            for row in table.xpath("tbody/tr"):
                assert [cell.get("data-label") for cell in row.xpath("td")] == heads

    @every_page
    def test_references_within_the_page_lead_somewhere(self, page: str) -> None:
        reader = StrictReader.read(page)
        names = reader.values("id")
        assert len(names) == len(set(names))
        targets = {value.removeprefix("#") for value in reader.values("href")}
        assert targets | set(reader.values("aria-labelledby")) <= set(names)

    def test_begins_with_a_skip_link(self) -> None:
        first = Page(PAGES["one"]).root.xpath("//body/*")[0]
        assert (first.tag, first.get("href")) == ("a", "#main")

    def test_a_table_that_scrolls_can_be_reached_by_keyboard(self) -> None:
        (region,) = Page(PAGES["two"]).root.xpath("//div[@role='region']")
        assert region.get("tabindex") == "0"

    def test_drawings_are_hidden_because_the_cells_say_the_same(self) -> None:
        drawings = Page(PAGES["one"]).root.xpath("//table//svg")
        assert drawings
        assert all(drawing.get("aria-hidden") == "true" for drawing in drawings)

    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize(
        ("front", "back", "ratio"),
        [
            ("text", "ground", 7),
            ("text", "panel", 7),
            ("muted", "ground", 4.5),
            ("muted", "panel", 4.5),
            ("accent", "ground", 4.5),
            ("warn-text", "warn-ground", 4.5),
            ("accent", "track", 3),
            ("accent", "panel", 3),
        ],
    )
    def test_contrast(self, scheme: int, front: str, back: str, ratio: float) -> None:
        block = re.findall(r":root \{(.*?)\}", PAGES["one"], flags=re.DOTALL)[scheme]
        colours = dict(re.findall(r"--([\w-]+): #(\w{6});", block))
        light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= ratio


class TestContents:
    def test_head(self) -> None:
        page = Page(PAGES["one"])
        assert page.text("//title") == "Stand der Nachnutzungen – EfA-Nachnutzung – 02.03.2026"
        assert page.texts("//header/dl/div") == [
            "ProgrammEfA-Nachnutzung",
            "Stichtag02.03.2026",
            "LeistungAufenthaltserlaubnis zum Zweck des Studiums LeiKa-Schlüssel 99010003001000",
            "Nachnutzungen6",
        ]

    def test_each_rollout_is_in_one_of_four_fields(self) -> None:
        assert Page(PAGES["one"]).texts("//dl[@class='figures']//dd[@class='share']") == [
            "1 von 6",
            "1 von 6",
            "3 von 6",
            "1 von 6",
        ]

    def test_names_the_stage_that_half_have_reached(self) -> None:
        (sentence, _) = Page(PAGES["one"]).texts("//section[@aria-labelledby='overview']/p")
        assert sentence.startswith(
            "3 von 6 haben die Stufe „Anbindung des Fachverfahrens“ erreicht oder überschritten."
        )

    def test_says_so_when_half_have_reached_none(self) -> None:
        page = Page(board_page(make_board(mixed_rows(STUDY)[:2]), GERMAN))
        assert "Noch keine Stufe hat mindestens die Hälfte erreicht." in page.text()

    def test_stages_with_denominators_and_without_the_unconfirmed(self) -> None:
        assert list(Page(PAGES["one"]).rows("stages")) == [
            ["0 noch nicht begonnen", "2 von 6", "entfällt"],
            ["1 Interessensbekundung", "0 von 6", "3 von 6"],
            ["2 Eignungsprüfung", "0 von 6", "3 von 6"],
            ["3 Vertrag und Vereinbarung", "0 von 6", "3 von 6"],
            ["4 Basisdaten und Parameter", "0 von 6", "3 von 6"],
            ["5 Anbindung des Fachverfahrens", "1 von 6", "3 von 6"],
            ["6 Prüfung der Nachrichten", "1 von 6", "2 von 6"],
            ["7 Integrationstest", "1 von 6 (davon nicht mehr bestätigt: 1)", "1 von 6"],
            ["8 Go-Live", "0 von 6", "1 von 6"],
            ["9 Betrieb", "1 von 6", "1 von 6"],
        ]

    def test_hurdles_by_frequency_then_in_the_order_of_the_programme(self) -> None:
        assert list(Page(PAGES["one"]).rows("hurdles")) == [
            ["Interesse schriftlich bekundet", "organisatorisch", "Interessensbekundung", "2 von 6"],
            ["Fachlich freigegeben", "organisatorisch", "Integrationstest", "1 von 6"],
            ["NL4: Rückkanal für Status und Bescheid rechtssicher", "rechtlich", "Go-Live", "1 von 6"],
            ["Go-Live freigegeben", "organisatorisch", "Go-Live", "1 von 6"],
            ["Onlinedienst veröffentlicht", "organisatorisch", "Go-Live", "1 von 6"],
        ]

    def test_one_row_per_municipality(self) -> None:
        rows = list(Page(PAGES["one"]).rows("municipalities"))
        assert rows[1] == [
            "Baruth/Mark",
            "120000000002",
            "0 von 9 noch nicht begonnen",
            "Interessensbekundung",
            "Interesse schriftlich bekundet: Nachweis fehlt",
        ]
        assert [row[0] for row in rows] == [row.municipality.label for row in ONE.rows]
        assert rows[5][2:] == ["9 von 9 Betrieb", "keine", "alle Stufen erreicht"]

    def test_a_rollout_that_is_ready_names_the_stage_that_comes_next(self) -> None:
        ready = list(Page(PAGES["one"]).rows("municipalities"))[2]
        assert ready[2:4] == ["5 von 9 Anbindung des Fachverfahrens", "Prüfung der Nachrichten"]
        assert ready[4].startswith("bereit für „Prüfung der Nachrichten“")

    def test_the_unconfirmed_comes_first_and_is_a_word(self) -> None:
        row = list(Page(PAGES["one"]).rows("municipalities"))[4]
        assert row[2] == "7 von 9 Integrationstest nicht mehr bestätigt"
        reasons = Page(PAGES["one"]).texts("//table[contains(@class, 'municipalities')]//tr[5]//li")
        assert len(reasons) == 4
        assert reasons[0].startswith("nicht mehr bestätigt – Zertifikat gültig: ")
        assert reasons[1] == "NL4: Rückkanal für Status und Bescheid rechtssicher: Nachweis fehlt"

    def test_several_services_are_compared_and_then_shown_one_by_one(self) -> None:
        page = Page(PAGES["two"])
        assert list(page.rows("counts")) == [
            [f"{STUDY.title} LeiKa-Schlüssel {STUDY.key}", "6", *"2000011101", "1"],
            [f"Wohngeld LeiKa-Schlüssel {HOUSING.key}", "3", *"2000010000", "0"],
        ]
        assert page.texts("//h2")[-2:] == [
            f"{STUDY.title} LeiKa-Schlüssel {STUDY.key}",
            f"Wohngeld LeiKa-Schlüssel {HOUSING.key}",
        ]
        assert len(list(page.rows("municipalities"))) == 9
        assert "aufgehalten: 2 von 3" in page.text()

    def test_no_rollouts(self) -> None:
        page = Page(PAGES["empty"])
        assert "sind keine Nachnutzungen eröffnet" in page.text("//main")
        assert page.root.xpath("//table") == []

    def test_up_to_the_limit_every_municipality_has_a_row(self) -> None:
        page = Page(big_board(services=10, municipalities=ROW_LIMIT // 10))
        assert len(list(page.rows("municipalities"))) == ROW_LIMIT

    def test_above_the_limit_services_are_summed_up_and_the_page_says_so(self) -> None:
        page = Page(LARGE)
        assert "Dieser Bericht umfasst 41.302 Nachnutzungen. Bei mehr als 2.000 zeigt er" in page.text()
        assert page.root.xpath("//table[contains(@class, 'municipalities')]") == []
        rows = list(page.rows("counts"))
        assert len(rows) == 214
        assert {row[1] for row in rows} == {"193"}
        assert all(sum(int(cell) for cell in row[2:12]) == 193 for row in rows)
        assert len(LARGE) < 200_000

    def test_english(self) -> None:
        page = Page(PAGES["english"])
        assert page.root.get("lang") == "en"
        assert page.text("//h1") == "Where the rollouts stand"
        assert page.text("//time") == "2026-03-02"
        assert next(page.rows("stages")) == ["0 not begun", "4 of 9", "not applicable"]
        german = {"Nachnutzung", "Stufe", "bestätigt", "Kommune", "Leistung", " von "}
        assert not [word for word in german if word in page.text()]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
