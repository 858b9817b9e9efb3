"""``ozgflow contact``: the one contact that each municipality has."""

from typing import Annotated

import typer

from ozgflow.cli.console import now, print_json, print_table, say, workspace
from ozgflow.domain.house import Contact
from ozgflow.jobs import house as jobs
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.settings import LOCAL_TIME

app = typer.Typer(
    help="Ansprechpersonen: jede Kommune hat genau eine.", no_args_is_help=True, rich_markup_mode="rich"
)

AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command("set")
def set_(
    municipality: Annotated[str, typer.Option("--municipality", help="Kommune nach Name oder Schlüssel")],
    person: Annotated[str, typer.Option("--person", help="Name oder Funktion der Ansprechperson")],
    by: Annotated[str, typer.Option("--by", help="Wer sie benennt")],
    as_json: AsJson = False,
) -> None:
    """Benennt die Ansprechperson einer Kommune; eine frühere wird abgelöst und bleibt im Verlauf."""
    with workspace() as opened:
        refresh_catalogue(opened)
        is_new = jobs.set_contact(opened, municipality=municipality, person=person, by=by, now=now())
        name = opened.catalogue.select_municipalities([municipality])[0].label
    if as_json:
        print_json({"set": is_new, "person": person.strip()})
        return
    say("contact.set" if is_new else "contact.known", name=name, person=person.strip())


@app.command("list")
def list_(
    history: Annotated[bool, typer.Option("--history", help="alle Benennungen, auch frühere")] = False,
    as_json: AsJson = False,
) -> None:
    """Zeigt, wer für welche Kommune zuständig ist."""
    with workspace() as opened:
        found = jobs.contact_history(opened) if history else list(jobs.contacts(opened).values())
        coverage = jobs.missing_contacts(opened)
    if as_json:
        print_json([_data(opened, contact) for contact in found])
        return
    rows = [
        (
            opened.catalogue.name_of(contact.municipality),
            contact.person,
            f"{contact.named_at.astimezone(LOCAL_TIME):%d.%m.%Y}\n{contact.named_by}",
        )
        for contact in found
    ]
    print_table("", ("label.municipality", "label.contact", "label.named"), rows)
    total = len(coverage.asked)
    if history:
        say("contact.history", count=len(found))
    else:
        say("contact.count", count=total - len(coverage.missing), total=total)


@app.command()
def missing(
    everybody: Annotated[
        bool, typer.Option("--all", help="alle Kommunen des Katalogs, nicht nur beteiligte")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Zeigt, welche Kommunen noch keine Ansprechperson haben."""
    with workspace() as opened:
        coverage = jobs.missing_contacts(opened, everybody=everybody)
    if as_json:
        missing_ones = [{"municipality": str(ars), "name": opened.catalogue.name_of(ars)} for ars in coverage.missing]
        print_json({"asked": len(coverage.asked), "missing": missing_ones})
    elif not coverage.asked:
        say("contact.nobody-asked")
    elif coverage.missing:
        rows = [(opened.catalogue.name_of(ars), str(ars)) for ars in coverage.missing]
        print_table("", ("label.municipality", "label.ars"), rows)
        say("contact.missing-count", count=len(coverage.missing), total=len(coverage.asked))
    else:
        say("contact.missing-none", total=len(coverage.asked))


def _data(opened: Workspace, contact: Contact) -> dict[str, object]:
    return {
        "municipality": str(contact.municipality),
        "name": opened.catalogue.name_of(contact.municipality),
        "person": contact.person,
        "named_by": contact.named_by,
        "named_at": contact.named_at.isoformat(),
    }
