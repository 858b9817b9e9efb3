"""``ozgflow approve`` and ``ozgflow audit``: approvals by name, and the log of all attempts."""

from typing import Annotated

import typer

from ozgflow.cli.console import now, print_json, print_table, say, settings, today, wording, workspace
from ozgflow.domain.evidence import Answer
from ozgflow.domain.roles import read_roles
from ozgflow.jobs import approvals as jobs
from ozgflow.jobs.workspace import refresh_catalogue
from ozgflow.settings import LOCAL_TIME
from ozgflow.storage.audit import AuditEntry


def approve(
    kind: Annotated[str, typer.Option("--kind", help="Freigabe, zum Beispiel golive-freigabe")],
    municipality: Annotated[str, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel")],
    by: Annotated[str, typer.Option("--by", help="wer freigibt, wie in der Rollendatei geschrieben")],
    reason: Annotated[str, typer.Option("--reason", help="Begründung, ohne Angaben zu Antragstellern")],
    service: Annotated[
        str | None, typer.Option("--service", help="LeiKa-Schlüssel oder Gegenstand eines Programms")
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="ablehnen statt freigeben")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Erteilt eine Freigabe oder lehnt sie ab; jeder Versuch steht im Protokoll."""
    wanted = jobs.Approval(
        kind=kind,
        municipality=municipality,
        service=service,
        by=by,
        reason=reason,
        answer=Answer.NO if refuse else Answer.YES,
    )
    with workspace() as opened:
        refresh_catalogue(opened)
        done = jobs.approve(opened, read_roles(settings().roles), wanted, today=today(), now=now())
        name = opened.catalogue.name_of(done.entry.municipality)
    if as_json:
        print_json({"kind": kind, "answer": wanted.answer, "people": list(done.people), "missing": done.missing})
        return
    title = done.kind.title[wording().language]
    if refuse:
        say("approval.refused", title=title, name=name, person=by)
    elif done.missing:
        say("approval.more", title=title, name=name, missing=done.missing)
    else:
        say("approval.done", title=title, name=name, people=", ".join(done.people))


def audit(
    about: Annotated[str, typer.Option("--about", help="nur Einträge zu diesem Schlüssel oder Code")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Zeigt das Protokoll: wer wann was versucht hat, auch das Abgelehnte."""
    with workspace() as opened:
        entries = jobs.audit_log(opened, target=about)
    if as_json:
        print_json([_data(entry) for entry in entries])
        return
    headings = ("label.when", "label.by", "label.action", "label.target", "label.outcome", "label.reason")
    print_table("", headings, (_row(entry) for entry in entries))
    say("audit.count", count=len(entries))


def _row(entry: AuditEntry) -> tuple[str, ...]:
    words = wording()
    change = "" if entry.before == entry.after else f"\n{_listed(entry.before)} → {_listed(entry.after)}"
    return (
        f"{entry.at.astimezone(LOCAL_TIME):%d.%m.%Y %H:%M}",
        entry.who,
        entry.action,
        entry.target,
        words.text(f"audit.{entry.outcome}") + change,
        words.render(entry.reason),
    )


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) or "–" if isinstance(value, list) else str(value)


def _data(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "action": entry.action,
        "target": entry.target,
        "outcome": entry.outcome,
        "reason": wording().render(entry.reason),
        "before": entry.before,
        "after": entry.after,
    }
