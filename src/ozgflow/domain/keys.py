"""Official keys: of areas (ARS, AGS) and of services (LeiKa, OZG-ID). Parsed once, trusted after.

A key is a text, never a number: leading zeros count. ``parse`` is the only door; it accepts digits and
nothing else, not even a blank at the end, and says exactly what is wrong. The parameters of an ``InvalidKey``
are lengths, positions and shapes – never the text itself, which may come from a document.

Sources: Destatis, Gemeindeverzeichnis GV100AD (ARS and AGS); FIM, Leistungsschlüssel (LeiKa), checked against
the 4,813 keys of the catalogue of 10/2019; FIT-Connect Routing API 2.0 (shortened ARS and AGS).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ozgflow.errors import InvalidKey

ARS_LENGTHS = (2, 3, 5, 9, 12)
"""Land, region, district, association, municipality: the lengths at which an ARS may be cut."""
AGS_LENGTHS = (2, 3, 5, 8)
"""Land, region, district, municipality: the lengths at which an AGS may be cut."""
ARS_URN = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs:"
LEIKA_URN = "urn:de:fim:leika:leistung:"

_LANDS = frozenset(f"{number:02}" for number in range(1, 17))
_SHAPE_LENGTH = 20


class LeikaStructure(StrEnum):
    """How much of a LeiKa key is filled."""

    LO = "LO"
    """Leistungsobjekt alone, for example a residence permit."""
    LOV = "LOV"
    """Object and Verrichtung, for example its extension."""
    LOVD = "LOVD"
    """Object, Verrichtung and detail, for example its extension for the purpose of study."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class _Key:
    """Digits with a meaning. Keys of different types are never equal."""

    digits: str

    def __str__(self) -> str:
        return self.digits


class Ars(_Key):
    """Amtlicher Regionalschlüssel: Land 2, region 1, district 2, association 4, municipality 3 digits.

    It names areas of every size. ``120620000000`` and ``12062`` mean the same district but are different
    values; ``padded`` and ``short`` lead from one to the other.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, lengths: Collection[int] = (12,)) -> Self:
        """Read an ARS.

        Args:
            text: digits only.
            lengths: how many digits are allowed, a choice of ``ARS_LENGTHS``.

        Raises:
            InvalidKey: empty, a blank or another character, a wrong length, or a Land other than 01 to 16.
        """
        return cls(digits=_in_land(_digits(text, "ars", lengths), "ars"))

    @classmethod
    def parse_any(cls, text: str) -> Self:
        """Read an ARS of any length that interfaces allow: 2, 3, 5, 9 or 12 digits.

        Raises:
            InvalidKey: as for ``parse``.
        """
        return cls.parse(text, lengths=ARS_LENGTHS)

    @property
    def land(self) -> str:
        """Two digits, 12 for Brandenburg."""
        return self.digits[:2]

    @property
    def region(self) -> str:
        """Regierungsbezirk, one digit; 0 where the Land has none or the key does not go so deep."""
        return self.padded.digits[2]

    @property
    def district(self) -> str:
        """Landkreis or kreisfreie Stadt: the first five digits, filled with zeros."""
        return self.padded.digits[:5]

    @property
    def association(self) -> str:
        """Gemeindeverband, four digits. Amt and Verbandsgemeinde begin with 5; 0000 means none."""
        return self.padded.digits[5:9]

    @property
    def municipality(self) -> str:
        """Gemeinde, three digits; 000 for larger areas and for a kreisfreie Stadt."""
        return self.padded.digits[9:]

    @property
    def padded(self) -> "Ars":
        """The same area with 12 digits."""
        return self if len(self.digits) == ARS_LENGTHS[-1] else Ars(digits=self.digits.ljust(12, "0"))

    @property
    def short(self) -> "Ars":
        """The same area with as few digits as name it: trailing empty parts are cut."""
        digits = self.padded.digits
        length = next(n for n in ARS_LENGTHS if not digits[n:].strip("0"))
        return Ars(digits=digits[:length])

    @property
    def urn(self) -> str:
        """The form in which XÖV documents and FIT-Connect name an area."""
        return f"{ARS_URN}{self.digits}"

    @property
    def ags(self) -> "Ags | None":
        """The AGS of the same area; ``None`` for an Amt or another association, which has none.

        An ARS of 2, 3 or 5 digits gives an AGS of the same length.
        """
        if len(self.digits) in AGS_LENGTHS:
            return Ags(digits=self.digits)
        if self.association != "0000" and self.municipality == "000":
            return None
        return Ags(digits=self.district + self.municipality)

    def contains(self, other: "Ars") -> bool:
        """Whether the other area lies in this one or is the same."""
        return other.padded.digits.startswith(self.short.digits)


class Ags(_Key):
    """Amtlicher Gemeindeschlüssel: Land 2, region 1, district 2, municipality 3 digits.

    There is no way from an AGS to the ARS by calculation: the association is missing, so 12060068 could
    lie in any Amt of its district. Only a list of municipalities knows.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, lengths: Collection[int] = (8,)) -> Self:
        """Read an AGS.

        Args:
            text: digits only.
            lengths: how many digits are allowed, a choice of ``AGS_LENGTHS``.

        Raises:
            InvalidKey: empty, a blank or another character, a wrong length, or a Land other than 01 to 16.
        """
        return cls(digits=_in_land(_digits(text, "ags", lengths), "ags"))

    @classmethod
    def parse_any(cls, text: str) -> Self:
        """Read an AGS of any length that interfaces allow: 2, 3, 5 or 8 digits.

        Raises:
            InvalidKey: as for ``parse``.
        """
        return cls.parse(text, lengths=AGS_LENGTHS)

    @property
    def padded(self) -> "Ags":
        """The same area with 8 digits."""
        return Ags(digits=self.digits.ljust(AGS_LENGTHS[-1], "0"))

    def matches(self, ars: Ars) -> bool:
        """Whether the ARS names the same area. The association in it cannot be compared."""
        return ars.padded.ags == self.padded


class LeikaKey(_Key):
    """Leistungsschlüssel of the Leistungskatalog: 99, then four groups of three digits.

    99 is the nationwide instance. Then come group (010 residence), object, Verrichtung (001 granting) and
    detail.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key of 14 digits, alone or as ``urn:de:fim:leika:leistung:<14 digits>``.

        Raises:
            InvalidKey: empty, a blank or another character, not 14 digits, or not beginning with 99.
        """
        digits = _digits(text.removeprefix(LEIKA_URN), "leika", (14,))
        if not digits.startswith("99"):
            raise InvalidKey("key.leika.prefix")
        return cls(digits=digits)

    @property
    def group(self) -> str:
        """Leistungsgruppierung, three digits."""
        return self.digits[2:5]

    @property
    def object_code(self) -> str:
        """Leistungskennung: the object within its group, three digits."""
        return self.digits[5:8]

    @property
    def procedure(self) -> str:
        """Verrichtungskennung: what is done with the object, three digits; 000 for the object alone."""
        return self.digits[8:11]

    @property
    def detail(self) -> str:
        """Verrichtungsdetail, three digits; 000 for none."""
        return self.digits[11:]

    @property
    def structure(self) -> LeikaStructure:
        """Whether the key names an object, a procedure on it, or a detail of that."""
        if self.detail != "000":
            return LeikaStructure.LOVD
        return LeikaStructure.LO if self.procedure == "000" else LeikaStructure.LOV

    @property
    def urn(self) -> str:
        """The form in which FIT-Connect and XÖV documents name a service."""
        return f"{LEIKA_URN}{self.digits}"


class OzgId(_Key):
    """Number of an OZG-Leistung: five digits beginning with 1. It bundles several LeiKa keys."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an OZG-ID.

        Raises:
            InvalidKey: empty, a blank or another character, not 5 digits, or not beginning with 1.
        """
        digits = _digits(text, "ozg", (5,))
        if not digits.startswith("1"):
            raise InvalidKey("key.ozg.prefix")
        return cls(digits=digits)


def _digits(text: str, kind: str, lengths: Collection[int]) -> str:
    if not text.strip():
        raise InvalidKey(f"key.{kind}.empty")
    if not (text.isascii() and text.isdigit()):
        raise _wrong_character(text, kind)
    if len(text) not in lengths:
        allowed = ", ".join(str(length) for length in sorted(lengths))
        raise InvalidKey(f"key.{kind}.length", length=len(text), lengths=allowed)
    return text


def _in_land(digits: str, kind: str) -> str:
    if digits[:2] not in _LANDS:
        raise InvalidKey(f"key.{kind}.land")
    return digits


def _wrong_character(text: str, kind: str) -> InvalidKey:
    position, character = next((n, c) for n, c in enumerate(text, 1) if not ("0" <= c <= "9"))
    problem = "blank" if character.isspace() else "character"
    return InvalidKey(f"key.{kind}.{problem}", position=position, length=len(text), shape=_shape(text))


def _shape(text: str) -> str:
    """9 for a digit, a for a letter, _ for a blank, # for anything else; long texts are cut."""
    shape = "".join(_shape_of(character) for character in text[:_SHAPE_LENGTH])
    return shape + "…" if len(text) > _SHAPE_LENGTH else shape


def _shape_of(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "a"
    return "_" if character.isspace() else "#"
