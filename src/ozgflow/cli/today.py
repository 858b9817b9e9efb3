"""``ozgflow today``: the start view."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, TypeVar

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.cli.today_data import view_data
from ozgflow.domain.house import Expiry, without
from ozgflow.domain.keys import Ars
from ozgflow.domain.programme_files import load_evidence_kinds
from ozgflow.domain.start_view import Change, ChangeKind, HeldGroup, StartView, held_groups
from ozgflow.jobs.today import start_view
from ozgflow.jobs.workspace import Workspace
from ozgflow.settings import LOCAL_TIME

SHOWN = 10
_NAMES = 5
Item = TypeVar("Item")


def today_(
    municipality: Annotated[
        list[str],
        typer.Option("--municipality", help="nur diese Kommune; mehrfach möglich", metavar="NAME|ARS"),
    ] = [],  # noqa: B006 - typer reads the default and never changes it
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Stufen und Nachweise an diesem Tag; ohne Angabe heute", metavar=DAY)
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(help="so viele Zeilen je Abschnitt; ohne Angabe 10, als JSON alle", min=1, metavar="ANZAHL"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Zeigt, wer aufgehalten ist und warum, was zu tun ist, was abläuft und was sich letzte Nacht geändert hat."""
    day = parse_day(as_of) if as_of else today()
    with workspace() as opened:
        view = start_view(opened, wording(), today=day, now=now(), municipalities=municipality)
    if as_json:
        print_json(view_data(opened, view, limit))
    elif view.is_empty:
        say("today.empty")
    else:
        _print(opened, view, limit or SHOWN)


def _print(opened: Workspace, view: StartView, limit: int) -> None:
    say("today.title", day=view.as_of)
    _print_held(view, limit)
    _print_steps(opened, view, limit)
    _print_expiring(opened, view, limit)
    _print_changes(opened, view, limit)
    if view.undertakings:
        say("today.undertakings", count=len(view.warned), total=view.undertakings)
    for one in view.warned[:limit]:
        for warning in one.warnings:
            say("undertaking.warning", undertaking=one.undertaking.code, warning=warning)
    _say_more(view.warned, limit)


def _print_held(view: StartView, limit: int) -> None:
    ready = sum(bool(row.assessment.moves) for row in view.rows)
    code = "today.held" if view.held else "today.held-none"
    say(code, count=len(view.held), total=len(view.rows), ready=ready)
    groups = held_groups(view.boards)
    if groups:
        rows = [_group_row(group) for group in groups[:limit]]
        print_table("", ("label.count", "label.reason", "label.who"), rows)
    _say_more(groups, limit)
    for one in view.unjudged[:limit]:
        say("rollout.failed", name=one.name, reason=one.reason)
    _say_more(view.unjudged, limit)


def _group_row(group: HeldGroup) -> tuple[str, str, str]:
    words = wording()
    first, more = words.render(group.reasons[0]), len(group.reasons) - 1
    reason = words.text("today.reasons-more", reason=first, more=more) if more else first
    code = "today.group-unconfirmed" if group.is_unconfirmed else "today.group"
    sentence = words.text(
        code,
        programme=group.programme.title[words.language],
        stage=group.stage.title[words.language],
        gate=group.gate.title[words.language],
        reason=reason,
    )
    count = words.text("today.group-count", count=len(group.rows), total=group.total)
    names = list(dict.fromkeys(row.municipality.label for row in group.rows))
    return count, sentence, _names(names)


def _print_steps(opened: Workspace, view: StartView, limit: int) -> None:
    total = len(view.taking_part)
    stepping = [ars for ars in view.taking_part if ars in view.steps]
    say("today.steps", count=len(stepping), total=total)
    rows = [
        (
            opened.catalogue.name_of(ars),
            view.contacts[ars].person if ars in view.contacts else "–",
            view.steps[ars].text,
        )
        for ars in stepping[:limit]
    ]
    if rows:
        print_table("", ("label.municipality", "label.contact", "label.next-step"), rows)
    _say_more(stepping, limit)
    for code, held in (("today.without-step", view.steps.keys()), ("today.without-contact", view.contacts.keys())):
        lacking = [opened.catalogue.name_of(ars) for ars in without(view.taking_part, held)]
        if lacking:
            say(code, count=len(lacking), total=total, names=_names(lacking))


def _print_expiring(opened: Workspace, view: StartView, limit: int) -> None:
    say("today.expiring", days=view.warning_days, count=len(view.expiring))
    rows = [_expiry_row(opened, view, expiry) for expiry in view.expiring[:limit]]
    if rows:
        print_table("", ("label.last-day", "label.municipality", "label.evidence", "label.reference"), rows)
    _say_more(view.expiring, limit)


def _expiry_row(opened: Workspace, view: StartView, expiry: Expiry) -> tuple[str, ...]:
    words, kinds, entry = wording(), load_evidence_kinds(), expiry.evidence
    left = (expiry.last_day - view.as_of).days
    day = words.text("today.by-age" if expiry.by_age else "today.valid-until", day=expiry.last_day, left=left)
    title = kinds[entry.kind].title[words.language] if entry.kind in kinds else entry.kind
    evidence = "\n".join(filter(None, (title, str(entry.service or ""), entry.subject)))
    return day, opened.catalogue.name_of(entry.municipality), evidence, entry.reference


def _print_changes(opened: Workspace, view: StartView, limit: int) -> None:
    since = f"{view.since.astimezone(LOCAL_TIME):%d.%m.%Y %H:%M}"
    where: set[Ars] = {change.municipality for change in view.changes}
    say("today.changes", since=since, count=len(view.changes), municipalities=len(where))
    if not view.changes:
        return
    kinds = Counter(change.kind for change in view.changes)
    say(
        "today.change-counts",
        moves=kinds[ChangeKind.MOVE],
        evidence=kinds[ChangeKind.EVIDENCE],
        contacts=kinds[ChangeKind.CONTACT],
        steps=kinds[ChangeKind.STEP_ADDED] + kinds[ChangeKind.STEP_DONE],
    )
    rows = [_change_row(opened, change) for change in view.changes[:limit]]
    print_table("", ("label.when", "label.municipality", "label.what-changed"), rows)
    _say_more(view.changes, limit)


def _change_row(opened: Workspace, change: Change) -> tuple[str, str, str]:
    when = f"{change.at.astimezone(LOCAL_TIME):%d.%m.%Y %H:%M}\n{change.by}"
    return when, opened.catalogue.name_of(change.municipality), wording().render(change.sentence)


def _names(names: Sequence[str]) -> str:
    """A few names, and how many more there are; all stand in the JSON."""
    shown, more = ", ".join(names[:_NAMES]), len(names) - _NAMES
    return wording().text("today.names-more", names=shown, more=more) if more > 0 else shown


def _say_more(items: Sequence[Item], limit: int) -> None:
    if len(items) > limit:
        say("today.more", more=len(items) - limit)
