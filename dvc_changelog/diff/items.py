"""What was added to and removed from a list-valued param."""

from __future__ import annotations

import math
from collections.abc import Hashable

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Value, same


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


def inner_changes(old: list[Value], new: list[Value]) -> tuple[tuple[str, Value, Value], ...]:
    """What changed inside the items of two lists of mappings or lists: (place, old, new), None for no value.

    Args:
        old: the items before.
        new: as many items now; with another number of items there is nothing inside to compare.
    """
    if len(old) != len(new) or not any(isinstance(item, dict | list) for item in (*old, *new)):
        return ()
    from deepdiff import DeepDiff

    found = [
        (_place(level.path(output_format="list")), _or_none(level.t1), _or_none(level.t2))
        for levels in DeepDiff(old, new, view="tree").values()
        for level in levels
    ]
    return tuple(sorted((change for change in found if not same(change[1], change[2])), key=lambda c: c[0]))


def _place(path: list[object]) -> str:
    """As in `[1].units`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _or_none(side: object) -> Value:
    """DeepDiff's mark for an absent side as None."""
    return None if type(side).__name__ == "NotPresent" else side


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
