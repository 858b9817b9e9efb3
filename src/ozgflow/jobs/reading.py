"""Reading documents from disk: which files, and never more of them than is looked at."""

import hashlib
from pathlib import Path

from ozgflow.domain.findings import Finding, Proof, Report, Verdict
from ozgflow.domain.messages import message
from ozgflow.standards.validator import ENGINE


def xml_files(folder: Path, *, below: bool) -> list[Path]:
    """All XML files of a folder, sorted; the ending may be written in capitals.

    Args:
        folder: where to look.
        below: whether to look in the folders below, too.
    """
    found = folder.rglob("*") if below else folder.iterdir()
    return sorted(path for path in found if path.suffix.lower() == ".xml")


def read_document(path: Path, limit: int) -> bytes | Report:
    """Read a file, unless it is larger than the limit; then the report says so.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "no ordinary file", str(path))
    with path.open("rb") as file:
        data = file.read(limit + 1)
        if len(data) <= limit:
            return data
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return unchecked("xml.too-large", document=digest, limit=limit // (1024 * 1024))


def unchecked(rule: str, *, document: str = "", **params: object) -> Report:
    """The report on a file that never reached the validator."""
    finding = Finding(rule=rule, path="", line=0, message=message(f"finding.{rule}", **params))
    return Report(verdict=Verdict.UNCHECKED, findings=(finding,), proof=Proof(document=document, engine=ENGINE))
