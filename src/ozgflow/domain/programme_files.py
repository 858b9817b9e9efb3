"""Reading programme files: strict, and with file, line, table and key in every complaint."""

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ozgflow.domain.evidence import EvidenceKind, Scope
from ozgflow.domain.gates import CHECKS, Dimension
from ozgflow.domain.programmes import START, Gate, Programme, Stage
from ozgflow.domain.toml_tables import Table, read_table
from ozgflow.errors import UsageError


def programme_codes() -> tuple[str, ...]:
    """The codes of all programmes that come with the package, sorted."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_programme(code: str) -> Programme:
    """Read a programme that comes with the package.

    Raises:
        UsageError: there is no such programme.
        DataError: its file is faulty; the message names file, table and key.
    """
    if code not in programme_codes():
        raise UsageError("programme.unknown", programme=code, known=", ".join(programme_codes()))
    return read_programme(_folder() / f"{code}.toml")


def read_programme(path: Path | Traversable) -> Programme:
    """Read a programme from any file.

    Raises:
        DataError: the file is faulty; the message names file, table and key.
    """
    top = read_table(path)
    kinds = load_evidence_kinds()
    code = top.get("code", str)
    if f"{code}.toml" != path.name:
        raise top.fail("programme.code-file", "code", code=code)
    stages = tuple(_stage(table, kinds) for table in top.tables("stage"))
    programme = Programme(
        code=code,
        title=top.texts("title"),
        purpose=top.texts("purpose"),
        source=top.get("source", str),
        stages=stages,
        kinds={kind: kinds[kind] for kind in sorted(_kinds_asked_for(stages))},
    )
    top.done()
    _refuse_doubles(top, "stage", [stage.code for stage in stages])
    _refuse_doubles(top, "gate", [gate.code for stage in stages for gate in stage.gates])
    return programme


def load_evidence_kinds() -> Mapping[str, EvidenceKind]:
    """All kinds of evidence, by code, as declared in ``data/evidence.toml``.

    Raises:
        DataError: the file is faulty.
    """
    path = resources.files("ozgflow") / "data" / "evidence.toml"
    kinds = {}
    for table in read_table(path).tables("kind"):
        code, scope = table.get("code", str), table.get("scope", str)
        if scope not in list(Scope):
            raise table.fail("toml.value-unknown", "scope", known=", ".join(Scope))
        kinds[code] = EvidenceKind(code=code, title=table.texts("title"), scope=Scope(scope))
        table.done()
    return kinds


def _folder() -> Traversable:
    return resources.files("ozgflow") / "data" / "programmes"


def _stage(table: Table, kinds: Mapping[str, EvidenceKind]) -> Stage:
    code = table.get("code", str)
    if code == START:
        raise table.fail("programme.code-reserved", "code", code=code)
    stage = Stage(
        code=code,
        title=table.texts("title"),
        purpose=table.texts("purpose"),
        gates=tuple(_gate(row, kinds) for row in table.tables("gate")),
    )
    table.done()
    return stage


def _gate(table: Table, kinds: Mapping[str, EvidenceKind]) -> Gate:
    dimension, name = table.get("dimension", str), table.get("check", str)
    if dimension not in list(Dimension):
        raise table.fail("toml.value-unknown", "dimension", known=", ".join(Dimension))
    if name not in CHECKS:
        raise table.fail("toml.value-unknown", "check", known=", ".join(CHECKS))
    check = CHECKS[name]
    parameters: dict[str, object] = {key: table.get(key, kind) for key, kind in check.parameters.items()}
    gate = Gate(
        code=table.get("code", str),
        title=table.texts("title"),
        dimension=Dimension(dimension),
        check=name,
        parameters=parameters,
    )
    for key in check.kinds:
        for kind in _as_list(parameters[key]):
            if kind not in kinds:
                raise table.fail("programme.kind-unknown", key, kind=kind)
    table.done()
    return gate


def _as_list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _kinds_asked_for(stages: tuple[Stage, ...]) -> set[str]:
    gates = (gate for stage in stages for gate in stage.gates)
    return {kind for gate in gates for key in CHECKS[gate.check].kinds for kind in _as_list(gate.parameters[key])}


def _refuse_doubles(top: Table, key: str, codes: list[str]) -> None:
    doubles = sorted({code for code in codes if codes.count(code) > 1})
    if doubles:
        raise top.fail("programme.code-double", key, code=doubles[0])
