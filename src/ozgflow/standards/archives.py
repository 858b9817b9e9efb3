"""What a standard is published in: a folder, or a ZIP of which nothing is believed.

A ZIP is unpacked into a temporary folder, and only when all its names have been looked at. What its directory says
about sizes is compared with what really comes out, piece by piece; archives within the archive stay closed.

Source: PKWARE, APPNOTE.TXT 6.3, sections 4.3 and 4.4.
"""

import errno
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ozgflow.errors import UsageError

_PIECE = 256 * 1024
_END = b"PK\x05\x06"
_END_LENGTH = 22
_COMMENT_AT_MOST = 0xFFFF
_DIRECTORY_BYTES_PER_ENTRY = 800
_NAME_AT_MOST = 200
_PATH_AT_MOST = 800
_UNFIT = frozenset('<>:"|?*')
# What the standard library raises for one damage or another.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OverflowError)
_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """How much of a source is looked at.

    Attributes:
        entries: at most this many files.
        total_bytes: at most this much, unpacked.
        ratio: at most so many bytes out of one byte, for files above ``ratio_from`` bytes.
        ratio_from: smaller files may be packed as well as they can be.
    """

    entries: int = 20_000
    total_bytes: int = 512 * 1024 * 1024
    ratio: int = 200
    ratio_from: int = 1024 * 1024


@contextmanager
def opened(source: Path, limits: ArchiveLimits | None = None, *, temporary: Path | None = None) -> Iterator[Path]:
    """The folder that a source is, or that it was unpacked into; gone afterwards.

    Args:
        source: a folder or a ZIP.
        limits: how much is unpacked at most.
        temporary: where to unpack; otherwise the system's folder for such things.

    Raises:
        UsageError: the source is neither, or a ZIP that is not to be trusted; the message says why.
    """
    limits = limits or ArchiveLimits()
    if source.is_dir():
        yield source.resolve()
        return
    if not source.is_file():
        raise UsageError("bundles.no-source", path=source)
    with tempfile.TemporaryDirectory(prefix="ozgflow-bundle-", dir=temporary) as folder:
        # The ZIP's own name may tell standard and version, as that of a folder does.
        home = Path(folder).resolve() / (source.stem or "zip")
        home.mkdir()
        _unpack(source, home, limits)
        yield home


def files_below(folder: Path, limits: ArchiveLimits | None = None) -> list[Path]:
    """All ordinary files below a folder, sorted; links and what operating systems leave behind do not count.

    Raises:
        UsageError: there are more than anybody publishes.
    """
    allowed = (limits or ArchiveLimits()).entries
    found: list[Path] = []
    for path in folder.rglob("*"):
        if _JUNK.isdisjoint(path.relative_to(folder).parts) and not path.is_symlink() and path.is_file():
            found.append(path)
        if len(found) > allowed:
            raise UsageError("bundles.too-many", file=folder.name, limit=allowed)
    return sorted(found)


def _unpack(source: Path, home: Path, limits: ArchiveLimits) -> None:
    try:
        _look_at_directory(source, limits)
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            names = _checked_names(source, entries, limits)
            left = limits.total_bytes
            for entry, name in zip(entries, names, strict=True):
                if not entry.is_dir():
                    left -= _extract(archive, entry, home / name, limits, left)
    except _DAMAGED as error:
        raise UsageError("bundles.zip-damaged", file=source.name) from error
    except OSError as error:
        # Positions that cannot be come from the file, everything else from the disk.
        code = "bundles.zip-damaged" if error.errno == errno.EINVAL else "bundles.not-unpacked"
        raise UsageError(code, file=source.name) from error


def _look_at_directory(source: Path, limits: ArchiveLimits) -> None:
    """Refuse what is no ZIP, or has a directory so large that reading it alone would fill the memory."""
    with source.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_LENGTH - _COMMENT_AT_MOST))
        tail = file.read(_END_LENGTH + _COMMENT_AT_MOST)
    at = tail.rfind(_END)
    end = tail[at : at + _END_LENGTH]
    if at < 0 or len(end) < _END_LENGTH:
        raise UsageError("bundles.zip-none", file=source.name)
    count, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    zip64 = tail[at - 20 : at - 16] == b"PK\x06\x07" if at >= 20 else False  # noqa: PLR2004 - length of the locator
    if zip64 or count > limits.entries or directory > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise UsageError("bundles.too-many", file=source.name, limit=limits.entries)


def _checked_names(source: Path, entries: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> list[str]:
    """The names that the entries get; nothing has been written yet when one of them is refused."""
    if len(entries) > limits.entries:
        raise UsageError("bundles.too-many", file=source.name, limit=limits.entries)
    for entry in entries:
        _refuse(source, entry, limits)
    names = [_fit_name(source, entry) for entry in entries]
    _refuse_doubles(source, [name for entry, name in zip(entries, names, strict=True) if not entry.is_dir()])
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.total_bytes:
        raise UsageError("bundles.zip-large", file=source.name, limit=limits.total_bytes // (1024 * 1024))
    return names


def _refuse(source: Path, entry: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UsageError("bundles.zip-link", file=source.name, entry=shown(entry.filename))
    if entry.flag_bits & 0x1:
        raise UsageError("bundles.zip-encrypted", file=source.name, entry=shown(entry.filename))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UsageError("bundles.zip-method", file=source.name, entry=shown(entry.filename))
    if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * entry.compress_size:
        raise UsageError("bundles.zip-ratio", file=source.name, entry=shown(entry.filename), limit=limits.ratio)


def _fit_name(source: Path, entry: zipfile.ZipInfo) -> str:
    """The path of an entry below the folder that it is unpacked into."""
    path = entry.orig_filename.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or not parts or len(path) > _PATH_AT_MOST or not all(map(_is_fit, parts)):
        raise UsageError("bundles.zip-path", file=source.name, entry=shown(entry.orig_filename))
    return "/".join(parts)


def _is_fit(part: str) -> bool:
    """Whether a part of a path may stand in a file system, whichever it is."""
    return (
        part != ".."
        and part.isprintable()
        and _UNFIT.isdisjoint(part)
        and len(part.encode("utf-8", "replace")) <= _NAME_AT_MOST
    )


def _refuse_doubles(source: Path, names: Sequence[str]) -> None:
    """Refuse names that some file systems cannot tell apart: which of the files counted would be chance."""
    seen: dict[str, str] = {}
    for name in names:
        before = seen.setdefault(_folded(name), name)
        if before is not name:
            code = "bundles.zip-twice" if before == name else "bundles.zip-case"
            raise UsageError(code, file=source.name, entry=shown(name))
    for name in names:
        for parent in PurePosixPath(name).parents:
            if _folded(str(parent)) in seen:
                raise UsageError("bundles.zip-twice", file=source.name, entry=shown(str(parent)))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limits: ArchiveLimits, left: int) -> int:
    """Unpack one file, and stop as soon as more comes out than may."""
    file = Path(archive.filename or "").name
    written = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed, target.open("xb") as unpacked:
        while piece := packed.read(_PIECE):
            written += len(piece)
            if written > left:
                raise UsageError("bundles.zip-large", file=file, limit=limits.total_bytes // (1024 * 1024))
            if written > limits.ratio_from and written > limits.ratio * entry.compress_size:
                raise UsageError("bundles.zip-ratio", file=file, entry=shown(entry.filename), limit=limits.ratio)
            unpacked.write(piece)
    return written


def shown(name: str) -> str:
    """A name from a source as it is shown: without what steers terminals, and cut when very long."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return plain if len(plain) <= _NAME_AT_MOST else plain[:_NAME_AT_MOST] + "…"
