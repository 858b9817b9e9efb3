"""Constraints on doubles that we check ourselves while a large document streams.

libxml2 keeps some 340 bytes for each value of an ``xs:unique`` or ``xs:key``, for as long as the document lasts. So a
further copy of a schema goes without those that we can tell to be fulfilled with little memory. We err on one side:
what is looked at are all elements of the selected name, their values without regard to white space. As soon as there
is a doubt, the schema with all its constraints judges. Therefore, a constraint is taken out only

* if its fields are attributes, children, or the elements themselves, of types derived from ``xs:string``: values of
  other types may be written in two ways; of a type that is a list, a union, or not known, nobody can tell;
* if no field can have a value that is not written in the document, or be ``xsi:nil``;
* if no ``xs:keyref`` refers to it;
* if the schema admits no elements that it does not declare, since these may have any type.

Source: XML Schema Part 1: Structures, second edition, 3.11.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ozgflow.standards.carriers import is_open
from ozgflow.standards.identity import XS

_KINDS = (f"{XS}unique", f"{XS}key")
_REDEFINING = (f"{XS}redefine", f"{XS}override")
_TYPES = (f"{XS}simpleType", f"{XS}complexType")
_ATTRIBUTES = f"{XS}anyAttribute"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_STRINGS = frozenset({"string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "ID", "IDREF"})
_MAY_BE_UNKNOWN = frozenset({"lax", "skip"})
_DEEPEST = 20
_NAME = re.compile(r"(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)")
_STEP = re.compile(r"(?:[^\W\d][\w.-]*:)?(?:[^\W\d][\w.-]*|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a value stands: in an attribute, in a child, or, if neither is named, in the element itself.

    Attributes:
        attribute: name of the attribute, as ``{namespace}name``.
        child: name of the child, likewise.
    """

    attribute: str = ""
    child: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniqueness:
    """An ``xs:unique`` or ``xs:key`` that we check.

    Attributes:
        names: names of the elements that it selects, as ``{namespace}name``.
        fields: the values that must not all be the same in two of them.
        depth: how many levels above each of these the element stands within which values are unique; 0 when this is
            not known, and then the whole document counts.
        required: whether every field has to be there.
    """

    names: frozenset[str]
    fields: tuple[Field, ...]
    depth: int
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnConstraints:
    """The constraints of a schema that we check.

    Attributes:
        checks: what they ask.
        numbers: which ones of each schema file they are, from 0.
    """

    checks: tuple[Uniqueness, ...]
    numbers: Mapping[Path, frozenset[int]]

    @property
    def whole(self) -> frozenset[str]:
        """Names of the elements that have to be looked at together with their children."""
        return frozenset(
            name for one in self.checks if any(field.child for field in one.fields) for name in one.names
        )

    def taken_out(self, roots: Mapping[Path, etree._Element]) -> Mapping[Path, etree._Element]:
        """Copies of schema files without these constraints.

        Args:
            roots: the files, as published or with simpler types.
        """
        copies = {path: deepcopy(root) for path, root in roots.items()}
        for path, numbers in self.numbers.items():
            for number, constraint in enumerate([*copies[path].iter(*_KINDS)]):
                parent = constraint.getparent()
                if number in numbers and parent is not None:
                    parent.remove(constraint)
        return copies


def own_constraints(roots: Mapping[Path, etree._Element]) -> OwnConstraints | None:
    """Find the constraints that we can check.

    Args:
        roots: the parsed schema files, as published.

    Returns:
        The constraints, or ``None`` when there are none.
    """
    if any(_is_beyond_us(part) for root in roots.values() for part in root.iter()):
        return None
    reader = _Reader(roots.values())
    numbers: dict[Path, frozenset[int]] = {}
    checks: list[Uniqueness] = []
    for path, root in roots.items():
        read = {number: reader.read(constraint) for number, constraint in enumerate(root.iter(*_KINDS))}
        found = {number: check for number, check in read.items() if check is not None}
        numbers[path] = frozenset(found)
        checks += found.values()
    return OwnConstraints(checks=tuple(checks), numbers=numbers) if checks else None


def _is_beyond_us(part: etree._Element) -> bool:
    """Whether a part of a schema admits elements that are not declared, or changes declarations."""
    if part.tag == f"{XS}any":
        return part.get("processContents") in _MAY_BE_UNKNOWN
    return part.tag in _REDEFINING or (
        part.tag in (f"{XS}element", f"{XS}restriction", f"{XS}extension") and is_open(part)
    )


class _Reader:
    """Reads constraints, and knows the types of elements and attributes by their local names."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._roots = list(roots)
        self._types: dict[str, list[etree._Element]] = {}
        for root in self._roots:
            for kind in root.iterchildren(*_TYPES):
                self._types.setdefault(_own_name(kind), []).append(kind)
        self._referred = {_local(str(one.get("refer"))) for root in self._roots for one in root.iter(f"{XS}keyref")}
        self._has_open_attributes = any(
            one.get("processContents") in _MAY_BE_UNKNOWN for root in self._roots for one in root.iter(_ATTRIBUTES)
        )

    def read(self, constraint: etree._Element) -> Uniqueness | None:
        """What a constraint asks, if we can check it."""
        selector = constraint.find(f"{XS}selector")
        if selector is None or _own_name(constraint) in self._referred:
            return None
        paths = str(selector.get("xpath")).split("|")
        names = [_qualified(path.rpartition("/")[2], selector) for path in paths]
        if not all(names):
            return None
        fields = [_field(one) for one in constraint.iterchildren(f"{XS}field")]
        known = [one for one in fields if one is not None and self._is_written(one, names)]
        if not fields or len(known) < len(fields):
            return None
        return Uniqueness(
            names=frozenset(names),
            fields=tuple(known),
            depth=_depth(paths[0]) if len(paths) == 1 else 0,
            required=constraint.tag == f"{XS}key",
        )

    def _is_written(self, field: Field, selected: Iterable[str]) -> bool:
        """Whether the value of a field stands in the document in one way only."""
        if field.attribute:
            return not self._has_open_attributes and self._are_strings("attribute", field.attribute)
        return all(self._are_strings("element", name) for name in ([field.child] if field.child else selected))

    def _are_strings(self, what: str, name: str) -> bool:
        """Whether everything of a name is declared as a text without a default."""
        declared = list(self._declarations(what, name.rpartition("}")[2]))
        with_type = [one for one in declared if not one.get("ref")]
        return bool(with_type) and not any(map(_has_other_value, declared)) and all(map(self._is_string, with_type))

    def _declarations(self, what: str, name: str) -> Iterator[etree._Element]:
        for root in self._roots:
            for one in root.iter(f"{XS}{what}"):
                if name in (_own_name(one), _local(str(one.get("ref") or ""))):
                    yield one

    def _is_string(self, declaration: etree._Element) -> bool:
        """Whether the type of a declaration is derived from ``xs:string``, step by step."""
        name, around = declaration.get("type"), declaration
        for _ in range(_DEEPEST):
            if name and _is_built_in(name, around):
                return _local(name) in _STRINGS
            types = self._types.get(_local(name), []) if name else around.findall(f"{XS}simpleType")
            restriction = types[0].find(f"{XS}restriction") if len(types) == 1 else None
            if restriction is None or types[0].tag != f"{XS}simpleType":
                return False
            name, around = restriction.get("base"), restriction
        return False


def _field(field: etree._Element) -> Field | None:
    path = str(field.get("xpath")).strip().removeprefix("./")
    if path == ".":
        return Field()
    if path.startswith("@"):
        name = _qualified(path[1:], field)
        return Field(attribute=name) if name and _XSI not in name else None
    name = _qualified(path, field)
    return Field(child=name) if name else None


def _qualified(written: str, element: etree._Element) -> str:
    """A name in a path with its namespace; empty when it is none."""
    found = _NAME.fullmatch(written.strip())
    if found is None:
        return ""
    prefix, name = found.groups()
    if not prefix:
        return name
    return f"{{{element.nsmap[prefix]}}}{name}" if prefix in element.nsmap else ""


def _depth(path: str) -> int:
    """How many steps from the element of a constraint to those that it selects; 0 when there is no telling."""
    steps = path.strip().removeprefix("./").split("/")
    return len(steps) if all(_STEP.fullmatch(step.strip()) for step in steps) else 0


def _has_other_value(declaration: etree._Element) -> bool:
    """Whether elements or attributes may have a value that is not written, or none although they are there."""
    nil = (declaration.get("nillable") or "false").strip() not in ("false", "0")
    return nil or declaration.get("default") is not None or declaration.get("fixed") is not None


def _is_built_in(name: str, element: etree._Element) -> bool:
    return element.nsmap.get(name.strip().rpartition(":")[0] or None) == XS[1:-1]


def _own_name(declaration: etree._Element) -> str:
    return (declaration.get("name") or "").strip()


def _local(name: str) -> str:
    return name.rpartition(":")[2].strip()
