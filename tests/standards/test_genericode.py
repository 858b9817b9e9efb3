"""Code lists as XRepository publishes them: the column that documents use, the metadata, and what is no list."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from ozgflow.domain.code_lists import CodeList
from ozgflow.domain.messages import Wording
from ozgflow.standards.genericode import is_code_list, read_code_list, read_code_lists
from ozgflow.standards.schema_files import SchemaTrouble

ROOT = Path(__file__).parents[2]
_OASIS = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"
_XOEV = {3: ("urn:xoev-de:schemata:genericode/3", "empfohleneCodeSpalte", "datumGueltigkeitAb")}
_XOEV[4] = ("urn:xoev-de:schemata:genericode/4", "recommendedKeyColumn", "validFrom")
_COLUMNS = '<Column Id="{}" Use="required"/>'
_KEY = '<Key Id="{0}-key"><ColumnRef Ref="{0}"/></Key>'
ROWS = [("1", "rot", "Rot"), ("2", "blau", "Blau")]


def _row(*values: str, named: bool = True) -> str:
    names = ("nummer", "kurz", "lang")
    told = [(f' ColumnRef="{name}"' if named else "", value) for name, value in zip(names, values, strict=False)]
    return f"<Row>{''.join(f'<Value{name}><SimpleValue>{value}</SimpleValue></Value>' for name, value in told)}</Row>"


ALL_COLUMNS = "".join(_COLUMNS.format(name) for name in ("nummer", "kurz", "lang"))
ALL_ROWS = "".join(_row(*row) for row in ROWS)


def _write(
    folder: Path,
    *,
    columns: str = ALL_COLUMNS,
    rows: str = ALL_ROWS,
    metadata: str = "",
    names: str = "<ShortName>farbe</ShortName><LongName>Farben</LongName><Version>1.0</Version>",
    root: str = "CodeList",
    namespace: str = _OASIS,
) -> Path:
    path = folder / "farbe.xml"
    path.write_text(
        f'<gc:{root} xmlns:gc="{namespace}">{metadata}<Identification>{names}'
        f"<CanonicalUri>urn:probe:farbe</CanonicalUri></Identification><ColumnSet>{columns}</ColumnSet><SimpleCodeList>{rows}</SimpleCodeList></gc:{root}>",
        encoding="utf-8",
    )
    return path


def _recommended(form: int, key: str = "kurz", *, in_key: bool = False) -> str:
    namespace, mark, _ = _XOEV[form]
    told = f'<Annotation><AppInfo><{mark} xmlns="{namespace}"/></AppInfo></Annotation>'
    if in_key:
        return (
            "".join(_COLUMNS.format(name) for name in ("nummer", "kurz", "lang"))
            + _KEY.format("nummer")
            + _KEY.format(key).replace("<ColumnRef", f"{told}<ColumnRef")
        )
    return "".join(
        _COLUMNS.format(name).replace("/>", f">{told if name == key else ''}</Column>")
        for name in ("nummer", "kurz", "lang")
    ) + _KEY.format("nummer")


def test_a_list_has_uri_version_title_codes_and_file(tmp_path: Path) -> None:
    assert read_code_list(_write(tmp_path)) == CodeList(
        uri="urn:probe:farbe", version="1.0", title="Farben", codes=frozenset("12"), file="farbe.xml"
    )


def test_without_a_long_name_the_short_one_is_the_title(tmp_path: Path) -> None:
    assert read_code_list(_write(tmp_path, names="<ShortName>farbe</ShortName>")).title == "farbe"


@pytest.mark.parametrize("form", [3, 4])
@pytest.mark.parametrize("in_key", [True, False])
def test_the_column_that_the_metadata_recommend_holds_the_codes(tmp_path: Path, form: int, *, in_key: bool) -> None:
    path = _write(tmp_path, columns=_recommended(form, in_key=in_key))

    assert read_code_list(path).codes == {"rot", "blau"}


def test_without_a_recommendation_the_first_key_holds_the_codes(tmp_path: Path) -> None:
    columns = (
        "".join(_COLUMNS.format(name) for name in ("nummer", "kurz", "lang"))
        + _KEY.format("kurz")
        + _KEY.format("lang")
    )

    assert read_code_list(_write(tmp_path, columns=columns)).codes == {"rot", "blau"}


def test_without_a_key_the_first_column_holds_the_codes(tmp_path: Path) -> None:
    assert read_code_list(_write(tmp_path)).codes == {"1", "2"}


def test_a_value_that_names_no_column_is_of_the_next_one(tmp_path: Path) -> None:
    rows = _row("1", "rot", "Rot", named=False) + (
        '<Row><Value ColumnRef="kurz"><SimpleValue>blau</SimpleValue></Value>'
        "<Value><SimpleValue>x</SimpleValue></Value></Row>"
    )

    assert read_code_list(_write(tmp_path, columns=_recommended(3), rows=rows)).codes == {"rot", "blau"}


def test_white_space_around_a_code_does_not_count(tmp_path: Path) -> None:
    assert read_code_list(_write(tmp_path, rows=_row(" 1\n"))).codes == {"1"}


@pytest.mark.parametrize("form", [3, 4])
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-08-01", date(2024, 8, 1)), (" 2024-08-01T00:00:00Z ", date(2024, 8, 1)), ("bald", None), ("", None)],
)
def test_the_day_from_which_a_list_is_in_force_is_read(
    tmp_path: Path, form: int, day: str, expected: date | None
) -> None:
    namespace, _, mark = _XOEV[form]
    metadata = f'<Annotation><AppInfo><{mark} xmlns="{namespace}">{day}</{mark}></AppInfo></Annotation>'

    assert read_code_list(_write(tmp_path, metadata=metadata)).valid_from == expected


def test_a_list_without_rows_has_no_codes(tmp_path: Path) -> None:
    assert read_code_list(_write(tmp_path, rows="")).codes == frozenset()


def _trouble(path: Path) -> tuple[str, str]:
    with pytest.raises(SchemaTrouble) as raised:
        read_code_list(path)
    return raised.value.reason.code, Wording.load().render(raised.value.reason)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"root": "ColumnSet"}, "codes.not-a-list"),
        ({"namespace": "urn:x"}, "codes.not-a-list"),
        ({"columns": _COLUMNS.format("x") + _KEY.format("fehlt")}, "codes.no-column"),
        ({"columns": ""}, "codes.no-column"),
    ],
)
def test_what_is_no_list_is_refused_with_its_name(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    told, text = _trouble(_write(tmp_path, **changes))

    assert told == code
    assert "farbe.xml" in text


@pytest.mark.parametrize(
    "content", ["", "<gc", "kein XML", '<!DOCTYPE x [<!ENTITY e SYSTEM "/etc/hostname">]><x>&e;']
)
def test_what_is_no_xml_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "farbe.xml"
    path.write_text(content, encoding="utf-8")

    assert _trouble(path)[0] == "codes.not-xml"


def test_a_list_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    code, text = _trouble(tmp_path / "fehlt.xml")

    assert code == "codes.missing"
    assert "fehlt.xml" in text


def test_all_lists_of_our_own_bundles_can_be_read() -> None:
    files = tuple(sorted((ROOT / "schemas").glob("*/*/codelisten/*.xml")))

    lists = read_code_lists(files)

    assert all(one.codes for versions in lists.lists.values() for one in versions.values())
    assert set(lists.current) == set(lists.lists)


def test_a_code_list_is_known_whatever_the_version_of_the_format() -> None:
    for namespace, expected in (
        (_OASIS, True),
        ("http://docs.oasis-open.org/codelist/ns/genericode/2.0/", True),
        ("urn:x", False),
    ):
        assert is_code_list(etree.fromstring(f'<CodeList xmlns="{namespace}"/>')) is expected
    assert not is_code_list(etree.fromstring(f'<CodeListSet xmlns="{_OASIS}"/>'))
