"""One DVC project of a revision: its pipelines, locks and `.dvc` files brought together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dvc_changelog.domain import Artifact, Import, Output, Role, Stage, StageRun
from dvc_changelog.snapshot import dvcfile, lockfile, models, pipeline, templates
from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.entries import join
from dvc_changelog.snapshot.pipeline import Flags, Pipeline
from dvc_changelog.snapshot.tree import Found, Kind, Tree


@dataclass(slots=True)
class Project:
    """What a project's DVC files say, before params and metrics are read. Paths are from the Git root."""

    root: str
    stages: dict[str, Stage] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    metrics: dict[str, None] = field(default_factory=dict)
    plots: set[str] = field(default_factory=set)
    params: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, dict[str, object]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reader:
    """Reads the projects of revisions; what depends on equal blobs is made once."""

    blobs: Blobs
    _pipelines: dict[tuple[object, ...], tuple[Pipeline, Mapping[str, Mapping[str, object]]]] = field(
        default_factory=dict
    )

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
        claimed: dict[str, Stage] = {}
        for pair in pairs.values():
            self._pipeline(project, pair.get(Kind.PIPELINE), pair.get(Kind.LOCK), tree, complain, claimed)
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
        for output in read.outputs:
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
            project.artifacts.setdefault(artifact.name, artifact)

    def _pipeline(
        self,
        project: Project,
        definition: Found | None,
        lock: Found | None,
        tree: Tree,
        complain: Complaints,
        claimed: dict[str, Stage],
    ) -> None:
        runs = self._runs(lock, complain)
        defined, used = self._defined(definition, tree, complain)
        if defined is None:
            file = definition.path if definition else _beside(lock)
            defined = Pipeline(stages=dict(_from_lock(file, runs)))
        elif defined.unresolved:
            defined = replace(defined, stages={**dict(_left_over(definition, defined, runs)), **defined.stages})
        for stage in defined.stages.values():
            run = runs.get(stage.name)
            self._stage(project, replace(stage, ran=lockfile.located(run, stage.wdir)) if run else stage, claimed)
            _outputs(project, project.stages[stage.address], defined.flags)
        for path, flags in defined.flags.items():
            if flags.type:
                project.types[path] = flags.type
        project.metrics.update(dict.fromkeys(defined.metrics))
        for file in defined.params:
            project.params[file] = [""]
        for artifact in defined.artifacts:
            project.artifacts[artifact.name] = artifact
        for file, names in used.items():
            project.used.setdefault(file, {}).update(names)

    def _stage(self, project: Project, stage: Stage, claimed: dict[str, Stage]) -> None:
        project.stages[stage.address] = stage
        claimed.update(dict.fromkeys(stage.outs, stage))
        project.metrics.update(dict.fromkeys(stage.metrics))
        project.plots.update(stage.plots)
        for file, key in stage.params:
            project.params.setdefault(file, []).append(key)

    def _runs(self, lock: Found | None, complain: Complaints) -> Mapping[str, StageRun]:
        if lock is None:
            return {}
        read = complain.unless_failed(
            lock.path, self.blobs.parsed(lock.blob, lock.path, lambda _, data: lockfile.parse(data), "lock")
        )
        return read.runs if read else {}

    def _defined(
        self, file: Found | None, tree: Tree, complain: Complaints
    ) -> tuple[Pipeline | None, Mapping[str, Mapping[str, object]]]:
        if file is None:
            return None, {}
        loaded = complain.unless_failed(
            file.path,
            self.blobs.parsed(
                file.blob, file.path, lambda _, data: (document := pipeline.load(data), pipeline.is_templated(document, data)), "yaml"
            ),
        )
        if loaded is None:
            return None, {}
        document, templated = loaded
        if not templated:
            key: tuple[object, ...] = (file.path, file.blob)
            if key not in self._pipelines:
                self._pipelines[key] = pipeline.understand(file.path, document), {}
            return self._pipelines[key]
        result = self._resolved(file, document, tree)
        if result[0].unresolved:
            complain.add(file.path, f"its templates cannot be resolved ({result[0].unresolved}); dvc.lock is read instead")
        return result

    def _resolved(
        self, file: Found, document: Mapping[str, object], tree: Tree
    ) -> tuple[Pipeline, Mapping[str, Mapping[str, object]]]:
        """The templates resolved: again only where a file that they may draw on differs."""
        sources = (join(posixpath.dirname(file.path), pipeline.DEFAULT_PARAMS), *_vars(file.path, document))
        key = (file.path, file.blob, *((path, tree.blob(path)) for path in sources))
        if key not in self._pipelines:

            def read(path: str) -> bytes | None:
                blob = tree.blob(path)
                return self.blobs.data(blob) if blob else None

            resolved = templates.resolve(file.path, document, read)
            understood = pipeline.understand(file.path, resolved.document, resolved.problem)
            self._pipelines[key] = understood, resolved.used
        return self._pipelines[key]

    def _mark_models(self, project: Project) -> None:
        by_path = {artifact.path: artifact for artifact in project.artifacts.values() if artifact.path}
        for path, output in project.outputs.items():
            artifact = by_path.get(path)
            declared = (artifact.type if artifact else "") or project.types.get(path, "")
            model = declared == "model" if declared else models.looks_like_model(path)
            if model or artifact:
                project.outputs[path] = replace(output, model=model, artifact=artifact)


def _outputs(project: Project, stage: Stage, flags: Mapping[str, Flags]) -> None:
    """The outputs of a stage's last run. Metrics and plots in Git are told by their values, not as data."""
    for out in stage.ran.outs if stage.ran else ():
        flag = flags.get(out.path, Flags())
        shown_elsewhere = out.path in stage.metrics or out.path in stage.plots
        declared = out.path in stage.outs or shown_elsewhere or not stage.outs
        if out.content and declared and (flag.cached or not shown_elsewhere):
            project.outputs[out.path] = Output(
                path=out.path,
                content=out.content,
                role=Role.DERIVED,
                stage=stage.address,
                cached=flag.cached,
                desc=flag.desc,
            )


def _from_lock(path: str, runs: Mapping[str, StageRun]) -> Iterator[tuple[str, Stage]]:
    """Stages as the lock alone tells them, where dvc.yaml cannot be read or is gone."""
    directory = posixpath.dirname(path)
    for name, run in runs.items():
        located = lockfile.located(run, directory)
        yield (
            name,
            Stage(
                path,
                name,
                run.cmd,
                directory,
                deps=tuple(dep.path for dep in located.deps),
                outs=tuple(out.path for out in located.outs),
                params=tuple(key for key, _ in located.params),
            ),
        )


def _left_over(
    file: Found | None, defined: Pipeline, runs: Mapping[str, StageRun]
) -> Iterator[tuple[str, Stage]]:
    """Stages of the lock that the templates should have given."""
    missing = {name: run for name, run in runs.items() if name not in defined.stages}
    return _from_lock(file.path if file else "dvc.yaml", missing)


def _beside(lock: Found | None) -> str:
    return posixpath.join(posixpath.dirname(lock.path), "dvc.yaml") if lock else "dvc.yaml"


def _vars(path: str, document: Mapping[str, object]) -> Iterator[str]:
    """The files that a dvc.yaml names under `vars`, at its top and in its stages."""
    directory = posixpath.dirname(path)
    sections = [(directory, document.get("vars"))]
    stages = document.get("stages")
    for stage in stages.values() if isinstance(stages, Mapping) else ():
        if isinstance(stage, Mapping):
            for definition in (stage, stage.get("do")):
                if isinstance(definition, Mapping):
                    wdir = join(directory, str(definition.get("wdir") or "."))
                    sections.append((wdir, definition.get("vars")))
    for base, section in sections:
        for entry in section if isinstance(section, list) else ():
            if isinstance(entry, str):
                yield join(base, entry.split(":")[0])


def recorded_outputs(path: str, data: bytes) -> dict[str, object]:
    """Reader: what a dvc.lock or `.dvc` file records, in parts that are the same object where they are equal.

    Of a lock the runs by stage, of a `.dvc` file its outputs by path.
    """
    if posixpath.basename(path) == "dvc.lock":
        return dict(lockfile.parse(data).runs)
    return {out.path: out for out in dvcfile.parse(path, data).outputs}


def rewritten_outputs(path: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    """The outputs that two readings of `recorded_outputs` record otherwise; only what differs is looked at."""
    directory = posixpath.dirname(path)
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is not after:
            was, now = _digests(before, directory), _digests(after, directory)
            yield from (out for out in dict.fromkeys((*was, *now)) if was.get(out) != now.get(out))


def _digests(part: object, directory: str) -> dict[str, tuple[str, str]]:
    """(algorithm, digest) by path of a part; a lock does not say a stage's `wdir`, so its own directory serves."""
    match part:
        case StageRun():
            return {
                join(directory, out.path): (out.content.algorithm, out.content.digest)
                for out in part.outs
                if out.content
            }
        case Output():
            return {part.path: (part.content.algorithm, part.content.digest)}
        case _:
            return {}
