"""Files of Git that an artifact or a plot points to: what became of the file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from dvc_changelog.domain import ChangeType, Content, OutputChange, PlotChange

C = TypeVar("C", OutputChange, PlotChange)

_ONE_SIDED = {ChangeType.ADDED, ChangeType.DELETED, ChangeType.RENAMED}


def as_in_git(change: C, old: Callable[[str], str], new: Callable[[str], str]) -> C | None:
    """A change by what became of the file, where only one side points to it.

    Args:
        change: as the declarations have it.
        old: gives the id of what is at a path on the old side, "" where nothing is.
        new: the same of the new side.

    Returns:
        the change; None where the file is the same as before, or is there still and stands for nothing now.
    """
    file = change.new or change.old
    if not file or file.content.algorithm != "git" or change.change not in _ONE_SIDED:
        return change
    if change.change is ChangeType.DELETED:
        return None if new(change.path) else change
    if change.change is ChangeType.RENAMED and not new(change.old_path):
        return change
    before = old(change.path)
    if not before:
        return replace(change, change=ChangeType.ADDED, old=None, old_path="")
    if before == file.content.digest:
        return None
    was = replace(file, content=Content("git", before))
    return replace(change, change=ChangeType.MODIFIED, old=was, old_path="")
