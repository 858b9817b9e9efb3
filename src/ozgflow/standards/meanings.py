"""What the schema says its elements are for: the first documentation of each, in the schema's own language."""

from collections.abc import Iterable, Mapping

from lxml import etree

from ozgflow.standards.identity import XS

_SHOWN = 300


def meanings(schemas: Iterable[etree._Element]) -> Mapping[str, str]:
    """Documentation by local name; a name that is explained in several ways is left out."""
    found: dict[str, set[str]] = {}
    for root in schemas:
        for declaration in root.iter(f"{XS}element", f"{XS}attribute"):
            text = " ".join((declaration.findtext(f"{XS}annotation/{XS}documentation") or "").split())
            if declaration.get("name") and text:
                found.setdefault(str(declaration.get("name")), set()).add(text)
    return {name: _shortened(next(iter(texts))) for name, texts in found.items() if len(texts) == 1}


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"
