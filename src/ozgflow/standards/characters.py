"""The check of characters: composed as Unicode asks, assigned, and within DIN 91379 where the bundle uses it.

Most documents hold plain characters only and are not looked at element by element.

Source: DIN 91379:2022-08; Unicode Standard Annex 15 (NFC).
"""

import unicodedata
from collections.abc import Iterable, Iterator

from lxml import etree

from ozgflow.standards.collected import Collected
from ozgflow.standards.plain_patterns import Repertoire

_CONTROLS = frozenset("\t\n\r")
_UNASSIGNED = frozenset({"Cn", "Co", "Cs", "Cc"})


def check_characters(elements: Iterable[etree._Element], repertoire: Repertoire | None, into: Collected) -> None:
    """Look at the characters of elements.

    Args:
        elements: where to look; not below them.
        repertoire: characters that the bundle's standard allows; ``None`` when it names none.
        into: takes the findings.
    """
    for element in elements:
        for attribute, value in _values(element):
            for rule in _rules(value, repertoire):
                into.report(rule, element, attribute)


def _values(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Local name of the attribute, or empty, and value of everything in an element that is not ASCII."""
    texts = [element.text, *(child.tail for child in element)]
    text = "".join(part for part in texts if part and _is_suspicious(part))
    if text:
        yield "", text
    for attribute, value in element.attrib.items():
        if _is_suspicious(str(value)):
            yield str(attribute).rpartition("}")[2], str(value)


def _is_suspicious(text: str) -> bool:
    return not text.isascii() or "\x7f" in text


def _rules(text: str, repertoire: Repertoire | None) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", text):
        yield "characters.not-nfc"
    characters = set(text) - _CONTROLS
    if any(unicodedata.category(one) in _UNASSIGNED for one in characters):
        yield "characters.unassigned"
    elif repertoire is not None and any(one not in repertoire for one in characters):
        yield "characters.outside"
