"""Where in a document: paths that people can read."""

from lxml import etree

_SHOWN = 80


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
