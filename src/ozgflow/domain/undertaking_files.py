"""Reading what files say about undertakings: the rules of a programme, and plans for a transfer."""

import re
from pathlib import Path

from ozgflow.domain.toml_tables import Table, read_table
from ozgflow.domain.transfers import GoalPlan, Successor, Transfer
from ozgflow.domain.undertakings import UndertakingRules

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What codes of undertakings and goals look like: they stand in file names, links and tables."""


def read_undertaking_rules(table: Table) -> UndertakingRules:
    """The table ``[undertaking]`` of a programme file.

    Raises:
        DataError: a number is missing or below 1, or a key is unknown.
    """
    rules = UndertakingRules(
        minimum_users=_at_least_one(table, "minimum_users"),
        planning_max_age_days=_at_least_one(table, "planning_max_age_days"),
    )
    table.done()
    return rules


def read_transfer(path: Path) -> Transfer:
    """A plan for a transfer, as an operator writes it. Whether it can be carried out is for ``check_transfer``.

    Raises:
        UsageError: the file cannot be read.
        DataError: it is not a plan; the message names file, line, table and key.
    """
    top = read_table(path)
    plan = Transfer(
        undertaking=_code(top, "undertaking"),
        successors=tuple(_successor(table) for table in top.tables("successor")),
        goals=tuple(_goal_plan(table) for table in top.tables("goal")),
    )
    top.done()
    return plan


def _successor(table: Table) -> Successor:
    successor = Successor(
        code=_code(table, "code"),
        title=table.get("title", str),
        municipalities=tuple(table.list_of_texts("municipalities")),
        line=table.line("code"),
    )
    table.done()
    return successor


def _goal_plan(table: Table) -> GoalPlan:
    # What is empty here is a fault of the plan, to be told together with all others.
    goal_plan = GoalPlan(
        goal=table.get("code", str),
        carried_to=() if table.is_empty("carried_to") else tuple(dict.fromkeys(table.list_of_texts("carried_to"))),
        dropped=table.optional("dropped", bool, otherwise=False),
        reason="" if table.is_empty("reason") else table.get("reason", str),
        line=table.line("code"),
    )
    table.done()
    return goal_plan


def _code(table: Table, key: str) -> str:
    code = table.get(key, str)
    if not CODE.fullmatch(code):
        raise table.fail("undertaking.code-in-file", key)
    return code


def _at_least_one(table: Table, key: str) -> int:
    number = table.get(key, int)
    if number < 1:
        raise table.fail("toml.key-type", key, expected="int >= 1")
    return number
