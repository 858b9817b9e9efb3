"""Schematron in its plain form: includes drawn in, abstract patterns and rules filled in, one phase chosen.

Source: ISO/IEC 19757-3:2020, clauses 5 and 6.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.schema_files import SchemaTrouble, is_remote

SCH = "{http://purl.oclc.org/dsdl/schematron}"
"""The namespace of Schematron, as lxml writes it in front of names."""
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ALL, _DEFAULT = "#ALL", "#DEFAULT"
_KNOWN = frozenset(
    SCH + name
    for name in (
        *(
            "active",
            "assert",
            "diagnostic",
            "diagnostics",
            "dir",
            "emph",
            "extends",
            "include",
            "let",
            "name",
            "ns",
            "p",
        ),
        *("param", "pattern", "phase", "properties", "property", "report", "rule", "schema", "span", "title"),
        "value-of",
    )
)


def read_xml(path: Path, wanted_by: str) -> etree._Element:
    """Parse a file under the policy for schemas.

    Raises:
        SchemaTrouble: it is missing, or not XML.
    """
    try:
        return etree.fromstring(path.read_bytes(), schema_parser(), base_url=path.as_uri())
    except OSError as error:
        raise SchemaTrouble(message("schema.missing", file=path.name, by=wanted_by)) from error
    except etree.XMLSyntaxError as error:
        raise SchemaTrouble(message("schema.not-xml", file=path.name, line=error.lineno or 0)) from error


def resolve(address: str, base: Path) -> Path:
    """The local file that an address in a file means.

    Raises:
        SchemaTrouble: it is a remote address.
    """
    if is_remote(address) or address.startswith("file:"):
        raise SchemaTrouble(message("schema.unresolved", address=address, by=base.name))
    return (base.parent / unquote(address)).resolve()


def read_schematron(path: Path) -> tuple[etree._Element, tuple[Path, ...]]:
    """Read a Schematron file with all that it includes.

    Returns:
        The schema, and all files that it consists of.

    Raises:
        SchemaTrouble: a file is missing, not XML, or has what is not understood; the reason names it.
    """
    files = [path.resolve()]
    schema = read_xml(files[0], path.name)
    if schema.tag != f"{SCH}schema":
        raise SchemaTrouble(message("rule-set.not-schematron", file=path.name))
    files += _draw_in(schema, path.resolve(), ())
    unknown = next((one for one in schema.iter(f"{SCH}*") if one.tag not in _KNOWN or one.get("documents")), None)
    if unknown is not None:
        raise SchemaTrouble(message("rule-set.unsupported", what=etree.QName(unknown).localname, file=path.name))
    return schema, tuple(dict.fromkeys(files))


def _draw_in(element: etree._Element, path: Path, above: tuple[tuple[Path, str], ...]) -> list[Path]:
    """Replace the includes below an element by what they include, and tell which files these were."""
    files = []
    for include in list(element.iter(f"{SCH}include", f"{SCH}extends")):
        name, _, fragment = include.get("href", "").partition("#")
        if not name and not fragment:
            continue
        target = resolve(name, path) if name else path
        if (target, fragment) in above:
            raise SchemaTrouble(message("rule-set.circular", file=path.name))
        found = _fragment(read_xml(target, path.name), fragment)
        if found is None or (include.tag == f"{SCH}include" and found.tag == f"{SCH}schema"):
            raise SchemaTrouble(message("rule-set.no-such-part", part=include.get("href", ""), file=path.name))
        files += [target, *_draw_in(found, target, (*above, (target, fragment)))]
        _replace(include, [found] if include.tag == f"{SCH}include" else list(found))
    return files


def _fragment(root: etree._Element, identity: str) -> etree._Element | None:
    if not identity:
        return root
    return next((one for one in root.iter("*") if identity in (one.get("id"), one.get(_XML_ID))), None)


def _replace(old: etree._Element, new: list[etree._Element]) -> None:
    """Put elements in the place of another one; the text behind it stays."""
    parent = old.getparent()
    if parent is None:
        return
    at = parent.index(old)
    if new:
        new[-1].tail = old.tail
    old.tail = None
    parent.remove(old)
    for offset, one in enumerate(new):
        parent.insert(at + offset, one)


def fill_in(schema: etree._Element, file: str) -> None:
    """Fill in abstract patterns and abstract rules; none are left.

    Raises:
        SchemaTrouble: something names a pattern or rule that is not there, or extends itself.
    """
    _fill_patterns(schema, file)
    rules = {str(rule.get("id")): rule for rule in schema.iter(f"{SCH}rule") if _is_abstract(rule)}
    for rule in [one for one in schema.iter(f"{SCH}rule") if not _is_abstract(one)]:
        _extend(rule, rules, file)
    for rule in rules.values():
        _replace(rule, [])


def _is_abstract(element: etree._Element) -> bool:
    return element.get("abstract", "").strip() in ("true", "1")


def _fill_patterns(schema: etree._Element, file: str) -> None:
    abstract = {str(one.get("id")): one for one in schema.iterchildren(f"{SCH}pattern") if _is_abstract(one)}
    for pattern in list(schema.iterchildren(f"{SCH}pattern")):
        name = pattern.get("is-a")
        if name is None:
            continue
        if name not in abstract:
            raise SchemaTrouble(message("rule-set.no-such-part", part=name, file=file))
        filled = deepcopy(abstract[name])
        filled.attrib.pop("abstract")
        filled.set("id", pattern.get("id") or name)
        _substitute(filled, {**_parameters(filled), **_parameters(pattern)})
        _replace(pattern, [filled])
    for pattern in abstract.values():
        _replace(pattern, [])


def _parameters(pattern: etree._Element) -> Mapping[str, str]:
    return {str(one.get("name")): str(one.get("value")) for one in pattern.iterchildren(f"{SCH}param")}


def _substitute(pattern: etree._Element, values: Mapping[str, str]) -> None:
    """Put the values of parameters in the place of ``$name`` in all attributes."""
    if not values:
        return
    names = re.compile(rf"\$({'|'.join(map(re.escape, values))})(?![\w.\-])")
    for element in pattern.iter("*"):
        for attribute, text in element.attrib.items():
            element.set(attribute, names.sub(lambda match: values[match[1]], str(text)))


def _extend(rule: etree._Element, rules: Mapping[str, etree._Element], file: str, *, depth: int = 0) -> None:
    """Put what an abstract rule has in the place of each ``extends``."""
    for extends in list(rule.iterchildren(f"{SCH}extends")):
        name = str(extends.get("rule"))
        if name not in rules:
            raise SchemaTrouble(message("rule-set.no-such-part", part=name, file=file))
        if depth > len(rules):
            raise SchemaTrouble(message("rule-set.circular", file=file))
        copy = deepcopy(rules[name])
        _extend(copy, rules, file, depth=depth + 1)
        _replace(extends, list(copy))


def active(schema: etree._Element, phase: str, file: str) -> tuple[list[etree._Element], list[etree._Element]]:
    """The patterns that a phase checks, and the phase's own variables.

    Args:
        schema: a schema after ``fill_in``.
        phase: name of the phase; empty for the default one, ``#ALL`` for everything.
        file: name of the file, for complaints.

    Raises:
        SchemaTrouble: there is no such phase, or it names a pattern that is not there.
    """
    patterns = list(schema.iterchildren(f"{SCH}pattern"))
    chosen = phase if phase not in ("", _DEFAULT) else schema.get("defaultPhase", _ALL)
    if chosen == _ALL:
        return patterns, []
    found = next((one for one in schema.iterchildren(f"{SCH}phase") if one.get("id") == chosen), None)
    if found is None:
        raise SchemaTrouble(message("rule-set.no-such-part", part=chosen, file=file))
    names = list(_active_names(found))
    missing = set(names) - {one.get("id") for one in patterns}
    if missing:
        raise SchemaTrouble(message("rule-set.no-such-part", part=min(missing), file=file))
    return [one for one in patterns if one.get("id") in names], list(found.iterchildren(f"{SCH}let"))


def _active_names(phase: etree._Element) -> Iterator[str]:
    return (str(one.get("pattern")) for one in phase.iterchildren(f"{SCH}active"))
