"""Points of long lines left out so that a picture stays the same: ends and extremes are kept. Pure."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

MOST = 1_000
"""Points of a line. A picture is a few hundred dots wide."""


def thinned(
    points: Sequence[dict[str, Any]], y: str, series: Sequence[str], most: int = MOST
) -> list[dict[str, Any]]:
    """Points without those that nobody would see.

    Args:
        points: in the order in which the line goes through them.
        y: the name of the value.
        series: the names of what tells lines apart.
        most: how many points a line may have; at least 4.

    Returns:
        as many of the points, in their order: of each line the first and the last, and in between the lowest
        and the highest of every stretch. Lines whose values are no numbers stay whole.
    """
    lines: dict[Hashable, list[int]] = {}
    for at, point in enumerate(points):
        lines.setdefault(tuple(str(point.get(name)) for name in series), []).append(at)
    kept: set[int] = set()
    for line in lines.values():
        kept.update(line if len(line) <= most else _extremes(points, line, y, most))
    return [point for at, point in enumerate(points) if at in kept]


def _extremes(points: Sequence[Mapping[str, Any]], line: Sequence[int], y: str, most: int) -> Sequence[int]:
    values = {at: value for at in line if not math.isnan(value := _number(points[at].get(y)))}
    if not values:
        return line
    inner = line[1:-1]
    stretches = (most - 2) // 2
    kept = [line[0], line[-1]]
    for number in range(stretches):
        stretch = inner[number * len(inner) // stretches : (number + 1) * len(inner) // stretches]
        known = [at for at in stretch if at in values]
        if known:
            kept += {min(known, key=values.__getitem__), max(known, key=values.__getitem__)}
    return kept


def _number(value: object) -> float:
    """A value as DVC's drawing sees it: text of a table is a number where it can be."""
    try:
        return float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return math.nan
