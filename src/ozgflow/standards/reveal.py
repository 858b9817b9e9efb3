"""Showing the value at a finding, for an operator who has asked for it by hand. Nothing of it is kept."""

import re

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.standards.parsing import Limits, parse_document

_STEP = re.compile(r"(@?)([^\[\]]+?)(?:\[(\d+)\])?")
_SHOWN = 200


def value_at(data: bytes, finding: Finding, limits: Limits) -> str | None:
    """What stands in a document where a finding is.

    Args:
        data: the document's bytes.
        finding: a finding on it.
        limits: as for the check.

    Returns:
        The text of the element or attribute, cut when long; ``None`` where there is none.
    """
    root = parse_document(data, limits)
    if isinstance(root, Finding) or not finding.path:
        return None
    here = root
    for step in finding.path.split("/")[2:]:
        found = _STEP.fullmatch(step)
        if found is None:
            return None
        if found[1]:
            return _shown(_attribute(here, found[2]))
        below = list(here.iterchildren(f"{{*}}{found[2]}"))
        number = int(found[3] or 1)
        if number > len(below):
            return None
        here = below[number - 1]
    return _shown(None if len(here) else here.text)


def _attribute(element: etree._Element, name: str) -> str | None:
    values = (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return next(values, None)


def _shown(value: str | None) -> str | None:
    text = (value or "").strip()
    return (text if len(text) <= _SHOWN else text[:_SHOWN] + "…") or None
