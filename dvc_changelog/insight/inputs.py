"""Inputs of stages that no stage made: data, imports, files of Git, packages; with who touched them. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import packages
from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Import,
    Output,
    PackageChange,
    Since,
    Snapshot,
    Stage,
    Touch,
    is_lock_file,
    without_credentials,
)
from dvc_changelog.insight.edits import Edits
from dvc_changelog.insight.origins import Origins, below
from dvc_changelog.insight.runs import DepStep
from dvc_changelog.insight.touches import by_name

_FEW_FILES = 3
Pinned = Callable[[str, str], Mapping[str, str] | None]
"""Reads the packages of the file at a path from one version of it; None where it cannot be read."""
_DATA = {Touch.DATA, Touch.MODEL}


@dataclass()
class Inputs:
    """Tells what inputs are, and who touched them.

    Args:
        before: where files came from in the old state.
        now: the same of the new state.
        edits: what the commits in between did.
        pinned: reads the packages of a version of a file.
        until: those commits that may matter; None if all do. Packages are what these left.
    """

    before: Origins
    now: Origins
    edits: Edits
    pinned: Pinned | None = None
    until: frozenset[str] | None = None

    def changed(self, dep: DepStep) -> list[Cause]:
        """The roots in an input that has another content, and that no stage makes."""
        if source := self.now.dataset(dep.path):
            old = self.before.dataset(dep.old_path)
            return [_import(source, old, source.name, self._touching(source.path))]
        if "://" in dep.path or posixpath.isabs(dep.path) or dep.path.startswith("../"):
            return [Cause(CauseKind.DATA, without_credentials(dep.path))]
        if found := self._brought(dep):
            return found
        if self._is_late(dep):
            return [Cause(_kind(dep.path), dep.path)]  # what it is by now is not what the run was given
        return self.packages(dep.path) or self._in_git(dep.path)

    def other(self, dep: DepStep) -> list[Cause]:
        """The root that an input is which came or went."""
        path = dep.path
        origins = self.now if dep.change is ChangeType.ADDED else self.before
        if source := origins.dataset(path):
            return [Cause(CauseKind.IMPORT, source.path, source.name, dep.change)]
        held = origins.brought(path) or origins.made(path)
        kind = CauseKind.DATA if held or "://" in path or _is_data(path) else CauseKind.FILE
        commits = () if held else self._touching(path)
        return [Cause(kind, without_credentials(path), change=dep.change, commits=commits)]

    def beside(self, dep: DepStep) -> list[Cause]:
        """What changed in a directory that holds outputs of stages, none of which did."""
        return self._brought(dep) or self._in_git(dep.path, sure=False)

    def held(self, dep: DepStep) -> list[Cause]:
        """The data of persons that changed in a directory, beside what stages make there."""
        return [] if self._is_late(dep) else self._brought(dep)

    def packages(self, path: str) -> list[Cause]:
        """The packages that a file of packages has otherwise than before."""
        return [_package(change) for change in self._packages if change.path == path]

    def unrecorded(self, stage: Stage) -> list[Cause]:
        """What no lock records and may be why: files that the command names, else packages."""
        written = (*stage.outs, *stage.metrics, *stage.plots)
        named = {posixpath.normpath(posixpath.join(stage.wdir, word)) for word in stage.cmd.split()}
        files = [
            Cause(CauseKind.FILE, path, commits=self._editors(path), recorded=False)
            for path in sorted(named & self.edits.touched)
            if path not in {*stage.deps, *written} and self._differs(path)
        ]
        asked = [change for change in self._packages if not is_lock_file(change.path)]
        return files or [_package(change, recorded=False) for change in asked or self._packages]

    def _brought(self, dep: DepStep) -> list[Cause]:
        """The outputs of `.dvc` files in an input that changed."""
        was = {output.path: output for output in self.before.brought(dep.old_path)}
        now = self.now.brought(dep.path)
        if len(now) == 1 and now[0].path in {dep.path, *_above(dep.path)}:
            if dep.content and dep.path == now[0].path and dep.content.differs(now[0].content):
                return [Cause(CauseKind.DATA, dep.path)]  # the run came before what the `.dvc` file says now
            cause = self._data(now[0], was.get(dep.old_path) or was.get(now[0].path))
            # The stage read it before, from wherever: it is no new input for being DVC's now.
            return [replace(cause, change=ChangeType.MODIFIED)]
        found = []
        for output in now:
            old = was.pop(output.path, None)
            if old is None or old.content.differs(output.content):
                found.append(self._data(output, old))
        gone = (Cause(CauseKind.DATA, path, change=ChangeType.DELETED) for path in was)
        return [*found, *(gone if now else ())]

    def _data(self, output: Output, old: Output | None) -> Cause:
        commits = self._touching(output.file)
        if source := self.now.snapshot.imports.get(output.file):
            return _import(source, self.before.snapshot.imports.get(old.file) if old else None, "", commits)
        change = ChangeType.MODIFIED if old else ChangeType.ADDED
        return Cause(CauseKind.DATA, output.path, change=change, commits=commits)

    def _in_git(self, path: str, *, sure: bool = True) -> list[Cause]:
        """A file of Git; of a directory the files that were touched, where these are few."""
        own = self._editors(path)
        files = [] if own else [file for file in below(path, self.edits.paths) if self._differs(file)]
        if files and len(files) <= _FEW_FILES:
            return [Cause(_kind(file), file, commits=self._editors(file)) for file in files]
        commits = own or self._touching(path)
        if not commits and not sure:
            return []
        data = all(map(_is_data, files)) if files else _is_data(path)
        return [Cause(CauseKind.DATA if data else CauseKind.FILE, path, commits=commits)]

    def _touching(self, path: str) -> tuple[str, ...]:
        """The commits that touched a file, or anything in a directory, newest first."""
        if own := self._editors(path):
            return own
        edits = self.edits
        inside = {e.commit_id for file in below(path, edits.paths) for e in edits.of(file, self.until)}
        return tuple(commit.id for commit in edits.commits if commit.id in inside) if inside else ()

    def _editors(self, path: str) -> tuple[str, ...]:
        """The commits that touched a file itself, newest first."""
        return tuple(dict.fromkeys(edit.commit_id for edit in self.edits.of(path, self.until)))

    def _differs(self, path: str) -> bool:
        """Whether commits left a file otherwise than it was: one that takes back another leaves nothing."""
        edits = self.edits.of(path, self.until)
        return bool(edits) and edits[0].new != edits[-1].old

    def _is_late(self, dep: DepStep) -> bool:
        """Whether an input changed further after the run."""
        return dep.content is not None and (dep.path, dep.content.digest) in self._late

    @cached_property
    def _late(self) -> set[tuple[str, object]]:
        """Inputs that were changed further after a run, with what the run was given."""
        return {(stale.path, stale.locked) for stale in self.now.snapshot.stale if stale.since is Since.INPUT}

    @cached_property
    def _packages(self) -> list[PackageChange]:
        old, new = self.before.snapshot, self.now.snapshot
        if self.until is not None and self.pinned:
            new = replace(new, packages=dict(self._left(old, new, self.pinned, self.until)))
        return [change for change in packages(old, new) if change.old != change.new]

    def _left(
        self, old: Snapshot, new: Snapshot, pinned: Pinned, until: frozenset[str]
    ) -> Iterator[tuple[str, Mapping[str, str]]]:
        """The files of packages as these commits left them."""
        for path in dict.fromkeys((*old.packages, *new.packages)):
            blob = self.edits.left(path, until)
            there = old.packages.get(path) if blob is None else pinned(path, blob) if blob else None
            if there is not None:
                yield path, there


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _kind(path: str) -> CauseKind:
    return CauseKind.DATA if _is_data(path) else CauseKind.FILE


def _is_data(path: str) -> bool:
    return by_name(path) in _DATA


def _package(change: PackageChange, *, recorded: bool = True) -> Cause:
    sides = change.old, change.new
    return Cause(CauseKind.PACKAGE, change.path, change.name, change.change, *sides, recorded=recorded)


def _import(source: Import, old: Import | None, name: str, commits: tuple[str, ...]) -> Cause:
    change = ChangeType.MODIFIED if old else ChangeType.ADDED
    sides = (old.rev_lock or None) if old else None, source.rev_lock or None
    return Cause(CauseKind.IMPORT, source.path, name, change, *sides, commits=commits)
