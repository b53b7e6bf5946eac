"""What became of each name: what is gone is paired with what came, by an equal key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

from dvc_changelog.domain import ChangeType

T = TypeVar("T")


def fates(
    old: Mapping[str, T], new: Mapping[str, T], moved: Mapping[str, str] | None = None
) -> Iterator[tuple[ChangeType, str, T, T | None, T | None]]:
    """What became of each name, in the order of the names: (fate, name, the side there is, old, new).

    Args:
        old: what there was, by name.
        new: what there is, by name.
        moved: old name -> new name of what is renamed; it comes under its old name.

    Yields:
        MODIFIED for all that is on both sides and not the same object: whether it differs, the caller knows.
    """
    moved = moved or {}
    moved_to = set(moved.values())
    for name in sorted(old.keys() | new.keys()):
        if name in moved:
            target = new[moved[name]]
            yield ChangeType.RENAMED, name, target, old[name], target
        elif name not in old:
            if name not in moved_to:
                yield ChangeType.ADDED, name, new[name], None, new[name]
        elif name not in new:
            yield ChangeType.DELETED, name, old[name], old[name], None
        elif old[name] is not new[name]:
            yield ChangeType.MODIFIED, name, new[name], old[name], new[name]


def pair_up(
    old: Mapping[str, T], new: Mapping[str, T], key: Callable[[T], Hashable | None]
) -> dict[str, str]:
    """Which name became which, among those that only one side has.

    Args:
        old: what there was, by name.
        new: what there is, by name.
        key: what makes two things the same; None pairs with nothing.

    Returns:
        old name -> new name, one to one, and the same pairs on the way back. Of several equal ones those with
        the same last part pair up first, the others in order.
    """
    if old.keys() <= new.keys() or new.keys() <= old.keys():
        return {}
    gone = _by_key({name: thing for name, thing in old.items() if name not in new}, key)
    came = _by_key({name: thing for name, thing in new.items() if name not in old}, key)
    pairs: dict[str, str] = {}
    for found in gone.keys() & came.keys():
        pairs |= _matched(gone[found], came[found])
    return pairs


def _by_key(things: Mapping[str, T], key: Callable[[T], Hashable | None]) -> dict[Hashable, list[str]]:
    names: dict[Hashable, list[str]] = defaultdict(list)
    for name in sorted(things):
        if (found := key(things[name])) is not None:
            names[found].append(name)
    return names


def _matched(old: list[str], new: list[str]) -> dict[str, str]:
    waiting = defaultdict(list)
    for name in new:
        waiting[_last(name)].append(name)
    pairs = {name: waiting[_last(name)].pop(0) for name in old if waiting[_last(name)]}
    taken = set(pairs.values())
    rest = (name for name in new if name not in taken)
    return pairs | dict(zip((name for name in old if name not in pairs), rest, strict=False))


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]
