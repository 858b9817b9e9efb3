"""The reference documents leave nothing out."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from ozgflow.domain.checks import CHECKS
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme, programme_codes
from ozgflow.domain.rules import RULES, Step
from ozgflow.errors import DataError
from ozgflow.reports.reference import rules_markdown, stages_markdown

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)
PROGRAMMES = [load_programme(code) for code in programme_codes()]
KINDS = load_evidence_kinds()
STAGES = stages_markdown(PROGRAMMES, KINDS, GERMAN)
RULE_PAGE = rules_markdown(GERMAN)


def table_rows(markdown: str) -> list[list[str]]:
    """The rows of all tables, cut at bars that are not escaped."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("page", [STAGES, RULE_PAGE])
def test_says_first_that_it_is_generated(page: str) -> None:
    first = page.splitlines()[0]
    assert "`ozgflow docs write`" in first
    assert "Do not edit" in first
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


@pytest.mark.parametrize("page", [STAGES, RULE_PAGE])
def test_has_one_title_and_skips_no_level(page: str) -> None:
    levels = [len(mark) for mark in re.findall(r"^(#+) ", page, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("page", [STAGES, RULE_PAGE])
def test_tables_have_as_many_cells_as_heads(page: str) -> None:
    widths: set[int] = set()
    for line in page.splitlines():
        if not line.startswith("|"):
            widths = set()
            continue
        widths |= {len(row) for row in table_rows(line)}
        assert len(widths) == 1, line


def test_every_gate_stands_with_check_parameters_and_evidence() -> None:
    for programme in PROGRAMMES:
        rows = {row[1]: row for row in table_rows(_section(programme.code))}
        for gate in (gate for stage in programme.stages for gate in stage.gates):
            row = rows[f"`{gate.code}`"]
            assert row[0] == gate.title["de"]
            assert row[2] == gate.dimension
            assert row[3].startswith(f"`{gate.check}`")
            assert all(f"`{name} = " in row[3] for name in gate.parameters)


def test_a_gate_on_several_kinds_names_them_all() -> None:
    row = next(row for row in table_rows(STAGES) if row[1] == "`empfang-eingerichtet`")
    assert row[3] == '`any-evidence`<br>`kinds = ["fitconnect-zustellpunkt", "dvdv-eintrag"]`'
    assert row[4] == (
        "FIT-Connect-Zustellpunkt aktiv (`fitconnect-zustellpunkt`)<br>"
        "DVDV-Eintrag mit OSCI-Empfänger (`dvdv-eintrag`)"
    )


def test_every_stage_stands_in_order_in_text_and_flowchart() -> None:
    for programme in PROGRAMMES:
        section = _section(programme.code)
        headings = re.findall(r"^### \d+\. .* \(`(.*)`\)$", section, flags=re.MULTILINE)
        assert [stage.code for stage in programme.stages] == headings
        for number, stage in enumerate(programme.stages, 1):
            assert f's{number}["{number} {stage.title["de"]}"]' in section
            assert f"s{number - 1} -->|" in section
            assert stage.purpose["de"] in section


def _section(code: str) -> str:
    """What the page says of a programme."""
    return STAGES.partition(f"## Programme `{code}`")[2].partition("\n## ")[0]


def test_every_check_stands_with_its_docstring_and_parameters() -> None:
    for name, check in CHECKS.items():
        section = STAGES.partition(f"### `{name}`\n")[2].partition("\n##")[0]
        assert (check.run.__doc__ or "missing") in section
        assert [row[0] for row in table_rows(section)[2:]] == [f"`{one}`" for one in check.parameters]


def test_every_kind_of_evidence_stands_with_its_scope() -> None:
    rows = table_rows(STAGES.partition("## Kinds of evidence")[2])[2:]
    assert rows == [[f"`{kind.code}`", kind.title["de"], str(kind.scope)] for kind in KINDS.values()]


def test_every_rule_stands_in_the_section_of_its_step() -> None:
    sections = re.split(r"^## ", RULE_PAGE, flags=re.MULTILINE)[1:]
    for step, section in zip(Step, sections, strict=True):
        assert f"(`{step}`)" in section.splitlines()[0]
        rows = table_rows(section)[2:]
        assert [row[0] for row in rows] == [f"`{rule.code}`" for rule in RULES.values() if rule.step is step]


def test_a_rule_shows_severity_effect_sentence_hint_and_source() -> None:
    rows = {row[0]: row[1:] for row in table_rows(RULE_PAGE)}
    assert rows["`xml.empty`"] == [
        "`error`",
        "invalid",
        "Die Datei ist leer.",
        "Liefern Sie die Nachricht erneut; vermutlich ist die Übertragung abgebrochen.",
        "XML 1.0 (5. Ausgabe) § 2.1",
    ]
    assert rows["`bundle.unknown`"][1] == "unchecked"


def test_markup_in_a_sentence_is_taken_literally() -> None:
    templates = {**GERMAN.templates, "finding.xml.empty": "a | b <c> *d* `e` &amp; \\"}
    page = rules_markdown(replace(GERMAN, templates=templates))
    assert r"a \| b \<c\> \*d\* \`e\` \&amp; \\" in page


def test_a_rule_without_a_sentence_is_refused() -> None:
    templates = {code: text for code, text in GERMAN.templates.items() if code != "hint.xml.empty"}
    with pytest.raises(DataError) as caught:
        rules_markdown(replace(GERMAN, templates=templates))
    assert caught.value.params == {"missing": "hint.xml.empty"}


def test_quotes_in_the_other_language() -> None:
    assert "The file is empty." in rules_markdown(ENGLISH)
    assert "**Suitability.** The authority is competent" in stages_markdown(PROGRAMMES, KINDS, ENGLISH)
