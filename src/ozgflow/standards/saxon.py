"""Saxon, for XSLT and XPath 2 to 3.1: offline, silent, and unable to write.

Saxon prints its complaints on standard error, past Python, and quotes the document in them. Nothing of the kind
may get out, so standard error leads nowhere while Saxon works, and ``SaxonFault`` carries the code of the error only.

What may be shared, measured with saxonche 13.1: a call keeps the interpreter lock to its end, so two threads never
work at once, and 220 documents in each of two threads gave the same results with one processor and clones of one
executable as in one thread. A node belongs to the processor that has parsed it. A forked child may go on with both.
So there is one processor per process and policy; each thread clones the executables.
"""

import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor

_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
_STDERR = 2
_ERROR_CODE = re.compile(r"\b(?:X[A-Z]{3}|F[A-Z]{3}|SX[A-Z]{2})\d{4}\b")
_OUTPUT = {"!method": "xml", "!indent": "no", "!standalone": "omit", "!encoding": "UTF-8"}
_AS_TEXT = frozenset({"UTF-8", "ASCII", "US-ASCII"})


class SaxonFault(Exception):
    """Saxon could not do it. Says no more than the standards' code of the error, which may be empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Silence:
    """Standard error leads nowhere; one thread at a time, or the wrong one would restore it."""

    lock = threading.Lock()

    @classmethod
    def renew(cls) -> None:
        """A child process must not wait for a thread that exists in its parent only."""
        cls.lock = threading.Lock()


os.register_at_fork(after_in_child=_Silence.renew)


@contextmanager
def _silence() -> Iterator[None]:
    with _Silence.lock:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # a daemon without standard error has nothing to hide
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            os.close(nowhere)


class Saxon:
    """One processor with its policy. Use ``saxon()`` to get it."""

    def __init__(self, *, reads_files: bool) -> None:
        """Start a processor.

        Args:
            reads_files: whether stylesheets may read local files; the network they may never.
        """
        with _silence():
            self._processor: Any = PySaxonProcessor(license=False)
            self._processor.set_configuration_property(_PROTOCOLS, "file" if reads_files else "")

    def compile(self, stylesheet: str, folder: Path) -> Any:  # noqa: ANN401 - saxonche has no types
        """Compile a stylesheet.

        Args:
            stylesheet: its text.
            folder: what relative addresses are relative to.

        Raises:
            SaxonFault: it does not compile.
        """
        compiler = self._processor.new_xslt30_processor()
        compiler.set_cwd(str(folder))
        fault = ""
        with _silence():
            try:
                return compiler.compile_stylesheet(stylesheet_text=stylesheet)
            except PySaxonApiError as error:
                found = _ERROR_CODE.search(str(error))
                fault = found.group() if found else ""
        raise SaxonFault(fault)

    def clone(self, executable: Any) -> Any:  # noqa: ANN401 - saxonche has no types
        """An executable for one thread, which gives XML and neither writes files nor says anything."""
        copy = executable.clone()
        for name, value in _OUTPUT.items():
            copy.set_property(name, value)
        copy.set_capture_result_documents(True)  # xsl:result-document would write a file otherwise
        copy.set_save_xsl_message(False)
        return copy

    def parse(self, text: str) -> Any:  # noqa: ANN401 - saxonche has no types
        """Parse a document that has passed the strict policy already.

        Raises:
            SaxonFault: Saxon cannot read it.
        """
        with _silence(), suppress(PySaxonApiError):
            return self._processor.parse_xml(xml_text=text)
        raise SaxonFault("")

    def transform(
        self,
        executable: Any,  # noqa: ANN401 - saxonche has no types
        node: Any,  # noqa: ANN401 - saxonche has no types
        parameters: Mapping[str, Any] | None = None,
    ) -> str:
        """Apply a clone of an executable.

        Args:
            executable: what ``clone`` gave.
            node: what ``parse`` gave.
            parameters: nodes for the stylesheet's parameters.

        Raises:
            SaxonFault: the stylesheet gave up.
        """
        for name, value in (parameters or {}).items():
            executable.set_parameter(name, value)
        with _silence(), suppress(PySaxonApiError):
            return str(executable.transform_to_string(xdm_node=node) or "")
        # Outside of the handler, so that Saxon's words do not travel along as the exception's context.
        raise SaxonFault("")


@cache
def saxon(*, reads_files: bool = False) -> Saxon:
    """The processor of this process for a policy, started when it is first asked for."""
    return Saxon(reads_files=reads_files)


def document_text(data: bytes, root: etree._Element) -> str:
    """A document as text, in which its encoding no longer matters."""
    tree = root.getroottree()
    if (tree.docinfo.encoding or "UTF-8").upper() in _AS_TEXT:
        return data.decode("utf-8-sig")
    return str(etree.tostring(tree, encoding="unicode"))
