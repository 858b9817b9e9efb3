"""The catalogue of bundles: every key is read, and whatever is wrong is refused with table and key."""

from datetime import date
from pathlib import Path

import pytest

from ozgflow.domain.rules import Severity
from ozgflow.errors import DataError
from ozgflow.standards.bundle_files import CATALOGUE, load_bundles, read_catalogue
from ozgflow.standards.bundles import Bundle, Entry, KeyPlaces
from ozgflow.standards.validator import Validator
from tests.standards.schemas import element, write

ROOT = Path(__file__).parents[2]
LEAST = {
    "standard": '"probe"',
    "version": '"1.0"',
    "title": '"Probe"',
    "folder": '"probe"',
    "entry": '"probe.xsd"',
    "namespace": '"urn:probe"',
    "licence": '"EUPL-1.2"',
}
ALL = LEAST | {
    "roots": '["r", "s"]',
    "version_attribute": '"stand"',
    "match": '"/p:r"',
    "namespaces": '{ p = "urn:probe" }',
    "locations": '{ "https://schemata.example/x.xsd" = "x.xsd" }',
    "code_lists": '["listen/*.xml", "listen/b.xml", "andere.xml"]',
    "schematron": '[{ file = "r.sch", title = "Regeln", phase = "fein", levels = { R1 = "note" } }]',
    "keys": '{ ars = ["gebiet"], ags = ["ags"], leika = ["leistung"] }',
    "binding": "true",
    "accepted_from": "2026-05-01",
    "accepted_until": "2027-04-30",
    "effective_on": "2026-11-01",
    "acceptance": '{ expression = "true()", stylesheet = "b.xsl", namespaces = { r = "urn:r" } }',
    "source": '"Musterbehörde"',
    "files": '{ "probe.xsd" = "00" }',
}


def _write(folder: Path, *tables: dict[str, str | None]) -> Path:
    lines = []
    for table in tables:
        lines += ["[[bundle]]", *(f"{key} = {value}" for key, value in table.items() if value is not None)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CATALOGUE).write_text("\n".join(lines), encoding="utf-8")
    return folder


def _read(folder: Path, changes: dict[str, str | None]) -> Bundle:
    for name in ("a.xml", "b.xml"):
        (folder / "probe" / "listen").mkdir(parents=True, exist_ok=True)
        (folder / "probe" / "listen" / name).touch()
    (bundle,) = read_catalogue(_write(folder, {**LEAST, **changes}))
    return bundle


def _refused(folder: Path, changes: dict[str, str | None]) -> str:
    with pytest.raises(DataError) as raised:
        _read(folder, changes)
    assert raised.value.code == "bundles.key"
    assert (raised.value.params["file"], raised.value.params["number"]) == (CATALOGUE, 1)
    return str(raised.value.params["key"])


def test_every_key_is_read(tmp_path: Path) -> None:
    bundle = _read(tmp_path, {**ALL})
    home = tmp_path / "probe"

    assert (bundle.name, bundle.title, bundle.folder) == ("probe/1.0", "Probe", home)
    assert bundle.entries == (Entry(schema=home / "probe.xsd", namespace="urn:probe", roots=("r", "s")),)
    assert (bundle.version_attribute, bundle.match, bundle.namespaces) == ("stand", "/p:r", {"p": "urn:probe"})
    assert bundle.locations == {"https://schemata.example/x.xsd": home / "x.xsd"}
    assert bundle.code_lists == (home / "listen" / "a.xml", home / "listen" / "b.xml", home / "andere.xml")
    assert bundle.keys == KeyPlaces(ars=("gebiet",), ags=("ags",), leika=("leistung",))
    assert (bundle.binding, bundle.licence, bundle.source) == (True, "EUPL-1.2", "Musterbehörde")
    assert bundle.hashes == {"probe.xsd": "00"}
    (rules,) = bundle.rule_sets
    assert (rules.file, rules.title, rules.phase, rules.levels) == (
        *(home / "r.sch", "Regeln", "fein", {"R1": Severity.NOTE}),
    )
    assert bundle.acceptance is not None
    assert (bundle.acceptance.expression, bundle.acceptance.stylesheet) == ("true()", home / "b.xsl")
    assert bundle.acceptance.namespaces == {"r": "urn:r"}


def test_the_days_are_read_and_both_ends_are_in_force(tmp_path: Path) -> None:
    bundle = _read(tmp_path, {**ALL})

    assert bundle.window.effective_on == date(2026, 11, 1)
    assert [bundle.is_in_force(date(*day)) for day in ((2026, 4, 30), (2026, 5, 1), (2027, 4, 30), (2027, 5, 1))] == [
        *(False, True, True, False)
    ]


def test_the_least_will_do(tmp_path: Path) -> None:
    bundle = _read(tmp_path, {})

    assert bundle == Bundle(
        standard="probe",
        version="1.0",
        title="Probe",
        folder=tmp_path / "probe",
        entries=(Entry(schema=tmp_path / "probe" / "probe.xsd", namespace="urn:probe"),),
        licence="EUPL-1.2",
    )


def test_several_schemas_have_their_own_documents(tmp_path: Path) -> None:
    entries = '[{ schema = "a.xsd", namespace = "urn:a", roots = ["a"] }, { schema = "b.xsd" }]'

    bundle = _read(tmp_path, {"entry": None, "namespace": None, "entries": entries})

    assert bundle.entries == (
        Entry(schema=tmp_path / "probe" / "a.xsd", namespace="urn:a", roots=("a",)),
        Entry(schema=tmp_path / "probe" / "b.xsd", namespace=""),
    )


def test_a_bundle_of_rules_alone_is_known_by_its_xpath(tmp_path: Path) -> None:
    bundle = _read(tmp_path, {"entry": None, "namespace": None, "match": '"/r"'})

    assert bundle.entries == ()


@pytest.mark.parametrize("key", LEAST)
def test_a_key_that_is_missing_is_named(tmp_path: Path, key: str) -> None:
    assert _refused(tmp_path, {key: None}) == ("entries" if key == "entry" else key)


@pytest.mark.parametrize("key", LEAST)
@pytest.mark.parametrize("value", ['""', "1", "1.0", "true", "[]", "{}", "2026-01-01"])
def test_a_text_that_is_none_is_refused(tmp_path: Path, key: str, value: str) -> None:
    assert _refused(tmp_path, {key: value}) == key


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("roots", ['"r"', "[1]", "{}", "true", '["r", 1]']),
        ("code_lists", ['"listen"', "[1]", "{}"]),
        ("version_attribute", ["1", "[]"]),
        ("match", ["1", "[]", '"1 +"', '"/r["', '"count("']),
        ("namespaces", ['"p"', "[]", "{ p = 1 }"]),
        ("locations", ['"p"', "[]", "{ p = 1 }"]),
        ("files", ['"p"', "[]", "{ p = 1 }"]),
        ("schematron", ['"r.sch"', '["r.sch"]', "{}"]),
        ("keys", ['"ars"', "[]"]),
        ("acceptance", ['"true()"', "[]"]),
        ("binding", ['"true"', "1", "[]"]),
        ("source", ["1", "[]"]),
        *(
            (day, ['"2026-01-01"', "1", "true", "2026-01-01T00:00:00", "00:00:00"])
            for day in ("accepted_from", "accepted_until", "effective_on")
        ),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path: Path, key: str, values: list[str]) -> None:
    assert [_refused(tmp_path, {key: value}) for value in values] == [key] * len(values)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"schematron": '[{ title = "x" }]'}, "file"),
        ({"schematron": '[{ file = "r.sch", phase = 1 }]'}, "phase"),
        ({"schematron": '[{ file = "r.sch", levels = { R1 = "schlimm" } }]'}, "levels"),
        ({"schematron": '[{ file = "r.sch", levels = ["R1"] }]'}, "levels"),
        ({"keys": '{ ars = "gebiet" }'}, "ars"),
        ({"keys": "{ ags = [1] }"}, "ags"),
        ({"keys": "{ leika = {} }"}, "leika"),
        ({"acceptance": "{}"}, "expression"),
        ({"acceptance": '{ expression = "true()", stylesheet = 1 }'}, "stylesheet"),
        ({"acceptance": '{ expression = "true()", namespaces = [] }'}, "namespaces"),
        ({"entry": None, "entries": "[{}]"}, "schema"),
        ({"entry": None, "entries": '[{ schema = "a.xsd", roots = "r" }]'}, "roots"),
        ({"entry": None, "entries": '[{ schema = "a.xsd", namespace = 1 }]'}, "namespace"),
        ({"entry": None, "entries": '["a.xsd"]'}, "entries"),
        ({"entry": None, "entries": "[]"}, "entries"),
        ({"code_lists": '["fehlt/*.xml"]'}, "code_lists: fehlt/*.xml"),
        ({"eintrag": '"x"'}, "eintrag"),
        ({"Binding": "true"}, "Binding"),
    ],
)
def test_what_is_wrong_deeper_down_is_named(tmp_path: Path, changes: dict[str, str | None], key: str) -> None:
    assert _refused(tmp_path, changes) == key


def test_the_number_of_the_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        read_catalogue(_write(tmp_path, {**LEAST}, {**LEAST, "title": "1"}))

    assert (raised.value.params["number"], raised.value.params["key"]) == (2, "title")


def test_a_catalogue_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        load_bundles(tmp_path)

    assert raised.value.code == "bundles.no-catalogue"


@pytest.mark.parametrize("content", [b"[[bundle]", b"x", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_catalogue_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CATALOGUE).write_bytes(content)

    with pytest.raises(DataError) as raised:
        load_bundles(tmp_path)

    assert raised.value.code == "bundles.not-toml"


@pytest.mark.parametrize("content", ["bundle = 1", "[bundle]\nstandard = 'x'", "bundle = [1]"])
def test_a_catalogue_whose_bundles_are_no_tables_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / CATALOGUE).write_text(content, encoding="utf-8")

    with pytest.raises(DataError) as raised:
        load_bundles(tmp_path)

    assert raised.value.params["key"] == "[[bundle]]"


def test_added_bundles_stand_beside_those_that_come_with_ozgflow(tmp_path: Path) -> None:
    own = _write(tmp_path / "own", {**LEAST})
    added = tmp_path / "added"
    _write(added / "xprobe" / "2.0", {**LEAST, "standard": '"xprobe"', "version": '"2.0"', "folder": '"."'})

    names = [bundle.name for bundle in load_bundles(own, added).bundles]

    assert names == ["probe/1.0", "xprobe/2.0"]
    assert [bundle.name for bundle in load_bundles(own, tmp_path / "fehlt").bundles] == ["probe/1.0"]


def test_two_bundles_of_one_name_are_refused(tmp_path: Path) -> None:
    own = _write(tmp_path / "own", {**LEAST})
    _write(tmp_path / "added" / "probe" / "1.0", {**LEAST, "folder": '"."'})

    for catalogues in ((own, tmp_path / "added"), (_write(tmp_path / "both", {**LEAST}, {**LEAST}), None)):
        with pytest.raises(DataError) as raised:
            load_bundles(*catalogues)
        assert (raised.value.code, raised.value.params) == ("bundles.twice", {"names": "probe/1.0"})


def test_our_own_catalogue_can_be_read() -> None:
    assert [bundle.name for bundle in load_bundles(ROOT / "schemas").bundles] == [
        *("aufenthalt-antrag/1.0", "aufenthalt-antrag/1.1")
    ]


@pytest.mark.parametrize(
    ("match", "namespaces"),
    [('"/p:probe"', "{}"), ('"foo()"', "{}"), ('"$x"', "{}"), ('"/probe"', '{ "" = "urn:probe" }')],
)
def test_an_xpath_that_no_document_can_be_asked_is_refused(tmp_path: Path, match: str, namespaces: str) -> None:
    assert _refused(tmp_path, {"match": match, "namespaces": namespaces}) in ("match", "namespaces")


def test_days_of_acceptance_that_end_before_they_begin_are_refused(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {"accepted_from": "2026-11-01", "accepted_until": "2026-10-31"}

    assert _refused(tmp_path, changes) == "accepted_until"


def test_a_table_that_is_not_known_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text('[[bundel]]\nstandard = "probe"\n', encoding="utf-8")

    with pytest.raises(DataError) as raised:
        load_bundles(tmp_path)

    assert raised.value.params["key"] == "bundel"


@pytest.mark.parametrize("pattern", ["/irgendwo/*.xml", "a**b/*.xml"])
def test_a_pattern_that_is_none_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(DataError):
        _read(tmp_path, {"code_lists": f'["{pattern}"]'})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"keys": '{ arz = ["gebiet"] }'}, "arz"),
        ({"schematron": '[{ file = "r.sch", fase = "x" }]'}, "fase"),
        ({"acceptance": '{ expression = "true()", style = "b.xsl" }'}, "style"),
        ({"entry": None, "entries": '[{ schema = "a.xsd", root = ["r"] }]'}, "root"),
    ],
)
def test_a_key_that_is_not_known_is_refused_deeper_down_too(
    tmp_path: Path, changes: dict[str, str | None], key: str
) -> None:
    assert _refused(tmp_path, changes) == key


def test_an_acceptance_test_that_cannot_be_used_is_no_incident(tmp_path: Path) -> None:
    write(tmp_path / "probe", "probe.xsd", element("r", "xs:int"), 'targetNamespace="urn:probe"')
    _read(tmp_path, {"acceptance": '{ expression = "1 +" }'})

    report = Validator.for_folder(tmp_path).check(b'<r xmlns="urn:probe">x</r>')

    assert report.findings
