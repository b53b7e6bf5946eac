"""Params that changed and that no stage depends on: a run of the pipeline does not follow from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dvc_changelog.domain import ChangeType, ParamChange, Release, Snapshot, within
from dvc_changelog.snapshot import Kind, kind_of


def unheeded(release: Release, old: Snapshot, new: Snapshot) -> tuple[tuple[str, str], ...]:
    """Their files and names, where the project of the file has stages.

    Nothing where a dvc.yaml cannot be read, nor where stages are defined otherwise than before: a template
    may have put the value there.
    """
    changed = [
        c
        for c in release.changes
        if isinstance(c, ParamChange) and c.change is ChangeType.MODIFIED and c.name and not c.stages
    ]
    if not changed or _is_unsure(new) or _defined(old) != _defined(new):
        return ()
    deps = {dep for stage in new.stages.values() for dep in stage.deps if dep}
    homes = {_project(stage.path, new) for stage in new.stages.values()}
    return tuple(
        (c.path, c.name)
        for c in changed
        if _project(c.path, new) in homes and not any(within(c.path, dep) for dep in deps)
    )


def _is_unsure(snapshot: Snapshot) -> bool:
    broken = any(kind_of(problem.path) is Kind.PIPELINE for problem in snapshot.problems)
    return bool(broken or snapshot.unreadable or snapshot.untold or snapshot.from_lock)


def _defined(snapshot: Snapshot) -> dict[str, object]:
    """The stages as they are defined, whatever they last ran with."""
    return {address: replace(stage, ran=None, desc="") for address, stage in snapshot.stages.items()}


def _project(path: str, snapshot: Snapshot) -> str | None:
    """The directory of the project that a file belongs to."""
    return max(_roots(path, snapshot), key=len, default=None)


def _roots(path: str, snapshot: Snapshot) -> Iterator[str]:
    return (root for root in snapshot.projects if within(path, root))
