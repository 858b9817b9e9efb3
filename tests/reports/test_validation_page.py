"""The page about checked documents: what it says, that it stands alone, and that everybody can read it."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from itertools import pairwise

import pytest

from ozgflow.domain.messages import Language, Wording, message
from ozgflow.reports.validation_page import to_page

from .batches import ALL_GOOD, EMPTY, HOSTILE, INTERRUPTED, MIXED, SHOWN, WRONG, large_batch, make_batch
from .pages import Page, StrictReader
from .test_board_page import luminance

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)
PAGES = {
    "mixed": to_page(MIXED, GERMAN),
    "shown": to_page(SHOWN, GERMAN),
    "empty": to_page(EMPTY, GERMAN),
    "interrupted": to_page(INTERRUPTED, GERMAN),
    "good": to_page(ALL_GOOD, GERMAN),
    "english": to_page(MIXED, ENGLISH),
    "large": to_page(large_batch(300), GERMAN),
}
MIXED_PAGE = Page(PAGES["mixed"])
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


class TestAlone:
    @every_page
    def test_is_well_formed(self, page: str) -> None:
        assert page.startswith("<!DOCTYPE html>\n<html lang=")
        assert StrictReader.read(page).tags.count("html") == 1

    @every_page
    def test_asks_nobody_for_anything_and_runs_nothing(self, page: str) -> None:
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

        assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        assert "style=" not in page

    def test_takes_everything_that_a_finding_holds_literally(self) -> None:
        markup = '<b onclick="x">&amp;'
        finding = replace(
            WRONG.report.findings[0],
            path=f"/{markup}1",
            reference=f"{markup}2",
            meaning=f"{markup}3",
            message=message("finding.xsd.value-length", name=f"{markup}4", bound=1, shape="x"),
        )
        report = replace(WRONG.report, findings=(finding,), proof=replace(WRONG.report.proof, bundle=f"{markup}5"))
        page = to_page(make_batch(replace(WRONG, report=report, values={0: f"{markup}6"})), GERMAN)

        assert "<b " not in page
        for number in range(1, 7):
            assert f"{markup}{number}" in Page(page).text("//article")

    def test_takes_names_literally(self) -> None:
        assert "<script" not in PAGES["mixed"]
        assert HOSTILE.split("\n", maxsplit=1)[0] in MIXED_PAGE.text("//main")


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

    @every_page
    def test_nothing_is_folded_away(self, page: str) -> None:
        assert not {"details", "dialog", "template"} & set(StrictReader.read(page).tags)
        assert "hidden" not in [name for name, _ in StrictReader.read(page).attributes]

    def test_begins_with_a_skip_link(self) -> None:
        first = MIXED_PAGE.root.xpath("//body/*")[0]

        assert (first.tag, first.get("href")) == ("a", "#main")

    def test_severity_and_verdict_are_words_not_only_colours(self) -> None:
        words = {GERMAN.text(f"severity.{severity}") for severity in ("error", "warning", "note")}
        verdicts = {GERMAN.text(f"verdict.{verdict}") for verdict in ("valid", "invalid", "unchecked")}

        assert set(MIXED_PAGE.texts("//span[@class='severity']")) == words
        assert set(MIXED_PAGE.texts("//span[contains(@class, 'verdict')]")) == verdicts

    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    @pytest.mark.parametrize(
        ("front", "back"),
        [
            ("error-text", "error-ground"),
            ("good-text", "good-ground"),
            ("warn-text", "warn-ground"),
            ("muted", "panel"),
            ("error-text", "panel"),
            ("good-text", "panel"),
            ("warn-text", "panel"),
        ],
    )
    def test_contrast(self, scheme: int, front: str, back: str) -> None:
        blocks = re.findall(r":root \{(.*?)\}", PAGES["mixed"], flags=re.DOTALL)
        screen = [block for block in blocks if "000000" not in block]
        text = screen[scheme] + screen[scheme + 2]

        colours = dict(re.findall(r"--([\w-]+): #(\w{6});", text))

        light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


class TestContents:
    def test_head(self) -> None:
        assert MIXED_PAGE.text("//title") == "Prüfbericht – 24.11.2026, 15:02 Uhr"
        assert MIXED_PAGE.texts("//header/dl/div") == [
            "Nachrichten8",
            "Erstellt24.11.2026, 15:02 Uhr",
            "Stichtag der Annahme24.11.2026",
        ]

    def test_begins_with_the_verdicts_their_denominator_and_what_they_mean(self) -> None:
        assert MIXED_PAGE.texts("//dl[contains(@class, 'verdicts')]/div/dd[@class='share']") == [
            "3 von 8",
            "3 von 8",
            "2 von 8",
        ]
        assert "Die Nachricht gilt nicht als gültig." in MIXED_PAGE.text("//dl[contains(@class, 'verdicts')]")

    def test_what_needs_work_comes_first_and_each_document_once(self) -> None:
        assert MIXED_PAGE.texts("//h2") == [
            "Überblick",
            "Fehlerhafte Nachrichten 3 von 8",
            "Nicht geprüfte Nachrichten 2 von 8",
            "Gültige Nachrichten mit Anmerkungen 2 von 8",
            "Gültige Nachrichten ohne Befund 1 von 8",
            "Grundlagen der Prüfung",
        ]
        assert len(MIXED_PAGE.root.xpath("//article")) == 7
        assert len(list(MIXED_PAGE.rows("clean"))) == 1

    def test_the_overview_counts_findings_and_says_where_there_are_more(self) -> None:
        rows = list(MIXED_PAGE.rows("work"))

        assert rows[0] == ["eingang/falsch.xml", "fehlerhaft", "nicht angenommen", "3+", "0+", "0+"]
        assert rows[-1] == ["bemerkt.xml", "gültig", "angenommen", "0", "1", "1"]

    def test_frequent_rules_are_explained(self) -> None:
        assert next(MIXED_PAGE.rows("frequent")) == [
            "Das Pflichtattribut „…“ fehlt. xsd.attribute-missing",
            "Schema",
            "3 von 8",
            "mindestens 3",
        ]

    def test_a_document_that_is_not_accepted_says_why(self) -> None:
        (state,) = MIXED_PAGE.texts("//article[h3='alt.xml']/p[@class='state']")

        assert state.startswith(
            "gültig nicht angenommen: Nachrichten nach aufenthalt-antrag/1.0 wurden nur bis zum 31."
        )

    def test_only_good_documents_leave_nothing_to_do(self) -> None:
        page = Page(PAGES["good"])

        assert page.texts("//h2")[1] == "Gültige Nachrichten ohne Befund 2 von 2"
        assert page.root.xpath("//table[contains(@class, 'work')]") == []

    def test_no_documents(self) -> None:
        assert "Es wurde keine Nachricht geprüft." in Page(PAGES["empty"]).text("//main")

    def test_with_values_the_page_does_not_claim_to_have_none(self) -> None:
        assert "nicht den Inhalt einer Nachricht" in MIXED_PAGE.text("//footer")
        assert "nicht den Inhalt einer Nachricht" not in Page(PAGES["shown"]).text("//footer")

    def test_english(self) -> None:
        page = Page(PAGES["english"])

        assert page.root.get("lang") == "en"
        assert page.text("//h1") == "Validation report"
