"""What the tables and lines of params and metrics share: headers, labels, values, lists, stages."""

from __future__ import annotations

from collections.abc import Sequence

from dvc_changelog.diff import inner_changes, item_changes
from dvc_changelog.domain import ChangeType, Value
from dvc_changelog.render import figures, names
from dvc_changelog.render.phrase import Phrase, code, joined, plain, strong

FEW_LINES = 4
"""More lines of one kind than this stand below one that counts them."""
_FEW_ITEMS = 6
_FEW_STAGES = 3
_LONGEST_ITEM = 60
_LONGEST_WHOLE = 40
_NOTHING = Phrase()
_AS_CODE = (str, list, dict)


def header(first: Phrase, version: str, previous: str) -> tuple[tuple[Phrase, ...], tuple[bool, ...]]:
    """The titles up to the values; without a previous version there is one column of values."""
    if not previous:
        return (first, plain(version)), (False, True)
    return (first, plain(previous), plain(version)), (False, True, True)


def named(path: str, name: str, *, full: bool = False) -> Phrase:
    """A metric or param by its name, in `full` with its file; one without a name by that alone."""
    if not name:
        return code(path)
    return code(name) + (plain(" in ") + code(path) if full and path else Phrase())


def labels(found: Sequence[tuple[str, str]]) -> list[Phrase]:
    """Names for rows: the dotted name, with its file where the table mixes files."""
    mixed = len({path for path, _ in found}) > 1
    return [named(path, name, full=mixed) for path, name in found]


def word(change: ChangeType) -> str:
    """What became of a value, where no figure says it."""
    match change:
        case ChangeType.ADDED:
            return "new"
        case ChangeType.DELETED:
            return "removed"
        case ChangeType.UNKNOWN:
            return ""  # its cell says that it is not readable
        case _:
            return "changed"


def by_item(old: Value, new: Value) -> Phrase:
    """How one list differs from the other; nothing for what is told whole."""
    if isinstance(old, list) and isinstance(new, list) and not _whole(old, new):
        return _items(old, new)
    return _NOTHING


def _whole(old: list[Value], new: list[Value]) -> bool:
    """Whether lists read best as they are: short ones of numbers (a range, layers), whose order speaks."""
    numeric = all(isinstance(item, int | float) for item in (*old, *new))
    short = all(len(figures.value(side)) <= _LONGEST_WHOLE for side in (old, new))
    return short and (numeric or item_changes(old, new).reordered)


def value(of: Value) -> Phrase:
    """A value of a param: numbers and null as they are, the rest as code."""
    text = figures.value(of)
    return code(text) if isinstance(of, _AS_CODE) else plain(text)


def _items(old: list[Value], new: list[Value]) -> Phrase:
    """As in "13 items: + `tenure`"."""
    count = strong(figures.count(len(new), "item"))
    if inside := inner_changes(old, new):
        steps = (code(place) + f" {_item(was)} → {_item(now)}" for place, was, now in inside[:_FEW_ITEMS])
        more = f" and {len(inside) - _FEW_ITEMS:,} more" if len(inside) > _FEW_ITEMS else ""
        return count + ": " + joined(steps) + more
    moved = item_changes(old, new)
    if moved.reordered:
        return count + ", in another order"
    signs = [("+ ", item) for item in moved.added] + [("\N{MINUS SIGN} ", item) for item in moved.removed]
    if not signs:
        return count
    shown = joined(plain(sign) + code(_item(item)) for sign, item in signs[:_FEW_ITEMS])
    more = f" and {len(signs) - _FEW_ITEMS:,} more" if len(signs) > _FEW_ITEMS else ""
    return count + ": " + shown + more


def _item(value: Value) -> str:
    return figures.shortened(figures.value(value), _LONGEST_ITEM)


def stages(addresses: Sequence[str]) -> Phrase:
    """The stages by name if they are few, else the foreach and matrix stages they are items of."""
    if len(addresses) > _FEW_STAGES:
        addresses = list(dict.fromkeys(names.family(stage) or stage for stage in addresses))
    shown = joined(code(stage) for stage in addresses[:_FEW_STAGES])
    return shown + (f" and {len(addresses) - _FEW_STAGES:,} more" if len(addresses) > _FEW_STAGES else "")
