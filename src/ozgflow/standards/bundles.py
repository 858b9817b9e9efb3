"""Bundles: one version of a standard each, and how to recognise its documents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from lxml import etree

from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.findings import Finding
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity
from ozgflow.standards.paths import line_of, local_name, readable_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A schema to compile, and the documents that it is for.

    Attributes:
        schema: the schema file.
        namespace: namespace of the documents' root element; ``None`` stands for any, empty for none.
        roots: local names of the root elements; empty stands for any.
    """

    schema: Path
    namespace: str | None
    roots: tuple[str, ...] = ()

    def takes(self, namespace: str, name: str) -> bool:
        """Whether a root element is one of this entry's."""
        return self.namespace in (None, namespace) and (not self.roots or name in self.roots)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Schematron rules of a bundle.

    Attributes:
        file: Schematron (``.sch``) or a stylesheet compiled from it (``.xsl``, ``.xslt``).
        title: what people call it.
        phase: phase of the Schematron to use; empty for its default.
        levels: severity by the rule's own name, over what role or flag say.
    """

    file: Path
    title: str = ""
    phase: str = ""
    levels: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlaces:
    """Names of the elements whose content is a key, by local name.

    Attributes:
        ars: regional keys.
        ags: municipality keys; one beside an ARS under the same parent has to fit it.
        leika: service keys.
    """

    ars: tuple[str, ...] = ()
    ags: tuple[str, ...] = ()
    leika: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceTest:
    """A bundle's own test of what is accepted, as KoSIT configurations have it.

    Attributes:
        expression: XPath; a document is accepted when it is true.
        stylesheet: makes the report that the expression looks at; ``None`` for the raw result of the check.
        namespaces: prefixes of the expression.
    """

    expression: str
    stylesheet: Path | None = None
    namespaces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """One version of a standard.

    Attributes:
        standard: short name, for example ``aufenthalt-antrag``.
        version: version as the standard writes it.
        title: German name.
        folder: where the files are; nothing outside is read.
        entries: schemas to compile, with their documents. May be empty for a bundle of Schematron alone.
        version_attribute: attribute of the root that repeats the version, or empty.
        match: XPath that is true for its documents, or empty.
        namespaces: prefixes used in ``match``.
        locations: remote address to local file.
        code_lists: genericode files.
        rule_sets: Schematron rules.
        keys: where documents hold keys.
        binding: whether code lists and key rules are confirmed: what breaks them is an error. Otherwise it is a
            warning, since nobody can tell from a folder of files whether these lists are in force.
        window: the days on which documents are taken.
        acceptance: the bundle's own acceptance test, if it has one.
        licence: licence of the files (SPDX).
        source: from whom they are.
        hashes: SHA-256 by path within the folder; empty for bundles that are maintained by hand.
    """

    standard: str
    version: str
    title: str
    folder: Path
    entries: tuple[Entry, ...] = ()
    version_attribute: str = ""
    match: str = ""
    namespaces: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[str, Path] = field(default_factory=dict)
    code_lists: tuple[Path, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()
    keys: KeyPlaces = field(default_factory=KeyPlaces)
    binding: bool = False
    window: AcceptanceWindow = field(default_factory=AcceptanceWindow)
    acceptance: AcceptanceTest | None = None
    licence: str = ""
    source: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Standard and version, for example ``aufenthalt-antrag/1.0``."""
        return f"{self.standard}/{self.version}"

    @cached_property
    def matches(self) -> etree.XPath | None:
        """``match``, ready for work."""
        return etree.XPath(f"boolean({self.match})", namespaces=dict(self.namespaces)) if self.match else None

    def is_in_force(self, day: date) -> bool:
        """Whether documents are taken on a day."""
        window = self.window
        return (window.accepted_from or day) <= day <= (window.accepted_until or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The bundle of a document, and the schema within it; no entry where the bundle has no schema."""

    bundle: Bundle
    entry: Entry | None


@dataclass(frozen=True, kw_only=True)
class BundleCatalogue:
    """All bundles that documents are recognised against."""

    bundles: tuple[Bundle, ...]

    def get(self, name: str) -> Bundle | None:
        """The bundle called ``standard/version``, or ``None``."""
        return next((bundle for bundle in self.bundles if bundle.name == name), None)

    def only(self, bundle: Bundle) -> "BundleCatalogue":
        """A catalogue of one bundle, for a document whose bundle was named by hand."""
        return BundleCatalogue(bundles=(bundle,))

    def recognise(self, root: etree._Element) -> Recognised | Finding:
        """Find the bundle by namespace, root element, version attribute and XPath.

        Returns:
            The bundle with its entry, or the finding that says why there is none or no single one.
        """
        candidates = self._candidates.get(str(root.tag))
        if candidates is None:
            candidates = self._taking(root)
            if len(self._candidates) < _REMEMBERED:
                self._candidates[str(root.tag)] = candidates
        fitting = [one for one in candidates if _fits(one.bundle, root)]
        if len({one.bundle.name for one in fitting}) == 1:
            return fitting[0]
        return self._unrecognised(root, candidates, fitting)

    @cached_property
    def _candidates(self) -> dict[str, tuple[Recognised, ...]]:
        """What may take a root element, by its name: asked once for each of them."""
        return {}

    def _taking(self, root: etree._Element) -> tuple[Recognised, ...]:
        namespace, name = etree.QName(root).namespace or "", etree.QName(root).localname
        by_entry = [
            Recognised(bundle=bundle, entry=entry)
            for bundle in self.bundles
            for entry in bundle.entries
            if entry.takes(namespace, name)
        ]
        without = [Recognised(bundle=bundle, entry=None) for bundle in self.bundles if not bundle.entries]
        return (*by_entry, *without)

    def _unrecognised(
        self, root: etree._Element, candidates: tuple[Recognised, ...], fitting: list[Recognised]
    ) -> Finding:
        others = [one.bundle for one in fitting or candidates] or self._relatives(root)
        missing = "bundle.version" if others else "bundle.unknown"
        rule = "bundle.ambiguous" if fitting else missing
        attribute = candidates[0].bundle.version_attribute if candidates and not fitting else ""
        known = dict.fromkeys(bundle.name for bundle in others or self.bundles)
        return Finding(
            rule=rule,
            path=readable_path(root) + (f"/@{attribute}" if attribute else ""),
            line=line_of(root),
            message=message(f"finding.{rule}", root=local_name(root), known=", ".join(known)),
        )

    def _relatives(self, root: etree._Element) -> list[Bundle]:
        """Other versions of the same standard: the same name of the root, a namespace that differs in numbers."""
        name, stem = etree.QName(root).localname, _stem(etree.QName(root).namespace)
        return [
            bundle
            for bundle in self.bundles
            if any(name in entry.roots and stem == _stem(entry.namespace) for entry in bundle.entries)
        ]


def _stem(namespace: str | None) -> str:
    return _NUMBERS.sub("", namespace or "")


_NUMBERS = re.compile(r"[\d._]+")
_REMEMBERED = 1_000


def _fits(bundle: Bundle, root: etree._Element) -> bool:
    attribute = bundle.version_attribute
    if attribute and root.get(attribute) != bundle.version:
        return False
    return bundle.matches is None or bool(bundle.matches(root))


def bundle_for_schema(schema: Path) -> Bundle:
    """A bundle for a single schema file given by hand; it takes any document."""
    entry = Entry(schema=schema, namespace=None)
    return Bundle(standard=schema.stem, version="-", title=schema.name, folder=schema.parent, entries=(entry,))
