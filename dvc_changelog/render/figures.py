"""Numbers, sizes, values and dates in human units. Pure."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeGuard

from dvc_changelog.domain import Value, same

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_STEP = 1024
_LONGEST = 80
_ENOUGH_DIGITS = 17
_THOUSAND = 1000
_HUGE = 10**15
MINUS = "\N{MINUS SIGN}"
_INFINITE = {math.inf: "∞", -math.inf: f"{MINUS}∞"}


def size(count: int | None) -> str:
    """Bytes in units of 1,024 as DVC shows them ("13.8 MB"); "" if unknown."""
    if count is None:
        return ""
    value = float(count)
    for unit in _UNITS:
        # What would round up to 1,024.0 belongs to the next unit already.
        if round(abs(value), 1) < _STEP or unit == _UNITS[-1]:
            break
        value /= _STEP
    return f"{count:,} B" if unit == "B" else f"{value:,.1f} {unit}"


def sizes(old: int | None, new: int | None) -> str:
    """A size that moved: "1.9 MB → 2.4 MB", with bytes where rounding hides the step; "" if unknown."""
    if old is None or new is None:
        return size(new if old is None else old) if old != new else ""
    if old == new:
        return size(new)
    before, after = size(old), size(new)
    if before == after:
        return f"{after} ({minus(f'{new - old:+,}')} {'byte' if abs(new - old) == 1 else 'bytes'})"
    return f"{before} → {after}"


def number(value: float, digits: int = 5) -> str:
    """A number with so many significant digits (0.93121, 1,200, 1e-05), and all its whole ones."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < _HUGE else f"{Decimal(value):.{digits}g}"
    if not math.isfinite(value):
        return _INFINITE.get(value, "NaN")
    if _THOUSAND <= abs(value) < _HUGE:
        text = f"{value:,.{max(0, digits - len(str(int(abs(value)))))}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.{digits}g}"


def numbers(old: float, new: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart; alike where they are the same."""
    if type(old) is type(new) and same(old, new):
        return number(old), number(new)
    for digits in range(5, _ENOUGH_DIGITS + 1):
        pair = number(old, digits), number(new, digits)
        if pair[0] != pair[1]:
            return pair
    return repr(old), repr(new)


def distance(old: Value, new: Value, delta: float | None) -> str:
    """How far a number moved: "+0.019"; "" where there is no distance."""
    known = delta is not None and _measurable(old) and _measurable(new) and _measurable(delta)
    return signed(delta) if known and delta is not None else ""


def step(old: Value, new: Value, delta: float | None) -> str:
    """How far a number moved: "+0.019 (+2.1 %)"; "" where there is no distance."""
    if delta is None or not _measurable(old) or not _measurable(new) or not _measurable(delta):
        return ""
    moved = signed(delta)
    if old == 0 or math.inf in {abs(delta), abs(old), abs(new)}:
        return moved
    percent = _percent(old, delta)
    return f"{moved} ({percent})" if percent else moved


def share(old: Value, new: Value, delta: float | None) -> str:
    """How far a number moved in percent, "+34 %", or else as it is; "" where there is no distance."""
    if delta is None or not _measurable(old) or not _measurable(new) or not _measurable(delta):
        return ""
    finite = old != 0 and math.inf not in {abs(delta), abs(old), abs(new)}
    return (_percent(old, delta) if finite else "") or signed(delta)


def part(old: float, new: float) -> float:
    """How far a number moved as a part of the larger of the two values: what is compared between metrics."""
    largest = max(abs(old), abs(new))
    try:
        return abs(new - old) / largest if 0 < largest < math.inf else largest
    except OverflowError:  # a whole number of hundreds of digits beside a fraction
        return 1


def ratio(old: float, new: float) -> float:
    """How far a number moved as a part of the one before; infinity from nought."""
    try:
        return abs(new - old) / abs(old) if old else math.inf
    except OverflowError:
        return math.inf


def signed(delta: float) -> str:
    """A distance with its sign and three digits, or all of its whole ones."""
    if abs(delta) == math.inf:
        return "+∞" if delta > 0 else _INFINITE[-math.inf]
    if abs(delta) >= _HUGE:
        return minus(f"{Decimal(delta):+.3g}")
    if isinstance(delta, int) or abs(delta) >= _THOUSAND:
        return minus(f"{delta:+,.0f}")
    return minus(f"{delta:+.3g}")


def _percent(old: float, delta: float) -> str:
    """A distance in percent of where it began; "" below what two decimals show."""
    percent = 100 * (Decimal(delta) / abs(Decimal(old)))
    if abs(percent) < Decimal("0.005"):
        return ""
    if abs(percent) >= _HUGE:
        return minus(f"{percent:+.3g} %")
    digits = 0 if abs(percent) >= 10 else 1 if abs(percent) >= Decimal("0.1") else 2  # noqa: PLR2004
    return minus(f"{percent:+,.{digits}f} %")


def _measurable(value: Value) -> TypeGuard[int | float]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and value == value  # noqa: PLR0124  # NaN alone differs from itself; a huge int is no float


_NOT_AS_TEXT = re.compile(
    r"true|false|null|~|[-+]?(?:\.inf|\.?[0-9][0-9_]*(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?)|\.nan", re.IGNORECASE
)
"""What YAML 1.2 reads as no text where it has no quotes: the type may be all in which two sides differ."""


def value(item: Value) -> str:
    """A value of a params file on one line; long ones are shortened, and say how long they are."""
    match item:
        case None:
            text = "null"
        case bool():
            text = str(item).lower()
        case float():
            text = repr(item) if math.isfinite(item) else number(item)
        case str():
            text = f'"{item}"' if _NOT_AS_TEXT.fullmatch(item) else item
        case int():
            text = str(item) if abs(item) < _HUGE**4 else number(item, _ENOUGH_DIGITS)
        case _:
            text = json.dumps(item, ensure_ascii=False, default=str)
    return shortened(text)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text of at most `longest` characters; a longer one ends in how long it was."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 20]}… ({len(text):,} characters)"


def date(timestamp: int) -> str:
    """The day of a moment, in UTC: 2026-03-14; "" for one that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return ""


def count(amount: int, one: str, many: str = "") -> str:
    """A number of things: "1 file", "1,200 files"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def digest(text: str) -> str:
    """The first eight characters of a hash."""
    return text[:8]


def minus(text: str) -> str:
    """A number with the sign that distances have, not a hyphen."""
    return text.replace("-", MINUS, 1) if text.startswith("-") else text
