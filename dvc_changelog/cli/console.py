"""What is printed where: the document on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

from dvc_changelog.errors import DocumentError

FAILED = 1
"""The exit code of what could not be done."""
CHECK_FAILED = 3
"""The exit code of a check that did not hold."""


class Verbosity(IntEnum):
    """How much is said on stderr."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class UnreadError(Exception):
    """Whoever read our output (`| head`) has gone. No OSError, which Typer would take for its own matter."""


def put(text: str) -> None:
    """Write a document to stdout, as UTF-8 whatever the terminal's locale.

    Raises:
        UnreadError: the reader has gone.
        DocumentError: it cannot be written, as on a full disk.
    """
    try:
        sys.stdout.flush()
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            sys.stdout.write(text)
        else:
            buffer.write(text.encode("utf-8", "replace"))
            buffer.flush()
    except OSError as error:
        # What is left in the buffer goes nowhere, else Python would try and complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise UnreadError from error
        raise DocumentError("standard output", f"cannot be written: {error.strerror}") from error


def complain(what: str, remedy: str = "") -> None:
    """Say on stderr what went wrong and what to do."""
    red, reset = ("\x1b[31m", "\x1b[0m") if colours(sys.stderr) else ("", "")
    _say(f"{red}error:{reset} {what}")
    if remedy:
        _say(f"       {remedy}")


def remark(text: str, verbosity: Verbosity = Verbosity.NORMAL) -> None:
    """Say something on stderr unless told to be quiet."""
    if verbosity > Verbosity.QUIET:
        _say(text)


def colours(stream: object) -> bool:
    """Whether a stream shows colours: a terminal, and NO_COLOR is not set."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


@contextmanager
def progress(verbosity: Verbosity) -> Iterator[Callable[[str, int, int], None] | None]:
    """A counter on stderr for long work; nothing where stderr is no terminal."""
    if verbosity is Verbosity.QUIET or not sys.stderr.isatty():
        yield None
        return

    def step(what: str, done: int, total: int) -> None:
        sys.stderr.write(f"\r\x1b[K{what} {done} of {total}")
        sys.stderr.flush()

    try:
        yield step
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
