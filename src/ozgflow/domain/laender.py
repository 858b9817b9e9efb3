"""The sixteen Länder: number, name, abbreviation, and what their Landkreise are called.

Sources: the numbers are those of the regional key (Destatis, Gemeindeverzeichnis GV100AD), the abbreviations
those of ISO 3166-2:DE. A Kreis is called so in the Kreisordnungen of Schleswig-Holstein and Nordrhein-Westfalen;
in all other Länder it is a Landkreis.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ozgflow.domain.search import spellings
from ozgflow.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One Land of the federation.

    Attributes:
        code: the first two digits of its keys.
        name: in full.
        abbreviation: two letters.
        kreis_title: what stands before the name of a Landkreis.
    """

    code: str
    name: str
    abbreviation: str
    kreis_title: str = "Landkreis"


HOME_LAND = "12"
"""The Land that ozgflow works for: Brandenburg. Whoever says nothing else means this one."""

_ALL = (
    Land(code="01", name="Schleswig-Holstein", abbreviation="SH", kreis_title="Kreis"),
    Land(code="02", name="Hamburg", abbreviation="HH"),
    Land(code="03", name="Niedersachsen", abbreviation="NI"),
    Land(code="04", name="Bremen", abbreviation="HB"),
    Land(code="05", name="Nordrhein-Westfalen", abbreviation="NW", kreis_title="Kreis"),
    Land(code="06", name="Hessen", abbreviation="HE"),
    Land(code="07", name="Rheinland-Pfalz", abbreviation="RP"),
    Land(code="08", name="Baden-Württemberg", abbreviation="BW"),
    Land(code="09", name="Bayern", abbreviation="BY"),
    Land(code="10", name="Saarland", abbreviation="SL"),
    Land(code="11", name="Berlin", abbreviation="BE"),
    Land(code=HOME_LAND, name="Brandenburg", abbreviation="BB"),
    Land(code="13", name="Mecklenburg-Vorpommern", abbreviation="MV"),
    Land(code="14", name="Sachsen", abbreviation="SN"),
    Land(code="15", name="Sachsen-Anhalt", abbreviation="ST"),
    Land(code="16", name="Thüringen", abbreviation="TH"),
)
LAENDER: Mapping[str, Land] = {land.code: land for land in _ALL}
"""All Länder by their number."""


def find_land(text: str) -> Land:
    """A Land by number, abbreviation or name, as an operator writes it: ``05``, ``nw``, ``Thueringen``.

    Raises:
        UsageError: there is no such Land; with all that there are.
    """
    wanted = spellings(text)
    for land in _ALL:
        if wanted & {land.code, *spellings(land.abbreviation), *spellings(land.name)}:
            return land
    known = ", ".join(f"{land.abbreviation} ({land.name})" for land in _ALL)
    raise UsageError("catalogue.land-unknown", word=text, known=known)
