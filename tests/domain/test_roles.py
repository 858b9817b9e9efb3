"""The file of roles: who may approve what."""

from pathlib import Path

import pytest

from ozgflow.domain.roles import read_roles
from ozgflow.errors import DataError

GOOD = '[[role]]\ncode = "golive"\npeople = ["Lieschen Müller", "Otto Normalverbraucher"]\n'


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_person_has_the_roles_that_the_file_gives(tmp_path: Path) -> None:
    roles = read_roles(_write(tmp_path, GOOD))

    assert roles.allow("Lieschen Müller", "golive")
    assert not roles.allow("Lieschen Müller", "programmleitung")
    assert not roles.allow("Max Mustermann", "golive")


def test_without_a_file_nobody_has_a_role(tmp_path: Path) -> None:
    assert not read_roles(tmp_path / "roles.toml").allow("Lieschen Müller", "golive")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD + GOOD, 5),
        (GOOD.replace("people", "persons"), 1),
        (GOOD.replace('["Lieschen Müller", "Otto Normalverbraucher"]', "[]"), 3),
        (GOOD.replace('"Lieschen Müller"', "7"), 3),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(DataError) as refused:
        read_roles(_write(tmp_path, text))

    assert refused.value.params["line"] == line
