"""Changes of packages and of environment or deployment files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace

from dvc_changelog.diff.renames import fates, pair_up
from dvc_changelog.domain import ChangeType, FileChanged, PackageChange, Snapshot, is_lock_file

_Pinned = Mapping[str, Mapping[str, str]]

# What makes a package that went and one that came the same, the closest first. A lock file repeats what the
# file beside it says, so that each takes over from its like.
_LIKENESS: tuple[Callable[[PackageChange], Hashable], ...] = (
    lambda change: (change.name, is_lock_file(change.path), change.old or change.new),
    lambda change: (change.name, is_lock_file(change.path)),
    lambda change: (change.name, change.old or change.new),
    lambda change: change.name,
)


def packages(old: Snapshot, new: Snapshot) -> Iterator[PackageChange]:
    """Packages added, deleted and moved to another version, file by file.

    A package that left one file and came into another is renamed: it changed its place, perhaps its version.
    Of a file that cannot be read on a side nothing is told.
    """
    unread = old.unreadable | new.unreadable
    compared = _compared(old.packages, new.packages)
    changes = {_place(change): change for change in compared if change.path not in unread}
    moved = _moved(changes)
    left = {to: changes[place] for place, to in moved.items()}
    for place, change in changes.items():
        if before := left.get(place):
            yield replace(change, change=ChangeType.RENAMED, old=before.old, old_path=before.path)
        elif place not in moved:
            yield change


def _moved(changes: Mapping[str, PackageChange]) -> dict[str, str]:
    """Which place became which."""
    gone = {place: change for place, change in changes.items() if change.change is ChangeType.DELETED}
    came = {place: change for place, change in changes.items() if change.change is ChangeType.ADDED}
    pairs: dict[str, str] = {}
    for key in _LIKENESS if gone and came else ():
        taken = pairs.keys() | set(pairs.values())
        pairs |= pair_up(_without(gone, taken), _without(came, taken), key)
    return pairs


def _without(changes: Mapping[str, PackageChange], taken: Collection[str]) -> dict[str, PackageChange]:
    return {place: change for place, change in changes.items() if place not in taken}


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
