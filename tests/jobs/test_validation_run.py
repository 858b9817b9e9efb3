"""A whole run: in order, kept as it goes, the same the second time, and honest when it is interrupted."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.acceptance import Acceptance
from ozgflow.domain.findings import Verdict
from ozgflow.errors import DataError, UsageError
from ozgflow.jobs.pool import Numbered
from ozgflow.jobs.reading import DocumentFile
from ozgflow.jobs.validation_run import ValidationPlan, ValidatorPlan, run_validation
from ozgflow.standards.parsing import Limits
from tests.conftest import NOW, ROOT, TODAY
from tests.standards.schemas import element, write

EXAMPLES = ROOT / "tests" / "examples" / "aufenthalt-antrag-1.0"
VALID = sorted((EXAMPLES / "valid").glob("*.xml"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.xml"))
PATHS = [path for pair in zip(VALID, INVALID, strict=False) for path in pair]


@pytest.fixture
def plan(tmp_path: Path) -> ValidationPlan:
    """A plan for a run that keeps its results."""
    return ValidationPlan(
        validator=ValidatorPlan(schemas=ROOT / "schemas"),
        database_url=f"sqlite:///{tmp_path / 'lauf.db'}",
        processes=2,
        seconds=60,
        as_of=TODAY,
        now=NOW,
    )


def _documents(paths: Iterable[Path]) -> list[DocumentFile]:
    return [DocumentFile(name=path.name, path=path) for path in paths]


def test_documents_are_reported_on_in_the_order_in_which_they_were_named(plan: ValidationPlan) -> None:
    report = run_validation(_documents(PATHS), plan)

    assert [one.name for one in report.documents] == [path.name for path in PATHS]
    assert {one.report.verdict for one in report.documents[::2]} == {Verdict.VALID}
    assert (report.created_at, report.as_of, report.interrupted) == (NOW, TODAY, False)


def test_the_second_run_knows_what_was_settled_and_says_the_same(plan: ValidationPlan) -> None:
    first = run_validation(_documents(PATHS), plan)

    second = run_validation(_documents(PATHS), plan)

    assert not any(one.from_store for one in first.documents)
    # What did not get as far as a bundle is checked again: that takes no time.
    assert [one.from_store for one in second.documents] == [
        bool(one.report.proof.bundle_hash) and one.report.verdict is not Verdict.UNCHECKED for one in first.documents
    ]
    assert [one.report for one in second.documents] == [one.report for one in first.documents]


def test_without_a_database_nothing_is_known(plan: ValidationPlan) -> None:
    without = replace(plan, database_url=None)
    run_validation(_documents(VALID[:2]), without)

    second = run_validation(_documents(VALID[:2]), without)

    assert not any(one.from_store for one in second.documents)


def _interrupting(after: int) -> Callable[[Iterable[Numbered], int], Iterator[Numbered]]:
    """Passes some results on, and then somebody presses the keys."""

    def watch(results: Iterable[Numbered], _total: int) -> Iterator[Numbered]:
        for number, one in enumerate(results):
            if number == after:
                raise KeyboardInterrupt
            yield one

    return watch


def test_a_run_that_is_interrupted_reports_on_what_is_finished_and_has_kept_it(plan: ValidationPlan) -> None:
    documents = _documents(VALID)

    first = run_validation(documents, plan, _interrupting(2))
    second = run_validation(documents, plan)

    assert (first.interrupted, len(first.documents), first.complete) == (True, 2, False)
    assert (second.interrupted, len(second.documents)) == (False, len(VALID))
    kept = {one.name for one in second.documents if one.from_store}
    assert kept == {one.name for one in first.documents}


def test_whoever_watches_is_told_how_many_there_are(plan: ValidationPlan) -> None:
    totals = []

    def watch(results: Iterable[Numbered], total: int) -> Iterator[Numbered]:
        totals.append(total)
        return iter(results)

    run_validation(_documents(VALID), plan, watch)

    assert totals == [len(VALID)]


def test_a_run_without_documents_is_not_complete(plan: ValidationPlan) -> None:
    report = run_validation([], plan)

    assert (report.documents, report.complete) == ((), False)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 30), Acceptance.REFUSED),
        (date(2026, 5, 1), Acceptance.ACCEPTED),
        (date(2027, 4, 30), Acceptance.ACCEPTED),
        (date(2027, 5, 1), Acceptance.REFUSED),
    ],
)
def test_the_day_decides_about_acceptance_for_known_results_too(
    plan: ValidationPlan, day: date, expected: Acceptance
) -> None:
    run_validation(_documents(VALID[:1]), plan)

    (document,) = run_validation(_documents(VALID[:1]), replace(plan, as_of=day)).documents

    assert document.from_store
    assert (document.report.verdict, document.decision.acceptance) == (Verdict.VALID, expected)


def test_values_are_shown_only_where_they_are_wanted(plan: ValidationPlan, tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", element("r", "xs:int"))
    document = tmp_path / "d.xml"
    document.write_text("<r>Geheimnis</r>", encoding="utf-8")
    plain = replace(plan, validator=replace(plan.validator, schema=schema))

    (without,) = run_validation(_documents([document]), plain).documents
    (shown,) = run_validation(_documents([document]), replace(plain, show_values=True)).documents

    assert without.values == {}
    assert shown.values == {0: "Geheimnis"}
    assert shown.report == without.report
    assert "Geheimnis" not in repr(without)


def test_values_of_a_document_that_is_read_in_pieces_are_not_shown(plan: ValidationPlan, tmp_path: Path) -> None:
    schema = write(tmp_path, "s.xsd", element("r", "xs:int"))
    document = tmp_path / "d.xml"
    document.write_text("<r>Geheimnis</r>", encoding="utf-8")
    small = replace(plan.validator, schema=schema, limits=Limits(streamed_bytes=10))

    (shown,) = run_validation(_documents([document]), replace(plan, validator=small, show_values=True)).documents

    assert (shown.report.verdict, shown.values) == (Verdict.INVALID, {})


def test_a_document_that_is_gone_is_unchecked_and_nothing_is_shown_of_it(
    plan: ValidationPlan, tmp_path: Path
) -> None:
    (gone,) = run_validation(_documents([tmp_path / "fehlt.xml"]), replace(plan, show_values=True)).documents

    assert (gone.report.verdict, gone.values) == (Verdict.UNCHECKED, {})
    assert gone.decision.acceptance is Acceptance.UNDECIDED


# --- where validators come from -------------------------------------------------------------------------------------


def test_a_bundle_that_is_named_by_hand_is_the_only_one() -> None:
    plan = ValidatorPlan(schemas=ROOT / "schemas", bundle="aufenthalt-antrag/1.1")

    validator = plan()

    assert [bundle.name for bundle in validator.catalogue.bundles] == ["aufenthalt-antrag/1.1"]
    assert validator.check(VALID[0].read_bytes()).verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"bundle": "aufenthalt-antrag/9"}, "bundles.unknown"), ({"schema": Path("fehlt.xsd")}, "documents.no-schema")],
)
def test_what_is_named_and_not_there_is_wrong_use(changes: dict[str, str | Path], code: str) -> None:
    with pytest.raises(UsageError) as raised:
        replace(ValidatorPlan(schemas=ROOT / "schemas"), **changes)()  # type: ignore[arg-type]  # either of two

    assert raised.value.code == code


def test_a_catalogue_that_is_not_there_is_a_fault_of_the_installation(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        ValidatorPlan(schemas=tmp_path)()


def test_a_wrong_plan_is_told_before_any_document_is_looked_at(plan: ValidationPlan) -> None:
    wrong = replace(plan, validator=replace(plan.validator, bundle="aufenthalt-antrag/9"))

    with pytest.raises(UsageError):
        run_validation(_documents(VALID), wrong)


def test_added_bundles_are_used(tmp_path: Path) -> None:
    home = tmp_path / "bundles" / "probe" / "1"
    shutil.copytree(ROOT / "schemas" / "aufenthalt-antrag" / "1.0", home)
    (home / "catalog.toml").write_text(
        '[[bundle]]\nstandard = "probe"\nversion = "1"\ntitle = "Probe"\nfolder = "."\nentry = "code.xsd"\n'
        'namespace = "urn:probe"\nlicence = "EUPL-1.2"\n',
        encoding="utf-8",
    )

    validator = ValidatorPlan(schemas=ROOT / "schemas", bundles=tmp_path / "bundles")()

    assert [bundle.name for bundle in validator.catalogue.bundles][-1] == "probe/1"


def test_a_second_opinion_is_part_of_the_proof() -> None:
    plan = ValidatorPlan(schemas=ROOT / "schemas")

    assert replace(plan, second_opinion=True)().engine == f"{plan().engine}, second opinion"
