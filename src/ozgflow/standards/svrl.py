"""SVRL, the language in which Schematron answers: which rules fired, what failed, and where.

Places are XPaths in SVRL, written in several ways by several compilers. They are read here by a grammar of their
own that only leads from parent to child; no XPath out of a result is ever evaluated.

Source: ISO/IEC 19757-3, annex D (SVRL); XPath Functions 3.1, fn:path.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

SVRL = "http://purl.oclc.org/dsdl/svrl"
"""Namespace of the results."""
FIRED = f"{{{SVRL}}}fired-rule"
FAILED = f"{{{SVRL}}}failed-assert"
REPORTED = f"{{{SVRL}}}successful-report"
OUTPUT = f"{{{SVRL}}}schematron-output"
FIRED_TAG = "<svrl:fired-rule"
"""How a rule that fired begins in a result as text, with the prefix that nearly every compiler uses."""
_OUTPUT_TAG, _DECLARED = "<svrl:schematron-output", f'xmlns:svrl="{SVRL}"'
_HEAD = 2_000
_PREFIX = f"{{{SVRL}}}ns-prefix-in-attribute-values"

_NAME = r"[^\W\d][\w.\-·]*"
_STRING = r"'([^']*)'|\"([^\"]*)\""
_STEP = re.compile(
    rf"/(?P<attribute>@)?(?:Q\{{(?P<uri>[^{{}}]*)\}}|(?P<prefix>{_NAME}|\*):)?(?P<name>{_NAME}|\*)"
    r"(?!\()(?P<predicates>(?:\[[^\[\]]*\])*)"
)
_LEAF = re.compile(rf"/(?:text|comment|node|processing-instruction)\((?:{_NAME}|{_STRING})?\)(?:\[\d+\])?$")
_PREDICATE = re.compile(r"\[([^\[\]]*)\]")
_CONDITION = re.compile(rf"\s*(local-name|namespace-uri)\(\s*\.?\s*\)\s*=\s*(?:{_STRING})\s*")
_JOINED = re.compile(r"\s+and\s+(?=local-name|namespace-uri)")


def is_clean(result: str) -> bool:
    """Whether a result as text is certain to tell of nothing that failed, so that it need not be parsed."""
    head = result[:_HEAD]
    named = _OUTPUT_TAG in head and _DECLARED in head
    return named and "failed-assert" not in result and "successful-report" not in result


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPlace:
    """Where in a document.

    Attributes:
        element: the element.
        attribute: local name of the attribute that is meant; empty for the element itself.
    """

    element: etree._Element
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResultStep:
    """One step down.

    Attributes:
        name: local name.
        namespace: ``None`` stands for any.
        prefix: stands for the namespace.
        bare: whether the element has no prefix in the document. Some compilers write ``name()`` into their paths.
        position: among those children of the parent that fit, counted from 1.
        attribute: whether an attribute is meant.
    """

    name: str
    namespace: str | None
    prefix: str = ""
    bare: bool = False
    position: int = 1
    attribute: bool = False


class ResultPlaces:
    """Finds places in one document; remembers children, as many results point at neighbours."""

    def __init__(self, root: etree._Element, prefixes: Mapping[str, str] | None = None) -> None:
        """Begin with a document.

        Args:
            root: its root element.
            prefixes: namespaces by prefix, as the result declares them.
        """
        self._root = root
        self._prefixes = {**{name or "": uri for name, uri in root.nsmap.items()}, **(prefixes or {})}
        self._children: dict[tuple[etree._Element | None, str, bool], list[etree._Element]] = {}

    def find(self, location: str) -> ResultPlace | None:
        """The place that an XPath names; ``None`` when it is not of a known form or leads nowhere."""
        steps = _steps(location)
        if steps is None:
            return None
        here: etree._Element | None = None
        for step in steps:
            if step.attribute:
                return ResultPlace(element=here, attribute=step.name) if here is not None else None
            here = self._child(here, step)
            if here is None:
                return None
        return ResultPlace(element=self._root if here is None else here)

    def _child(self, parent: etree._Element | None, step: _ResultStep) -> etree._Element | None:
        namespace = self._prefixes.get(step.prefix) if step.prefix else step.namespace
        if step.prefix and namespace is None:
            return None
        key = (parent, f"{{{'*' if namespace is None else namespace}}}{step.name}", step.bare)
        known = self._children.get(key)
        if known is None:
            known = self._children[key] = self._matching(*key)
        return known[step.position - 1] if step.position <= len(known) else None

    def _matching(self, parent: etree._Element | None, pattern: str, bare: bool) -> list[etree._Element]:  # noqa: FBT001
        if parent is None:
            found = [self._root] if next(self._root.iter(pattern)) is self._root else []
        else:
            found = list(parent.iterchildren(pattern))
        return [one for one in found if one.prefix is None] if bare else found


def prefixes_of(output: etree._Element) -> dict[str, str]:
    """The prefixes that a result declares for its XPaths."""
    return {str(one.get("prefix")): str(one.get("uri")) for one in output.iterchildren(_PREFIX)}


def _steps(location: str) -> list[_ResultStep] | None:
    location = location.strip()
    leaf = _LEAF.search(location)
    if leaf:
        location = location[: leaf.start()]
    if location in ("", "/"):
        return [] if leaf or location else None
    steps: list[_ResultStep] = []
    at = 0
    while at < len(location):
        match = _STEP.match(location, at)
        step = None if match is None or (steps and steps[-1].attribute) else _step(match)
        if match is None or step is None:
            return None
        steps.append(step)
        at = match.end()
    return steps


def _step(match: re.Match[str]) -> _ResultStep | None:
    name, prefix, uri = match["name"], match["prefix"] or "", match["uri"]
    found: dict[str, str] = {"position": "1"}
    for predicate in _PREDICATE.findall(match["predicates"]):
        conditions = dict(_conditions(predicate))
        if not conditions:
            return None
        found |= conditions
    named = found.get("local-name", name)
    namespace = found.get("namespace-uri", uri)
    position = int(found["position"])
    if named == "*" or position < 1:
        return None
    return _ResultStep(
        name=named,
        namespace=namespace,
        prefix=prefix if prefix != "*" and namespace is None else "",
        bare=not prefix and name != "*" and namespace is None,
        position=position,
        attribute=match["attribute"] is not None,
    )


def _conditions(predicate: str) -> Iterator[tuple[str, str]]:
    """The conditions of a predicate; none when there is one that is not known."""
    if predicate.strip().isdecimal():
        yield "position", predicate.strip()
        return
    parts = [_CONDITION.fullmatch(part) for part in _JOINED.split(predicate)]
    for part in parts:
        if part is None:
            return
    for part in parts:
        if part is not None:
            yield part[1], part[2] if part[2] is not None else part[3] or ""
