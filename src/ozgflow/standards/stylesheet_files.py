"""Stylesheets that answer in SVRL: all their files, and what each assertion in them says by itself.

The words of an assertion are taken from the stylesheet, with a gap where a value of the document would go; the words
in a result are never looked at. To find the words again, each assertion gets a number, which its results carry.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schematron_compile import REFERENCE, XSL
from ozgflow.standards.schematron_expand import read_xml, resolve
from ozgflow.standards.svrl import FAILED, REPORTED

NUMBER = "{urn:ozgflow:schematron}number"
"""Attribute of a result: which assertion it is of."""
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_READS = re.compile(
    r"(?<![\w.\-])(?:fn:)?(?:document|doc|unparsed-text|json-doc)\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)"
)
_TEXT_GAP = re.compile(r"\{[^{}]*\}")
_NAMED = re.compile(r"\[([A-Za-z][\w.\-]*)\]")
_GAP = "…"
_ROOTS = (f"{XSL}stylesheet", f"{XSL}transform")
_DRAWN = (f"{XSL}include", f"{XSL}import")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a stylesheet says about one assertion.

    Attributes:
        reference: its name in the standard.
        text: its words, with a gap for each value; empty when they cannot be told.
    """

    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stylesheet:
    """A stylesheet with all that belongs to it, ready to be compiled.

    Attributes:
        modules: the stylesheet and what it includes and imports, by file; the first is the main one.
        targets: the file that is meant, by the file that asks and the address it gives.
        reads: local files that it reads while it runs.
        assertions: by number.
        digest: SHA-256 over names and contents of all files, hexadecimal.
    """

    modules: Mapping[Path, etree._Element]
    targets: Mapping[tuple[Path, str], Path]
    reads: tuple[Path, ...]
    assertions: tuple[Assertion, ...]
    digest: str

    @property
    def entry(self) -> Path:
        """The file of the main module, or that it was made of."""
        return next(iter(self.modules))

    @property
    def version(self) -> str:
        """Version of XSLT that the main module asks for."""
        return str(self.modules[self.entry].get("version", ""))

    def text_in(self, folder: Path) -> str:
        """The main module as text, with the others written into a folder that it points at.

        Args:
            folder: an empty folder that may go when the stylesheet is compiled.
        """
        places = {path: folder / f"{number}.xsl" for number, path in enumerate(self.modules)}
        for path, module in self.modules.items():
            root = deepcopy(module)
            root.set(_XML_BASE, f"{path.parent.as_uri()}/")
            for directive in root.iterchildren(*_DRAWN):
                target = self.targets.get((path, directive.get("href", "")))
                if target is not None:
                    directive.set("href", places[target].as_uri())
            places[path].write_bytes(etree.tostring(root, encoding="utf-8"))
        return places[self.entry].read_text(encoding="utf-8")


def gather(main: etree._Element, path: Path, others: Sequence[Path] = ()) -> Stylesheet:
    """Follow all includes and imports of a stylesheet, and number its assertions.

    Args:
        main: the stylesheet, numbered on the way.
        path: its file, or the file that it was made of.
        others: further files that it was made of.

    Raises:
        SchemaTrouble: a file is missing or no stylesheet; the reason names it and who wants it.
    """
    path = path.resolve()
    modules = {path: main}
    targets: dict[tuple[Path, str], Path] = {}
    reads: dict[Path, None] = {}
    assertions: list[Assertion] = []
    for here in _walk(modules, targets):
        root = modules[here]
        if root.tag not in _ROOTS:
            raise SchemaTrouble(message("rule-set.not-a-stylesheet", file=here.name))
        reads |= dict.fromkeys(_files_read(root, here))
        assertions += _number(root, len(assertions))
    files = dict.fromkeys([*modules, *others, *reads])
    return Stylesheet(
        modules=modules,
        targets=targets,
        reads=tuple(reads),
        assertions=tuple(assertions),
        digest=digest_of(files, path),
    )


def gather_file(path: Path) -> Stylesheet:
    """``gather`` for a stylesheet that is a file.

    Raises:
        SchemaTrouble: see ``gather``.
    """
    return gather(read_xml(path.resolve(), path.name), path)


def _walk(modules: dict[Path, etree._Element], targets: dict[tuple[Path, str], Path]) -> Iterator[Path]:
    waiting = list(modules)
    while waiting:
        here = waiting.pop()
        yield here
        for directive in modules[here].iterchildren(*_DRAWN):
            target = resolve(directive.get("href", ""), here)
            targets[here, directive.get("href", "")] = target
            if target not in modules:
                modules[target] = read_xml(target, here.name)
                waiting.append(target)


def _files_read(root: etree._Element, here: Path) -> Iterator[Path]:
    """The files that a module names in its expressions; an empty address means the module itself."""
    for element in root.iter("*"):
        for expression in element.attrib.values():
            for single, double in _READS.findall(str(expression)):
                if single or double:
                    file = resolve((single or double).partition("#")[0], here)
                    if not file.is_file():
                        raise SchemaTrouble(message("schema.missing", file=file.name, by=here.name))
                    yield file


def digest_of(files: Iterable[Path], entry: Path) -> str:
    """Hash over files, named relative to the entry, so that the folder may lie anywhere."""
    parts = sorted(
        (Path(os.path.relpath(file, entry.parent)).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in files
    )
    return hashlib.sha256("\n".join(f"{digest} {name}" for name, digest in parts).encode()).hexdigest()


def _number(root: etree._Element, start: int) -> list[Assertion]:
    found = []
    for number, element in enumerate(root.iter(FAILED, REPORTED), start):
        element.set(NUMBER, str(number))
        found.append(_assertion(element, number))
    return found


def _assertion(element: etree._Element, number: int) -> Assertion:
    words = next(
        (one for one in element if str(one.tag).endswith("}text") and not str(one.tag).startswith(XSL)), None
    )
    text = "" if words is None else " ".join("".join(_words(words, expands=_expands(words))).split())
    named = _NAMED.match(text)
    identity = element.attrib.pop(REFERENCE, "") or _identity(element) or (named[1] if named else "")
    return Assertion(reference=str(identity) or f"#{number + 1}", text=text)


def _identity(element: etree._Element) -> str:
    """The name of an assertion, if it stands in the stylesheet and is not put together."""
    identity = element.get("id")
    if identity is None:
        made = next((one for one in element.iterchildren(f"{XSL}attribute") if one.get("name") == "id"), None)
        if made is None or len(made) or made.get("select") is not None:
            return ""
        identity = made.text or ""
    return "" if "{" in identity else identity.strip()


def _expands(element: etree._Element) -> bool:
    """Whether braces in a text are expressions there."""
    for here in (element, *element.iterancestors()):
        said = here.get("expand-text" if str(here.tag).startswith(XSL) else f"{XSL}expand-text")
        if said is not None:
            return said.strip() in ("yes", "true", "1")
    return False


def _words(element: etree._Element, *, expands: bool) -> Iterator[str]:
    yield _TEXT_GAP.sub(_GAP, element.text or "") if expands else element.text or ""
    for part in element:
        if part.tag == f"{XSL}text" or not str(part.tag).startswith(XSL):
            if isinstance(part.tag, str):
                yield from _words(part, expands=expands)
        else:
            yield _GAP
        yield _TEXT_GAP.sub(_GAP, part.tail or "") if expands else part.tail or ""
