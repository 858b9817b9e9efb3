"""Programme files: the one we have says what it should, and a faulty one is refused with file, table and key."""

from decimal import Decimal
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


SECOND = """
[[stage]]
code = "zwei"
title = { de = "Zwei", en = "Two" }
purpose = { de = "Zweck", en = "Purpose" }

[[stage.gate]]
code = "tür"
title = { de = "Tür", en = "Door" }
dimension = "legal"
check = "evidence"
kind = "dsfa"
"""
TWO = GOOD + SECOND


def _line(text: str, part: str) -> int:
    """The line in which a part of a text begins."""
    return 1 + text[: text.index(part)].count("\n")


def _refusal(tmp_path: Path, text: str) -> DataError:
    with pytest.raises(DataError) as refused:
        _read(tmp_path, text)
    return refused.value


def test_an_unknown_gate_check_is_refused_with_its_line(tmp_path: Path) -> None:
    text = TWO.replace('check = "evidence"\nkind = "dsfa"', 'check = "orakel"\nkind = "dsfa"')

    error = _refusal(tmp_path, text)

    assert (error.params["file"], error.params["line"]) == ("probe.toml", _line(text, 'check = "orakel"'))


def test_stages_that_follow_one_another_in_a_circle_are_refused_with_their_line(tmp_path: Path) -> None:
    text = TWO.replace('code = "eins"', 'code = "eins"\nafter = "zwei"').replace(
        'code = "zwei"', 'code = "zwei"\nafter = "eins"'
    )

    error = _refusal(tmp_path, text)

    assert error.code == "programme.stage-cycle"
    assert error.params["stages"] in ("eins → zwei → eins", "zwei → eins → zwei")
    assert error.params["line"] == _line(text, 'after = "zwei"')


def test_two_stages_after_one_are_refused(tmp_path: Path) -> None:
    third = (
        SECOND.replace("zwei", "drei")
        .replace("tür", "luke")
        .replace('code = "drei"', 'code = "drei"\nafter = "eins"')
    )

    error = _refusal(tmp_path, TWO + third)

    assert error.code == "programme.stage-fork"
    assert error.params["rival"] == "zwei"


def test_a_stage_after_one_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path, TWO.replace('code = "zwei"', 'code = "zwei"\nafter = "null"')).params["key"] == "after"


def test_stages_stand_in_the_order_that_they_name(tmp_path: Path) -> None:
    path = tmp_path / "probe.toml"
    text = TWO.replace('code = "eins"', 'code = "eins"\nafter = "zwei"')
    path.write_text(text.replace('code = "zwei"', 'code = "zwei"'), encoding="utf-8")

    with pytest.raises(DataError):
        read_programme(path)  # the second one follows the first where it says nothing

    first = SECOND + GOOD[GOOD.index("[[stage]]") :].replace('code = "eins"', 'code = "eins"\nafter = "zwei"')
    path.write_text(GOOD[: GOOD.index("[[stage]]")] + first, encoding="utf-8")
    assert [stage.code for stage in read_programme(path).stages] == ["zwei", "eins"]


@pytest.mark.parametrize(("first", "second"), [("0.5", "0.4"), ("0.5", "0.6"), ("1", "1"), ("0.1", "0.2")])
def test_weights_that_do_not_add_up_to_one_are_refused_with_line_and_sum(
    tmp_path: Path, first: str, second: str
) -> None:
    text = TWO.replace('code = "eins"', f'code = "eins"\nweight = {first}').replace(
        'code = "zwei"', f'code = "zwei"\nweight = {second}'
    )

    error = _refusal(tmp_path, text)

    assert error.code == "programme.weights"
    assert error.params["line"] == _line(text, f"weight = {second}") or first == second
    assert str(error.params["total"]) == str(Decimal(first) + Decimal(second))


def test_weights_are_added_without_rounding(tmp_path: Path) -> None:
    path = tmp_path / "probe.toml"
    parts = [("eins", "0.1"), ("zwei", "0.2"), ("drei", "0.7")]
    text = TWO + SECOND.replace("zwei", "drei").replace("tür", "luke")
    for code, weight in parts:
        text = text.replace(f'code = "{code}"', f'code = "{code}"\nweight = {weight}')
    path.write_text(text, encoding="utf-8")

    programme = read_programme(path)

    assert [programme.progress(code) for code in programme.codes] == [
        Decimal(0),
        Decimal("0.1"),
        Decimal("0.3"),
        Decimal(1),
    ]


def test_a_weight_that_one_stage_lacks_is_refused_there(tmp_path: Path) -> None:
    text = TWO.replace('code = "eins"', 'code = "eins"\nweight = 1')

    error = _refusal(tmp_path, text)

    assert (error.code, error.params["line"]) == ("toml.key-missing", _line(text, SECOND.strip()))


@pytest.mark.parametrize(
    ("addition", "key"),
    [
        ('counted_from = "drei"', "counted_from"),
        ('staleness = "maybe"', "staleness"),
        ('whole = "mean"', "whole"),
        ("[expected]\nlandkreis = 0", "landkreis"),
        ('[term]\nbegins = 2020-01-02\nends = 2020-01-01\nmembership = "ends"\nmembers_from = "eins"', "ends"),
        ('[term]\nbegins = 2020-01-01\nmembership = "ends"\nmembers_from = "x"', "members_from"),
        ('[origin]\nmunicipality = "12069"\nsince = 2019-08-13\nsource = "x"', "municipality"),
        ('[[competence]]\nitems = ["x"]\nmunicipality = "120610000000"\nsince = 2020-10-01\nsource = "x"', "items"),
    ],
)
def test_what_a_programme_declares_besides_its_stages_is_checked(tmp_path: Path, addition: str, key: str) -> None:
    start = GOOD.index("[[stage]]")
    text = GOOD[:start] + addition + "\n\n" + GOOD[start:]

    error = _refusal(tmp_path, text)

    assert error.params["key"] == key
    assert error.params["line"] == _line(text, key)


def test_an_approval_is_asked_for_by_its_own_check(tmp_path: Path) -> None:
    plain = _refusal(tmp_path, GOOD.replace('kind = "avv"', 'kind = "golive-freigabe"'))
    odd = _refusal(tmp_path, GOOD.replace('check = "evidence"', 'check = "approval"'))

    assert plain.code == odd.code == "programme.kind-approval"


def test_a_stage_that_others_must_have_reached_has_to_exist(tmp_path: Path) -> None:
    text = GOOD.replace('check = "evidence"\nkind = "avv"', 'check = "others-reached"\nstage = "x"\nminimum = 1')

    assert _refusal(tmp_path, text).params["key"] == "stage"
