"""Amounts as people type them: what is clear is taken, what is not is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.messages import Language, Message, Wording
from ozgflow.domain.money import cents, euros, is_amount, parse_amount
from ozgflow.errors import UsageError


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20000", "20000.00"),
        ("20000.00", "20000.00"),
        ("20000,00", "20000.00"),
        ("20.000,00", "20000.00"),
        ("1.234.567,89", "1234567.89"),
        ("0,01", "0.01"),
        (" 500 ", "500.00"),
        ("20.000,00 €", "20000.00"),
        ("99,90 EUR", "99.90"),
    ],
)
def test_clear_amounts_are_taken(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text", ["20.000", "20,000", "1.234.567", "20,000.00", "2.0000,00", "0020.000", "1,5", "1.5", "20 000", "1,2,3"]
)
def test_amounts_that_could_be_two_are_refused_and_the_way_to_write_them_told(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_amount(text)

    sentence = Wording.load().render(Message(refused.value.code, refused.value.params))
    assert f"„{text}“ ist als Betrag nicht eindeutig" in sentence
    assert "20.000,00" in sentence


@pytest.mark.parametrize("text", ["", "-5", "+5", "1e3", "zwanzig", "NaN", "Infinity", "٢٠", "5 $", "€"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"money\.none"):
        parse_amount(text)


def test_amounts_beyond_any_budget_are_refused() -> None:
    with pytest.raises(UsageError):
        parse_amount("1000000000")


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_an_amount_reads_back_as_it_was_written_and_kept(whole_cents: int) -> None:
    amount = euros(whole_cents)

    assert cents(amount) == whole_cents
    assert parse_amount(str(amount)) == amount
    assert parse_amount(Wording.load(Language.GERMAN).amount(amount)) == amount


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("1", True),
        ("1.23", True),
        ("1.230", True),
        ("1.234", False),
        ("0", False),
        ("-1", False),
        ("1e9", False),
        ("1e400", False),
        ("NaN", False),
        ("Infinity", False),
    ],
)
def test_money_that_is_given_is_above_zero_and_has_whole_cents(number: str, *, fits: bool) -> None:
    assert is_amount(Decimal(number)) is fits
