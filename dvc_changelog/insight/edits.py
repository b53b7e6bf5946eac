"""Which commits touched a file, and what they left of it. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, FileChange


class Edit(NamedTuple):
    """What one commit did to one path: the blobs before and after, "" for no file."""

    commit_id: str
    old: str
    new: str


@dataclass()
class Edits:
    """The edits of some commits, newest first. A merge only brings together what others did."""

    commits: Sequence[Commit]

    def of(self, path: str, among: Container[str] | None = None) -> list[Edit]:
        """The edits of a path, newest first, by these commits alone if any are named."""
        found = self._by_path.get(path, [])
        return found if among is None else [edit for edit in found if edit.commit_id in among]

    def left(self, path: str, among: Container[str]) -> str | None:
        """The blob that these commits left at a path, merges included; None if none of them touched it."""
        for commit in self.commits:
            if commit.id in among:
                for file in commit.files:
                    if path in {file.path, file.old_path}:
                        return _edit(commit, file, path).new
        return None

    @property
    def touched(self) -> frozenset[str]:
        """All paths that were touched."""
        return frozenset(self._by_path)

    @cached_property
    def paths(self) -> list[str]:
        """The same in order."""
        return sorted(self._by_path)

    def up_to(self, commit_id: str) -> frozenset[str]:
        """A commit, and those of the others that led to it."""
        if commit_id not in self._reached:
            parents, found, waiting = self._parents, set[str](), [commit_id]
            while waiting:
                at = waiting.pop()
                if at in parents and at not in found:
                    found.add(at)
                    waiting += parents[at]
            self._reached[commit_id] = frozenset(found)
        return self._reached[commit_id]

    @cached_property
    def _by_path(self) -> dict[str, list[Edit]]:
        found: dict[str, list[Edit]] = {}
        for commit, file in _files(self.commits):
            for path in dict.fromkeys((file.path, file.old_path)):
                found.setdefault(path, []).append(_edit(commit, file, path))
        return found

    @cached_property
    def _parents(self) -> Mapping[str, Sequence[str]]:
        return {commit.id: commit.parents for commit in self.commits}

    @cached_property
    def _reached(self) -> dict[str, frozenset[str]]:
        return {}


def _files(commits: Iterable[Commit]) -> Iterator[tuple[Commit, FileChange]]:
    for commit in commits:
        if not commit.is_merge:
            for file in commit.files:
                yield commit, file


def _edit(commit: Commit, file: FileChange, path: str) -> Edit:
    old, new = file.old_blob if path == file.old_path else "", file.new_blob if path == file.path else ""
    return Edit(commit.id, old, new)
