"""The fifth law: no value of a document in a row, a report, a board or a page."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from ozgflow.domain.findings import Report
from ozgflow.domain.messages import Language, Wording
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.jobs.demo import prepare, scenario_keys
from ozgflow.jobs.documents import check_documents
from ozgflow.jobs.opening import start
from ozgflow.jobs.rollout import advance, board
from ozgflow.jobs.workspace import Workspace
from ozgflow.reports.board_page import board_page
from ozgflow.sandbox.messages import PERSONS
from ozgflow.standards.bundle_files import load_bundles
from ozgflow.standards.genericode import read_code_lists
from tests.conftest import NOW, ROOT, TODAY
from tests.jobs.examples import BARNIM, KEY, PROGRAMME, bring, message_text, supply
from tests.storage.rows import all_rows

VALUES = re.compile(r"<a:(familienname|vornamen|geburtsdatum|strasse|ort|postleitzahl)>([^<]+)</a:\1>")
UNTOLD = "Geheim4711"
# Ways in which a value may come to be at the very place where a document is wrong.
LISTS = [read_code_lists(bundle.code_lists) for bundle in load_bundles(ROOT / "schemas").bundles]
"""What is a fact of a bundle is none of the document, even where both say the same."""

PLACES = {
    "value with wrong characters": ("<a:vornamen>", f"<a:vornamen>{UNTOLD}☃"),
    "value of the wrong type": ("<a:geburtsdatum>", f"<a:geburtsdatum>{UNTOLD}"),
    "value against a pattern": ("<a:postleitzahl>", f"<a:postleitzahl>{UNTOLD}"),
    "value of a code list": ("<code>01</code>", f"<code>{UNTOLD}</code>"),
    "key of the authority": ("<a:regionalschluessel>", f"<a:regionalschluessel>{UNTOLD}"),
    "identifier of the reader": ("<kennung>", f"<kennung>{UNTOLD} "),
    "moment in the header": ("<erstellungszeitpunkt>", f"<erstellungszeitpunkt>{UNTOLD}"),
    "type of the message": ("<code>0101</code>", f"<code>{UNTOLD}</code>"),
    "version of a code list": ('antragsgrund" listVersionID="1"', f'antragsgrund" listVersionID="{UNTOLD}"'),
    "address of a code list": ("urn:ozgflow:codeliste:antragsgrund", UNTOLD),
    "version of the standard": ('version="1.0" test', f'version="{UNTOLD}" test'),
    "text between elements": ("<a:antragsteller>", f"<a:antragsteller>{UNTOLD}"),
    "text that is not well-formed": ("<a:vornamen>", f"<a:vornamen>{UNTOLD} & "),
    "attribute that is not well-formed": ('test="true"', f'test="{UNTOLD}" test="{UNTOLD}"'),
    "type of an element": (
        "<a:antragsteller>",
        f'<a:antragsteller xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="{UNTOLD}">',
    ),
    "comment": ("<a:geburtsdatum>", f"<!-- {UNTOLD} --><a:geburtsdatum>x"),
    "entity": ('encoding="UTF-8"?>', f'encoding="UTF-8"?><!DOCTYPE x [<!ENTITY e "{UNTOLD}">]>'),
    "cut in the middle": ("<a:vornamen>", f"<a:vornamen>{UNTOLD}\x00"),
}


def _told(workspace: Workspace, keys: Sequence[RolloutKey]) -> str:
    """All that is stored but the catalogue, and all that people and programs are told of these rollouts."""
    rows = all_rows(workspace.database)
    parts = [row for table in ("evidence", "rollout", "move", "document_check") for row in rows[table]]
    shown = board(workspace, PROGRAMME, keys, today=TODAY)
    for language in Language:
        words = Wording.load(language)
        parts += [json.dumps(shown.data(words), ensure_ascii=False), board_page(shown, words)]
    return "\n".join(parts)


def _run(workspace: Workspace, folder: Path, keys: Sequence[RolloutKey]) -> None:
    start(workspace, PROGRAMME, keys, today=TODAY, now=NOW)
    check_documents(workspace, folder, keys, now=NOW)
    advance(workspace, PROGRAMME, keys, today=TODAY, now=NOW, by="test")


def _sentences(report: Report) -> str:
    parts = [repr(report)]
    for language in Language:
        words = Wording.load(language)
        parts += [words.render(part) for one in report.findings for part in (one.message, one.hint)]
    return "\n".join(parts)


def test_nobody_in_the_demo_is_told_of(workspace: Workspace, tmp_path: Path) -> None:
    keys = scenario_keys(prepare(workspace, tmp_path / "in", now=NOW).scenario)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "in").rglob("*.xml")]
    values = {value for text in texts for _, value in VALUES.findall(text)}
    _run(workspace, tmp_path / "in", keys)

    told = _told(workspace, keys)

    assert values >= {name for person in PERSONS for name in person}
    assert {value for value in values if _occurs(value, told)} == set()
    assert "Nachrichten fehlerhaft" in told


@pytest.mark.parametrize("place", PLACES)
def test_a_value_is_not_told_even_where_it_is_wrong(workspace: Workspace, tmp_path: Path, place: str) -> None:
    bring(workspace, "betrieb", BARNIM)
    (path,) = supply(tmp_path, KEY, "")
    old, new = PLACES[place]
    assert old in message_text(KEY, 1)
    path.write_text(message_text(KEY, 1).replace(old, new, 1), encoding="utf-8")
    _run(workspace, tmp_path, [KEY])

    told = _told(workspace, [KEY])

    assert "1 von 1 Nachrichten" in told
    assert UNTOLD not in told
    report = workspace.validator.check(path.read_bytes())
    assert report.findings
    assert UNTOLD not in _sentences(report)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "examples").glob("*/invalid/*.xml")), ids=lambda p: p.stem)
def test_no_example_makes_us_quote_it(workspace: Workspace, path: Path) -> None:
    text = re.sub(r"<\?xml[^>]*>", "", path.read_bytes().decode("utf-8", errors="ignore"))
    values = {value.strip() for pair in re.findall(r">([^<>]{4,})<|=\"([^\"]{4,})\"", text) for value in pair}

    sentences = _sentences(workspace.validator.check(path.read_bytes()))

    facts = {one.version for lists in LISTS for versions in lists.lists.values() for one in versions.values()}
    assert {value for value in values if _occurs(value, sentences)} - facts == set()


def _occurs(value: str, text: str) -> bool:
    """Whether it stands there as words of its own."""
    return bool(value) and bool(re.search(rf"(?<![\w./]){re.escape(value)}(?![\w./])", text))
