"""Whether values are certain to be unique in a document that streams: ten bytes are kept of each, not the value.

Where this is in doubt – a double, a field that is not there, two values of one hash – the schema with all its
constraints is asked. So nothing is reported here.
"""

from array import array
from collections.abc import Iterable, Sequence

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
            if self.is_certain and hashes.add(self._hashes(check, window)):
                self.is_certain = False

    def are_fulfilled(self) -> bool:
        """Whether all constraints are certain to be fulfilled, now that everything was seen."""
        return self.is_certain and not any(hashes.have_doubles() for _, hashes in self._checks)

    def _hashes(self, check: Uniqueness, window: Window) -> list[int]:
        """The hash of each selected element that has all fields."""
        first, *others = [self._values(field, check.names, window) for field in check.fields]
        count = sum(1 for _ in window.iter(*check.names)) if check.required else 0
        if any(len(values) < count for values in (first, *others)):
            self.is_certain = False
        shared = [one for one in first if all(one in values for values in others)] if others else [*first]
        columns = [[values[one] for one in shared] for values in (first, *others)]
        scopes = _Scopes(window, self._scopes)
        found = [*map(hash, zip(scopes.of(shared, check.depth), *columns, strict=True))]
        self._scopes = scopes.count
        return found

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
        pairs = [(child.getparent(), child.text or "") for child in children]
        of_ours = [(one, " ".join(text.split())) for one, text in pairs if one is not None and one.tag in names]
        found = dict(of_ours)
        self.is_certain = self.is_certain and len(found) == len(of_ours)
        return found


class _Scopes:
    """Numbers of the elements within which values are unique."""

    def __init__(self, window: Window, count: int) -> None:
        self.count = count
        self._levels = window.levels
        self._known: dict[etree._Element | None, int] = {None: -1}

    def of(self, elements: Sequence[etree._Element], depth: int) -> Iterable[int]:
        """The numbers for some elements, so many levels above them."""
        above: Sequence[etree._Element | None] = elements
        for _ in range(depth):
            above = [None if one is None else one.getparent() for one in above]
        known = self._known
        return [known[one] if one in known else self._new(one) for one in (above if depth else [None] * len(above))]

    def _new(self, above: etree._Element | None) -> int:
        level = None if above is None else self._levels.get(above)
        if level is None:
            self.count += 1  # it is shown as a whole, and nothing else of it will come
        self._known[above] = number = -1 - self.count if level is None else level.number
        return number
