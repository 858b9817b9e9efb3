"""Money: amounts in euro as people type them, and as whole cents.

In the domain an amount is a ``Decimal`` in euro with at most two digits behind the point; no ``float`` ever touches
it. How amounts are shown is decided in ``domain.messages``.
"""

import re
from decimal import Decimal

from ozgflow.errors import UsageError

NOTHING = Decimal("0.00")
"""No money."""

_CENT = Decimal("0.01")
# Sums of cents stay far below what a database keeps in 64 bits.
_LIMIT = Decimal(1_000_000_000)
_PLAIN = re.compile(r"(?P<euro>[0-9]{1,9})(?:[.,](?P<cents>[0-9]{2}))?")
_GROUPED = re.compile(r"(?P<euro>[0-9]{1,3}(?:\.[0-9]{3}){1,2}),(?P<cents>[0-9]{2})")
_UNIT = re.compile(r"\s*(?:€|EUR)$")


def parse_amount(text: str) -> Decimal:
    """An amount in euro as operators type it: ``20000``, ``20000.00``, ``20000,00`` or ``20.000,00``, € or no €.

    ``20.000`` is refused: it is twenty thousand in German and twenty in English, and a thousandfold of money is not
    guessed at. Points that group digits are taken only before a comma with cents.

    Raises:
        UsageError: the text is no amount, or could be two.
    """
    plain = _UNIT.sub("", text.strip())
    found = _PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)
    if found is None:
        raise UsageError("money.unclear" if re.fullmatch(r"[0-9., ]+", plain) else "money.none", text=text)
    return Decimal(f"{found['euro'].replace('.', '')}.{found['cents'] or '00'}")


def is_amount(value: Decimal) -> bool:
    """Whether a number can be money that is given: above zero, below a billion euro, without fractions of a cent."""
    return value.is_finite() and 0 < value < _LIMIT and value == value.quantize(_CENT)


def require_amount(value: Decimal) -> None:
    """Refuse what is no money that could be given.

    Raises:
        UsageError: the number is none.
    """
    if not is_amount(value):
        raise UsageError("money.impossible")


def cents(amount: Decimal) -> int:
    """An amount in euro as whole cents, for databases."""
    return int(amount.quantize(_CENT).scaleb(2))


def euros(whole_cents: int) -> Decimal:
    """Whole cents as an amount in euro."""
    return Decimal(whole_cents).scaleb(-2).quantize(_CENT)
