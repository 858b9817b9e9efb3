"""The check of the message header and of keys: rules that every XÖV message keeps and that no schema can say.

Source: XÖV-Basisnachricht G2G 1.1; XInneres, Basisnachricht; DVDV, Behördenkennungen; Destatis, GV100AD.
"""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from ozgflow.domain.code_lists import CodeLists
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.keys import Ags, Ars, LeikaKey
from ozgflow.domain.messages import Message, message
from ozgflow.domain.rules import RULES, Severity
from ozgflow.errors import InvalidKey
from ozgflow.standards.bundles import KeyPlaces
from ozgflow.standards.collected import Collected
from ozgflow.standards.paths import local_name

DVDV_PREFIXES = "urn:xoev-de:bund:bmi:bit:codeliste:dvdv.praefix"
"""The code list of the prefixes that keys of authorities begin with."""

_HEADER = "{*}nachrichtenkopf.g2g"
HEADER_NAMES = frozenset({"nachrichtenUUID", "erstellungszeitpunkt", "kennung"})
"""Local names of the elements of a header that are looked at."""
_HEADER_TAGS = tuple(f"{{*}}{name}" for name in sorted(HEADER_NAMES))
_HEADER_RULES = 4
_REMEMBERED = 50_000
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T")
_DVDV_KEY = re.compile(r"[a-z]{3}:\d+")

Keys = Sequence[tuple[str, etree._Element]]
"""Elements whose content is a key, with the kind of key."""


class HeaderCheck:
    """Checks header and keys of documents of one bundle."""

    def __init__(self, places: KeyPlaces, directory: KeyDirectory, lists: CodeLists, *, binding: bool) -> None:
        self._directory = directory
        self._binding = binding
        self._prefixes = frozenset().union(*(one.codes for one in lists.lists.get(DVDV_PREFIXES, {}).values()))
        self._kinds = {name: kind for kind in ("ars", "ags", "leika") for name in getattr(places, kind)}
        self._tags = [f"{{*}}{name}" for name in self._kinds]
        self._keys = {"ars": self._ars, "ags": self._ags, "leika": self._leika}
        self._header = {"nachrichtenUUID": self._uuid, "erstellungszeitpunkt": self._time, "kennung": self._authority}
        self.looks = self._quick_looks()
        self._in_order: set[tuple[str, str]] = set()

    @property
    def key_names(self) -> frozenset[str]:
        """Local names of the elements that hold keys."""
        return frozenset(self._kinds)

    @property
    def names(self) -> frozenset[str]:
        """Local names of all elements that are looked at."""
        return frozenset(self.looks)

    def _quick_looks(self) -> dict[str, Callable[[str], bool]]:
        """By local name of an element, how to see quickly that its value is in order wherever it stands."""
        quick: dict[str, Callable[[str], bool]] = {
            "nachrichtenUUID": lambda text: _UUID.fullmatch(text) is not None,
            "erstellungszeitpunkt": lambda text: _ZONED.fullmatch(text) is not None,
            "kennung": self._is_dvdv_key,
        }
        kinds: dict[str, Callable[[str], bool]] = {
            "ars": self._directory.municipalities.__contains__,
            "leika": self._directory.services.__contains__,
            "ags": lambda _text: False,  # right or wrong beside an ARS only
        }
        return quick | {name: kinds[kind] for name, kind in self._kinds.items()}

    def _is_dvdv_key(self, text: str) -> bool:
        return _DVDV_KEY.fullmatch(text) is not None and (not self._prefixes or text[:3] in self._prefixes)

    def keys_in(self, root: etree._Element) -> Keys:
        """Elements of a document, or of a part of it, that hold a key by their name."""
        if not self._tags:
            return ()
        kinds = self._kinds
        return [(kinds[str(found.tag).rpartition("}")[2]], found) for found in root.iter(*self._tags)]

    def check_head(self, root: etree._Element, into: Collected) -> int:
        """Check the header of a document. Returns how many rules applied."""
        head = next(root.iterchildren(_HEADER), None)
        odd = [] if head is None else list(head.iter(*_HEADER_TAGS))
        return self.check_odd(root, odd, into)[0]

    def check_odd(self, root: etree._Element, odd: Sequence[etree._Element], into: Collected) -> tuple[int, Keys]:
        """Check the header of a document in which most elements are known to be in order.

        Args:
            root: the document.
            odd: the elements that are not known to be.
            into: takes the findings.

        Returns:
            How many rules applied, and the keys among the odd elements, which are still to be checked.
        """
        head = next(root.iterchildren(_HEADER), None)
        keys = []
        for element in odd:
            name = element.tag.rpartition("}")[2]
            if name in self._kinds:
                keys.append((self._kinds[name], element))
            elif name in self._header and head is not None and head in element.iterancestors():
                self._header[name](element, into)
        if head is not None and root.get("test") is not None:
            into.report("header.test", root, "test")
        return (_HEADER_RULES if head is not None else 0), keys

    def check_keys(self, keys: Keys, into: Collected) -> int:
        """Check keys. Returns how many."""
        for kind, element in keys:
            value = (element.text or "").strip()
            if (kind, value) in self._in_order:
                continue
            before = into.reported
            self._keys[kind](element, value, into)
            # An AGS is right or wrong beside an ARS only.
            if kind != "ags" and into.reported == before and len(self._in_order) < _REMEMBERED:
                self._in_order.add((kind, value))
        return len(keys)

    # --- header -------------------------------------------------------------------------------------------------

    def _uuid(self, element: etree._Element, into: Collected) -> None:
        if not _UUID.fullmatch((element.text or "").strip()):
            self._report("header.uuid", element, into, shape=_shape(element))

    def _time(self, element: etree._Element, into: Collected) -> None:
        value = (element.text or "").strip()
        if _TIME.match(value) and not _ZONED.fullmatch(value):
            self._report("header.time-without-zone", element, into)

    def _authority(self, element: etree._Element, into: Collected) -> None:
        """A key of an authority, where the directory is DVDV."""
        value = (element.text or "").strip()
        if self._is_dvdv_key(value) or not _is_in_dvdv(element):
            return
        if not _DVDV_KEY.fullmatch(value):
            self._report("header.dvdv-key", element, into, shape=_shape(element))
        else:
            self._report("header.dvdv-prefix", element, into)

    # --- keys ---------------------------------------------------------------------------------------------------

    def _leika(self, element: etree._Element, value: str, into: Collected) -> None:
        day = self._directory.services_as_of
        try:
            key = LeikaKey.parse(value)
        except InvalidKey:
            self._report("key.leika-malformed", element, into, shape=_shape(element))
            return
        if day is not None and str(key) not in self._directory.services:
            self._report("key.leika-unknown", element, into, day=day)

    def _ars(self, element: etree._Element, value: str, into: Collected) -> None:
        day = self._directory.municipalities_as_of
        try:
            ars = Ars.parse(value)
        except InvalidKey:
            self._report("key.ars-malformed", element, into, shape=_shape(element))
            return
        if day is None or str(ars) in self._directory.municipalities:
            return
        covered = ars.land in self._directory.lands
        self._report("key.ars-unknown" if covered else "key.ars-not-covered", element, into, day=day)

    def _ags(self, element: etree._Element, value: str, into: Collected) -> None:
        """An AGS has to fit the ARS beside it, under the same parent."""
        parent = element.getparent()
        beside = [] if parent is None else [one for kind, one in self.keys_in(parent) if kind == "ars"]
        for other in beside:
            ars = (other.text or "").strip()
            known = self._directory.municipalities.get(ars)
            if not (known == value if known else _fits(ars, value)):
                self._report("key.ars-ags-differ", element, into, other=local_name(other))

    def _report(self, rule: str, element: etree._Element, into: Collected, **params: object) -> None:
        """A finding; where nobody has confirmed the key rules, it is no more than a warning."""
        is_error = RULES[rule].severity is Severity.ERROR
        level = Severity.WARNING if is_error and not self._binding else None
        if into.wants(rule, level):
            into.keep(rule, into.place_of(element, ""), level=level, params=params)


def _is_in_dvdv(element: etree._Element) -> bool:
    """Whether the directory named beside a key of an authority is DVDV."""
    parent = element.getparent()
    directory = None if parent is None else parent.findtext("{*}verzeichnisdienst/{*}code")
    return (directory or "").strip() == "DVDV"


def _fits(ars: str, ags: str) -> bool:
    try:
        return Ags.parse(ags).matches(Ars.parse(ars))
    except InvalidKey:
        return False


def _shape(element: etree._Element) -> Message:
    return message("finding.shape", length=len((element.text or "").strip()))
