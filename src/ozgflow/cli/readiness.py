"""``ozgflow readiness``: what is missing, why, and the shortest way to the next stage."""

from typing import Annotated

import typer

from ozgflow.cli.console import print_json, print_table, say, today, wording, workspace
from ozgflow.domain.board import stage_title
from ozgflow.domain.evidence import Evidence
from ozgflow.domain.programme_files import load_evidence_kinds, load_programme
from ozgflow.domain.readiness import Prerequisite
from ozgflow.errors import UsageError
from ozgflow.jobs import readiness as jobs
from ozgflow.settings import DEFAULT_PROGRAMME, DEFAULT_SERVICE


def readiness(
    municipality: Annotated[
        str | None, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel; ohne Angabe: alle")
    ] = None,
    service: Annotated[
        str | None, typer.Option("--service", help="LeiKa-Schlüssel oder Gegenstand des Programms")
    ] = None,
    programme: Annotated[str, typer.Option("--programme", help="Programm")] = DEFAULT_PROGRAMME,
    as_json: Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")] = False,
) -> None:
    """Zeigt die Voraussetzungen einer Kommune, was fehlt und den kürzesten Weg zur nächsten Stufe.

    Ohne Kommune: welcher fehlende Nachweis allein wie viele Nachnutzungen aufhält.
    """
    procedure = load_programme(programme)
    if municipality is None:
        _print_unlocks(programme, as_json=as_json)
        return
    if service is None and procedure.items:
        raise UsageError("readiness.item-missing", known=", ".join(map(str, procedure.items)))
    with workspace() as opened:
        found = jobs.readiness(
            opened, procedure, municipality=municipality, service=service or DEFAULT_SERVICE, today=today()
        )
    if as_json:
        print_json(_data(found))
    else:
        _print(found)


def _print(found: jobs.Readiness) -> None:
    words = wording()
    title = words.text(
        "readiness.title", name=found.municipality.label, service=found.service.title, key=found.service.key
    )
    headings = (
        "label.dimension",
        "label.stage",
        "label.gate",
        "label.state",
        "label.proof",
        "label.until",
        "label.owner",
    )
    print_table(title, headings, (_row(found, one) for one in found.prerequisites))
    open_gates = sum(one.judged.result.is_open for one in found.prerequisites)
    say("readiness.sum", open=open_gates, total=len(found.prerequisites))
    say("readiness.standing", stage=stage_title(found.programme, found.stage, words))
    if not found.is_open:
        say("readiness.not-open")
    for one in found.prerequisites:
        if one.ends_soon and one.ends_on:
            say("readiness.ends-soon", gate=one.judged.gate.title, day=one.ends_on)
    _print_way(found)


def _print_way(found: jobs.Readiness) -> None:
    words = wording()
    way = found.way
    if not way.stage:
        say("readiness.end")
        return
    stage = stage_title(found.programme, way.stage, words)
    if not way.kinds and not way.beyond:
        say("readiness.free", stage=stage)
        return
    say("readiness.way", stage=stage, count=len(way.kinds))
    for number, kind in enumerate(way.kinds, 1):
        owner = words.text(f"owner.{kind.owner}")
        say("readiness.step", number=number, title=kind.title, code=kind.code, owner=owner)
        if found.unlocks[kind.code]:
            say("readiness.unlocks", count=found.unlocks[kind.code])
    for judged in way.beyond:
        say("readiness.beyond", gate=judged.gate.title, reason=judged.result.reason)


def _print_unlocks(programme: str, *, as_json: bool) -> None:
    with workspace() as opened:
        counts, total = jobs.all_unlocks(opened, load_programme(programme), today=today())
    if as_json:
        print_json({"programme": programme, "open": total, "unlocks": counts})
        return
    kinds = load_evidence_kinds()
    language = wording().language
    rows = (
        (kinds[code].title[language], code, wording().text(f"owner.{kinds[code].owner}"), f"{count} / {total}")
        for code, count in counts.items()
    )
    print_table(wording().text("readiness.unlock-title"), _UNLOCK_HEADINGS, rows)
    say("readiness.unlock-sum", count=sum(counts.values()), kinds=len(counts), total=total)


_HEADINGS = (
    "label.dimension",
    "label.stage",
    "label.gate",
    "label.state",
    "label.proof",
    "label.until",
    "label.owner",
)
_UNLOCK_HEADINGS = ("label.missing", "label.code", "label.owner", "label.holds-up")


def _row(found: jobs.Readiness, one: Prerequisite) -> tuple[str, ...]:
    words = wording()
    judged = one.judged
    state = words.text(f"gate-state.{judged.result.state}")
    owners = dict.fromkeys(words.text(f"owner.{kind.owner}") for kind in one.kinds)
    until = f"{one.ends_on:%d.%m.%Y}" if one.ends_on else "–"
    return (
        words.text(f"dimension.{judged.gate.dimension}"),
        stage_title(found.programme, judged.stage.code, words),
        judged.gate.title[words.language],
        f"{state}\n{words.render(judged.reason)}",
        _proof(one.evidence),
        until,
        ", ".join(owners) or "–",
    )


def _proof(entry: Evidence | None) -> str:
    """Evidence and its issuer."""
    if entry is None:
        return "–"
    return f"{entry.reference}\n{wording().text(f'source.{entry.source}')}: {entry.recorded_by}"


def _data(found: jobs.Readiness) -> dict[str, object]:
    words = wording()
    return {
        "programme": found.programme.code,
        "municipality": str(found.municipality.ars),
        "name": found.municipality.label,
        "service": str(found.service.key),
        "open": found.is_open,
        "stage": found.stage,
        "unconfirmed": found.unconfirmed,
        "prerequisites": [
            {
                "dimension": one.judged.gate.dimension,
                "stage": one.judged.stage.code,
                "gate": one.judged.gate.code,
                "title": one.judged.gate.title[words.language],
                "state": one.judged.result.state,
                "reason": words.render(one.judged.reason),
                "kinds": [kind.code for kind in one.kinds],
                "owners": [kind.owner for kind in one.kinds],
                "reference": one.evidence.reference if one.evidence else None,
                "recorded_by": one.evidence.recorded_by if one.evidence else None,
                "ends_on": one.ends_on.isoformat() if one.ends_on else None,
                "ends_soon": one.ends_soon,
                "needed": one.is_needed,
            }
            for one in found.prerequisites
        ],
        "next_stage": found.way.stage or None,
        "way": [
            {"kind": kind.code, "owner": kind.owner, "unlocks": found.unlocks[kind.code]} for kind in found.way.kinds
        ],
        "beyond": [judged.gate.code for judged in found.way.beyond],
    }
