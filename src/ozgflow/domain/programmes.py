"""Programmes: rollout procedures as data. The engine knows no stage and no gate by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ozgflow.domain.evidence import EvidenceKind
from ozgflow.domain.gates import CHECKS, Dimension, Facts, GateResult
from ozgflow.errors import UsageError

START = "start"
"""Reserved code: the rollout is open and has reached no stage yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A named check that must be open before a stage is reached.

    Attributes:
        code: unique within the programme.
        title: name by language.
        dimension: organisational, legal, financial or technical.
        check: name of an entry of ``gates.CHECKS``.
        parameters: what the check needs.
    """

    code: str
    title: Mapping[str, str]
    dimension: Dimension
    check: str
    parameters: Mapping[str, object]

    def judge(self, facts: Facts) -> GateResult:
        """Run the check."""
        return CHECKS[self.check].run(facts, self.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a programme, reached when all its gates are open.

    Attributes:
        code: unique within the programme; stored with each rollout.
        title: name by language.
        purpose: what the step is for, by language.
        gates: what must be open, at least one.
    """

    code: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A rollout procedure: its stages in order.

    Attributes:
        code: the file's name without ending.
        title: name by language.
        purpose: one sentence by language.
        source: where the procedure is described.
        stages: in the order in which they are reached.
        kinds: the kinds of evidence that its gates ask for, by code.
    """

    code: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    source: str
    stages: tuple[Stage, ...]
    kinds: Mapping[str, EvidenceKind]

    @property
    def codes(self) -> Sequence[str]:
        """All places a rollout can stand at, in order, beginning with ``START``."""
        return (START, *(stage.code for stage in self.stages))

    def position(self, code: str) -> int:
        """Number of stages reached at ``code``: 0 for ``START``.

        Raises:
            UsageError: the programme has no such stage.
        """
        if code not in self.codes:
            raise UsageError("programme.no-stage", programme=self.code, stage=code)
        return self.codes.index(code)
