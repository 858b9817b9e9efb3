"""The report as a person reads it in a terminal."""

from dataclasses import replace

from ozgflow.domain.messages import Language, Wording
from ozgflow.reports.validation_text import to_text

from .batches import ALL_GOOD, CLEAN, EMPTY, INVENTED_VALUE, MIXED, STOPPED, WRONG, make_batch

GERMAN = Wording.load()
ENGLISH = Wording.load(Language.ENGLISH)

GOLDEN = """\
gut.xml: gültig, angenommen, Ergebnis schon bekannt (aufenthalt-antrag/1.0 [1]) · Geprüft: Schema (812 Elemente), \
Kennungen und Verweise (3), Codelisten (14 Codes), Kopf und Schlüssel (1 Regel angewendet) · nicht enthalten: \
Schematron · SHA-256 77562953d4c8

eingang/falsch.xml: fehlerhaft, nicht angenommen (aufenthalt-antrag/1.0 [1])
  Annahme: Die Nachricht enthält mindestens einen Fehler.
  Geprüft: Wohlgeformtheit, Zeichen, Schemapaket, Schema (812 Elemente), Kennungen und Verweise (3), Codelisten \
(14 Codes), Kopf und Schlüssel (1 Regel angewendet) · nicht enthalten: Schematron
  SHA-256 der Nachricht: b3c3e0f503739d321aac897a01e914ee3f633a97c9fdd4ef3145c0e2ff1abaf4
  Fehler xsd.value-length (BR-DE-15), Zeile 47, Spalte 9, /antrag/antragsteller/name
    Der Inhalt von „name“ hat nicht die erlaubte Länge (Grenze: 60); der Inhalt hat 61 Zeichen.
    → Kürzen oder ergänzen Sie den Wert.
    Bedeutung laut Standard: Der Familienname der Person.
  Fehler xsd.value-length, Zeile 58, /antrag/antragsteller/name
    Der Inhalt von „name“ hat nicht die erlaubte Länge (Grenze: 60); der Inhalt hat 61 Zeichen.
    → Kürzen oder ergänzen Sie den Wert.
  Fehler xsd.attribute-missing, Zeile 60, /antrag/nachweis[2]/@id
    Das Pflichtattribut „id“ fehlt.
    → Ergänzen Sie das Attribut.
  Weitere Befunde zu xsd.value-length, nicht aufgeführt: 1.200
  Die Nachricht hat so viele Befunde, dass die Zählung beendet wurde; es sind mehr als hier angegeben.

Am häufigsten verletzte Regeln:
  xsd.value-length: in 1 von 2 Nachrichten, Befunde: mindestens 1.202
  xsd.attribute-missing: in 1 von 2 Nachrichten, Befunde: mindestens 1

[1] aufenthalt-antrag/1.0 · SHA-256 5c0c0e5a1fad2d497fa8f930386fe1efdd590d8b5ebf270afe09f8b845fba78c · \
ozgflow 0.1.0 0123456789ab, libxml2 2.14.6, xmlschema 4.3.2
Erstellt: 24.11.2026, 15:02 Uhr. Stichtag der Annahme: 24.11.2026.
Nachrichten: 2, davon 1 gültig, 1 fehlerhaft, 0 nicht geprüft (schon bekannt: 1).
Annahme: 1 von 2 angenommen, 1 nicht angenommen, 0 offen.
"""


def test_the_whole_text() -> None:
    assert to_text(make_batch(WRONG, CLEAN), GERMAN) == GOLDEN


def test_documents_without_a_finding_have_one_line_each_and_come_first() -> None:
    lines = to_text(make_batch(STOPPED, *ALL_GOOD.documents), GERMAN).splitlines()

    assert [line.partition(":")[0] for line in lines[:2]] == ["gut.xml", "auch gut.xml"]
    assert lines[2:4] == ["", "angehalten.xml: nicht geprüft, Annahme offen (aufenthalt-antrag/1.0 [1])"]


def test_a_step_that_did_not_run_is_named() -> None:
    assert "· ungeprüft geblieben: Codelisten\n" in to_text(make_batch(STOPPED), GERMAN)


def test_a_document_without_a_bundle_says_so() -> None:
    assert "abgerissen.xml: fehlerhaft, nicht angenommen (kein Schemapaket erkannt [2])" in to_text(MIXED, GERMAN)


def test_a_value_asked_for_stands_below_its_finding() -> None:
    text = to_text(make_batch(replace(WRONG, values={2: INVENTED_VALUE})), GERMAN)

    assert (
        "    → Ergänzen Sie das Attribut.\n"
        f"    Wert in der Nachricht (nur auf Ihren Wunsch gezeigt): {INVENTED_VALUE}\n"
    ) in text


def test_nothing_checked() -> None:
    assert to_text(EMPTY, GERMAN).startswith("Erstellt: 24.11.2026, 15:02 Uhr.")


def test_english() -> None:
    text = to_text(MIXED, ENGLISH)

    assert "eingang/falsch.xml: invalid, refused (aufenthalt-antrag/1.0 [1])\n" in text
    assert "  error xsd.value-length (BR-DE-15), line 47, column 9, /antrag/antragsteller/name\n" in text
    assert "Messages: 8, of these 3 valid, 3 invalid, 2 unchecked (known already: 1).\n" in text
    assert "Made: 2026-11-24, 15:02. Day of acceptance: 2026-11-24.\n" in text
