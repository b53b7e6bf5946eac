"""The step that each release asks for: its facts, with what only the snapshots around it know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dvc_changelog.config import Config
from dvc_changelog.domain import Bump, Release, Snapshot
from dvc_changelog.versioning import MetricNow, bump_of
from dvc_changelog.versioning.concern import Concern
from dvc_changelog.workflows.paths import Paths


def bumped(
    told: Release,
    sides: tuple[Snapshot, Snapshot],
    config: Config,
    paths: Paths,
    concern: Concern | None = None,
) -> Release:
    """A release with the step that it asks for; only of what concerns one artifact, where that is given."""
    return replace(told, bump=_bump(told, sides, config, paths, concern))


def _bump(
    told: Release, sides: tuple[Snapshot, Snapshot], config: Config, paths: Paths, concern: Concern | None
) -> Bump:
    reads = {dep for side in sides for stage in side.stages.values() for dep in stage.deps if dep}
    shown = {path for side in sides for path in (*side.metrics, *side.plots)}
    shown |= {path for side in sides for stage in side.stages.values() for path in stage.plots}
    metrics = (m for m in _metrics(sides[1], paths) if concern is None or concern.measures(m.path))
    weighed = concern.release(told) if concern else told
    return bump_of(weighed, config.bump_rules, internal=reads | shown, metrics=metrics)


def _metrics(snapshot: Snapshot, paths: Paths) -> Iterator[MetricNow]:
    for path, file in snapshot.metrics.items():
        if not paths(path):
            continue
        if file.values is None:
            yield MetricNow(path, "", readable=False)
            continue
        for name, value in file.values.items():
            yield MetricNow(path, name, value)
