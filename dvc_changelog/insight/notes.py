"""What commits tell the reader beside what they change: notes in their trailers, and their reasons. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from dvc_changelog.domain import Commit, Note

REASON = "reason"
"""The kind of note that says why."""

_NOTHING = {"", "todo", "tbd", "fixme", "xxx", "n/a", "none", "reason", "why"}
"""What stands where a reason is to be written yet."""
_AROUND = " \t\r\n.…?!-_~*\"'`“”<>[](){}"


def notes(commits: Iterable[Commit], kinds: Mapping[str, str]) -> list[Note]:
    """What the commits tell the reader.

    Args:
        commits: as Git has them.
        kinds: which trailer keys are notes, and their kind; keys are compared without case.

    Returns:
        their trailers that are notes, and the reasons in their bodies, unless a trailer says the same.
    """
    wanted = {key.lower(): kind for key, kind in kinds.items() if kind}
    reasons = frozenset(key for key, kind in wanted.items() if kind == REASON)
    found: list[tuple[Note, bool]] = []
    for commit in commits:
        for key, value in commit.trailers:
            if key.lower() in wanted and value.strip():
                found.append((Note(wanted[key.lower()], " ".join(value.split()), commit.id), True))
        found += ((Note(REASON, text, commit.id), False) for text in inner(commit, reasons))
    trailers = {(note.kind, note.text) for note, is_trailer in found if is_trailer}
    told = (note for note, is_trailer in found if is_trailer or (note.kind, note.text) not in trailers)
    return list(dict.fromkeys(told))


def inner(commit: Commit, keys: Collection[str]) -> Iterator[str]:
    """The reasons in the midst of a message: there a forge leaves the trailers of the commits it squashed.

    Args:
        commit: whose body is looked through.
        keys: those that give a reason, in small letters.
    """
    if keys and ":" in commit.body:
        for value in _line(frozenset(keys)).findall(commit.body):
            if says(value):
                yield " ".join(value.split())


def says(reason: str) -> bool:
    """Whether it is one, and no placeholder, as of a command that was pasted as it stood."""
    return reason.strip(_AROUND).lower() not in _NOTHING


@lru_cache
def _line(keys: frozenset[str]) -> re.Pattern[str]:
    """A trailer with one of these keys, and the indented lines that go on with it, as Git has it."""
    either = "|".join(map(re.escape, sorted(keys)))
    return re.compile(
        rf"^(?:[*-]\s+)?(?:{either})[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)$", re.MULTILINE | re.IGNORECASE
    )
