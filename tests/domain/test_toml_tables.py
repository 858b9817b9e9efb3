"""Our own TOML files: every complaint names file, line, table and key."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from ozgflow.domain.keys import Ars
from ozgflow.domain.toml_tables import Table, read_table
from ozgflow.errors import DataError, UsageError

TEXT = '''# A comment
code = "probe"
since = 2020-04-06
share = 0.1
whole = 3
land = "12"

note = """
[[stage]]
code = "not a table"
"""

[limits]
most = 7

[[stage]]
code = "eins"

[[stage.gate]]
code = "tor"

[[stage]]
code = "zwei"

[[stage.gate]]
code = "tür"

[[stage.gate]]  # the second one
code = "fenster"
colour = "red"
'''


class Colour(StrEnum):
    BLUE = "blue"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    path = tmp_path / "probe.toml"
    path.write_text(TEXT, encoding="utf-8")
    return read_table(path)


def _last_gate(table: Table) -> Table:
    return table.tables("stage")[1].tables("gate")[1]


def test_a_key_deep_inside_is_complained_about_with_its_line(table: Table) -> None:
    with pytest.raises(DataError) as refused:
        _last_gate(table).choice("colour", Colour)

    assert refused.value.params["line"] == 1 + TEXT[: TEXT.index("colour")].count("\n")
    assert refused.value.params["table"] == "stage 2 (zwei) / gate 2 (fenster)"
    assert refused.value.params["known"] == "blue"


def test_a_missing_key_is_complained_about_at_the_head_of_its_table(table: Table) -> None:
    with pytest.raises(DataError) as refused:
        _last_gate(table).get("title", str)

    assert refused.value.params["line"] == 1 + TEXT[: TEXT.index("[[stage.gate]]  #")].count("\n")


def test_a_table_that_is_no_array_has_a_line_too(table: Table) -> None:
    with pytest.raises(DataError) as refused:
        table.table("limits").get("most", str)

    assert refused.value.params["line"] == 1 + TEXT[: TEXT.index("most")].count("\n")


def test_what_looks_like_a_table_within_a_long_text_is_none(table: Table) -> None:
    assert [row.get("code", str) for row in table.tables("stage")] == ["eins", "zwei"]
    with pytest.raises(DataError) as refused:
        table.tables("stage")[0].get("title", str)
    assert refused.value.params["line"] == 1 + TEXT[: TEXT.index('[[stage]]\ncode = "eins"')].count("\n")


def test_days_and_amounts_keep_their_meaning(table: Table) -> None:
    assert table.day("since") == date(2020, 4, 6)
    assert table.amount("share") == Decimal("0.1")
    assert table.amount("whole") == Decimal(3)


def test_a_key_of_an_area_that_is_none_is_refused(table: Table) -> None:
    with pytest.raises(DataError) as refused:
        table.parsed("land", Ars.parse)

    assert refused.value.code == "toml.key-faulty"


def test_a_key_that_nobody_asked_for_is_refused_in_the_end(table: Table) -> None:
    gate = _last_gate(table)
    gate.get("code", str)

    with pytest.raises(DataError) as refused:
        gate.done()

    assert refused.value.params["key"] == "colour"


def test_what_may_be_missing_has_another_value(table: Table) -> None:
    assert table.optional("absent", int, 5) == 5
    assert table.tables("absent", needed=False) == []


def test_a_truth_value_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "probe.toml"
    path.write_text("count = true\n", encoding="utf-8")

    with pytest.raises(DataError):
        read_table(path).get("count", int)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_table(tmp_path / "absent.toml")
