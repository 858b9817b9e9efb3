"""Where in a document: paths that people can read."""

import re
from dataclasses import dataclass

from lxml import etree

_SHOWN = 80
_STEP = re.compile(r"(?:([^:\[\]/]+):)?([^:\[\]/]+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document, whether its elements are still at hand or not.

    Attributes:
        name: local name of the element or attribute.
        element: the element; its path is worked out when somebody asks.
        attribute: local name of the attribute, or empty.
    """

    name: str
    element: etree._Element
    attribute: str = ""

    @property
    def path(self) -> str:
        """The path that people read."""
        return readable_path(self.element) + (f"/@{self.attribute}" if self.attribute else "")

    @property
    def line(self) -> int:
        """Line of the element's start tag."""
        return line_of(self.element)


def place_of(element: etree._Element, attribute: str = "") -> Place:
    """The place of an element, or of its attribute."""
    return Place(attribute or local_name(element), element, attribute)


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace; very long ones are cut, as senders choose them."""
    return shortened(etree.QName(element).localname)


def shortened(name: str) -> str:
    """A name that is fit to be shown."""
    return name if len(name) <= _SHOWN else name[:_SHOWN] + "…"


def line_of(element: etree._Element) -> int:
    """Line of an element's start tag, counted from 1; 0 where unknown."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def readable_path(element: etree._Element) -> str:
    """Path from the root by local names, with a position where siblings share the name.

    Example: ``/aufenthalt.antrag.0101/nachweis[2]/art``.
    """
    steps = []
    here: etree._Element | None = element
    while here is not None:
        steps.append(_step(here))
        here = here.getparent()
    return "/" + "/".join(reversed(steps))


def _step(element: etree._Element) -> str:
    name = etree.QName(element).localname
    before = sum(1 for _ in element.itersiblings(f"{{*}}{name}", preceding=True))
    if before:
        return f"{shortened(name)}[{before + 1}]"
    alone = next(element.itersiblings(f"{{*}}{name}"), None) is None
    return shortened(name) if alone else f"{shortened(name)}[1]"


def element_at(root: etree._Element, path: str | None) -> etree._Element:
    """The element that libxml2 names by a path of its own.

    Elements with a prefix stand there as ``prefix:name``, those without a namespace by their name, and those in a
    default namespace as ``*``; the number counts siblings of the same kind. An attribute at the end is left out.

    Args:
        root: the document's root element.
        path: for example ``/a:antrag/kopf/*[2]``; ``None`` stands for the root.

    Returns:
        The element, or its nearest ancestor that can be told.
    """
    here = root
    for step in (path or "").split("/")[2:]:
        found = _STEP.fullmatch(step)
        child = _child(here, found[1], found[2], int(found[3] or 1)) if found else None
        if child is None:
            break
        here = child
    return here


def _child(parent: etree._Element, prefix: str | None, name: str, number: int) -> etree._Element | None:
    for child in parent.iterchildren("*" if name == "*" else f"{{*}}{name}"):
        if name == "*" or child.prefix == prefix:
            number -= 1
            if number == 0:
                return child
    return None
