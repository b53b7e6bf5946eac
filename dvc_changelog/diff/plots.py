"""Changes of plots: of the files they are drawn from, and of what dvc.yaml says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from dvc_changelog.diff.hidden import broken
from dvc_changelog.diff.owed import owed
from dvc_changelog.diff.renames import fates, pair_up
from dvc_changelog.domain import (
    ChangeType,
    Plot,
    PlotChange,
    PlotData,
    PlotDefinitionChange,
    PlotFile,
    PointChanges,
    Points,
    Snapshot,
    holders,
)


def plots(old: Snapshot, new: Snapshot) -> Iterator[PlotChange]:
    """The files of plots that came, went, moved or differ, by their hashes: nothing of them is read.

    What the other side may have all the same is not told as come or gone: see `_elsewhere`. Nor is what its
    stage is to write elsewhere, of which the stage tells.
    """
    if not old.plots and not new.plots:
        return
    moved = pair_up(old.plots, new.plots, key=lambda file: (file.content.algorithm, file.content.digest))
    was, is_ = _elsewhere(new, old), _elsewhere(old, new)
    owing = owed(old, new).keys()
    for fate, path, _, before, after in fates(old.plots, new.plots, moved):
        if fate is ChangeType.RENAMED:
            yield PlotChange(fate, moved[path], before, after, old_path=path)
        elif before and after:
            if not before.content.same(after.content):
                sure = before.content.differs(after.content)
                yield PlotChange(fate if sure else ChangeType.UNKNOWN, path, before, after)
        elif before and not owing.isdisjoint(holders(path)):
            continue
        elif not (was if after else is_)(path):
            yield PlotChange(fate, path, before, after)


def _elsewhere(here: Snapshot, there: Snapshot) -> Callable[[str], bool]:
    """Whether the side `there` may have a plot's file of the side `here` that is not among its files.

    It may be an output of DVC's cache, or lie in one, which is told as data; the dvc.yaml that names it may
    be unreadable; it may be a directory that was in Git, and is known by its recorded hash alone from now on.
    """
    unsure = broken(there)
    kept = {path for path, output in there.outputs.items() if output.cached}
    unread = {path for plot in here.plot_definitions.values() if plot.file in unsure for path in plot.data}
    in_git = {above for path in there.plots for above in holders(path) if above != path}

    def answer(path: str) -> bool:
        places = list(holders(path))
        told = path in there.outputs or path in in_git
        return told or not kept.isdisjoint(places) or not unread.isdisjoint(places)

    return answer


def definitions(old: Snapshot, new: Snapshot) -> Iterator[PlotDefinitionChange]:
    """Plots that dvc.yaml defines, defines no more, or otherwise; of a stage's outputs the stage tells."""
    unsure = broken(old) | broken(new)
    for fate, _, here, before, after in fates(old.plot_definitions, new.plot_definitions):
        if here.file in unsure:
            continue
        if before and after:
            if _definition(before) != _definition(after):
                yield PlotDefinitionChange(fate, here.file, here.name, before, after)
        elif not here.of_stage:
            yield PlotDefinitionChange(fate, here.file, here.name, before, after)


def with_points(
    change: PlotChange, read: Callable[[PlotFile], PlotData], metrics: Container[str] = ()
) -> PlotChange | None:
    """A change with the points that came and went; None where a file holds the same ones, written otherwise.

    Args:
        change: as `plots` gives it.
        read: gives what a plot's file holds.
        metrics: the paths of metrics files: one without points is told by its values.
    """
    if change.change is ChangeType.RENAMED:
        return change
    old, new = (read(file) if file else None for file in (change.old, change.new))
    found = replace(change, old=_sized(change.old, old), new=_sized(change.new, new))
    if unread := next((side.unread for side in (new, old) if side and side.unread), ""):
        return replace(found, unread=unread)
    if (old and old.points is None) or (new and new.points is None):
        return found
    before, after = (old and old.points) or Points(), (new and new.points) or Points()
    if not before.rows and not after.rows:
        return None if change.path in metrics else found
    points = compared(before, after)
    if old and new and not points:
        return None
    return replace(found, points=points)


def compared(old: Points, new: Points) -> PointChanges:
    """How two versions of the same points differ."""
    added = tuple(name for name in new.columns if name not in old.columns)
    removed = tuple(name for name in old.columns if name not in new.columns)
    both = [name for name in new.columns if name in old.columns]
    before, after = _cells(old, both), _cells(new, both)
    kept = (Counter(before) & Counter(after)).total() if both else 0
    one_sided = not old.rows or not new.rows
    return PointChanges(
        old=len(before),
        new=len(after),
        added=len(after) - kept,
        removed=len(before) - kept,
        reordered=kept == len(before) == len(after) and before != after,
        columns_added=() if one_sided else added,
        columns_removed=() if one_sided else removed,
    )


def _cells(points: Points, columns: list[str]) -> list[object]:
    """The rows, with these columns only."""
    if list(points.columns) == columns:
        return list(points.rows)
    places = [points.columns.index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in points.rows]


def _sized(file: PlotFile | None, data: PlotData | None) -> PlotFile | None:
    if not file or not data or data.size is None:
        return file
    return replace(file, content=replace(file.content, size=data.size))


def _definition(plot: Plot) -> tuple[object, ...]:
    """What is said of a plot, in no particular order."""
    return frozenset(plot.data), frozenset(plot.look), plot.of_stage
