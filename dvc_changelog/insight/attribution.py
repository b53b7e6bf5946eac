"""How far each commit of a release moved a metric, what none of them accounts for, and swings. Pure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeGuard

from dvc_changelog.diff import delta
from dvc_changelog.domain import Gap, Rest, Step, Swing, Value, same
from dvc_changelog.insight.walk import Move, Way, moves

_NOTHING = 1e-9
"""What is left of a sum of floats that add up, as a part of what they moved."""


class Trail:
    """What became of one value along a way, newest first: its `moves`, where it began and where it ended.

    Args:
        way: where to walk.
        reading: the value at a commit, or why there is none.
        alike: whether two of them are the same.
    """

    def __init__(
        self,
        way: Way,
        reading: Callable[[str], Value | Gap],
        alike: Callable[[Value | Gap, Value | Gap], bool] = same,
    ) -> None:
        found, self.outside = moves(way.head, way.parents, reading, alike)
        first = found.pop() if found and not self.outside else None
        if first and first.new is not Gap.ABSENT:  # the first commit of all brought it
            found.append(Move(first.commit_id, Gap.ABSENT, first.new))
        self.moves: Sequence[Move[Value | Gap]] = found
        self.start = reading(self.outside) if self.outside else Gap.ABSENT
        self.end = reading(way.head)
        self.unread = tuple(
            move.commit_id for move in found if move.old is Gap.UNREAD or move.new is Gap.UNREAD
        )
        """The commits between whose states one cannot be read."""

    @property
    def commits(self) -> tuple[str, ...]:
        """The commits that surely changed it."""
        return tuple(move.commit_id for move in self.moves if move.commit_id not in self.unread)

    def steps(self) -> tuple[Step, ...]:
        """What each commit did to it, newest first, but for what cannot be read."""
        found = []
        last = self.start
        for move in reversed(self.moves):
            if move.commit_id not in self.unread:
                old, new = _value(move.old), _value(move.new)
                found.append(Step(move.commit_id, old, new, delta(old if _number(old) else last, new)))
            last = move.new if _number(move.new) else last
        return tuple(reversed(found))

    def rest(self, steps: Sequence[Step], whole: float | None, base: str) -> Rest | None:
        """What of a move the steps leave open, where they may: not along a line that was read to its end."""
        outside = self.outside if self.outside != base else ""
        if whole is None or not (self.unread or outside):
            return None
        placed = [step.delta for step in steps if step.delta is not None]
        if not all(map(_finite, (whole, *placed))):
            return None
        left = whole - sum(placed)
        if abs(left) <= _NOTHING * max(map(abs, (whole, *placed))):
            return None
        return Rest(left, self.unread, outside)

    def swing(self, path: str, name: str) -> Swing | None:
        """The swing that it made, if all of its values are known; it takes two moves, there and back."""
        if len(self.moves) < 2:  # noqa: PLR2004
            return None
        values = [self.start, *(move.new for move in reversed(self.moves))]
        known = [value for value in values if _number(value)]
        turn = turning_point(known) if len(known) == len(values) else None
        return None if turn is None else Swing(path, name, known[0], turn, known[-1], self.steps())


def turning_point(values: Sequence[float]) -> float | None:
    """The value farthest off the way from the first to the last one, where that makes a swing.

    It does where the largest move against the way is larger than the whole of it.
    """
    if len(values) < 3 or not all(map(_finite, values)):  # noqa: PLR2004  # there, back
        return None
    low, high = sorted((values[0], values[-1]))
    if min(values) >= low and max(values) <= high:  # no move within can be larger than the whole
        return None
    falls = max(top - value for top, value in zip(accumulate(values, max), values, strict=True))
    rises = max(value - bottom for bottom, value in zip(accumulate(values, min), values, strict=True))
    against = max(falls, rises) if low == high else falls if values[-1] == high else rises
    if against <= high - low:
        return None
    return max(values, key=lambda value: max(low - value, value - high))


def _value(value: Value | Gap) -> Value:
    return None if isinstance(value, Gap) else value


def _number(value: Value | Gap) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finite(value: float) -> bool:
    """Whether it can be reckoned with; a whole number can be too large for that."""
    return abs(value) <= sys.float_info.max
