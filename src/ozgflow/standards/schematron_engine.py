"""Which processor runs a stylesheet: libxslt where XSLT 1 suffices, Saxon otherwise."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.libxslt import Libxslt, LibxsltFault
from ozgflow.standards.parsing import document_parser, schema_parser
from ozgflow.standards.saxon import Saxon, SaxonFault, document_text, saxon
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.stylesheet_files import Stylesheet

_REMEMBERED = 64
_compiling = threading.Lock()
_executables: dict[tuple[str, str, Path], Any] = {}


class Subject:
    """A document that several sets of rules look at: handed over to Saxon once."""

    def __init__(self, data: bytes, root: etree._Element) -> None:
        """Begin with a document.

        Args:
            data: its bytes.
            root: its root element, parsed from them.
        """
        self.root = root
        self._data = data
        self._nodes: dict[Saxon, Any] = {}

    def node(self, engine: Saxon) -> Any:  # noqa: ANN401 - saxonche has no types
        """The document as a processor has parsed it.

        Raises:
            SaxonFault: it cannot read it.
        """
        if engine not in self._nodes:
            self._nodes[engine] = engine.parse(self._text)
        return self._nodes[engine]

    @cached_property
    def _text(self) -> str:
        return document_text(self._data, self.root)


class SaxonStylesheet:
    """A stylesheet compiled by Saxon, for one thread; compiled once per process, known by the hash of its files."""

    def __init__(self, stylesheet: Stylesheet, *, variant: str = "") -> None:
        """Compile, unless it is known.

        Args:
            stylesheet: the stylesheet.
            variant: tells stylesheets apart that are made of the same files.

        Raises:
            SchemaTrouble: it does not compile.
        """
        self._file = stylesheet.entry
        # Saxon can be told whether files may be read, not which. So none may, unless the rules consist of several
        # or name some to read. Whatever they read, nothing of it goes into a finding.
        self.engine = saxon(reads_files=bool(stylesheet.reads) or len(stylesheet.modules) > 1)
        key = (stylesheet.digest, variant, self._file)
        with _compiling:
            if key not in _executables:
                while len(_executables) >= _REMEMBERED:
                    del _executables[next(iter(_executables))]
                _executables[key] = self._compiled(stylesheet)
            self._executable = self.engine.clone(_executables[key])

    def apply(self, subject: Subject, parameters: Mapping[str, Any] | None = None) -> str:
        """The result for a document, as text.

        Raises:
            SchemaTrouble: the stylesheet gave up.
        """
        try:
            return self.engine.transform(self._executable, subject.node(self.engine), parameters)
        except SaxonFault:
            raise SchemaTrouble(message("rule-set.stopped", file=self._file.name)) from None

    def _compiled(self, stylesheet: Stylesheet) -> Any:  # noqa: ANN401 - saxonche has no types
        with TemporaryDirectory() as folder:
            try:
                return self.engine.compile(stylesheet.text_in(Path(folder)), self._file.parent)
            except SaxonFault as fault:
                reason = message("rule-set.not-compiled", file=self._file.name, code=fault.code or "–")
                raise SchemaTrouble(reason) from None


class RuleStylesheet:
    """A stylesheet of rules, with the processor that suits it. For one thread."""

    def __init__(self, stylesheet: Stylesheet, *, variant: str = "") -> None:
        """Compile.

        Args:
            stylesheet: the stylesheet.
            variant: tells stylesheets apart that are made of the same files.

        Raises:
            SchemaTrouble: it does not compile.
        """
        self._stylesheet = stylesheet
        self._variant = variant
        self._quick = _quick(stylesheet) if stylesheet.version == "1.0" else None
        if self._quick is None:
            _ = self._saxon

    @property
    def is_quick(self) -> bool:
        """Whether libxslt is doing the work."""
        return self._quick is not None

    def apply(self, subject: Subject) -> etree._Element | str:
        """The result for a document: its root from libxslt, its text from Saxon.

        Raises:
            SchemaTrouble: the stylesheet gave up.
        """
        if self._quick is not None:
            try:
                return self._quick.transform(subject.root)
            except LibxsltFault:
                # Rules that call themselves XSLT 1 may use functions of XPath 2; Saxon knows them.
                self._quick = None
        return self._saxon.apply(subject)

    def parsed(self, text: str) -> etree._Element:
        """The root of a result.

        Raises:
            SchemaTrouble: the result is no XML.
        """
        with suppress(etree.XMLSyntaxError):
            return etree.fromstring(text.encode(), document_parser())
        # Outside of the handler, so that libxml2's words do not travel along as the exception's context.
        raise SchemaTrouble(message("rule-set.no-result", file=self._stylesheet.entry.name))

    @cached_property
    def _saxon(self) -> SaxonStylesheet:
        return SaxonStylesheet(self._stylesheet, variant=self._variant)


def _quick(stylesheet: Stylesheet) -> Libxslt | None:
    with TemporaryDirectory() as folder:
        text = stylesheet.text_in(Path(folder))
        try:
            return Libxslt(etree.fromstring(text.encode(), schema_parser()), reads_files=bool(stylesheet.reads))
        except LibxsltFault:
            return None
