"""The ladder for documents that are too large for a tree: the same steps and findings, in memory that does not grow.

Two ways through the file at once, in two threads: on one libxml2 validates and counts errors; on the other a tree is
built of which only a window is kept, for all other steps. libxml2 does not say on which elements its errors are. So
if something is wrong, the errors are traced to numbers of elements, and a second way with the window finds their
places.

What grows with a document are its identities: each value is kept once. Schematron needs the whole document and cannot
run; a bundle that has some leaves such a document unchecked.
"""

from pathlib import Path

from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.standards.ascent import Ascent
from ozgflow.standards.compiled import CompiledBundle
from ozgflow.standards.ladder import Checked
from ozgflow.standards.parsing import CROWDED_BYTES, Limits, finding_on_xml, is_crowded
from ozgflow.standards.streamed_file import Crowded, StreamedFile
from ozgflow.standards.streamed_window import NOT_STREAMED, Window

CHUNK_BYTES = 131_072
"""How much of a document is looked at together."""

_BEGINNING_BYTES = 262_144
_MEGABYTE = 1024 * 1024


class Stream:
    """One large document on its way through the ladder.

    Attributes:
        file: the document.
    """

    def __init__(self, path: Path, limits: Limits, chunk_bytes: int = CHUNK_BYTES) -> None:
        """Begin.

        Args:
            path: the document's file.
            limits: how much is looked at and shown.
            chunk_bytes: how much is looked at together.
        """
        self.file = StreamedFile(path, chunk_bytes)
        self._limits = limits
        self._digest = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the document, hexadecimal."""
        if not self._digest:
            self._digest = self.file.digest()
        return self._digest

    def beginning(self) -> etree._Element | Finding:
        """The root element with what follows it at first, enough to recognise the bundle.

        Returns:
            The element, or the finding that ends the check.
        """
        if self.file.size > self._limits.document_bytes:
            return finding_on_xml("xml.too-large", limit=self._limits.document_bytes // _MEGABYTE)
        window = Window(self.file.chunks(_BEGINNING_BYTES))
        try:
            root = window.grow()
        except NOT_STREAMED:
            return self.file.refusal(window.parser)
        if root.getroottree().docinfo.internalDTD is not None:
            return finding_on_xml("xml.doctype", line=1)
        return root

    def refused(self) -> Finding | None:
        """Why the document is refused as XML; ``None`` when it is not. For documents that are not checked further."""
        window, crowded = Window(self.file.chunks()), False
        try:
            for _ in window:
                crowded = crowded or is_crowded(window.found)
        except NOT_STREAMED:
            return self.file.refusal(window.parser)
        return finding_on_xml("xml.limit") if crowded and self.file.size > CROWDED_BYTES else None

    def climb(self, compiled: CompiledBundle) -> Checked | Finding:
        """Check the document against its bundle.

        Returns:
            The result, or the finding that ends the check.

        Raises:
            SchemaTrouble: the second engine cannot use the schema.
        """
        ascent = Ascent(self.file, compiled, self._limits)
        try:
            checked = ascent.run()
        except Crowded:
            return self.refused() or finding_on_xml("xml.limit")
        except NOT_STREAMED:
            return self.file.refusal(ascent.window.parser)
        if self.file.has_changed:
            return finding_on_xml("file.unreadable")
        self._digest = ascent.digest
        return checked
