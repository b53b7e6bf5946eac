"""A release's commits as a way to walk over, and which version of each file that matters they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial

from dvc_changelog.domain import Commit, Revision
from dvc_changelog.errors import ChangelogError
from dvc_changelog.history import History
from dvc_changelog.insight import Way, simplified, states
from dvc_changelog.snapshot import Place, Snapshots

UNCOMMITTED = ""
"""Stands for the working tree among the commits."""

Blobs = tuple[str | None, ...]
"""What a commit has at each of several places: a blob id, "" for no file, None where that is not known."""


class Followed:
    """The way from a head back to its base, as far as it touches some files.

    What a commit brought is known from its raw diff; a tree is read only outside of the release, and at a
    merge of sides that differ.

    Args:
        history: where commits outside of the release are found.
        snapshots: where trees are read.
        revisions: the base, None for the empty state, and the head.
        commits: those of the release, newest first, merges included.
        files: the paths that are asked for.
    """

    def __init__(
        self,
        history: History,
        snapshots: Snapshots,
        revisions: tuple[Revision | None, Revision],
        commits: Sequence[Commit],
        files: Collection[str],
    ) -> None:
        self._history, self._snapshots = history, snapshots
        self._ways: dict[tuple[str, ...], tuple[Way, dict[str, Blobs]]] = {}
        self._brought: dict[str, dict[str, str | None]] = {}
        self._known: dict[str, Revision] = {}
        if files:
            self._follow(revisions, commits, files)

    def _follow(
        self, revisions: tuple[Revision | None, Revision], commits: Sequence[Commit], files: Collection[str]
    ) -> None:
        base, head = revisions
        parents: dict[str, tuple[str, ...]] = {commit.id: commit.parents for commit in commits}
        self._known = {commit.id: Revision(commit.id, commit.tree_id, 0, "") for commit in commits}
        self._known |= {side.commit_id: side for side in (base, head) if side}
        self._brought = _brought(commits, files)
        self._snapshots.past.expect(blob for own in self._brought.values() for blob in own.values() if blob)
        if head.working:
            last = commits[0].id if commits else self._history.head()
            parents = {UNCOMMITTED: (last,), **parents}
            for file in files:
                self._brought.setdefault(file, {})[UNCOMMITTED] = self._snapshots.blob(file, head)
        self._way = simplified(Way(head.commit_id, parents), set().union(*self._brought.values()))

    def touched(self, places: Iterable[Place]) -> set[str]:
        """The commits that touched a file of these."""
        return self._touched(file for place in places for file in files_of(place))

    def _touched(self, files: Iterable[str]) -> set[str]:
        return set().union(*(self._brought.get(file, ()) for file in files))

    def way(self, places: tuple[Place, ...]) -> tuple[Way, dict[str, Blobs]]:
        """The commits that matter to these places, and what each of them, and what is before, has there.

        That is the blob of each place's own file; behind these the one of its dvc.yaml, if any has one.
        """
        files = files_of(places[0]) if len(places) == 1 else _files_of(places)
        if files not in self._ways:
            way = simplified(self._way, self._touched(files))
            alone = len(files) > len(places)
            found = [
                states(way, self._brought.get(file, {}), partial(self._blob, file, alone=alone), "")
                for file in files
            ]
            self._ways[files] = way, {commit: tuple(each[commit] for each in found) for commit in found[0]}
        return self._ways[files]

    def _blob(self, file: str, commit_id: str, *, alone: bool) -> str | None:
        """The blob at a path of a commit; None also where the commit is not in this repository.

        It is followed `alone` where its dvc.yaml is followed too: that may come and go while a lock stays.
        """
        if not file:
            return ""
        if commit_id not in self._known:
            try:
                self._known[commit_id] = self._history.at(commit_id, "")
            except ChangelogError:
                return None
        return self._snapshots.blob(file, self._known[commit_id], alone=alone)


def files_of(place: Place) -> tuple[str, ...]:
    """The files of Git that tell what is at a place."""
    return (place.file, place.pipeline) if place.pipeline else (place.file,)


def _files_of(places: Sequence[Place]) -> tuple[str, ...]:
    files, pipelines = tuple(p.file for p in places), tuple(p.pipeline for p in places)
    return files + pipelines if any(pipelines) else files


def _brought(commits: Iterable[Commit], files: Collection[str]) -> dict[str, dict[str, str | None]]:
    """What commits brought at these paths, "" where they took the file away: of each path, by commit."""
    found: dict[str, dict[str, str | None]] = {}
    for commit in commits:
        for file in commit.files:
            if file.path in files:
                found.setdefault(file.path, {})[commit.id] = file.new_blob
            if file.old_path != file.path and file.old_path in files:
                found.setdefault(file.old_path, {}).setdefault(commit.id, "")
    return found
