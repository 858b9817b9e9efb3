"""``ozgflow grant``: applications for grants, from the application to the payment."""

from typing import Annotated

import typer

from ozgflow.cli.console import DAY, now, parse_day, print_json, print_table, say, today, wording, workspace
from ozgflow.cli.grant_output import LIST_HEADINGS, change_data, file_data, list_data, list_row, print_file
from ozgflow.domain.grants import GrantApplication, GrantPurpose, GrantState
from ozgflow.domain.messages import message
from ozgflow.domain.money import parse_amount
from ozgflow.jobs import grant_views as views
from ozgflow.jobs import grants as jobs
from ozgflow.jobs.grant_checks import grant_programme
from ozgflow.jobs.workspace import Workspace, refresh_catalogue
from ozgflow.storage.grants import Payment

NOT_GRANTED = 1
AMOUNT = "BETRAG"

app = typer.Typer(
    help="Förderungen beantragen, entscheiden und auszahlen.", no_args_is_help=True, rich_markup_mode="rich"
)

Case = Annotated[str, typer.Argument(help="Aktenzeichen des Antrags", metavar="AKTENZEICHEN")]
Programme = Annotated[
    str | None, typer.Option("--programme", help="Programm; ohne Angabe das einzige, das Förderung gibt")
]
By = Annotated[str, typer.Option("--by", help="Wer entscheidet oder erfasst")]
Reason = Annotated[str, typer.Option("--reason", help="Begründung, ohne Angaben zu Personen")]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]


@app.command()
def apply(
    case: Case,
    municipality: Annotated[str, typer.Option(help="Kommune nach Name oder Schlüssel", metavar="NAME|ARS")],
    amount: Annotated[str, typer.Option(help="beantragt, zum Beispiel 20.000,00 oder 20000", metavar=AMOUNT)],
    purpose: Annotated[list[GrantPurpose], typer.Option(help="wofür; mehrfach möglich")],
    by: By,
    on: Annotated[str | None, typer.Option("--on", help="Tag des Antrags; ohne Angabe heute", metavar=DAY)] = None,
    programme: Programme = None,
    as_json: AsJson = False,
) -> None:
    """Nimmt einen Antrag auf; ob er bewilligt werden kann, klärt erst die Entscheidung."""
    procedure = grant_programme(programme)
    with workspace() as opened:
        application = GrantApplication(
            programme=procedure.code,
            case=case.strip(),
            municipality=opened.catalogue.select_municipalities([municipality])[0].ars,
            applied_on=parse_day(on) if on else today(),
            requested=parse_amount(amount),
            purposes=tuple(sorted(set(purpose), key=list(GrantPurpose).index)),
        )
        refresh_catalogue(opened)
        done = jobs.apply(opened, procedure, application, by=by, today=today(), now=now())
        name = opened.catalogue.name_of(application.municipality)
    if as_json:
        print_json(change_data(done))
    else:
        say("grant.applied" if done.changed else "grant.known", case=case, name=name, amount=application.requested)


@app.command()
def decide(
    case: Case,
    by: By,
    reason: Reason,
    amount: Annotated[
        str | None, typer.Option(help="zu bewilligen; ohne Angabe so viel wie möglich", metavar=AMOUNT)
    ] = None,
    reject: Annotated[
        bool, typer.Option("--reject", help="ablehnen, auch wenn die Regeln es nicht verlangen")
    ] = False,
    programme: Programme = None,
    as_json: AsJson = False,
) -> None:
    """Entscheidet einen Antrag nach den Regeln des Programms; Exit-Code 1, wenn nicht bewilligt wird."""
    procedure = grant_programme(programme)
    with workspace() as opened:
        done = jobs.decide(
            opened,
            procedure,
            case,
            by=by,
            reason=reason,
            today=today(),
            now=now(),
            award=parse_amount(amount) if amount else None,
            reject=reject,
        )
        if as_json:
            print_json(change_data(done))
        else:
            _say_decided(opened, done)
    wanted = done.application.state is GrantState.REJECTED if reject else done.application.holds_place
    if not wanted:
        raise typer.Exit(NOT_GRANTED)


@app.command()
def withdraw(case: Case, by: By, reason: Reason, programme: Programme = None, as_json: AsJson = False) -> None:
    """Zieht einen Antrag zurück; sein Platz wird frei, und der Förderbescheid gilt nicht mehr als Nachweis."""
    procedure = grant_programme(programme)
    with workspace() as opened:
        done = jobs.withdraw(opened, procedure, case, by=by, reason=reason, today=today(), now=now())
        name = opened.catalogue.name_of(done.application.municipality)
    if as_json:
        print_json(change_data(done))
    else:
        say("grant.withdrawn" if done.changed else "grant.withdrawn-before", case=case, name=name)


@app.command()
def pay(
    case: Case,
    amount: Annotated[str, typer.Option(help="ausgezahlt, zum Beispiel 5.000,00", metavar=AMOUNT)],
    reference: Annotated[str, typer.Option(help="Beleg; derselbe wird nur einmal gebucht", metavar="BELEG")],
    by: By,
    on: Annotated[str | None, typer.Option("--on", help="Tag der Zahlung; ohne Angabe heute", metavar=DAY)] = None,
    programme: Programme = None,
    as_json: AsJson = False,
) -> None:
    """Bucht eine Auszahlung, auch in Teilen; nie mehr als bewilligt."""
    procedure = grant_programme(programme)
    payment = Payment(
        reference=reference.strip(), amount=parse_amount(amount), paid_on=parse_day(on) if on else today()
    )
    with workspace() as opened:
        done = jobs.pay(opened, procedure, case, payment, by=by, today=today(), now=now())
        name = opened.catalogue.name_of(done.application.municipality)
    if as_json:
        print_json(change_data(done))
        return
    paid, granted = done.application.paid, done.application.granted
    if done.changed:
        say("grant.paid", case=case, name=name, paid=paid, granted=granted)
    else:
        say("grant.paid-before", case=case, reference=payment.reference, paid=paid, granted=granted)


@app.command("list")
def list_(
    year: Annotated[int | None, typer.Option(help="nur Anträge dieses Jahres")] = None,
    programme: Programme = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt alle Anträge und wie viele Plätze jedes Jahres vergeben sind."""
    procedure = grant_programme(programme)
    with workspace() as opened:
        found = views.listed(opened, procedure, year=year)
        if as_json:
            print_json(list_data(found))
            return
        names = {one.municipality: opened.catalogue.name_of(one.municipality) for one in found.applications}
    if found.applications:
        print_table("", LIST_HEADINGS, (list_row(one, names[one.municipality]) for one in found.applications))
    for of_year, taken, places in found.places:
        say("grant.places", year=of_year, taken=taken, places=places)
    say("grant.count", count=len(found.applications))


@app.command()
def show(case: Case, programme: Programme = None, as_json: AsJson = False) -> None:
    """Zeigt einen Antrag mit Verlauf, Gründen der Entscheidung und Auszahlungen."""
    procedure = grant_programme(programme)
    with workspace() as opened:
        found = views.shown(opened, procedure, case)
        name = opened.catalogue.name_of(found.application.municipality)
    if as_json:
        print_json(file_data(found))
    else:
        print_file(found, name)


def _say_decided(opened: Workspace, done: jobs.GrantChange) -> None:
    application, name = done.application, opened.catalogue.name_of(done.application.municipality)
    if done.decision is not None and not application.holds_place:
        code = "grant.rejected" if done.changed else "grant.undecided"
        reasons = " ".join(wording().render(reason) for reason in done.decision.reasons)
        say(code, case=application.case, name=name, reasons=reasons)
        return
    say(
        "grant.decided" if done.changed else "grant.decided-before",
        case=application.case,
        name=name,
        state=message(f"grant-state.{application.state}"),
        amount=application.granted,
    )
