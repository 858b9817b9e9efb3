"""``ozgflow catalogue``"""

import pytest

from tests.cli.command import run


def test_all_municipalities_are_listed_as_json() -> None:
    data = run("catalogue", "municipalities", "--json").data

    kinds = [entry["kind"] for entry in data if entry["land_name"] == "Brandenburg"]
    municipalities = sum(kinds.count(kind) for kind in set(kinds) if kind.endswith(("gemeinde", "stadt")))
    assert (len(data), len(kinds)) == (861, 479)
    assert municipalities - kinds.count("verbandsgemeinde") == 413


def test_all_services_are_listed_as_json() -> None:
    data = run("catalogue", "services", "--json").data

    assert len(data) == 4813
    assert len({entry["key"] for entry in data}) == 4813


def test_the_table_of_municipalities_says_the_same_as_the_json() -> None:
    table, data = (
        run("catalogue", "municipalities", "golzow"),
        run("catalogue", "municipalities", "golzow", "--json").data,
    )

    keys, short_keys, names, kinds, lands, population, parents = table.columns
    assert len(data) >= 2
    assert keys == " ".join(["ARS", *(entry["ars"] for entry in data)])
    assert short_keys == " ".join(["AGS", *(entry["ags"] or "–" for entry in data)])
    assert names == " ".join(["Name", *(entry["name"] for entry in data)])
    assert population.split()[1:] == [f"{entry['population']:,}".replace(",", ".") for entry in data]
    assert kinds.startswith("Art ")
    assert lands.split() == ["Land", *("BB" for _ in data)]
    assert parents.startswith("Gehört zu ")
    assert table.text.endswith(f"{len(data)} Treffer.")


def test_the_table_of_services_says_the_same_as_the_json() -> None:
    table = run("catalogue", "services", "9901000100100")
    data = run("catalogue", "services", "9901000100100", "--json").data

    keys, titles, ozg, fields, types, levels = table.columns
    assert len(data) > 1
    assert keys == " ".join(["LeiKa-Schlüssel", *(entry["key"] for entry in data)])
    assert titles == " ".join(["Leistung", *(entry["title"] for entry in data)])
    assert ozg == " ".join(["OZG-ID", *(entry["ozg_id"] or "–" for entry in data)])
    assert fields == " ".join(["Themenfeld", *(entry["field"] for entry in data)])
    assert types == " ".join(["Typ", *(entry["typisation"] for entry in data)])
    assert levels.count("Landkreise und kreisfreie Städte") == sum(entry["level"] == "kreis" for entry in data)
    assert {entry["competent"] for entry in data if entry["level"] == "kreis"} == {18}


@pytest.mark.parametrize("land", ["NI", "03", "niedersachsen"])
def test_the_kreise_of_another_land_are_listed_by_its_number_name_or_abbreviation(land: str) -> None:
    outcome = run("catalogue", "municipalities", "landkreis", "--land", land, "--json")

    assert len(outcome.data) == 37
    assert {entry["land_name"] for entry in outcome.data} == {"Niedersachsen"}


def test_a_land_alone_lists_all_that_is_known_of_it() -> None:
    data = run("catalogue", "municipalities", "--land", "hb", "--json").data

    assert [entry["name"] for entry in data] == ["Bremen, Stadt", "Bremerhaven, Stadt"]


def test_an_unknown_land_is_refused_with_all_that_there_are() -> None:
    outcome = run("catalogue", "municipalities", "--land", "Preußen")

    assert outcome.code == 2
    assert "Kein Land heißt „Preußen“" in outcome.complaint
    assert "TH (Thüringen)" in outcome.complaint


def test_what_was_left_out_is_told_with_the_services() -> None:
    outcome = run("catalogue", "services", "Aufenthaltserlaubnis")

    assert "4813 Einträge, Stand 01.10.2019" in outcome.text
    assert "436 Zeilen (hat keinen Leistungsschlüssel („nicht im LeiKa“))" in outcome.text
    assert "2 Zeilen (der Leistungsschlüssel ist nicht wohlgeformt)" in outcome.text


def test_the_sources_say_the_same_as_text_and_as_json() -> None:
    text, data = run("catalogue", "sources").text, run("catalogue", "sources", "--json").data

    assert {entry["name"]: entry["written"] for entry in data} == {
        "municipalities.csv": 861,
        "services.csv": 4813,
        "ozg_services.csv": 557,
    }
    for entry in data:
        assert f"{entry['name']}: {entry['written']} Einträge" in text
        assert entry["source"] in text
        assert entry["read"] + entry["made"] - sum(entry["left_out"].values()) == entry["written"]
    (services,) = (entry for entry in data if entry["name"] == "services.csv")
    assert sum(services["left_out"].values()) == 438 == 436 + 2


def test_a_long_list_says_how_many_there_are_and_how_many_are_shown() -> None:
    outcome = run("catalogue", "municipalities", "--limit", "3")

    assert "861 Treffer, 3 gezeigt; mehr mit --limit." in outcome.text
    assert len(outcome.columns[0].split()) == 1 + 3


@pytest.mark.parametrize("command", ["municipalities", "services"])
def test_finding_nothing_is_no_trouble(command: str) -> None:
    table, machine = run("catalogue", command, "atlantis"), run("catalogue", command, "atlantis", "--json")

    assert (table.code, machine.code) == (0, 0)
    assert "0 Treffer." in table.text
    assert machine.data == []


def test_the_catalogue_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_DATABASE_URL", "quatsch")

    assert run("catalogue", "municipalities", "Barnim").code == 0


def test_in_english_the_words_change_and_the_facts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OZGFLOW_LANGUAGE", "en")

    outcome = run("catalogue", "services", "99010001001009")

    assert outcome.columns[0] == "LeiKa key 99010001001009"
    assert "436 rows (has no service key" in outcome.text
