"""The file on disk: bytes in, the same bytes out, and never half a file."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.changelog_file import Document, read, write
from dvc_changelog.errors import DocumentError


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Document("")),
        (b"a\nb\n", Document("a\nb\n")),
        (b"a\r\nb", Document("a\nb", eol="\r\n")),
        (b"\xef\xbb\xbfa\r\n", Document("a\n", eol="\r\n", bom=True)),
        (b"a\r\nb\nc\n", Document("a\r\nb\nc\n")),
        (b"a\r\nb\r\nc\n", Document("a\nb\nc\r\n", eol="\r\n")),
        ("größer\n".encode(), Document("größer\n")),
    ],
)
def test_a_file_is_read_with_its_line_ends_and_mark(tmp_path: Path, data: bytes, expected: Document) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_bytes(data)
    assert expected == read(path)


@given(st.text(alphabet="a\r\n\ufeff \u2028ü").map(str.encode))
def test_what_was_read_and_not_changed_is_not_written(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "CHANGELOG.md")
        path.write_bytes(data)
        document = read(path)
        assert not write(path, document, document.text)
        assert write(path, document, document.text + "more\n")
        assert path.read_bytes().startswith(data)


def test_a_missing_file_is_an_empty_document(tmp_path: Path) -> None:
    assert Document("", existed=False) == read(tmp_path / "none" / "CHANGELOG.md")


def test_a_missing_directory_is_made(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "CHANGELOG.md"
    assert write(path, read(path), "a\n")
    assert path.read_text() == "a\n"


def test_a_new_file_has_the_mode_that_the_umask_allows(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "new", read(tmp_path / "new"), "a\n")
    assert (tmp_path / "other").stat().st_mode == (tmp_path / "new").stat().st_mode


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("a")
    path.chmod(0o751)
    assert write(path, read(path), "b")
    assert stat.S_IMODE(path.stat().st_mode) == 0o751


def test_of_a_link_the_target_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "real.md"
    target.write_text("a")
    link = tmp_path / "CHANGELOG.md"
    link.symlink_to(target)
    assert write(link, read(link), "b")
    assert link.is_symlink()
    assert target.read_text() == "b"


@pytest.mark.parametrize(
    ("data", "expected"), [(b"a\n\xff\xfe", "line 2: not UTF-8"), (b"\xff\xfea\x00", "line 1: not UTF-8")]
)
def test_what_is_not_utf8_is_refused_with_its_line(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=expected) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is a directory"):
        read(tmp_path)
    with pytest.raises(DocumentError, match="is a directory"):
        write(tmp_path, Document(""), "a")


def test_a_file_in_the_place_of_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs").touch()
    with pytest.raises(DocumentError):
        write(tmp_path / "docs" / "CHANGELOG.md", Document("", existed=False), "a")


def test_a_read_only_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(DocumentError, match="read-only"):
        write(path, read(path), "new")
    assert path.read_text() == "old"
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(DocumentError, match="cannot be written"):
        write(tmp_path / "CHANGELOG.md", Document("", existed=False), "new")
    tmp_path.chmod(0o755)


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(DocumentError, match="No space left"):
        write(path, read(path), "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [path] == list(tmp_path.iterdir())


def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(path, read(path), "new")
    assert [path] == list(tmp_path.iterdir())


def test_a_lone_surrogate_still_makes_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    write(path, read(path), "a\udcff\n")
    assert read(path).text == "a?\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    before = read(path)
    assert before == Document("", existed=False)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert write(path, before, "new\n")
    assert os.read(reader, 10) == b"new\n"
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_device_is_written_to_and_not_replaced() -> None:
    write(Path(os.devnull), read(Path(os.devnull)), "new\n")
    assert not Path(os.devnull).is_file()
