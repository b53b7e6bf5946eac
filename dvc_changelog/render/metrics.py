"""The table of metrics, and the metrics files that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from dvc_changelog.domain import ChangeType, MetricChange, Value
from dvc_changelog.render import figures, moves, unread
from dvc_changelog.render.cells import header, labels, word
from dvc_changelog.render.phrase import Phrase, code, plain, strong
from dvc_changelog.render.shapes import Section, Table


def section(
    changes: Sequence[MetricChange], version: str, previous: str, *, several: bool = False
) -> Section:
    """Metrics side by side; files that moved with their values, and those that cannot be read, below.

    Of `several` projects the file is named even where all are of one: "auc" may be any project's.
    """
    shown = [change for change in changes if change.change is not ChangeType.RENAMED]
    known = [change for change in shown if change.name or change.change is not ChangeType.UNKNOWN]
    rows = []
    for change, label in zip(known, labels([(c.path, c.name) for c in known]), strict=True):
        old, new = _sides(change)
        moved = figures.step(change.old, change.new, change.delta) or word(change.change)
        rows.append((label, old, _bold(new, change.change), plain(moved)) if previous else (label, new))
    title = plain("Metric")
    if several and len({change.path for change in known}) == 1:
        title += plain(" in ") + code(known[0].path)
    titles, numeric = header(title, version, previous)
    if previous:
        titles, numeric = (*titles, plain("Change")), (*numeric, True)
    told = {change.path for change in known}
    unreadable = [c for c in changes if c.change is ChangeType.UNKNOWN and c.path not in told]
    below = (*moves.files(changes), *unread.lines(unreadable, "metrics files"))
    return Section("Metrics", Table(titles, tuple(rows), numeric), below)


def _sides(change: MetricChange) -> tuple[Phrase, Phrase]:
    """The values on both sides; of a file that only one side can read, the other is said to be unreadable."""
    if change.change is not ChangeType.UNKNOWN:
        return _pair(change.old, change.new)
    missing = plain("not readable here")
    return (missing, _metric(change.new)) if change.unread == "before" else (_metric(change.old), missing)


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
