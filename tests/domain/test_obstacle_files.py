"""The list of obstacles: complete, sourced, and refused when it is faulty."""

from pathlib import Path

import pytest

from ozgflow.domain.obstacle_files import load_obstacle_kinds, read_obstacle_kinds
from ozgflow.errors import DataError

ONE = """[[obstacle]]
code = "kosten"
title = { de = "Kosten", en = "costs" }
means = { de = "Geld fehlt.", en = "No money." }
source = "x"
"""


def test_the_list_holds_what_the_model_municipalities_and_the_reuse_found() -> None:
    assert list(load_obstacle_kinds()) == [
        "interne-kommunikation",
        "akzeptanz",
        "kooperation",
        "kosten",
        "aufwand",
        "basisdienste",
        "schnittstellenstandards",
        "recht",
        "fachverfahren",
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "key"),
    [
        (ONE + "\n" + ONE, "obstacle.code-double", 8, "code"),
        (ONE.replace('source = "x"\n', ""), "toml.key-missing", 1, "source"),
        (ONE.replace(', en = "costs"', ""), "toml.text-missing", 3, "title"),
        (ONE + 'colour = "red"\n', "toml.key-unknown", 6, "colour"),
        ('rest = "x"\n' + ONE, "toml.key-unknown", 1, "rest"),
    ],
)
def test_a_faulty_list_is_refused_with_its_line(tmp_path: Path, text: str, code: str, line: int, key: str) -> None:
    path = tmp_path / "obstacles.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError) as refused:
        read_obstacle_kinds(path)

    assert refused.value.code == code
    assert (refused.value.params["file"], refused.value.params["line"]) == ("obstacles.toml", line)
    assert refused.value.params["key"] == key
