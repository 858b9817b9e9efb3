"""Where the program asks for sentences: literal codes, and families of codes that are put together.

Codes are found in the syntax trees of Python files and of Jinja templates, without running anything.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from jinja2 import Environment, nodes

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.evidence import Answer, EvidenceSource, Owner
from ozgflow.domain.findings import StepState, Verdict
from ozgflow.domain.gates import Dimension, GateState
from ozgflow.domain.grants import BoundaryRule, GrantPurpose, GrantState
from ozgflow.domain.maturity import RULES as MATURITY_RULES
from ozgflow.domain.maturity import Ternary
from ozgflow.domain.maturity_rating import MaturityBasis
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.municipality_changes import MunicipalityChangeKind
from ozgflow.domain.programme_parts import Membership, Sum
from ozgflow.domain.programmes import START
from ozgflow.domain.rules import RULES, Severity, Step
from ozgflow.domain.services import ExecutionLevel
from ozgflow.jobs.municipality_changes import ChangeState
from ozgflow.reports.board_page import Standing
from ozgflow.reports.validation_page import Group
from ozgflow.reports.validation_phrases import _COUNTED
from ozgflow.sources.gv100 import AreaLeftOut
from ozgflow.sources.leika import LeftOut
from ozgflow.standards import libxml2_messages
from ozgflow.storage.audit import DONE, REFUSED
from tests.house.repository import PROGRAM, files, name, parsed, sources

_KEYS, _AREAS = ("ars", "ags", "leika", "ozg"), ("ars", "ags")

FAMILIES: Mapping[str, Iterable[str]] = {
    "acceptance-state.{}": Acceptance,
    "answer.{}": Answer,
    "audit.{}": (DONE, REFUSED),
    "catalogue.left-out.{}": (*AreaLeftOut, *LeftOut),
    "dimension.{}": Dimension,
    "finding.{}": RULES,
    "flow.step.{}": ("open", "check", "advance"),
    "gate-state.{}": GateState,
    "grant-boundary.{}": BoundaryRule,
    "grant-purpose.{}": GrantPurpose,
    "grant-rule.{}": ("directive", "applicant", "purposes", "precondition", "quota", "person", "amount"),
    "grant-state.{}": GrantState,
    "grant-step.{}": GateState,
    "hint.{}": RULES,
    "key.{}.empty": _KEYS,
    "key.{}.land": _AREAS,
    "key.{}.length": _KEYS,
    "key.{}.{}": [".".join(pair) for pair in product(_KEYS, ("blank", "character"))],
    "level.{}": ExecutionLevel,
    "maturity.level.{}": MaturityBasis,
    "maturity.online.{}": Ternary,
    "maturity.rule.{}": MATURITY_RULES,
    "municipality-change.kind.{}": MunicipalityChangeKind,
    "municipality-change.move.{}": MunicipalityChangeKind,
    "municipality-change.state.{}": ChangeState,
    "municipality-kind.{}": MunicipalityKind,
    "owner.{}": Owner,
    "programme.membership.{}": Membership,
    "programme.whole.{}": Sum,
    "report.standing-note.{}": Standing,
    "report.standing.{}": Standing,
    "severity.{}": Severity,
    "source.{}": EvidenceSource,
    "stage.{}": (START,),
    "step-count-one.{}": _COUNTED,
    "step-count.{}": _COUNTED,
    "step-state.{}": StepState,
    "step.{}": Step,
    "ternary.{}": Ternary,
    "type.{}": set(libxml2_messages._BUILT_IN.values()),
    "validation.group-note.{}": Group,
    "validation.group.{}": Group,
    "validation.severities.{}": Severity,
    "validation.verdict-note.{}": Verdict,
    "verdict.{}": Verdict,
}
"""Codes that are put together, by their pattern: what stands in the gaps. Two gaps are joined by a full stop."""

_ASKING = frozenset(
    {"message", "say", "text", "UsageError", "DataError", "InvalidKey", "PermanentError", "TransientError"}
)
"""Calls whose first argument is a code and whose keywords are its parameters."""
_TABLE_FAULT = "fail"
"""The call of ``programme_files`` that adds file, table and key by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One place where a sentence is asked for.

    Attributes:
        code: the code.
        place: file and line.
        given: names of the parameters; ``None`` when they cannot be told.
    """

    code: str
    place: str
    given: frozenset[str] | None


def family(pattern: str) -> set[str]:
    """All codes of a family."""
    start, _, end = pattern.partition("{}")
    return {start + str(member) + end.replace(".{}", "") for member in FAMILIES[pattern]}


def asked() -> list[Asked]:
    """Every place that asks for a sentence by a literal code."""
    return [*_asked_by_python(), *_asked_by_templates()]


def literals() -> set[str]:
    """All texts that stand in the program by themselves."""
    trees = (parsed(path) for path in sources(*PROGRAM))
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts | {found.code for found in _asked_by_templates()}


def patterns(beginnings: Iterable[str]) -> set[str]:
    """The patterns of all codes that the program puts together, ``{}`` standing for each gap.

    Args:
        beginnings: the first words of codes; other texts with gaps do not count.
    """
    known = tuple(f"{beginning}." for beginning in beginnings)
    trees = (parsed(path) for path in sources(*PROGRAM))
    found = {_pattern(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
    found |= {f"{start.value}{{}}" for tree in _templates().values() for start in _starts(tree)}
    return {pattern for pattern in found if pattern.startswith(known)}


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in text.values)


def _asked_by_python() -> Iterator[Asked]:
    for path in sources(*PROGRAM):
        for call in ast.walk(parsed(path)):
            if isinstance(call, ast.Call) and call.args and _called(call) in {*_ASKING, _TABLE_FAULT}:
                for code in _codes(call.args[0]):
                    yield Asked(code=code, place=f"{name(path)}:{call.lineno}", given=_given(call))


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _codes(argument: ast.expr) -> Iterator[str]:
    """The literal codes of an argument; a choice between two has both."""
    for branch in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
        if (
            isinstance(branch, ast.Constant)
            and isinstance(branch.value, str)
            and re.match(r"[a-z0-9-]+\.", branch.value)
        ):
            yield branch.value


def _given(call: ast.Call) -> frozenset[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    if None in names:
        return None
    added = {"file", "line", "table", "key"} if _called(call) == _TABLE_FAULT else set()
    return frozenset({str(name) for name in names} | added)


def _templates() -> dict[str, nodes.Template]:
    paths = (path for path in files() if path.name.endswith(".html.j2"))
    return {name(path): Environment(autoescape=True).parse(path.read_text(encoding="utf-8")) for path in paths}


def _asked_by_templates() -> Iterator[Asked]:
    for file, tree in _templates().items():
        for call in _calls(tree):
            if isinstance(call.args[0], nodes.Const):
                given = frozenset(keyword.key for keyword in call.kwargs)
                yield Asked(code=call.args[0].value, place=f"{file}:{call.lineno}", given=given)


def _calls(tree: nodes.Template) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            yield call


def _starts(tree: nodes.Template) -> Iterator[nodes.Const]:
    for call in _calls(tree):
        first = call.args[0]
        if isinstance(first, nodes.Concat) and isinstance(first.nodes[0], nodes.Const):
            yield first.nodes[0]
