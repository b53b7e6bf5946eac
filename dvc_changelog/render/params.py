"""The tables of hyperparameters."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dvc_changelog.domain import ChangeType, ParamChange, Stale
from dvc_changelog.render import figures, moves, stale, unread
from dvc_changelog.render.cells import by_item, header, labels, stages, value, word
from dvc_changelog.render.phrase import Phrase, code, plain, strong
from dvc_changelog.render.shapes import Fold, Line, Section, Table

_FEW_PARAMS = 2
ChangedBy = Callable[[Sequence[str]], Phrase]
"""Names the commits of these ids."""
NOT_USED, NO_LONGER_USED = "not used", "no longer used"
"""Of params that are in their file on both sides, while a dvc.yaml asks for them on one."""
_NOT_READABLE = plain("not readable here")


def section(
    changes: Sequence[ParamChange],
    sides: tuple[str, str],
    outdated: Sequence[Stale] = (),
    seeds: Iterable[Line] = (),
    *,
    fold_after: int,
    several: bool = False,
    back: Sequence[Line] = (),
    changed_by: ChangedBy | None = None,
) -> Section:
    """Hyperparameters side by side, with the stages that use them; moved sections, stale locks, seeds below.

    Before these stands what is `back` of an earlier release.

    Of `several` projects each file is named, be it called params.yaml.
    `changed_by` names commits, where it is news which of them changed what.
    A long list of several files stands open as far as whole files go; the other files fold, each by itself.
    """
    shown = [c for c in changes if c.name and c.value_change is not ChangeType.RENAMED]
    first, *others = _by_file(shown, fold_after)
    title = plain("Parameter")
    files = {change.path for change in first}
    if len(files) == 1 and (others or several or not _is_default(first[0].path)):
        title += plain(" in ") + code(first[0].path)
    folds = (_fold(members, sides, changed_by) for members in others)
    told = {c.path for c in changes if c.change is ChangeType.UNKNOWN and c.name}
    unreadable = [c for c in changes if c.change is ChangeType.UNKNOWN and c.path not in told]
    below = (*moves.lines(changes), *unread.lines(unreadable, "params files"), *stale.lines(outdated))
    lines = (*back, *below, *seeds)
    return Section("Hyperparameters", _table(first, title, sides, changed_by), lines, tuple(folds))


def _is_default(path: str) -> bool:
    """Whether it is the file that everybody takes hyperparameters to be in."""
    return posixpath.basename(path) == "params.yaml"


def _table(
    changes: Sequence[ParamChange], title: Phrase, sides: tuple[str, str], changed_by: ChangedBy | None
) -> Table:
    version, previous = sides
    used = any(change.stages for change in changes)
    rows = []
    for change, label in zip(changes, labels([(c.path, c.name) for c in changes]), strict=True):
        old = (_old_value(change),) if previous else ()
        users = (stages(change.stages),) if used else ()
        commits = (changed_by(change.commits),) if changed_by else ()
        rows.append((label, *old, _new_value(change), *users, *commits))
    titles, numeric = header(title, version, previous)
    if used:
        titles, numeric = (*titles, plain("Used by")), (*numeric, False)
    if changed_by:
        titles, numeric = (*titles, plain("Changed by")), (*numeric, False)
    return Table(titles, tuple(rows), numeric)


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
    return all(change.value_change is not ChangeType.MODIFIED for change in changes), -len(users)


def _fold(changes: Sequence[ParamChange], sides: tuple[str, str], changed_by: ChangedBy | None) -> Fold:
    """As in "`conf/base.yaml`: 3 changed, 1 new, used by `train`": users of all stand there, in no row."""
    counts = Counter(_fate(change) or "readable on one side" for change in changes)
    told = code(changes[0].path) + ": " + ", ".join(f"{number:,} {word}" for word, number in counts.items())
    users, *different = {change.stages for change in changes}
    if users and not different:
        told += ", used by " + stages(users)
        changes = [replace(change, stages=()) for change in changes]
    return Fold(told, _table(changes, plain("Parameter"), sides, changed_by))


def _fate(change: ParamChange) -> str:
    if change.declared:
        return NO_LONGER_USED if change.change is ChangeType.DELETED else "used now"
    return word(change.value_change)


def _old_value(change: ParamChange) -> Phrase:
    if change.unread == "before":
        return _NOT_READABLE
    if change.change is ChangeType.ADDED:
        return plain(NOT_USED if change.declared else "")
    if isinstance(change.old, list) and by_item(change.old, change.new):
        return plain(figures.count(len(change.old), "item"))
    return value(change.old)


def _new_value(change: ParamChange) -> Phrase:
    if change.unread == "now":
        return _NOT_READABLE
    if change.change is ChangeType.DELETED:
        return plain(NO_LONGER_USED if change.declared else "removed")
    if told := by_item(change.old, change.new):
        return told
    if change.value_change is ChangeType.MODIFIED:
        return strong(figures.value(change.new), as_code=isinstance(change.new, str | list | dict))
    return value(change.new)
