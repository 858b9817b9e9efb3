"""Comparing what an operator types with official names: case, diacritics and punctuation do not count."""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_MARKS = re.compile(r"[\u0300-\u036f]")
_SEPARATORS = re.compile(r"[\W_]+")


class Match(IntEnum):
    """How well a query fits a name; smaller is better."""

    WHOLE = 0
    """The query is the name."""
    WORDS = 1
    """The query is one or more whole words of it: ``Chóśebuz`` in ``Cottbus/Chóśebuz``."""
    PART = 2
    """The query occurs in it."""


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """The form in which texts are compared: ``Cottbus/Chóśebuz`` becomes ``cottbus chosebuz``."""
    # Once before and once after, because folding the case can make letters that come apart, and vice versa.
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _SEPARATORS.sub(" ", _MARKS.sub("", lower).translate(_LETTERS)).strip()


def spellings(text: str) -> frozenset[str]:
    """The folded forms under which a name is found: ``Märkisch`` as ``markisch`` and as ``maerkisch``."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return frozenset({fold(text), fold(composed.translate(_UMLAUTS))})


def best_match(query: str, names: Iterable[str]) -> Match | None:
    """How well a folded query fits the best of the folded names; ``None`` when it fits none."""
    fits = [match for name in names if (match := _match(query, name)) is not None]
    return min(fits, default=None)


def _match(query: str, name: str) -> Match | None:
    if not query or query not in name:
        return None
    if query == name:
        return Match.WHOLE
    return Match.WORDS if f" {query} " in f" {name} " else Match.PART
