"""Findings as they are made: all counted, as many kept as are shown, and each place told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozgflow.domain.findings import Finding
from ozgflow.domain.rules import RULES, Severity
from ozgflow.standards.collected import Collected
from ozgflow.standards.parsing import Limits
from ozgflow.standards.paths import place_of

ROOT = etree.fromstring("<r>" + "<a x='1'/>" * 60 + "<b/></r>")
ITEMS = list(ROOT)


def _findings(into: Collected) -> list[Finding]:
    return into.findings({}, lambda _place: 0)


def test_nothing_reported_is_nothing_found() -> None:
    into = Collected(Limits())

    assert not into
    assert (_findings(into), into.counts) == ([], {})


def test_a_finding_has_rule_path_line_and_the_name_in_its_sentence() -> None:
    into = Collected(Limits())

    into.report("xsd.value-type", ITEMS[1], "x", kind="int")

    (finding,) = _findings(into)
    assert (finding.rule, finding.path, finding.line) == ("xsd.value-type", "/r/a[2]/@x", 1)
    assert finding.message.params == {"name": "x", "kind": "int"}


def test_all_are_counted_and_as_many_kept_as_the_rule_may_have() -> None:
    into = Collected(Limits(findings=100, findings_per_rule=3))

    for one in ITEMS[:50]:
        into.report("xsd.value-type", one)

    assert len(_findings(into)) == 3
    assert into.counts == {"xsd.value-type": 50}


def test_the_first_of_each_kind_is_kept_even_behind_the_limit() -> None:
    into = Collected(Limits(findings=2))
    for one in ITEMS[:10]:
        into.report("codes.no-version", one)

    into.report("xsd.value-type", ITEMS[11])
    into.report("codes.no-version", ITEMS[12], level=Severity.NOTE)

    assert [finding.rule for finding in _findings(into)] == [
        "codes.no-version",
        "codes.no-version",
        "xsd.value-type",
        "codes.no-version",
    ]


def test_one_rule_at_one_place_is_told_and_counted_once() -> None:
    into = Collected(Limits())

    for _ in range(3):
        into.report("xsd.value-type", ITEMS[0])

    assert len(_findings(into)) == 1
    assert into.counts == {"xsd.value-type": 1}


@pytest.mark.parametrize("rule", ["codes.unknown-code", "key.ars-malformed"])
def test_what_the_schema_finds_at_a_place_is_not_told_twice(rule: str) -> None:
    into = Collected(Limits())

    into.report("xsd.value-type", ITEMS[0], "x")
    into.report(rule, ITEMS[0])
    into.report(rule, ITEMS[1])

    assert [(finding.rule, finding.path) for finding in _findings(into)] == [
        ("xsd.value-type", "/r/a[1]/@x"),
        (rule, "/r/a[2]"),
    ]
    assert into.counts[rule] == 1


def test_how_often_a_rule_is_broken_in_truth_is_said() -> None:
    into = Collected(Limits())
    into.report("xsd.value-type", ITEMS[0])

    into.at_least("xsd.value-type", 400)
    into.at_least("xsd.value-type", 7)

    assert into.counts == {"xsd.value-type": 400}


def test_the_meaning_of_a_name_goes_with_the_finding() -> None:
    into = Collected(Limits())
    into.report("xsd.value-type", ITEMS[0])

    (finding,) = into.findings({"a": "Angabe"}, lambda _place: 7)

    assert (finding.meaning, finding.column) == ("Angabe", 7)


@given(
    reports=st.lists(st.tuples(st.sampled_from(sorted(RULES)), st.integers(0, 60)), max_size=150),
    most=st.integers(1, 20),
    each=st.integers(1, 10),
)
def test_however_many_there_are_every_rule_is_kept_once_at_least_and_the_limits_hold(
    reports: list[tuple[str, int]], most: int, each: int
) -> None:
    into = Collected(Limits(findings=most, findings_per_rule=each))

    for rule, number in reports:
        into.report(rule, ITEMS[number])

    found = _findings(into)
    kinds = {rule for rule, _ in reports}
    assert len(found) <= max(most, 0) + len(kinds)
    assert {finding.rule for finding in found} <= kinds
    assert {rule for rule in kinds if rule.startswith("xsd.")} <= {finding.rule for finding in found}
    assert all(sum(one.rule == rule for one in found) <= each for rule in kinds)


def test_a_place_that_is_held_is_the_place() -> None:
    into = Collected(Limits())

    assert into.place(into.hold(ITEMS[3], "x")) == place_of(ITEMS[3], "x")


def test_another_maker_of_places_is_asked_at_once() -> None:
    into = Collected(Limits(), lambda element, _attribute: place_of(element, "anders"))

    assert into.place(into.hold(ITEMS[3], "x")) == place_of(ITEMS[3], "anders")
