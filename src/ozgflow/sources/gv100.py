"""The municipalities of Brandenburg from the register GV100AD of the Federal Statistical Office.

The input has one line per municipality with the Landkreis and the association to which it belongs. From these
the larger units are made: their keys are the first 5 and 9 digits of the ARS, their population is the sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ozgflow.domain.csv_files import Row, by_key, read_rows
from ozgflow.domain.keys import Ags, Ars
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

_KREISFREI = "61"
_NO_ASSOCIATION, _AMT, _VERBANDSGEMEINDE = "50", "51", "53"
_MEMBER_KINDS: Mapping[str, MunicipalityKind] = {
    _NO_ASSOCIATION: MunicipalityKind.AMTSFREIE_GEMEINDE,
    _AMT: MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE,
    _VERBANDSGEMEINDE: MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """What every fact of the file has in common."""

    as_of: date
    source: str


def read_municipalities(path: Path, *, as_of: date, source: str) -> tuple[int, tuple[Municipality, ...]]:
    """Read the register.

    Args:
        path: CSV with at least ``COLUMNS``.
        as_of: the day for which the register speaks.
        source: what to write as source of each fact.

    Returns:
        The number of lines read, and municipalities, Landkreise and associations by ARS.

    Raises:
        UsageError: the file is missing.
        DataError: a line is faulty, stands twice, or is of a kind that Brandenburg does not have.
    """
    origin = _Origin(as_of=as_of, source=source)
    rows = read_rows(path, COLUMNS, exact=False)
    members = by_key(rows, "ars", Ars.parse, lambda row, ars: _member(row, ars, origin))
    units: dict[Ars, Municipality] = {}
    for row, member in zip(rows, members.values(), strict=True):
        for unit in _units_above(row, member, origin):
            _add(units, unit, row)
    everyone = (*members.values(), *units.values())
    return len(rows), tuple(sorted(everyone, key=lambda municipality: municipality.ars))


def _member(row: Row, ars: Ars, origin: _Origin) -> Municipality:
    ags = row.key("ags", Ags.parse)
    if not ags.matches(ars):
        raise row.fault("ags", message("gv100.key"))
    kind = _kind(row)
    return Municipality(
        ars=ars,
        ags=ags,
        name=row.text("name").strip(),
        kind=kind,
        parent=None if kind is MunicipalityKind.KREISFREIE_STADT else _unit_key(row, _parent_column(row), ars),
        population=row.number("bevoelkerung"),
        as_of=origin.as_of,
        source=origin.source,
    )


def _kind(row: Row) -> MunicipalityKind:
    association = row.cells["verband_typ_code"]
    if row.cells["gemeindetyp_code"] == _KREISFREI and association == _NO_ASSOCIATION:
        return MunicipalityKind.KREISFREIE_STADT
    if row.cells["gemeindetyp_code"] == _KREISFREI or association not in _MEMBER_KINDS:
        raise row.fault("verband_typ_code", message("gv100.kind"))
    return _MEMBER_KINDS[association]


def _parent_column(row: Row) -> str:
    return "kreis_schluessel" if row.cells["verband_typ_code"] == _NO_ASSOCIATION else "verband_schluessel"


def _unit_key(row: Row, column: str, ars: Ars) -> Ars:
    key = row.key(column, Ars.parse_any)
    if not str(ars).startswith(str(key)):
        raise row.fault(column, message("gv100.key"))
    return key.padded


def _units_above(row: Row, member: Municipality, origin: _Origin) -> list[Municipality]:
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
    if member.parent == district:
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
