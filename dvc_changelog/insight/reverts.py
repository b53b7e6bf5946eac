"""Which commit a commit takes back: by the id that it names, or by the subject that it quotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from dvc_changelog.domain import Commit
from dvc_changelog.history import parse_message, without_number

_QUOTED = re.compile(r'^Revert "(?P<subject>.+)"(?: \([#!]\d+\))?$')


def names_a_commit(commit: Commit) -> bool:
    """Whether a commit says that it takes back another one."""
    return bool(commit.reverts or _QUOTED.match(commit.message))


def quoted(commit: Commit) -> str:
    """The subject that `git revert` or a forge quotes, without its number; "" if there is none.

    GitHub's "Revert" button leaves no id, and a squash merge gives both subjects a number of their own.
    """
    found = _QUOTED.match(commit.message)
    return without_number(parse_message(found["subject"]).subject) if found else ""


def reverted(commit: Commit, ids: Collection[str], titled: Callable[[str], Iterable[Commit]]) -> str:
    """The full id of the commit that a commit takes back; "" if it is not among those known.

    Args:
        commit: a revert, perhaps.
        ids: those of the commits known.
        titled: gives those of a subject, newest first. The nearest one before is meant.
    """
    if commit.reverts in ids:
        return commit.reverts
    if commit.reverts:
        return next((full for full in ids if full.startswith(commit.reverts)), "")
    title = quoted(commit)
    earlier = (c.id for c in titled(title) if c.id != commit.id and c.timestamp <= commit.timestamp)
    return next(earlier, "") if title else ""
