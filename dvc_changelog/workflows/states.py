"""The snapshots along a history: one is read only where a commit may have moved what is asked for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, FileChange, Snapshot
from dvc_changelog.history import History, MissingObjectError
from dvc_changelog.snapshot import Concern, Kind, Snapshots, kind_of
from dvc_changelog.workflows.completing import Progress

_LAST = re.compile(r"[/:](?=[^/:])")
"""What stands before the last part of a path or an artifact's address."""
_NAMES = {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK, Kind.ARTIFACTS}
"""Files in which a thing may be named."""
_OF_VALUES = (b".json", b".yaml", b".yml", b".toml", b".py")
"""The suffixes of params and metrics files."""


@dataclass(slots=True)
class States:
    """What each commit of a history has of one thing.

    Args:
        history: the repository, its commits read.
        snapshots: how to read states.
        commits: the history, children before parents.
        progress: called as states are read.

    `read` are the snapshots that were asked for so far.
    """

    history: History
    snapshots: Snapshots
    commits: Sequence[Commit]
    progress: Progress | None = None
    read: dict[str, Snapshot] = field(default_factory=dict)
    _concern: Concern | None = None
    _same: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def watch(self, concern: Concern) -> bool:
        """Read states anew wherever this may have moved; False where it is what is watched already."""
        if concern == self._concern:
            return False
        self._concern = concern
        self._same = {}
        for commit in reversed(self.commits):
            above = {self._same[parent] for parent in commit.parents if parent in self._same}
            still = len(above) == 1 and not any(
                self.snapshots.may_move(concern, file) for file in commit.files
            )
            self._same[commit.id] = above.pop() if still else commit.id
        self._count = len(set(self._same.values()))
        trees = (commit.tree_id for commit in self.commits if self._same[commit.id] == commit.id)
        self.snapshots.expect(trees, self.history.touched())
        return True

    def at(self, commit_id: str) -> Snapshot:
        """What a commit has; one object for all between which the thing cannot have moved."""
        one = self._same.get(commit_id, commit_id)
        if one not in self.read:
            self.read[one] = self.snapshots.at(self.history.at(one, one[:7]))
            if self.progress:
                self.progress("Reading state", len(self.read), max(len(self.read), self._count))
        return self.read[one]

    def exactly(self, commit_id: str) -> Snapshot:
        """All that a commit has, whatever is watched."""
        return self.snapshots.at(self.history.at(commit_id, commit_id[:7]))

    def forget(self) -> None:
        """Read all states anew."""
        self.snapshots.forget()
        self.read.clear()

    def before_losing(self, target: str, files: set[str]) -> Iterator[Snapshot]:
        """What there was before each commit after which a file no longer names a thing, newest first.

        Args:
            target: how the thing is called.
            files: those with params and metrics, besides what is called metrics.*.
        """
        for commit in self.commits:
            if commit.parents and any(self._lost(file, target, files) for file in commit.files):
                yield self.exactly(commit.parents[0])

    def _lost(self, file: FileChange, target: str, files: set[str]) -> bool:
        kind = kind_of(file.old_path)
        if file.old_path in files or kind is Kind.METRICS:
            old = (file.old_blob and self.snapshots.values(file.old_path, file.old_blob)) or {}
            new = (file.new_blob and self.snapshots.values(file.path, file.new_blob)) or {}
            gone = old if file.path != file.old_path else old.keys() - new.keys()
            return any(target == name or target.endswith(f":{name}") for name in gone)
        if kind not in _NAMES:
            return False
        if kind in {Kind.LOCK, Kind.DVCFILE}:
            last = _LAST.split(target)[-1]
            return any(posixpath.basename(output) == last for output in self.snapshots.rewritten(file))
        if kind is Kind.PIPELINE and (not file.new_blob or file.path != file.old_path):
            return True  # it took its lock along, and what its templates name
        # A value's file is declared there, not the value.
        words = (_LAST.split(target)[-1].encode("utf-8", "surrogateescape"), *_OF_VALUES)
        after = self._data(file.new_blob) if file.path == file.old_path else b""
        return bool(_naming(self._data(file.old_blob), words) - _naming(after, words))

    def _data(self, blob: str) -> bytes:
        try:
            return self.history.git.objects.read(blob) if blob else b""
        except MissingObjectError:
            return b""


def _naming(text: bytes, words: Iterable[bytes]) -> set[bytes]:
    """The lines that have one of some words."""
    return {line for line in text.splitlines() if any(word in line for word in words)}
