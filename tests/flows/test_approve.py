"""Flow ``approve``: what a person fills in becomes an approval, or a failed run that says why."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from flows.approve import approve
from flows.parameters import ApproveParameters

ROLES = '[[role]]\ncode = "golive"\npeople = ["Lieschen Müller", "Otto Normalverbraucher"]\n'


def _form(by: str, answer: str = "yes") -> ApproveParameters:
    return ApproveParameters.model_validate(
        {
            "kind": "golive-freigabe",
            "municipality": "Barnim",
            "service": "99010001001009",
            "by": by,
            "reason": "Test bestanden",
            "answer": answer,
        }
    )


@pytest.fixture
def roles(home: Path) -> Path:
    (home / "roles.toml").write_text(ROLES, encoding="utf-8")
    return home


def test_two_people_give_their_approval_through_the_form(roles: Path) -> None:
    first = approve(_form("Lieschen Müller"), return_state=True)
    second = approve(_form("Otto Normalverbraucher"), return_state=True)

    assert first.is_completed()
    assert "fehlen noch" in (first.message or "")
    assert "freigegeben von Lieschen Müller, Otto Normalverbraucher" in (second.message or "")


def test_who_lacks_the_role_sees_a_failed_run_with_the_reason(roles: Path) -> None:
    state = approve(_form("Erika Mustermann"), return_state=True)

    assert state.is_failed()
    assert "hat die Rolle „golive“ nicht" in (state.message or "")


def test_a_refusal_is_said_as_one(roles: Path) -> None:
    state = approve(_form("Lieschen Müller", "no"), return_state=True)

    assert "abgelehnt von Lieschen Müller" in (state.message or "")


def test_only_yes_and_no_can_be_chosen() -> None:
    with pytest.raises(ValidationError):
        _form("Lieschen Müller", "withdrawn")
