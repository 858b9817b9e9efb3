"""The catalogue: which municipalities and services there are, and who is competent for what.

Everything here is read from files with source and date (``data/catalogue.toml`` says which); an installation
may keep newer files in a folder of its own. Nothing is fetched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from ozgflow.domain import catalogue_files, municipality_search, service_search
from ozgflow.domain.keys import Ars, LeikaKey, OzgId
from ozgflow.domain.laender import HOME_LAND, LAENDER
from ozgflow.domain.municipalities import Municipality, MunicipalityKind
from ozgflow.domain.municipality_change_files import read_changes
from ozgflow.domain.municipality_changes import Lineage
from ozgflow.domain.search import Match
from ozgflow.domain.services import (
    COMPETENT_KINDS,
    ExecutionLevel,
    ExecutionLevelRule,
    OzgService,
    Service,
    most_specific,
)
from ozgflow.errors import UsageError

__all__ = [
    "Catalogue",
    "ExecutionLevel",
    "ExecutionLevelRule",
    "Municipality",
    "MunicipalityKind",
    "OzgService",
    "Service",
    "load_catalogue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All municipalities and services that are known.

    Attributes:
        municipalities: by ARS of 12 digits.
        services: by LeiKa key.
        ozg_services: by OZG-ID.
        rules: the declarations of execution levels.
        others: municipalities that are known, but not valid on the day of this catalogue.
        lineage: the changes that ended or made keys.
    """

    municipalities: Mapping[Ars, Municipality]
    services: Mapping[LeikaKey, Service]
    ozg_services: Mapping[OzgId, OzgService]
    rules: tuple[ExecutionLevelRule, ...]
    others: Mapping[Ars, Municipality] = field(default_factory=dict)
    lineage: Lineage = Lineage()  # noqa: RUF009 - frozen

    def as_of(self, day: date) -> "Catalogue":
        """The catalogue as it was, is or will be on a day, as far as changes are known."""
        known = {**self.others, **self.municipalities}
        valid = {ars: one for ars, one in known.items() if self.lineage.is_valid(ars, day)}
        others = {ars: one for ars, one in known.items() if ars not in valid}
        return replace(self, municipalities=valid, others=others)

    def competent(self, level: ExecutionLevel, land: str = HOME_LAND) -> tuple[Municipality, ...]:
        """The municipalities of a Land that carry out services of a level, by ARS.

        Empty for Land and Bund, where no municipality does, and for ``OFFEN``, where nobody has said; ask
        for the level before taking this for a denominator.

        Raises:
            UsageError: of this Land the catalogue has Landkreise and kreisfreie Städte only, and the level
                lies below; a part of a denominator is none.
        """
        kinds = COMPETENT_KINDS[level]
        if kinds - COMPETENT_KINDS[ExecutionLevel.KREIS] and land not in self.lands_in_full:
            raise UsageError("catalogue.land-not-in-full", land=LAENDER[land].name)
        return tuple(one for _, one in sorted(self.municipalities.items()) if one.kind in kinds and one.land == land)

    @property
    def lands_in_full(self) -> frozenset[str]:
        """The Länder of which every municipality is known, and not Landkreise and kreisfreie Städte alone."""
        upper = COMPETENT_KINDS[ExecutionLevel.KREIS]
        return frozenset(one.land for one in self.municipalities.values() if one.kind not in upper)

    def execution_level(self, service: Service) -> tuple[ExecutionLevel, ExecutionLevelRule | None]:
        """Who carries out a service, and the rule that says so; ``OFFEN`` and ``None`` when none does.

        Several rules may match; the most specific one decides: LeiKa key, OZG-ID, Themenfeld, Typisierung.
        """
        rule = most_specific(self.rules, service)
        return (rule.level, rule) if rule else (ExecutionLevel.OFFEN, None)

    def find_municipalities(
        self, query: str | Ars | MunicipalityKind, land: str = HOME_LAND
    ) -> tuple[Municipality, ...]:
        """Search municipalities by name, part of a name, kind, ARS or AGS.

        The best fit comes first; of equal ones those of the home Land; then by ARS. A kind finds those of
        ``land``, everything else is looked for in all Länder.

        Case, diacritics and punctuation do not count: ``chosebuz``, ``Märkisch-Oderland`` and ``maerkisch
        oderland`` work. Digits are an ARS (12, or shortened as in ``12062``) or an AGS (8); when there is no
        such key, all municipalities whose ARS begins with them. Several may fit: two municipalities and an
        Amt are called Golzow.
        """
        found = municipality_search.find(self.municipalities, str(query), land)
        return tuple(dict.fromkeys((*found, *self._successors(str(query), Match.WHOLE))))

    def select_municipalities(self, words: Iterable[str]) -> tuple[Municipality, ...]:
        """What an operator named, one municipality per word, in that order, each once.

        A word must be a key, a full name (with or without ", Stadt", or with its kind: ``Amt Golzow``,
        ``LK Barnim``, ``Gemeinde Altdöbern``), or whole words that occur in one name only. Of several that fit
        equally well, those of the home Land are meant; ``Schwerin MV`` names the one elsewhere. The key or name
        of a municipality that is no more means the one that took over.

        Raises:
            UsageError: a word fits none or several, or means one that was split; with suggestions or candidates.
        """
        return municipality_search.select(self.municipalities, words, self._successors)

    def describe(self, municipality: Municipality) -> str:
        """A text that cannot be confused: ``Golzow (Amt Brück, 120695904216)``."""
        return municipality_search.describe(self.municipalities, municipality)

    def find_services(self, query: str) -> tuple[Service, ...]:
        """Search services, by key.

        Args:
            query: the beginning of a LeiKa key, an OZG-ID, a whole Themenfeld, or words that all occur in the
                title of the service or of its OZG-Leistung.
        """
        return service_search.find(self.services, self.ozg_services, query)

    def municipality(self, ars: Ars) -> Municipality:
        """The municipality with a key, also when the key is not valid any more.

        Raises:
            UsageError: the catalogue has none with this key.
        """
        known = self.municipalities.get(ars) or self.others.get(ars)
        if known is None:
            raise UsageError("catalogue.municipality-gone", ars=ars)
        return known

    def name_of(self, ars: Ars) -> str:
        """What to call a municipality in a message; the key itself when the catalogue does not know it."""
        known = self.municipalities.get(ars) or self.others.get(ars)
        return known.label if known else str(ars)

    def service(self, key: str | LeikaKey) -> Service:
        """One service.

        Raises:
            InvalidKey: the text is not a LeiKa key.
            UsageError: the catalogue has no such service; with suggestions.
        """
        parsed = LeikaKey.parse(key) if isinstance(key, str) else key
        if parsed not in self.services:
            hint = service_search.hint(self.services, parsed)
            raise UsageError("catalogue.service-unknown", key=str(parsed), hint=hint)
        return self.services[parsed]

    def _successors(self, word: str, worst: Match) -> tuple[Municipality, ...]:
        """Who stands for what a word means among those that are no more."""
        gone = municipality_search.fitting(self.others, word, worst)
        heirs = [heir for one in gone for heir in self.lineage.heirs(one.ars, self.municipalities)]
        return tuple(self.municipalities[ars] for ars in dict.fromkeys(heirs))


@cache
def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read the catalogue; the result is kept, so a folder is read once per process.

    Args:
        folder: ``municipalities.csv``, ``services.csv`` and ``ozg_services.csv`` of an installation, and its
            ``execution_levels.toml``, ``municipality_changes.csv`` and ``former_municipalities.csv`` if it has
            them; without a folder the files that come with the package.

    Returns:
        The catalogue after all changes; ``as_of`` gives that of a day.

    Raises:
        UsageError: a file is missing or cannot be read.
        DataError: a file is faulty; the message names file, line or table, and column or key.
    """
    place = folder or catalogue_files.package_folder()
    ozg_services = catalogue_files.read_ozg_services(place)
    services = catalogue_files.read_services(place, ozg_services)
    former, present = catalogue_files.read_former(place), catalogue_files.read_municipalities(place)
    known_since = {one.ars: one.as_of for one in (*present.values(), *former.values())}
    everything = Catalogue(
        municipalities={**former, **present},
        services=services,
        ozg_services=ozg_services,
        rules=catalogue_files.read_rules(place, services, ozg_services),
        lineage=read_changes(place, known_since),
    )
    return everything.as_of(date.max)
