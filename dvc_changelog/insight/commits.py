"""Which commits a release lists, and under which group. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from dvc_changelog.domain import Commit
from dvc_changelog.history import without_number
from dvc_changelog.insight.reverts import names_a_commit, reverted
from dvc_changelog.insight.touches import Known, Rewritten, touches

HOUSEKEEPING = "chore"
"""The group of a commit that touches nothing of weight and follows no convention."""

UNDONE = "undone"
"""The group of a commit and its revert within one release: both happened, nothing of them is left."""


def grouped(commits: Iterable[Commit], known: Known, rewritten: Rewritten) -> list[Commit]:
    """The commits with what they touched, and a group: the convention's type, else the heaviest touch."""
    result = []
    for commit in commits:
        touched = touches(commit, known, rewritten)
        group = commit.group or (touched[0].value if touched else HOUSEKEEPING)
        result.append(commit.grouped(group, touched))
    return result


def without_undone(commits: Sequence[Commit]) -> list[Commit]:
    """Mark the pairs of a commit and its revert: they cancel within a release.

    A revert that touches other files as well does more than revert: it stays.

    Args:
        commits: newest first. A revert of a revert brings the first commit back.
    """
    undone: set[str] = set()
    earlier = {commit.id: commit for commit in commits}
    for commit in commits:
        earlier.pop(commit.id, None)  # the parts of a squashed commit share its id
        if commit.id not in undone and names_a_commit(commit):
            target = reverted(commit, earlier, partial(_titled, earlier.values()))
            if target and target not in undone and _paths(commit) == _paths(earlier[target]):
                undone |= {commit.id, target}
    return [replace(c, group=UNDONE) if c.id in undone else c for c in commits]


_Said = tuple[str, str, bool]
"""What a commit says by the convention: type, subject without the forge's number, whether it breaks."""


def said(commits: Collection[Commit]) -> frozenset[_Said]:
    """What commits say by the convention, merges apart; nothing where there is no merge to ask."""
    if not any(commit.is_merge for commit in commits):
        return frozenset()
    return frozenset(_said(commit) for commit in commits if commit.conventional and not commit.is_merge)


def speaks(merge: Commit, others: Collection[_Said]) -> bool:
    """Whether a merge itself says by the convention what it brings, as the title of a pull request does.

    Args:
        merge: a commit.
        others: what is `said`: for a pull request of one commit the forge takes its title, and cuts it.
    """
    if merge.breaking is None and not merge.conventional:
        return False
    kind, title, breaks = _said(merge)
    if not title.endswith("…"):
        return (kind, title, breaks) not in others
    cut = title.removesuffix("…")
    return not any((kind, breaks) == (k, b) and text.startswith(cut) for k, text, b in others)


def _said(commit: Commit) -> _Said:
    return commit.group, without_number(commit.message), commit.breaking is not None


def _paths(commit: Commit) -> set[str]:
    return {path for file in commit.files for path in (file.path, file.old_path)}


def _titled(commits: Iterable[Commit], title: str) -> Iterator[Commit]:
    return (commit for commit in commits if without_number(commit.message) == title)
