"""Reading the section on grants of a programme file: strict, with file, line, table and key in every complaint."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from ozgflow.domain.evidence import EvidenceKind, Scope
from ozgflow.domain.grants import BoundaryRule, Directive, GrantPurpose, GrantRules, Quota
from ozgflow.domain.laender import LAENDER
from ozgflow.domain.money import is_amount
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.toml_tables import Table
from ozgflow.errors import DataError

Choice = TypeVar("Choice", bound=StrEnum)


def read_grant(table: Table, kinds: Mapping[str, EvidenceKind]) -> GrantRules:
    """Read the table ``[grant]``.

    Args:
        table: the section.
        kinds: the kinds of evidence that are declared.

    Raises:
        DataError: something in it cannot be meant; the message names file, line, table and key.
    """
    directives = tuple(_directive(row) for row in table.tables("directive"))
    rules = GrantRules(
        file=table.file,
        line=table.line(),
        ceiling=_ceiling(table),
        purposes=_choices(table, "purposes", GrantPurpose),
        land=_land(table),
        applicants=_choices(table, "applicants", MunicipalityKind),
        preconditions=_preconditions(table, kinds),
        records=_kind(table, "records", table.get("records", str), kinds),
        quotas=_quotas(table),
        directives=directives,
        boundary=table.choice("boundary", BoundaryRule) if "boundary" in table else None,
    )
    _refuse_loose_ends(table.tables("directive"), rules)
    table.done()
    return rules


def _ceiling(table: Table) -> Decimal:
    ceiling = table.amount("ceiling")
    if not is_amount(ceiling):
        raise table.fail("grant-file.ceiling", "ceiling")
    return ceiling


def _land(table: Table) -> str:
    land = table.get("land", str)
    if land not in LAENDER:
        raise table.fail("toml.value-unknown", "land", known=", ".join(LAENDER))
    return land


def _choices(table: Table, key: str, choices: type[Choice]) -> tuple[Choice, ...]:
    names = table.list_of_texts(key)
    if any(name not in list(choices) for name in names):
        raise table.fail("toml.value-unknown", key, known=", ".join(choices))
    return tuple(choices(name) for name in dict.fromkeys(names))


def _preconditions(table: Table, kinds: Mapping[str, EvidenceKind]) -> tuple[str, ...]:
    codes = table.list_of_texts("preconditions") if "preconditions" in table else []
    return tuple(_kind(table, "preconditions", code, kinds) for code in codes)


def _kind(table: Table, key: str, code: str, kinds: Mapping[str, EvidenceKind]) -> str:
    if code not in kinds:
        raise table.fail("programme.kind-unknown", key, kind=code)
    # An application names a municipality and no service, so only evidence on the whole municipality can count.
    if kinds[code].scope is not Scope.MUNICIPALITY:
        raise table.fail("grant-file.scope", key, kind=code)
    return code


def _quotas(table: Table) -> tuple[Quota, ...]:
    found: dict[int, Quota] = {}
    for row in table.tables("quota"):
        quota = Quota(year=row.get("year", int), places=row.get("places", int), line=row.line())
        if quota.places < 0:
            raise row.fail("grant-file.quota-negative", "places", year=quota.year)
        if quota.year in found:
            raise row.fail("grant-file.quota-twice", "year", year=quota.year, first=found[quota.year].line)
        found[quota.year] = quota
        row.done()
    return tuple(found[year] for year in sorted(found))


def _directive(row: Table) -> Directive:
    valid_until = row.day("until") if "until" in row else None
    directive = Directive(
        code=row.get("code", str),
        valid_from=row.day("from"),
        valid_until=valid_until,
        source=row.get("source", str),
    )
    if valid_until is not None and valid_until < directive.valid_from:
        raise row.fail("grant-file.directive-backwards", "until", code=directive.code)
    row.done()
    return directive


def _refuse_loose_ends(rows: list[Table], rules: GrantRules) -> None:
    """Each day from the first directive on must have one that counts."""
    for row, (before, after) in zip(rows[1:], pairwise(rules.directives), strict=True):
        complaint = _loose_end(before, after, settled=rules.boundary is not None)
        if complaint is not None:
            raise _fail(row, complaint, before, after)


def _loose_end(before: Directive, after: Directive, *, settled: bool) -> str | None:
    end, later_end = before.valid_until or date.max, after.valid_until or date.max
    if after.code == before.code or after.valid_from <= before.valid_from or (settled and later_end < end):
        return "grant-file.directive-order"
    if after.valid_from <= end and not settled:
        return "grant-file.directive-overlap"
    if end < date.max and after.valid_from > end + timedelta(days=1):
        return "grant-file.directive-gap"
    return None


def _fail(row: Table, complaint: str, before: Directive, after: Directive) -> DataError:
    return row.fail(complaint, "from", before=before.code, after=after.code)
