"""What a file says when it cannot be read: a reason in one sentence, never a guess at its values."""

from __future__ import annotations

import re

_MARKER = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


class UnreadableError(ValueError):
    """A file whose content cannot be understood. `reason` is one sentence; the caller knows the path."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def decoded(data: bytes) -> str:
    """The text of a file, as DVC opens it: UTF-8, line breaks made one. Raises UnreadableError."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("not UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check_conflict(text: str) -> None:
    """Raise UnreadableError if Git left the markers of an unresolved merge in the text."""
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (found := _MARKER.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableError(f"merge conflict markers at line {line}")
