"""The lines of a section, each with the blank lines above it: what a merge works on."""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from dvc_changelog.changelog_file.outline import is_row, is_rule_of_table
from dvc_changelog.dataclass import dataclass

_DASHES = re.compile(r"-+")
_BULLET = re.compile(r"^([ \t]*)(?!- [^ \t])[*+-][ \t]+")
"""A bullet that is not yet `- `."""
_SAFE = bytes.maketrans(b"+/", b"._")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank. `before` are the blank lines directly above it, as they stand in the file."""

    text: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """All that stands between two marks; `trail` are the blank lines above the end mark."""

    lines: tuple[Line, ...] = ()
    trail: tuple[str, ...] = ()

    @classmethod
    def of(cls, raw: Sequence[str]) -> Body:
        """The body of these lines, none of them lost."""
        lines: list[Line] = []
        blank: list[str] = []
        for text in raw:
            if text.strip():
                lines.append(Line(text, tuple(blank)))
                blank = []
            else:
                blank.append(text)
        return cls(tuple(lines), tuple(blank))

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines without the blank ones."""
        return tuple(line.text for line in self.lines)

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """The identity of each line, in order."""
        return tuple(identity(line.text) for line in self.lines)

    def raw(self) -> list[str]:
        """The lines as they stand in the file."""
        found = [text for line in self.lines for text in (*line.before, line.text)]
        return [*found, *self.trail]

    def spaced(self) -> Body:
        """The same with one blank line below the begin mark and one above the end mark.

        Markdown ends a block at a blank line, so that nothing runs into a mark.
        """
        if not self.lines:
            return Body((), ("",))
        return Body((replace(self.lines[0], before=("",)), *self.lines[1:]), ("",))


@lru_cache(maxsize=4096)  # a merge asks twice for the lines of a section, and many recur in the next ones
def identity(line: str) -> str:
    """Four url-safe characters for the line's content.

    What formatters change without a person's intent (padding of tables, the bullet, space at the end) does
    not count: else one run of a formatter would make every line look edited by hand.
    """
    text = _BULLET.sub(r"\1- ", line.rstrip())
    if is_row(text):
        text = "|".join(cell.strip(" \t") for cell in text.strip().split("|"))
        if is_rule_of_table(text):
            text = _DASHES.sub("-", text)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    # "." instead of "-": two dashes in a row do not belong into an HTML comment.
    return b2a_base64(digest[:3], newline=False).translate(_SAFE).decode("ascii")
