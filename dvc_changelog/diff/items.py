"""What was added to and removed from a list-valued param."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

from dvc_changelog.domain import Value


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """Items of a list by their fate, in their own list's order; `reordered`: the same in another order."""

    added: tuple[Value, ...] = ()
    removed: tuple[Value, ...] = ()
    reordered: bool = False


def item_changes(old: list[Value], new: list[Value]) -> ItemChanges:
    """Compare two lists as collections of items, repetitions counted; `domain.same` says what is the same."""
    old_keys, new_keys = [_key(item) for item in old], [_key(item) for item in new]
    added = _left_over(new, new_keys, old_keys)
    removed = _left_over(old, old_keys, new_keys)
    return ItemChanges(added, removed, reordered=not added and not removed and old_keys != new_keys)


def _key(item: Value) -> Hashable:
    """Equal for items that are the same, and only for them: `1`, `1.0` and `true` are, and NaN is itself."""
    match item:
        case float() if math.isnan(item):
            return ("NaN",)
        case list():
            return ("list", *map(_key, item))
        case dict():
            return ("dict", frozenset((key, _key(value)) for key, value in item.items()))
        case _:
            assert isinstance(item, Hashable)
            return item


def _left_over(items: list[Value], keys: list[Hashable], others: list[Hashable]) -> tuple[Value, ...]:
    """The items that the other list lacks; of a repeated one, the last ones."""
    budget: dict[Hashable, int] = {}
    for key in others:
        budget[key] = budget.get(key, 0) + 1
    rest = []
    for item, key in zip(items, keys, strict=True):
        if budget.get(key, 0):
            budget[key] -= 1
        else:
            rest.append(item)
    return tuple(rest)
