"""Reading documents: what is named is found once, and never more of a file is read than is looked at."""

import hashlib
import io
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ozgflow.domain.findings import Report, Verdict
from ozgflow.errors import UsageError
from ozgflow.jobs.reading import (
    STANDARD_INPUT,
    DocumentFile,
    LargeDocument,
    files_meant,
    find_documents,
    open_documents,
    read_document,
    unchecked,
    xml_files,
)
from ozgflow.standards.parsing import Limits
from ozgflow.standards.validator import ENGINE, Validator
from tests.standards.schemas import element, root_of, write

LIMITS = Limits(document_bytes=2 * 1024 * 1024, streamed_bytes=1_000)
NOTHING = io.BytesIO()


def _tree(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<r>{name}</r>", encoding="utf-8")
    return folder


def _names(folder: Path, *words: str, standard_input: bytes = b"") -> list[str]:
    with open_documents(words, io.BytesIO(standard_input)) as documents:
        return [one.name.removeprefix(f"{folder}/") for one in documents]


def _refused(*words: str) -> str:
    with pytest.raises(UsageError) as raised, open_documents(words, NOTHING):
        pass
    return raised.value.code


# --- what is meant --------------------------------------------------------------------------------------------------


def test_a_file_is_meant_whatever_it_is_called(tmp_path: Path) -> None:
    _tree(tmp_path, "nachricht.dat", "a[1].xml", "ümläut ß.xml", "stern*.xml")

    words = [str(tmp_path / name) for name in ("nachricht.dat", "a[1].xml", "ümläut ß.xml", "stern*.xml")]

    assert _names(tmp_path, *words) == ["nachricht.dat", "a[1].xml", "ümläut ß.xml", "stern*.xml"]


def test_of_a_folder_all_xml_files_below_it_are_meant_in_order(tmp_path: Path) -> None:
    _tree(tmp_path, "b/2.xml", "b/1.XML", "a.Xml", "c.txt", "d.xml.bak", "b/tief/3.xml")

    assert _names(tmp_path, str(tmp_path)) == ["a.Xml", "b/1.XML", "b/2.xml", "b/tief/3.xml"]
    assert [path.name for path in xml_files(tmp_path / "b", below=False)] == ["1.XML", "2.xml"]


def test_a_pattern_that_fits_nothing_is_told_even_beside_one_that_does(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    words = [str(tmp_path / "*.xml"), str(tmp_path / "b*.xml")]

    with pytest.raises(UsageError) as refused, open_documents(words, io.BytesIO()):
        pass

    assert refused.value.params["path"] == words[1]


def test_a_pattern_means_what_it_finds(tmp_path: Path) -> None:
    _tree(tmp_path, "a1.xml", "a2.xml", "b.xml", "unten/a3.xml", "aa/x.xml", "aa/y.txt")

    assert _names(tmp_path, f"{tmp_path}/a?.xml") == ["a1.xml", "a2.xml"]
    assert _names(tmp_path, f"{tmp_path}/**/a[0-9].xml") == ["a1.xml", "a2.xml", "unten/a3.xml"]
    assert _names(tmp_path, f"{tmp_path}/a*") == ["a1.xml", "a2.xml", "aa/x.xml"]


def test_what_is_named_twice_is_checked_once(tmp_path: Path) -> None:
    _tree(tmp_path, "a.xml", "b.xml")

    words = [str(tmp_path / "b.xml"), str(tmp_path), f"{tmp_path}/./b.xml", f"{tmp_path}/*.xml"]

    assert _names(tmp_path, *words) == ["b.xml", "a.xml"]


def test_documents_of_a_zip_are_named_within_it_and_gone_afterwards(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "post.ZIP", "w") as archive:
        for name in ("b/2.xml", "1.xml", "lies.txt"):
            archive.writestr(name, f"<r>{name}</r>")

    with open_documents([str(tmp_path / "post.ZIP")], NOTHING) as documents:
        names = [one.name for one in documents]
        contents = [one.path.read_text("utf-8") for one in documents]

    assert names == [f"{tmp_path}/post.ZIP/1.xml", f"{tmp_path}/post.ZIP/b/2.xml"]
    assert contents == ["<r>1.xml</r>", "<r>b/2.xml</r>"]
    assert not any(one.path.exists() for one in documents)


def test_documents_of_one_name_in_two_zips_are_two(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("1.xml", "<r/>")

    assert _names(tmp_path, f"{tmp_path}/*.zip") == ["a.zip/1.xml", "b.zip/1.xml"]


def test_standard_input_is_one_document_for_its_owner_alone() -> None:
    data = b"<r>" + b"x" * 3_000_000 + b"</r>"

    with open_documents([STANDARD_INPUT], io.BytesIO(data)) as documents:
        (document,) = documents
        content, mode = document.path.read_bytes(), stat.S_IMODE(document.path.parent.stat().st_mode)

    assert (document.name, content) == ("-", data)
    assert mode == 0o700
    assert not document.path.exists()


def test_an_empty_standard_input_is_a_document_too() -> None:
    assert _names(Path(), STANDARD_INPUT) == ["-"]


def test_what_was_opened_is_gone_after_trouble_too() -> None:
    found: list[DocumentFile] = []

    def open_and_fail() -> None:
        with open_documents([STANDARD_INPUT], io.BytesIO(b"<r/>")) as documents:
            found.extend(documents)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_and_fail()

    assert [one.path.exists() for one in found] == [False]


def test_what_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    _tree(tmp_path, "a.xml", "leer/x.txt")

    assert _refused(str(tmp_path / "fehlt.xml")) == "documents.no-path"
    assert _refused(str(tmp_path / "a.xml"), str(tmp_path / "fehlt.xml")) == "documents.no-path"
    assert _refused(str(tmp_path / "leer")) == "documents.none"
    assert _refused(f"{tmp_path}/*.html") == "documents.no-path"
    assert _refused() == "documents.none"
    assert _refused(f"{tmp_path}/fehlt.zip") == "documents.no-path"


def test_files_of_their_own_are_told_without_opening_any(tmp_path: Path) -> None:
    _tree(tmp_path, "a.xml", "b/c.xml", "d.zip")

    assert files_meant(str(tmp_path)) == [tmp_path / "a.xml", tmp_path / "b" / "c.xml"]
    assert files_meant(f"{tmp_path}/*") == [tmp_path / "a.xml", tmp_path / "b" / "c.xml", tmp_path / "d.zip"]
    assert files_meant(str(tmp_path / "fehlt.xml")) == [tmp_path / "fehlt.xml"]
    assert files_meant(f"{tmp_path}/*.html") == []


def test_folders_and_files_are_found_once_each(tmp_path: Path) -> None:
    _tree(tmp_path, "a.xml", "b.dat")

    assert find_documents([tmp_path / "b.dat", tmp_path, tmp_path / "a.xml"]) == [
        tmp_path / "b.dat",
        tmp_path / "a.xml",
    ]


# --- how much is read -----------------------------------------------------------------------------------------------


def _of_size(folder: Path, size: int) -> Path:
    path = folder / "d.xml"
    path.write_bytes(b"<r>" + b"x" * (size - 7) + b"</r>")
    assert path.stat().st_size == size
    return path


@pytest.mark.parametrize(("size", "large"), [(999, False), (1_000, False), (1_001, True)])
def test_above_the_limit_a_document_is_read_in_pieces(tmp_path: Path, size: int, *, large: bool) -> None:
    path = _of_size(tmp_path, size)
    data = path.read_bytes()

    content = read_document(path, LIMITS)

    assert content == (LargeDocument(path=path, digest=hashlib.sha256(data).hexdigest()) if large else data)


def test_an_empty_file_is_an_empty_document(tmp_path: Path) -> None:
    (tmp_path / "leer.xml").touch()

    assert read_document(tmp_path / "leer.xml", LIMITS) == b""


@pytest.mark.parametrize(("size", "refused"), [(2 * 1024 * 1024, False), (2 * 1024 * 1024 + 1, True)])
def test_above_the_other_limit_a_document_is_unchecked(tmp_path: Path, size: int, *, refused: bool) -> None:
    path = _of_size(tmp_path, size)

    content = read_document(path, LIMITS)

    assert isinstance(content, Report if refused else LargeDocument)
    if isinstance(content, Report):
        assert (content.verdict, dict(content.counts)) == (Verdict.UNCHECKED, {"xml.too-large": 1})
        assert content.proof.document == hashlib.sha256(path.read_bytes()).hexdigest()
        assert content.findings[0].message.params == {"limit": 2}


def test_a_file_that_is_longer_than_it_was_said_to_be_is_read_in_pieces_from_its_beginning() -> None:
    growing = Path("/proc/self/limits")  # its size is said to be 0
    if not growing.is_file():
        pytest.skip("this system has no files that are longer than they say")
    data = growing.read_bytes()

    content = read_document(growing, LIMITS)

    assert content == LargeDocument(path=growing, digest=hashlib.sha256(data).hexdigest())


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "link.xml").symlink_to(tmp_path / "fehlt")

    for path in (tmp_path, tmp_path / "fehlt.xml", tmp_path / "link.xml"):
        with pytest.raises(OSError, match=r"directory"):
            read_document(path, LIMITS)


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes")
def test_a_device_cannot_be_read() -> None:
    device = Path("/dev/null")

    with pytest.raises(OSError, match=r"ordinary|regular"):
        read_document(device, LIMITS)


@pytest.mark.parametrize("size", [999, 1_000, 1_001, 5_000])
@pytest.mark.parametrize("content", ["1", "x"])
def test_on_both_sides_of_the_limit_the_report_is_the_same(tmp_path: Path, size: int, content: str) -> None:
    validator = Validator.for_schema(write(tmp_path, "s.xsd", root_of(element("n", "xs:int"))), LIMITS)
    path = tmp_path / "d.xml"
    document = f"<r><n>{content}</n></r>"
    path.write_text(document.replace("<n>", " " * (size - len(document)) + "<n>"), encoding="utf-8")

    read = read_document(path, LIMITS)
    whole = validator.check(path.read_bytes())
    report = validator.check(read) if isinstance(read, bytes) else validator.check_file(path)

    assert isinstance(read, LargeDocument) is (size > LIMITS.streamed_bytes)
    assert (report.verdict, report.counts, report.proof) == (whole.verdict, whole.counts, whole.proof)
    assert [replace(one, column=0) for one in report.findings] == [replace(one, column=0) for one in whole.findings]


def test_a_report_on_what_never_reached_the_validator_is_unchecked_and_says_why() -> None:
    report = unchecked("file.timeout", document="00", seconds="5")

    assert report.verdict is Verdict.UNCHECKED
    assert (report.proof.document, report.proof.engine) == ("00", ENGINE)
    assert [finding.rule for finding in report.findings] == ["file.timeout"]
