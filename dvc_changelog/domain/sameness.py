"""When two values count as the same: decided here, once, for params, metrics and locks.

As DVC does, by Python's equality: `1`, `1.0` and `true` are one value. Unlike DVC, NaN is the same as NaN (a
metric that was NaN and still is has not changed), also inside lists.
"""

from __future__ import annotations

import math

from dvc_changelog.domain.snapshot import Value


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
