"""Changes of packages and of environment or deployment files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dvc_changelog.diff.renames import fates, pair_up
from dvc_changelog.domain import ChangeType, FileChanged, PackageChange, Snapshot

_Pinned = Mapping[str, Mapping[str, str]]


def packages(old: Snapshot, new: Snapshot) -> Iterator[PackageChange]:
    """Packages added, deleted and moved to another version, file by file.

    A package that left one file and stands with the same version in another is renamed: it changed its place.
    Of a file that cannot be read on a side nothing is told.
    """
    unread = old.unreadable | new.unreadable
    compared = _compared(old.packages, new.packages)
    changes = {_place(change): change for change in compared if change.path not in unread}
    gone = {place: change for place, change in changes.items() if change.change is ChangeType.DELETED}
    came = {place: change for place, change in changes.items() if change.change is ChangeType.ADDED}
    moved = pair_up(gone, came, key=lambda change: (change.name, change.old or change.new or ""))
    left = {to: gone[place].path for place, to in moved.items()}
    for place, change in changes.items():
        if place in left:
            yield replace(change, change=ChangeType.RENAMED, old=change.new, old_path=left[place])
        elif place not in moved:
            yield change


def files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FileChanged]:
    """Environment and deployment files added, deleted, modified and renamed, by blob id."""
    moved = pair_up(old, new, key=lambda blob: blob)
    for fate, path, _, before, after in fates(old, new, moved):
        if fate is ChangeType.RENAMED:
            yield FileChanged(fate, moved[path], before, after, old_path=path)
        elif before != after:
            yield FileChanged(fate, path, before, after)


def _compared(old: _Pinned, new: _Pinned) -> Iterator[PackageChange]:
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path, {}), new.get(path, {})
        if before is not after:
            for fate, name, _, was, now in fates(before, after):
                if was != now:
                    yield PackageChange(fate, path, name, was, now)


def _place(change: PackageChange) -> str:
    return f"{change.path}\0{change.name}"
