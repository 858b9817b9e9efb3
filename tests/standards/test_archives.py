"""Hostile ZIPs are refused with one clear sentence, and nothing of them is left behind."""

import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.messages import Message, Wording
from ozgflow.errors import UsageError
from ozgflow.standards.archives import ArchiveLimits, files_below, opened

GERMAN = Wording.load()
SMALL = ArchiveLimits(entries=10, total_bytes=100_000, ratio=20, ratio_from=1_000)


def _zip(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _named(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"<x/>")
    return path


def _refusal(path: Path, limits: ArchiveLimits | None = None) -> str:
    temporary = path.parent / "temporary"
    temporary.mkdir()
    with pytest.raises(UsageError) as refused, opened(path, limits, temporary=temporary):
        pass
    assert list(temporary.iterdir()) == []
    sentence = GERMAN.render(Message(refused.value.code, refused.value.params))
    assert path.name in sentence
    return refused.value.code


def test_a_folder_is_read_where_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        assert folder == tmp_path.resolve()


def test_a_zip_is_unpacked_under_its_own_name_and_cleared_away(tmp_path: Path) -> None:
    path = _zip(tmp_path / "xprobe_1.0.zip", **{"tief/drin/a.xsd": b"<a/>"})

    with opened(path) as folder:
        assert folder.name == "xprobe_1.0"
        assert (folder / "tief" / "drin" / "a.xsd").read_bytes() == b"<a/>"

    assert not folder.exists()


def test_a_zip_within_the_zip_stays_closed(tmp_path: Path) -> None:
    inner = _zip(tmp_path / "innen.zip", **{"a.xsd": b"<a/>"})
    path = _zip(tmp_path / "aussen.zip", **{"innen.zip": inner.read_bytes()})

    with opened(path) as folder:
        assert [file.name for file in files_below(folder)] == ["innen.zip"]


def test_a_source_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"bundles\.no-source"), opened(tmp_path / "fehlt.zip"):
        pass


@pytest.mark.parametrize("content", [b"", b"<xml/>", b"PK\x05\x06", b"PK\x03\x04 not more than the beginning"])
def test_what_is_no_zip_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)

    assert _refusal(path) == "bundles.zip-none"


@pytest.mark.parametrize(
    "name",
    [
        *("../a.xsd", "x/../../a.xsd", "/etc/a.xsd", "C:/a.xsd", "c:a.xsd", "..\\a.xsd", "\\\\rechner\\a.xsd"),
        *("a\x00.xsd", "a\n.xsd", "a\x1b[31m.xsd", "a*.xsd", "x/" * 500 + "a.xsd", "a" * 300),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "boese.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        archive.writestr(entry, b"<x/>")

    assert _refusal(path) == "bundles.zip-path"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "boese.zip"
    entry = zipfile.ZipInfo("a.xsd")
    entry.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")

    assert _refusal(path) == "bundles.zip-link"


def test_a_hundred_thousand_entries_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "viele.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.xsd"), b"")

    assert _refusal(path) == "bundles.too-many"


def test_one_entry_too_many_is_refused(tmp_path: Path) -> None:
    path = _named(tmp_path / "viele.zip", *(f"{number}.xsd" for number in range(11)))

    assert _refusal(path, SMALL) == "bundles.too-many"


def test_an_entry_that_is_packed_too_well_is_a_bomb(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bombe.zip", **{"a.xsd": b"0" * 90_000})

    assert _refusal(path, SMALL) == "bundles.zip-ratio"


def test_a_bomb_of_a_hundred_megabytes_is_refused_with_the_limits_in_force(tmp_path: Path) -> None:
    path = tmp_path / "bombe.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.xsd", "w", force_zip64=True) as entry,
    ):
        for _ in range(8):
            entry.write(bytes(16 * 1024 * 1024))

    assert _refusal(path) == "bundles.zip-ratio"


def test_many_files_together_may_not_be_larger_than_the_limit(tmp_path: Path) -> None:
    path = _zip(tmp_path / "gross.zip", **{f"{number}.xsd": os.urandom(15_000) for number in range(7)})

    assert _refusal(path, SMALL) == "bundles.zip-large"


def test_a_size_that_is_declared_too_small_helps_nobody(tmp_path: Path) -> None:
    path = _zip(tmp_path / "luege.zip", **{"a.xsd": b"0" * 500_000})
    size = (500_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (900).to_bytes(4, "little")))

    assert _refusal(path, SMALL) == "bundles.zip-damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("a.xsd", "a.xsd"), "bundles.zip-twice"),
        (("a.xsd", "./a.xsd"), "bundles.zip-twice"),
        (("x/a.xsd", "x\\a.xsd"), "bundles.zip-twice"),
        (("a", "a/b.xsd"), "bundles.zip-twice"),
        (("a.xsd", "A.xsd"), "bundles.zip-case"),
        (("\N{LATIN SMALL LETTER A WITH DIAERESIS}.xsd", "a\N{COMBINING DIAERESIS}.xsd"), "bundles.zip-case"),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(tmp_path: Path, names: tuple[str, ...], code: str) -> None:
    assert _refusal(_named(tmp_path / "doppelt.zip", *names)) == code


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = _named(tmp_path / "geheim.zip", "a.xsd")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)

    assert _refusal(path) == "bundles.zip-encrypted"


def test_a_method_of_packing_that_needs_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lzma.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.xsd", b"<a/>")

    assert _refusal(path) == "bundles.zip-method"


def test_a_damaged_zip_is_called_so(tmp_path: Path) -> None:
    path = _named(tmp_path / "kaputt.zip", "a.xsd")
    path.write_bytes(path.read_bytes().replace(b"<x/>", b"<y/>"))

    assert _refusal(path) == "bundles.zip-damaged"


@given(data=st.data())
def test_a_zip_with_changed_bytes_is_read_or_refused_and_never_leaves_its_folder(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    path = _zip(folder / "a.zip", **{"a.xsd": b"<a/>" * 50, "b/c.xsd": b"<c/>"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)

    try:
        with opened(path) as unpacked:
            found = files_below(unpacked)
    except UsageError:
        found = []

    assert len(found) <= 2
    assert sorted(file.name for file in folder.iterdir()) == ["a.zip"]


def test_links_in_a_folder_and_leftovers_of_operating_systems_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._a.xsd").write_bytes(b"")
    (tmp_path / "a.xsd").write_bytes(b"<a/>")
    (tmp_path / "b.xsd").symlink_to(tmp_path / "a.xsd")

    assert files_below(tmp_path) == [tmp_path / "a.xsd"]


def test_a_folder_of_more_files_than_anybody_publishes_is_refused(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / f"{number}.xsd").write_bytes(b"")

    with pytest.raises(UsageError, match=r"bundles\.too-many"):
        files_below(tmp_path, SMALL)
