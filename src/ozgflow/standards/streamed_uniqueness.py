"""Whether values are certain to be unique in a document that streams: ten bytes are kept of each, not the value.

Where this is in doubt – a double, a field that is not there, two values of one hash – the schema with all its
constraints is asked. So nothing is reported here.
"""

from array import array
from collections.abc import Iterator, Sequence

from lxml import etree

from ozgflow.standards.streamed_window import Window
from ozgflow.standards.uniqueness import Field, Uniqueness

_PARTS = 256
_LOOSE = 32_768
Values = dict[etree._Element, str]
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class PackedHashes:
    """Many hashes in eight bytes each: in parts, so that equal ones are in the same part."""

    def __init__(self) -> None:
        self._loose: list[int] = []
        self._parts = tuple(array("q") for _ in range(_PARTS))

    def add(self, hashes: Sequence[int]) -> bool:
        """Take up hashes. Returns whether two of the latest are the same, as far as that was looked at."""
        self._loose += hashes
        return len(self._loose) >= _LOOSE and self._pack()

    def have_doubles(self) -> bool:
        """Whether two of all are the same."""
        return self._pack() or any(len(set(part)) < len(part) for part in self._parts)

    def _pack(self) -> bool:
        """Sort what is loose into parts. Returns whether two of it are the same."""
        are_double = len(set(self._loose)) < len(self._loose)
        takers = [part.append for part in self._parts]
        for one in self._loose:
            takers[one % _PARTS](one)
        self._loose.clear()
        return are_double


class StreamedUniqueness:
    """The constraints that were taken out of the schema, on one document.

    Attributes:
        is_certain: whether there is no doubt so far.
        may_have_types: whether ``xsi:type`` may be in the document.
    """

    def __init__(self, checks: Sequence[Uniqueness]) -> None:
        """Begin.

        Args:
            checks: what the constraints ask.
        """
        self.is_certain = True
        self.may_have_types = True
        self._checks = [(check, PackedHashes()) for check in checks]
        self._scopes = 0

    def look_at(self, window: Window) -> None:
        """Take up what is shown."""
        for check, hashes in self._checks:
            if self.is_certain and hashes.add([*self._hashes(check, window)]):
                self.is_certain = False

    def are_fulfilled(self) -> bool:
        """Whether all constraints are certain to be fulfilled, now that everything was seen."""
        return self.is_certain and not any(hashes.have_doubles() for _, hashes in self._checks)

    def _hashes(self, check: Uniqueness, window: Window) -> Iterator[int]:
        """The hash of each selected element that has all fields."""
        first, *others = (self._values(field, check.names, window) for field in check.fields)
        count = sum(1 for _ in window.iter(*check.names)) if check.required else 0
        if any(len(values) < count for values in (first, *others)):
            self.is_certain = False
        scope_of = _Scopes(check.depth, window, self._scopes)
        for element, value in first.items():
            if all(element in values for values in others):
                yield hash((scope_of(element), value, *(values[element] for values in others)))
        self._scopes = scope_of.count

    def _values(self, field: Field, names: frozenset[str], window: Window) -> Values:
        """By the element that was selected, the value of a field, with white space collapsed, where it has one."""
        if field.attribute:
            read = ((one, one.get(field.attribute)) for one in window.iter(*names))
            return {one: " ".join(value.split()) for one, value in read if value is not None}
        elements = [*window.iter(*([field.child] if field.child else names))]
        if self.may_have_types and any(one.get(_XSI_TYPE) is not None for one in elements):
            self.is_certain = False
        if not field.child:
            return {one: " ".join((one.text or "").split()) for one in elements}
        return self._of_children(elements, names, window)

    def _of_children(self, children: Sequence[etree._Element], names: frozenset[str], window: Window) -> Values:
        if any(level.gone and node.tag in names for node, level in window.levels.items()):
            self.is_certain = False  # it was open for so long that it could not be held as a whole
        found: Values = {}
        count = 0
        for child in children:
            parent = child.getparent()
            if parent is not None and parent.tag in names:
                count += 1
                found[parent] = " ".join((child.text or "").split())
        self.is_certain = self.is_certain and len(found) == count
        return found


class _Scopes:
    """Numbers of the elements within which values are unique."""

    def __init__(self, depth: int, window: Window, count: int) -> None:
        self.count = count
        self._depth = depth
        self._levels = window.levels
        self._known: dict[etree._Element, int] = {}

    def __call__(self, element: etree._Element) -> int:
        above: etree._Element | None = element
        for _ in range(self._depth):
            above = None if above is None else above.getparent()
        if not self._depth or above is None:
            return -1
        if above not in self._known:
            self._known[above] = self._new(above)
        return self._known[above]

    def _new(self, above: etree._Element) -> int:
        level = self._levels.get(above)
        if level is not None:
            return level.number
        self.count += 1  # it is shown as a whole, and nothing else of it will come
        return -1 - self.count
