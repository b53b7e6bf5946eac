"""Which changes of models and source data no commit gives a reason for. Pure, but for one look into trees.

A reason is a trailer of the kind "reason". It is given for what its commit changed, for what that commit
merged, for what it names, and, on a commit that changes no file, for all: that is how one is added later.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Commit,
    FileChange,
    ImportChange,
    Output,
    OutputChange,
    ParamChange,
    Release,
    Role,
    Snapshot,
    Touch,
    holders,
)
from dvc_changelog.insight.notes import REASON, inner, says
from dvc_changelog.insight.touches import by_name, is_data
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.data_in_git import is_of_git, read, told_otherwise
from dvc_changelog.workflows.undeclared import undeclared

MODEL = "the model"
_DATASET = "ds://"
_FATES = {ChangeType.ADDED: "is new", ChangeType.DELETED: "was taken away"}
_RECORDED = {CauseKind.PARAM, CauseKind.COMMAND, CauseKind.STAGE, CauseKind.PACKAGE}
_CHANGED = {ChangeType.ADDED, ChangeType.DELETED, ChangeType.MODIFIED}


@dataclass(frozen=True, slots=True)
class Moved:
    """A model or source data that changed, and was committed.

    `what` is how it is called ("the model router"), `fate` what became of it. `path` is its own, `file` the
    one that records it. `names` are all that a person may call it. `commits` are those that changed it,
    newest first, `roots` those that changed what it was made from.
    """

    what: str
    fate: str
    path: str
    file: str
    names: tuple[str, ...]
    commits: tuple[str, ...]
    roots: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What it is called in few words."""
        return self.names[0]


def keys_of(trailers: Mapping[str, str]) -> list[str]:
    """The trailers that give a reason: `Reason` first, if it is one."""
    found = [key for key, kind in trailers.items() if kind == REASON]
    return sorted(found, key=lambda key: key != "Reason")


@dataclass(frozen=True)
class Reasons:
    """What the commits of a branch give a reason for.

    Args:
        commits: newest first, merges included.
        keys: see `keys_of`. One in the midst of a message counts, too: there a forge leaves those of the
            commits that it squashed.
    """

    commits: Sequence[Commit]
    keys: Collection[str]

    def missing(self, changed: Sequence[Moved]) -> list[Moved]:
        """What has none."""
        return [each for each in changed if not any(self._explains(c, each, changed) for c in self._given)]

    @cached_property
    def _given(self) -> list[Commit]:
        """The commits that give a reason."""
        keys = {key.lower() for key in self.keys}
        return [
            commit
            for commit in self.commits
            if any(key.lower() in keys and says(value) for key, value in commit.trailers)
            or any(inner(commit, keys))
        ]

    def _explains(self, commit: Commit, each: Moved, changed: Iterable[Moved]) -> bool:
        if commit.id in each.commits or commit.id in each.roots or _names(commit, each):
            return True
        if commit.is_merge:
            return not self._merged(commit).isdisjoint(each.commits)
        return not commit.files and not any(_names(commit, other) for other in changed)

    def _merged(self, merge: Commit) -> set[str]:
        """The commits that a merge brought to its first parent."""
        parents = {commit.id: commit.parents for commit in self.commits}

        def reached(starts: Iterable[str]) -> set[str]:
            found: set[str] = set()
            waiting = list(starts)
            while waiting:
                at = waiting.pop()
                if at in parents and at not in found:
                    found.add(at)
                    waiting += parents[at]
            return found

        return reached(merge.parents[1:]) - reached(merge.parents[:1])


def _names(commit: Commit, each: Moved) -> bool:
    """Whether a commit speaks of a thing by one of its names."""
    text = "\n".join((commit.message, commit.body, *(value for _, value in commit.trailers)))
    return any(
        re.search(rf"(?<![\w./@:-]){re.escape(name)}(?:\.dvc\b|/)?(?![\w/:-]|\.\w)", text, re.IGNORECASE)
        for name in each.names
    )


def moved(
    release: Release,
    sides: tuple[Snapshot, Snapshot],
    commits: Sequence[Commit],
    snapshots: Snapshots,
    wanted: Callable[[str], bool] = bool,
) -> Iterator[Moved]:
    """The models and the source data that a branch changed, by what is committed of it.

    What a stage makes of data is none, unless it is a model. What was only renamed did not change; what
    cannot be compared is told as such elsewhere.

    Args:
        release: the branch, told.
        sides: what was on both sides.
        commits: its commits, newest first, merges included.
        snapshots: asked for files of Git that no DVC file records.
        wanted: whether a path is to be told of; what is in the release is.
    """
    params = {(c.path, c.name): c.commits for c in release.changes if isinstance(c, ParamChange)}
    merges = {commit.id for commit in commits if commit.is_merge}
    for change in release.changes:
        match change:
            case OutputChange() if is_of_git(change):
                pass  # by the files that commits touched, below: these may be of a model
            case OutputChange() if change.content_change in _CHANGED and (found := _output(change)):
                own = tuple(filter(None, change.commits))
                if not own and change.change is ChangeType.DELETED:
                    gone = undeclared(change.path, commits, snapshots)
                    own, found = gone.commits, replace(found, file=gone.file or found.file)
                elif not change.commits:
                    own = _touching(commits, [found.file, found.path])
                because = change.because if change.taken_back not in merges else ()
                roots = (root for cause in because for root in _roots(cause, commits, params))
                if own:
                    yield _with(found, own, roots)
            case ImportChange() if change.change in _CHANGED and (source := change.new or change.old):
                lock = posixpath.join(posixpath.dirname(change.path), "dvc.lock")
                own = _touching(commits, [change.path, lock])
                if source.name and own:
                    names = (source.name, f"{_DATASET}{source.name}")
                    what, fate = f"the data set {names[1]}", _fate(change.change)
                    yield Moved(what, fate, names[1], change.path, names, own)
            case _:
                pass
    yield from _in_git(release, _data_files(sides, commits, wanted), commits, snapshots)


def unsure(release: Release, commits: Sequence[Commit]) -> Iterator[Moved]:
    """The models of which nobody can tell whether a branch changed them."""
    for change in release.changes:
        if not isinstance(change, OutputChange) or not change.model or change.awaited:
            continue
        if change.content_change is ChangeType.UNKNOWN and (found := _output(change)):
            yield _with(found, _touching(commits, [found.file, found.path]), ())


def _with(found: Moved, own: tuple[str, ...], roots: Iterable[str]) -> Moved:
    return replace(found, commits=own, roots=frozenset(roots))


def _output(change: OutputChange) -> Moved | None:
    """A model, or data that no stage made; None for another output."""
    output = change.new or change.old
    if output is None or not (change.model or (output.role is Role.SOURCE and _is_data(output))):
        return None
    artifact = (change.new and change.new.artifact) or (change.old and change.old.artifact)
    paths = dict.fromkeys(path for path in (change.path, change.old_path) if path)
    names = (*((artifact.name, artifact.address) if artifact else ()), *paths)
    names += tuple(base for path in paths if "." in (base := posixpath.basename(path)))
    called = f"{artifact.name} ({change.path})" if artifact else change.path
    file = change.path if output.content.algorithm == "git" else output.file
    return Moved(
        f"{MODEL if change.model else 'the data'} {called}",
        "was taken back" if change.taken_back else _fate(change.content_change),
        *(change.path, file or change.path, tuple(dict.fromkeys(names)), ()),
    )


def _is_data(output: Output) -> bool:
    """Whether it is data for sure: an artifact that lies in Git may be anything."""
    kind = output.artifact.type if output.artifact else ""
    return output.content.algorithm != "git" or not kind or "data" in kind.lower()


def _fate(change: ChangeType) -> str:
    return _FATES.get(change, "changed")


def _roots(
    cause: Cause, commits: Sequence[Commit], params: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterable[str]:
    """The commits that changed why it changed: who says why there, says it."""
    if not cause.recorded:
        return ()
    if cause.kind is CauseKind.PARAM and (found := params.get((cause.path, cause.name))):
        return found
    return cause.commits or (_touching(commits, [cause.path]) if cause.kind in _RECORDED else ())


def _touching(commits: Iterable[Commit], paths: Collection[str]) -> tuple[str, ...]:
    return tuple(c.id for c in commits if any(f.path in paths or f.old_path in paths for f in c.files))


def _in_git(
    release: Release, touched: Mapping[str, str], commits: Sequence[Commit], snapshots: Snapshots
) -> Iterator[Moved]:
    """Data that Git keeps and stages read, by the file or directory that these name: see `_data_files`."""
    before, now = (
        {path: snapshots.git_id(path, revision) for path in touched}
        for revision in (release.base, release.head)
    )
    gone = {before[path] for path in touched if before[path] and not now[path]}
    came = {now[path] for path in touched if now[path] and not before[path]}
    found: dict[str, list[str]] = {}
    for path, dep in touched.items():
        renamed = (before[path] in came and not now[path]) or (now[path] in gone and not before[path])
        if before[path] != now[path] and not renamed:
            found.setdefault(dep, []).append(path)
    for dep, paths in found.items():
        own = _touching(commits, paths)
        fates = {ChangeType.MODIFIED if before[p] and now[p] else _came(now[p]) for p in paths}
        fate = _fate(fates.pop() if len(fates) == 1 and dep in paths else ChangeType.MODIFIED)
        names = dict.fromkeys((dep, *paths, *(posixpath.basename(path) for path in paths)))
        yield Moved(f"the data {dep}", fate, dep, paths[0], tuple(names), own)


def _came(blob: str) -> ChangeType:
    return ChangeType.ADDED if blob else ChangeType.DELETED


def _data_files(
    sides: tuple[Snapshot, Snapshot], commits: Iterable[Commit], wanted: Callable[[str], bool]
) -> dict[str, str]:
    """The data files of Git that commits touched, each with the dependency of a stage that it is of."""
    deps = read(sides)
    if not deps:
        return {}
    told = told_otherwise(sides)
    found: dict[str, str] = {}
    for path in dict.fromkeys(p for commit in commits for file in commit.files for p in _both(file)):
        dep = next((above for above in holders(path) if above in deps), None)
        of_data = (is_data(path) or by_name(path) is Touch.MODEL) and wanted(path)
        if dep and of_data and told.isdisjoint(holders(path)):
            found[path] = dep
    return found


def _both(file: FileChange) -> tuple[str, str]:
    return file.path, file.old_path
