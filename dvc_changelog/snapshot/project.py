"""One DVC project of a revision: its pipelines, locks and `.dvc` files brought together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Artifact, Content, Import, Output, Plot, Role, Stage, StageRun
from dvc_changelog.snapshot import dvcfile, lockfile, models, pipeline
from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.datasets import datasets_of
from dvc_changelog.snapshot.definitions import Definitions
from dvc_changelog.snapshot.layout import pipeline_beside
from dvc_changelog.snapshot.lockfile import LockFile
from dvc_changelog.snapshot.pipeline import Flags, Pipeline
from dvc_changelog.snapshot.tree import Found, Kind, Tree, kind_of
from dvc_changelog.snapshot.working import Working


@dataclass(slots=True)
class Project:
    """What a project's DVC files say, before params and metrics are read. Paths are from the Git root.

    `recorded` is the content of whatever the last runs made, in Git or not; `awaited` are metrics that a lock
    does not know yet, since their stage has not run; `unrecorded` are outputs of which no hash is recorded.
    `locks` are locks' schemas by path; `lacked` the files that each dvc.yaml whose templates cannot be
    resolved looked for in vain; `untold`, `from_lock`: see `Snapshot`. `working` is the working tree, where
    that is read.
    """

    root: str
    stages: dict[str, Stage] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    metrics: dict[str, None] = field(default_factory=dict)
    plots: dict[str, Plot] = field(default_factory=dict)
    params: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, dict[str, object]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, Content] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    unrecorded: set[str] = field(default_factory=set)
    locks: dict[str, str] = field(default_factory=dict)
    lacked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    from_lock: set[str] = field(default_factory=set)
    working: Working | None = None


@dataclass(slots=True)
class Reader:
    """Reads the projects of revisions; what depends on equal blobs is made once."""

    blobs: Blobs
    _definitions: Definitions = field(init=False)

    def __post_init__(self) -> None:
        self._definitions = Definitions(self.blobs)

    def read(self, root: str, found: Iterable[Found], tree: Tree, complain: Complaints) -> Project:
        """Bring a project together from the DVC files found below `root`."""
        project = Project(root)
        pairs: dict[str, dict[Kind, Found]] = {}
        for file in found:
            match file.kind:
                case Kind.DVCFILE:
                    self._dvcfile(project, file, complain)
                case Kind.PIPELINE | Kind.LOCK:
                    pairs.setdefault(posixpath.dirname(file.path), {})[file.kind] = file
                case Kind.ARTIFACTS:
                    self._artifacts(project, file, complain)
                case _:
                    pass
        for pair in pairs.values():
            self._pipeline(project, pair.get(Kind.PIPELINE), pair.get(Kind.LOCK), tree, complain)
        _add_artifacts_in_git(project, tree)
        self._mark_models(project)
        return project

    def _dvcfile(self, project: Project, file: Found, complain: Complaints) -> None:
        read = complain.unless_failed(
            file.path, self.blobs.parsed(file.blob, file.path, dvcfile.parse, "dvcfile")
        )
        if read is None:
            return
        project.types.update(read.types)
        project.metrics.update(dict.fromkeys(read.metrics))
        project.unrecorded.update(read.unrecorded)
        for output in read.outputs:
            project.recorded[output.path] = output.content
            if output.cached or output.path not in read.metrics:
                project.outputs[output.path] = output
        if read.source:
            project.imports[file.path] = read.source
        if read.stage:
            project.stages[read.stage.address] = read.stage

    def _artifacts(self, project: Project, file: Found, complain: Complaints) -> None:
        def reader(path: str, data: bytes) -> tuple[Artifact, ...]:
            return tuple(pipeline.artifacts(path, pipeline.load(data)))

        read = complain.unless_failed(file.path, self.blobs.parsed(file.blob, file.path, reader, "artifacts"))
        for artifact in read or ():
            _add_artifact(project, artifact)

    def _pipeline(
        self, project: Project, definition: Found | None, lock: Found | None, tree: Tree, complain: Complaints
    ) -> None:
        locked = self._locked(project, lock, complain)
        runs = locked.runs
        defined = self._definitions.read(definition, tree, complain)
        file = definition.path if definition else pipeline_beside(lock.path if lock else "")
        if defined is None:
            defined = replace(_from_lock(file, runs, tree), datasets=locked.datasets)
        elif defined.unresolved:
            missing = _left_over(defined, runs)
            rest = _from_lock(file, missing, tree)
            project.lacked[file] = defined.lacked
            project.from_lock.update(Stage(file, name).address for name in missing)
            told = {part for name in (*defined.stages, *missing) for part in (name, name.rpartition("@")[0])}
            project.untold.update(Stage(file, name).address for name in defined.groups - told)
            defined = replace(
                defined,
                stages={**rest.stages, **defined.stages},
                flags={**rest.flags, **defined.flags},
                plots=(*rest.plots, *defined.plots),
                datasets=defined.datasets or locked.datasets,
            )
        for stage in defined.stages.values():
            run = runs.get(stage.name)
            ran = replace(stage, ran=lockfile.located(run, stage.wdir)) if run else stage
            _add_stage(project, ran, locked=bool(runs))
            _add_outputs(project, ran, defined.flags)
        project.types.update((path, flags.type) for path, flags in defined.flags.items() if flags.type)
        project.metrics.update(dict.fromkeys(defined.metrics))
        project.params.update((path, [""]) for path in defined.params)
        for artifact in defined.artifacts:
            _add_artifact(project, artifact)
        for plot in defined.plots:
            project.plots[f"{plot.file}:{plot.name}"] = plot
        for source in datasets_of(file, defined.datasets, locked.datasets):
            project.imports[f"{source.path}:{source.name}"] = source
        for path, names in defined.used.items():
            project.used.setdefault(path, {}).update(names)

    def _locked(self, project: Project, lock: Found | None, complain: Complaints) -> LockFile:
        if lock is None:
            return LockFile("", {})
        read = complain.unless_failed(
            lock.path, self.blobs.parsed(lock.blob, lock.path, lambda _, data: lockfile.parse(data), "lock")
        )
        if read is None:
            return LockFile("", {})
        project.locks[lock.path] = read.schema
        return read

    def _mark_models(self, project: Project) -> None:
        by_path = {artifact.path: artifact for artifact in project.artifacts.values() if artifact.path}
        for path, output in project.outputs.items():
            artifact = by_path.get(path)
            declared = (artifact.type if artifact else "") or project.types.get(path, "")
            named = not output.content.is_empty and models.looks_like_model(path, output.stage)
            model = declared == "model" if declared else named
            if model or artifact:
                project.outputs[path] = replace(output, model=model, artifact=artifact)


def _add_stage(project: Project, stage: Stage, *, locked: bool) -> None:
    project.stages[stage.address] = stage
    project.metrics.update(dict.fromkeys(stage.metrics))
    for file, key in stage.params:
        project.params.setdefault(file, []).append(key)
    made = {out.path: out.content for out in stage.ran.outs if out.content} if stage.ran else {}
    project.recorded.update(made)
    if locked:
        project.awaited.update(path for path in stage.metrics if path not in made)


def _add_outputs(project: Project, stage: Stage, flags: Mapping[str, Flags]) -> None:
    """The outputs of a stage's last run. Metrics and plots in Git are told by their values, not as data."""
    made = {out.path for out in stage.ran.outs if out.content} if stage.ran else set()
    declared = (*stage.outs, *stage.metrics, *stage.plots)
    project.unrecorded.update(o for o in declared if o not in made and flags.get(o, Flags()).cached)
    for out in stage.ran.outs if stage.ran else ():
        flag = flags.get(out.path, Flags())
        shown_elsewhere = out.path in stage.metrics or out.path in stage.plots
        if out.content and out.path in declared and (flag.cached or not shown_elsewhere):
            project.outputs[out.path] = Output(
                path=out.path,
                content=out.content,
                role=Role.DERIVED,
                stage=stage.address,
                cached=flag.cached,
                desc=flag.desc,
                remote=flag.remote,
                file=posixpath.join(posixpath.dirname(stage.path), "dvc.lock"),
            )


def _add_artifacts_in_git(project: Project, tree: Tree) -> None:
    """A file or directory of Git that an artifact points to is an output too, known by its Git id.

    `dvc diff` does not know it. A directory that holds outputs, or a `.dvc` file, is told by these.
    """
    for artifact in project.artifacts.values():
        path = artifact.path
        told = path in project.outputs or path in project.metrics
        if not path or told or kind_of(path) in {Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK}:
            continue
        holds = any(output.startswith(f"{path}/") for output in project.outputs)
        if oid := tree.blob(path) or ("" if holds else tree.directory_id(path)):
            content = Content("git", oid)
            project.outputs[path] = Output(path, content, Role.SOURCE, cached=False, file=artifact.file)


def _add_artifact(project: Project, artifact: Artifact) -> None:
    project.artifacts[f"{artifact.file}:{artifact.name}"] = artifact


_VALUES = (".json", ".yaml", ".yml", ".toml")
_PICTURES = (".csv", ".tsv", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".html", ".md")


def _from_lock(path: str, runs: Mapping[str, StageRun], tree: Tree) -> Pipeline:
    """Stages as the lock alone tells them, where there is a dvc.yaml that cannot be read.

    An output that lies in Git is of the kind `cache: false`: by its form a metrics file or a plot. Were it
    taken for data, a broken dvc.yaml would look as if the metrics had been deleted.
    """
    directory = posixpath.dirname(path)
    stages: dict[str, Stage] = {}
    flags: dict[str, Flags] = {}
    for name, run in runs.items():
        located = lockfile.located(run, directory)
        outs = [out.path for out in located.outs]
        in_git = [out for out in outs if out.endswith((*_VALUES, *_PICTURES)) and tree.blob(out)]
        flags.update(dict.fromkeys(in_git, Flags(cached=False)))
        stages[name] = Stage(
            path,
            name,
            run.cmd,
            directory,
            deps=tuple(dep.path for dep in located.deps),
            outs=tuple(out for out in outs if out not in in_git),
            params=tuple(key for key, _ in located.params),
            metrics=tuple(out for out in in_git if out.endswith(_VALUES)),
            plots=tuple(out for out in in_git if out.endswith(_PICTURES)),
        )
    plots = (Plot(out, path, (out,), by_path=True, of_stage=True) for s in stages.values() for out in s.plots)
    return Pipeline(stages=stages, flags=flags, plots=tuple(plots))


def _left_over(defined: Pipeline, runs: Mapping[str, StageRun]) -> dict[str, StageRun]:
    """Stages of the lock that the templates should have given; not those that dvc.yaml no longer has."""
    return {
        name: run
        for name, run in runs.items()
        if name not in defined.stages and {name, name.rpartition("@")[0]} & defined.groups
    }
