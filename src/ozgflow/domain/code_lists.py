"""Code lists as values: which codes a version of a list has, and which version is current.

Source: XÖV-Handbuch, Codelisten; the files are read by ``standards.genericode``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One version of a code list.

    Attributes:
        uri: the list's identifier without version, for example ``urn:xoev-de:xwasser:codeliste:flockung``.
        version: its version as documents write it in ``listVersionID``.
        title: its name.
        codes: the values of the key column that documents use.
        valid_from: first day on which it is in force; ``None`` when the file does not say.
        file: name of the file that it was read from.
    """

    uri: str
    version: str
    title: str = ""
    codes: frozenset[str] = frozenset()
    valid_from: date | None = None
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLists:
    """The code lists of a bundle.

    Attributes:
        lists: by URI, then by version.
        current: by URI the version to use, where several are at hand: the one that came into force last, or the
            highest number.
    """

    lists: Mapping[str, Mapping[str, CodeList]] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(lists: Iterable[CodeList]) -> "CodeLists":
        """Arrange lists by URI and version."""
        arranged: dict[str, dict[str, CodeList]] = {}
        for one in lists:
            arranged.setdefault(one.uri, {})[one.version] = one
        newest = {uri: max(versions.values(), key=_age).version for uri, versions in arranged.items()}
        return CodeLists(lists=arranged, current=newest)

    def __bool__(self) -> bool:
        return bool(self.lists)


def _age(one: CodeList) -> tuple[date, tuple[tuple[int, str], ...]]:
    """What makes one version newer than another: the day it came into force, then its number."""
    return one.valid_from or date.min, version_key(one.version)


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """A version in a form that sorts: ``1.10`` behind ``1.9``, ``2024-08-01`` behind ``2023-12-31``."""
    parts = version.replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
