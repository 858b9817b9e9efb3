"""The start view for programs: the same facts as on the terminal, with every name."""

from collections.abc import Iterable

from ozgflow.cli.console import wording
from ozgflow.domain.house import Expiry, without
from ozgflow.domain.keys import Ars
from ozgflow.domain.start_view import Change, HeldGroup, StartView, held_groups
from ozgflow.jobs.workspace import Workspace


def view_data(opened: Workspace, view: StartView, limit: int | None) -> dict[str, object]:
    """The start view as JSON-ready data.

    Args:
        opened: the workspace, for names.
        view: the view.
        limit: how many entries each list has at most; ``None`` for all. Counts are always of all.
    """
    words = wording()
    groups = held_groups(view.boards)
    stepping = [ars for ars in view.taking_part if ars in view.steps]
    return {
        "as_of": view.as_of.isoformat(),
        "empty": view.is_empty,
        "rollouts": {
            "total": len(view.rows),
            "held": len(view.held),
            "ready": sum(bool(row.assessment.moves) for row in view.rows),
            "groups": [_group(group) for group in groups[:limit]],
            "groups_total": len(groups),
            "unjudged": [{"name": one.name, "reason": words.render(one.reason)} for one in view.unjudged[:limit]],
            "unjudged_total": len(view.unjudged),
        },
        "steps": {
            "total": len(view.taking_part),
            "with_step": len(stepping),
            "open": [{**_name(opened, ars), "text": view.steps[ars].text} for ars in stepping[:limit]],
            "without_step": _names(opened, without(view.taking_part, view.steps)),
            "without_contact": _names(opened, without(view.taking_part, view.contacts)),
        },
        "expiring": {
            "days": view.warning_days,
            "total": len(view.expiring),
            "evidence": [_expiry(opened, expiry) for expiry in view.expiring[:limit]],
        },
        "changes": {
            "since": view.since.isoformat(),
            "total": len(view.changes),
            "entries": [_change(opened, change) for change in view.changes[:limit]],
        },
        "undertakings": {
            "total": view.undertakings,
            "warned": [
                {"code": one.undertaking.code, "warnings": [words.render(warning) for warning in one.warnings]}
                for one in view.warned
            ],
        },
    }


def _group(group: HeldGroup) -> dict[str, object]:
    words = wording()
    return {
        "programme": group.programme.code,
        "stage": group.stage.code,
        "gate": group.gate.code,
        "unconfirmed": group.is_unconfirmed,
        "reasons": [words.render(reason) for reason in group.reasons],
        "count": len(group.rows),
        "total": group.total,
        "municipalities": [str(row.municipality.ars) for row in group.rows],
    }


def _expiry(opened: Workspace, expiry: Expiry) -> dict[str, object]:
    entry = expiry.evidence
    return {
        **_name(opened, entry.municipality),
        "kind": entry.kind,
        "service": str(entry.service) if entry.service else None,
        "subject": entry.subject,
        "reference": entry.reference,
        "last_day": expiry.last_day.isoformat(),
        "by_age": expiry.by_age,
    }


def _change(opened: Workspace, change: Change) -> dict[str, object]:
    return {
        **_name(opened, change.municipality),
        "at": change.at.isoformat(),
        "kind": change.kind,
        "what": wording().render(change.sentence),
        "by": change.by,
    }


def _names(opened: Workspace, municipalities: Iterable[Ars]) -> list[dict[str, object]]:
    return [_name(opened, ars) for ars in municipalities]


def _name(opened: Workspace, ars: Ars) -> dict[str, object]:
    return {"municipality": str(ars), "name": opened.catalogue.name_of(ars)}
