"""Pairs what is gone with what came, by an equal key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

T = TypeVar("T")


def pair_up(
    gone: Mapping[str, T], came: Mapping[str, T], key: Callable[[T], Hashable | None]
) -> dict[str, str]:
    """Which name became which.

    Args:
        gone: what is only on the old side, by name.
        came: what is only on the new side, by name.
        key: what makes two things the same; None pairs with nothing.

    Returns:
        old name -> new name, one to one, and the same pairs on the way back. Of several equal ones those with
        the same last part pair up first, the others in order.
    """
    old, new = _by_key(gone, key), _by_key(came, key)
    pairs: dict[str, str] = {}
    for found in old.keys() & new.keys():
        pairs |= _matched(old[found], new[found])
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
