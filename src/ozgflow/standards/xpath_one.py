"""XPath of KoSIT configurations, as far as XPath 1.0 says the same.

Their engine speaks XPath 2 and later; documents are recognised here with XPath 1.0. The two functions that
configurations use all the time have exact counterparts. What else is not XPath 1.0 is refused, not read wrongly.

Source: W3C, XML Path Language (XPath) 1.0; XPath and XQuery Functions and Operators 3.1, 14.2.
"""

import re
from collections.abc import Mapping

from lxml import etree

_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*\(")
_PREFIX = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.-]*):(?!:)[\w*]")
_COUNTERPARTS = {"exists": "boolean", "empty": "not"}
_FUNCTIONS = frozenset(
    {
        *("last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat"),
        *("starts-with", "contains", "substring-before", "substring-after", "substring", "string-length"),
        *("normalize-space", "translate", "boolean", "not", "true", "false", "lang", "number", "sum", "floor"),
        *("ceiling", "round", "node", "text", "comment", "processing-instruction", "and", "or", "div", "mod"),
    }
)


def as_xpath_one(expression: str, namespaces: Mapping[str, str]) -> str | None:
    """The same expression in XPath 1.0.

    Args:
        expression: an expression of XPath 2 or later.
        namespaces: the prefixes that it may use.

    Returns:
        The expression; ``None`` when it cannot be said in XPath 1.0 or uses a prefix that nobody declares.
    """
    literals: list[str] = []

    def aside(found: re.Match[str]) -> str:
        literals.append(found[0])
        return "\0"

    bare = _LITERAL.sub(aside, " ".join(expression.split()) if "\0" not in expression else "")
    bare = _CALL.sub(lambda found: f"{_COUNTERPARTS.get(found[1], found[1])}(", bare)
    calls = {found for found in _CALL.findall(bare) if found not in _FUNCTIONS}
    prefixes = set(_PREFIX.findall(bare)) - namespaces.keys()
    if calls or prefixes:
        return None
    rest = iter(literals)
    written = re.sub("\0", lambda _: next(rest), bare)
    return written if _works(written, namespaces) else None


def _works(expression: str, namespaces: Mapping[str, str]) -> bool:
    try:
        etree.XPath(f"boolean({expression})", namespaces=dict(namespaces))(etree.Element("probe"))
    except etree.XPathError:
        return False
    return True
