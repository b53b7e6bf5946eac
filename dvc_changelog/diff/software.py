"""Changes of packages and of environment or deployment files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import ChangeType, FileChanged, PackageChange

_Pinned = Mapping[str, Mapping[str, str]]


def packages(old: _Pinned, new: _Pinned) -> Iterator[PackageChange]:
    """Packages added, deleted and moved to another version, file by file.

    A package that left one file and stands with the same version in another is renamed: it changed its place.
    """
    changes = [change for path in sorted(old.keys() | new.keys()) for change in _in_file(path, old, new)]
    gone = {f"{c.path}\0{c.name}": c for c in changes if c.change is ChangeType.DELETED}
    came = {f"{c.path}\0{c.name}": c for c in changes if c.change is ChangeType.ADDED}
    moved = pair_up(gone, came, key=lambda change: (change.name, change.old or change.new or ""))
    arrived = {came[to].path + "\0" + came[to].name: gone[place].path for place, to in moved.items()}
    for change in changes:
        place = f"{change.path}\0{change.name}"
        if place in arrived:
            yield replace(change, change=ChangeType.RENAMED, old=change.new, old_path=arrived[place])
        elif place not in moved:
            yield change


def files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FileChanged]:
    """Environment and deployment files added, deleted, modified and renamed, by blob id."""
    gone = {path: blob for path, blob in old.items() if path not in new}
    came = {path: blob for path, blob in new.items() if path not in old}
    moved = pair_up(gone, came, key=lambda blob: blob)
    moved_to = set(moved.values())
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if path in moved:
            yield FileChanged(ChangeType.RENAMED, moved[path], before, before, old_path=path)
        elif before is None:
            if path not in moved_to:
                yield FileChanged(ChangeType.ADDED, path, None, after)
        elif after is None:
            yield FileChanged(ChangeType.DELETED, path, before, None)
        elif before != after:
            yield FileChanged(ChangeType.MODIFIED, path, before, after)


def _in_file(path: str, old: _Pinned, new: _Pinned) -> Iterator[PackageChange]:
    before, after = old.get(path, {}), new.get(path, {})
    if before is after:
        return
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None:
            yield PackageChange(ChangeType.ADDED, path, name, None, now)
        elif now is None:
            yield PackageChange(ChangeType.DELETED, path, name, was, None)
        else:
            yield PackageChange(ChangeType.MODIFIED, path, name, was, now)
