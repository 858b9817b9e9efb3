"""The Digitalkommune of one Landkreis, as an example, and a plan that carries it over."""

from datetime import date

from ozgflow.domain.keys import Ars
from ozgflow.domain.transfers import GoalPlan, Successor, Transfer
from ozgflow.domain.undertakings import Goal, Undertaking, Work, WorkKind

MITTELMARK, FLAEMING, BARNIM = (Ars.parse(digits) for digits in ("120690000000", "120720000000", "120600000000"))
SINCE = date(2026, 9, 1)


def work(kind: WorkKind = WorkKind.NOTE, text: str = "Formulare vereinheitlicht") -> Work:
    """Something that was done for a goal."""
    return Work(kind=kind, text=text, day=date(2026, 10, 1), by="Erika Mustermann", done_in="dk-pm")


FINISHED = work(WorkKind.FINISHED, "Abnahme 3/2026")
APPLICATION = Goal(code="antrag", title="Anträge online", work=(work(), work(WorkKind.REFERENCE, "Az. 7"), FINISHED))
ACCOUNT = Goal(code="konto", title="Ein Konto für alle Leistungen")
TERMINAL = Goal(code="terminal", title="Terminals im Rathaus", work=(work(text="Angebot eingeholt"),))
UNDERTAKING = Undertaking(
    code="dk-pm",
    programme="digitalkommune",
    title="Digitalkommune Potsdam-Mittelmark",
    planned_since=SINCE,
    users=(MITTELMARK,),
    goals=(APPLICATION, ACCOUNT, TERMINAL),
)
FIRST = Successor(
    code="dk-antrag", title="Digitale Anträge", municipalities=("Potsdam-Mittelmark", "Teltow-Fläming"), line=3
)
SECOND = Successor(code="dk-konto", title="Ein Konto", municipalities=("Barnim", "Teltow-Fläming"), line=8)
PLAN = Transfer(
    undertaking="dk-pm",
    successors=(FIRST, SECOND),
    goals=(
        GoalPlan(goal="antrag", carried_to=("dk-antrag", "dk-konto"), line=13),
        GoalPlan(goal="konto", carried_to=("dk-konto",), line=17),
        GoalPlan(goal="terminal", dropped=True, reason="Niemand braucht mehr Terminals.", line=21),
    ),
)
USERS = {"dk-antrag": (MITTELMARK, FLAEMING), "dk-konto": (FLAEMING, BARNIM)}
