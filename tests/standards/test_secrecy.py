"""Law 5: no value of a document in a finding, whatever the value looks like."""

from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from ozgflow.domain.messages import Wording
from ozgflow.standards.validator import Validator
from tests.thoroughness import examples

ROOT = Path(__file__).parents[2]
VALIDATOR = Validator.for_folder(ROOT / "schemas")
WORDING = Wording.load()
EXAMPLE = (ROOT / "tests/examples/aufenthalt-antrag-1.0/valid/beschaeftigung-mit-nachweisen.xml").read_text("utf-8")
MARK = "GEHEIM9471"

# Values that try to pass for a fact of the schema within libxml2's own sentences.
POSES = (
    "{mark}",
    "x' is not a valid value of the atomic type '{mark}",
    "does not match the fixed value constraint '{mark}'.",
    "is not an element of the set {{'{mark}'}}.",
    "The value 'x' is not accepted by the pattern '{mark}'.",
    "Expected is ( {mark} ).",
    "Element 'x', attribute '{mark}': The attribute '{mark}' is required but missing.",
    "exceeds the allowed maximum length of '{mark}'.",
)
LEAVES = (
    "nachrichtenUUID",
    "erstellungszeitpunkt",
    "kennung",
    "regionalschluessel",
    "antragsdatum",
    "familienname",
    "geburtsdatum",
    "postleitzahl",
    "bruttogehaltMonat",
    "code",
    "pruefsumme",
    "dateiname",
)


def _replace(leaf: str, value: str) -> str:
    start = EXAMPLE.index(f"{leaf}>") + len(leaf) + 1
    return EXAMPLE[:start] + escape(value) + EXAMPLE[EXAMPLE.index("<", start) :]


def _said(document: str) -> str:
    report = VALIDATOR.check(document.encode("utf-8"))
    sentences = [WORDING.render(f.message) + WORDING.render(f.hint) + f.path for f in report.findings]
    return "\n".join(sentences) + repr(report)


@given(leaf=st.sampled_from(LEAVES), pose=st.sampled_from(POSES), tail=st.text(max_size=20))
@settings(max_examples=examples(200), deadline=None)
def test_no_value_reaches_a_finding(leaf: str, pose: str, tail: str) -> None:
    printable = "".join(char for char in tail if char.isprintable())

    said = _said(_replace(leaf, pose.format(mark=MARK) + printable))

    assert MARK not in said


@given(pose=st.sampled_from(POSES))
def test_no_value_of_an_attribute_reaches_a_finding(pose: str) -> None:
    value = escape(pose.format(mark=MARK), {'"': "&quot;"})

    said = _said(
        EXAMPLE.replace('listVersionID="', f'listVersionID="{value}', 1).replace('test="', f'test="{value}', 1)
    )

    assert MARK not in said


def test_a_broken_document_is_not_quoted() -> None:
    for cut in range(200, len(EXAMPLE), 97):
        said = _said(EXAMPLE[:cut].replace("Muster", MARK))
        assert MARK not in said


def test_a_value_so_long_that_libxml2_cuts_its_sentence_is_not_taken_for_a_fact() -> None:
    poses = [pose.format(mark=MARK) for pose in POSES]

    for pose in poses:
        for length in (30_000, 70_000):
            assert MARK not in _said(_replace("code", pose + "z" * length))
            assert MARK not in _said(_replace("geburtsdatum", pose + "z" * length))


def test_a_very_long_name_is_cut() -> None:
    name = "n" * 40_000

    said = _said(EXAMPLE.replace("<nachrichtenkopf.g2g>", f"<nachrichtenkopf.g2g><{name}/>", 1))

    assert "n" * 200 not in said
