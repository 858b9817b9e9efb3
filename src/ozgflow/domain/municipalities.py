"""Municipalities: who may be competent for a service – Landkreise, towns, Ämter and their members.

The kinds are those of Brandenburg's law: Kommunalverfassung des Landes Brandenburg (BbgKVerf), and
Verbandsgemeinde- und Mitverwaltungsgesetz (VgMvG), § 1 and § 16. Of other Länder only the upper level is known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import Ags, Ars
from ozgflow.domain.laender import HOME_LAND, LAENDER


class MunicipalityKind(StrEnum):
    """What a municipality is by law. The values are German, transcribed."""

    LANDKREIS = "landkreis"
    """Also a Kreis, Regionalverband Saarbrücken, Region Hannover and Städteregion Aachen."""
    KREISFREIE_STADT = "kreisfreie_stadt"
    """Also a Stadtkreis of Baden-Württemberg, Berlin and Hamburg."""
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
    MunicipalityKind.AMT: "Amt",
    MunicipalityKind.VERBANDSGEMEINDE: "Verbandsgemeinde",
    MunicipalityKind.MITVERWALTUNG: "Mitverwaltung",
}
"""What has to stand before the name, beside that of a Landkreis: Golzow alone is a village."""
_SAYS_KREIS = re.compile(r"kreis\b|^(?:Region|Städteregion|Regionalverband)\b", re.IGNORECASE)
"""Names that say by themselves what they are: Saalekreis, Landkreis Rostock, Region Hannover."""


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
        has_namesake: whether another one in the catalogue has the same label; so far only one of another Land
            is told apart by it.
    """

    ars: Ars
    ags: Ags | None
    name: str
    kind: MunicipalityKind
    parent: Ars | None
    population: int
    as_of: date
    source: str
    has_namesake: bool = False

    @property
    def land(self) -> str:
        """Number of its Land, two digits; ``laender.LAENDER`` has the name."""
        return self.ars.land

    @property
    def is_at_home(self) -> bool:
        """Whether it lies in the Land that ozgflow works for."""
        return self.land == HOME_LAND

    @property
    def short_name(self) -> str:
        """The name without the designation that the register appends after a comma (", Stadt")."""
        return self.name.partition(", ")[0]

    @property
    def label(self) -> str:
        """The name for tables and messages: ``Landkreis Elbe-Elster``, ``Amt Golzow``, ``Cottbus/Chóśebuz``.

        Outside the home Land with its abbreviation where a namesake makes that necessary: ``Schwerin (MV)``.
        Not unique: Golzow and Mittenwalde occur twice in Brandenburg (see ``Catalogue.describe``).
        """
        name = f"{self.title} {self.short_name}".strip()
        apart = self.has_namesake and not self.is_at_home
        return f"{name} ({LAENDER[self.land].abbreviation})" if apart else name

    @property
    def title(self) -> str:
        """What stands before the name: Landkreis, Kreis, Amt; empty for towns, and where the name says it."""
        if self.kind is not MunicipalityKind.LANDKREIS:
            return _TITLES.get(self.kind, "")
        return "" if _SAYS_KREIS.search(self.name) else LAENDER[self.land].kreis_title

    @property
    def is_town(self) -> bool:
        """Whether it is a municipality with the title of a town."""
        return self.kind is MunicipalityKind.KREISFREIE_STADT or (
            self.kind not in (*_TITLES, MunicipalityKind.LANDKREIS) and self.name.endswith(", Stadt")
        )
