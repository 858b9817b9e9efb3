"""How the terminal shows obstacles and the report on them."""

from datetime import date

from ozgflow.cli.console import print_table, say, wording
from ozgflow.domain.catalogue import Catalogue
from ozgflow.domain.messages import Message
from ozgflow.domain.obstacle_files import load_obstacle_kinds
from ozgflow.domain.obstacle_report import AgeClass, FieldObstacles, ObstacleReport
from ozgflow.domain.obstacles import Obstacle, obstacle_title
from ozgflow.domain.programmes import Programme


def obstacle_data(obstacle: Obstacle, day: date) -> dict[str, object]:
    """One obstacle as JSON-ready data, seen from a day."""
    return {
        "programme": obstacle.key.programme,
        "service": str(obstacle.key.service),
        "municipality": str(obstacle.key.municipality),
        "kind": obstacle.kind,
        "title": obstacle_title(load_obstacle_kinds(), obstacle.kind, wording()),
        "owner": obstacle.owner,
        "raised_on": obstacle.raised_on.isoformat(),
        "raised_by": obstacle.raised_by,
        "days_open": obstacle.days_open(day),
        "cleared_on": obstacle.cleared_on.isoformat() if obstacle.cleared_on else None,
        "cleared_by": obstacle.cleared_by or None,
        "note": _notes(obstacle.note),
        "cleared_note": _notes(obstacle.cleared_note),
    }


def obstacle_row(obstacle: Obstacle, name: str, day: date) -> tuple[str, ...]:
    """One obstacle as cells of a table, seen from a day."""
    words = wording()
    days = str(obstacle.days_open(day))
    if obstacle.cleared_on:
        days = words.text("obstacle.cleared-on", days=days, day=obstacle.cleared_on, by=obstacle.cleared_by)
    return (
        f"{name}\n{obstacle.key.service}",
        obstacle_title(load_obstacle_kinds(), obstacle.kind, words),
        f"{obstacle.raised_on:%d.%m.%Y}",
        days,
        obstacle.owner,
        _notes(obstacle.note, obstacle.cleared_note),
    )


def report_data(report: ObstacleReport, programme: str) -> dict[str, object]:
    """The report as JSON-ready data; every count stands beside its denominator."""
    return {
        "programme": programme,
        "as_of": report.as_of.isoformat(),
        "rollouts": report.total,
        "unjudged": report.unjudged,
        "held": report.held,
        "held_without_obstacle": [
            {"service": str(key.service), "municipality": str(key.municipality)} for key in report.unnamed
        ],
        "open_obstacles": report.open,
        "open_without_being_held": [obstacle_data(one, report.as_of) for one in report.elsewhere],
        "ages": [{"first": one.first, "last": one.last, "count": one.count} for one in report.ages],
        "fields": [
            {
                "field": one.field,
                "most_frequent": list(one.kinds),
                "count": one.count,
                "held_with_obstacle": one.total,
                "held_without_obstacle": one.unnamed,
            }
            for one in report.fields
        ],
    }


def print_report(report: ObstacleReport, programme: Programme, catalogue: Catalogue) -> None:
    """Print the report: the sums, the ages, the Themenfelder, and who names no obstacle."""
    words = wording()
    say("obstacle.title", programme=programme.title[words.language], day=report.as_of)
    say("obstacle.held", held=report.held, total=report.total)
    unnamed = len(report.unnamed)
    say("obstacle.named", named=report.held - unnamed, held=report.held, unnamed=unnamed)
    for key in report.unnamed:
        say("obstacle.unnamed", name=catalogue.name_of(key.municipality), service=key.service)
    print_table(
        "", ("label.obstacle-age", "label.obstacle-open"), (_age_row(one, report.open) for one in report.ages)
    )
    headings = ("label.field", "label.obstacle-most-frequent", "label.obstacle-of-named", "label.obstacle-of-unnamed")
    print_table("", headings, (_field_row(one) for one in report.fields))
    if report.elsewhere:
        say("obstacle.elsewhere", count=len(report.elsewhere), open=report.open)
    if report.unjudged:
        say("obstacle.unjudged", count=report.unjudged)


def _notes(*notes: Message | None) -> str:
    return "\n".join(wording().render(note) for note in notes if note)


def _age_row(one: AgeClass, total: int) -> tuple[str, str]:
    words = wording()
    if one.last is None:
        age = words.text("obstacle.age-over", first=one.first)
    else:
        age = words.text("obstacle.age", first=one.first, last=one.last)
    return age, words.text("obstacle.of", count=one.count, total=total)


def _field_row(one: FieldObstacles) -> tuple[str, ...]:
    words = wording()
    titles = ", ".join(obstacle_title(load_obstacle_kinds(), kind, words) for kind in one.kinds)
    tied = words.text("obstacle.tied", titles=titles) if len(one.kinds) > 1 else titles
    return (
        one.field or words.text("obstacle.no-field"),
        tied or words.text("obstacle.none-named"),
        words.text("obstacle.of", count=one.count, total=one.total),
        words.text("obstacle.of", count=one.unnamed, total=one.total + one.unnamed),
    )
