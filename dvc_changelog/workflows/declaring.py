"""Params that came or went by their declaration alone: the file has them on both sides.

Of a params file that is not the project's own a snapshot has what stages, or a dvc.yaml, ask for. What none
asks for any more is not gone from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dvc_changelog.domain import ChangeType, Gap, ParamChange
from dvc_changelog.snapshot import Past, Place


def as_declared(
    change: ParamChange, before: Callable[[str], str], after: Callable[[str], str], past: Past
) -> ParamChange:
    """A change, `declared` where the param stands in its file on the side that is said not to have it.

    Args:
        change: of a param.
        before: the id of what Git had at a path, "" for nothing.
        after: the same of now.
        past: reads versions of files.
    """
    lacking = {ChangeType.ADDED: before, ChangeType.DELETED: after}.get(change.change)
    if lacking is None or not change.name:
        return change
    values = past.values(change.path, Place(change.path), lacking(change.path), kind="params")
    there = not isinstance(values, Gap) and change.name in values
    return replace(change, declared=True) if there else change
