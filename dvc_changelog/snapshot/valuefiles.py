"""The params and metrics files of a revision: which there are, and their values."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import partial

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Content,
    Output,
    Problem,
    Scope,
    Value,
    ValueFile,
    holders,
    within,
)
from dvc_changelog.snapshot import pipeline, values
from dvc_changelog.snapshot.blobs import (
    Absent,
    Blobs,
    Complaints,
    Failed,
    Kept,
    Source,
    document,
    flat_metrics,
    flat_params,
)
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Found, Kind, Tree, kind_of
from dvc_changelog.snapshot.unreadable import UnreadableError

_Read = Callable[[str, Source], Mapping[str, Value] | Failed]
"""Reads the values of a file from where it is."""


@dataclass(slots=True)
class ValueFiles:
    """Reads params and metrics files.

    `globs` are further metrics files, from the Git root; `listed` are names of metrics that stand in lists,
    with the file where they have one ("reports/*.json:metrics.0.share").
    """

    blobs: Blobs
    globs: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    _subsets: dict[tuple[Source, str, tuple[str, ...]], Mapping[str, Value]] = field(default_factory=dict)

    def params(self, project: Project, tree: Tree, complain: Complaints) -> Iterator[ValueFile]:
        """Params files: each params.yaml beside a dvc.yaml and top-level ones whole, those of stages as said.

        DVC takes only the project's own params.yaml whole; of one beside another dvc.yaml it knows what
        stages name, though the file says as much about the pipeline.
        """
        wanted = {path: keys for path, keys in project.params.items() if keys}
        for directory in {
            project.root,
            *(posixpath.dirname(stage.path) for stage in project.stages.values()),
        }:
            default = posixpath.join(directory, pipeline.DEFAULT_PARAMS)
            if tree.blob(default):
                wanted[default] = [""]
        for path, keys in wanted.items():
            read = partial(self._params_in, keys=() if "" in keys else tuple(sorted(set(keys))))
            yield from self._files(path, project, tree, read, complain, named="is named in dvc.yaml")
        for path, names in project.used.items():
            if path not in wanted:
                yield ValueFile(path, dict(names))

    def _params_in(self, path: str, source: Source, keys: tuple[str, ...]) -> Mapping[str, Value] | Failed:
        if not keys:
            return self.blobs.parsed(source, path, flat_params, "params")
        key = (source, path, keys)
        if key not in self._subsets:
            whole = self.blobs.parsed(source, path, document, "document")
            if isinstance(whole, Failed):
                return whole
            self._subsets[key] = values.flatten(values.select(whole, keys))
        return self._subsets[key]

    def metrics(self, project: Project, tree: Tree, complain: Complaints) -> Iterator[ValueFile]:
        """Metrics files, of stages and of the top level, in Git or kept by DVC."""
        for path in project.metrics:
            yield from self._files(
                path, project, tree, self._metrics_in, complain, named="is declared a metric"
            )

    def awaited(self, project: Project, metrics: Collection[str]) -> Iterator[str]:
        """The declared metrics that DVC keeps, of which no run is recorded; `metrics` are those found.

        One that Git keeps is there or gone, whatever dvc.lock says.
        """
        there = {above for path in metrics for above in holders(path)}
        for path in project.metrics:
            unknown = not project.unrecorded.isdisjoint(holders(path)) and not _holder(path, project)
            if path not in there and unknown:
                yield path

    def _metrics_in(self, path: str, source: Source) -> Mapping[str, Value] | Failed:
        flat = self.blobs.parsed(source, path, flat_metrics, "metrics")
        keys = self._listed_in(path)
        if isinstance(flat, Failed) or not keys:
            return flat
        place = (source, path, keys)
        if place not in self._subsets:
            whole = self.blobs.parsed(source, path, document, "document")
            inner = {} if isinstance(whole, Failed) else values.in_lists(whole, keys)
            self._subsets[place] = {**flat, **inner} if inner else flat
        return self._subsets[place]

    def _listed_in(self, path: str) -> tuple[str, ...]:
        """The names of metrics in lists of one file."""
        split = (key.rpartition(":") for key in self.listed)
        return tuple(name for file, _, name in split if not file or fnmatch.fnmatchcase(path, file))

    def _files(
        self, path: str, project: Project, tree: Tree, read: _Read, complain: Complaints, *, named: str
    ) -> Iterator[ValueFile]:
        """A file, or all files of a directory: from Git, else from DVC, else what is known of it.

        What neither of them has, and no run recorded, has no values: it is not one that cannot be read.
        """
        found = list(_expanded(path, tree))
        for file, blob in found:
            yield _value_file(file, blob, read(file, blob), complain)
        if found or tree.directory_id(path):
            return
        above = _holder(path, project)
        if project.working and (loose := project.working.loose(path)) and not above:
            lying = Kept(loose, project.root)
            yield _value_file(path, lying, read(path, lying), complain)
            return
        if not above:
            recorded = project.recorded.get(path)
            hidden = any(_may_hide(problem, path, project) for problem in complain.problems)
            if path not in project.awaited and (recorded or not hidden):
                complain.add(path, f"{named}, but is not in Git", missing=recorded is None)
            if recorded or hidden:
                yield ValueFile(path, None, recorded)
            return
        output = project.outputs[above]
        kept = complain.unless_failed(above, self._kept(path, output, project.root))
        for file, source in (kept or {}).items():
            yield _value_file(file, source, read(file, source), complain)
        if kept is None:
            yield ValueFile(path, None, output.content, "" if above == path else above)
        elif not kept:
            complain.add(path, f"{named}, but the directory {above} does not have it", missing=True)

    def _kept(self, path: str, output: Output, project: str) -> dict[str, Source] | Failed | None:
        """A file of an output, or the files of a directory: what DVC keeps; None if not known here."""
        content = output.content
        if path == output.path and not content.is_dir:
            return {path: Kept(content, project, output.remote)}
        if content.algorithm == "md5" and not content.is_dir:
            return {}
        try:
            listed = self.blobs.store.manifest(content, project, output.path, output.remote)
        except UnreadableError as error:
            return Failed(str(error))
        if listed is None:
            return None
        versions = dict(content.versions)
        return {
            file: Kept(
                Content(
                    "md5",
                    digest,
                    legacy=content.legacy,
                    versions=(("", versions[name]),) if name in versions else (),
                ),
                project,
                output.remote,
            )
            for name, digest in listed.items()
            if (file := f"{output.path}/{name}") == path or file.startswith(f"{path}/")
        }

    def undeclared(
        self, found: list[Found], roots: Iterable[str]
    ) -> tuple[dict[str, ValueFile], frozenset[str]]:
        """Files of a project that are called metrics.* though nothing declares them: by their name, metrics.

        DVC does not know them, so one that cannot be read is no problem either: such are told apart.
        """
        files: dict[str, ValueFile] = {}
        unparsed = set[str]()
        for file in found:
            if file.kind is Kind.METRICS and any(not r or file.path.startswith(f"{r}/") for r in roots):
                read = self._metrics_in(file.path, file.blob)
                if isinstance(read, Failed):
                    unparsed.add(file.path)
                else:
                    files[file.path] = ValueFile(file.path, read)
        return files, frozenset(unparsed)

    def configured(self, tree: Tree, complain: Complaints, scope: Scope | None) -> dict[str, ValueFile]:
        """The metrics files that the configuration names, of one project where there is a scope."""
        if not self.globs:
            return {}
        return {
            path: _value_file(path, blob, self._metrics_in(path, blob), complain)
            for path, blob in tree.files_below("")
            if matches(path, self.globs) and (scope is None or scope(path))
        }


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether a path, or its last part, matches one of the globs."""
    return any(
        fnmatch.fnmatch(path, glob) or fnmatch.fnmatch(posixpath.basename(path), glob) for glob in globs
    )


def _expanded(path: str, tree: Tree) -> Iterator[tuple[str, str]]:
    """A file of the revision, or all files below a directory, as DVC expands it."""
    if blob := tree.blob(path):
        yield path, blob
    elif path:
        yield from tree.files_below(path)


def _value_file(
    path: str, source: Source, read: Mapping[str, Value] | Failed, complain: Complaints
) -> ValueFile:
    """A file's values, and what is known of it without them."""
    content = source.content if isinstance(source, Kept) else Content("git", source)
    if not isinstance(read, Failed):
        return ValueFile(path, read, content)
    if not isinstance(read, Absent):
        complain.add(path, read.reason)
    return ValueFile(path, None, content)


def _may_hide(problem: Problem, path: str, project: Project) -> bool:
    """Whether a file may be there all the same: unread is the DVC file that tracks it, or its directory."""
    if problem.missing:
        return False
    tells = kind_of(problem.path) in {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK}
    return (tells and within(problem.path, project.root)) or within(path, problem.path)


def _holder(path: str, project: Project) -> str:
    """The output that is the file, or the directory that holds it; "" if none is."""
    return next((above for above in holders(path) if above in project.outputs), "")
