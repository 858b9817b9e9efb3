"""Finding municipalities by what people write: names, parts of names, keys, kinds."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ozgflow.domain.keys import Ars
from ozgflow.domain.laender import LAENDER
from ozgflow.domain.messages import Message, message
from ozgflow.domain.municipalities import Municipality, MunicipalityKind
from ozgflow.domain.search import Match, best_match, fold, spellings
from ozgflow.errors import UsageError

Municipalities = Mapping[Ars, Municipality]
Successors = Callable[[str, Match], Sequence[Municipality]]

_TITLES: Mapping[MunicipalityKind, tuple[str, ...]] = {
    MunicipalityKind.LANDKREIS: ("Landkreis", "Kreis", "LK"),
    MunicipalityKind.KREISFREIE_STADT: ("Kreisfreie Stadt", "Stadtkreis"),
    MunicipalityKind.AMT: (),
    MunicipalityKind.VERBANDSGEMEINDE: ("VG",),
    MunicipalityKind.MITVERWALTUNG: (),
    MunicipalityKind.AMTSFREIE_GEMEINDE: ("Gemeinde",),
    MunicipalityKind.AMTSANGEHOERIGE_GEMEINDE: ("Gemeinde",),
    MunicipalityKind.VERBANDSANGEHOERIGE_GEMEINDE: ("Gemeinde",),
}
"""What people write before a name, besides the title in ``Municipality.label``: it tells the municipality
Altdöbern from the Amt Altdöbern."""
_LISTED = 5
_SUGGESTED = 3


def find(municipalities: Municipalities, query: str, land: str) -> tuple[Municipality, ...]:
    """All municipalities that fit, best first, then those at home, then by ARS.

    See ``Catalogue.find_municipalities``; a kind is looked up in ``land`` alone.
    """
    folded = fold(query)
    if not folded:
        return ()
    if folded.replace(" ", "").isdecimal():
        return _by_digits(municipalities, folded.replace(" ", ""))
    kind = next((kind for kind in MunicipalityKind if folded == fold(kind)), None)
    if kind:
        ordered = (found for _, found in sorted(municipalities.items()))
        return tuple(found for found in ordered if found.kind is kind and found.land == land)
    return tuple(found for _, found in _ranked(municipalities, folded))


def select(municipalities: Municipalities, words: Iterable[str], successors: Successors) -> tuple[Municipality, ...]:
    """Exactly one municipality per word. See ``Catalogue.select_municipalities``.

    Args:
        municipalities: where to look.
        words: what an operator wrote.
        successors: who stands for a word that means one that is no more, if it fits that well.
    """
    return tuple(dict.fromkeys(_one(municipalities, word, successors) for word in words))


def describe(municipalities: Municipalities, municipality: Municipality) -> str:
    """Label, what it lies in, and ARS: ``Golzow (Amt Brück, 120695904216)``; outside the home Land, its Land."""
    above = municipalities.get(municipality.parent) if municipality.parent else None
    parent = above.label if above else ""
    land = "" if municipality.is_at_home else LAENDER[municipality.land].name
    place = ", ".join(part for part in (parent, land, str(municipality.ars)) if part)
    return f"{municipality.label} ({place})"


def _one(municipalities: Municipalities, word: str, successors: Successors) -> Municipality:
    found: Sequence[Municipality] = ()
    for worst in (Match.WHOLE, Match.WORDS):
        # Whoever writes the full name of one that is no more does not mean another one that has a word of it.
        found = found or fitting(municipalities, word, worst) or successors(word, worst)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("catalogue.municipality-unknown", word=word, hint=_hint(municipalities, word))
    described = [describe(municipalities, municipality) for municipality in found[:_LISTED]]
    listed = "; ".join(described) + ("; …" if len(found) > _LISTED else "")
    raise UsageError("catalogue.municipality-ambiguous", word=word, count=len(found), candidates=listed)


def fitting(municipalities: Municipalities, word: str, worst: Match = Match.WORDS) -> list[Municipality]:
    """What a word may mean: a full name before whole words of one. A mere part of a word selects nothing.

    Where some at home fit as well as others elsewhere, those at home are meant.
    """
    folded = fold(word)
    digits = folded.replace(" ", "")
    if digits.isdecimal():
        return [one for one in municipalities.values() if digits in _keys(one)]
    ranked = [(match, one) for match, one in _ranked(municipalities, folded) if match <= worst]
    best = [one for match, one in ranked if match is ranked[0][0]]
    return [one for one in best if one.is_at_home] or best


def _ranked(municipalities: Municipalities, folded: str) -> list[tuple[Match, Municipality]]:
    matches = ((best_match(folded, _names(one)), one) for one in municipalities.values())
    return sorted(
        ((match, one) for match, one in matches if match is not None),
        key=lambda entry: (entry[0], not entry[1].is_at_home, entry[1].ars),
    )


def _by_digits(municipalities: Municipalities, digits: str) -> tuple[Municipality, ...]:
    """The municipality with this ARS or AGS; without one, all whose ARS begins with the digits."""
    ordered = [municipality for _, municipality in sorted(municipalities.items())]
    exact = tuple(one for one in ordered if digits in _keys(one))
    return exact or tuple(one for one in ordered if str(one.ars).startswith(digits))


def _hint(municipalities: Municipalities, word: str) -> Message:
    """The question "did you mean …?", or the advice to check the spelling when nothing is near."""
    folded = fold(word)
    near = [one for _, one in _ranked(municipalities, folded)]
    texts = {text: one for one in municipalities.values() for text in (*_names(one), *_keys(one))}
    near += [texts[text] for text in difflib.get_close_matches(folded, texts, n=_LISTED)]
    by_key = folded.replace(" ", "").isdecimal()
    names = [describe(municipalities, one) if by_key else one.label for one in near]
    names = list(dict.fromkeys(names))[:_SUGGESTED]
    return message("catalogue.did-you-mean", names=", ".join(names)) if names else message("catalogue.check")


@lru_cache(maxsize=16_384)
def _names(municipality: Municipality) -> frozenset[str]:
    """All folded texts that are this municipality's name."""
    short = municipality.short_name
    titles = _TITLES[municipality.kind]
    if municipality.is_town:
        titles += ("Stadt",)
    land = LAENDER[municipality.land]
    names = [municipality.name, short, municipality.label, *(f"{title} {short}" for title in titles)]
    if not municipality.is_at_home:
        names += [f"{short} {land.abbreviation}", f"{municipality.title} {short} {land.abbreviation}"]
    return frozenset(spelling for name in names for spelling in spellings(name))


def _keys(municipality: Municipality) -> frozenset[str]:
    """ARS, shortened ARS and AGS as digits."""
    keys = (municipality.ars, municipality.ars.short, municipality.ags)
    return frozenset(str(key) for key in keys if key is not None)
