"""The step that each release asks for: its facts, with what only the snapshots around it know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from dvc_changelog.config import Config
from dvc_changelog.domain import Bump, Change, ChangeType, OutputChange, Release, Snapshot
from dvc_changelog.versioning import MetricNow, bump_of
from dvc_changelog.versioning.concern import Concern
from dvc_changelog.workflows.paths import Paths


def bumped(
    told: Release,
    sides: tuple[Snapshot, Snapshot],
    config: Config,
    paths: Paths,
    *,
    concern: Concern | None = None,
    in_git: Collection[str] = (),
) -> Bump:
    """The step that a release asks for; only of what concerns one artifact, where that is given."""
    stages = [stage for side in sides for stage in side.stages.values()]
    reads = {dep for stage in stages for dep in (*stage.deps, *(file for file, _ in stage.params)) if dep}
    shown = {path for side in sides for path in (*side.metrics, *side.plots)}
    shown |= {path for stage in stages for path in stage.plots}
    metrics = (m for m in _metrics(sides[1], paths) if concern is None or concern.measures(m.path))
    weighed = concern.release(told) if concern else told
    return bump_of(weighed, config.bump_rules, internal=reads | shown, in_git=in_git, metrics=metrics)


def in_git(changes: Iterable[Change], before: Callable[[str], str], after: Callable[[str], str]) -> set[str]:
    """The outputs that Git has where DVC has them not: before one came, after one went.

    Args:
        changes: of a release.
        before: gives the id of what Git has at a path of its base, "" for nothing.
        after: the same of its head.
    """
    sides = {ChangeType.ADDED: before, ChangeType.DELETED: after}
    outputs = (change for change in changes if isinstance(change, OutputChange))
    return {change.path for change in outputs if change.change in sides and sides[change.change](change.path)}


def _metrics(snapshot: Snapshot, paths: Paths) -> Iterator[MetricNow]:
    for path, file in snapshot.metrics.items():
        if not paths(path):
            continue
        if file.values is None:
            yield MetricNow(path, "", readable=False)
            continue
        for name, value in file.values.items():
            yield MetricNow(path, name, value)
