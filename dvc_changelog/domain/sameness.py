"""When two values count as the same: decided here, once, for params, metrics and locks.

As DVC does, by Python's equality: `1`, `1.0` and `true` are one value. Unlike DVC, NaN is the same as NaN (a
metric that was NaN and still is has not changed), also inside lists.
"""

from __future__ import annotations

import math

from dvc_changelog.domain.content import Value


def same(old: Value, new: Value) -> bool:
    """Whether two values of a params or metrics file are the same."""
    match old, new:
        case float(), float():
            return old == new or (math.isnan(old) and math.isnan(new))
        case list(), list():
            return len(old) == len(new) and all(same(a, b) for a, b in zip(old, new, strict=True))
        case dict(), dict():
            return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
        case _:
            return bool(old == new)


_ULPS = 2


def as_ran(locked: Value, value: Value) -> bool:
    """Whether a params file still holds what dvc.lock says of the last run.

    As `same`, but for a float in its last digit: another library wrote the lock, or another version of it
    (17 digits, or as few as will do), and nobody set the param anew.
    """
    match locked, value:
        case float(), float():
            near = abs(locked - value) <= _ULPS * math.ulp(max(abs(locked), abs(value)))
            return near or same(locked, value)
        case list(), list():
            return len(locked) == len(value) and all(as_ran(a, b) for a, b in zip(locked, value, strict=True))
        case dict(), dict():
            return locked.keys() == value.keys() and all(as_ran(a, value[key]) for key, a in locked.items())
        case _:
            return same(locked, value)
