"""A revision becomes a Snapshot: the projects found in its tree, with their params, metrics and packages."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dvc_changelog.domain import (
    Content,
    FileChange,
    Revision,
    Snapshot,
    Stage,
    Stale,
    Value,
    ValueFile,
    same,
)
from dvc_changelog.history import Git
from dvc_changelog.snapshot import packages, pipeline, values
from dvc_changelog.snapshot.blobs import Blobs, Complaints, Failed, document, flat_metrics, flat_params
from dvc_changelog.snapshot.ignore import Ignored
from dvc_changelog.snapshot.project import Project, Reader
from dvc_changelog.snapshot.recorded import recorded_outputs, rewritten_outputs
from dvc_changelog.snapshot.tree import Found, Kind, Tree, warm
from dvc_changelog.snapshot.unreadable import decoded

T = TypeVar("T")

_REMOTE = re.compile(rb"^\s*remote\s*=\s*\S", re.MULTILINE)
"""`remote = NAME`, which only the section [core] of DVC's configuration has."""

_DVC = {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK, Kind.PROJECT}


@dataclass(frozen=True, slots=True)
class Options:
    """What a person's configuration adds to what the files say: globs from the Git root."""

    models: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    environment_files: tuple[str, ...] = ()
    packages: bool = True


@dataclass(slots=True)
class Snapshots:
    """Reads snapshots of a repository's revisions."""

    git: Git
    options: Options = field(default_factory=Options)
    _walks: dict[tuple[str, str], tuple[Found, ...]] = field(default_factory=dict)
    _known: dict[str, Snapshot] = field(default_factory=dict)
    _blobs: Blobs = field(init=False)
    _projects: Reader = field(init=False)
    _subsets: dict[tuple[str, str, tuple[str, ...]], Mapping[str, Value] | Failed] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        self._blobs = Blobs(self.git)
        self._projects = Reader(self._blobs)

    def expect(self, tree_ids: Iterable[str]) -> None:
        """Say which revisions' trees will be asked for: they are read together, in less time."""
        warm(self.git.objects, (tree_id for tree_id in tree_ids if tree_id not in self._known))

    def at(self, revision: Revision | None) -> Snapshot:
        """All that DVC tracks at a revision; None is the empty state before the first commit."""
        if revision is None:
            return Snapshot()
        known = self._known.get(revision.tree_id)
        if known is None:
            known = self._known[revision.tree_id] = self._read(revision)
        name = revision.version or revision.name or revision.commit_id[:7]
        if known.problems and known.problems[0].revision != name:
            return replace(known, problems=tuple(replace(p, revision=name) for p in known.problems))
        return known

    def rewritten(self, change: FileChange) -> tuple[str, ...]:
        """The outputs that one side of a dvc.lock or `.dvc` file records otherwise than the other.

        For a commit's raw diff: which data or models the commit changed. Paths are joined with the file's
        directory (the lock does not say a stage's `wdir`).
        """
        old = self._recorded(change.old_path, change.old_blob)
        new = self._recorded(change.path, change.new_blob)
        return tuple(dict.fromkeys(rewritten_outputs(change.path, old, new)))

    def _recorded(self, path: str, blob: str) -> Mapping[str, object]:
        """What a lock or `.dvc` file records; nothing if it cannot be read."""
        if not blob:
            return {}
        read = self._blobs.parsed(blob, path, recorded_outputs, "recorded")
        return {} if isinstance(read, Failed) else read

    def _read(self, revision: Revision) -> Snapshot:
        tree = Tree(self.git.objects, revision.tree_id, self._walks)
        complain = Complaints(revision.version or revision.name or revision.commit_id[:7])
        found = self._visible(tree.found(), complain)
        projects = dict(_projects(found))
        parts = [self._project(root, files, tree, complain) for root, files in projects.items()]
        pinned = dict(self._packages(found, complain)) if self.options.packages else {}
        return Snapshot(
            outputs=_merged(part.outputs for part in parts),
            params=_merged(part.params for part in parts),
            metrics={
                **self._undeclared_metrics(found, projects),
                **self._extra_metrics(tree, complain),
                **_merged(part.metrics for part in parts),
            },
            stages=_merged(part.stages for part in parts),
            imports=_merged(part.imports for part in parts),
            artifacts=_merged(part.artifacts for part in parts),
            packages=pinned,
            files=dict(self._files(found, tree)),
            stale=tuple(stale for part in parts for stale in part.stale),
            problems=tuple(complain.problems),
            projects=tuple(projects),
            remote=bool(projects) and all(self._has_remote(root, tree) for root in projects),
        )

    def _has_remote(self, root: str, tree: Tree) -> bool:
        """Whether a project's configuration in Git names a default remote (`core.remote`)."""
        blob = tree.blob(posixpath.join(root, ".dvc/config"))
        return bool(blob) and self._blobs.parsed(blob or "", "", _names_remote, "remote") is True

    def _visible(self, found: tuple[Found, ...], complain: Complaints) -> list[Found]:
        texts: dict[str, str] = {}
        roots = {file.path for file in found if file.kind is Kind.PROJECT} or {""}
        for file in found:
            if file.kind is Kind.MISSING:
                complain.add(
                    file.path or ".", "this directory's tree is not in the repository (a partial clone)"
                )
            elif file.kind is Kind.IGNORE and _within(file.path, roots):
                read = self._blobs.parsed(file.blob, file.path, lambda _, data: decoded(data), "ignore")
                texts[posixpath.dirname(file.path)] = complain.unless_failed(file.path, read) or ""
        hidden = Ignored(texts)
        if not hidden:
            return list(found)
        return [file for file in found if file.kind not in _DVC or not hidden(_inside(file))]

    def _project(self, root: str, found: list[Found], tree: Tree, complain: Complaints) -> Snapshot:
        project = self._projects.read(root, found, tree, complain)
        self._mark_models(project)
        params = {file.path: file for file in self._params(project, tree, complain)}
        metrics = {file.path: file for file in self._metrics(project, tree, complain)}
        return Snapshot(
            outputs=project.outputs,
            params=params,
            metrics=metrics,
            stages=project.stages,
            imports=project.imports,
            artifacts=project.artifacts,
            stale=tuple(_stale(project.stages.values(), params)),
        )

    def _mark_models(self, project: Project) -> None:
        for path, output in project.outputs.items():
            if not output.model and _matches(path, self.options.models):
                project.outputs[path] = replace(output, model=True)

    def _params(self, project: Project, tree: Tree, complain: Complaints) -> Iterator[ValueFile]:
        """Params files: the project's params.yaml and top-level ones whole, those of stages as they say."""
        wanted = {path: keys for path, keys in project.params.items() if keys}
        default = posixpath.join(project.root, pipeline.DEFAULT_PARAMS)
        if tree.blob(default):
            wanted[default] = [""]
        for path, keys in wanted.items():
            whole = "" in keys
            for file, blob in _expanded(path, tree):
                yield self._param_file(file, blob, [] if whole else keys, complain)
            if not tree.blob(path) and not tree.directory_id(path):
                yield _unread(path, project, complain, "is named in dvc.yaml, but is not in Git")
        for path, names in project.used.items():
            if path not in wanted:
                yield ValueFile(path, dict(names))

    def _param_file(self, path: str, blob: str, keys: list[str], complain: Complaints) -> ValueFile:
        if not keys:
            return _value_file(path, blob, self._blobs.parsed(blob, path, flat_params, "params"), complain)
        key = (blob, path, tuple(sorted(set(keys))))
        if key not in self._subsets:
            whole = self._blobs.parsed(blob, path, document, "document")
            self._subsets[key] = (
                whole if isinstance(whole, Failed) else values.flatten(values.select(whole, keys))
            )
        return _value_file(path, blob, self._subsets[key], complain)

    def _metrics(self, project: Project, tree: Tree, complain: Complaints) -> Iterator[ValueFile]:
        for path in project.metrics:
            blobs = list(_expanded(path, tree))
            for file, blob in blobs:
                read = self._blobs.parsed(blob, file, flat_metrics, "metrics")
                yield _value_file(file, blob, read, complain)
            if not blobs:
                yield _unread(path, project, complain, "is declared a metric, but is not in Git")

    def _undeclared_metrics(self, found: list[Found], roots: Iterable[str]) -> dict[str, ValueFile]:
        """Files of a project that are called metrics.* though nothing declares them: by their name, metrics.

        DVC does not know them, so one that cannot be read is no problem either.
        """
        files: dict[str, ValueFile] = {}
        for file in found:
            if file.kind is Kind.METRICS and any(not r or file.path.startswith(f"{r}/") for r in roots):
                read = self._blobs.parsed(file.blob, file.path, flat_metrics, "metrics")
                if not isinstance(read, Failed):
                    files[file.path] = ValueFile(file.path, read)
        return files

    def _extra_metrics(self, tree: Tree, complain: Complaints) -> dict[str, ValueFile]:
        if not self.options.metrics:
            return {}
        return {
            path: _value_file(path, blob, self._blobs.parsed(blob, path, flat_metrics, "metrics"), complain)
            for path, blob in tree.files_below("")
            if _matches(path, self.options.metrics)
        }

    def _packages(self, found: list[Found], complain: Complaints) -> Iterator[tuple[str, Mapping[str, str]]]:
        for file in found:
            if file.kind is Kind.PACKAGES:
                read = complain.unless_failed(
                    file.path, self._blobs.parsed(file.blob, file.path, packages.parse, "packages")
                )
                if read is not None:
                    yield file.path, read

    def _files(self, found: list[Found], tree: Tree) -> Iterator[tuple[str, str]]:
        for file in found:
            if file.kind is Kind.ENVIRONMENT:
                yield file.path, file.blob
        if self.options.environment_files:
            for path, blob in tree.files_below(""):
                if _matches(path, self.options.environment_files):
                    yield path, blob


def _names_remote(_path: str, data: bytes) -> bool:
    """Reader: whether a DVC configuration names a default remote."""
    return bool(_REMOTE.search(data))


def _projects(found: Iterable[Found]) -> Iterator[tuple[str, list[Found]]]:
    """DVC's files by project: each belongs to the nearest directory above it that holds `.dvc/`.

    Files outside of any project belong to one at the Git root, which a repository has that ignores `.dvc`.
    """
    roots = {file.path for file in found if file.kind is Kind.PROJECT}
    projects: dict[str, list[Found]] = {root: [] for root in sorted(roots)}
    for file in found:
        if file.kind in {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK, Kind.ARTIFACTS}:
            above = posixpath.dirname(file.path)
            while above and above not in roots:
                above = posixpath.dirname(above)
            projects.setdefault(above, []).append(file)
    for root, files in projects.items():
        if root in roots or any(file.kind is not Kind.ARTIFACTS for file in files):
            yield root, files


def _expanded(path: str, tree: Tree) -> Iterator[tuple[str, str]]:
    """A file of the revision, or all files below a directory, as DVC expands it."""
    if blob := tree.blob(path):
        yield path, blob
    elif path:
        yield from tree.files_below(path)


def _value_file(path: str, blob: str, read: Mapping[str, Value] | Failed, complain: Complaints) -> ValueFile:
    """A file of Git: its values, or its blob id as all that is known of it."""
    values_read = complain.unless_failed(path, read)
    return ValueFile(path, values_read, None if values_read is not None else Content("git", blob))


def _unread(path: str, project: Project, complain: Complaints, otherwise: str) -> ValueFile:
    """A params or metrics file that is not in Git: what DVC's records tell of its content."""
    above = path
    while above:
        if output := project.outputs.get(above):
            return ValueFile(path, None, output.content, "" if above == path else above)
        above = posixpath.dirname(above)
    if path not in project.awaited:
        complain.add(path, otherwise)
    return ValueFile(path, None, project.recorded.get(path))


def _inside(file: Found) -> str:
    """The path to ask of: a project is hidden where its directory is."""
    return f"{file.path}/.dvc" if file.kind is Kind.PROJECT and file.path else file.path


def _within(path: str, roots: Iterable[str]) -> bool:
    """Whether a file lies in one of the projects: DVC reads no .dvcignore above its own."""
    return any(not root or path.startswith(f"{root}/") for root in roots)


def _stale(stages: Iterable[Stage], params: Mapping[str, ValueFile]) -> Iterator[Stale]:
    """Where a params file no longer says what its stage last ran with."""
    for stage in stages:
        for (path, name), locked in stage.ran.params if stage.ran else ():
            file = params.get(path)
            if (
                file
                and file.values is not None
                and name in file.values
                and not same(file.values[name], locked)
            ):
                yield Stale(path, name, file.values[name], locked, stage.address)


def _matches(path: str, globs: Iterable[str]) -> bool:
    return any(
        fnmatch.fnmatch(path, glob) or fnmatch.fnmatch(posixpath.basename(path), glob) for glob in globs
    )


def _merged(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    result: dict[str, T] = {}
    for part in parts:
        result.update(part)
    return result
