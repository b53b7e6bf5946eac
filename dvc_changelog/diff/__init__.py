"""Snapshot x Snapshot -> Changes. Pure, and skipping what is the same object on both sides."""

from __future__ import annotations

from itertools import chain

from dvc_changelog.diff.in_git import as_in_git
from dvc_changelog.diff.items import ItemChanges, inner_changes, item_changes
from dvc_changelog.diff.migrations import migrations
from dvc_changelog.diff.named import artifacts, imports, stages
from dvc_changelog.diff.outputs import outputs, remotes, renamed
from dvc_changelog.diff.owed import awaits_run
from dvc_changelog.diff.plots import definitions, plots, with_points
from dvc_changelog.diff.renames import pair_up
from dvc_changelog.diff.software import files, packages
from dvc_changelog.diff.values import delta, metrics, params
from dvc_changelog.domain import Change, MetricChange, ParamChange, Snapshot

__all__ = [
    "ItemChanges",
    "as_in_git",
    "awaits_run",
    "delta",
    "diff",
    "inner_changes",
    "item_changes",
    "migrations",
    "packages",
    "pair_up",
    "renamed",
    "values_diff",
    "with_points",
]


def diff(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """What changed from one snapshot to another.

    Args:
        old: the state compared with.
        new: the state described.

    Returns:
        the changes, by kind (metrics, models and data, params, stages, remotes, plots, artifacts, imports,
        packages, files), each in the order of its paths, values in that of their file. A value that cannot
        be read on a side gives a change UNKNOWN where its content differs or where one side can be read:
        never silence. Which points of a plot changed, `with_points` adds, and `as_in_git` what
        became of a file of Git that only one side points to. `diff(s, s)` is empty.
    """
    if old is new:
        return ()
    return tuple(
        chain(
            metrics(old, new),
            outputs(old, new),
            params(old, new),
            stages(old, new),
            remotes(old, new),
            plots(old, new),
            definitions(old, new),
            artifacts(old, new),
            imports(old, new),
            packages(old, new),
            files(old.files, new.files),
        )
    )


def values_diff(old: Snapshot, new: Snapshot) -> tuple[ParamChange | MetricChange, ...]:
    """What changed in params and in metrics alone, as in `diff`."""
    return () if old is new else (*params(old, new), *metrics(old, new))
