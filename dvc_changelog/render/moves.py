"""Lines about values that moved: hyperparameters under another name, files of params or metrics elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, MetricChange, ParamChange
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, code, listed, plain
from dvc_changelog.render.shapes import Line

_FEW = 3


def lines(changes: Sequence[ParamChange]) -> Iterator[Line]:
    """Sections that moved, told once for all the values in them."""
    moved: dict[tuple[str, str, str, str], list[ParamChange]] = {}
    for change in changes:
        if change.change is ChangeType.RENAMED:
            old, new = _stem(change.old_name, change.name)
            moved.setdefault((change.old_path, old, change.path, new), []).append(change)
    for (old_path, old, path, new), members in moved.items():
        yield Line(_move(members, (old_path, old), (path, new)), weight=len(members))


def files(changes: Sequence[MetricChange]) -> Iterator[Line]:
    """Metrics files that moved with their values: those of one directory, wherever in it, in one line."""
    moved: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for change in changes:
        if change.change is ChangeType.RENAMED:
            pair = change.old_path, change.path
            members = moved.setdefault(_stem(*pair, "/"), {})
            members[pair] = members.get(pair, 0) + 1
    for (before, after), pairs in moved.items():
        number = sum(pairs.values())
        if len(pairs) == 1:
            [(old, new)] = pairs
            values = figures.count(number, "value")
            yield Line(code(new) + " renamed from " + code(old) + f", {values} unchanged", weight=number)
            continue
        what = f"{len(pairs):,} metrics files moved from "
        places = code(before or ".") + " to " + code(after or ".")
        told = tuple(code(new) + f": {figures.count(count, 'value')}" for (_, new), count in pairs.items())
        yield Line(plain(what) + places + ", values unchanged", told, number)


def _move(members: Sequence[ParamChange], old: tuple[str, str], new: tuple[str, str]) -> Phrase:
    """Where values went: one by its name, a section by its, a whole file's by the files."""
    only = members[0] if len(members) == 1 else None
    tail = plain(", ") + _values(members)
    elsewhere = plain(" in ") + code(new[0]) if old[0] != new[0] else Phrase()
    if only and only.old_name != only.name:
        return code(only.old_name) + " is now " + code(only.name) + elsewhere + tail
    what = code(only.name) if only else plain(figures.count(len(members), "parameter"))
    if old[1] == new[1]:
        return what + " moved from " + code(old[0]) + " to " + code(new[0]) + tail
    if old[1] and new[1]:
        count = f" ({figures.count(len(members), 'parameter')}"
        return plain("Section ") + code(old[1]) + " is now " + code(new[1]) + elsewhere + count + tail + ")"
    if new[1]:
        return what + " moved into the section " + code(new[1]) + elsewhere + tail
    return what + " moved out of the section " + code(old[1]) + elsewhere + tail


def _values(members: Sequence[ParamChange]) -> Phrase:
    """Whether values changed on the way: those that did have a row in the table."""
    changed = [member for member in members if member.value_change is ChangeType.MODIFIED]
    values = "value" if len(members) == 1 else "values"
    if len(changed) == len(members):
        return plain(f"{values} changed")
    if len(changed) > _FEW:
        return plain(f"{values} unchanged but for {len(changed):,}")
    butfor = plain(" but for ") + listed(code(member.name) for member in changed) if changed else Phrase()
    return plain(f"{values} unchanged") + butfor


def _stem(old: str, new: str, separator: str = ".") -> tuple[str, str]:
    """The differing heads of two names with a common tail: train.lr, model.lr -> train, model."""
    before, after = old.split(separator), new.split(separator)
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return separator.join(before), separator.join(after)
