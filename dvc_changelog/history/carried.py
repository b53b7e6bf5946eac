"""The message of a tag or commit that carries an entry of a changelog: its marks, and what a person wrote.

Knows nothing of what an entry says. A signature is no part of what was written either. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

END = "<!-- dvc-changelog end -->"
"""The line after the entry."""

_SIGN = "<!-- dvc-changelog e"
_BEGIN = re.compile(r"<!-- dvc-changelog entry(?: (?P<key>\S+))? -->\s*")
_LIKE_A_MARK = re.compile(r"^<!--(?= dvc-changelog e)", re.MULTILINE)
_SIGNATURE = re.compile(
    r"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE|SSH SIGNATURE)-----", re.MULTILINE
)


def begin(subject: str = "") -> str:
    """The line before the entry. `subject` is a subject that the tool wrote, for want of a person's words."""
    # Neither "--" nor ">" nor a space may stand in the comment.
    name = quote(subject, safe="@/._+~:,=#!").replace("--", "-%2D")
    return f"<!-- dvc-changelog entry {name} -->" if name else "<!-- dvc-changelog entry -->"


def words(message: str) -> str:
    """What a person wrote: the message without entries, and without a subject that only stood for words.

    Line ends become LF, and what is blank at both ends goes. What stands behind an entry, such as trailers,
    is theirs too. An entry whose end mark is gone goes on to the end.
    """
    text = message.replace("\r\n", "\n")
    if _SIGN not in text:
        return text.strip()
    pieces: list[list[str]] = [[]]
    subject, inside = "", False
    for line in text.split("\n"):
        if found := _BEGIN.fullmatch(line):
            subject, inside = unquote(found["key"] or ""), True
            pieces.append([])
        elif inside:
            inside = line.rstrip() != END
        else:
            pieces[-1].append(line)
    said = "\n\n".join(filter(None, ("\n".join(piece).strip() for piece in pieces)))
    return "" if said == subject.strip() else said


def without_marks(entry: str) -> str:
    """An entry with all disarmed that would be taken for a mark, or for the begin of a signature."""
    disarmed = _LIKE_A_MARK.sub("&lt;!--", entry)
    return _SIGNATURE.sub(lambda found: f"\\{found[0]}", disarmed)


def unsigned(message: str) -> str:
    """The message of a tag without its signature, which Git finds at the last line that begins one."""
    starts = [found.start() for found in _SIGNATURE.finditer(message)]
    return message[: starts[-1]] if starts else message
