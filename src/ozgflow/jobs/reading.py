"""Reading documents: which files are meant, and never more of them than is looked at."""

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

from ozgflow.domain.findings import Finding, Proof, Report, Verdict
from ozgflow.domain.messages import message
from ozgflow.errors import UsageError
from ozgflow.standards.archives import opened
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import ENGINE

STANDARD_INPUT = "-"
"""What stands for standard input where a file is named."""

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """A document to check.

    Attributes:
        name: what people call it: its path, or the archive and its path within.
        path: where its bytes lie.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeDocument:
    """A document that is read piece by piece.

    Attributes:
        path: where its bytes lie.
        digest: SHA-256 of its bytes, hexadecimal.
    """

    path: Path
    digest: str


Content = bytes | LargeDocument | Report
"""What reading a document comes to: its bytes, one to read piece by piece, or the report that says why not."""


def xml_files(folder: Path, *, below: bool) -> list[Path]:
    """All XML files of a folder, sorted; the ending may be written in capitals.

    Args:
        folder: where to look.
        below: whether to look in the folders below, too.
    """
    found = folder.rglob("*") if below else folder.iterdir()
    return sorted(path for path in found if path.suffix.lower() == ".xml")


@contextmanager
def open_documents(words: Sequence[str], standard_input: BinaryIO) -> Iterator[list[DocumentFile]]:
    """The documents that somebody names: files, folders, patterns, ZIPs, or ``-`` for standard input.

    What comes from a ZIP or from standard input lies in a temporary folder that only its owner can read, until
    the end.

    Args:
        words: what was named.
        standard_input: where ``-`` is read from.

    Raises:
        UsageError: a path does not exist, a pattern fits nothing, a ZIP is not to be trusted, or there is nothing to
            check.
    """
    with ExitStack() as stack:
        found: list[DocumentFile] = []
        for word in words:
            found += _named(word, stack, standard_input)
        if not found:
            raise UsageError("documents.none", paths=", ".join(words))
        yield list({document.path: document for document in found}.values())


def find_documents(paths: Sequence[Path]) -> list[Path]:
    """Files to check: files as they are, folders with all XML files below them, sorted.

    Raises:
        UsageError: a path does not exist, or there is nothing to check.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError("documents.no-path", path=path)
        found += xml_files(path, below=True) if path.is_dir() else [path]
    if not found:
        raise UsageError("documents.none", paths=", ".join(str(path) for path in paths))
    return list(dict.fromkeys(found))


def files_meant(word: str) -> list[Path]:
    """The files that a word stands for, as far as they are files of their own: not those within a ZIP."""
    path = Path(word)
    if path.is_dir():
        return xml_files(path, below=True)
    if path.exists() or not has_magic(word):
        return [path]
    return [file for match in sorted(glob(word, recursive=True)) for file in files_meant(match)]  # noqa: PTH207


def _named(word: str, stack: ExitStack, standard_input: BinaryIO) -> list[DocumentFile]:
    path = Path(word)
    if word == STANDARD_INPUT:
        return [_from_standard_input(stack, standard_input)]
    if path.is_dir():
        return [DocumentFile(name=str(one), path=one) for one in xml_files(path, below=True)]
    if path.suffix.lower() == ".zip" and path.is_file():
        home = stack.enter_context(opened(path))
        inside = xml_files(home, below=True)
        return [DocumentFile(name=f"{word}/{one.relative_to(home).as_posix()}", path=one) for one in inside]
    if path.exists() or not has_magic(word):
        if not path.exists():
            raise UsageError("documents.no-path", path=path)
        return [DocumentFile(name=word, path=path)]
    # A pattern that the shell has not resolved, as on Windows or in quotation marks.
    matches = sorted(glob(word, recursive=True))  # noqa: PTH207 - Path knows no pattern that begins at the root
    if not matches:
        # Even if other words mean something: who names a pattern believes that its documents were checked.
        raise UsageError("documents.no-path", path=word)
    return [one for match in matches for one in _named(match, stack, standard_input)]


def _from_standard_input(stack: ExitStack, standard_input: BinaryIO) -> DocumentFile:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ozgflow-stdin-"))
    path = Path(folder) / "stdin.xml"
    with path.open("wb") as file:
        while piece := standard_input.read(_PIECE):
            file.write(piece)
    return DocumentFile(name=STANDARD_INPUT, path=path)


def read_document(path: Path, limits: Limits) -> Content:
    """Read a file, unless it is too large for that.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    with open(path, "rb", opener=_open) as file:
        # Asked first: a read that allows for the largest document would make room for it each time.
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):  # a device may have no end
            raise OSError(errno.EINVAL, "is no ordinary file", str(path))
        expected = about.st_size
        if expected <= limits.streamed_bytes:
            data = file.read(expected + 1)
            if len(data) == expected:
                return data
            file.seek(0)  # it has grown meanwhile
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if size > limits.document_bytes:
        return unchecked("xml.too-large", document=digest, limit=limits.document_bytes // (1024 * 1024))
    return LargeDocument(path=path, digest=digest)


def _open(path: str, flags: int) -> int:
    """Open without waiting for somebody to write, as a pipe would."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def unchecked(rule: str, *, document: str = "", **params: object) -> Report:
    """The report on a file that never reached the validator."""
    finding = Finding(rule=rule, path="", line=0, message=message(f"finding.{rule}", **params))
    proof = Proof(document=document, engine=ENGINE)
    return Report(verdict=Verdict.UNCHECKED, findings=(finding,), counts={rule: 1}, proof=proof)
