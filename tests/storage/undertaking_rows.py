"""Good, bad and loose rows of undertakings, contacts and next steps, for the tests of what the database refuses."""

from typing import Any

import ozgflow.storage.house_tables
import ozgflow.storage.undertaking_tables  # noqa: F401 - both fill SQLModel.metadata
from tests.conftest import NOW, TODAY
from tests.storage.rows import BARNIM

_GOAL = {"undertaking": "dk-pm", "goal": "antrag"}
_NAMED = {"person": "Erika Mustermann", "named_by": "Max Mustermann", "named_at": NOW}
GOOD: dict[str, dict[str, Any]] = {
    "undertaking": {
        "code": "dk-pm",
        "programme": "digitalkommune",
        "title": "x",
        "planned_since": TODAY,
        "created_by": "Erika Mustermann",
        "created_at": NOW,
    },
    "undertaking_user": {"undertaking": "dk-pm", "municipality": str(BARNIM), "joined_at": NOW},
    "undertaking_goal": {"undertaking": "dk-pm", "code": "antrag", "title": "x", "added_at": NOW},
    "goal_work": {
        **_GOAL,
        "number": 1,
        "kind": "note",
        "text": "x",
        "day": TODAY,
        "done_in": "dk-pm",
        "recorded_by": "Erika Mustermann",
        "recorded_at": NOW,
    },
    "goal_fate": {**_GOAL, "number": 1, "successor": None, "reason": "x", "decided_by": "x", "decided_at": NOW},
    "contact": {"municipality": str(BARNIM), **_NAMED},
    "contact_change": {"municipality": str(BARNIM), "number": 1, **_NAMED},
    "next_step": {"municipality": str(BARNIM), "number": 1, "text": "x", "added_by": "x", "added_at": NOW},
}
_TO_A_GOAL = ["undertaking", "undertaking_goal"]
PARENTS = {
    "undertaking_user": ["undertaking"],
    "undertaking_goal": ["undertaking"],
    "goal_work": _TO_A_GOAL,
    "goal_fate": _TO_A_GOAL,
}
BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("undertaking", "ck_undertaking_words", {"code": ""}),
    ("undertaking", "ck_undertaking_words", {"title": ""}),
    ("undertaking", "ck_undertaking_words", {"created_by": ""}),
    ("undertaking", "ck_undertaking_transfer", {"transferred_at": NOW}),
    ("undertaking", "ck_undertaking_transfer", {"transferred_by": "x"}),
    ("undertaking_goal", "ck_goal_words", {"code": ""}),
    ("undertaking_goal", "ck_goal_words", {"title": ""}),
    ("goal_work", "ck_work_number", {"number": 0}),
    ("goal_work", "ck_work_kind", {"kind": "dream"}),
    ("goal_work", "ck_work_words", {"text": ""}),
    ("goal_work", "ck_work_words", {"recorded_by": ""}),
    ("goal_fate", "ck_fate_number", {"number": 0}),
    ("goal_fate", "ck_fate_reason", {"reason": ""}),
    ("goal_fate", "ck_fate_other", {"successor": "dk-pm", "reason": ""}),
    ("contact", "ck_contact_words", {"person": ""}),
    ("contact", "ck_contact_words", {"named_by": ""}),
    ("contact_change", "ck_contact_change_number", {"number": 0}),
    ("contact_change", "ck_contact_change_words", {"person": ""}),
    ("next_step", "ck_next_step_number", {"number": 0}),
    ("next_step", "ck_next_step_words", {"text": ""}),
    ("next_step", "ck_next_step_words", {"added_by": ""}),
    ("next_step", "ck_next_step_done", {"done_at": NOW}),
    ("next_step", "ck_next_step_done", {"done_by": "x"}),
]
LOOSE: list[tuple[str, dict[str, Any]]] = [
    ("undertaking_user", {"undertaking": "another"}),
    ("undertaking_goal", {"undertaking": "another"}),
    ("goal_work", {"goal": "another"}),
    ("goal_fate", {"goal": "another"}),
    ("contact", {"municipality": "129990000000"}),
    ("contact_change", {"municipality": "129990000000"}),
    ("next_step", {"municipality": "129990000000"}),
]
