"""Synthetic applications for a residence permit, as authorities might supply them.

All persons are invented and recognisably so. Everything depends on the seed alone, so a second run writes the same
bytes. Some messages are wrong on purpose; ``FLAWS`` names the ways.
"""

import random
from collections.abc import Callable, Mapping
from string import Template
from uuid import UUID

PERSONS = (
    ("Mustermann", "Erika"),
    ("Mustermann", "Max"),
    ("Musterfrau", "Lena"),
    ("Normalverbraucher", "Otto"),
    ("Beispiel", "Mara"),
    ("Bëispiełowá", "Zoë"),
)

_TEMPLATE = Template("""<?xml version="1.0" encoding="UTF-8"?>
<a:aufenthalt.antrag.0101 xmlns:a="urn:ozgflow:standard:aufenthalt-antrag:1.0"
    produkt="ozgflow sandbox" produkthersteller="ozgflow" standard="aufenthalt-antrag" version="1.0" test="true">
  <nachrichtenkopf.g2g>
    <identifikation.nachricht>
      <nachrichtenUUID>$uuid</nachrichtenUUID>
      <nachrichtentyp listURI="urn:ozgflow:codeliste:aufenthalt-antrag.nachrichtentyp" listVersionID="1.0">
        <code>0101</code>
      </nachrichtentyp>
      <erstellungszeitpunkt>2026-09-15T09:30:00.000+02:00</erstellungszeitpunkt>
    </identifikation.nachricht>
    <leser>
      <verzeichnisdienst listVersionID="1"><code>DVDV</code></verzeichnisdienst>
      <kennung>azr:$reader</kennung>
      <name>$authority</name>
    </leser>
    <autor>
      <verzeichnisdienst listVersionID="1"><code>DVDV</code></verzeichnisdienst>
      <kennung>alp:120000</kennung>
      <name>Antragsportal Test</name>
    </autor>
  </nachrichtenkopf.g2g>
  <a:antragsidentifikation>DEMO-$ars-$number</a:antragsidentifikation>
  <a:leistung listURI="urn:de:fim:leika:leistung" listVersionID="2026"><code>$service</code></a:leistung>
  <a:zustaendigeStelle>
    <a:regionalschluessel>$ars</a:regionalschluessel>
    <a:name>$authority</a:name>
  </a:zustaendigeStelle>
  <a:antragsdatum>2026-09-1$digit</a:antragsdatum>
  <a:grundDesAntrags listURI="urn:ozgflow:codeliste:antragsgrund" listVersionID="1">
    <code>0$reason</code>
  </a:grundDesAntrags>
  <a:zweckDesAufenthalts listURI="urn:ozgflow:codeliste:aufenthaltszweck" listVersionID="1">
    <code>01</code>
  </a:zweckDesAufenthalts>
  <a:antragsteller>
    <a:name>
      <a:familienname>$family</a:familienname>
      <a:vornamen>$given</a:vornamen>
    </a:name>
    <a:geburtsdatum>198$digit-0$reason-1$digit</a:geburtsdatum>
    <a:staatsangehoerigkeit listVersionID="2024-08-01"><code>$nation</code></a:staatsangehoerigkeit>
    <a:anschrift>
      <a:strasse>Musterstraße</a:strasse>
      <a:hausnummer>$house</a:hausnummer>
      <a:postleitzahl>1$postcode</a:postleitzahl>
      <a:ort>Musterstadt</a:ort>
    </a:anschrift>
  </a:antragsteller>
</a:aufenthalt.antrag.0101>
""")

_HOSTILE = """<?xml version="1.0"?>
<!DOCTYPE antrag [
  <!ENTITY a "ha">
  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
  <!ENTITY datei SYSTEM "file:///etc/hostname">
]>
<antrag>&c;&datei;</antrag>
"""


def _without_birthday(xml: str) -> str:
    start, end = xml.index("    <a:geburtsdatum>"), xml.index("    <a:staatsangehoerigkeit")
    return xml[:start] + xml[end:]


FLAWS: Mapping[str, Callable[[str], str]] = {
    "fehlendes-element": _without_birthday,
    "veraltete-codeliste": lambda xml: xml.replace(
        'antragsgrund" listVersionID="1"', 'antragsgrund" listVersionID="0"'
    ),
    "falscher-schluessel": lambda xml: xml.replace("<kennung>azr:", "<kennung>ABH "),
    "unbekannte-version": lambda xml: xml.replace("aufenthalt-antrag:1.0", "aufenthalt-antrag:0.9"),
    "feindliches-xml": lambda _xml: _HOSTILE,
}
"""Ways in which a message can be wrong, by the German name that the demo's data uses."""


def application(*, seed: int, ars: str, authority: str, service: str, number: int) -> str:
    """One valid application.

    Args:
        seed: the same seed gives the same text.
        ars: regional key of the authority, 12 digits.
        authority: its name.
        service: LeiKa key.
        number: tells the messages of an authority apart.
    """
    chance = random.Random(f"{seed}-{ars}-{service}-{number}")  # noqa: S311 - not for secrets
    family, given = chance.choice(PERSONS)
    return _TEMPLATE.substitute(
        uuid=UUID(int=chance.getrandbits(128), version=4),
        reader=f"{ars[:5]}0",
        ars=ars,
        authority=authority,
        service=service,
        number=number,
        family=family,
        given=given,
        digit=chance.randrange(10),
        reason=chance.randrange(1, 8),
        nation=chance.choice(("368", "423", "163", "475")),
        house=chance.randrange(1, 200),
        postcode=chance.randrange(4000, 8000),
    )
