"""What a merge takes back of the side that it brings in: it keeps what both sides began with.

Git alone would have taken the other side's. Nobody made such an output anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Change, ChangeType, Commit, OutputChange, Revert, Snapshot
from dvc_changelog.errors import GitError
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

_FAR = 16
"""How many merges are looked at."""


@dataclass(frozen=True, slots=True)
class Overruled:
    """Finds what the merges among some commits took back.

    Args:
        history: the repository.
        snapshots: reads it.
        commits: those of a release, newest first, merges included.
    """

    history: History
    snapshots: Snapshots
    commits: Sequence[Commit]

    def told(self, changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Revert, ...]]:
        """The changes, with what merges took back as theirs, and these merges."""
        found = [(change, self._of(change)) for change in changes]
        by_merge: dict[tuple[str, str], Revert] = {}
        for change, revert in found:
            if revert:
                place = revert.commit_id, revert.reverted
                before = by_merge.get(place, revert)
                by_merge[place] = replace(before, undid=tuple(dict.fromkeys((*before.undid, change.path))))
        marked = (_marked(change, revert) for change, revert in found)
        return tuple(marked), tuple(by_merge.values())

    def _of(self, change: Change) -> Revert | None:
        """The last merge that took back what became of an output."""
        if not isinstance(change, OutputChange) or change.change is not ChangeType.MODIFIED or change.commits:
            return None
        merges = [commit for commit in self.commits if commit.is_merge][:_FAR]
        try:
            return next((found for merge in merges for found in self._by(merge, change)), None)
        except GitError:  # what lies before the cut of a shallow clone is not known
            return None

    def _by(self, merge: Commit, change: OutputChange) -> Iterator[Revert]:
        ours = {commit.id for commit in self.commits}
        path, old, new = change.path, change.old, change.new
        if not old or not new or not _has(self._at(merge.id), path, new.content.digest):
            return
        kept = [p for p in merge.parents if _has(self._at(p), path, new.content.digest)]
        for parent in merge.parents:
            if parent in ours or not _has(self._at(parent), path, old.content.digest):
                continue
            for other in kept:
                parted = self.history.merge_base(parent, other)
                if parted and _has(self._at(parted), path, new.content.digest):
                    brought = self._brought(parted, parent, change)
                    named = (brought.id, brought.message) if brought else ("", "")
                    yield Revert(merge.id, *named, undid=(path,), merge=True)

    def _brought(self, parted: str, parent: str, change: OutputChange) -> Commit | None:
        """The commit of the other side that had changed the output."""
        files = {side.file or change.path for side in (change.old, change.new) if side}
        for commit in self.history.commits(parted, parent):
            touched = not files.isdisjoint(
                path for file in commit.files for path in (file.path, file.old_path)
            )
            old = change.old.content.digest if change.old else ""
            if touched and commit.parents and not _has(self._at(commit.parents[0]), change.path, old):
                return commit
        return None

    def _at(self, commit_id: str) -> Snapshot:
        return self.snapshots.at(self.history.at(commit_id, commit_id[:7]))


def _has(snapshot: Snapshot, path: str, digest: str) -> bool:
    output = snapshot.outputs.get(path)
    return bool(output and output.content.digest == digest)


def _marked(change: Change, revert: Revert | None) -> Change:
    if not revert or not isinstance(change, OutputChange):
        return change
    return replace(change, commits=(revert.commit_id,))
