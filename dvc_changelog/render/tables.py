"""The tables of metrics and hyperparameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.diff import item_changes
from dvc_changelog.domain import ChangeType, MetricChange, ParamChange, Stale, Value
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, code, joined, plain, strong
from dvc_changelog.render.shapes import Line, Section, Table

_FEW_ITEMS = 6
_FEW_STAGES = 3


def metrics(changes: Sequence[MetricChange], version: str, previous: str) -> Section:
    """Metrics side by side; those that cannot be read are named below."""
    known = [change for change in changes if change.change is not ChangeType.UNKNOWN]
    label = _labels([(change.path, change.name) for change in known])
    header = _header("Metric", version, previous, "Change")
    rows = []
    for change in known:
        old, new = _pair(change.old, change.new)
        cells = (label[change.path, change.name], old, _bold(new, change.change))
        moved = figures.step(change.old, change.new, change.delta)
        rows.append((cells[0], cells[2]) if not previous else (*cells, plain(moved or _word(change.change))))
    numeric = (False, True) if not previous else (False, True, True, True)
    return Section(
        "Metrics",
        Table(header, tuple(rows), numeric),
        tuple(_unread_metric(change) for change in changes if change.change is ChangeType.UNKNOWN),
    )


def params(
    changes: Sequence[ParamChange], version: str, previous: str, stale: Sequence[Stale] = ()
) -> Section:
    """Hyperparameters side by side, with the stages that use them; moved sections and stale locks below."""
    shown = [c for c in changes if c.change not in {ChangeType.UNKNOWN, ChangeType.RENAMED}]
    label = _labels([(change.path, change.name) for change in shown])
    header = _header("Parameter", version, previous, "Used by")
    rows = []
    for change in shown:
        name = label[change.path, change.name]
        used = _stages(change.stages)
        new = _new_value(change)
        rows.append((name, new, used) if not previous else (name, _old_value(change), new, used))
    numeric = (False, True, False) if not previous else (False, True, True, False)
    lines = (*_moved(changes), *_unread_params(changes), *_stale(stale))
    return Section("Hyperparameters", Table(header, tuple(rows), numeric), lines)


def _header(first: str, version: str, previous: str, last: str) -> tuple[Phrase, ...]:
    """Without a previous version there is one column of values, and no change to speak of."""
    if not previous:
        return (plain(first), plain(version)) if last == "Change" else (plain(first), plain(version), plain(last))
    return plain(first), plain(previous), plain(version), plain(last)


def _labels(names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Phrase]:
    """Names for rows: the dotted name, with its file where the table mixes files."""
    files = {path for path, _ in names}
    bare = [name for _, name in names]
    return {
        (path, name): code(name or path)
        if len(files) == 1 and name
        else (code(name) + plain(" in ") + code(path) if name else code(path))
        for path, name in names
    } if len(files) == 1 or len(set(bare)) != len(bare) or len(files) > 1 else {}


def _pair(old: Value, new: Value) -> tuple[Phrase, Phrase]:
    match old, new:
        case (bool(), _) | (_, bool()):
            return _metric(old), _metric(new)
        case (int() | float()), (int() | float()):
            before, after = figures.numbers(old, new)
            return plain(before), plain(after)
        case _:
            return _metric(old), _metric(new)


def _metric(value: Value) -> Phrase:
    match value:
        case None:
            return plain("")
        case bool():
            return plain(str(value).lower())
        case int() | float():
            return plain(figures.number(value))
        case _:
            return code(figures.value(value))


def _bold(phrase: Phrase, change: ChangeType) -> Phrase:
    return strong(str(phrase)) if phrase and change is ChangeType.MODIFIED else phrase


def _word(change: ChangeType) -> str:
    match change:
        case ChangeType.ADDED:
            return "new"
        case ChangeType.DELETED:
            return "removed"
        case _:
            return "changed"


def _unread_metric(change: MetricChange) -> Line:
    if change.old_content and change.new_content:
        hashes = (
            plain(" (")
            + code(figures.digest(change.old_content.digest))
            + " → "
            + code(figures.digest(change.new_content.digest))
            + ")"
        )
        return Line(code(change.path) + " changed; its values are not readable here" + hashes)
    if change.new_content and not change.old_content:
        return Line(code(change.path) + " is new; its values are not readable here")
    if change.old_content:
        return Line(code(change.path) + ": its values at the version before are not readable here")
    return Line(code(change.path) + " may have changed; its values are not readable here")


def _old_value(change: ParamChange) -> Phrase:
    if change.change is ChangeType.ADDED:
        return plain("")
    if isinstance(change.old, list) and isinstance(change.new, list):
        return plain(figures.count(len(change.old), "item"))
    return _value(change.old)


def _new_value(change: ParamChange) -> Phrase:
    if change.change is ChangeType.DELETED:
        return plain("removed")
    if isinstance(change.old, list) and isinstance(change.new, list):
        return _items(change.old, change.new)
    if isinstance(change.new, str | list | dict):
        text = figures.value(change.new)
        return strong(text, as_code=True) if change.change is ChangeType.MODIFIED else code(text)
    text = figures.value(change.new)
    return strong(text) if change.change is ChangeType.MODIFIED else plain(text)


def _value(value: Value) -> Phrase:
    text = figures.value(value)
    return code(text) if isinstance(value, str | list | dict) else plain(text)


def _items(old: list[Value], new: list[Value]) -> Phrase:
    """ "13 items: + `tenure`, − `zip`"; short lists are shown whole where every item moved."""
    moved = item_changes(old, new)
    count = strong(figures.count(len(new), "item"))
    if moved.reordered:
        return count + ", in another order"
    signs = [("+ ", item) for item in moved.added] + [("− ", item) for item in moved.removed]
    shown = joined(plain(sign) + code(figures.shortened(figures.value(item), 40)) for sign, item in signs[:_FEW_ITEMS])
    more = f" and {len(signs) - _FEW_ITEMS} more" if len(signs) > _FEW_ITEMS else ""
    return count + ": " + shown + more


def _stages(stages: Sequence[str]) -> Phrase:
    if not stages:
        return plain("")
    groups = list(dict.fromkeys(stage.split("@")[0] + ("@…" if "@" in stage else "") for stage in stages))
    names = stages if len(stages) <= _FEW_STAGES else groups
    shown = joined(code(name) for name in names[:_FEW_STAGES])
    return shown + (f" and {len(names) - _FEW_STAGES} more" if len(names) > _FEW_STAGES else "")


def _moved(changes: Sequence[ParamChange]) -> Iterator[Line]:
    """Sections that moved, told once for all the values in them."""
    moves: dict[tuple[str, str, str, str], int] = {}
    for change in changes:
        if change.change is ChangeType.RENAMED:
            old, new = _stem(change.old_name, change.name)
            key = (change.old_path, old, change.path, new)
            moves[key] = moves.get(key, 0) + 1
    for (old_path, old, path, new), count in moves.items():
        what = figures.count(count, "parameter")
        if old_path != path and old == new:
            yield Line(plain(f"{what} moved from ") + code(old_path) + " to " + code(path) + ", values unchanged")
        else:
            where = plain(" to ") + code(path) if old_path != path else plain("")
            yield Line(
                plain("Section ") + code(old or old_path) + " is now " + code(new or path) + where + f" ({what}, values unchanged)"
            )


def _stem(old: str, new: str) -> tuple[str, str]:
    """The differing heads of two names with a common tail: train.lr, model.lr -> train, model."""
    before, after = old.split("."), new.split(".")
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return ".".join(before), ".".join(after)


def _unread_params(changes: Sequence[ParamChange]) -> Iterator[Line]:
    for change in changes:
        if change.change is ChangeType.UNKNOWN:
            yield Line(code(change.path) + " may have changed; it cannot be read on both sides")


def _stale(stale: Sequence[Stale]) -> Iterator[Line]:
    """Params that no longer are what the pipeline last ran with: one line a param, however many stages."""
    seen: dict[tuple[str, str], list[Stale]] = {}
    for item in stale:
        seen.setdefault((item.path, item.name), []).append(item)
    for (_, name), items in seen.items():
        yield Line(
            code(name)
            + f" is {figures.value(items[0].value)} in "
            + code(items[0].path)
            + ", but "
            + _stages([item.stage for item in items])
            + f" last ran with {figures.value(items[0].locked)}"
        )
