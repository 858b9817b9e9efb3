"""``ozgflow obstacle``: name and clear what holds rollouts, and report on it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.cli.obstacle_text import obstacle_data, obstacle_row, print_report, report_data
from ozgflow.domain.obstacle_files import load_obstacle_kinds
from ozgflow.domain.obstacles import obstacle_title
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs import obstacles as jobs
from ozgflow.jobs.plan import choose_services
from ozgflow.jobs.rollout import open_keys
from ozgflow.jobs.workspace import Workspace
from ozgflow.settings import DEFAULT_PROGRAMME, default_services

app = typer.Typer(help="Hemmnisse nennen, aufheben und auswerten.", no_args_is_help=True, rich_markup_mode="rich")

Kind = Annotated[str, typer.Argument(help="Hemmnis, zum Beispiel kosten; die Liste zeigt ozgflow obstacle kinds")]
Municipality = Annotated[str, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel")]
Municipalities = Annotated[
    list[str],
    typer.Option("--municipality", help="Kommune nach Name oder Schlüssel; mehrfach möglich", metavar="NAME|ARS"),
]
Service = Annotated[
    str | None,
    typer.Option("--service", help="LeiKa-Schlüssel oder Gegenstand des Programms", metavar="LEIKA|CODE"),
]
Services = Annotated[
    list[str],
    typer.Option("--service", help="LeiKa-Schlüssel oder Gegenstand; mehrfach möglich", metavar="LEIKA|CODE"),
]
Programme = Annotated[str, typer.Option("--programme", help="Programm, zum Beispiel efa-nachnutzung")]
Owner = Annotated[str, typer.Option("--owner", help="wer das Hemmnis ausräumt: Stelle oder Name")]
By = Annotated[str, typer.Option("--by", help="Wer das erfasst")]
Day = Annotated[str | None, typer.Option("--day", help="seit oder an welchem Tag; ohne Angabe heute", metavar=DAY)]
Note = Annotated[str, typer.Option("--note", help="Bemerkung, ohne Angaben zu Antragstellern")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Stichtag; ohne Angabe heute", metavar=DAY)]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command()
def add(
    kind: Kind,
    municipality: Municipality,
    owner: Owner,
    by: By,
    service: Service = None,
    programme: Programme = DEFAULT_PROGRAMME,
    day: Day = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Nennt ein Hemmnis einer Nachnutzung; dasselbe Hemmnis ist höchstens einmal offen."""
    with workspace() as opened:
        key = _key(opened, programme, service, municipality)
        added = jobs.raise_obstacle(
            opened, key, kind=kind, owner=owner, by=by, day=_day(day), today=today(), now=now(), note=note
        )
    _tell(
        opened, key, kind, "obstacle.added" if added else "obstacle.known", done=added, as_json=as_json, owner=owner
    )


@app.command()
def clear(
    kind: Kind,
    municipality: Municipality,
    by: By,
    service: Service = None,
    programme: Programme = DEFAULT_PROGRAMME,
    day: Day = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Hebt ein Hemmnis auf; was schon aufgehoben ist, bleibt, wie es ist."""
    with workspace() as opened:
        key = _key(opened, programme, service, municipality)
        done = jobs.clear_obstacle(opened, key, kind=kind, by=by, day=_day(day), today=today(), now=now(), note=note)
    _tell(opened, key, kind, "obstacle.cleared" if done else "obstacle.not-open", done=done, as_json=as_json)


@app.command("list")
def list_(
    service: Services = [],  # noqa: B006 - typer reads the default and never changes it
    programme: Programme = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    cleared: Annotated[bool, typer.Option("--all", help="auch die aufgehobenen")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt die offenen Hemmnisse mit Alter und Zuständigen."""
    day = _day(as_of)
    with workspace() as opened:
        keys = _chosen(opened, programme, service, municipality)
        known = jobs.obstacles(opened, keys, today=day)
    shown = [one for one in known if cleared or one.is_open]
    if as_json:
        print_json([obstacle_data(one, day) for one in shown])
        return
    headings = (
        "label.municipality",
        "label.obstacle",
        "label.obstacle-since",
        "label.obstacle-days",
        "label.obstacle-owner",
        "label.obstacle-note",
    )
    print_table(
        "", headings, (obstacle_row(one, opened.catalogue.name_of(one.key.municipality), day) for one in shown)
    )
    still_open = [one for one in known if one.is_open]
    rollouts = len({one.key for one in still_open})
    say("obstacle.count", open=len(still_open), rollouts=rollouts, total=len(keys), day=day)


@app.command()
def report(
    service: Services = [],  # noqa: B006
    programme: Programme = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt, wie alt die Hemmnisse sind, welche je Themenfeld am häufigsten sind, und wer keines nennt."""
    procedure, day = load_programme(programme), _day(as_of)
    with workspace() as opened:
        keys = _chosen(opened, programme, service, municipality)
        found = jobs.report_obstacles(opened, procedure, keys, today=day, looking_back=day < today())
    if as_json:
        print_json(report_data(found, programme))
    else:
        print_report(found, procedure, opened.catalogue)
    if found.unjudged:
        raise typer.Exit(3)


@app.command()
def kinds(as_json: AsJson = False) -> None:
    """Zeigt die Liste der Hemmnisse."""
    language, known = wording().language, load_obstacle_kinds().values()
    if as_json:
        print_json([{"code": one.code, "title": one.title[language], "means": one.means[language]} for one in known])
        return
    headings = ("label.code", "label.obstacle", "label.means", "label.source")
    print_table("", headings, ((one.code, one.title[language], one.means[language], one.source) for one in known))


def _day(text: str | None) -> date:
    return parse_day(text) if text else today()


def _key(opened: Workspace, programme: str, service: str | None, word: str) -> RolloutKey:
    """The one rollout that the options name.

    Raises:
        UsageError: a name is unknown, or the programme has several items and none is named.
    """
    words = [service] if service else default_services(programme)
    found = choose_services(opened.catalogue, load_programme(programme), words)
    if len(found) > 1:
        raise UsageError("obstacle.service-missing", known=", ".join(str(one.key) for one in found))
    return RolloutKey(
        programme=programme,
        service=found[0].key,
        municipality=opened.catalogue.select_municipalities([word])[0].ars,
    )


def _chosen(opened: Workspace, programme: str, services: Sequence[str], words: Sequence[str]) -> list[RolloutKey]:
    """The open rollouts that the options name."""
    named = {entry.ars for entry in opened.catalogue.select_municipalities(words)}
    keys = [key for key in open_keys(opened, programme, services) if not words or key.municipality in named]
    if not keys:
        raise UsageError("rollout.none-open", programme=programme)
    return keys


def _tell(
    opened: Workspace, key: RolloutKey, kind: str, code: str, *, done: bool, as_json: bool, owner: str = ""
) -> None:
    if as_json:
        print_json(
            {
                "changed": done,
                "programme": key.programme,
                "service": str(key.service),
                "municipality": str(key.municipality),
                "kind": kind,
            }
        )
        return
    title = obstacle_title(load_obstacle_kinds(), kind, wording())
    say(code, title=title, name=opened.catalogue.name_of(key.municipality), owner=owner.strip())
