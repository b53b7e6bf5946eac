"""The table of metrics, and the metrics files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dvc_changelog.domain import Change, ChangeType, MetricChange, Release, Value
from dvc_changelog.render import figures, moves, units, unread, verdicts
from dvc_changelog.render.cells import header, labels, word
from dvc_changelog.render.phrase import Phrase, code, plain, some, strong
from dvc_changelog.render.shapes import Section, Table

_FEW = 3


def told(changes: Iterable[Change]) -> frozenset[str]:
    """The metrics files of which the table shows values that hold now."""
    gone = {ChangeType.RENAMED, ChangeType.DELETED, ChangeType.UNKNOWN}
    return frozenset(c.path for c in changes if isinstance(c, MetricChange) and c.change not in gone)


def known(changes: Sequence[MetricChange]) -> list[MetricChange]:
    """The metrics that have a row of the table, in its order."""
    shown = [change for change in changes if change.change is not ChangeType.RENAMED]
    return [change for change in shown if change.name or change.change is not ChangeType.UNKNOWN]


def section(changes: Sequence[MetricChange], version: str, previous: str, release: Release) -> Section:
    """Metrics side by side, with the verdict where there is one.

    Below them files that moved with their values, limits, drift, trends, and files that cannot be read. Of
    several projects the file is named even where all are of one: "auc" may be any project's.
    """
    found = known(changes)
    limits = verdicts.of_rows(release.alerts) if previous else {}
    rows, thought = [], []
    for change, label in zip(found, labels([(c.path, c.name) for c in found]), strict=True):
        old, new = _sides(change)
        moved = units.step(change.old, change.new, change.delta, change.judged.unit) or _fate(change)
        thought.append(verdicts.cell(change, limits.get((change.path, change.name), ())))
        rows.append((label, old, _bold(new, change.change), plain(moved)) if previous else (label, new))
    title = plain("Metric")
    if release.several and len({change.path for change in found}) == 1:
        title += plain(" in ") + code(found[0].path)
    titles, numeric = header(title, version, previous)
    if previous:
        titles, numeric = (*titles, plain("Change")), (*numeric, True)
        if any(thought):
            titles, numeric = (*titles, plain("")), (*numeric, False)
            rows = [(*row, verdict) for row, verdict in zip(rows, thought, strict=True)]
    told = {change.path for change in found}
    unreadable = [c for c in changes if c.change is ChangeType.UNKNOWN and c.path not in told]
    below = (
        *moves.files(changes),
        *verdicts.lines(
            release,
            {(c.path, c.name) for c in found} if previous else (),
            full=verdicts.mixed(found, release),
        ),
        *unread.lines(unreadable, "metrics files"),
    )
    table = Table(titles, tuple(rows), numeric)
    return Section("Metrics", table, below, verdicts.folds(release.splits), note=_of_another_model(found))


def _of_another_model(found: Sequence[MetricChange]) -> Phrase:
    """That values were measured on another model than the one beside them; of which files, if not of all."""
    models = dict.fromkeys(model for change in found for model in change.other_model)
    if not models:
        return Phrase()
    files = dict.fromkeys(change.path for change in found if change.other_model)
    whose = plain("These values")
    if not all(change.other_model for change in found):
        whose = plain("Those of ") + some(map(code, files), _FEW)
    told = whose + " were measured on another " + some(map(code, models), _FEW)
    return told + " than the one that is recorded now: they tell nothing of it."


def _fate(change: MetricChange) -> str:
    """What became of a metric, where no figure says it: with its file, or by its declaration alone."""
    if change.declared:
        return "declared now" if change.change is ChangeType.ADDED else "declared no more"
    return word(change.change)


def _sides(change: MetricChange) -> tuple[Phrase, Phrase]:
    """The values on both sides; of a file that only one side can read, the other is said to be unreadable."""
    unit = change.judged.unit
    if change.change is not ChangeType.UNKNOWN:
        return _pair(change.old, change.new, unit)
    missing = plain("not readable here")
    if change.unread == "before":
        return missing, _metric(change.new, unit)
    return _metric(change.old, unit), missing


def _pair(old: Value, new: Value, unit: str) -> tuple[Phrase, Phrase]:
    match old, new:
        case (bool(), _) | (_, bool()):
            return _metric(old, unit), _metric(new, unit)
        case ((int() | float()), (int() | float())):
            before, after = units.numbers(old, new, unit)
            return plain(before), plain(after)
        case _:
            return _metric(old, unit), _metric(new, unit)


def _metric(value: Value, unit: str) -> Phrase:
    match value:
        case None:
            return plain("")
        case bool():
            return plain(str(value).lower())
        case int() | float():
            return plain(units.number(value, unit))
        case _:
            return code(figures.value(value))


def _bold(phrase: Phrase, change: ChangeType) -> Phrase:
    return strong(str(phrase)) if phrase and change is ChangeType.MODIFIED else phrase
