"""Pairs what is gone with what came, by an equal key."""

from __future__ import annotations

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
        old name -> new name, one to one. Of several equal ones those with the most similar names pair up:
        the same last part first, then in order.
    """
    waiting: dict[Hashable, list[str]] = {}
    for name in sorted(came):
        if (found := key(came[name])) is not None:
            waiting.setdefault(found, []).append(name)
    pairs: dict[str, str] = {}
    for name in sorted(gone):
        found = key(gone[name])
        candidates = waiting.get(found) if found is not None else None
        if candidates:
            last = name.rsplit("/", 1)[-1]
            target = next((c for c in candidates if c.rsplit("/", 1)[-1] == last), candidates[0])
            candidates.remove(target)
            pairs[name] = target
    return pairs
