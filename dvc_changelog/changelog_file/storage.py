"""The file on disk: its bytes, line ends and byte order mark. Knows nothing of what stands in it."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import DocumentError

_LINE_END = re.compile(r"\r?\n")


@dataclass(frozen=True, slots=True)
class Document:
    r"""What the file held. `text` has LF where the file has `eol`, and no byte order mark.

    In a file of mixed line ends `eol` is the more frequent one; a line that ends in the other kind carries a
    "\r" at its end in `text`, so that writing gives back the very bytes.
    """

    text: str
    eol: str = "\n"
    bom: bool = False
    existed: bool = True


def read(path: Path) -> Document:
    """The document at `path`; an empty one that did not exist if there is no file.

    Raises DocumentError if it is a directory, not UTF-8, or cannot be read.
    """
    data = _bytes(path)
    return Document("", existed=False) if data is None else decoded(data, str(path))


def decoded(data: bytes, path: str) -> Document:
    """The document that a file's bytes are; `path` is for messages. DocumentError if they are not UTF-8."""
    bom = data.startswith(codecs.BOM_UTF8)
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            path,
            f"line {line}: not UTF-8 text",
            "Save the file as UTF-8, or name another file.",
        ) from error
    crlf = text.count("\r\n")
    # A "\r\r\n" would not survive the exchange; such a text is kept as it is, which always round-trips.
    if crlf > text.count("\n") - crlf and _exchanged(_exchanged(text)) == text:
        return Document(_exchanged(text), "\r\n", bom)
    return Document(text, "\n", bom)


def write(path: Path, document_before: Document, text: str) -> bool:
    """Put `text` into the file at once, with the line ends and byte order mark of `document_before`.

    The file is replaced whole: a failure leaves the old one. Its mode stays, and of a symbolic link the
    target is replaced; a pipe or a device is written to. Missing parent directories are made. Returns False,
    and touches nothing, if the file already holds these bytes. Raises DocumentError if it cannot be written.
    """
    data = encoded(document_before, text)
    if _bytes(path) == data:
        return False
    try:
        if _is_stream(path):
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise DocumentError(
            str(path),
            f"cannot be written: {error.strerror or error}",
            "Make the file and its directory writable, or name another file.",
        ) from error
    return True


def encoded(document_before: Document, text: str) -> bytes:
    """The bytes of a text, with the line ends and byte order mark of `document_before`."""
    # A lone surrogate (an undecodable path in a message) must not make a file that we cannot read back.
    data = (_exchanged(text) if document_before.eol == "\r\n" else text).encode("utf-8", "replace")
    return codecs.BOM_UTF8 + data if document_before.bom else data


def _bytes(path: Path) -> bytes | None:
    """The bytes of the file, None if there is none; DocumentError if they cannot be had.

    A pipe or a device has none: reading one would wait for what nobody writes.
    """
    try:
        return None if _is_stream(path) else path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        if path.is_dir():
            raise DocumentError(
                str(path), "is a directory", f"Name a file, such as {path / 'CHANGELOG.md'}."
            ) from error
        raise DocumentError(
            str(path),
            f"cannot be read: {error.strerror or error}",
            "Check the path and its permissions, or name another file.",
        ) from error


def _is_stream(path: Path) -> bool:
    """Whether the path is a pipe or a device, such as /dev/null: to replace it would take it away."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _exchanged(text: str) -> str:
    """The text with CRLF and LF swapped; doing it twice gives the text back."""
    return _LINE_END.sub(lambda end: "\n" if end.group() == "\r\n" else "\r\n", text)


def _replace(target: Path, data: bytes) -> None:
    """Write the data beside the target and move it into place; OSError leaves no trace."""
    target.parent.mkdir(parents=True, exist_ok=True)
    before = target.stat() if target.exists() else None
    # os.replace would overwrite a read-only file where the directory is writable; the mode is asked first,
    # because for root everything is accessible.
    if before and not (before.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)):
        raise PermissionError(0, "the file is read-only")
    if before and not os.access(target, os.W_OK):
        raise PermissionError(0, "the file is not writable")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    # Not tempfile: it makes files of mode 0600, where a new changelog should have what the umask allows.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if before:
            _resemble(temporary, before)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _resemble(path: Path, before: os.stat_result) -> None:
    """Give the file the owner (where allowed) and mode of the one it replaces."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(path, before.st_uid, before.st_gid)
    path.chmod(stat.S_IMODE(before.st_mode))
