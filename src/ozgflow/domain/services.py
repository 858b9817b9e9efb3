"""Services of the catalogue, and the rules that say which kind of municipality is competent for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ozgflow.domain.keys import LeikaKey, OzgId
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.service_keys import ServiceKey


class ExecutionLevel(StrEnum):
    """Vollzugsebene: which kind of administration carries out a service.

    The numbers are Brandenburg's on 30.11.2023.
    """

    KREIS = "kreis"
    """The 14 Landkreise and 4 kreisfreie Städte: 18."""
    VERWALTUNG = "verwaltung"
    """Every administration at municipal level: 141 towns and municipalities without an Amt, 50 Ämter, one
    Mitverwaltung, one Verbandsgemeinde: 193."""
    GEMEINDE = "gemeinde"
    """Every municipality, with or without an administration: 413."""
    LAND = "land"
    BUND = "bund"
    OFFEN = "offen"
    """Not declared. Unknown, and not the same as nobody."""


_KREISFREI = MunicipalityKind.KREISFREIE_STADT
_AMTSFREI = MunicipalityKind.AMTSFREIE_GEMEINDE

COMPETENT_KINDS: Mapping[ExecutionLevel, frozenset[MunicipalityKind]] = {
    ExecutionLevel.KREIS: frozenset({_KREISFREI, MunicipalityKind.LANDKREIS}),
    ExecutionLevel.VERWALTUNG: frozenset(
        {
            _KREISFREI,
            _AMTSFREI,
            MunicipalityKind.AMT,
            MunicipalityKind.MITVERWALTUNG,
            MunicipalityKind.VERBANDSGEMEINDE,
        }
    ),
    ExecutionLevel.GEMEINDE: frozenset(
        {
            _KREISFREI,
            _AMTSFREI,
            MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
            MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
        }
    ),
    ExecutionLevel.LAND: frozenset(),
    ExecutionLevel.BUND: frozenset(),
    ExecutionLevel.OFFEN: frozenset(),
}
"""Which kinds carry out a service of a level. No municipality does for Land, Bund and undeclared services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: a LeiKa entry, or an item that a programme declares.

    Attributes:
        key: its LeiKa key, or the item's code.
        title: its name in the catalogue.
        ozg_id: the OZG-Leistung to which it belongs, if it belongs to one.
        field: Themenfeld, for example ``Ein- & Auswanderung``; empty without an OZG-ID.
        typisation: LeiKa-Typisierung as the catalogue writes it: ``2/3``, sometimes ``1, 2``, or empty. It
            says who regulates and who executes. 1: Bund and Bund; 2 and 3: the Bund regulates, Länder or
            municipalities execute; 4: the Land regulates; 5: municipalities regulate and execute.
        as_of: the day for which the catalogue says so.
        source: which catalogue.
    """

    key: ServiceKey
    title: str
    ozg_id: OzgId | None
    field: str
    typisation: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OzgService:
    """One OZG-Leistung: a bundle of services that the OZG catalogue counts as one.

    Attributes:
        ozg_id: its number.
        title: its name.
        field: its Themenfeld.
    """

    ozg_id: OzgId
    title: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionLevelRule:
    """A declaration: services like these are carried out at this level.

    A criterion that is empty does not count; all others must hold. One of them at least is given.

    Attributes:
        level: what is declared.
        services: LeiKa keys for which it holds.
        ozg_ids: OZG-Leistungen for which it holds.
        fields: Themenfelder for which it holds.
        typisations: LeiKa-Typisierungen for which it holds.
        reason: why, by language.
        source: where this can be looked up.
        confirmed: whether the source says so for all these services; if not, it is our reading.
    """

    level: ExecutionLevel
    services: frozenset[LeikaKey] = frozenset()
    ozg_ids: frozenset[OzgId] = frozenset()
    fields: frozenset[str] = frozenset()
    typisations: frozenset[str] = frozenset()
    reason: Mapping[str, str]
    source: str
    confirmed: bool

    @property
    def specificity(self) -> tuple[bool, bool, bool, bool]:
        """The greater, the more specific: a key before an OZG-ID before a Themenfeld before a Typisierung."""
        return (bool(self.services), bool(self.ozg_ids), bool(self.fields), bool(self.typisations))

    def matches(self, service: Service) -> bool:
        """Whether the rule speaks about the service."""
        return (
            (not self.services or service.key in self.services)
            and (not self.ozg_ids or service.ozg_id in self.ozg_ids)
            and (not self.fields or service.field in self.fields)
            and (not self.typisations or service.typisation in self.typisations)
        )

    def rivals(self, other: "ExecutionLevelRule") -> bool:
        """Whether there may be a service for which neither rule is more specific than the other."""
        pairs = (
            (self.services, other.services),
            (self.ozg_ids, other.ozg_ids),
            (self.fields, other.fields),
            (self.typisations, other.typisations),
        )
        return self.specificity == other.specificity and all(a & b for a, b in pairs if a)


def most_specific(rules: Iterable[ExecutionLevelRule], service: Service) -> ExecutionLevelRule | None:
    """The rule that decides about a service; ``None`` when none speaks about it."""
    matching = (rule for rule in rules if rule.matches(service))
    return max(matching, key=lambda rule: rule.specificity, default=None)
