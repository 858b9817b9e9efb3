"""Programme files: the one we have says what it should, and a faulty one is refused with file, table and key."""

from pathlib import Path

import pytest

from ozgflow.domain.gates import Dimension
from ozgflow.domain.messages import Message, Wording
from ozgflow.domain.programme_files import load_programme, programme_codes, read_programme
from ozgflow.errors import DataError, UsageError

GOOD = """
code = "probe"
title = { de = "Probe", en = "Probe" }
purpose = { de = "Zweck", en = "Purpose" }
source = "Test"

[[stage]]
code = "eins"
title = { de = "Eins", en = "One" }
purpose = { de = "Zweck", en = "Purpose" }

[[stage.gate]]
code = "tor"
title = { de = "Tor", en = "Gate" }
dimension = "legal"
check = "evidence"
kind = "avv"
"""


def _read(tmp_path: Path, text: str, name: str = "probe.toml") -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    read_programme(path)


def test_the_nine_stages_of_the_efa_reuse() -> None:
    programme = load_programme("efa-nachnutzung")

    assert [stage.code for stage in programme.stages] == [
        "interesse",
        "eignung",
        "vereinbarung",
        "basisdaten",
        "anbindung",
        "pruefung",
        "test",
        "golive",
        "betrieb",
    ]


def test_its_gates_lie_in_all_four_dimensions() -> None:
    gates = [gate for stage in load_programme("efa-nachnutzung").stages for gate in stage.gates]

    assert {gate.dimension for gate in gates} == set(Dimension)


@pytest.mark.parametrize("code", programme_codes())
def test_every_programme_can_be_loaded_and_speaks_both_languages(code: str) -> None:
    programme = load_programme(code)

    titles = [programme.title, *(stage.title for stage in programme.stages)]
    titles += [gate.title for stage in programme.stages for gate in stage.gates]
    for title in titles:
        assert title["de"]
        assert title["en"]


def test_a_programme_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError) as refused:
        load_programme("gibt-es-nicht")

    assert "efa-nachnutzung" in Wording.load().render(Message(refused.value.code, refused.value.params))


def test_the_good_example_is_good(tmp_path: Path) -> None:
    _read(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("wrong", "right", "names"),
    [
        ("", 'source = "Test"', ["probe.toml", "„source“", "fehlt"]),
        ('title = { de = "Tor" }', 'title = { de = "Tor", en = "Gate" }', ["stage 1 (eins) / gate 1 (tor)", "„en“"]),
        ('dimension = "magisch"', 'dimension = "legal"', ["gate 1 (tor)", "dimension", "organisational, legal"]),
        ('check = "orakel"', 'check = "evidence"', ["gate 1 (tor)", "check", "competent, evidence"]),
        ('kind = "orakel"', 'kind = "avv"', ["gate 1 (tor)", "„kind“", "„orakel“", "evidence.toml"]),
        ("kind = 7", 'kind = "avv"', ["gate 1 (tor)", "„kind“", "str"]),
        ('kind = "avv"\nfarbe = "rot"', 'kind = "avv"', ["gate 1 (tor)", "„farbe“", "unbekannt"]),
        ('code = "start"', 'code = "eins"', ["stage 1 (start)", "vorbehalten"]),
        ('code = "anders"', 'code = "probe"', ["„anders“", "Dateinamen"]),
        ("code = ", 'code = "probe"', ["probe.toml", "kein gültiges TOML"]),
    ],
)
def test_a_faulty_file_is_refused_with_file_table_and_key(
    tmp_path: Path, wrong: str, right: str, names: list[str]
) -> None:
    with pytest.raises(DataError) as refused:
        _read(tmp_path, GOOD.replace(right, wrong, 1))

    sentence = Wording.load().render(Message(refused.value.code, refused.value.params))
    assert all(name in sentence for name in names), sentence
    assert "probe.toml" in sentence


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("[[stage]]") :].replace('code = "eins"', 'code = "zwei"')

    with pytest.raises(DataError) as refused:
        _read(tmp_path, twice)

    assert refused.value.params["code"] == "tor"


def test_a_stage_without_gates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        _read(tmp_path, GOOD[: GOOD.index("[[stage.gate]]")])

    assert refused.value.params["key"] == "gate"
