"""What was added to and removed from a list-valued param."""

from __future__ import annotations

from dataclasses import dataclass

from dvc_changelog.domain import Value


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """Items of a list by their fate, each in the order of its own list; `reordered`: the same in another order."""

    added: tuple[Value, ...] = ()
    removed: tuple[Value, ...] = ()
    reordered: bool = False


def item_changes(old: list[Value], new: list[Value]) -> ItemChanges:
    """Compare two lists as collections of items, repetitions counted.

    DeepDiff compares nested items by value without regard to order; what it reports is brought back into
    each list's own order.
    """
    from deepdiff import DeepHash

    old_keys = [_key(DeepHash, item) for item in old]
    new_keys = [_key(DeepHash, item) for item in new]
    added = _left_over(new, new_keys, old_keys)
    removed = _left_over(old, old_keys, new_keys)
    return ItemChanges(added, removed, reordered=not added and not removed and old_keys != new_keys)


def _key(deep_hash: type, item: Value) -> str:
    return str(deep_hash(item, ignore_numeric_type_changes=True)[item])


def _left_over(items: list[Value], keys: list[str], others: list[str]) -> tuple[Value, ...]:
    """The items that the other list lacks; of a repeated one, the last ones."""
    budget: dict[str, int] = {}
    for key in others:
        budget[key] = budget.get(key, 0) + 1
    rest = []
    for item, key in zip(items, keys, strict=True):
        if budget.get(key, 0):
            budget[key] -= 1
        else:
            rest.append(item)
    return tuple(rest)
