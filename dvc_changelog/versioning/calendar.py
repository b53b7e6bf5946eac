"""Versions that are dates: a calendar's words (https://calver.org) filled in, and read back.

Months and days are those of the date. A week is that of ISO 8601, and the year beside it is the week's own:
so the last days of December, which may lie in week 1, do not sort before their autumn. Short years count
from 2000. MICRO counts from 0 the releases of one period.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from dvc_changelog.config.version import calendar_words

MICRO = "MICRO"

_DIGITS = {
    "YYYY": r"\d{4}",
    "YY": r"\d{1,3}",
    "0Y": r"\d{2,3}",
    "MM": r"1[0-2]|0?[1-9]",
    "0M": r"0[1-9]|1[0-2]",
    "WW": r"[1-4]\d|5[0-3]|0?[1-9]",
    "0W": r"0[1-9]|[1-4]\d|5[0-3]",
    "DD": r"[12]\d|3[01]|0?[1-9]",
    "0D": r"0[1-9]|[12]\d|3[01]",
    MICRO: r"\d+",
}


def has_micro(calendar: str) -> bool:
    """Whether the calendar tells two releases of one period apart."""
    return calendar.endswith(MICRO)


def period(calendar: str, today: date) -> tuple[int, ...]:
    """Return the numbers of the day's period, from the year down, without MICRO."""
    words = [word for word, _ in calendar_words(calendar) if word != MICRO]
    return tuple(_number(word, today, weeks=any("W" in word for word in words)) for word in words)


def filled(calendar: str, numbers: tuple[int, ...]) -> str:
    """Return the version that these numbers, one for each word, make; those that lack are 0."""
    words = calendar_words(calendar)
    numbers += (0,) * (len(words) - len(numbers))
    return "".join(
        separator + (f"{number:02}" if word.startswith("0") else str(number))
        for (word, separator), number in zip(words, numbers, strict=False)
    )


def read(calendar: str, written: str) -> tuple[int, ...] | None:
    """Return the numbers of a version, one for each word, or None where it is no date.

    Separators and zeros may differ from the calendar's, MICRO may lack, more numbers may follow: the
    releases before a team settled on this calendar tell what is out all the same.
    """
    found = _pattern(calendar).fullmatch(written)
    return tuple(int(digits or 0) for digits in found.groups()) if found else None


@cache
def _pattern(calendar: str) -> re.Pattern[str]:
    pattern = ""
    for word, separator in calendar_words(calendar):
        # Only a separator tells where a number of any length ends.
        digits = _DIGITS[word.replace("0", word[-1]) if separator and word != "0Y" else word]
        gap = "[._-]" if separator else ""
        pattern += f"(?:{gap}({digits}))?" if word == MICRO else f"{gap}({digits})"
    return re.compile(rf"{pattern}(?:[._-]\d+)*", re.ASCII)


def _number(word: str, today: date, *, weeks: bool) -> int:
    year = today.isocalendar().year if weeks else today.year
    match word[-1]:
        case "Y":
            return year if word == "YYYY" else year - 2000
        case "M":
            return today.month
        case "W":
            return today.isocalendar().week
        case _:
            return today.day
