"""The documented faults of the engines: what is known of them, and how a disagreement is recognised as one of them.

The list is data, ``data/engine_faults.toml``. Each entry says which engine is wrong, in which way, and who is right
by the standard. A remark that only one engine makes is compared with rule, type, value and pattern of the entries;
values are looked at and never shown.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Any

from lxml import etree

from ozgflow.errors import DataError
from ozgflow.standards.identity import XS
from ozgflow.standards.xmlschema_messages import Remark


class Engine(StrEnum):
    """A program that checks documents against schemas."""

    LIBXML2 = "libxml2"
    XMLSCHEMA = "xmlschema"


class Effect(StrEnum):
    """What a fault does."""

    WRONG_VALID = "wrong-valid"
    WRONG_INVALID = "wrong-invalid"
    HIDES = "hides"
    """Some errors show only after others have been mended."""
    GIVES_UP = "gives-up"
    """The engine cannot judge the document."""
    NO_SCHEMA = "no-schema"
    """The engine cannot use the schema, though it is right, or uses it though it is wrong."""


class Where(StrEnum):
    """A kind of place in a document."""

    ANY = ""
    ATTRIBUTE = "attribute"
    ELEMENT = "element"
    """An element whose content is a value."""
    CHILDREN = "children"
    """An element with other elements in it."""
    MIXED = "mixed"
    """An element that holds text but whose type is not that of a value."""


_IS_AT: dict[Where, Callable[[Remark, Any], bool]] = {
    Where.ANY: lambda remark, kind: True,  # noqa: ARG005
    Where.ATTRIBUTE: lambda remark, kind: bool(remark.attribute),  # noqa: ARG005
    Where.ELEMENT: lambda remark, kind: not remark.attribute and kind is not None,
    Where.CHILDREN: lambda remark, kind: not remark.attribute and kind is None and len(remark.element) > 0,
    Where.MIXED: lambda remark, kind: not remark.attribute and kind is None,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class EngineFault:
    """A documented fault of an engine.

    Attributes:
        code: how it is named; the folder of its example has the same name.
        engine: the engine that is wrong.
        effects: what it does.
        seen: versions with which it was seen.
        source: where the standard says what is right.
        right: who is right; ``None`` where the standard leaves it open.
        title: what is wrong, by language.
        rules: rules of the remarks that only one of the engines makes; none for faults that are not recognised.
        types: built-in types of values concerned; none for any.
        value: expression that is found in the values concerned.
        facet: expression that is found in a pattern of the type.
        place: the kind of place concerned.
    """

    code: str
    engine: Engine
    effects: tuple[Effect, ...]
    seen: str
    source: str
    right: Engine | None
    title: dict[str, str]
    rules: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    value: str = ""
    facet: str = ""
    place: Where = Where.ANY

    def confirms(self, remark_by: Engine) -> bool | None:
        """Whether a remark of an engine that was recognised as this fault is right; ``None`` when it is open."""
        return None if self.right is None else self.right is remark_by

    def explains(self, remark: Remark, remark_by: Engine, component: Any) -> bool:  # noqa: ANN401 - xmlschema's own
        """Whether a remark that the other engine does not make comes from this fault.

        Args:
            remark: what one of the engines says.
            remark_by: the engine that says it.
            component: the declaration of the place as xmlschema knows it, or ``None``.
        """
        effect = Effect.WRONG_INVALID if remark_by is self.engine else Effect.WRONG_VALID
        if remark.rule not in self.rules or effect not in self.effects:
            return False
        kind = simple_type(component)
        if not _IS_AT[self.place](remark, kind):
            return False
        if self.types and not self.types & built_in_types(kind):
            return False
        if self._facet and not any(self._facet.search(pattern) for pattern in patterns(kind)):
            return False
        return self._value is None or bool(self._value.search(value_at(remark)))

    @cached_property
    def _value(self) -> re.Pattern[str] | None:
        return re.compile(self.value, re.DOTALL) if self.value else None

    @cached_property
    def _facet(self) -> re.Pattern[str] | None:
        return re.compile(self.facet) if self.facet else None


@cache
def load_engine_faults() -> tuple[EngineFault, ...]:
    """The documented list, in the order in which its entries are tried.

    Raises:
        DataError: an entry is faulty.
    """
    text = (resources.files("ozgflow") / "data" / "engine_faults.toml").read_text(encoding="utf-8")
    return tuple(_fault(code, table) for code, table in tomllib.loads(text).items())


def _fault(code: str, table: dict[str, Any]) -> EngineFault:
    try:
        return EngineFault(
            code=code,
            engine=Engine(table["engine"]),
            effects=tuple(map(Effect, table["effects"])),
            seen=table["seen"],
            source=table["source"],
            right=Engine(table["right"]) if table["right"] else None,
            title=table["title"],
            rules=frozenset(table.get("rules", ())),
            types=frozenset(table.get("types", ())),
            value=table.get("value", ""),
            facet=table.get("facet", ""),
            place=Where(table.get("place", "")),
        )
    except (KeyError, ValueError) as error:
        raise DataError("engine-faults.faulty", entry=code) from error


def fault_behind(remark: Remark, remark_by: Engine, component: Any) -> EngineFault | None:  # noqa: ANN401
    """The documented fault that explains a remark which the other engine does not make, or ``None``."""
    return next((fault for fault in load_engine_faults() if fault.explains(remark, remark_by, component)), None)


def value_at(remark: Remark) -> str:
    """The value of the place that a remark is about; for elements with children, all their own text."""
    element = remark.element
    if remark.attribute:
        local = (value for name, value in element.attrib.items() if etree.QName(name).localname == remark.attribute)
        return str(next(local, ""))
    return (element.text or "") + "".join(child.tail or "" for child in element)


def simple_type(component: Any) -> Any:  # noqa: ANN401 - xmlschema's own classes
    """The type of the values of a declaration, or ``None``."""
    kind = getattr(component, "type", None)
    return kind if kind is None or kind.is_simple() else kind.simple_type


def built_in_types(kind: Any) -> frozenset[str]:  # noqa: ANN401 - xmlschema's own classes
    """Local names of the types of XML Schema that a type is made from."""
    return frozenset(
        str(one.name).removeprefix(XS) for one in _ancestry(kind) if str(one.name or "").startswith(XS)
    ) - {"anySimpleType", "anyAtomicType", "anyType"}


def patterns(kind: Any) -> Iterator[str]:  # noqa: ANN401 - xmlschema's own classes
    """The patterns that hold for a type."""
    for one in _ancestry(kind):
        yield from getattr(getattr(one, "patterns", None), "regexps", ())


def _ancestry(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - xmlschema's own classes
    """A type, those that it is derived from, and those that it is a list or a union of."""
    waiting: list[Any] = [kind]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        parts: Sequence[Any] = getattr(one, "member_types", None) or ()
        waiting += [getattr(one, "base_type", None), getattr(one, "item_type", None), *parts]
