"""Reading KoSIT configurations: each scenario of ``scenarios.xml`` becomes one bundle.

Source: KoSIT, validator, ``scenarios.xsd`` of framework version 1 and its documentation of configurations.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.errors import UsageError
from ozgflow.standards.archives import files_below
from ozgflow.standards.bundles import AcceptanceTest, Bundle, Entry, RuleSet
from ozgflow.standards.declared_names import fit_version, slug, version_in
from ozgflow.standards.discovery import UNKNOWN_LICENCE, Found, completed, needed_schemas, roots_of
from ozgflow.standards.parsing import schema_parser
from ozgflow.standards.rule_files import rule_files
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.schema_graph import SchemaGraph, read_graph
from ozgflow.standards.xpath_one import as_xpath_one

FILE = "scenarios.xml"
NAMESPACE = "http://www.xoev.de/de/validator/framework/1/scenarios"
_S = f"{{{NAMESPACE}}}"
_REPOSITORY = "repository"
_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "information": Severity.NOTE}


@dataclass(frozen=True, slots=True)
class _Configuration:
    """A configuration with what all its scenarios need."""

    file: Path
    top: Path
    root: etree._Element
    graph: SchemaGraph
    files: Sequence[Path]

    @property
    def day(self) -> str:
        return _text(self.root, "date")

    def locate(self, location: str, by: str) -> Path:
        """The file behind a location: beside the configuration, in its repository, or the only one that fits.

        Raises:
            SchemaTrouble: there is none.
        """
        name = unquote(location)
        places = [self.file.parent / name, self.file.parent / _REPOSITORY / name]
        fitting = [path for path in self.files if path.as_posix().endswith("/" + name)]
        if len(fitting) == 1:
            places += fitting
        for path in places:
            if path.resolve().is_file() and path.resolve().is_relative_to(self.top):
                return path.resolve()
        raise SchemaTrouble(message("schema.missing", file=Path(name).name, by=by))


def configuration_in(folder: Path) -> Path | None:
    """The ``scenarios.xml`` of a source, if it is a KoSIT configuration; the one nearest to the top."""
    found = sorted((path for path in folder.rglob(FILE) if path.is_file()), key=lambda path: len(path.parts))
    return next((path for path in found if _root(path) is not None), None)


def read_configuration(folder: Path, file: Path) -> tuple[Found, ...]:
    """Read all scenarios of a configuration.

    Args:
        folder: the source.
        file: its ``scenarios.xml``.

    Raises:
        UsageError: the file is for another version of the framework, or has no scenario.
    """
    root = _root(file)
    if root is None or root.tag != f"{_S}scenarios":
        raise UsageError("bundles.kosit-version", file=file.name)
    files = files_below(folder)
    configuration = _Configuration(file, folder, root, read_graph(folder, files), files)
    scenarios = list(root.iterchildren(f"{_S}scenario"))
    if not scenarios:
        raise UsageError("bundles.kosit-empty", file=file.name)
    return tuple(_distinct(_scenario(configuration, one) for one in scenarios))


def _root(file: Path) -> etree._Element | None:
    try:
        root = etree.fromstring(file.read_bytes(), schema_parser())
    except (OSError, etree.XMLSyntaxError):
        return None
    name = etree.QName(root)
    return root if name.localname == "scenarios" and "/validator/framework/" in (name.namespace or "") else None


def _distinct(found: Iterable[Found]) -> Iterator[Found]:
    """Scenarios that would have one name are numbered."""
    taken: dict[str, int] = {}
    for one in found:
        number = taken[one.bundle.name] = taken.get(one.bundle.name, 0) + 1
        standard = one.bundle.standard if number == 1 else f"{one.bundle.standard}-{number}"
        yield replace(one, bundle=replace(one.bundle, standard=standard))


def _scenario(configuration: _Configuration, scenario: etree._Element) -> Found:
    title = _text(scenario, "name") or _text(configuration.root, "name")
    version = version_in(title) if "." in version_in(title) else ""
    bundle = Bundle(
        standard=slug(title.replace(version, "") if version else title),
        version=fit_version(version or configuration.day) or "1",
        title=title,
        folder=configuration.top,
        namespaces=_namespaces(scenario),
        licence=UNKNOWN_LICENCE,
        source=_text(configuration.root, "author"),
    )
    try:
        return _whole(configuration, scenario, bundle)
    except SchemaTrouble as trouble:
        return Found(bundle=bundle, trouble=trouble.reason)


def _whole(configuration: _Configuration, scenario: etree._Element, bundle: Bundle) -> Found:
    match = as_xpath_one(_text(scenario, "match"), bundle.namespaces)
    if match is None:
        raise SchemaTrouble(message("bundles.kosit-match", scenario=bundle.title))
    entries = tuple(_entries(configuration, scenario, bundle.title))
    rule_sets = tuple(_rule_sets(configuration, scenario, bundle.title))
    acceptance = _acceptance(configuration, scenario, bundle)
    schemas = needed_schemas(configuration.graph, entries)
    ready = replace(bundle, match=match, entries=entries, rule_sets=rule_sets, acceptance=acceptance)
    share = [file for file in configuration.files if file.suffix.lower() not in (".sch", ".xsl", ".xslt")]
    found = completed(ready, configuration.graph, schemas, share)
    sheets = [rule_set.file for rule_set in rule_sets]
    sheets += [acceptance.stylesheet] if acceptance and acceptance.stylesheet else []
    more = {path for sheet in sheets for path in rule_files(sheet, configuration.top)}
    return replace(
        found,
        # The expression tells versions apart; that a schema has an attribute for it changes nothing.
        bundle=replace(found.bundle, version_attribute=""),
        files=tuple(sorted({*found.files, *more})),
    )


def _namespaces(scenario: etree._Element) -> dict[str, str]:
    found = scenario.iterchildren(f"{_S}namespace")
    return {str(one.get("prefix")): (one.text or "").strip() for one in found}


def _entries(configuration: _Configuration, scenario: etree._Element, title: str) -> Iterator[Entry]:
    """The schemas in order; documents whose root is none of theirs are not of this scenario."""
    for location in _locations(scenario, "validateWithXmlSchema"):
        path = configuration.locate(location, title)
        if path in configuration.graph.broken:
            raise SchemaTrouble(configuration.graph.broken[path])
        if path not in configuration.graph.files:
            raise SchemaTrouble(message("bundles.no-schema-file", file=path.name))
        namespace = configuration.graph.files[path].namespace
        if roots := roots_of(configuration.graph, path):
            yield Entry(schema=path, namespace=namespace, roots=roots)


def _rule_sets(configuration: _Configuration, scenario: etree._Element, title: str) -> Iterator[RuleSet]:
    """The rule sets; levels declared with the report count for all of them."""
    general = _levels(scenario.find(f"{_S}createReport"))
    for step in scenario.iterchildren(f"{_S}validateWithSchematron"):
        for resource in step.iterchildren(f"{_S}resource"):
            yield RuleSet(
                file=configuration.locate(_text(resource, "location"), title),
                title=_text(resource, "name"),
                levels={**general, **_levels(step)},
            )


def _levels(holder: etree._Element | None) -> dict[str, Severity]:
    if holder is None:
        return {}
    return {
        rule: _LEVELS[str(custom.get("level"))]
        for custom in holder.iterchildren(f"{_S}customLevel")
        if custom.get("level") in _LEVELS
        for rule in (custom.text or "").split()
    }


def _acceptance(configuration: _Configuration, scenario: etree._Element, bundle: Bundle) -> AcceptanceTest | None:
    expression = _text(scenario, "acceptMatch")
    if not expression:
        return None
    sheets = _locations(scenario, "createReport")
    return AcceptanceTest(
        expression=expression,
        stylesheet=configuration.locate(sheets[0], bundle.title) if sheets else None,
        namespaces=bundle.namespaces,
    )


def _locations(scenario: etree._Element, step: str) -> list[str]:
    found = scenario.iterfind(f"{_S}{step}/{_S}resource/{_S}location")
    return [(one.text or "").strip() for one in found]


def _text(element: etree._Element, name: str) -> str:
    child = element.find(f"{_S}{name}")
    return "" if child is None else " ".join("".join(map(str, child.itertext())).split())
