"""Plots as JSON: what their changes have beside that of every change."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Plot, PlotChange, PointChanges


def file(change: PlotChange) -> dict[str, Any]:
    """The plots drawn from a file, and its points."""
    here = change.new or change.old
    return {
        "plots": list(here.plots) if here else [],
        "points": _points(change.points) if change.points else None,
        "unread": change.unread or None,
        **({"old_path": change.old_path} if change.old_path else {}),
    }


def definition(plot: Plot | None) -> dict[str, Any] | None:
    """What a dvc.yaml says of a plot."""
    if plot is None:
        return None
    look: dict[str, list[str]] = {}
    for key, value in plot.look:
        look.setdefault(key, []).append(value)
    return {"data": list(plot.data), "look": look}


def _points(points: PointChanges) -> dict[str, Any]:
    return {
        "old": points.old,
        "new": points.new,
        "added": points.added,
        "removed": points.removed,
        "reordered": points.reordered,
        "columns_added": list(points.columns_added),
        "columns_removed": list(points.columns_removed),
    }
