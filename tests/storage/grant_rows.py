"""Rows of the tables of grants that are good, and some that the database refuses."""

from datetime import date
from typing import Any

from tests.conftest import NOW
from tests.storage.rows import BARNIM

_KEY = {"programme": "probe", "case_number": "SVA 1/2024"}
GOOD: dict[str, dict[str, Any]] = {
    "grant_application": {
        **_KEY,
        "municipality": str(BARNIM),
        "applied_on": date(2024, 3, 1),
        "requested": 2_000_000,
        "purposes": ["anpassung"],
        "state": "granted",
        "granted": 2_000_000,
        "paid": 500_000,
        "directive": "richtlinie-2021",
    },
    "grant_place": {**_KEY, "year": 2024, "place": 1, "quota": 1},
    "grant_step": {
        **_KEY,
        "number": 1,
        "state": "granted",
        "reason": {},
        "trace": [],
        "done_by": "x",
        "done_at": NOW,
    },
    "grant_payment": {**_KEY, "reference": "Beleg 1", "amount": 500_000, "paid_on": date(2024, 9, 1)},
}
BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("grant_application", "ck_grant_key", {"case_number": ""}),
    ("grant_application", "ck_grant_key", {"programme": ""}),
    ("grant_application", "ck_grant_state", {"state": "perhaps", "granted": 0, "paid": 0}),
    ("grant_application", "ck_grant_requested", {"requested": 0, "state": "requested", "granted": 0, "paid": 0}),
    ("grant_application", "ck_grant_granted", {"granted": 2_000_001}),
    ("grant_application", "ck_grant_paid", {"paid": -1}),
    ("grant_application", "ck_grant_promised", {"state": "rejected"}),
    ("grant_application", "ck_grant_promised", {"granted": 0, "paid": 0}),
    ("grant_application", "ck_grant_paid_up", {"state": "paid"}),
    ("grant_application", "ck_grant_paid_up", {"paid": 2_000_000}),
    ("grant_application", "ck_grant_directive", {"directive": None}),
    ("grant_place", "ck_grant_place", {"place": 2}),
    ("grant_place", "ck_grant_place", {"place": 0}),
    ("grant_step", "ck_grant_step_number", {"number": 0}),
    ("grant_step", "ck_grant_step_state", {"state": "perhaps"}),
    ("grant_step", "ck_grant_step_by", {"done_by": ""}),
    ("grant_payment", "ck_grant_payment_amount", {"amount": 0}),
    ("grant_payment", "ck_grant_payment_reference", {"reference": ""}),
]
LOOSE: list[tuple[str, dict[str, Any]]] = [
    ("grant_application", {"municipality": "129990000000"}),
    ("grant_place", {}),
    ("grant_step", {}),
    ("grant_payment", {}),
]
