"""Metrics that are not of what stands beside them: a merge may bring the model of another run. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dvc_changelog.domain import Change, ChangeType, MetricChange, Since, Snapshot, Stage, holders

_HERE = {ChangeType.ADDED, ChangeType.MODIFIED}


def measured(
    changes: Iterable[Change], new: Snapshot, maker: Callable[[str], Stage | None]
) -> Iterator[Change]:
    """The changes, values of metrics with the models that the stage which measured them did not run with.

    Args:
        changes: those of a release.
        new: its head.
        maker: gives the stage that makes an output or a metrics file.
    """
    read: dict[str, list[str]] = {}
    written = set[str]()
    for item in new.stale:
        output = new.outputs.get(item.path)
        if item.since is Since.INPUT and not item.added and output and output.model:
            read.setdefault(item.stage, []).append(item.path)
        if item.since is Since.OUTPUT and not item.added:
            written.add(item.path)  # by a hand, or a merge: no run tells anything of it
    for change in changes:
        if (
            read
            and isinstance(change, MetricChange)
            and change.change in _HERE
            and change.path not in written
        ):
            kept = next((path for path in holders(change.path) if path in new.outputs), change.path)
            stage = maker(kept)
            yield replace(change, other_model=tuple(read.get(stage.address, ()) if stage else ()))
        else:
            yield change
