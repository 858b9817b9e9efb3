"""Documents to measure with: valid, of any size, and invented."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"
_EXAMPLE = ROOT / "tests/examples/aufenthalt-antrag-1.0/valid/beschaeftigung-mit-nachweisen.xml"
_END = "</auf:aufenthalt.antrag.0101>"
_NACHWEIS = """  <auf:nachweis id="m{number}">
    <auf:art listURI="urn:ozgflow:codeliste:nachweisart" listVersionID="1"><code>01</code></auf:art>
    <auf:bezeichnung>Unterlage {number}, Ausführung für die Behörde</auf:bezeichnung>
    <auf:dateiname>unterlage-{number}.pdf</auf:dateiname>
    <auf:pruefsumme>{digest}</auf:pruefsumme>
  </auf:nachweis>
"""


def message(number: int, size: int = 0) -> bytes:
    """A valid application; the smallest one has 4.5 kB.

    Args:
        number: tells messages apart.
        size: add evidence until it has so many bytes.
    """
    return b"".join(pieces(number, size))


def pieces(number: int, size: int) -> Iterator[bytes]:
    """The same piece by piece, for messages that are not to be held in memory."""
    head = _EXAMPLE.read_text(encoding="utf-8").replace("AUF-2026", f"AUF-{number:07}")
    start = head[: head.index("  <auf:nachweisReferenz>")]
    rest = head[len(start) :]
    written = len(head.encode())
    yield start.encode()
    chance = random.Random(number)  # noqa: S311 - not for secrets
    count = 0
    while written < size:
        count += 1
        piece = _NACHWEIS.format(number=count, digest=f"{chance.getrandbits(512):0128x}").encode()
        written += len(piece)
        yield piece
    yield rest.encode()


def wrong(data: bytes) -> bytes:
    """The same message with a value that is none of its type."""
    return data.replace(b"<auf:geburtsdatum>", b"<auf:geburtsdatum>am ", 1)


def every(documents: list[bytes], check: Callable[[bytes], object]) -> Callable[[], None]:
    """A way of checking documents one after the other."""

    def run() -> None:
        for data in documents:
            check(data)

    return run
