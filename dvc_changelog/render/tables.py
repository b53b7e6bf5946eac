"""The tables of metrics and hyperparameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dvc_changelog.diff import inner_changes, item_changes
from dvc_changelog.domain import ChangeType, MetricChange, ParamChange, Stale, Value
from dvc_changelog.render import figures, moves, names
from dvc_changelog.render.phrase import Phrase, code, joined, plain, strong
from dvc_changelog.render.shapes import Fold, Line, Section, Table

_FEW_ITEMS = 6
_FEW_STAGES = 3
_FEW_LINES = 4
_FEW_PARAMS = 2
_LONGEST_ITEM = 60
_LONGEST_WHOLE = 40


def metrics(changes: Sequence[MetricChange], version: str, previous: str) -> Section:
    """Metrics side by side; those that cannot be read are named below."""
    known = [change for change in changes if change.name or change.change is not ChangeType.UNKNOWN]
    rows = []
    for change, label in zip(known, _labels([(c.path, c.name) for c in known]), strict=True):
        old, new = _sides(change)
        moved = figures.step(change.old, change.new, change.delta) or _word(change.change)
        rows.append((label, old, _bold(new, change.change), plain(moved)) if previous else (label, new))
    header, numeric = _header(plain("Metric"), version, previous)
    if previous:
        header, numeric = (*header, plain("Change")), (*numeric, True)
    told = {change.path for change in known}
    unread = [c for c in changes if c.change is ChangeType.UNKNOWN and c.path not in told]
    return Section("Metrics", Table(header, tuple(rows), numeric), tuple(_unread_metrics(unread)))


def params(
    changes: Sequence[ParamChange],
    sides: tuple[str, str],
    stale: Sequence[Stale] = (),
    *,
    fold_after: int,
) -> Section:
    """Hyperparameters side by side, with the stages that use them; moved sections and stale locks below.

    A long list of several files stands open as far as whole files go; the other files fold, each by itself.
    """
    shown = [c for c in changes if c.change not in {ChangeType.UNKNOWN, ChangeType.RENAMED}]
    first, *others = _by_file(shown, fold_after)
    title = plain("Parameter")
    if others and len({change.path for change in first}) == 1:
        title += plain(" in ") + code(first[0].path)
    folds = (_fold(members, sides) for members in others)
    lines = (*moves.lines(changes), *_unread_params(changes), *_stale(stale))
    return Section("Hyperparameters", _params(first, title, sides), lines, tuple(folds))


def _params(changes: Sequence[ParamChange], title: Phrase, sides: tuple[str, str]) -> Table:
    version, previous = sides
    used = any(change.stages for change in changes)
    rows = []
    for change, label in zip(changes, _labels([(c.path, c.name) for c in changes]), strict=True):
        old = (_old_value(change),) if previous else ()
        rows.append((label, *old, _new_value(change), *((_stages(change.stages),) if used else ())))
    header, numeric = _header(title, version, previous)
    if used:
        header, numeric = (*header, plain("Used by")), (*numeric, False)
    return Table(header, tuple(rows), numeric)


def _by_file(changes: Sequence[ParamChange], fold_after: int) -> list[list[ParamChange]]:
    """What stands open, and the files that fold: changed values first, then what most stages use."""
    files: dict[str, list[ParamChange]] = {}
    for change in changes:
        files.setdefault(change.path, []).append(change)
    if len(changes) <= max(fold_after, _FEW_PARAMS * len(files)) or len(files) == 1:
        return [list(changes)]
    first, *others = sorted(files.values(), key=_weight)
    while len(first) + len(others[0]) <= fold_after:
        first = [*first, *others.pop(0)]
    return [first, *others]


def _weight(changes: Sequence[ParamChange]) -> tuple[bool, int]:
    users = {stage for change in changes for stage in change.stages}
    return all(change.change is not ChangeType.MODIFIED for change in changes), -len(users)


def _fold(changes: Sequence[ParamChange], sides: tuple[str, str]) -> Fold:
    """As in "`conf/base.yaml`: 3 changed, 1 new, used by `train`": users of all stand there, in no row."""
    counts = Counter(_word(change.change) for change in changes)
    told = code(changes[0].path) + ": " + ", ".join(f"{number:,} {word}" for word, number in counts.items())
    users, *different = {change.stages for change in changes}
    if users and not different:
        told += ", used by " + _stages(users)
        changes = [replace(change, stages=()) for change in changes]
    return Fold(told, _params(changes, plain("Parameter"), sides))


def _header(first: Phrase, version: str, previous: str) -> tuple[tuple[Phrase, ...], tuple[bool, ...]]:
    """The titles up to the values; without a previous version there is one column of values."""
    if not previous:
        return (first, plain(version)), (False, True)
    return (first, plain(previous), plain(version)), (False, True, True)


def _labels(found: Sequence[tuple[str, str]]) -> list[Phrase]:
    """Names for rows: the dotted name, with its file where the table mixes files."""
    mixed = len({path for path, _ in found}) > 1
    return [
        code(path) if not name else code(name) + " in " + code(path) if mixed else code(name)
        for path, name in found
    ]


def _sides(change: MetricChange) -> tuple[Phrase, Phrase]:
    """The values on both sides; of a file that only one side can read, the other is said to be unreadable."""
    if change.change is not ChangeType.UNKNOWN:
        return _pair(change.old, change.new)
    unread = plain("not readable here")
    return (unread, _metric(change.new)) if change.old is None else (_metric(change.old), unread)


def _pair(old: Value, new: Value) -> tuple[Phrase, Phrase]:
    match old, new:
        case (bool(), _) | (_, bool()):
            return _metric(old), _metric(new)
        case ((int() | float()), (int() | float())):
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
        case ChangeType.UNKNOWN:
            return ""  # its cell says that it is not readable
        case _:
            return "changed"


def _unread_metrics(changes: Sequence[MetricChange]) -> Iterator[Line]:
    """Files whose values are not here, by what is known of them; many of one kind in one line."""
    kinds: dict[tuple[bool, bool, bool], list[MetricChange]] = {}
    for change in changes:
        old, new = change.old_content is not None, change.new_content is not None
        kinds.setdefault((old, new, old and new and bool(change.within)), []).append(change)
    for (old, new, inside), members in kinds.items():
        one, many = _UNREAD_INSIDE if inside else _UNREAD[old, new]
        if len(members) > _FEW_LINES:
            head = plain(f"{len(members):,} metrics files {many}")
            yield Line(head, tuple(code(c.path) + _hashes(c) for c in members), len(members))
        else:
            yield from (Line(code(c.path) + f" {one}" + _hashes(c)) for c in members)


_UNREAD_INSIDE = (
    "may have changed with its directory; its values are not readable here",
    "may have changed with their directories; their values are not readable here",
)
_UNREAD = {
    (True, True): (
        "changed; its values are not readable here",
        "changed; their values are not readable here",
    ),
    (False, True): (
        "is new; its values are not readable here",
        "are new; their values are not readable here",
    ),
    (True, False): (
        "cannot be compared: the values it had before are not readable here",
        "cannot be compared: the values they had before are not readable here",
    ),
    (False, False): (
        "may have changed; its values are not readable here",
        "may have changed; their values are not readable here",
    ),
}


def _hashes(change: MetricChange) -> Phrase:
    if not change.old_content or not change.new_content:
        return Phrase()
    old, new = change.old_content.digest, change.new_content.digest
    whose = plain(" (") + (code(change.within) + ": " if change.within else "")
    return whose + code(figures.digest(old)) + " → " + code(figures.digest(new)) + ")"


def _old_value(change: ParamChange) -> Phrase:
    if change.change is ChangeType.ADDED:
        return plain("")
    if isinstance(change.old, list) and _by_item(change.old, change.new):
        return plain(figures.count(len(change.old), "item"))
    return _value(change.old)


def _new_value(change: ParamChange) -> Phrase:
    if change.change is ChangeType.DELETED:
        return plain("removed")
    if told := _by_item(change.old, change.new):
        return told
    if change.change is ChangeType.MODIFIED:
        return strong(figures.value(change.new), as_code=isinstance(change.new, str | list | dict))
    return _value(change.new)


def _by_item(old: Value, new: Value) -> Phrase:
    """How one list differs from the other; nothing for what is told whole."""
    if isinstance(old, list) and isinstance(new, list) and not _whole(old, new):
        return _items(old, new)
    return Phrase()


def _whole(old: list[Value], new: list[Value]) -> bool:
    """Whether lists read best as they are: short ones of numbers (a range, layers), whose order speaks."""
    numeric = all(isinstance(item, int | float) for item in (*old, *new))
    short = all(len(figures.value(side)) <= _LONGEST_WHOLE for side in (old, new))
    return short and (numeric or item_changes(old, new).reordered)


def _value(value: Value) -> Phrase:
    text = figures.value(value)
    return code(text) if isinstance(value, str | list | dict) else plain(text)


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


def _stages(stages: Sequence[str]) -> Phrase:
    """The stages by name if they are few, else the foreach and matrix stages they are items of."""
    if len(stages) > _FEW_STAGES:
        stages = list(dict.fromkeys(names.family(stage) or stage for stage in stages))
    shown = joined(code(stage) for stage in stages[:_FEW_STAGES])
    return shown + (f" and {len(stages) - _FEW_STAGES:,} more" if len(stages) > _FEW_STAGES else "")


def _unread_params(changes: Sequence[ParamChange]) -> Iterator[Line]:
    for change in changes:
        if change.change is ChangeType.UNKNOWN:
            yield Line(code(change.path) + " may have changed; it cannot be read on both sides")


def _stale(stale: Sequence[Stale]) -> Iterator[Line]:
    """Params that are not what the pipeline last ran with; many of one file, and of its stages, together."""
    seen: dict[tuple[str, str, str], list[Stale]] = {}
    for item in stale:
        seen.setdefault((item.path, item.name, repr(item.locked)), []).append(item)
    groups: dict[tuple[str, tuple[str, ...]], list[Stale]] = {}
    for items in seen.values():
        groups.setdefault((items[0].path, tuple(item.stage for item in items)), []).append(items[0])
    others: dict[str, list[tuple[Stale, Phrase]]] = {}
    for (path, stages), items in groups.items():
        ran = _stages(stages) + " last ran with"
        if len(items) > _FEW_LINES:
            head = plain(f"{len(items):,} parameters in ") + code(path) + " are not what " + ran
            yield Line(head, tuple(code(item.name) + _now(item) for item in items), len(items))
        else:
            others.setdefault(path, []).extend((item, ran) for item in items)
    for path, several in others.items():
        if len(several) > _FEW_LINES:
            head = (
                plain(f"{len(several):,} parameters in ")
                + code(path)
                + " are not what their stages last ran with"
            )
            yield Line(head, tuple(_one_stale(item, Phrase(), ran) for item, ran in several), len(several))
        else:
            yield from (Line(_one_stale(item, plain(" in ") + code(path), ran)) for item, ran in several)


def _one_stale(item: Stale, place: Phrase, ran: Phrase) -> Phrase:
    if item.missing:
        return code(item.name) + " is missing" + place + ", but " + ran + " " + _value(item.locked)
    if _by_item(item.locked, item.value):
        return code(item.name) + place + " is not what " + ran + _now(item)
    return code(item.name) + " is " + _value(item.value) + place + ", but " + ran + " " + _value(item.locked)


def _now(item: Stale) -> Phrase:
    if item.missing:
        return " is missing, was " + _value(item.locked)
    if told := _by_item(item.locked, item.value):
        return ": now " + told
    return " is " + _value(item.value) + ", not " + _value(item.locked)
