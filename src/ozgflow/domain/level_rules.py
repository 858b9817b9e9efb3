"""Reading the declarations of execution levels: every rule must mean something that exists."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from ozgflow.domain.keys import LeikaKey, OzgId
from ozgflow.domain.messages import Language, Message, message
from ozgflow.domain.services import ExecutionLevel, ExecutionLevelRule, OzgService, Service
from ozgflow.errors import DataError, InvalidKey

Criterion = TypeVar("Criterion")

_CRITERIA = ("services", "ozg_ids", "fields", "typisations")
_TYPISATION = re.compile(r"1|[23][ab]?|2/3[ab]?|4[ab]?|[5-9]|1[0-2]")
"""The enumeration of XZuFi 2.2."""
_KEYS = frozenset({*_CRITERIA, "level", "reason", "source", "confirmed"})


def parse_rules(
    data: Mapping[str, object],
    file: str,
    services: Mapping[LeikaKey, Service],
    ozg_services: Mapping[OzgId, OzgService],
) -> tuple[ExecutionLevelRule, ...]:
    """Turn the tables ``[[rule]]`` of the file into rules.

    Args:
        data: the parsed file.
        file: its name, for complaints.
        services: the services that rules may name.
        ozg_services: the OZG-Leistungen that rules may name, with the Themenfelder that rules may name.

    Raises:
        DataError: a key is missing, unknown or of the wrong type; a criterion names what does not exist; or
            two rules would decide about the same service with equal right.
    """
    tables = data.get("rule")
    if set(data) != {"rule"} or not isinstance(tables, list):
        raise DataError("catalogue.rule", file=file, number=0, why=message("catalogue.rule-tables"))
    fields = frozenset(one.field for one in ozg_services.values())
    known = _Known(services=services.keys(), ozg_ids=ozg_services.keys(), fields=fields)
    rules = tuple(_Table(table, file, number).rule(known) for number, table in enumerate(tables, 1))
    for (first, rule), (second, other) in combinations(enumerate(rules, 1), 2):
        if rule.rivals(other):
            raise DataError("catalogue.rule-rivals", file=file, first=first, second=second)
    return rules


class _Known:
    """What criteria may name."""

    def __init__(self, *, services: Iterable[LeikaKey], ozg_ids: Iterable[OzgId], fields: Iterable[str]) -> None:
        self.services, self.ozg_ids, self.fields = frozenset(services), frozenset(ozg_ids), frozenset(fields)


class _Table:
    """One table with its place for complaints."""

    def __init__(self, table: object, file: str, number: int) -> None:
        self.file, self.number = file, number
        if not isinstance(table, dict):
            raise self.fault(message("catalogue.rule-tables"))
        self.table = table

    def fault(self, why: Message) -> DataError:
        return DataError("catalogue.rule", file=self.file, number=self.number, why=why)

    def rule(self, known: _Known) -> ExecutionLevelRule:
        unknown = sorted(set(self.table) - _KEYS)
        if unknown:
            raise self.fault(message("catalogue.rule-key-unknown", key=unknown[0]))
        if not any(self.table.get(name) for name in _CRITERIA):
            raise self.fault(message("catalogue.rule-criteria", names=", ".join(_CRITERIA)))
        return ExecutionLevelRule(
            level=self._level(),
            services=self._criterion("services", LeikaKey.parse, known.services.__contains__),
            ozg_ids=self._criterion("ozg_ids", OzgId.parse, known.ozg_ids.__contains__),
            fields=self._criterion("fields", str, known.fields.__contains__),
            typisations=self._criterion("typisations", str, _is_typisation),
            reason=self._reason(),
            source=self._text(self.table.get("source"), "source"),
            confirmed=self._confirmed(),
        )

    def _level(self) -> ExecutionLevel:
        choices = [level for level in ExecutionLevel if level is not ExecutionLevel.OFFEN]
        text = self._text(self.table.get("level"), "level")
        if text not in choices:
            raise self.fault(message("catalogue.rule-level", known=", ".join(choices)))
        return ExecutionLevel(text)

    def _reason(self) -> Mapping[str, str]:
        texts = self.table.get("reason")
        if not isinstance(texts, dict):
            raise self.fault(message("catalogue.rule-key", key="reason"))
        return {language: self._text(texts.get(language), f"reason.{language}") for language in Language}

    def _confirmed(self) -> bool:
        confirmed = self.table.get("confirmed")
        if not isinstance(confirmed, bool):
            raise self.fault(message("catalogue.rule-key", key="confirmed"))
        return confirmed

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.fault(message("catalogue.rule-key", key=key))
        return value

    def _criterion(
        self, name: str, parse: Callable[[str], Criterion], exists: Callable[[Criterion], bool]
    ) -> frozenset[Criterion]:
        values = self.table.get(name, [])
        if not isinstance(values, list):
            raise self.fault(message("catalogue.rule-key", key=name))
        try:
            criteria = frozenset(parse(self._text(value, name)) for value in values)
        except InvalidKey as error:
            raise self.fault(Message(error.code, error.params)) from error
        missing = sorted(str(criterion) for criterion in criteria if not exists(criterion))
        if missing:
            raise self.fault(message("catalogue.rule-nothing", key=name, value=missing[0]))
        return criteria


def _is_typisation(text: str) -> bool:
    """Whether the catalogue may write this; it sometimes writes two, as in ``1, 2/3``."""
    return all(_TYPISATION.fullmatch(part) for part in text.split(", "))
