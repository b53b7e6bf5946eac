"""What we and what DVC say of two revisions, brought to one form: the yardstick of the agreement tests."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dvc_changelog.diff import diff
from dvc_changelog.domain import ChangeType, MetricChange, Output, OutputChange, ParamChange, Snapshot

Values = dict[tuple[str, str], tuple[Any, Any]]
"""(path, name) -> (old, new), None for what is not there."""


@dataclass(slots=True)
class Told:
    """Changes of params, metrics and outputs. `unread` are their files that could not be read."""

    params: Values = field(default_factory=dict)
    metrics: Values = field(default_factory=dict)
    outputs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    failed: str = ""


def ours(before: Snapshot, after: Snapshot) -> Told:
    """What `diff` says, in DVC's form: renamed is deleted and added, but for outputs of equal content."""
    told = Told()
    for change in diff(before, after):
        match change:
            case ParamChange() | MetricChange() if change.change is ChangeType.UNKNOWN:
                told.unread.add(change.path)
            case ParamChange(change=ChangeType.RENAMED):
                told.params[change.old_path, change.old_name] = plain(change.old), None
                told.params[change.path, change.name] = None, plain(change.new)
            case ParamChange():
                told.params[change.path, change.name] = plain(change.old), plain(change.new)
            case MetricChange():
                told.metrics[change.path, change.name] = plain(change.old), plain(change.new)
            case OutputChange(change=ChangeType.RENAMED, old=Output() as old, new=Output() as new) if (
                change.content_change is not ChangeType.RENAMED
            ):
                told.outputs[change.old_path] = "deleted", old.content.digest, ""
                told.outputs[change.path] = "added", "", new.content.digest
            case OutputChange():
                told.outputs[change.old_path or change.path] = (
                    change.change.value,
                    change.old.content.digest if change.old else "",
                    change.new.content.digest if change.new else "",
                )
            case _:
                pass
    return told


def dvcs(project: Path, old: str, new: str, *, data: bool = True) -> Told:
    """What `dvc params diff`, `dvc metrics diff` and `dvc diff` say, asked in process."""
    from dvc.repo import Repo

    told = Told()
    with Repo(str(project)) as repo:
        for kind, values in (("params", told.params), ("metrics", told.metrics)):
            said = getattr(repo, kind).diff(old, new)
            for error in said.get("errors", {}).values():
                if isinstance(error, dict):
                    told.unread.update(path.lstrip("/") for path in error)
                else:
                    told.failed = f"{type(error).__name__}: {error}"
            for path, changes in said.get("diff", {}).items():
                for name, change in changes.items():
                    values[path, str(name)] = plain(change.get("old")), plain(change.get("new"))
        if data:
            told.outputs = _data(repo.diff(old, new))
    return told


def _data(said: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """`dvc diff` in our form. An output that was never saved, of hash None, is none."""
    outputs: dict[str, tuple[str, str, str]] = {}
    for entry in said.get("added", ()):
        if entry["hash"]:
            outputs[_path(entry["path"])] = "added", "", entry["hash"]
    for entry in said.get("deleted", ()):
        if entry["hash"]:
            outputs[_path(entry["path"])] = "deleted", entry["hash"], ""
    for entry in said.get("modified", ()):
        old, new = entry["hash"]["old"] or "", entry["hash"]["new"] or ""
        outputs[_path(entry["path"])] = "modified" if old and new else "added" if new else "deleted", old, new
    for entry in said.get("renamed", ()):
        outputs[_path(entry["path"]["old"])] = "renamed", entry["hash"], entry["hash"]
    return outputs


def _path(path: str) -> str:
    return path.rstrip("/")


def below(prefix: str, told: Told) -> Told:
    """Paths of a project's own, seen from the Git root."""
    if not prefix:
        return told
    return Told(
        {(f"{prefix}/{path}", name): pair for (path, name), pair in told.params.items()},
        {(f"{prefix}/{path}", name): pair for (path, name), pair in told.metrics.items()},
        {f"{prefix}/{path}": what for path, what in told.outputs.items()},
        {f"{prefix}/{path}" for path in told.unread},
        told.failed,
    )


def merged(parts: Iterable[Told]) -> Told:
    """Several projects of one repository as one."""
    whole = Told()
    for part in parts:
        whole.params |= part.params
        whole.metrics |= part.metrics
        whole.outputs |= part.outputs
        whole.unread |= part.unread
        whole.failed = whole.failed or part.failed
    return whole


def plain(value: Any) -> Any:
    """A value that equals itself, NaN included; a list is text, as in DVC's own output, and so is a date."""
    match value:
        case dt.date() | dt.time():
            return value.isoformat()
        case float() if math.isnan(value):
            return "a NaN"
        case list() | tuple():
            return str(value)
        case _:
            return value
