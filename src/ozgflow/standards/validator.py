"""The ladder: well-formed, bundle, schema, identities – and a verdict that is never better than what was checked."""

import hashlib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import xmlschema
from lxml import etree

import ozgflow
from ozgflow.domain.findings import Finding, Proof, Report, verdict_of
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Step
from ozgflow.standards.bundles import Bundle, BundleCatalogue, bundle_for_schema, load_bundles
from ozgflow.standards.compiled import CompiledBundle, CompiledBundles
from ozgflow.standards.identity import check_identities
from ozgflow.standards.libxml2 import SchemaError, schema_errors
from ozgflow.standards.libxml2_messages import explain, is_noise, named_element
from ozgflow.standards.parsing import Limits, parse_document
from ozgflow.standards.paths import line_of, local_name, readable_path
from ozgflow.standards.schema_files import SchemaTrouble


def _own_digest() -> str:
    """A short hash over our own code that decides verdicts, so that no stored result outlives a change of it."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), here.parent / "domain" / "rules.py", here.parent / "domain" / "findings.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


ENGINE = (
    f"ozgflow {ozgflow.__version__} {_own_digest()}, libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}, "
    f"xmlschema {xmlschema.__version__}"
)
"""The programs that check, and their versions; part of every proof."""


class Validator:
    """Checks documents against the bundles of a folder, or against one schema given by hand.

    May be used by several threads at once.
    """

    def __init__(self, catalogue: BundleCatalogue, limits: Limits | None = None) -> None:
        self._catalogue = catalogue
        self.limits = limits or Limits()
        self._compiled = CompiledBundles()

    @staticmethod
    def for_folder(folder: Path, limits: Limits | None = None) -> "Validator":
        """A validator for all bundles named in ``folder/catalog.toml``.

        Raises:
            DataError: the catalogue is missing or faulty.
        """
        return Validator(load_bundles(folder), limits)

    @staticmethod
    def for_schema(schema: Path, limits: Limits | None = None) -> "Validator":
        """A validator for one schema file; every document is checked against it."""
        return Validator(BundleCatalogue(bundles=(bundle_for_schema(schema),)), limits)

    def bundle_hashes(self) -> dict[str, str]:
        """The present hash of each bundle that can be used, by name."""
        hashes = {}
        for bundle in self._catalogue.bundles:
            try:
                hashes[bundle.name] = self._compiled.get(bundle).digest
            except SchemaTrouble:
                continue
        return hashes

    def check(self, data: bytes) -> Report:
        """Check one document.

        Args:
            data: its bytes, exactly as received.

        Returns:
            The report. A document is never the cause of an exception.
        """
        document = hashlib.sha256(data).hexdigest()
        root = parse_document(data, self.limits)
        if isinstance(root, Finding):
            return self._report(document, [root], (Step.XML,))
        bundle = self._catalogue.recognise(root)
        if isinstance(bundle, Finding):
            return self._report(document, [bundle], (Step.XML,))
        try:
            compiled = self._compiled.get(bundle)
            findings, capped = self._against(compiled, data, root)
        except SchemaTrouble as trouble:
            broken = _finding("bundle.broken", root, bundle=bundle.name, why=trouble.reason)
            return self._report(document, [broken], (Step.XML,), bundle=bundle)
        return self._report(document, findings, tuple(Step), bundle=bundle, digest=compiled.digest, capped=capped)

    def _against(self, compiled: CompiledBundle, data: bytes, root: etree._Element) -> tuple[list[Finding], bool]:
        cap = self.limits.findings
        outcome = schema_errors(data, root, compiled.schema, cap)
        findings = _schema_findings(compiled, outcome.errors, root)
        if compiled.identities and len(findings) <= cap:
            # Each finding needs its path, which costs; so only as many are made as are shown.
            identities = check_identities(root, compiled.identities, compiled.identity_kind)
            findings += islice(identities, cap + 1 - len(findings))
        if not outcome.valid and not findings:
            findings.append(_finding("xsd.other", root, name=local_name(root)))
        return findings[:cap], outcome.capped or len(findings) > cap

    def _report(
        self,
        document: str,
        findings: list[Finding],
        steps: tuple[Step, ...],
        *,
        bundle: Bundle | None = None,
        digest: str = "",
        capped: bool = False,
    ) -> Report:
        proof = Proof(
            document=document,
            engine=ENGINE,
            bundle=bundle.name if bundle else "",
            bundle_hash=digest,
            steps=steps,
        )
        verdict = verdict_of(findings, steps)
        return Report(verdict=verdict, findings=tuple(findings), capped=capped, proof=proof)


def _finding(rule: str, root: etree._Element, **params: object) -> Finding:
    return Finding(
        rule=rule,
        path=readable_path(root),
        line=line_of(root),
        message=message(f"finding.{rule}", **params),
    )


def _schema_findings(compiled: CompiledBundle, errors: Sequence[SchemaError], root: etree._Element) -> list[Finding]:
    """Turn libxml2's errors into findings in document order; one rule at one place is told once."""
    if not errors:
        return []
    wanted = {error.element for error in errors}
    elements = {number: element for number, element in enumerate(root.iter("*")) if number in wanted}
    told: dict[tuple[str, str], Finding] = {}
    for error in sorted(errors, key=lambda error: error.element):
        if is_noise(error.kind, error.text):
            continue
        finding = _schema_finding(compiled, error, _concerned(elements[error.element], error.text))
        told.setdefault((finding.rule, finding.path), finding)
    return list(told.values())


def _concerned(element: etree._Element, text: str) -> etree._Element:
    """The element that an error names: the one at hand, or the one around it for text between elements."""
    name = named_element(text)
    return next((here for here in (element, *element.iterancestors()) if here.tag == name), element)


def _schema_finding(compiled: CompiledBundle, error: SchemaError, element: etree._Element) -> Finding:
    """One finding. A refused value is shown to the second engine: libxml2 refuses some that are right.

    Known is one such fault, dates with white space around them. Where the engines differ, nothing is settled.
    """
    explanation = explain(error.kind, error.text)
    attribute = explanation.attribute
    rule = explanation.rule
    if rule == "xsd.value-type" and compiled.referee_accepts(element, attribute):
        rule = "xsd.engines-disagree"
    value = element.get(attribute) if attribute else element.text
    shape = message("finding.shape", length=len((value or "").strip()))
    name = attribute or local_name(element)
    return Finding(
        rule=rule,
        path=readable_path(element) + (f"/@{attribute}" if attribute else ""),
        line=line_of(element),
        message=message(f"finding.{rule}", name=name, shape=shape, **explanation.params),
    )
