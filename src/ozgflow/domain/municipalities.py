"""Municipalities: who may be competent for a service – Landkreise, towns, Ämter and their members.

The kinds are those of Brandenburg's law: Kommunalverfassung des Landes Brandenburg (BbgKVerf), and
Verbandsgemeinde- und Mitverwaltungsgesetz (VgMvG), § 1 and § 16.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ags, Ars


class MunicipalityKind(StrEnum):
    """What a municipality is by law. The values are German, transcribed."""

    LANDKREIS = "landkreis"
    KREISFREIE_STADT = "kreisfreie_stadt"
    AMT = "amt"
    """Runs the administration of its member municipalities."""
    VERBANDSGEMEINDE = "verbandsgemeinde"
    """Like an Amt, but a territorial authority with a council of its own."""
    MITVERWALTUNG = "mitverwaltung"
    """A town that also runs the administration of its neighbours; GV100 lists it like an Amt (type 51)."""
    AMTSFREIE_GEMEINDE = "amtsfreie_gemeinde"
    """Has an administration of its own."""
    AMTSANGEHOERIGE_GEMEINDE = "amtsangehoerige_gemeinde"
    """Member of an Amt. The members of a Mitverwaltung are counted here, as in the official statistics."""
    VERBANDSANGEHOERIGE_GEMEINDE = "verbandsangehoerige_gemeinde"
    """Member of a Verbandsgemeinde (Ortsgemeinde)."""


_TITLES: Mapping[MunicipalityKind, str] = {
    MunicipalityKind.LANDKREIS: "Landkreis",
    MunicipalityKind.AMT: "Amt",
    MunicipalityKind.VERBANDSGEMEINDE: "Verbandsgemeinde",
    MunicipalityKind.MITVERWALTUNG: "Mitverwaltung",
}
"""What has to stand before the name: Barnim alone could be a landscape, Golzow alone is a village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """One municipality as the official register has it.

    Attributes:
        ars: its key, always 12 digits.
        ags: the older key of 8 digits; ``None`` for Amt, Verbandsgemeinde and Mitverwaltung.
        name: the official spelling, for example ``Cottbus/Chóśebuz, Stadt``.
        kind: what it is by law.
        parent: Amt, Verbandsgemeinde, Mitverwaltung or Landkreis to which it belongs; ``None`` at the top.
        population: inhabitants; for a larger area the sum of its members.
        as_of: the day for which the register says so.
        source: which register.
    """

    ars: Ars
    ags: Ags | None
    name: str
    kind: MunicipalityKind
    parent: Ars | None
    population: int
    as_of: date
    source: str

    @property
    def short_name(self) -> str:
        """The name without the designation that the register appends after a comma (", Stadt")."""
        return self.name.partition(", ")[0]

    @property
    def label(self) -> str:
        """The name for tables and messages: ``Landkreis Elbe-Elster``, ``Amt Golzow``, ``Cottbus/Chóśebuz``.

        Not unique: Golzow and Mittenwalde occur twice in Brandenburg (see ``Catalogue.describe``).
        """
        title = _TITLES.get(self.kind)
        return f"{title} {self.short_name}" if title else self.short_name

    @property
    def is_town(self) -> bool:
        """Whether it is a municipality with the title of a town."""
        return self.kind not in _TITLES and self.name.endswith(", Stadt")
