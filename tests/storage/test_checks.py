"""Reports kept by hashes: found again as long as they hold, and never when they say nothing."""

from dataclasses import replace

import pytest

from ozgflow.domain.findings import Finding, Proof, Report, StepResult, StepState, Verdict
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity, Step
from ozgflow.standards.validator import Validator
from ozgflow.storage.checks import find_reports, keep_reports
from ozgflow.storage.database import Database
from tests.conftest import NOW, ROOT
from tests.storage.rows import all_rows

BUNDLE, HASH, ENGINE = "aufenthalt-antrag/1.0", "b" * 64, "engine 1"
STEPS = tuple(StepResult(step=step, state=StepState.RAN, checked=number) for number, step in enumerate(Step))
PROOF = Proof(document="d" * 64, engine=ENGINE, bundle=BUNDLE, bundle_hash=HASH, steps=STEPS)
VALID = Report(verdict=Verdict.VALID, proof=PROOF)
INVALID = Report(
    verdict=Verdict.INVALID,
    findings=(
        Finding(
            rule="xsd.value-pattern",
            path="/antrag/nachweis[2]/@id",
            line=17,
            message=message("finding.xsd.value-pattern", name="id", shape=message("finding.shape", length=4)),
            column=9,
            level=Severity.WARNING,
            reference="BR-1",
            meaning="Die Kennung der Unterlage.",
        ),
    ),
    counts={"xsd.value-pattern": 1_700},
    counted=False,
    declared=False,
    proof=replace(PROOF, document="e" * 64),
)


def _keep(database: Database, *reports: Report) -> int:
    with database.writing() as session:
        return keep_reports(session, reports, now=NOW)


def _find(
    database: Database, *documents: str, engine: str = ENGINE, bundles: dict[str, str] | None = None
) -> dict[str, Report]:
    present = {BUNDLE: HASH} if bundles is None else bundles
    with database.reading() as session:
        return find_reports(session, documents, engine=engine, bundle_hash=lambda name: present.get(name, ""))


def test_a_report_is_found_as_it_was_kept(database: Database) -> None:
    kept = _keep(database, VALID, INVALID)

    found = _find(database, "d" * 64, "e" * 64, "f" * 64)

    assert kept == 2
    assert found == {"d" * 64: VALID, "e" * 64: INVALID}


def test_reports_of_the_real_validator_are_found_as_they_were_kept(database: Database, validator: Validator) -> None:
    paths = sorted((ROOT / "tests" / "examples").glob("*/*/*.xml"))
    reports = [validator.check(path.read_bytes()) for path in paths]
    usable = {one.proof.document: one for one in reports if one.verdict is not Verdict.UNCHECKED and one.proof.bundle}
    _keep(database, *reports)

    hashes = {bundle.name: validator.bundle_hash(bundle.name) for bundle in validator.catalogue.bundles}
    found = _find(database, *usable, engine=reports[0].proof.engine, bundles=hashes)

    assert len(usable) > 30
    assert found == usable


def test_keeping_the_same_report_again_changes_nothing(database: Database) -> None:
    _keep(database, VALID)
    before = all_rows(database)

    kept = _keep(database, VALID, VALID)

    assert kept == 0
    assert all_rows(database) == before


@pytest.mark.parametrize("bundles", [{BUNDLE: "c" * 64}, {"aufenthalt-antrag/1.1": HASH}, {}])
def test_a_report_is_forgotten_when_its_bundle_has_changed(database: Database, bundles: dict[str, str]) -> None:
    _keep(database, VALID)

    assert _find(database, "d" * 64, bundles=bundles) == {}


def test_a_report_is_forgotten_when_the_engine_has_changed(database: Database) -> None:
    _keep(database, VALID)

    assert _find(database, "d" * 64, engine="engine 2") == {}


def test_the_report_on_the_present_bundle_is_kept_beside_the_old_one(database: Database) -> None:
    changed = replace(INVALID, proof=replace(PROOF, bundle_hash="c" * 64))
    _keep(database, VALID)

    kept = _keep(database, changed)

    assert kept == 1
    assert _find(database, "d" * 64) == {"d" * 64: VALID}
    assert _find(database, "d" * 64, bundles={BUNDLE: "c" * 64}) == {"d" * 64: changed}


@pytest.mark.parametrize(
    "report",
    [
        replace(VALID, verdict=Verdict.UNCHECKED),
        replace(VALID, verdict=Verdict.UNCHECKED, proof=replace(PROOF, bundle="", bundle_hash="")),
        replace(INVALID, proof=replace(PROOF, bundle="", bundle_hash="")),
    ],
    ids=["unchecked", "no bundle", "invalid before a bundle was known"],
)
def test_what_was_not_checked_against_a_bundle_is_never_kept(database: Database, report: Report) -> None:
    kept = _keep(database, report)

    assert kept == 0
    assert all_rows(database)["document_check"] == []


def test_more_documents_than_a_statement_takes_parameters_can_be_asked_for(database: Database) -> None:
    """SQLite takes at most 32,766 of them (some builds 250,000), PostgreSQL 65,535."""
    too_many = 250_000 if database.embedded else 65_535
    _keep(database, VALID)

    found = _find(database, *(f"{number:064}" for number in range(too_many)), "d" * 64)

    assert found == {"d" * 64: VALID}
