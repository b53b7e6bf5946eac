"""Lines about plots: the points that came and went, and how plots are drawn."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.domain import ChangeType, Plot, PlotChange, PlotDefinitionChange, PointChanges
from dvc_changelog.render import figures
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain
from dvc_changelog.render.shapes import Line

_FEW = 4
_VERBS = {
    ChangeType.DELETED: "removed",
    ChangeType.RENAMED: "renamed",
    ChangeType.UNKNOWN: "may have changed",
    ChangeType.MODIFIED: "changed",
}


def lines(
    changes: Sequence[PlotChange], definitions: Sequence[PlotDefinitionChange], *, first: bool = False
) -> Iterator[Line]:
    """One line a file, many of one directory in one; then the plots that are defined otherwise.

    A plot that has no name but its file's came or went with it: one line is enough.
    """
    crowds: dict[tuple[ChangeType, str], list[PlotChange]] = {}
    for change in changes:
        crowds.setdefault((change.change, posixpath.dirname(change.path)), []).append(change)
    for (fate, directory), members in crowds.items():
        if len(members) > FEW_LINES:
            yield _crowd(fate, directory, members, first=first)
        else:
            yield from (Line(_line(change, first=first)) for change in members)
    told = {(change.change, change.path) for change in changes}
    for definition in definitions:
        plot = definition.new or definition.old
        redrawn = definition.change is ChangeType.MODIFIED
        if plot and (redrawn or not plot.by_path or not _told(definition.change, plot, told)):
            yield _definition(definition)


def _told(fate: ChangeType, plot: Plot, told: Iterable[tuple[ChangeType, str]]) -> bool:
    below = tuple(f"{path}/" for path in plot.data)
    return any(was is fate and (path in plot.data or path.startswith(below)) for was, path in told)


def _crowd(fate: ChangeType, directory: str, members: Sequence[PlotChange], *, first: bool) -> Line:
    """As in "`live/plots`: 12 files changed, 144 points added"."""
    new = fate is ChangeType.ADDED
    what = figures.count(len(members), "new file" if new and not first else "file")
    what += "" if new else f" {_VERBS[fate]}"
    head = code(directory) + f": {what}" if directory else plain(what)
    known = [member.points for member in members if member.points]
    if len(known) == len(members) and not any(points.removed for points in known):
        number = figures.count(sum(points.added for points in known), "point")
        told = number if new else f"{number} added"
        head = head + (f", {told}" if any(points.added for points in known) else "")
    return Line(head, tuple(_line(member, first=first) for member in members), len(members))


def _line(change: PlotChange, *, first: bool) -> Phrase:
    file = change.new or change.old
    name = code(change.path) + _drawn(file.plots if file else ())
    points = change.points
    match change.change:
        case ChangeType.ADDED:
            parts = ("" if first else "new", figures.count(points.new, "point") if points else _size(change))
            told = ", ".join(part for part in parts if part)
            return name + (f": {told}" if told else "") + _unread(change)
        case ChangeType.DELETED:
            rest = figures.count(points.old, "point") if points else _size(change)
            return name + " removed" + (f" ({rest})" if rest else "")
        case ChangeType.RENAMED:
            return name + " renamed from " + code(change.old_path) + ", same content"
        case ChangeType.UNKNOWN:
            return name + " may have changed" + _unread(change)
        case ChangeType.MODIFIED if points:
            return name + _moved(points) + _columns(points)
        case ChangeType.MODIFIED:
            size = _size(change)
            return name + " changed" + (f" ({size})" if size else "") + _unread(change)


def _moved(points: PointChanges) -> str:
    """How points differ: a curve that grew or lost points, or one that was drawn anew."""
    old, new = points.old, points.new
    total = figures.count(new, "point")
    if points.reordered:
        return f": {total}, in another order"
    if not points.added and not points.removed:
        return f": still {total}"
    if not points.removed:
        return f": {figures.count(points.added, 'point')} added, {old:,} → {new:,}"
    if not points.added:
        return f": {figures.count(points.removed, 'point')} removed, {old:,} → {new:,}"
    if old == new == points.added > 1:
        return f": all {total} differ"
    if old == new:
        return f": {points.added:,} of {total} {'differs' if points.added == 1 else 'differ'}"
    kept = f"{new - points.added:,} of them" if new > points.added else "none"
    return f": redrawn, {old:,} → {total}, {kept} as before"


def _columns(points: PointChanges) -> Phrase:
    told = Phrase()
    if points.columns_added:
        told = told + ", now with " + _names(points.columns_added)
    if points.columns_removed:
        told = told + ", no longer with " + _names(points.columns_removed)
    return told


def _unread(change: PlotChange) -> Phrase:
    if not change.unread:
        return Phrase()
    return plain(f"; its points are not readable here ({change.unread.rstrip('.')})")


def _size(change: PlotChange) -> str:
    old = change.old.content.size if change.old else None
    new = change.new.content.size if change.new else None
    return figures.sizes(old, new)


def _drawn(plots: Sequence[str]) -> Phrase:
    """The names of the plots drawn from a file."""
    return plain(" (") + _names(plots) + ")" if plots else Phrase()


def _definition(change: PlotDefinitionChange) -> Line:
    old, new = change.old, change.new
    if not old or not new:
        plot = new or old
        assert plot is not None, "a change has at least one side"
        head = plain("Defined plot " if new else "No longer defined: plot ") + code(plot.name)
        return Line(head + (_source(plot) if new else Phrase()))
    details = tuple(_details(old, new)) or (plain("is now drawn from ") + _names(new.data),)
    head = plain("Plot ") + code(new.name)
    return Line(head + " " + details[0]) if len(details) == 1 else Line(head + " was redefined", details)


def _source(plot: Plot) -> Phrase:
    template = next((value for key, value in plot.look if key == "template"), "")
    drawn = plain(" (from ") + _names(plot.data) if not plot.by_path else Phrase()
    if not template:
        return drawn + ")" if drawn else drawn
    return (drawn + ", " if drawn else plain(" (")) + "template " + code(template) + ")"


def _details(old: Plot, new: Plot) -> Iterator[Phrase]:
    """What differs, setting by setting: `template` was `linear`, is `simple`."""
    if old.of_stage != new.of_stage:
        yield plain("is now an output of a stage" if new.of_stage else "is now defined at the top level")
    for key in dict.fromkeys(key for key, _ in (*old.look, *new.look)):
        before = [value for name, value in old.look if name == key]
        after = [value for name, value in new.look if name == key]
        if sorted(before) == sorted(after):
            continue
        if len(before) == len(after) == 1:
            yield plain("has the ") + code(key) + " " + code(after[0]) + ", not " + code(before[0])
            continue
        if came := [value for value in after if value not in before]:
            yield plain("now has the ") + code(key) + " " + _names(came)
        if went := [value for value in before if value not in after]:
            yield plain("no longer has the ") + code(key) + " " + _names(went)


def _names(given: Sequence[str]) -> Phrase:
    if len(given) > _FEW:
        return joined(code(name) for name in given[:_FEW]) + f" and {len(given) - _FEW:,} more"
    return listed(code(name) for name in given)
