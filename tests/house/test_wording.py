"""The wording is complete: both languages, the same gaps, and exactly the sentences that the program asks for."""

import ast
import re
from string import Formatter

import pytest
from sqlmodel import SQLModel

import ozgflow.storage.grant_tables
import ozgflow.storage.maturity_tables
import ozgflow.storage.obstacle_tables
import ozgflow.storage.tables  # noqa: F401 - they fill SQLModel.metadata
from ozgflow.domain.messages import Language, wording_entries
from ozgflow.domain.rules import RULES
from tests.house.repository import PROGRAM, name, parsed, sources
from tests.house.wording_uses import FAMILIES, asked, family, literals, patterns

ENTRIES = {code: texts for _, code, texts in wording_entries()}
BEGINNINGS = {code.partition(".")[0] for code in ENTRIES}
COLUMNS = {f"{table.name}.{column.name}" for table in SQLModel.metadata.tables.values() for column in table.columns}
"""Foreign keys name columns in the shape of codes."""
FILE = re.compile(r".*\.(?:toml|csv|xml|xsd|md|j2|db|log|py)$")


def test_no_code_stands_in_two_files() -> None:
    codes = [code for _, code, _ in wording_entries()]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_code_has_both_languages_and_nothing_else() -> None:
    assert [code for code, texts in ENTRIES.items() if set(texts) != set(Language)] == []


def test_no_text_is_empty() -> None:
    assert [code for code, texts in ENTRIES.items() if not all(text.strip() for text in texts.values())] == []


def test_both_languages_have_the_same_gaps() -> None:
    assert [code for code, texts in ENTRIES.items() if len({gaps(text) for text in texts.values()}) > 1] == []


def test_every_gap_has_a_name() -> None:
    assert [code for code in ENTRIES if any(not gap.isidentifier() for gap in all_gaps(code))] == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_sentence_and_a_hint(rule: str) -> None:
    assert f"finding.{rule}" in ENTRIES
    assert f"hint.{rule}" in ENTRIES


@pytest.mark.parametrize("rule", RULES)
def test_a_hint_asks_for_nothing_that_the_sentence_does_not_have(rule: str) -> None:
    assert all_gaps(f"hint.{rule}") <= all_gaps(f"finding.{rule}")


def test_every_code_asked_for_exists() -> None:
    assert [f"{one.place}: {one.code}" for one in asked() if one.code not in ENTRIES] == []


def test_every_text_that_looks_like_a_code_is_one() -> None:
    shaped = {text for text in literals() if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-zA-Z0-9-]+)+", text)}

    faults = {text for text in shaped if text.partition(".")[0] in BEGINNINGS and not FILE.match(text)}

    assert faults - ENTRIES.keys() - RULES.keys() - COLUMNS == set()


def test_every_code_that_is_put_together_belongs_to_a_known_family() -> None:
    assert patterns(BEGINNINGS) == set(FAMILIES)


@pytest.mark.parametrize("pattern", FAMILIES)
def test_every_member_of_a_family_exists(pattern: str) -> None:
    assert family(pattern) - ENTRIES.keys() == set()


def test_no_code_is_unused() -> None:
    used = literals().union(*(family(pattern) for pattern in FAMILIES))

    assert sorted(ENTRIES.keys() - used) == []


def test_every_place_gives_what_its_sentence_needs() -> None:
    faults = [
        f"{one.place}: {one.code} lacks {', '.join(sorted(all_gaps(one.code) - one.given))}"
        for one in asked()
        if one.code in ENTRIES and one.given is not None and not all_gaps(one.code) <= one.given
    ]

    assert faults == []


def test_german_quotes_in_the_german_way() -> None:
    texts = {code: texts[Language.GERMAN] for code, texts in ENTRIES.items()}

    assert [code for code, text in texts.items() if '"' in text or "”" in text] == []
    assert [code for code, text in texts.items() if not paired(text, "„", "“")] == []


def test_english_quotes_in_the_english_way() -> None:
    texts = {code: texts[Language.ENGLISH] for code, texts in ENTRIES.items()}

    assert [code for code, text in texts.items() if '"' in text or "„" in text] == []
    assert [code for code, text in texts.items() if not paired(text, "“", "”")] == []


def test_nothing_is_exclaimed() -> None:
    assert [code for code, texts in ENTRIES.items() if any("!" in text for text in texts.values())] == []


def test_quotation_marks_stand_in_the_wording_only() -> None:
    faults = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*PROGRAM)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[„“”]", node.value)
    ]

    assert faults == []


def gaps(text: str) -> frozenset[str]:
    return frozenset(gap for _, gap, _, _ in Formatter().parse(text) if gap is not None)


def all_gaps(code: str) -> frozenset[str]:
    return frozenset().union(*(gaps(text) for text in ENTRIES[code].values()))


def paired(text: str, opening: str, closing: str) -> bool:
    marks = re.sub(rf"[^{opening}{closing}]", "", text)
    return marks == (opening + closing) * (len(marks) // 2)
