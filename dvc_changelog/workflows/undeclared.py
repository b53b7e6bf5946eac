"""By which commits a branch declares no more what a lock still records: by `foreach` and params, too."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from itertools import islice

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, FileChange
from dvc_changelog.snapshot import Snapshots

_FAR = 64
"""How many commits are looked at."""


@dataclass(frozen=True, slots=True)
class Undeclared:
    """The commits that took something away, newest first, and the file of theirs that is to say so."""

    commits: tuple[str, ...] = ()
    file: str = ""


def undeclared(path: str, commits: Sequence[Commit], snapshots: Snapshots) -> Undeclared:
    """The commits since which nothing is at a path, though all that they follow on have it.

    Args:
        path: of an output that the base of the branch has.
        commits: those of the branch, newest first, merges included.
        snapshots: reads them.

    Returns:
        none where it is not committed yet, or further away than is looked.
    """
    looked = list(islice((c for c in commits if c.is_merge or any(map(_may_declare, c.files))), _FAR))
    has = {c.id: path in snapshots.at(c.revision).outputs for c in looked}
    parents = {commit.id: commit.parents for commit in commits}

    def had(commit_id: str) -> bool:
        """As the nearest commit that was looked at, else as the base."""
        while commit_id in parents and commit_id not in has:
            commit_id = next(iter(parents[commit_id]), "")
        return has.get(commit_id, True)

    found = [c for c in looked if not has[c.id] and all(map(had, c.parents))]
    files = (file.path for commit in found for file in commit.files if _may_declare(file))
    first = min(files, key=lambda file: posixpath.basename(file) != "dvc.yaml", default="")
    return Undeclared(tuple(commit.id for commit in found), first)


def _may_declare(file: FileChange) -> bool:
    """Whether it can be a dvc.yaml, its lock, a `.dvc` file, or one with the values that a dvc.yaml names."""
    return file.path.endswith((".yaml", ".yml", ".json", ".toml", ".py", ".lock", ".dvc"))
