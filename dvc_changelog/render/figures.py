"""Numbers, sizes, values and dates in human units. Pure."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

from dvc_changelog.domain import Value

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_STEP = 1024
_LONGEST = 80
_ENOUGH_DIGITS = 17


def size(count: int | None) -> str:
    """Bytes in units of 1,024 as DVC shows them ("13.8 MB"); "" if unknown."""
    if count is None:
        return ""
    value = float(count)
    for unit in _UNITS:
        if abs(value) < _STEP or unit == _UNITS[-1]:
            break
        value /= _STEP
    return f"{count:,} B" if unit == "B" else f"{value:,.1f} {unit}"


def sizes(old: int | None, new: int | None) -> str:
    """A size that moved: "1.9 MB → 2.4 MB", with bytes where rounding hides the step; "" if unknown."""
    if old is None or new is None:
        return size(new if old is None else old) if old != new else ""
    if old == new:
        return size(new)
    if size(old) == size(new):
        return f"{size(new)} ({new - old:+,} bytes)"
    return f"{size(old)} → {size(new)}"


def number(value: float, digits: int = 5) -> str:
    """A number with so many significant digits: 0.93121, 1,200, 1e-05."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if math.isnan(value) or math.isinf(value):
        return {"nan": "NaN", "inf": "∞", "-inf": "−∞"}[str(value)]
    text = f"{value:.{digits}g}"
    if "e" not in text and abs(value) >= 1000:  # noqa: PLR2004  # thousands get separators
        return f"{float(text):,}".removesuffix(".0")
    return text


def numbers(old: float, new: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart."""
    for digits in range(5, _ENOUGH_DIGITS + 1):
        pair = number(old, digits), number(new, digits)
        if pair[0] != pair[1]:
            return pair
    return repr(old), repr(new)


def step(old: Value, new: Value, delta: float | None) -> str:
    """How far a number moved: "+0.019 (+2.1 %)"; "" where there is no distance."""
    if delta is None or not isinstance(old, int | float) or not isinstance(new, int | float) or math.isnan(delta):
        return ""
    if isinstance(delta, int):
        moved = f"{delta:+,}"
    else:
        moved = f"{delta:+.3g}" if abs(delta) < 1000 else f"{delta:+,.0f}"  # noqa: PLR2004
    if old == 0 or math.isinf(old) or math.isinf(new):
        return moved.replace("-", "−", 1)
    percent = 100 * delta / abs(old)
    digits = 0 if abs(percent) >= 10 else 1 if abs(percent) >= 0.1 else 2  # noqa: PLR2004
    shown = f"{percent:+,.{digits}f} %"
    if abs(percent) < 0.005:  # noqa: PLR2004  # below the last digit shown
        return _minus(moved)
    return f"{_minus(moved)} ({_minus(shown)})"


def value(item: Value) -> str:
    """A value of a params file on one line; long ones are shortened, and say how long they are."""
    match item:
        case None:
            text = "null"
        case bool():
            text = str(item).lower()
        case float():
            text = repr(item) if not math.isnan(item) and not math.isinf(item) else number(item)
        case str():
            text = item
        case int():
            text = str(item)
        case _:
            text = json.dumps(item, ensure_ascii=False, default=str)
    return shortened(" ".join(text.split()) if not isinstance(item, str) else text)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text of at most `longest` characters; a longer one ends in how long it was."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 20]}… ({len(text):,} characters)"


def date(timestamp: int) -> str:
    """The day of a moment, in UTC: 2026-03-14."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")


def count(amount: int, one: str, many: str = "") -> str:
    """A number of things: "1 file", "1,200 files"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def digest(text: str) -> str:
    """The first eight characters of a hash."""
    return text[:8]


def _minus(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text
