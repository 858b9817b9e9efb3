"""One walk over a document for everything that is not the schema's: codes, keys, header, identities, value patterns.

Most of what a batch of documents holds is the same from one to the next. So what was found in order once is
remembered, and the walk only sets aside what it does not know; that is then looked at by the checks themselves.
Nothing is decided here: what is set aside without need costs time, no more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from ozgflow.standards.code_check import LIST_URI, LIST_VERSION, CodeCheck
from ozgflow.standards.header_check import HeaderCheck
from ozgflow.standards.value_patterns import ValuePattern

_REMEMBERED = 2_000

Looks = Callable[[str], bool]
"""Tells whether a value is certain to be in order."""


class Elements(Protocol):
    """What a walk needs of a document: an element offers it, and a window too."""

    def iter(self, *tags: str) -> Iterator[etree._Element]:
        """The elements of these names, in document order."""


@dataclass(slots=True)
class Walked:
    """What a walk came to.

    Attributes:
        codes: how many codes were compared with a list and are in order.
        keys: how many keys are in order.
        odd_codes: codes to be looked at.
        odd_values: elements of the header, and keys, to be looked at.
        carriers: elements that may carry an identity.
        patterns_met: whether all values are certain to match the patterns that were taken out of the schema.
    """

    codes: int = 0
    keys: int = 0
    odd_codes: list[etree._Element] = field(default_factory=list)
    odd_values: list[etree._Element] = field(default_factory=list)
    carriers: list[etree._Element] = field(default_factory=list)
    patterns_met: bool = True


NOTHING_WALKED = Walked()
"""What stands for a walk that has not been taken; never written to."""


class _Plan:
    """What is to be done at elements of one name."""

    __slots__ = ("_checks", "_patterns", "carries", "has_no_value", "is_key", "memory")

    def __init__(self, *, carries: bool, patterns: Sequence[ValuePattern], looks: Looks | None, is_key: bool) -> None:
        self.carries = carries
        self._patterns = tuple(pattern.is_met_by for pattern in patterns)
        self._checks = self._patterns if looks is None else (looks, *self._patterns)
        self.is_key = is_key
        self.has_no_value = not self._checks
        self.memory: set[str] = set()

    def is_in_order(self, text: str) -> bool:
        """Whether a value is certain to be in order; remembered if so."""
        for check in self._checks:
            if not check(text):
                return False
        if len(self.memory) < _REMEMBERED:
            self.memory.add(text)
        return True

    def meets_patterns(self, text: str) -> bool:
        """Whether a value is certain to match the patterns that were taken out of the schema."""
        return all(is_met_by(text) for is_met_by in self._patterns)


class Walk:
    """Walks over documents of one bundle, in one thread."""

    def __init__(
        self,
        codes: CodeCheck | None,
        header: HeaderCheck,
        patterns: Mapping[str, tuple[ValuePattern, ...]],
        carriers: frozenset[str],
    ) -> None:
        """Prepare.

        Args:
            codes: the check of codes.
            header: the check of header and keys.
            patterns: by the local name of an element what was taken out of the schema.
            carriers: local names of elements that may carry an identity.
        """
        self._codes = codes
        self._header = header
        self._patterns = patterns
        self._carriers = carriers
        self._plans: dict[str, _Plan] = {}
        self._tags = tuple(f"{{*}}{name}" for name in sorted({*patterns, *carriers, *header.names}))

    def over(self, root: Elements) -> Walked:
        """Walk over a document, or over what a window shows of one."""
        walked = Walked()
        if self._codes is not None:
            self._over_codes(root, self._codes, walked)
        plans = self._plans
        for element in root.iter(*self._tags):
            plan = plans.get(element.tag) or self._plan(element)
            if plan.carries:
                walked.carriers.append(element)
                if plan.has_no_value:
                    continue
            text = element.text or ""
            if text in plan.memory or plan.is_in_order(text):
                walked.keys += plan.is_key
            else:
                walked.odd_values.append(element)
                walked.patterns_met = walked.patterns_met and plan.meets_patterns(text)
        return walked

    def _over_codes(self, root: Elements, check: CodeCheck, walked: Walked) -> None:
        """Count the codes and keys that are known to be in order."""
        codes = keys = 0
        in_order, settled = check.in_order, check.settled
        for code in root.iter("code"):
            parent = code.getparent()
            if parent is None:
                continue
            name = parent.tag
            if name in settled:
                codes += 1
                continue
            known = in_order.get((name, parent.get(LIST_URI), parent.get(LIST_VERSION), code.text))
            if known is None:
                walked.odd_codes.append(code)
            elif known:
                codes += 1
            else:
                keys += 1
        walked.codes, walked.keys = codes, keys

    def _plan(self, element: etree._Element) -> _Plan:
        """The plan for elements of a name, made when the first one is seen."""
        name = etree.QName(element).localname
        plan = self._plans[str(element.tag)] = _Plan(
            carries=name in self._carriers,
            patterns=self._patterns.get(name, ()),
            looks=self._header.looks.get(name),
            is_key=name in self._header.key_names,
        )
        return plan
