"""The order of a programme's stages: as in the file, unless a stage says after which one it comes."""

from collections.abc import Sequence

from ozgflow.domain.programmes import Stage
from ozgflow.domain.toml_tables import Table


def in_order(rows: Sequence[Table], stages: Sequence[Stage]) -> list[Stage]:
    """Put stages in order: each after the one that its key ``after`` names, otherwise after the one before it.

    Args:
        rows: the stages' tables.
        stages: the stages read from them.

    Raises:
        DataError: a stage comes after one that does not exist or after itself, round a circle, or after the same one
            as another.
    """
    by_code = {stage.code: stage for stage in stages}
    before: dict[str, str] = {}
    for number, (row, stage) in enumerate(zip(rows, stages, strict=True)):
        named = row.optional("after", str, "")
        if named and named not in by_code:
            raise row.fail("toml.value-unknown", "after", known=", ".join(by_code))
        before[stage.code] = named or (stages[number - 1].code if number else "")
    following: dict[str, str] = {}
    for row, stage in zip(rows, stages, strict=True):
        rival = following.setdefault(before[stage.code], stage.code)
        if rival != stage.code:
            raise row.fail("programme.stage-fork", "after", stage=before[stage.code] or "–", rival=rival)
    ordered = _chain(following)
    lost = [(row, stage) for row, stage in zip(rows, stages, strict=True) if stage.code not in ordered]
    if lost:
        row, stage = lost[0]
        raise row.fail("programme.stage-cycle", "after", stages=" → ".join(_circle(stage.code, before)))
    return [by_code[code] for code in ordered]


def _chain(following: dict[str, str]) -> list[str]:
    """The stages that can be reached from the beginning."""
    chain: list[str] = []
    here = ""
    while here in following:
        here = following[here]
        chain.append(here)
    return chain


def _circle(code: str, before: dict[str, str]) -> list[str]:
    """The stages on the way back from one, up to the first that comes again; in the order in which they follow."""
    way = [code]
    while before[way[-1]] not in way:
        way.append(before[way[-1]])
    way.append(before[way[-1]])
    return way[::-1]
