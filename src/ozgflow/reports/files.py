"""Writing a file so that a reader sees the old one or the new one, never half of it."""

import os
import secrets
from pathlib import Path

from ozgflow.errors import UsageError


def write_file(path: Path, content: str) -> None:
    """Write a text as UTF-8 under a temporary name and put it in place in one step.

    Folders that are missing are made. When anything fails, a file that was there before stays as it was.

    Args:
        path: where the file is to stand.
        content: the whole text; line ends are written as they are.

    Raises:
        UsageError: the file cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content.encode("utf-8"))
    except OSError as error:
        raise UsageError("report.unwritable", file=path) from error


def _replace(path: Path, content: bytes) -> None:
    # tempfile would make a file that only its owner may read; a report is for others.
    temporary = path.with_name(f".ozgflow-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
