"""Municipalities from the register GV100AD of the Federal Statistical Office.

Of the home Land all are taken, of the others Landkreise and kreisfreie Städte.

The input has one line per municipality with the Landkreis and the association to which it belongs. From these
the larger units are made: their keys are the first 5 and 9 digits of the ARS, their population is the sum.
Known traps: the two areas under joint rule and in coastal waters have no Landkreis, Berlin and Hamburg are one
municipality each, and a kreisfreie Stadt may stand under an older name as its own Landkreis.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from ozgflow.domain.csv_files import Row, by_key, read_rows
from ozgflow.domain.keys import Ags, Ars
from ozgflow.domain.laender import HOME_LAND
from ozgflow.domain.messages import message
from ozgflow.domain.municipalities import Municipality, MunicipalityKind

COLUMNS = (
    "ags",
    "ars",
    "name",
    "gemeindetyp_code",
    "kreis_schluessel",
    "kreis_name",
    "verband_schluessel",
    "verband_name",
    "verband_typ_code",
    "bevoelkerung",
)

_KREISFREI = frozenset({"61", "62"})
"""Kreisfreie Stadt, and Stadtkreis in Baden-Württemberg."""
_UNINCORPORATED = frozenset({"65", "66"})
"""Gemeindefreies Gebiet, inhabited or not."""
_NO_ASSOCIATION, _AMT, _VERBANDSGEMEINDE = "50", "51", "53"
_MEMBER_KINDS: Mapping[str, MunicipalityKind] = {
    _NO_ASSOCIATION: MunicipalityKind.AMTSFREIE_GEMEINDE,
    _AMT: MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    _VERBANDSGEMEINDE: MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
}


class AreaLeftOut(StrEnum):
    """Why a line did not become a municipality of its own."""

    OTHER_LAND = "other-land"
    """It lies in another Land; its inhabitants are counted in its Landkreis."""
    UNINCORPORATED = "unincorporated"
    """It is no municipality; its inhabitants are counted in its Landkreis, if it lies in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What was read.

    Attributes:
        read: lines read.
        made: Landkreise and associations made from their members.
        left_out: lines that did not become a municipality of their own, by reason.
        entries: municipalities, Landkreise and associations by ARS.
    """

    read: int
    made: int
    left_out: Mapping[AreaLeftOut, int]
    entries: tuple[Municipality, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """What every fact of the file has in common."""

    as_of: date
    source: str


def read_municipalities(path: Path, *, as_of: date, source: str, in_full: str = HOME_LAND) -> Register:
    """Read the register.

    Args:
        path: CSV with at least ``COLUMNS``.
        as_of: the day for which the register speaks.
        source: what to write as source of each fact.
        in_full: the Land of which all municipalities are taken; of others Landkreise and kreisfreie Städte are.

    Raises:
        UsageError: the file is missing.
        DataError: a line is faulty, stands twice, or is of a kind that Brandenburg does not have.
    """
    origin = _Origin(as_of=as_of, source=source)
    rows = read_rows(path, COLUMNS, exact=False)
    members = by_key(rows, "ars", Ars.parse, lambda row, ars: _member(row, ars, origin, in_full))
    units: dict[Ars, Municipality] = {}
    for row, member in zip(rows, members.values(), strict=True):
        for unit in _units_above(row, member, origin, in_full):
            _add(units, unit, row)
    reasons = {ars: _reason(row, ars, in_full) for row, ars in zip(rows, members, strict=True)}
    kept = [member for ars, member in members.items() if reasons[ars] is None]
    return Register(
        read=len(rows),
        made=len(units),
        left_out=Counter(reason for reason in reasons.values() if reason),
        entries=tuple(sorted((*kept, *units.values()), key=lambda municipality: municipality.ars)),
    )


def _reason(row: Row, ars: Ars, in_full: str) -> AreaLeftOut | None:
    """Why a line becomes no municipality of its own; ``None`` when it does."""
    if row.cells["gemeindetyp_code"] in _UNINCORPORATED:
        return AreaLeftOut.UNINCORPORATED
    elsewhere = ars.land != in_full and row.cells["gemeindetyp_code"] not in _KREISFREI
    return AreaLeftOut.OTHER_LAND if elsewhere else None


def _member(row: Row, ars: Ars, origin: _Origin, in_full: str) -> Municipality:
    ags = row.key("ags", Ags.parse)
    if not ags.matches(ars):
        raise row.fault("ags", message("gv100.key"))
    kind = _kind(row, elsewhere=ars.land != in_full)
    return Municipality(
        ars=ars,
        ags=ags,
        name=row.text("name").strip(),
        kind=kind,
        parent=_parent(row, ars, kind, in_full),
        population=row.number("bevoelkerung"),
        as_of=origin.as_of,
        source=origin.source,
    )


def _kind(row: Row, *, elsewhere: bool) -> MunicipalityKind:
    """What it is by law. The associations of other Länder do not matter: their members are left out."""
    association = _NO_ASSOCIATION if elsewhere else row.cells["verband_typ_code"]
    if row.cells["gemeindetyp_code"] in _KREISFREI and association == _NO_ASSOCIATION:
        return MunicipalityKind.KREISFREIE_STADT
    if row.cells["gemeindetyp_code"] in _KREISFREI or association not in _MEMBER_KINDS:
        raise row.fault("verband_typ_code", message("gv100.kind"))
    return _MEMBER_KINDS[association]


def _parent(row: Row, ars: Ars, kind: MunicipalityKind, in_full: str) -> Ars | None:
    """The unit above it; ``None`` for a kreisfreie Stadt, and for an area that lies in no Landkreis."""
    if kind is MunicipalityKind.KREISFREIE_STADT or _is_nowhere(row):
        return None
    if ars.land != in_full or row.cells["verband_typ_code"] == _NO_ASSOCIATION:
        return _unit_key(row, "kreis_schluessel", ars)
    return _unit_key(row, "verband_schluessel", ars)


def _is_nowhere(row: Row) -> bool:
    return row.cells["gemeindetyp_code"] in _UNINCORPORATED and not row.cells["kreis_name"].strip()


def _unit_key(row: Row, column: str, ars: Ars) -> Ars:
    key = row.key(column, Ars.parse_any)
    if not str(ars).startswith(str(key)):
        raise row.fault(column, message("gv100.key"))
    return key.padded


def _units_above(row: Row, member: Municipality, origin: _Origin, in_full: str) -> list[Municipality]:
    """The Landkreis and the association of a municipality, with its population as their first share.

    A kreisfreie Stadt has none: the columns of its Landkreis repeat the town, in the case of Cottbus under an
    older name, and one town is one row.
    """
    if member.parent is None:
        return []
    landkreis = Municipality(
        ars=(district := _unit_key(row, "kreis_schluessel", member.ars)),
        ags=district.ags,
        name=row.text("kreis_name").strip(),
        kind=MunicipalityKind.LANDKREIS,
        parent=None,
        population=member.population,
        as_of=origin.as_of,
        source=origin.source,
    )
    if member.parent == district or member.land != in_full:
        return [landkreis]
    name = row.text("verband_name").strip()
    kind = _association_kind(row, name)
    return [
        landkreis,
        replace(landkreis, ars=member.parent, ags=member.parent.ags, name=name, kind=kind, parent=district),
    ]


def _association_kind(row: Row, name: str) -> MunicipalityKind:
    if row.cells["verband_typ_code"] == _VERBANDSGEMEINDE:
        return MunicipalityKind.VERBANDSGEMEINDE
    # An Amt is never a town. A town that stands here administers its neighbours (VgMvG, § 16).
    return MunicipalityKind.MITVERWALTUNG if name.endswith(", Stadt") else MunicipalityKind.AMT


def _add(units: dict[Ars, Municipality], unit: Municipality, row: Row) -> None:
    known = units.get(unit.ars, replace(unit, population=0))
    if known.name != unit.name or known.kind is not unit.kind:
        column = "kreis_name" if unit.kind is MunicipalityKind.LANDKREIS else "verband_name"
        raise row.fault(column, message("gv100.unit"))
    units[unit.ars] = replace(known, population=known.population + unit.population)
