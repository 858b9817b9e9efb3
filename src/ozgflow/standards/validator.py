"""The validator: from bytes to a report, with a verdict that is never better than what was checked."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import saxonche
import xmlschema
from lxml import etree

import ozgflow
from ozgflow.domain.acceptance import AcceptanceWindow
from ozgflow.domain.catalogue import load_catalogue
from ozgflow.domain.findings import Finding, Proof, Report, verdict_of
from ozgflow.domain.key_directory import KeyDirectory
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Step
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.bundles import Bundle, BundleCatalogue, bundle_for_schema
from ozgflow.standards.compiled import CompiledBundle, CompiledBundles
from ozgflow.standards.digests import bundle_digest
from ozgflow.standards.ladder import STOPPED, Checked, Climb, climb, step_results
from ozgflow.standards.parsing import Limits, parse_document
from ozgflow.standards.paths import line_of, readable_path
from ozgflow.standards.schema_files import SchemaTrouble
from ozgflow.standards.streaming import CHUNK_BYTES, Stream


def _own_digest() -> str:
    """A short hash over our own code that decides verdicts, so that no stored result outlives a change of it."""
    here = Path(__file__).parent
    domain = here.parent / "domain"
    names = ("rules", "findings", "code_lists", "key_directory", "keys")
    faults = here.parent / "data" / "engine_faults.toml"
    files = [*sorted(here.glob("*.py")), *(domain / f"{name}.py" for name in names), faults]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


ENGINE = (
    f"ozgflow {ozgflow.__version__} {_own_digest()}, libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}, "
    f"xmlschema {xmlschema.__version__}, saxonche {saxonche.__version__}"
)
"""The programs that check, and their versions; part of every proof."""


GROUP_DOCUMENTS, GROUP_BYTES = 16, 256 * 1024
"""How many documents, and how much of them, are best checked together."""


class Validator:
    """Checks documents against the bundles of an installation, or against one schema given by hand.

    May be used by several threads at once.

    Attributes:
        limits: how much of a document is looked at.
        catalogue: the bundles.
        engine: the programs that check, their versions, and the keys that are known.
    """

    def __init__(
        self,
        catalogue: BundleCatalogue,
        limits: Limits | None = None,
        directory: KeyDirectory | None = None,
        *,
        second_opinion: bool = False,
    ) -> None:
        """Begin; bundles are compiled when a document needs them.

        Args:
            catalogue: the bundles.
            limits: how much of a document is looked at.
            directory: the keys that are known; without it, those of the catalogue that comes with ozgflow.
            second_opinion: whether xmlschema is to judge every document, too. It takes some fifty times as long, sees
                errors that libxml2 does not get to, and where the two differ the document is unchecked.
        """
        self.limits = limits or Limits()
        self.catalogue = catalogue
        known = directory or KeyDirectory.of(load_catalogue())
        self.engine = f"{ENGINE}, keys {known.digest}" + (", second opinion" if second_opinion else "")
        self._second_opinion = second_opinion
        self._compiled = CompiledBundles(known)
        self._hashes: dict[str, str] = {}

    @staticmethod
    def for_folder(
        folder: Path,
        limits: Limits | None = None,
        *,
        added: Path | None = None,
        directory: KeyDirectory | None = None,
        second_opinion: bool = False,
    ) -> "Validator":
        """A validator for all bundles named in ``folder/catalog.toml``, and those that an installation has added.

        Raises:
            DataError: a catalogue is missing or faulty.
        """
        return Validator(load_bundles(folder, added), limits, directory, second_opinion=second_opinion)

    @staticmethod
    def for_schema(schema: Path, limits: Limits | None = None, *, second_opinion: bool = False) -> "Validator":
        """A validator for one schema file; every document is checked against it."""
        only = BundleCatalogue(bundles=(bundle_for_schema(schema),))
        return Validator(only, limits, second_opinion=second_opinion)

    def for_bundle(self, bundle: Bundle) -> "Validator":
        """The same for one bundle alone: documents of others are not recognised."""
        only = Validator.__new__(Validator)
        only.__dict__.update(self.__dict__, catalogue=self.catalogue.only(bundle))
        return only

    def bundle_hash(self, name: str) -> str:
        """The present hash of a bundle; empty when there is none, or none that can be used."""
        if name not in self._hashes:
            bundle = self.catalogue.get(name)
            try:
                self._hashes[name] = bundle_digest(bundle) if bundle else ""
            except SchemaTrouble:
                self._hashes[name] = ""
        return self._hashes[name]

    def window(self, name: str) -> AcceptanceWindow:
        """The days on which documents of a bundle are taken; open for one that is not there."""
        bundle = self.catalogue.get(name)
        return bundle.window if bundle else AcceptanceWindow()

    def check(self, data: bytes) -> Report:
        """Check one document.

        Args:
            data: its bytes, exactly as received.

        Returns:
            The report. A document is never the cause of an exception.
        """
        return self.check_all([data])[0]

    def check_file(self, path: Path, chunk_bytes: int = CHUNK_BYTES) -> Report:
        """Check one document in memory that does not grow with it: see ``streaming``.

        For documents larger than ``limits.streamed_bytes``; small ones are checked faster by ``check``. A second
        opinion needs the whole document, so with it nothing is gained here.

        Args:
            path: the document's file.
            chunk_bytes: how much of it is looked at together.

        Returns:
            The report. A document is never the cause of an exception.

        Raises:
            OSError: the file cannot be read.
        """
        if self._second_opinion:
            return self.check(path.read_bytes())
        stream = Stream(path, self.limits, chunk_bytes)
        root = stream.beginning()
        if isinstance(root, Finding):
            return self.ended(stream.digest, root)
        recognised = self.catalogue.recognise(root)
        if isinstance(recognised, Finding):
            return self._stopped(stream, recognised)
        try:
            compiled = self._compiled.get(recognised)
            checked = stream.climb(compiled)
        except SchemaTrouble as trouble:
            return self._stopped(stream, _broken(root, recognised.bundle, trouble), recognised.bundle.name)
        if isinstance(checked, Finding):
            return self.ended(stream.digest, checked)
        return self.report(stream.digest, compiled, checked)

    def _stopped(self, stream: Stream, why: Finding, bundle: str = "") -> Report:
        """The report on a document that is not checked further; that it is refused as XML comes first."""
        refused = stream.refused()
        if refused is not None:
            return self.ended(stream.digest, refused)
        return self.ended(stream.digest, why, Step.XML, bundle=bundle)

    def check_all(self, documents: Sequence[bytes], digests: Sequence[str] = ()) -> list[Report]:
        """Check some documents together, which is faster than one by one: see ``ladder.climb``.

        All of them are held in memory as trees; ``GROUP_DOCUMENTS`` and ``GROUP_BYTES`` say how many are of use.

        Args:
            documents: their bytes, exactly as received.
            digests: their SHA-256, hexadecimal, if they are known already.

        Returns:
            The reports, in the same order. A document is never the cause of an exception.
        """
        hashes = digests or [hashlib.sha256(data).hexdigest() for data in documents]
        roots = [parse_document(data, self.limits) for data in documents]
        begun = [self._begin(*one) for one in zip(hashes, documents, roots, strict=True)]
        climb([way for way in begun if isinstance(way, Climb)], second_opinion=self._second_opinion)
        return [self._report(*one) for one in zip(hashes, begun, strict=True)]

    def _begin(self, document: str, data: bytes, root: "etree._Element | Finding") -> Climb | Report:
        """Put a document on its way, or say why there is none."""
        if isinstance(root, Finding):
            return self.ended(document, root)
        recognised = self.catalogue.recognise(root)
        if isinstance(recognised, Finding):
            return self.ended(document, recognised, Step.XML)
        try:
            return Climb(self._compiled.get(recognised), data, root, self.limits)
        except SchemaTrouble as trouble:
            broken = _broken(root, recognised.bundle, trouble)
            return self.ended(document, broken, Step.XML, bundle=recognised.bundle.name)

    def _report(self, document: str, way: Climb | Report) -> Report:
        if isinstance(way, Report):
            return way
        bundle = way.compiled.bundle
        if way.trouble is not None:
            return self.ended(document, _broken(way.root, bundle, way.trouble), Step.XML, bundle=bundle.name)
        return self.report(document, way.compiled, way.checked())

    def report(self, document: str, compiled: CompiledBundle, checked: Checked) -> Report:
        """The report on a document that went all the way."""
        proof = Proof(
            document=document,
            engine=self.engine,
            bundle=compiled.name,
            bundle_hash=compiled.digest,
            steps=checked.steps,
        )
        return Report(
            verdict=checked.verdict,
            findings=tuple(checked.findings),
            counts=checked.counts,
            counted=checked.counted,
            proof=proof,
            declared=checked.declared,
        )

    def ended(self, document: str, finding: Finding, *ran: Step, bundle: str = "") -> Report:
        """The report on a document whose check ended early; the steps not named did not run."""
        steps = step_results(tuple(1 if step in ran else STOPPED for step in Step))
        return Report(
            verdict=verdict_of([finding], steps),
            findings=(finding,),
            counts={finding.rule: 1},
            proof=Proof(document=document, engine=self.engine, bundle=bundle, steps=steps),
        )


def _broken(root: etree._Element, bundle: Bundle, trouble: SchemaTrouble) -> Finding:
    params: Mapping[str, object] = {"bundle": bundle.name, "why": trouble.reason}
    return Finding(
        rule="bundle.broken",
        path=readable_path(root),
        line=line_of(root),
        message=message("finding.bundle.broken", **params),
    )
