"""Changes of packages and of environment or deployment files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import ChangeType, FileChanged, PackageChange

_Pinned = Mapping[str, Mapping[str, str]]


def packages(old: _Pinned, new: _Pinned) -> Iterator[PackageChange]:
    """Packages added, deleted and moved to another version, file by file.

    A package that left one file and stands with the same version in another has not changed.
    """
    changes = [change for path in sorted(old.keys() | new.keys()) for change in _in_file(path, old, new)]
    gone = {(c.name, c.old) for c in changes if c.change is ChangeType.DELETED}
    came = {(c.name, c.new) for c in changes if c.change is ChangeType.ADDED}
    for change in changes:
        version = change.old if change.change is ChangeType.DELETED else change.new
        if change.change is ChangeType.MODIFIED or (change.name, version) not in gone & came:
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
