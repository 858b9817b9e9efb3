"""Changes of real municipalities that have not happened, for the tests."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from ozgflow.domain.catalogue import Catalogue, load_catalogue
from ozgflow.domain.keys import Ars
from ozgflow.domain.municipality_changes import Lineage, MunicipalityChange, MunicipalityChangeKind, lineage_of

BARNIM, PRIGNITZ, UCKERMARK = (Ars.parse(digits) for digits in ("120600000000", "120700000000", "120730000000"))
NEW, OTHER = Ars.parse("120740000000"), Ars.parse("120750000000")
"""Keys that no Landkreis of Brandenburg has."""
DAY = date(2026, 7, 1)


def change(kind: MunicipalityChangeKind, old: Ars, new: Ars, day: date = DAY) -> MunicipalityChange:
    return MunicipalityChange(day=day, kind=kind, old=old, new=new, source="GVBl. (invented)")


def merger(*olds: Ars, new: Ars = NEW, day: date = DAY) -> list[MunicipalityChange]:
    return [change(MunicipalityChangeKind.MERGER, old, new, day) for old in olds]


def split(old: Ars, *news: Ars, day: date = DAY) -> list[MunicipalityChange]:
    return [change(MunicipalityChangeKind.SPLIT, old, new, day) for new in news]


def renaming(old: Ars, new: Ars = NEW, day: date = DAY) -> list[MunicipalityChange]:
    return [change(MunicipalityChangeKind.RENAMING, old, new, day)]


def lineage(*changes: MunicipalityChange) -> Lineage:
    """A lineage in which the new Landkreise appear with the day of their first change."""
    known = {ars: one.as_of for ars, one in load_catalogue().municipalities.items()}
    for one in changes:
        known.setdefault(one.new, one.day)
    return lineage_of(changes, known)


def changed(*changes: MunicipalityChange, today: date) -> Catalogue:
    """The catalogue of the package with these changes, on a day."""
    whole = load_catalogue()
    named = {NEW: "Oberes Land", OTHER: "Unteres Land"}
    model = whole.municipalities[BARNIM]
    added = {ars: replace(model, ars=ars, ags=ars.ags, name=name, as_of=DAY) for ars, name in named.items()}
    used = {ars: one for ars, one in added.items() if any(ars == row.new for row in changes)}
    municipalities = {**whole.municipalities, **used}
    return replace(whole, municipalities=municipalities, lineage=lineage(*changes)).as_of(today)


MERGER, SPLIT = MunicipalityChangeKind.MERGER, MunicipalityChangeKind.SPLIT
KEYS = [Ars.parse(f"12{number:010}") for number in range(1, 60)]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Ars], list[MunicipalityChange]]:
    """Any sequence of changes that can be: some keys at the beginning, and each change among those that are left."""
    living = KEYS[: draw(st.integers(1, 6))]
    start, fresh, changes, day = list(living), iter(KEYS[10:]), list[MunicipalityChange](), DAY
    for kind in draw(st.lists(st.sampled_from(MunicipalityChangeKind), max_size=8)):
        day += timedelta(days=draw(st.integers(1, 400)))
        olds = draw(st.lists(st.sampled_from(sorted(living)), min_size=1, max_size=3, unique=True))
        olds = olds if kind is MERGER else olds[:1]
        staying = [ars for ars in living if ars not in olds]
        goes_on = kind in (MERGER, SPLIT) and staying and draw(st.booleans())
        news = [
            staying[0] if goes_on else next(fresh),
            *([next(fresh)] if kind is SPLIT else []),
        ]
        if kind is MERGER and not goes_on and len(olds) == 1:
            continue  # one alone merges into one that is there
        changes += [
            MunicipalityChange(day=day, kind=kind, old=old, new=new, source="x") for old in olds for new in news
        ]
        living = [*dict.fromkeys((*staying, *news))]
    return start, changes
