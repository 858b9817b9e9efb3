"""Files are written whole or not at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ozgflow.domain.messages import Wording
from ozgflow.errors import UsageError
from ozgflow.reports.files import write_file


@contextmanager
def full_disk() -> Iterator[None]:
    """Let every file end after ten bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_writes_utf8_and_keeps_line_ends(tmp_path: Path) -> None:
    write_file(tmp_path / "page.html", "Spree-Neiße\r\nChóśebuz\n")
    assert (tmp_path / "page.html").read_bytes() == "Spree-Neiße\r\nChóśebuz\n".encode()


def test_makes_missing_folders(tmp_path: Path) -> None:
    write_file(tmp_path / "2026" / "03" / "page.html", "x")
    assert (tmp_path / "2026" / "03" / "page.html").read_text() == "x"


def test_replaces_a_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_file(path, "old")
    write_file(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_others_may_read_it_as_any_other_file(tmp_path: Path) -> None:
    write_file(tmp_path / "page.html", "x")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "page.html").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_longest_name_that_the_file_system_takes(tmp_path: Path) -> None:
    write_file(tmp_path / ("n" * 255), "x")
    assert (tmp_path / ("n" * 255)).read_text() == "x"


def test_the_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_file(path, "old")
    with full_disk(), pytest.raises(UsageError):
        write_file(path, "new and much too long")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(UsageError):
        write_file(tmp_path / "page.html", "x")
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_the_complaint_is_a_german_sentence_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError) as caught:
        write_file(tmp_path / "file" / "page.html", "x")
    sentence = Wording.load().text(caught.value.code, **caught.value.params)
    assert sentence.startswith(f"Die Datei {tmp_path / 'file' / 'page.html'} lässt sich nicht schreiben.")
