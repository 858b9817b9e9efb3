"""``ozgflow rollout``: open, advance and show rollouts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ozgflow.cli import takeover
from ozgflow.cli.board import board_data, move_data, move_row, print_board
from ozgflow.cli.console import now, print_json, print_table, say, today, wording, workspace
from ozgflow.domain.board import Board
from ozgflow.domain.findings import Verdict
from ozgflow.domain.laender import HOME_LAND, find_land
from ozgflow.domain.municipalities import MunicipalityKind
from ozgflow.domain.programme_files import load_programme
from ozgflow.domain.programmes import START, Programme
from ozgflow.domain.rollouts import RolloutKey
from ozgflow.errors import UsageError
from ozgflow.jobs import rollout as jobs
from ozgflow.jobs.documents import DocumentSummary, check_documents
from ozgflow.jobs.obstacles import open_obstacles
from ozgflow.jobs.opening import Opened
from ozgflow.jobs.opening import start as open_all
from ozgflow.jobs.plan import Plan, plan_rollouts
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.reports.board_page import board_page
from ozgflow.reports.files import write_file
from ozgflow.settings import DEFAULT_PROGRAMME, default_services

BY = "ozgflow rollout"

app = typer.Typer(
    help="Nachnutzungen beginnen, vorrücken und ansehen.", no_args_is_help=True, rich_markup_mode="rich"
)

app.command("import")(takeover.import_)

Services = Annotated[
    list[str],
    typer.Option(
        "--service",
        help="LeiKa-Schlüssel oder Gegenstand des Programms; mehrfach möglich. Ohne Angabe: alle Gegenstände "
        "des Programms, sonst die Aufenthaltserlaubnis zum Zweck der Beschäftigung",
        metavar="LEIKA|CODE",
    ),
]
Programmes = Annotated[str, typer.Option("--programme", help="Programm, zum Beispiel efa-nachnutzung")]
Municipalities = Annotated[
    list[str],
    typer.Option("--municipality", help="Kommune nach Name oder Schlüssel; mehrfach möglich", metavar="NAME|ARS"),
]
Kinds = Annotated[list[MunicipalityKind], typer.Option("--kind", help="alle Kommunen dieser Art; mehrfach möglich")]
Lands = Annotated[
    str,
    typer.Option("--land", help="Land, dessen zuständige Kommunen gemeint sind, zum Beispiel NI", metavar="LAND"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="nur zeigen, nichts schreiben")]
Expect = Annotated[
    str | None,
    typer.Option(
        "--expect", help="Exit-Code 1, wenn eine Nachnutzung diese Stufe nicht erreicht hat", metavar="STUFE"
    ),
]


@app.command()
def start(
    service: Services = [],  # noqa: B006 - typer reads the default and never changes it
    programme: Programmes = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    kind: Kinds = [],  # noqa: B006
    land: Lands = HOME_LAND,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Eröffnet Nachnutzungen in allen zuständigen oder den genannten Kommunen, die teilnehmen dürfen."""
    with workspace() as opened:
        plan = _plan(opened, programme, service, municipality, kind, land)
        done = Opened()
        if not dry_run:
            refresh_catalogue(opened)
            done = open_all(opened, plan.programme, plan.keys, today=today(), now=now())
        refused = [(opened.catalogue.name_of(one.key.municipality), one) for one in done.refused]
    data: dict[str, object] = {"programme": programme, "competent": len(plan.keys), "opened": done.count}
    if as_json:
        data["refused"] = [
            {"municipality": str(one.key.municipality), "name": name, "reason": wording().render(one.reason)}
            for name, one in refused
        ]
        print_json({**data, "dry_run": dry_run})
    else:
        say("rollout.opened-dry" if dry_run else "rollout.opened", total=len(plan.keys), opened=done.count)
        for name, one in refused:
            say("rollout.refused", name=name, reason=one.reason)
    if refused and not done.count:
        raise typer.Exit(1)


@app.command()
def advance(
    service: Services = [],  # noqa: B006
    programme: Programmes = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    kind: Kinds = [],  # noqa: B006
    land: Lands = HOME_LAND,
    documents: Annotated[
        Path | None,
        typer.Option(help="Ordner mit gelieferten Nachrichten: <ARS>/<LeiKa-Schlüssel>/*.xml", metavar="ORDNER"),
    ] = None,
    dry_run: DryRun = False,
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Prüft gelieferte Nachrichten und rückt Nachnutzungen so weit vor, wie ihre Nachweise tragen."""
    with workspace() as opened:
        plan = _plan(opened, programme, service, municipality, kind, land)
        wanted = _wanted(plan.programme, expect)
        keys = plan.keys if dry_run else jobs.require_open(opened, plan.keys)
        checked = DocumentSummary()
        if documents is not None:
            checked = check_documents(opened, documents, keys, now=now(), dry_run=dry_run)
        assumed = checked.evidence if dry_run else ()
        moved = jobs.advance(
            opened, plan.programme, keys, today=today(), now=now(), by=BY, dry_run=dry_run, assumed=assumed
        )
        shown = jobs.board(opened, plan.programme, keys, today=today())
    if as_json:
        print_json(_advance_data(checked, moved, dry_run=dry_run))
    else:
        _print_advance(opened, shown, checked, moved, dry_run=dry_run)
    stages = dict.fromkeys(keys, START) | _stages(shown) | {step.key: step.target for step in moved.moved}
    reached = [plan.programme.position(stage) for stage in stages.values()]
    _leave(wanted, reached, troubled=bool(checked.failures or moved.failures))


@app.command()
def status(
    service: Services = [],  # noqa: B006
    programme: Programmes = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    html: Annotated[Path | None, typer.Option(help="zusätzlich als HTML-Seite schreiben", metavar="DATEI")] = None,
    expect: Expect = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt, wer auf welcher Stufe steht und was fehlt."""
    with workspace() as opened:
        procedure = load_programme(programme)
        wanted = _wanted(procedure, expect)
        keys = _chosen(opened, programme, service, municipality)
        shown = jobs.board(opened, procedure, keys, today=today())
        named = open_obstacles(opened, keys, today=today())
    if html is not None:
        write_file(html, board_page(shown, wording(), named))
    if as_json:
        print_json(board_data(shown, named))
    else:
        print_board(shown, named)
    reached = [procedure.position(row.stage) for row in shown.rows]
    _leave(wanted, reached, troubled=bool(shown.unjudged))


@app.command()
def history(
    service: Services = [],  # noqa: B006
    programme: Programmes = DEFAULT_PROGRAMME,
    municipality: Municipalities = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Zeigt jeden Schritt mit den Nachweisen, auf denen er beruht."""
    with workspace() as opened:
        keys = _chosen(opened, programme, service, municipality)
        moves = jobs.history(opened, keys)
        procedure = load_programme(programme)
    if as_json:
        print_json([move_data(move) for move in moves])
        return
    print_table(
        "",
        ("label.municipality", "label.when", "label.step", "label.proof"),
        (move_row(move, opened.catalogue.name_of(move.key.municipality), procedure) for move in moves),
    )


def _chosen(opened: Workspace, programme: str, services: Sequence[str], words: Sequence[str]) -> list[RolloutKey]:
    """The open rollouts that the options name."""
    keys = jobs.open_keys(opened, programme, services)
    named = {entry.ars for entry in opened.catalogue.select_municipalities(words)}
    chosen = [key for key in keys if not words or key.municipality in named]
    if not chosen:
        raise UsageError("rollout.none-open", programme=programme)
    return chosen


def _plan(
    opened: Workspace,
    programme: str,
    services: Sequence[str],
    words: Sequence[str],
    kinds: Sequence[MunicipalityKind],
    land: str,
) -> Plan:
    return plan_rollouts(
        opened.catalogue,
        programme=programme,
        services=services or default_services(programme),
        municipalities=words,
        kinds=kinds,
        today=today(),
        land=find_land(land).code,
    )


def _print_advance(
    opened: Workspace, shown: Board, checked: DocumentSummary, moved: jobs.AdvanceSummary, *, dry_run: bool
) -> None:
    words = wording()
    say(
        "rollout.checked",
        total=sum(checked.verdicts.values()),
        known=checked.from_store,
        **_verdicts(checked),
    )
    for step in moved.moved:
        say(
            "rollout.would-move" if dry_run else "rollout.moved",
            name=opened.catalogue.name_of(step.key.municipality),
            origin=shown.stage_title(step.origin, words),
            target=shown.stage_title(step.target, words),
        )
    say("rollout.sum", moved=len(moved.moved), stayed=moved.stayed, overtaken=moved.overtaken)
    for failure in (*checked.failures, *moved.failures):
        say("rollout.failed", name=opened.catalogue.name_of(failure.key.municipality), reason=failure.reason)


def _advance_data(checked: DocumentSummary, moved: jobs.AdvanceSummary, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "documents": _verdicts(checked),
        "evidence_recorded": checked.recorded,
        "moved": [
            {
                "service": str(step.key.service),
                "municipality": str(step.key.municipality),
                "origin": step.origin,
                "target": step.target,
            }
            for step in moved.moved
        ],
        "stayed": moved.stayed,
        "overtaken": moved.overtaken,
        "failures": [
            {"municipality": str(failure.key.municipality), "reason": wording().render(failure.reason)}
            for failure in (*checked.failures, *moved.failures)
        ],
    }


def _verdicts(checked: DocumentSummary) -> dict[str, int]:
    return {verdict.value: checked.verdicts[verdict] for verdict in Verdict}


def _wanted(programme: Programme, expect: str | None) -> int:
    """Position of the stage that is asked for; 0 when none is. Checked before anything is done."""
    return 0 if expect is None else programme.position(expect)


def _stages(board: Board) -> dict[RolloutKey, str]:
    """Where the rollouts of a board stand."""
    return {
        RolloutKey(
            programme=board.programme.code, service=row.service.key, municipality=row.municipality.ars
        ): row.stage
        for row in board.rows
    }


def _leave(wanted: int, reached: Sequence[int], *, troubled: bool) -> None:
    """End with the exit code that the outcome deserves."""
    if troubled:
        raise typer.Exit(3)
    if any(position < wanted for position in reached):
        raise typer.Exit(1)
