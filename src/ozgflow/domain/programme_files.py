"""Reading programme files: strict, and with file, line, table and key in every complaint."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.checks import CHECKS
from ozgflow.domain.evidence import ApprovalRule, EvidenceKind, Owner, Scope
from ozgflow.domain.gates import Dimension
from ozgflow.domain.grant_files import read_grant
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.programme_parts import Staleness, Sum
from ozgflow.domain.programme_tables import read_competence, read_expected, read_item, read_origin, read_term
from ozgflow.domain.programmes import START, Gate, Programme, Stage
from ozgflow.domain.stage_order import in_order
from ozgflow.domain.toml_tables import Table, read_table
from ozgflow.domain.undertaking_files import read_undertaking_rules
from ozgflow.errors import UsageError

_WHOLE = Decimal(1)


def programme_codes() -> tuple[str, ...]:
    """The codes of all programmes that come with the package, sorted."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load_programme(code: str) -> Programme:
    """Read a programme that comes with the package.

    Raises:
        UsageError: there is no such programme.
        DataError: its file is faulty; the message names file, line, table and key.
    """
    if code not in programme_codes():
        raise UsageError("programme.unknown", programme=code, known=", ".join(programme_codes()))
    return read_programme(_folder() / f"{code}.toml")


def read_programme(path: Path | Traversable) -> Programme:
    """Read a programme from any file.

    Raises:
        UsageError: the file cannot be read.
        DataError: it is faulty; the message names file, line, table and key.
    """
    top = read_table(path)
    kinds = load_evidence_kinds()
    code = top.get("code", str)
    if f"{code}.toml" != path.name:
        raise top.fail("programme.code-file", "code", code=code)
    staleness = top.choice("staleness", Staleness) if "staleness" in top else Staleness.SHOWS
    rows = top.tables("stage")
    _refuse_doubles(rows)
    stages = in_order(rows, [_stage(row, kinds, staleness) for row in rows])
    conditions = tuple(_gate(row, kinds, staleness) for row in top.tables("condition", needed=False))
    gates = (*conditions, *(gate for stage in stages for gate in stage.gates))
    items = [read_item(row) for row in top.tables("item", needed=False)]
    codes = [stage.code for stage in stages]
    programme = Programme(
        code=code,
        title=top.texts("title"),
        purpose=top.texts("purpose"),
        source=top.get("source", str),
        stages=tuple(stages),
        kinds={kind: kinds[kind] for kind in sorted({kind for gate in gates for kind in gate.kinds})},
        counted_from=_counted_from(top, codes),
        conditions=conditions,
        items={item.code: item for item in items},
        whole=top.choice("whole", Sum) if "whole" in top else None,
        competences=tuple(read_competence(row, items) for row in top.tables("competence", needed=False)),
        origin=read_origin(top.table("origin")) if "origin" in top else None,
        term=read_term(top.table("term"), codes) if "term" in top else None,
        expected=read_expected(top.table("expected")) if "expected" in top else {},
        lead=tuple(top.list_of_texts("lead")) if "lead" in top else (),
        undertaking=read_undertaking_rules(top.table("undertaking")) if "undertaking" in top else None,
        grant=read_grant(top.table("grant"), kinds) if "grant" in top else None,
    )
    top.done()
    gate_rows = [*top.tables("condition", needed=False), *(gate for row in rows for gate in row.tables("gate"))]
    _refuse_doubles(gate_rows)
    _refuse_doubles(top.tables("item", needed=False))
    _refuse_weights(rows, stages)
    _refuse_stages_unknown(gate_rows, codes)
    return programme


@cache
def load_evidence_kinds() -> Mapping[str, EvidenceKind]:
    """All kinds of evidence, by code, as declared in ``data/evidence.toml``.

    Raises:
        DataError: the file is faulty.
    """
    path = resources.files("ozgflow") / "data" / "evidence.toml"
    kinds = {}
    for table in read_table(path).tables("kind"):
        kind = _kind(table)
        if kind.code in kinds:
            raise table.fail("programme.code-double", "code", code=kind.code)
        kinds[kind.code] = kind
    return kinds


def _folder() -> Traversable:
    return resources.files("ozgflow") / "data" / "programmes"


def _kind(table: Table) -> EvidenceKind:
    rule = table.table("approval") if "approval" in table else None
    half_life = table.get("half_life_days", int) if "half_life_days" in table else None
    kind = EvidenceKind(
        code=table.get("code", str),
        title=table.texts("title"),
        scope=table.choice("scope", Scope),
        owner=table.choice("owner", Owner) if "owner" in table else Owner.KOMMUNE,
        half_life_days=half_life,
        warn_days=table.optional("warn_days", int, 30),
        approval=ApprovalRule(role=rule.get("role", str), people=rule.optional("people", int, 1)) if rule else None,
    )
    for key in ("half_life_days", "warn_days"):
        if key in table and table.get(key, int) < 1:
            raise table.fail("toml.value-low", key, least=1)
    if rule is not None:
        rule.done()
    table.done()
    return kind


def _stage(table: Table, kinds: Mapping[str, EvidenceKind], staleness: Staleness) -> Stage:
    code = table.get("code", str)
    if code == START:
        raise table.fail("programme.code-reserved", "code", code=code)
    table.optional("after", str, "")  # looked at when the stages are put in order
    stage = Stage(
        code=code,
        title=table.texts("title"),
        purpose=table.texts("purpose"),
        gates=tuple(_gate(row, kinds, staleness) for row in table.tables("gate")),
        weight=table.amount("weight") if "weight" in table else None,
    )
    table.done()
    return stage


def _gate(table: Table, kinds: Mapping[str, EvidenceKind], staleness: Staleness) -> Gate:
    name = table.get("check", str)
    if name not in CHECKS:
        raise table.fail("toml.value-unknown", "check", known=", ".join(CHECKS))
    check = CHECKS[name]
    gate = Gate(
        code=table.get("code", str),
        title=table.texts("title"),
        dimension=table.choice("dimension", Dimension),
        check=name,
        parameters={key: table.get(key, kind) for key, kind in check.parameters.items()},
        staleness=table.choice("staleness", Staleness) if "staleness" in table else staleness,
    )
    for kind in gate.kinds:
        if kind not in kinds:
            raise table.fail("programme.kind-unknown", _key_of(gate, kind), kind=kind)
        if (name == "approval") != (kinds[kind].approval is not None) and name in ("approval", "evidence"):
            raise table.fail("programme.kind-approval", _key_of(gate, kind), kind=kind)
    for one in table.optional("kinds_of_municipality", list, []):
        if one not in list(MunicipalityKind):
            raise table.fail("toml.value-unknown", "kinds_of_municipality", known=", ".join(MunicipalityKind))
    table.done()
    return gate


def _key_of(gate: Gate, kind: str) -> str:
    """The parameter of a gate that names a kind of evidence."""
    names = CHECKS[gate.check].kinds
    return next((name for name in names if gate.parameters[name] == kind), names[0])


def _counted_from(top: Table, codes: Sequence[str]) -> str:
    code = top.optional("counted_from", str, codes[-1])
    if code not in codes:
        raise top.fail("toml.value-unknown", "counted_from", known=", ".join(codes))
    return code


def _refuse_doubles(rows: Sequence[Table]) -> None:
    seen: set[str] = set()
    for row in rows:
        code = row.get("code", str)
        if code in seen:
            raise row.fail("programme.code-double", "code", code=code)
        seen.add(code)


def _refuse_weights(rows: Sequence[Table], stages: Sequence[Stage]) -> None:
    weights = [stage.weight for stage in stages if stage.weight is not None]
    lacking = [row for row in rows if "weight" not in row]
    if weights and lacking:
        raise lacking[0].fail("toml.key-missing", "weight")
    if weights and sum(weights) != _WHOLE:
        raise rows[-1].fail("programme.weights", "weight", total=str(sum(weights)))


def _refuse_stages_unknown(gates: Sequence[Table], codes: Sequence[str]) -> None:
    """A gate may name a stage that others must have reached."""
    for gate in gates:
        if "stage" in gate and gate.get("stage", str) not in codes:
            raise gate.fail("toml.value-unknown", "stage", known=", ".join(codes))
