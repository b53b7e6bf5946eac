"""One import compared in its source: what became of the imported path there, and which commits touched it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    Change,
    ChangeType,
    Commit,
    FileChange,
    FileChanged,
    Forge,
    Import,
    MetricChange,
    OutputChange,
    ParamChange,
    Problem,
    Revision,
    Snapshot,
    SourceChanges,
    within,
)
from dvc_changelog.history import History
from dvc_changelog.snapshot import Kind, Snapshots, is_dvcs_own, kind_of

_DVC = {Kind.DVCFILE, Kind.LOCK, Kind.PIPELINE, Kind.IGNORE}
"""Files that say what DVC has at a path, and are not imported themselves."""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository that is imported from; the paths of imports start at `prefix` in it."""

    history: History
    snapshots: Snapshots
    prefix: str = ""
    forge: Forge | None = None


def compared(source: Source, old: Import, new: Import) -> SourceChanges:
    """What changed in the source of an import between the commits that it was locked at.

    Raises:
        UnknownRevisionError: the source lacks one of them.
        ShallowCloneError: it lacks commits on the way.
        MissingObjectError: it lacks a directory of theirs.
    """
    base, head = (source.history.revision(side.rev_lock) for side in (old, new))
    before, after = source.snapshots.at(base), source.snapshots.at(head)
    spot = _spot((_path(source, old), _path(source, new)), (before, after))
    problems = tuple(dict.fromkeys(_problems(spot, (before, after))))
    changes = tuple(_changes(source, spot, (base, head), (before, after), sure=not problems))
    commits, gone = (
        tuple(commit for commit in source.history.commits(*range_) if _touches(commit, spot, source))
        for range_ in ((base.commit_id, head.commit_id), (head.commit_id, base.commit_id))
    )
    unchanged = not changes and not problems and _same(source, spot, (base, head), (before, after))
    return SourceChanges(commits, gone, changes, unchanged, problems, source.forge)


@dataclass(frozen=True, slots=True)
class _Spot:
    """What is imported: the paths on both sides, and how locks call outputs there that are made elsewhere."""

    paths: tuple[str, ...]
    names: frozenset[str]

    def holds(self, path: str) -> bool:
        """Whether a file belongs to what is imported."""
        return any(within(path, own) for own in self.paths)

    def meets(self, output: str) -> bool:
        """Whether an output is imported, in whole or in part."""
        return self.holds(output) or any(within(own, output) for own in self.paths)


def _path(source: Source, side: Import) -> str:
    """The imported path from the Git root of its source, "" for all of it."""
    path = posixpath.normpath(posixpath.join(source.prefix, side.source.lstrip("/")))
    return "" if path == "." else path


def _spot(paths: tuple[str, str], sides: Iterable[Snapshot]) -> _Spot:
    spot = _Spot(tuple(dict.fromkeys(paths)), frozenset())
    names = {_in_lock(path, side) for side in sides for path in side.outputs if spot.meets(path)}
    return _Spot(spot.paths, frozenset(names))


def _in_lock(path: str, side: Snapshot) -> str:
    """An output's path as `Snapshots.rewritten` has it, which knows no `wdir`."""
    stage = side.stages.get(side.outputs[path].stage)
    if stage is None or not stage.name:
        return path
    return posixpath.normpath(
        posixpath.join(posixpath.dirname(stage.path), posixpath.relpath(path, stage.wdir or "."))
    )


def _problems(spot: _Spot, sides: Iterable[Snapshot]) -> Iterator[Problem]:
    """What could not be read that may say what is imported."""
    for problem in (problem for side in sides for problem in side.problems if not problem.missing):
        if kind_of(problem.path) in _DVC or spot.holds(problem.path):
            yield problem


def _changes(
    source: Source,
    spot: _Spot,
    revisions: tuple[Revision, Revision],
    sides: tuple[Snapshot, Snapshot],
    *,
    sure: bool,
) -> Iterator[Change]:
    """Of what DVC tracks: outputs, params and metrics; else the files in Git.

    Unless it is `sure` that all was read, what is there on one side alone proves nothing.
    """
    told = []
    for change in diff(*sides):
        if not sure and change.change in {ChangeType.ADDED, ChangeType.DELETED}:
            continue
        found: Change | None = None
        if isinstance(change, OutputChange):
            if spot.meets(change.path) or (change.old_path and spot.meets(change.old_path)):
                found = source.snapshots.examined(change, sides[1].projects)
        elif isinstance(change, MetricChange | ParamChange) and spot.holds(change.path):
            found = change
        if found:
            told.append(found.path)
            yield found
    old, new = (revision.tree_id for revision in revisions)
    for file in source.history.git.objects.changed(old, new) if old != new else ():
        if _in_git(file.path, spot) and not any(within(file.path, path) for path in told):
            yield _file(file)


def _file(file: FileChange) -> FileChanged:
    fate = ChangeType.MODIFIED
    if not file.old_blob or not file.new_blob:
        fate = ChangeType.DELETED if file.old_blob else ChangeType.ADDED
    return FileChanged(fate, file.path, file.old_blob or None, file.new_blob or None)


def _in_git(path: str, spot: _Spot) -> bool:
    """Whether a file of Git is imported as it is."""
    housekeeping = posixpath.basename(path) in {".gitignore", ".gitattributes"}
    return spot.holds(path) and kind_of(path) not in _DVC and not is_dvcs_own(path) and not housekeeping


def _touches(commit: Commit, spot: _Spot, source: Source) -> bool:
    """Whether a commit changed what is imported; a merge, where it did so as none of its parents has it."""
    recorded: dict[str, list[set[str]]] = {}
    for file in commit.files:
        if kind_of(file.path) in {Kind.DVCFILE, Kind.LOCK}:
            recorded.setdefault(file.path, []).append(set(source.snapshots.rewritten(file)))
        elif _in_git(file.path, spot) or _in_git(file.old_path, spot):
            return True
    made = (output for sides in recorded.values() for output in set.intersection(*sides))
    return any(spot.meets(output) or output in spot.names for output in made)


def _same(
    source: Source, spot: _Spot, revisions: tuple[Revision, Revision], sides: tuple[Snapshot, Snapshot]
) -> bool:
    """Whether what is imported, of which no change is known, is there on both sides."""
    if len(spot.paths) > 1:
        return False
    if all(any(spot.meets(path) for path in side.outputs) for side in sides):
        return True
    old, new = (_object(source, revision.tree_id, spot.paths[0]) for revision in revisions)
    return bool(old) and old == new


def _object(source: Source, tree: str, path: str) -> str:
    """The id of a file or directory in Git, "" if there is none."""
    oid, is_tree = tree, True
    for name in path.split("/") if path else ():
        entries = source.history.git.objects.tree(oid) if is_tree else ()
        entry = next((entry for entry in entries if entry.name == name), None)
        if entry is None:
            return ""
        oid, is_tree = entry.oid, entry.is_tree
    return oid
