"""Batches of checked documents made by hand, with everything in them that a report has to carry."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

from ozgflow.domain.acceptance import AcceptanceWindow, decide
from ozgflow.domain.findings import Finding, Proof, Report, StepResult, StepState, Verdict
from ozgflow.domain.messages import message
from ozgflow.domain.rules import Severity, Step
from ozgflow.reports.validation import CheckedDocument, ValidationReport

CREATED = datetime(2026, 11, 24, 15, 2, 9, tzinfo=timezone(timedelta(hours=1)))
TODAY = date(2026, 11, 24)
BUNDLE = "aufenthalt-antrag/1.0"
ENGINE = "ozgflow 0.1.0 0123456789ab, libxml2 2.14.6, xmlschema 4.3.2"
INVENTED_VALUE = "Mustermann-Geheim"
"""What stands in a document: to be seen in text and page only, and only on request."""
HOSTILE = '../a b/<script>alert("x")</script>&amp;\'\n\x1b[31m\x00\u202e\udcff\ud800ö?#:.xml'
"""A file name with everything that could hurt: markup, control characters, a turn of direction, bytes of no text."""

COUNTS = {Step.SCHEMA: 812, Step.IDENTITY: 3, Step.CODES: 14, Step.HEADER: 1}


def make_steps(**states: StepState) -> tuple[StepResult, ...]:
    """The whole ladder, run; no Schematron in the bundle; exceptions by name of the step."""
    usual = {Step.SCHEMATRON.value: StepState.ABSENT, **states}
    return tuple(
        StepResult(step=step, state=state, checked=COUNTS.get(step, 1) if state is StepState.RAN else 0)
        for step in Step
        for state in [usual.get(step.value, StepState.RAN)]
    )


def make_proof(name: str, steps: tuple[StepResult, ...] = make_steps()) -> Proof:
    """A proof whose hash follows from the name."""
    return Proof(
        document=sha256(name.encode("utf-8", "replace")).hexdigest(),
        engine=ENGINE,
        bundle=BUNDLE,
        bundle_hash=sha256(BUNDLE.encode()).hexdigest(),
        steps=steps,
    )


def make_document(name: str, report: Report, *, until: date | None = None, known: bool = False) -> CheckedDocument:
    """A document with the decision that follows from its report."""
    decision = decide(report, AcceptanceWindow(accepted_until=until), as_of=TODAY)
    return CheckedDocument(name=name, report=report, decision=decision, from_store=known)


def make_batch(*documents: CheckedDocument, interrupted: bool = False) -> ValidationReport:
    """A batch of the day."""
    return ValidationReport(created_at=CREATED, as_of=TODAY, documents=documents, interrupted=interrupted)


LENGTH = Finding(
    rule="xsd.value-length",
    path="/antrag/antragsteller/name",
    line=47,
    column=9,
    message=message("finding.xsd.value-length", name="name", bound=60, shape=message("finding.shape", length=61)),
    reference="BR-DE-15",
    meaning="Der Familienname\n   der Person.",
)
LENGTH_AGAIN = replace(LENGTH, line=58, column=0, reference="", meaning="")
ATTRIBUTE = Finding(
    rule="xsd.attribute-missing",
    path="/antrag/nachweis[2]/@id",
    line=60,
    message=message("finding.xsd.attribute-missing", name="id"),
)
WARNING = replace(ATTRIBUTE, level=Severity.WARNING, line=12, path="/antrag/@erstellt")
NOTE = Finding(
    rule="xsd.list-version",
    path="/antrag/grund/@listVersionID",
    line=0,
    message=message("finding.xsd.list-version", fixed="2.1"),
    level=Severity.NOTE,
)
CUT_OFF = Finding(
    rule="xml.not-well-formed",
    path="",
    line=3,
    message=message("finding.xml.not-well-formed", what=message("wellformed.cut-off")),
)
UNKNOWN = Finding(
    rule="bundle.unknown",
    path="/fremd",
    line=2,
    column=1,
    message=message("finding.bundle.unknown", root="fremd", known=[BUNDLE]),
)

CLEAN = make_document("gut.xml", Report(verdict=Verdict.VALID, proof=make_proof("gut")), known=True)
LATE = make_document("alt.xml", Report(verdict=Verdict.VALID, proof=make_proof("alt")), until=date(2026, 10, 31))
REMARKED = make_document(
    "bemerkt.xml",
    Report(
        verdict=Verdict.VALID,
        findings=(WARNING, NOTE),
        counts={WARNING.rule: 1, NOTE.rule: 1},
        proof=make_proof("bemerkt"),
    ),
)
WRONG = make_document(
    "eingang/falsch.xml",
    Report(
        verdict=Verdict.INVALID,
        findings=(LENGTH, LENGTH_AGAIN, ATTRIBUTE),
        counts={LENGTH.rule: 1202, ATTRIBUTE.rule: 1},
        counted=False,
        proof=make_proof("falsch"),
    ),
)
TORN = make_document(
    "abgerissen.xml",
    Report(
        verdict=Verdict.INVALID,
        findings=(CUT_OFF,),
        counts={CUT_OFF.rule: 1},
        proof=Proof(document="", engine=ENGINE, steps=(StepResult(step=Step.XML, state=StepState.RAN, checked=1),)),
    ),
)
FOREIGN = make_document(
    "fremd.xml",
    Report(
        verdict=Verdict.UNCHECKED,
        findings=(UNKNOWN,),
        counts={UNKNOWN.rule: 1},
        proof=Proof(document="ab" * 32, engine=ENGINE),
    ),
)
STOPPED = make_document(
    "angehalten.xml",
    Report(verdict=Verdict.UNCHECKED, proof=make_proof("stop", make_steps(codes=StepState.STOPPED))),
)
NAMED = make_document(HOSTILE, WRONG.report)

MIXED = make_batch(CLEAN, LATE, REMARKED, WRONG, TORN, FOREIGN, STOPPED, NAMED)
SHOWN = make_batch(CLEAN, replace(WRONG, values={0: INVENTED_VALUE, 2: f"{INVENTED_VALUE}\x1b[2J" + "x" * 500}))
EMPTY = make_batch()
INTERRUPTED = make_batch(CLEAN, interrupted=True)
ALL_GOOD = make_batch(CLEAN, replace(CLEAN, name="auch gut.xml", from_store=False))


def large_batch(size: int = 5000) -> ValidationReport:
    """A batch as a folder of a whole office: one in ten is wrong, one in fifty unchecked."""
    kinds = [WRONG if number % 10 == 1 else STOPPED if number % 50 == 2 else CLEAN for number in range(size)]
    return make_batch(*(replace(kind, name=f"{number:05}.xml") for number, kind in enumerate(kinds)))
