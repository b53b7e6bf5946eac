"""Values of metrics with their unit, where one is known."""

from __future__ import annotations

from dvc_changelog.domain import Value
from dvc_changelog.render import figures

_BYTES = "bytes"
_NO_NUMBER = "NaN"
_MOST_BITS = 64


def number(value: float, unit: str = "") -> str:
    """A number with its unit: "41 ms"; bytes as sizes are told."""
    if unit == _BYTES and (size := _size(value)):
        return size
    return _with(figures.number(value), unit)


def numbers(old: float, new: float, unit: str = "") -> tuple[str, str]:
    """Two numbers with their unit, and as many digits as it takes to tell them apart."""
    if unit == _BYTES:
        before, after = _size(old), _size(new)
        if before and after and before != after:
            return before, after
    before, after = figures.numbers(old, new)
    return _with(before, unit), _with(after, unit)


def step(old: Value, new: Value, delta: float | None, unit: str = "") -> str:
    """How far a number moved: "+14 (+34 %)"; bytes as sizes are told."""
    told = figures.step(old, new, delta)
    if unit != _BYTES or delta is None or not (size := _size(abs(delta))):
        return told
    _, _, percent = told.partition(" ")
    return f"{'+' if delta > 0 else figures.MINUS}{size}{f' {percent}' if percent else ''}"


def _size(value: float) -> str:
    """A whole number of bytes in human units; "" for another one."""
    try:
        whole = int(value)
    except (ValueError, OverflowError):  # NaN and infinities
        return ""
    return figures.size(whole) if whole == value and whole.bit_length() < _MOST_BITS else ""


def _with(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit and text != _NO_NUMBER else text
