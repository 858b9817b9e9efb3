"""Reading an HTML page in a test: strictly, and as people see it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from lxml import html

VOID = {"meta", "rect"}
"""Elements of our pages that have no end tag."""


class StrictReader(HTMLParser):
    """Reads a page and fails where an element is not closed in its turn or an attribute stands twice."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[str] = []

    @classmethod
    def read(cls, page: str) -> "StrictReader":
        reader = cls()
        reader.feed(page)
        reader.close()
        assert reader._open == []
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for found, value in self.attributes if found == name]


class Page:
    """A page as people see it."""

    def __init__(self, text: str) -> None:
        self.root: Any = html.fromstring(text)

    def texts(self, xpath: str) -> list[str]:
        """The texts of some elements, with blanks made single."""
        return [" ".join(element.text_content().split()) for element in self.root.xpath(xpath)]

    def text(self, xpath: str = "//body") -> str:
        """The text of the one element."""
        (text,) = self.texts(xpath)
        return text

    def rows(self, table: str) -> Iterator[list[str]]:
        """The cells of each body row of the tables with a class."""
        for row in self.root.xpath(f"//table[contains(concat(@class, ' '), '{table} ')]/tbody/tr"):
            yield [" ".join(cell.text_content().split()) for cell in row]
