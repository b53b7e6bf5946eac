"""What of a release concerns one artifact: its data, what that is made from, its params and metrics. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Change,
    Commit,
    FileChanged,
    ImportChange,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Release,
    RemoteChange,
    Snapshot,
    Stage,
    StageChange,
    within,
)


@dataclass(frozen=True, slots=True)
class Concern:
    """What concerns an artifact, on both sides of a release together.

    `data` are paths of outputs: its own, and those that it is made from; `inputs` are all that the stages
    read on the way, code too; `stages` their addresses, those that read the artifact itself to measure it
    not among them, though `metrics` are those of both.
    """

    address: str
    data: frozenset[str]
    inputs: frozenset[str]
    stages: frozenset[str]
    params: tuple[Stage, ...]
    metrics: frozenset[str]

    def release(self, told: Release) -> Release:
        """The release with only what concerns the artifact; what could not be read stays."""
        changes = tuple(change for change in told.changes if self._takes(change))
        movers = set(_movers(changes))
        commits = tuple(c for c in told.commits if c.id in movers or self._is_of(c))
        notes = tuple(n for n in told.notes if n.commit_id in {"", *(c.id for c in commits)})
        return replace(told, changes=changes, commits=commits, notes=notes)

    def measures(self, path: str) -> bool:
        """Whether a metrics file is of the artifact."""
        return any(within(path, own) for own in self.metrics)

    def _takes(self, change: Change) -> bool:
        match change:
            case OutputChange():
                return bool({change.path, change.old_path} & self.data) or self._reads(change.path)
            case ParamChange():
                return any(_uses(stage, change) for stage in self.params)
            case MetricChange():
                return self.measures(change.path)
            case StageChange():
                return not self.stages.isdisjoint(side.address for side in (change.old, change.new) if side)
            case ArtifactChange():
                return self.address in {side.address for side in (change.old, change.new) if side}
            case ImportChange() | PackageChange() | FileChanged():
                return self._reads(change.path) or self._reads(change.path.removesuffix(".dvc"))
            case RemoteChange():
                return change.path in self.data
            case PlotChange() | PlotDefinitionChange():
                return False

    def _is_of(self, commit: Commit) -> bool:
        return any(self._reads(path) for file in commit.files for path in (file.path, file.old_path) if path)

    def _reads(self, path: str) -> bool:
        """Whether a file is an input on the way. What lies above inputs says nothing: it holds others too."""
        return any(within(path, read) for read in self.inputs)


def concern_of(address: str, sides: Iterable[Snapshot]) -> Concern | None:
    """What concerns an artifact; None where no side declares it with a path.

    Args:
        address: as GTO addresses it from the Git root: "churn", "sub:churn".
        sides: the snapshots before and now.
    """
    found = [one for side in sides if (artifact := _declared(address, side)) for one in [_of(artifact, side)]]
    if not found:
        return None
    return Concern(
        address,
        data=frozenset(path for one in found for path in one.data),
        inputs=frozenset(path for one in found for path in one.inputs),
        stages=frozenset(stage for one in found for stage in one.stages),
        params=tuple(stage for one in found for stage in one.params),
        metrics=frozenset(path for one in found for path in one.metrics),
    )


def _uses(stage: Stage, change: ParamChange) -> bool:
    """Whether a stage uses a param; of a file that cannot be read, whether it has params there."""
    if change.name:
        return stage.uses(change.path, change.name)
    return any(file == change.path for file, _ in stage.params)


def _declared(address: str, snapshot: Snapshot) -> Artifact | None:
    return next((a for a in snapshot.artifacts.values() if a.address == address and a.path), None)


def _of(artifact: Artifact, snapshot: Snapshot) -> Concern:
    data = {artifact.path}
    inputs = {artifact.path}
    makers: dict[str, Stage] = {}
    waiting = [artifact.path]
    while waiting:
        wanted = waiting.pop()
        for stage in snapshot.stages.values():
            if stage.address not in makers and any(_touch(wanted, out) for out in stage.outs):
                makers[stage.address] = stage
                waiting += stage.deps
                inputs.update(stage.deps)
    data.update(path for path in snapshot.outputs if any(_touch(path, read) for read in inputs))
    inputs.update(output.file for path in data if (output := snapshot.outputs.get(path)) and not output.stage)
    judges = [
        stage
        for stage in snapshot.stages.values()
        if any(_touch(artifact.path, read) for read in stage.deps) and stage.address not in makers
    ]
    metrics = {path for stage in (*makers.values(), *judges) for path in stage.metrics}
    return Concern(
        artifact.address,
        frozenset(data),
        frozenset(path for path in inputs if path),
        frozenset(makers),
        tuple(makers.values()),
        frozenset(metrics),
    )


def _touch(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def _movers(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        match change:
            case OutputChange() | ParamChange():
                yield from change.commits
            case MetricChange():
                yield from (step.commit_id for step in change.steps)
            case _:
                pass
