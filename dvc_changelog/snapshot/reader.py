"""A revision becomes a Snapshot: the projects found in its tree, with their params, metrics and packages."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    FileChange,
    OutputChange,
    PlotData,
    PlotFile,
    Remotes,
    Revision,
    Scope,
    Snapshot,
    Value,
)
from dvc_changelog.history import Git
from dvc_changelog.snapshot import packages
from dvc_changelog.snapshot.blobs import Blobs, Complaints, Failed, flat_params
from dvc_changelog.snapshot.concern import Concern, may_move
from dvc_changelog.snapshot.crossing import Crossing, Side
from dvc_changelog.snapshot.dangling import check_artifacts
from dvc_changelog.snapshot.examine import examined
from dvc_changelog.snapshot.in_git import InGit, hidden
from dvc_changelog.snapshot.layout import (
    by_project,
    inside_of,
    pipeline_beside,
    scope_of,
    visible,
)
from dvc_changelog.snapshot.obstacles import obstacles
from dvc_changelog.snapshot.outdated import Outdated
from dvc_changelog.snapshot.past import Past
from dvc_changelog.snapshot.plotfiles import PlotFiles, mark_outputs
from dvc_changelog.snapshot.project import Project, Reader
from dvc_changelog.snapshot.recorded import recorded_outputs, rewritten_outputs
from dvc_changelog.snapshot.remote_config import remotes_of
from dvc_changelog.snapshot.store import Store, Wanted
from dvc_changelog.snapshot.tree import OF_DVC, Found, Kind, Tree, kind_of, places_of, warm
from dvc_changelog.snapshot.valuefiles import ValueFiles, matches
from dvc_changelog.snapshot.working import Working

if TYPE_CHECKING:
    from dvc_changelog.snapshot.plotted import Plotted
    from dvc_changelog.snapshot.remotes import Fetched, Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What a person's configuration adds to what the files say: globs from the Git root.

    `project` is the directory of the one DVC project that is asked for, "" for that at the Git root; None for
    all. `listed`: see `ValueFiles`. Without `stale` it is not asked which stages were not reproduced.
    """

    models: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    environment_files: tuple[str, ...] = ()
    packages: bool = True
    project: str | None = None
    listed: tuple[str, ...] = ()
    stale: bool = True


@dataclass(slots=True)
class Snapshots:
    """Reads snapshots of a repository's revisions."""

    git: Git
    options: Options = field(default_factory=Options)
    _walks: dict[tuple[str, str], tuple[Found, ...]] = field(default_factory=dict)
    _known: dict[str, Snapshot] = field(default_factory=dict)
    _places: frozenset[str] | None = None
    store: Store = field(init=False)
    working: Working = field(init=False)
    past: Past = field(init=False)
    _blobs: Blobs = field(init=False)
    _projects: Reader = field(init=False)
    _values: ValueFiles = field(init=False)
    _plots: PlotFiles = field(init=False)
    _outdated: Outdated = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(None if self.git.bare else self.git.root)
        self.working = Working(self.git.root)
        self._blobs = Blobs(self.git, self.store)
        self.past = Past(self._blobs)
        self._projects = Reader(self._blobs)
        self._values = ValueFiles(self._blobs, self.options.metrics, self.options.listed)
        self._plots = PlotFiles(self._blobs)
        self._outdated = Outdated(self._blobs)

    def expect(self, tree_ids: Iterable[str], touched: Iterable[str]) -> None:
        """Say which revisions will be asked for: they are read together, in less time.

        Args:
            tree_ids: their trees.
            touched: every path that their history touched, from its beginning.
        """
        self._places = places_of(touched)
        warm(self.git.objects, tree_ids, self._places)

    def at(self, revision: Revision | None) -> Snapshot:
        """All that DVC tracks at a revision; None is the empty state before the first commit."""
        if revision is None:
            return Snapshot()
        if revision.working:
            return self._read(revision)  # asked for once, and what lies there has no id
        known = self._known.get(revision.tree_id)
        if known is None:
            known = self._known[revision.tree_id] = self._read(revision)
        name = revision.version or revision.name or revision.commit_id[:7]
        if known.problems and known.problems[0].revision != name:
            return replace(known, problems=tuple(replace(p, revision=name) for p in known.problems))
        return known

    def examined(self, change: OutputChange, projects: Iterable[str]) -> OutputChange | None:
        """A change with what DVC's cache tells beside; see `examine.examined`."""
        return examined(change, self.store, projects)

    def git_id(self, path: str, revision: Revision | None) -> str:
        """The id of the file or directory that Git has at a path of a revision; "" where there is none."""
        return self.in_git(revision).id(path)

    def in_git(self, revision: Revision | None) -> InGit:
        """All that Git has at a revision; None is the empty state."""
        return InGit(self._tree(revision) if revision else None, self._blobs, self._outdated)

    def crossing(
        self, sides: tuple[Snapshot, Snapshot], revisions: tuple[Revision | None, Revision]
    ) -> Crossing:
        """Tells of what DVC keeps on one side, and Git on the other; `sides` are those at the revisions."""
        (old, new), (before, after) = sides, revisions
        return Crossing(self._outdated, Side(old, self.in_git(before)), Side(new, self.in_git(after)))

    def blob(self, path: str, revision: Revision, *, alone: bool = False) -> str | None:
        """The id of the file that Git has at a path of a revision, "" for none; None if that is not known.

        A lock without its dvc.yaml is none, unless each is asked for `alone`.
        """
        tree = self._tree(revision)
        if not alone and kind_of(path) is Kind.LOCK and tree.lacks(pipeline_beside(path)):
            return ""
        return tree.blob(path) or ("" if tree.lacks(path) else None)

    def fetch(self, project: str, wanted: Collection[Wanted], step: Step | None = None) -> Fetched:
        """Get objects into the cache of the project at a directory; see `remotes.fetch`."""
        from dvc_changelog.snapshot.remotes import Fetched, fetch

        dvc = self.store.dvc_directory(project)
        if dvc is None:
            return Fetched(failures=(f"{project or '.'} has no .dvc directory here, hence no DVC cache",))
        return fetch(dvc.parent, wanted, step, self.store.top)

    def forget(self) -> None:
        """Read every revision anew: objects came into DVC's cache."""
        self._known.clear()
        self.store.wanted.clear()
        self.past = Past(self._blobs)

    def projects(self, revision: Revision) -> tuple[str, ...]:
        """The directories of all DVC projects at a revision, whichever is asked for."""
        tree = self._tree(revision)
        return tuple(dict(by_project(visible(tree, hidden(tree.found(), self._blobs, Complaints(""))))))

    def rewritten(self, change: FileChange) -> tuple[str, ...]:
        """The outputs that one side of a dvc.lock or `.dvc` file records otherwise than the other.

        For a commit's raw diff: which data or models the commit changed. Paths are joined with the file's
        directory (the lock does not say a stage's `wdir`).
        """
        return self._rewritten(change, once_more=False)

    def _rewritten(self, change: FileChange, *, once_more: bool = True) -> tuple[str, ...]:
        """As `rewritten`; also what is only recorded once more, perhaps of a stage with another `wdir`."""
        old = self._recorded(change.old_path, change.old_blob)
        new = self._recorded(change.path, change.new_blob)
        return tuple(dict.fromkeys(rewritten_outputs(change.path, old, new, once_more=once_more)))

    def may_move(self, concern: Concern, change: FileChange) -> bool:
        """Whether a commit's change of a file may change what is asked for; see `concern.may_move`."""
        return may_move(concern, change, self._blobs.data, self._rewritten, self.values)

    def values(self, path: str, blob: str) -> Mapping[str, Value] | None:
        """All values of a params or metrics file under dotted names; None if it cannot be read."""
        read = self._blobs.parsed(blob, path, flat_params, "params")
        return None if isinstance(read, Failed) else read

    def plot_data(self, file: PlotFile) -> PlotData:
        """What can be read of a plot's file. Nothing is remembered: only what differs is asked for."""
        return self._plots.read(file)

    def plotted(self, revision: Revision) -> Plotted:
        """What DVC would draw of a revision, and what is in the files of its plots."""
        from dvc_changelog.snapshot.plotted import Plotted

        return Plotted(self._blobs, self.at(revision))

    def data(self, path: str, revision: Revision) -> bytes | None:
        """The bytes of the file that Git has at a path of a revision; None where there is none."""
        blob = self.blob(path, revision)
        return self._blobs.data(blob) if blob else None

    def _tree(self, revision: Revision) -> Tree:
        return Tree(self.git.objects, revision.tree_id, self._walks, self._places)

    def _recorded(self, path: str, blob: str) -> Mapping[str, object]:
        """What a lock or `.dvc` file records; nothing if it cannot be read."""
        if not blob:
            return {}
        read = self._blobs.parsed(blob, path, recorded_outputs, "recorded")
        return {} if isinstance(read, Failed) else read

    def _read(self, revision: Revision) -> Snapshot:
        tree = self._tree(revision)
        complain = Complaints(revision.version or revision.name or revision.commit_id[:7])
        self._outdated.hidden = hidden(tree.found(), self._blobs, complain)
        found = visible(tree, self._outdated.hidden)
        projects = dict(by_project(found))
        scope = scope_of(self.options.project, projects)
        if scope:
            found = [file for file in found if scope(file.path)]
            projects = dict(inside_of(scope, projects))
            complain.problems[:] = [problem for problem in complain.problems if scope(problem.path)]
        roots = [root for root, files in projects.items() if any(file.kind in OF_DVC for file in files)]
        working = self.working if revision.working else None
        marks = {file.path for file in tree.found() if file.kind is Kind.PROJECT}
        parts = [
            self._project(root, files, tree, complain, working, bare=root not in marks)
            for root, files in projects.items()
        ]
        check_artifacts(parts, found, tree, complain)
        remotes = {root: read for root in roots if (read := self._remotes(root, tree))}
        undeclared, unparsed = self._values.undeclared(found, roots)
        pinned = dict(self._packages(found, complain)) if self.options.packages else {}
        return Snapshot(
            outputs=_merged(part.outputs for part in parts),
            unrecorded=frozenset(path for part in parts for path in part.unrecorded),
            awaited=frozenset(path for part in parts for path in part.awaited),
            unparsed=unparsed,
            params=_merged(part.params for part in parts),
            metrics={
                **undeclared,
                **self._values.configured(tree, complain, scope),
                **_merged(part.metrics for part in parts),
            },
            stages=_merged(part.stages for part in parts),
            untold=frozenset(address for part in parts for address in part.untold),
            from_lock=frozenset(address for part in parts for address in part.from_lock),
            imports=_merged(part.imports for part in parts),
            artifacts=_merged(part.artifacts for part in parts),
            plots=_merged(part.plots for part in parts),
            plot_definitions=_merged(part.plot_definitions for part in parts),
            packages=pinned,
            files=dict(self._files(found, tree, scope)),
            locks=_merged(part.locks for part in parts),
            stale=tuple(stale for part in parts for stale in part.stale),
            problems=tuple(complain.problems),
            projects=tuple(roots),
            filled=tuple(
                root
                for root, part in zip(projects, parts, strict=True)
                if root in roots and any(output.cached for output in part.outputs.values())
            ),
            obstacles=tuple(obstacle for part in parts for obstacle in part.obstacles),
            remote=bool(roots) and all(root in remotes and remotes[root].default for root in roots),
            remotes=remotes,
            scope=scope,
        )

    def _remotes(self, root: str, tree: Tree) -> Remotes | None:
        """What a project's configuration in Git says of remotes; None where nobody can read it."""
        blob = tree.blob(posixpath.join(root, ".dvc/config"))
        read = self._blobs.parsed(blob, "", remotes_of, "remotes") if blob else None
        return None if isinstance(read, Failed) else read

    def _project(
        self,
        root: str,
        found: list[Found],
        tree: Tree,
        complain: Complaints,
        working: Working | None,
        *,
        bare: bool,
    ) -> Snapshot:
        project = self._projects.read(root, found, tree, complain)
        self._mark_models(project)
        if all(file.kind is Kind.ARTIFACTS for file in found):  # without DVC, params.yaml is anyone's
            return Snapshot(outputs=project.outputs, artifacts=project.artifacts)
        if working:
            project.working = working
            lying = working.as_they_are(project.outputs.values(), root, complain)
            project.outputs |= {output.path: output for output in lying}
        mark_outputs(project)
        params = {file.path: file for file in self._values.params(project, tree, complain)}
        metrics = {file.path: file for file in self._values.metrics(project, tree, complain)}
        return Snapshot(
            outputs=project.outputs,
            unrecorded=frozenset(project.unrecorded),
            awaited=frozenset(self._values.awaited(project, metrics)),
            params=params,
            metrics=metrics,
            stages=project.stages,
            untold=frozenset(project.untold),
            from_lock=frozenset(project.from_lock),
            imports=project.imports,
            artifacts=project.artifacts,
            locks=project.locks,
            plots=self._plots.of(project, tree, complain),
            plot_definitions=project.plots,
            obstacles=(obstacles(project, found, complain.problems, bare=bare),),
            stale=tuple(self._outdated.of(project, params, tree)) if self.options.stale else (),
        )

    def _mark_models(self, project: Project) -> None:
        for path, output in project.outputs.items():
            if not output.model and matches(path, self.options.models):
                project.outputs[path] = replace(output, model=True)

    def _packages(self, found: list[Found], complain: Complaints) -> Iterator[tuple[str, Mapping[str, str]]]:
        for file in found:
            if file.kind is Kind.PACKAGES:
                read = complain.unless_failed(
                    file.path, self._blobs.parsed(file.blob, file.path, packages.parse, "packages")
                )
                if read is not None:
                    yield file.path, read

    def _files(self, found: list[Found], tree: Tree, scope: Scope | None) -> Iterator[tuple[str, str]]:
        for file in found:
            if file.kind is Kind.ENVIRONMENT:
                yield file.path, file.blob
        if self.options.environment_files:
            for path, blob in tree.files_below(""):
                if matches(path, self.options.environment_files) and (scope is None or scope(path)):
                    yield path, blob


def _merged(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    result: dict[str, T] = {}
    for part in parts:
        result.update(part)
    return result
