"""The params and metrics files of a revision: which there are, and their values."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from dvc_changelog.domain import Content, Stage, Stale, Value, ValueFile, covers, same
from dvc_changelog.snapshot import pipeline, values
from dvc_changelog.snapshot.blobs import Blobs, Complaints, Failed, document, flat_metrics, flat_params
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Found, Kind, Tree


@dataclass(slots=True)
class ValueFiles:
    """Reads params and metrics files. `globs` are further metrics files, from the Git root."""

    blobs: Blobs
    globs: tuple[str, ...] = ()
    _subsets: dict[tuple[str, str, tuple[str, ...]], Mapping[str, Value] | Failed] = field(
        default_factory=dict
    )

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
            return _value_file(path, blob, self.blobs.parsed(blob, path, flat_params, "params"), complain)
        key = (blob, path, tuple(sorted(set(keys))))
        if key not in self._subsets:
            whole = self.blobs.parsed(blob, path, document, "document")
            self._subsets[key] = (
                whole if isinstance(whole, Failed) else values.flatten(values.select(whole, keys))
            )
        return _value_file(path, blob, self._subsets[key], complain)

    def metrics(self, project: Project, tree: Tree, complain: Complaints) -> Iterator[ValueFile]:
        """Metrics files, of stages and of the top level; of those not in Git what DVC's records tell."""
        for path in project.metrics:
            blobs = list(_expanded(path, tree))
            for file, blob in blobs:
                read = self.blobs.parsed(blob, file, flat_metrics, "metrics")
                yield _value_file(file, blob, read, complain)
            if not blobs:
                yield _unread(path, project, complain, "is declared a metric, but is not in Git")

    def undeclared(self, found: list[Found], roots: Iterable[str]) -> dict[str, ValueFile]:
        """Files of a project that are called metrics.* though nothing declares them: by their name, metrics.

        DVC does not know them, so one that cannot be read is no problem either.
        """
        files: dict[str, ValueFile] = {}
        for file in found:
            if file.kind is Kind.METRICS and any(not r or file.path.startswith(f"{r}/") for r in roots):
                read = self.blobs.parsed(file.blob, file.path, flat_metrics, "metrics")
                if not isinstance(read, Failed):
                    files[file.path] = ValueFile(file.path, read)
        return files

    def configured(self, tree: Tree, complain: Complaints) -> dict[str, ValueFile]:
        """The metrics files that the configuration names."""
        if not self.globs:
            return {}
        return {
            path: _value_file(path, blob, self.blobs.parsed(blob, path, flat_metrics, "metrics"), complain)
            for path, blob in tree.files_below("")
            if matches(path, self.globs)
        }


def stale(stages: Iterable[Stage], params: Mapping[str, ValueFile]) -> Iterator[Stale]:
    """Where a params file no longer says what its stage last ran with."""
    for stage in stages:
        for (path, name), locked in stage.ran.params if stage.ran else ():
            found = params[path].values if path in params else None
            if found is None:
                continue
            if name not in found:
                if stage.uses(path, name) and locked != {} and _lacks(found, name):
                    yield Stale(path, name, None, locked, stage.address, missing=True)
            elif not same(found[name], locked):
                yield Stale(path, name, found[name], locked, stage.address)


def _lacks(found: Mapping[str, Value], name: str) -> bool:
    """Whether flat values surely lack a key: it may be a section or a pattern, or lie inside of a list."""
    above = accumulate(name.split("."), "{}.{}".format)
    in_list = any(isinstance(found.get(key), list) for key in above)
    return not in_list and not any(covers(name, key) for key in found)


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
    recorded = project.recorded.get(path)
    if path not in project.awaited:
        complain.add(path, otherwise, missing=recorded is None)
    return ValueFile(path, None, recorded)
