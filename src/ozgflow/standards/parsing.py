"""Safe parsing: strict for documents, a policy of its own for schemas.

Documents: no network, no DOCTYPE, no entities, libxml2's limits on depth, names and text in force. Hostile XML
is a finding, not an incident. Schemas may carry a DOCTYPE with internal entities, as the W3C signature schema
does; nothing outside is loaded for them either.
"""

import re
import threading
from dataclasses import dataclass

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message

_of_thread = threading.local()
_ENCODING_ERRORS = frozenset(
    {
        "ERR_INVALID_ENCODING",
        "ERR_UNSUPPORTED_ENCODING",
        "ERR_UNKNOWN_ENCODING",
        "ERR_MISSING_ENCODING",
        "ERR_ENCODING_NAME",
        "I18N_CONV_FAILED",
    }
)
_LIMIT_ERRORS = frozenset({"ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG"})
_XSI = b"XMLSchema-instance"
# libxml2 takes white space before one of these for white space between elements, whatever follows.
_ODD_LINE_ENDS = re.compile(rb"[ \t]\r|(?<!\r)\n\r|\r(?!\n)")
CROWDED_BYTES = 32_768
"""Only in larger documents, an element may have so many attributes that validating it takes long."""
_DECLARATIONS = (b"<?xml", b"\xef\xbb\xbf<?xml")
# libxml2's schema validation is quadratic in the attributes of one element: 50,000 of them take eleven seconds.
_CROWDED = etree.XPath("boolean(//*[count(@*) > 1000])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a document is looked at.

    Attributes:
        document_bytes: larger documents are not checked (verdict ``unchecked``).
        findings: at most this many findings are listed per document.
        findings_per_rule: at most this many findings of one rule are listed per document.
        streamed_bytes: larger documents are checked piece by piece, in bounded memory.
    """

    document_bytes: int = 1024 * 1024 * 1024
    findings: int = 100
    findings_per_rule: int = 25
    streamed_bytes: int = 8 * 1024 * 1024


class _DoctypeProbe:
    """Parser target that only remembers whether a DOCTYPE was seen."""

    seen = False

    def doctype(self, _name: str, _public_id: str | None, _system_id: str | None) -> None:
        self.seen = True

    def close(self) -> None:
        return None


def document_parser(
    *,
    target: object = None,
    schema: etree.XMLSchema | None = None,
    without_comments: bool = False,
    without_blanks: bool = False,
) -> etree.XMLParser:
    """A parser under the strict policy for documents.

    Args:
        target: object that receives the events instead of a tree.
        schema: validate against it while parsing.
        without_comments: leave out comments and processing instructions.
        without_blanks: leave out white space between elements; a text of white space alone stays.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=without_comments,
        remove_pis=without_comments,
        remove_blank_text=without_blanks,
        schema=schema,
        target=target,  # type: ignore[arg-type]  # the stubs ask for all methods, lxml for those it finds
    )


def schema_parser() -> etree.XMLParser:
    """A parser under the policy for schemas: internal entities only, nothing from the network."""
    return etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only bool
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )


def parse_document(data: bytes, limits: Limits) -> "etree._Element | Finding":
    """Parse a document under the strict policy.

    Comments and instructions are left out, so that a value which they cut into pieces is one text. White space
    between elements is left out where that is certain to change nothing for any check but Schematron, which parses
    anew: in documents of elements and texts alone.

    Returns:
        The root element, or the finding that ends the check.
    """
    if len(data) > limits.document_bytes:
        return finding_on_xml("xml.too-large", limit=limits.document_bytes // (1024 * 1024))
    parser = _own_parser("quick" if is_simple(data) else "merged")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return explain_refusal(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        return finding_on_xml("xml.doctype", line=1)
    if len(data) > CROWDED_BYTES and is_crowded(root):
        return finding_on_xml("xml.limit")
    return root


def parse_whole(data: bytes) -> etree._Element:
    """Parse a document that ``parse_document`` has accepted, with all its white space."""
    return etree.fromstring(data, _own_parser("whole"))


def is_simple(data: bytes) -> bool:
    """Whether a document is certain to consist of elements and texts alone, with no comment, CDATA or instruction."""
    # One byte is found ten times as fast as two, so it is looked for first.
    after = data.find(b"?>") + 2 if data.startswith(_DECLARATIONS) else 0
    has_instruction = data.find(b"?", after) >= 0 and data.find(b"<?", after) >= 0
    is_wide = b"\0" in data[:4]  # UTF-16 or UTF-32, in which markup is not seen like this
    if b"\r" in data and _ODD_LINE_ENDS.search(data):
        return False
    return not is_wide and not has_instruction and (b"!" not in data or b"<!" not in data)


def names_types(data: bytes, *, certain: bool) -> bool:
    """Whether elements of a document may have another type than their name says: ``xsi:type`` may be in it.

    Args:
        data: the document.
        certain: whether its markup is certain to be seen in its bytes; in UTF-16 it is not.
    """
    # A reference to a character in the namespace's address would hide it.
    return not certain or _XSI in data or (b"#" in data and b"&#" in data)


def _own_parser(kind: str) -> etree.XMLParser:
    """A parser of this thread: making one for each document costs more than refusing a DOCTYPE."""
    parser: etree.XMLParser | None = getattr(_of_thread, kind, None)
    if parser is None:
        parser = document_parser(without_blanks=kind == "quick", without_comments=kind == "merged")
        setattr(_of_thread, kind, parser)
    return parser


def is_crowded(root: etree._Element) -> bool:
    """Whether an element of a tree has so many attributes that libxml2 would take minutes to validate it."""
    return bool(_CROWDED(root))


def finding_on_xml(rule: str, line: int = 0, *, column: int = 0, **params: object) -> Finding:
    """A finding on a document that is refused before it has a tree, and so has no path.

    Args:
        rule: code of the rule.
        line: from 1; 0 when unknown.
        column: from 1; 0 when unknown.
        params: what the sentence needs.
    """
    return Finding(rule=rule, path="", line=line, column=column, message=message(f"finding.{rule}", **params))


def explain_refusal(data: bytes, parser: etree.XMLParser) -> Finding:
    """Name the first trouble of a document that is not well-formed, without its text.

    Args:
        data: the document, or its beginning.
        parser: the parser that has refused it.
    """
    if _has_doctype(data):
        return finding_on_xml("xml.doctype", line=1)
    if not data.strip():
        return finding_on_xml("xml.empty", line=1)
    errors = parser.error_log
    if not errors:
        return finding_on_xml("xml.not-well-formed", line=1, what=message("wellformed.other"))
    first = errors[0]
    if first.type_name in _LIMIT_ERRORS:
        rule = "xml.depth" if "depth" in first.message else "xml.limit"
        return finding_on_xml(rule, line=first.line)
    if first.type_name in _ENCODING_ERRORS:
        return finding_on_xml("xml.encoding", line=first.line, column=first.column)
    what = _WELLFORMED.get(first.type_name, "wellformed.other")
    return finding_on_xml("xml.not-well-formed", line=first.line, column=first.column, what=message(what))


_WELLFORMED = {
    "ERR_DOCUMENT_EMPTY": "wellformed.no-xml",
    "ERR_DOCUMENT_END": "wellformed.after-end",
    "ERR_TAG_NAME_MISMATCH": "wellformed.mismatch",
    "ERR_TAG_NOT_FINISHED": "wellformed.cut-off",
    "ERR_GT_REQUIRED": "wellformed.cut-off",
    "ERR_ATTRIBUTE_NOT_STARTED": "wellformed.attribute",
    "ERR_ATTRIBUTE_NOT_FINISHED": "wellformed.attribute",
    "ERR_ATTRIBUTE_WITHOUT_VALUE": "wellformed.attribute",
    "ERR_ATTRIBUTE_REDEFINED": "wellformed.attribute-twice",
    "ERR_UNDECLARED_ENTITY": "wellformed.entity",
    "ERR_ENTITYREF_SEMICOL_MISSING": "wellformed.ampersand",
    "ERR_NAME_REQUIRED": "wellformed.name",
    "ERR_LT_IN_ATTRIBUTE": "wellformed.less-than",
    "ERR_INVALID_CHAR": "wellformed.character",
    "NS_ERR_UNDEFINED_NAMESPACE": "wellformed.prefix",
}


def _has_doctype(data: bytes) -> bool:
    probe = _DoctypeProbe()
    parser = document_parser(target=probe)
    try:
        parser.feed(data)
        parser.close()
    except etree.XMLSyntaxError:
        return probe.seen
    return probe.seen
