"""Maturity model files: refused with file and line when they are faulty."""

from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.maturity_files import read_model, read_models
from ozgflow.errors import DataError

GOOD = """version = "9.0"
title = { de = "Probe", en = "Probe" }
valid_from = 2030-01-01
source = "x"
aspect_count = 2

[rule]
name = "lowest"
source = "x"
confirmed = true

[conform_from]
level = 1
source = "x"
confirmed = true

[[level]]
number = 0
title = { de = "null", en = "nought" }
means = { de = "null", en = "nought" }
source = "x"
confirmed = true

[[level]]
number = 1
title = { de = "eins", en = "one" }
means = { de = "eins", en = "one" }
source = "x"
confirmed = true

[[aspect]]
code = "a"
title = { de = "a", en = "a" }
waivable = false
source = "x"
confirmed = true

[[aspect.asks]]
level = 1
text = { de = "viel", en = "much" }
source = "x"

[[aspect]]
code = "b"
title = { de = "b", en = "b" }
waivable = true
source = "x"
confirmed = false
"""


def _write(folder: Path, text: str, name: str = "9.0.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_model_is_read_as_it_is_written(tmp_path: Path) -> None:
    model = read_model(_write(tmp_path, GOOD))

    assert (model.version, model.valid_from, model.valid_until) == ("9.0", date(2030, 1, 1), None)
    assert model.aspects[0].asks[1].text["en"] == "much"
    assert [aspect.waivable for aspect in model.aspects] == [False, True]
    assert model.counts_as_online_from is None


@pytest.mark.parametrize(
    ("change", "code", "line", "key"),
    [
        (("aspect_count = 2", "aspect_count = 3"), "maturity.aspect-count", 5, "aspect_count"),
        (('code = "b"', 'code = "a"'), "maturity.aspect-double", 44, "code"),
        (("number = 1", "number = 2"), "maturity.level-gap", 25, "number"),
        (("number = 0", "number = 1"), "maturity.level-gap", 18, "number"),
        (('name = "lowest"', 'name = "average"'), "toml.value-unknown", 8, "name"),
        (("level = 1\nsource", "level = 2\nsource"), "toml.value-unknown", 13, "level"),
        (("level = 1\ntext", "level = 7\ntext"), "toml.value-unknown", 39, "level"),
        (('version = "9.0"', 'version = "9.1"'), "maturity.version-file", 1, "version"),
        (("valid_from = 2030-01-01", 'valid_from = "2030"'), "toml.key-type", 3, "valid_from"),
        (('source = "x"\naspect_count', "valid_until = 2029-01-01\naspect_count"), "toml.key-missing", 1, "source"),
        (("aspect_count = 2", "aspect_count = 2\nvalid_until = 2029-12-31"), "maturity.days", 6, "valid_until"),
        (("waivable = true", 'waivable = "yes"'), "toml.key-type", 46, "waivable"),
        (("confirmed = false", "confirmed = false\ncolour = 1"), "toml.key-unknown", 49, "colour"),
    ],
)
def test_a_faulty_model_is_refused_with_file_and_line(
    tmp_path: Path, change: tuple[str, str], code: str, line: int, key: str
) -> None:
    assert change[0] in GOOD
    path = _write(tmp_path, GOOD.replace(*change, 1))

    with pytest.raises(DataError) as refused:
        read_model(path)

    told = refused.value.params
    assert (refused.value.code, told["file"], told["line"], told["key"]) == (code, "9.0.toml", line, key)


def test_a_level_that_asks_twice_is_refused(tmp_path: Path) -> None:
    again = '[[aspect.asks]]\nlevel = 1\ntext = { de = "x", en = "x" }\nsource = "x"\n\n'
    path = _write(tmp_path, GOOD.replace('[[aspect]]\ncode = "b"', again + '[[aspect]]\ncode = "b"'))

    with pytest.raises(DataError, match=r"maturity\.level-double"):
        read_model(path)


def test_two_models_for_one_day_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD.replace("9.0", "9.1").replace("2030-01-01", "2031-01-01"), "9.1.toml")

    with pytest.raises(DataError, match=r"maturity\.overlap"):
        read_models(tmp_path)


def test_models_come_oldest_first(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    older = GOOD.replace("9.0", "9.1").replace("2030-01-01", "2029-01-01\nvalid_until = 2029-12-31")
    _write(tmp_path, older, "9.1.toml")

    assert [model.version for model in read_models(tmp_path)] == ["9.1", "9.0"]
